"""Signs turned at random, as a pure function of their number: the same in Python and in a page.

The bits are those of Philox 4x32-10, as `mhsim.core.rng` draws them for people, here for whole arrays at a time: the
statistics know no other room. `dashboard/browser/engine/stats.js` draws the same.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
FLIPS = 2000
SEED = 20_011
PURPOSE = 0x5167
"""Second word of the key, besides the seed."""
ROUNDS = 10
HALF_WORD = np.uint64(32)
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)
WORD = 0xFFFFFFFF
BITS = 128
"""Signs that one draw of four words gives."""


def philox(counter: Words, key: tuple[int, int]) -> Words:
    """Return the four words of Philox 4x32-10 for each counter, shape (n, 4), and one key."""
    c0, c1, c2, c3 = (counter[:, k].astype(np.uint64) for k in range(4))
    k0, k1 = key
    for _ in range(ROUNDS):
        one, other = MULTIPLIERS[0] * c0, MULTIPLIERS[1] * c2
        c0, c2 = (other >> HALF_WORD) ^ c1 ^ np.uint64(k0), (one >> HALF_WORD) ^ c3 ^ np.uint64(k1)
        c1, c3 = other & np.uint64(WORD), one & np.uint64(WORD)
        k0, k1 = (k0 + WEYL[0]) & WORD, (k1 + WEYL[1]) & WORD
    return np.stack([c0, c1, c2, c3], axis=1).astype(np.uint32)


@lru_cache(maxsize=8)
def signs(pairs: int) -> NDArray[np.float64]:
    """Return signs turned at random, shape (FLIPS, pairs); the same for the same number of pairs.

    Bit k of the words of counter (turn, block, pairs, 0) turns pair 128 block + k where it is 1.
    """
    blocks = -(-pairs // BITS)
    counter = np.zeros((FLIPS * blocks, 4), np.uint32)
    counter[:, 0] = np.repeat(np.arange(FLIPS), blocks)
    counter[:, 1] = np.tile(np.arange(blocks), FLIPS)
    counter[:, 2] = pairs
    words = philox(counter, (SEED, PURPOSE))
    bits = (words[:, :, None] >> np.arange(32, dtype=np.uint32)) & np.uint32(1)
    return 1.0 - 2.0 * bits.reshape(FLIPS, blocks * BITS)[:, :pairs].astype(np.float64)

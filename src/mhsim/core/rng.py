"""Random numbers as a pure function of (seed, who, other, when, purpose): nothing is hidden, nothing depends on order.

Philox 4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter of four words and a
key of two give four words of 32 bits, each turned into a uniform number strictly between 0 and 1.
"""

from __future__ import annotations

from numbers import Integral

import numpy as np
from numpy import uint32, uint64

from mhsim.core.jit import entry, kernel, raw_kernel
from mhsim.errors import InputError

MULTIPLIER_0 = np.uint64(0xD2511F53)
MULTIPLIER_1 = np.uint64(0xCD9E8D57)
WEYL_0 = np.uint32(0x9E3779B9)
WEYL_1 = np.uint32(0xBB67AE85)
HALF_WORD = np.uint64(32)
UNIT = 2.3283064365386963e-10
STEP_BITS = 20
BLOCK_BITS = 16
LARGEST_REPLICATE = 2**31 - 1
LARGEST_STEP = 4094
KEY_COUNTER = 0xFFFFFFFF
LANES = 8
"""Bearers for whom processors draw at once, at most."""


@raw_kernel
def philox(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Return the four 32-bit words of Philox 4x32-10 for a counter of four words and a key of two."""
    for _ in range(10):
        product_0 = MULTIPLIER_0 * uint64(c0)
        product_1 = MULTIPLIER_1 * uint64(c2)
        c0 = uint32(product_1 >> HALF_WORD) ^ c1 ^ k0
        c2 = uint32(product_0 >> HALF_WORD) ^ c3 ^ k1
        c1 = uint32(product_1)
        c3 = uint32(product_0)
        k0 = uint32(k0 + WEYL_0)
        k1 = uint32(k1 + WEYL_1)
    return c0, c1, c2, c3


@kernel
def uniform(word):  # type: ignore[no-untyped-def]
    """Return the middle of the interval of [0, 1] that a 32-bit word stands for."""
    return (np.int64(word) + 0.5) * UNIT


@kernel
def draw(key, who, other, community, step, purpose, block):  # type: ignore[no-untyped-def]
    """Return four independent uniform numbers in (0, 1).

    Parameters
    ----------
    key : tuple of three uint32
        The key of the run and the number of its first community, see `run_key`.
    who, other : int
        Whom it is about and, where it concerns a pair, the other; 32 bits each.
    community, step : int
        Where and when; 12 and 20 bits.
    purpose, block : int
        What for (a number of `mhsim.random_streams`), and which block of four; 16 bits each.
    """
    where_and_when = uint32((uint32(community + key[2]) << uint32(STEP_BITS)) | uint32(step))
    what_for = uint32((uint32(purpose) << uint32(BLOCK_BITS)) | uint32(block))
    a, b, c, d = philox(uint32(who), uint32(other), where_and_when, what_for, key[0], key[1])
    return uniform(a), uniform(b), uniform(c), uniform(d)


@kernel
def draw_words(words, number, key, community, step, purpose, block):  # type: ignore[no-untyped-def]
    """Draw for many at once: the four words for the first so many bearers named in row 4 of `words`, into rows 0 to 3.

    One plain loop over bearers, which the processor runs in several lanes; the words are those of `draw`. So that none
    is left over for a lane of its own, it goes on to whole eights where there are columns: what is drawn there is
    nobody's.
    """
    number = min(words.shape[1], (number + LANES - 1) // LANES * LANES)
    where_and_when = uint32((uint32(community + key[2]) << uint32(STEP_BITS)) | uint32(step))
    what_for = uint32((uint32(purpose) << uint32(BLOCK_BITS)) | uint32(block))
    nobody = uint32(0)
    for i in range(number):
        a, b, c, d = philox(words[4, i], nobody, where_and_when, what_for, key[0], key[1])
        words[0, i] = a
        words[1, i] = b
        words[2, i] = c
        words[3, i] = d


@entry
def fill_philox(counter, key, words):  # type: ignore[no-untyped-def]
    """Fill Philox words (n, 4) for arrays of counters (n, 4) and keys (n, 2); return how many were filled."""
    for i in range(counter.shape[0]):
        a, b, c, d = philox(counter[i, 0], counter[i, 1], counter[i, 2], counter[i, 3], key[i, 0], key[i, 1])
        words[i, 0], words[i, 1], words[i, 2], words[i, 3] = a, b, c, d
    return counter.shape[0]


def philox_words(counter: np.ndarray, key: np.ndarray) -> np.ndarray:
    """Return Philox words for arrays of counters (n, 4) and keys (n, 2): for tests and for keys."""
    words = np.empty((len(counter), 4), np.uint32)
    fill_philox(counter, key, words)
    return words


def draws_for(
    key: tuple[np.uint32, np.uint32, np.uint32],
    who: np.ndarray,
    community: np.ndarray | int,
    step: int,
    purpose: int,
    *,
    other: np.ndarray | int = 0,
    block: int = 0,
) -> np.ndarray:
    """Return what `draw` gives for many at once, for rules written in Python: float64, shape (n, 4)."""
    who = np.atleast_1d(np.asarray(who, np.int64))
    counter = np.empty((len(who), 4), np.uint32)
    counter[:, 0] = who.astype(np.uint32)
    counter[:, 1] = np.asarray(other, np.int64).astype(np.uint32)
    counter[:, 2] = ((np.asarray(community, np.int64) + int(key[2])) << STEP_BITS) | step
    counter[:, 3] = (purpose << BLOCK_BITS) | block
    words = philox_words(counter, np.tile(np.array(key[:2], np.uint32), (len(who), 1)))
    return (words.astype(np.float64) + 0.5) * UNIT


def replicate_number(given: object) -> int:
    """Return the number of a replicate as Python's int.

    Raises
    ------
    InputError
        If it is no whole number from 0 to `LARGEST_REPLICATE`: other numbers would repeat the draws of these.
    """
    if isinstance(given, bool) or not isinstance(given, Integral) or not 0 <= int(given) <= LARGEST_REPLICATE:
        raise InputError(f"replicate: given {given!r}; allowed: a whole number from 0 to {LARGEST_REPLICATE}")
    return int(given)


def run_key(seed: int, replicate: int, first_community: int = 0) -> tuple[np.uint32, np.uint32, np.uint32]:
    """Return the key of one run: two words that are a function of seed and replicate alone (64 bits each).

    The third is the number of the first community of this world, for a world that is part of a larger one.
    """
    low, high = (1 << 32) - 1, 32
    counter = np.array([[replicate & low, (replicate >> high) & low, 0, KEY_COUNTER]], np.uint32)
    words = philox_words(counter, np.array([[seed & low, (seed >> high) & low]], np.uint32))
    return np.uint32(words[0, 0]), np.uint32(words[0, 1]), np.uint32(first_community)

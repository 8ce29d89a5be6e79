"""Known-answer vectors of Philox 4x32-10 (file kat_vectors of Random123), for the twin's Philox and the engine's."""

from __future__ import annotations

import numpy as np
import pytest
from twin_draws import PhiloxDraws, philox

from mhsim.core.rng import philox_words, run_key

ALL_ONES = 0xFFFFFFFF
VECTORS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (ALL_ONES, ALL_ONES, ALL_ONES, ALL_ONES),
        (ALL_ONES, ALL_ONES),
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_twin_gives_the_published_words(counter: tuple, key: tuple, words: tuple) -> None:
    """The twin's Philox is the published one."""
    assert philox(counter, key) == words


def test_engine_gives_the_published_words() -> None:
    """The engine's Philox is the published one."""
    counters = np.array([counter for counter, _, _ in VECTORS], np.uint32)
    keys = np.array([key for _, key, _ in VECTORS], np.uint32)
    assert [tuple(row) for row in philox_words(counters, keys).tolist()] == [words for _, _, words in VECTORS]


@pytest.mark.parametrize(("seed", "replicate"), [(1, 0), (2**53, 3), (12345678901, 2**40 + 7)])
def test_both_make_the_same_key_of_a_run(seed: int, replicate: int) -> None:
    """Engine and twin derive the key of a run alike."""
    assert PhiloxDraws(seed, replicate).key == tuple(int(word) for word in run_key(seed, replicate)[:2])

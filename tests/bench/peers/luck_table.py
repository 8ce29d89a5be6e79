"""The luck of a core week in columns: Philox 4x32-10 over whole arrays, and the words that the core week uses.

Written from Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", and section 6 of
docs/ODD.md.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

WEEK_OUTSIDE, PARTING, MEETING = 1, 2, 3
LOW, HALF, UNIT = np.uint64(0xFFFFFFFF), np.uint64(32), 2.0**-32
MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
WEYL = (0x9E3779B9, 0xBB67AE85)


class Luck(NamedTuple):
    """Uniform numbers of one week: a row for each person; of each member also those of the meeting."""

    shock: np.ndarray
    crisis: np.ndarray
    progress: np.ndarray
    service: np.ndarray
    attend: np.ndarray
    seat: np.ndarray
    speak: np.ndarray


def philox_columns(
    who: np.ndarray, where_and_when: np.ndarray, purpose: int, key: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return four columns of words of 32 bits (as uint64) for a column of identities; block 0, no other person."""
    a, b, c = who, np.zeros_like(who), where_and_when
    d = np.full_like(who, purpose << 16)
    key_0, key_1 = int(key[0]), int(key[1])
    for _ in range(10):
        first, second = MULTIPLIERS[0] * a, MULTIPLIERS[1] * c
        a, b = (second >> HALF) ^ b ^ np.uint64(key_0), second & LOW
        c, d = (first >> HALF) ^ d ^ np.uint64(key_1), first & LOW
        key_0, key_1 = key_0 + WEYL[0] & 0xFFFFFFFF, key_1 + WEYL[1] & 0xFFFFFFFF
    return a, b, c, d


def uniform(words: np.ndarray) -> np.ndarray:
    """Return the uniform numbers that words of 32 bits stand for."""
    return (words + 0.5) * UNIT


class LuckTable:
    """Draws the luck of any week for fixed people.

    Parameters
    ----------
    who, community : ndarray, shape (people,)
        Identity and community of each person.
    members : ndarray of int
        Places of the members among them.
    key : tuple of two int
        The key of the run.
    """

    def __init__(self, who: np.ndarray, community: np.ndarray, members: np.ndarray, key: tuple[int, int]) -> None:
        self.who, self.community = who.astype(np.uint64), community.astype(np.uint64) << np.uint64(20)
        self.members, self.key = members, key

    def draw(self, step: int) -> Luck:
        """Return the luck of one step, keyed as the engine keys it."""
        when = self.community | np.uint64(step)
        _, shock, crisis, progress = philox_columns(self.who, when, WEEK_OUTSIDE, self.key)
        _, _, service, _ = philox_columns(self.who, when, PARTING, self.key)
        attend, seat, speak, _ = philox_columns(self.who[self.members], when[self.members], MEETING, self.key)
        return Luck(*map(uniform, (shock, crisis, progress, service, attend, seat, speak)))


def own_luck(generator: np.random.Generator, people: int, members: int) -> Luck:
    """Return the luck of one week from NumPy's own generator."""
    everyone, meeting = generator.random((4, people)), generator.random((3, members))
    return Luck(*everyone, *meeting)

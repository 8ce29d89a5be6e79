"""Luck of the twin: Philox 4x32-10 in plain Python, and a stand-in that ignores the key.

Written from Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", and from section 6
of docs/ODD.md.
"""

from __future__ import annotations

import math
import random
from statistics import NormalDist
from typing import Protocol

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10
STANDARD = NormalDist()

WEEK_OUTSIDE = 1
PARTING = 2
MEETING = 3
HELPING = 4
ROLE = 5
CHOICE_OF_GROUP = 6
TRAITS = 7
ARRIVALS = 8
PLACE = 9
GROUP = 10
MOVING_ON = 11
FOUNDING = 12
START = 13
UPKEEP = 15

Four = tuple[float, float, float, float]


class Draws(Protocol):
    """A source of uniform numbers."""

    def draw(self, who: int, other: int, community: int, step: int, purpose: int, block: int) -> Four:
        """Return four uniform numbers between 0 and 1."""


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the four words of Philox 4x32-10.

    Parameters
    ----------
    counter : tuple of four int
        Words of 32 bits, lowest first.
    key : tuple of two int
        Words of 32 bits.

    Returns
    -------
    tuple of four int
        Words of 32 bits.
    """
    a, b, c, d = counter
    key_0, key_1 = key
    for _ in range(ROUNDS):
        first = MULTIPLIERS[0] * a
        second = MULTIPLIERS[1] * c
        a, b, c, d = (second >> 32) ^ b ^ key_0, second & WORD, (first >> 32) ^ d ^ key_1, first & WORD
        key_0 = (key_0 + WEYL[0]) & WORD
        key_1 = (key_1 + WEYL[1]) & WORD
    return a, b, c, d


class PhiloxDraws:
    """Draws as pure functions of seed, replicate and key, as section 6 lays down.

    Parameters
    ----------
    seed, replicate : int
        Each up to 64 bits.
    """

    def __init__(self, seed: int, replicate: int) -> None:
        words = philox((replicate & WORD, replicate >> 32, 0, WORD), (seed & WORD, seed >> 32))
        self.key = words[:2]

    def draw(self, who: int, other: int, community: int, step: int, purpose: int, block: int) -> Four:
        """Return the four uniform numbers that belong to this key."""
        a, b, c, d = philox((who, other, community << 20 | step, purpose << 16 | block), self.key)
        unit = 2.0**-32
        return (a + 0.5) * unit, (b + 0.5) * unit, (c + 0.5) * unit, (d + 0.5) * unit


class PlainDraws:
    """Draws from the generator of the standard library; the key is ignored.

    Parameters
    ----------
    seed : int
        Seed of the generator.
    """

    def __init__(self, seed: int) -> None:
        self.next = random.Random(seed).random

    def draw(self, who: int, other: int, community: int, step: int, purpose: int, block: int) -> Four:
        """Return the next four uniform numbers, whatever they are for."""
        return self.next(), self.next(), self.next(), self.next()


def normal(u: float) -> float:
    """Return the standard normal value below which a share u lies."""
    return STANDARD.inv_cdf(u)


def happens(u: float, hazard: float) -> bool:
    """Tell whether an event of this hazard happens in the step."""
    return u < 1.0 - math.exp(-hazard)


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0


def how_many(u: float, n: int, chance: float) -> int:
    """Return how many of n happen, each with this chance, by one draw: the largest k with u < chance of k or more."""
    if n == 1:
        return int(u < chance)
    if chance >= 1.0:
        return n
    exactly = 1.0
    for _ in range(n):
        exactly *= 1.0 - chance
    number, or_more = 0, 1.0 - exactly
    while number < n and u < or_more:
        number += 1
        exactly *= chance * (n - number + 1) / ((1.0 - chance) * number)
        or_more -= exactly
    return number


def clip(x: float) -> float:
    """Return x held within 0 to 1."""
    return min(1.0, max(0.0, x))


def poisson(draws: Draws, mean: float, community: int, step: int) -> int:
    """Return how many people come into need in one community in one step.

    A mean above 16 is drawn in chunks of 16 and a rest, chunk k from word k mod 4 of block k div 4.
    """
    total = 0
    chunk = 0
    words: Four = (0.0, 0.0, 0.0, 0.0)
    while mean > 0.0:
        if chunk % 4 == 0:
            words = draws.draw(0, 0, community, step, ARRIVALS, chunk // 4)
        total += poisson_by_inversion(words[chunk % 4], min(16.0, mean))
        mean -= 16.0
        chunk += 1
    return total


def poisson_by_inversion(u: float, mean: float) -> int:
    """Return the smallest number whose cumulated Poisson chance reaches u."""
    number = 0
    chance = math.exp(-mean)
    below = chance
    while u > below and number < 1000:
        number += 1
        chance *= mean / number
        below += chance
    return number

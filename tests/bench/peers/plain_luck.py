"""Three ways in which a tool of plain Python objects comes by the luck of a week.

`ready`: given beforehand, out of the timed part, which is every advantage a peer can have; `own`: the tool's own
random numbers, as its users would draw them; `keyed`: the very words of the engine, by Philox in plain Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from twin_draws import philox

from bench.peers.common_start import FIRST_STEP, Start, members_of
from bench.peers.luck_table import MEETING, PARTING, UNIT, WEEK_OUTSIDE, LuckTable

WAYS = ("ready", "own", "keyed")


class PlainLuck:
    """The luck of the people of a start, person by person.

    Parameters
    ----------
    start : Start
        Who there is.
    way : {"ready", "own", "keyed"}
        See above.
    generator : random.Random
        The tool's own generator.
    """

    def __init__(self, start: Start, way: str, generator: Random) -> None:
        if way not in WAYS:
            raise ValueError(f"luck {way!r}; allowed are {', '.join(WAYS)}")
        self.way, self.uniform = way, generator.random
        self.key = (int(start.key[0]), int(start.key[1]))
        self.members = members_of(start.people)
        self.table = LuckTable(start.people["who"], start.people["community"], self.members, self.key)

    def prepare(self, people: Sequence[Any], week: int) -> None:
        """Do what is not timed: hand out luck that is given beforehand."""
        if self.way != "ready":
            return
        luck = self.table.draw(FIRST_STEP + week)
        for person, words in zip(people, zip(*(column.tolist() for column in luck[:4]), strict=True), strict=True):
            person.luck = words
        for place, words in zip(self.members, zip(*(column.tolist() for column in luck[4:]), strict=True), strict=True):
            people[place].luck = people[place].luck + words

    def deal(self, people: Sequence[Any], now: int) -> None:
        """Do what is timed: draw the luck of the week for everybody."""
        if self.way == "own":
            u = self.uniform
            for person in people:
                if person.group < 0:
                    person.luck = (u(), u(), u(), u())
                else:
                    person.luck = (u(), u(), u(), u(), u(), u(), u())
        elif self.way == "keyed":
            for person in people:
                person.luck = self.keyed(person, now)

    def keyed(self, person: Any, now: int) -> tuple[float, ...]:
        """Return the words of the week of one person as the engine draws them."""
        place = person.community << 20 | now
        _, shock, crisis, progress = philox((person.who, 0, place, WEEK_OUTSIDE << 16), self.key)
        _, _, service, _ = philox((person.who, 0, place, PARTING << 16), self.key)
        words: tuple[int, ...] = (shock, crisis, progress, service)
        if person.group >= 0:
            words += philox((person.who, 0, place, MEETING << 16), self.key)[:3]
        return tuple([(word + 0.5) * UNIT for word in words])

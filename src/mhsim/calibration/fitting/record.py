"""What a group's own record says, without a name: spells of members or of helpers, or counts by the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from mhsim.errors import InputError


class Spell(NamedTuple):
    """From when until when somebody was a member, or had a role: from `begin` on, no longer on the day `end`."""

    begin: date
    end: date | None


class WeekCount(NamedTuple):
    """How many were there in the week of a day, and how many of them for the first time, where that was noted."""

    day: date
    present: int
    newcomers: int | None


@dataclass(frozen=True)
class Record:
    """One file of a group's record: what kind it is and what it says, without a name.

    Attributes
    ----------
    kind : {"members", "attendance", "roles"}
        What the file is about.
    spells : tuple of Spell
        Of members, or of helpers.
    counts : tuple of WeekCount
        Of attendance, by week.
    notes : tuple of str
        What was left aside, in words.
    """

    kind: str
    spells: tuple[Spell, ...] = ()
    counts: tuple[WeekCount, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def earliest(self) -> date:
        """The first day it names."""
        return min([spell.begin for spell in self.spells] + [count.day for count in self.counts])

    @property
    def first(self) -> date:
        """The first day from which it is taken to be complete: a list of members says nothing of who left before.

        That is the day of the first leaving it notes. Where it notes none, it cannot be told.
        """
        if self.kind != "members":
            return self.earliest
        ends = [spell.end for spell in self.spells if spell.end is not None]
        if not ends:
            raise InputError("nobody leaves in the list of members; say with --from from which day on it is complete")
        return min(ends)

    @property
    def end(self) -> date:
        """The day after the last one it speaks of; for attendance the end of the last week."""
        days = [spell.end or spell.begin for spell in self.spells]
        days += [count.day + timedelta(6) for count in self.counts]
        return max(days) + timedelta(1)

"""Where two recordings under the same luck part: the first week, who it is, and in what, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mhsim.dashboard.pseudonyms import invented
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recorder import SEEN
from mhsim.dashboard.replay.recording import Recording
from mhsim.schema import ROLES, STAGES

FOREMOST = ("group", "role", "stage", "in_crisis", "meetings", "hope", "self_efficacy", "distress", "strain")
"""Columns in the order in which they are told."""
EVENTFUL = 5
"""So many of these are things that happen; the rest are degrees."""
DEGREES = {"self_efficacy": "self-efficacy"}


@dataclass(frozen=True)
class Parting:
    """The first week in which anybody's life differs.

    Attributes
    ----------
    week : float
        Weeks since the groups opened.
    person : str
        The first person who differs, in order of arrival; of those to whom something happens, if there are any.
    group : int or None
        The group that person belonged to then, in either.
    words : str
        What differs, as one sentence.
    people : int
        How many lives differ by the end of that week.
    """

    week: float
    person: str
    group: int | None
    words: str
    people: int


def parting(a: Recording, b: Recording, names: tuple[str, str] = ("A", "B")) -> Parting | None:
    """Return where two recordings part, None if they never do.

    Only the first community and the columns of `watching.SEEN` are compared, exactly.
    """
    step = _first_difference(a, b)
    if step is None:
        return None
    found = _at(a, b, step)
    keys = sorted(found, key=lambda who: (found[who][0], who))
    one, other = (_row(recording, step, keys[0]) for recording in (a, b))
    week = max(0, step - 1) * a.scenario.weeks_per_step
    words = _words(one, other, names, several=max(len(a.groups), len(b.groups)) > 1)
    group = next((int(row["group"]) for row in (one, other) if row is not None and row["group"] >= 0), None)
    person = _name(a, b, keys[0])
    called = called_in_both(a, b)[person]
    return Parting(week, person, group, f"Week {week:g}: {called} {words}.", len(keys))


def called_in_both(a: Recording, b: Recording) -> dict[str, str]:
    """Return invented names under which people go in both recordings, whoever else is there in one of them only."""
    return invented({*a.names, *b.names})


def pair(a: Recording, b: Recording) -> list[dict[str, Any]]:
    """Return two recordings for the browser, labelled A and B, the same people with the same invented names."""
    called = called_in_both(a, b)
    return [payload_of(a, "A", called), payload_of(b, "B", called)]


def _first_difference(a: Recording, b: Recording) -> int | None:
    """Return the first step at whose start anything differs."""
    length = min(len(a.weeks.step), len(b.weeks.step))
    unequal = a.weeks.step[:length] != b.weeks.step[:length]
    for name in SEEN.names or ():
        unequal |= a.weeks.people[name][:length] != b.weeks.people[name][:length]
    places = np.flatnonzero(unequal)
    if len(places):
        return int(min(a.weeks.step[places[0]], b.weeks.step[places[0]]))
    if len(a.weeks.step) == len(b.weeks.step):
        return None
    longer = a if len(a.weeks.step) > len(b.weeks.step) else b
    return int(longer.weeks.step[length])


def _at(a: Recording, b: Recording, step: int) -> dict[int, tuple[int, ...]]:
    """Return who differs at the start of a step, with the rank of what is to be told of them."""
    rows = [recording.weeks.people[recording.weeks.step == step] for recording in (a, b)]
    by_who = [dict(zip(table["who"].tolist(), table, strict=True)) for table in rows]
    found: dict[int, tuple[int, ...]] = {}
    for who in by_who[0].keys() | by_who[1].keys():
        one, other = by_who[0].get(who), by_who[1].get(who)
        if one is None or other is None:
            found[who] = (0,)
            continue
        differing = [rank for rank, name in enumerate(FOREMOST) if one[name] != other[name]]
        if differing:
            found[who] = (min(differing[0], EVENTFUL),)
    return found


def _row(recording: Recording, step: int, who: int) -> Any:
    rows = recording.weeks.people[recording.weeks.step == step]
    mine = rows[rows["who"] == who]
    return mine[0] if len(mine) else None


def _name(a: Recording, b: Recording, who: int) -> str:
    source = a if who in a.weeks.who else b
    return source.names[int(np.searchsorted(source.weeks.who, np.uint32(who)))]


def _words(one: Any, other: Any, names: tuple[str, str], *, several: bool) -> str:
    """Return what differs first between a person's two rows."""
    first, second = names
    if one is None or other is None:
        here, gone = (first, second) if other is None else (second, first)
        return f"is there in {here} and no longer in {gone}"
    name = next(name for name in FOREMOST if one[name] != other[name])
    if name == "group":
        return _of_groups(int(one["group"]), int(other["group"]), names, several)
    if name == "role":
        return f"is {_role(one, other)} in {first} and {_role(other, one)} in {second}"
    if name == "stage":
        return f"is in {STAGES[one['stage']]} in {first} and in {STAGES[other['stage']]} in {second}"
    if name in ("in_crisis", "meetings"):
        yes, no = (first, second) if one[name] > other[name] else (second, first)
        return f"{'had a crisis' if name == 'in_crisis' else 'came to the meeting'} in {yes} and not in {no}"
    more, less = (first, second) if one[name] > other[name] else (second, first)
    return f"has a little more {DEGREES.get(name, name)} in {more} than in {less}"


def _role(row: Any, against: Any) -> str:
    name = ROLES[row["role"]]
    words = {"none": "without a role", "organiser": "an organiser"}.get(name, f"a {name}")
    return "an ordinary member" if name == "member" and against["role"] > row["role"] else words


def _of_groups(one: int, other: int, names: tuple[str, str], several: bool) -> str:
    first, second = names
    if one >= 0 and other >= 0:
        return f"is in group {one} in {first} and in group {other} in {second}"
    here, gone = (first, second) if one >= 0 else (second, first)
    where = f"group {max(one, other)}" if several else "the group"
    return f"is in {where} in {here} and in no group in {gone}"

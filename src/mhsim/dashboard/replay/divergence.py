"""Where two recordings of the same replicate part: the first week, who it is, and in what, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mhsim.dashboard.pseudonyms import group_name, invented
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recorder import SEEN
from mhsim.dashboard.replay.recording import Recording
from mhsim.schema import ROLES, STAGES

FOREMOST = ("group", "role", "stage", "in_crisis", "meetings", "hope", "self_efficacy", "distress", "strain")
"""Columns in the order in which they are told."""
EVENTS = 5
"""So many of these are things that happen; the rest are degrees."""


@dataclass(frozen=True)
class Divergence:
    """The first week in which anybody's life differs.

    Attributes
    ----------
    week : float
        Weeks since the groups opened.
    person : str
        The first person who differs, in order of arrival; of those to whom something happens, if there are any.
    words : str
        What differs, as one sentence.
    """

    week: float
    person: str
    words: str


def divergence_of(a: Recording, b: Recording, names: tuple[str, str] = ("A", "B")) -> Divergence | None:
    """Return where two recordings part, None if they never do.

    Only the first community and the columns of `recorder.SEEN` are compared, exactly.
    """
    step = _first_difference(a, b)
    if step is None:
        return None
    differing = _differing(a, b, step)
    who = min(differing, key=lambda one: (differing[one], one))
    one, other = (_row(recording, step, who) for recording in (a, b))
    week = max(0, step - 1) * a.scenario.weeks_per_step
    source = a if who in a.weeks.who else b
    person = source.names[int(np.searchsorted(source.weeks.who, np.uint32(who)))]
    words = _words(one, other, names, several=max(len(a.groups), len(b.groups)) > 1)
    return Divergence(week, person, f"Week {week:g}: {names_in_both(a, b)[person]} {words}.")


def names_in_both(a: Recording, b: Recording) -> dict[str, str]:
    """Return the invented names of people in both recordings, whoever else is there in one of them only."""
    return invented({*a.names, *b.names})


def payloads_of_pair(a: Recording, b: Recording) -> list[dict[str, Any]]:
    """Return two recordings for the browser, labelled A and B, the same people with the same invented names."""
    names = names_in_both(a, b)
    return [payload_of(a, "A", names), payload_of(b, "B", names)]


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


def _differing(a: Recording, b: Recording, step: int) -> dict[int, int]:
    """Return who differs at the start of a step, with the rank of what is to be told of them."""
    rows = [recording.weeks.people[recording.weeks.step == step] for recording in (a, b)]
    by_who = [dict(zip(table["who"].tolist(), table, strict=True)) for table in rows]
    ranks: dict[int, int] = {}
    for who in by_who[0].keys() | by_who[1].keys():
        one, other = by_who[0].get(who), by_who[1].get(who)
        if one is None or other is None:
            ranks[who] = 0
            continue
        columns = [rank for rank, name in enumerate(FOREMOST) if one[name] != other[name]]
        if columns:
            ranks[who] = min(columns[0], EVENTS)
    return ranks


def _row(recording: Recording, step: int, who: int) -> Any:
    rows = recording.weeks.people[recording.weeks.step == step]
    mine = rows[rows["who"] == who]
    return mine[0] if len(mine) else None


def _words(one: Any, other: Any, names: tuple[str, str], *, several: bool) -> str:
    """Return what differs first between a person's two rows."""
    first, second = names
    if one is None or other is None:
        here, gone = (first, second) if other is None else (second, first)
        return f"is there in {here} and no longer in {gone}"
    name = next(name for name in FOREMOST if one[name] != other[name])
    more, less = (first, second) if one[name] > other[name] else (second, first)
    if name == "group":
        return _of_groups(int(one["group"]), int(other["group"]), names, several)
    if name == "role":
        return f"is {_role(one, other)} in {first} and {_role(other, one)} in {second}"
    if name == "stage":
        return f"is in {STAGES[one['stage']]} in {first} and in {STAGES[other['stage']]} in {second}"
    if name in ("in_crisis", "meetings"):
        return f"{'had a crisis' if name == 'in_crisis' else 'came to the meeting'} in {more} and not in {less}"
    return f"has a little more {name.replace('_', '-')} in {more} than in {less}"


def _role(row: Any, against: Any) -> str:
    name = ROLES[row["role"]]
    if name == "member" and against["role"] > row["role"]:
        return "an ordinary member"
    named = {"none": "without a role", "organiser": "an organiser", "apprentice": "learning to help"}
    return named.get(name, f"a {name}")


def _of_groups(one: int, other: int, names: tuple[str, str], several: bool) -> str:
    first, second = names
    if one >= 0 and other >= 0:
        return f"is in {group_name(one)} in {first} and in {group_name(other)} in {second}"
    here, gone = (first, second) if one >= 0 else (second, first)
    where = group_name(max(one, other)) if several else "the group"
    return f"is in {where} in {here} and in no group in {gone}"

"""Where two recordings of the same replicate part, as a comparison finds it, in plain words and with invented names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mhsim.dashboard.pseudonyms import group_name, invented
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recorder import COMMUNITY
from mhsim.dashboard.replay.recording import Recording
from mhsim.schema import ROLES, STAGES
from mhsim.studies.compare.divergence import Snapshot, compare_histories, named

TOLD = (
    *("group", "role", "stage", "in_crisis", "attended", "hope", "self_efficacy", "distress", "strain"),
    *("shame", "coping", "belonging", "trust", "isolation"),
)
"""Columns that have words here, in the order in which they are told."""


@dataclass(frozen=True)
class Divergence:
    """The first week in which anybody's life differs.

    Attributes
    ----------
    week : float
        Weeks since the groups opened; negative before.
    person : str
        The first person who differs, in order of arrival.
    words : str
        What differs, as one sentence.
    """

    week: float
    person: str
    words: str


def divergence_of(a: Recording, b: Recording, names: tuple[str, str] = ("A", "B")) -> Divergence | None:
    """Return where two recordings part, None if they never do: `mhsim.studies.compare.divergence` says what counts."""
    found = compare_histories(a.scenario, b.scenario, 0, looking=False)
    if found.week is None or found.moment is None:
        return None
    key = found.moment.first_key
    person = named(key)
    stranger = "Somebody" if person.startswith(f"{COMMUNITY}-") else "Somebody in another community"
    called = names_in_both(a, b).get(person, stranger)
    words = _words(found.moment, key, names, several=max(len(a.groups), len(b.groups)) > 1)
    when = f"Week {found.week:g}" if found.week >= 0 else "Before the groups opened"
    return Divergence(found.week, person, f"{when}: {called} {words}.")


def names_in_both(a: Recording, b: Recording) -> dict[str, str]:
    """Return the invented names of people in both recordings, whoever else is there in one of them only."""
    return invented({*a.names, *b.names})


def payloads_of_pair(a: Recording, b: Recording) -> list[dict[str, Any]]:
    """Return two recordings for the browser, labelled A and B, the same people with the same invented names."""
    names = names_in_both(a, b)
    return [payload_of(a, "A", names), payload_of(b, "B", names)]


def _words(look: Snapshot, key: int, names: tuple[str, str], *, several: bool) -> str:
    """Return what differs first between a person's two rows."""
    first, second = names
    rows = look.rows_of(key)
    if rows is None:
        here, gone = (first, second) if key in look.alone_in_first else (second, first)
        return f"is there in {here} and not in {gone}"
    one, other = rows
    differing = look.columns_of(key)
    name = next((name for name in TOLD if name in differing), "")
    if not name:
        return f"is not quite the same in {first} and in {second}"
    more, less = (first, second) if one[name] > other[name] else (second, first)
    if name == "group":
        return _of_groups(int(one["group"]), int(other["group"]), names, several)
    if name == "role":
        return f"is {_role(one, other)} in {first} and {_role(other, one)} in {second}"
    if name == "stage":
        return f"is in {STAGES[one['stage']]} in {first} and in {STAGES[other['stage']]} in {second}"
    if name in ("in_crisis", "attended"):
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
    if one == other:
        return f"is in a group of another history in {first} than in {second}"
    if one >= 0 and other >= 0:
        return f"is in {group_name(one)} in {first} and in {group_name(other)} in {second}"
    here, gone = (first, second) if one >= 0 else (second, first)
    where = group_name(max(one, other)) if several else "the group"
    return f"is in {where} in {here} and in no group in {gone}"

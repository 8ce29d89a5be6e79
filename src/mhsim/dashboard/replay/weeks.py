"""The weeks of the groups: one row for every member of every week, as it was at the end of that week's meeting.

A member of a week is who was in a group when it began; hope, stage and the rest are those at its end, before anybody
left, and the role is the one held in that week, so that somebody who becomes a helper in a week is one from the next.
So the rows of a week agree with the weekly series of the run, and who leaves is there for a last time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mhsim.dashboard.replay.recorder import COMMUNITY, SEEN, Snapshots
from mhsim.engine.events import HELPED_BY, LEFT
from mhsim.schema import HELPER, ORDINARY

if TYPE_CHECKING:
    from mhsim.engine.world import World

VALUES = ("hope", "self_efficacy", "distress", "strain", "stage", "in_crisis")
MEMBER_WEEK = np.dtype(
    [
        *(("step", "i4"), ("person", "i4"), ("group", "i4"), ("hope", "f4"), ("self_efficacy", "f4")),
        *(("distress", "f4"), ("strain", "f4"), ("stage", "u1"), ("role", "u1"), ("in_crisis", "u1")),
        *(("attended", "u1"), ("leaving", "u1")),
    ]
)
"""A member in one week; `person` is a place in the list of people, `leaving` the reason for leaving at its end."""


@dataclass(frozen=True)
class Weeks:
    """Everybody of a community in every week, by step and person.

    Attributes
    ----------
    who : array of uint32
        Identities of all people there ever were, in order; a person is a place in this list.
    step, person : arrays of int32
        For every row of `people`.
    people : array of SEEN
        Everybody at the start of each step, members or not.
    members : array of MEMBER_WEEK
        The members of each step, and those at the end of the last.
    helped : array of int32, shape (n, 3)
        Step, who helped, and who was helped.
    """

    who: np.ndarray
    step: np.ndarray
    person: np.ndarray
    people: np.ndarray
    members: np.ndarray
    helped: np.ndarray


def weeks_of(seen: Snapshots, world: World, opening: int, acts: frozenset[int] = frozenset()) -> Weeks:
    """Return the weeks of a history that has come to its end; `acts` are the steps that begin with an act."""
    ended = world.lives[: world.meter["lives"][0]]
    ended = ended[ended["community"] == COMMUNITY]
    who = np.unique(np.concatenate([ended["who"], seen.people["who"]]))
    person = np.searchsorted(who, seen.people["who"]).astype(np.int32)
    order = np.lexsort((person, seen.step))
    step, person, people = seen.step[order], person[order], seen.people[order]
    log = world.events[: world.meter["events"][0]]
    log = log[log["community"] == COMMUNITY]
    helping = log[(log["kind"] == HELPED_BY) & (log["step"] >= opening)]
    helped = np.stack(
        [helping["step"] - opening, *(np.searchsorted(who, helping[name]) for name in ("other", "who"))], axis=1
    ).astype(np.int32)
    members = _members(who, step, person, people, ended, acts)
    _give_reasons(members, log[log["kind"] == LEFT], who, opening)
    return Weeks(who, step, person, people, members, helped)


def _members(
    who: np.ndarray,
    step: np.ndarray,
    person: np.ndarray,
    people: np.ndarray,
    ended: np.ndarray,
    acts: frozenset[int],
) -> np.ndarray:
    """Return the members of each step with their values at its end."""
    inside = np.flatnonzero(people["group"] >= 0)
    now, last = people[inside], int(step[-1]) if len(step) else 0
    found = np.zeros(len(inside), MEMBER_WEEK)
    found["step"], found["person"], found["group"] = step[inside], person[inside], now["group"]
    keys = step.astype(np.int64) * len(who) + person
    wanted = keys[inside] + len(who)
    place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    goes_on = keys[place] == wanted
    after = people[place]
    gone = np.flatnonzero(~goes_on & (found["step"] < last))
    after[gone] = _at_the_end(ended, now["who"][gone])
    final = found["step"] == last
    after[final] = now[final]
    for name in VALUES:
        found[name] = after[name]
    lost = np.isin(found["step"], list(acts)) & (now["role"] == HELPER) & (after["role"] == ORDINARY)
    found["role"] = np.where(lost, ORDINARY, now["role"])
    found["attended"] = np.where(final, now["attended"], after["meetings"] > now["meetings"])
    return found


def _at_the_end(ended: np.ndarray, who: np.ndarray) -> np.ndarray:
    """Return people who are no longer in the world as they were when last seen."""
    order = np.argsort(ended["who"], kind="stable")
    rows = ended[order[np.searchsorted(ended["who"][order], who)]]
    found = np.empty(len(rows), SEEN)
    for name in SEEN.names or ():
        found[name] = rows[name]
    found["group"] = -1
    return found


def _give_reasons(members: np.ndarray, left: np.ndarray, who: np.ndarray, opening: int) -> None:
    """Write down why members left at the end of a step."""
    left = left[left["step"] >= opening]
    keys = members["step"].astype(np.int64) * len(who) + members["person"]
    wanted = (left["step"] - opening).astype(np.int64) * len(who) + np.searchsorted(who, left["who"])
    place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    hit = keys[place] == wanted if len(keys) else np.zeros(0, bool)
    members["leaving"][place[hit]] = left["value"][hit]

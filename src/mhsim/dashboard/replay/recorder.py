"""Snapshots of a history at the start of every week: who is there, in which group, in what state, with what ties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mhsim.engine import Simulation
from mhsim.schema import HELP_TIE

COMMUNITY = 0
"""The community that is drawn: the first."""
SEEN = np.dtype(
    [
        *(
            ("who", "u4"),
            ("group", "i4"),
            ("hope", "f4"),
            ("self_efficacy", "f4"),
            ("distress", "f4"),
            ("strain", "f4"),
        ),
        *(("meetings", "u2"), ("stage", "u1"), ("role", "u1"), ("in_crisis", "u1"), ("attended", "u1")),
    ]
)
"""Columns of a person that are kept for every week, by their names in `mhsim.schema`."""
TIE = np.dtype([("step", "i4"), ("who", "u4"), ("other", "u4"), ("kind", "u1"), ("strong", "u1")])
OPEN = np.dtype([("step", "i4"), ("group", "i4"), ("requests", "i4"), ("requests_unmet", "i4")])
SPAN = np.dtype([("one", "i4"), ("other", "i4"), ("kind", "u1"), ("strong", "u1"), ("first", "i4"), ("last", "i4")])
"""A tie as a span of time: two people, kind, whether strong, first and last step (both included)."""

WEEKS_BETWEEN_TIES = 4
"""Ties are looked at every so many weeks; shorter ones are too short-lived to draw."""
STRONG = 0.5
"""From this strength on a tie is drawn as a strong one."""


@dataclass(frozen=True)
class Snapshots:
    """All snapshots of one community, one after the other.

    Attributes
    ----------
    step : array of int32
        Steps since the opening, for every row of `people`.
    people : array of SEEN
        The people of the community at the start of that step.
    ties : array of TIE
        Ties between members of groups beyond acquaintance, looked at every few weeks.
    groups : array of OPEN
        What was asked for in every group, step by step; closed groups keep their last row's numbers.
    """

    step: np.ndarray
    people: np.ndarray
    ties: np.ndarray
    groups: np.ndarray


class Recorder:
    """Takes a snapshot of a history at the start of every step; `snapshots` puts them together."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._people: list[np.ndarray] = []
        self._ties: list[np.ndarray] = []
        self._groups: list[np.ndarray] = []
        self._between = max(1, round(WEEKS_BETWEEN_TIES / simulation.assumed.weeks_per_step))

    def take(self) -> None:
        """Take one snapshot; the first is at the opening."""
        step = len(self._people)
        world = self.simulation.world
        rows, inside = self._rows()
        table = world.people
        seen = np.empty(len(rows), SEEN)
        for name in SEEN.names or ():
            seen[name] = table[name][rows]
        self._people.append(seen)
        if step % self._between == 0 and inside < len(rows):
            self._ties.append(self._ties_of(rows[inside:], step))
        if step:
            self._groups.append(self._asked(step - 1))

    def snapshots(self) -> Snapshots:
        """Return all snapshots so far."""
        counts = [len(rows) for rows in self._people]
        return Snapshots(
            np.repeat(np.arange(len(counts), dtype=np.int32), counts),
            np.concatenate(self._people),
            np.concatenate(self._ties) if self._ties else np.empty(0, TIE),
            np.concatenate(self._groups) if self._groups else np.empty(0, OPEN),
        )

    def _rows(self) -> tuple[np.ndarray, int]:
        """Return the rows of the community's people, those in no group first, and how many these are."""
        world = self.simulation.world
        communities, number = len(world.communities), int(world.meter["groups"][0])
        blocks = world.blocks[: communities + number]
        if communities > 1:
            mine = communities + np.flatnonzero(world.groups["community"][:number] == COMMUNITY)
            blocks = blocks[np.concatenate([[COMMUNITY], mine])]
        counts = blocks["count"]
        start = np.repeat(blocks["start"] - (np.cumsum(counts) - counts), counts)
        return start + np.arange(len(start)), int(counts[0])

    def _ties_of(self, rows: np.ndarray, step: int) -> np.ndarray:
        """Return the ties of these members with others who are in a group too."""
        world = self.simulation.world
        ties: Any = world.ties[world.people["slot"][rows]]
        alive = (ties["kind"] >= HELP_TIE) & (ties["generation"] == world.handles["generation"][ties["other"]])
        mine, _ = np.nonzero(alive)
        ties = ties[alive]
        others = world.handles["row"][ties["other"]]
        met = world.people["group"][others] >= 0
        found = np.empty(int(met.sum()), TIE)
        found["step"] = step
        found["who"] = world.people["who"][rows][mine][met]
        found["other"] = world.people["who"][others][met]
        found["kind"] = ties["kind"][met]
        found["strong"] = ties["strength"][met] >= STRONG
        return found

    def _asked(self, step: int) -> np.ndarray:
        """Return what was asked for in the groups in the step that has just passed."""
        world = self.simulation.world
        groups = world.groups[: int(world.meter["groups"][0])]
        numbers = np.flatnonzero((groups["community"] == COMMUNITY) & (groups["attended"] + groups["requests"] > 0))
        found = np.empty(len(numbers), OPEN)
        found["step"] = step
        found["group"] = numbers
        for name in ("requests", "requests_unmet"):
            found[name] = groups[name][numbers]
        return found


def spans_of(ties: np.ndarray, who: np.ndarray, every: int, last: int) -> np.ndarray:
    """Return the spans of ties that were seen at looks `every` steps apart, by first step.

    Parameters
    ----------
    ties : array of TIE
        Ties as seen, from both sides.
    who : array of uint32
        Identities of all people, in order.
    every : int
        Steps between two looks; a tie lasts to the step before the look at which it is no longer seen.
    last : int
        The last step of the record.

    Returns
    -------
    array of SPAN
        Each pair once, the person who comes first in the list of people as `one`.
    """
    if not len(ties):
        return np.empty(0, SPAN)
    mine, theirs = (np.searchsorted(who, ties[name]).astype(np.int64) for name in ("who", "other"))
    one, other = np.minimum(mine, theirs), np.maximum(mine, theirs)
    pair, kind, strong, look = _once(one * len(who) + other, ties["kind"], ties["strong"], ties["step"] // every)
    new = np.ones(len(pair), bool)
    same = (pair[1:] == pair[:-1]) & (kind[1:] == kind[:-1]) & (strong[1:] == strong[:-1])
    new[1:] = ~(same & (look[1:] == look[:-1] + 1))
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(pair)) - 1
    spans = np.empty(len(begins), SPAN)
    spans["one"], spans["other"] = np.divmod(pair[begins], len(who))
    spans["kind"], spans["strong"] = kind[begins], strong[begins]
    spans["first"] = look[begins] * every
    spans["last"] = np.minimum(last, (look[ends] + 1) * every - 1)
    return spans[np.argsort(spans["first"], kind="stable")]


def _once(
    pair: np.ndarray, kind: np.ndarray, strong: np.ndarray, look: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return each pair once a look, with the closest kind and the greater strength of its two sides."""
    order = np.lexsort((kind, look, pair))
    pair, kind, strong, look = pair[order], kind[order], strong[order], look[order]
    last = np.ones(len(pair), bool)
    last[:-1] = (pair[1:] != pair[:-1]) | (look[1:] != look[:-1])
    begins = np.flatnonzero(np.append(True, last[:-1])) if len(pair) else np.empty(0, np.int64)
    return pair[last], kind[last], np.maximum.reduceat(strong, begins), look[last]

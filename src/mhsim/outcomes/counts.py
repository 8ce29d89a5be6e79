"""What is counted of a world at its end, so that the parts of a large world can be added up before anything is divided.

Measures are ratios of such counts (`outcomes/summary.py`). Communities do not touch one another, so the counts of a
world are the sums of those of its parts, but for what concerns the focal group, which is in the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.engine.tally import LOADS
from mhsim.outcomes.measures import OF_A_FORM
from mhsim.schema import CLOSED, HELPER, MEMBER, NEVER, NO_TIE, NOBODY

if TYPE_CHECKING:
    from mhsim.engine.world import World


OF_FORM = np.dtype([(name, "i8") for name in OF_A_FORM])


@dataclass(frozen=True)
class Counts:
    """Counts of one world or of several side by side.

    Attributes
    ----------
    tally : ndarray of TALLY, shape (1,)
        What was counted on the way.
    history : ndarray of HISTORY, shape (steps + 1,)
        Arrivals, first visits and open groups by step.
    step : int
        Steps lived through.
    focal : ndarray of GROUPS, shape (0,) or (1,)
        The focal group.
    focal_members, focal_helpers : int
        Who is in it.
    lineage_alive : bool
        Whether it or any group that split from it is open.
    by_form : ndarray of OF_FORM, shape (forms + 1,)
        What is counted of the groups of each form; place 0 is for those of a world in which all are alike.
    groups_ever, open_groups, people, members : int
        Groups so far, open groups, people in need, members of any group.
    given : ndarray of float64, shape (LOADS,)
        How many people now here who ever joined gave help so often.
    tied, mutual : int
        Ties over which help has passed, and those over which it passed both ways.
    family : ndarray of float64, shape (8,)
        What `family_of` gives.
    """

    tally: np.ndarray
    history: np.ndarray
    step: int
    focal: np.ndarray
    focal_members: int
    focal_helpers: int
    lineage_alive: bool
    by_form: np.ndarray
    groups_ever: int
    open_groups: int
    people: int
    members: int
    given: np.ndarray
    tied: int
    mutual: int
    family: np.ndarray


def counts_of(world: World) -> Counts:
    """Return the counts of a world as it is now."""
    groups = world.groups[: world.meter["groups"][0]]
    people = living(world)
    is_open = groups["status"] != CLOSED
    number = int(world.meter["focal"][0])
    in_focal = people["group"] == number
    given = people["help_given"][people["joined"] != NEVER]
    ties, alive = living_ties(world, people["slot"])
    gave, got = alive & (ties["given"] > 0), alive & (ties["received"] > 0)
    return Counts(
        tally=world.tally.copy(),
        history=world.history.copy(),
        step=int(world.meter["step"][0]),
        focal=groups[number : number + 1].copy(),
        focal_members=int(in_focal.sum()),
        focal_helpers=int((in_focal & (people["role"] == HELPER)).sum()),
        lineage_alive=bool((is_open & (groups["lineage"] == number)).any()),
        by_form=by_form_of(groups, people, len(world.empty_groups) // 2),
        groups_ever=len(groups),
        open_groups=int(is_open.sum()),
        people=len(people),
        members=int((people["membership"] == MEMBER).sum()),
        given=np.bincount(np.minimum(given, LOADS - 1), minlength=LOADS).astype(float),
        tied=int((gave | got).sum()),
        mutual=int((gave & got).sum()),
        family=family_of(people[(people["role"] == HELPER) & (people["membership"] == MEMBER)]),
    )


def by_form_of(groups: np.ndarray, people: np.ndarray, forms: int) -> np.ndarray:
    """Return what is counted of the groups of each form, shape (forms,)."""
    found: np.ndarray = np.zeros(forms, OF_FORM)
    inside = people[people["group"] >= 0]
    kind = groups["form"][inside["group"]]
    helpers = inside["role"] == HELPER
    found["groups_ever"] = np.bincount(groups["form"], minlength=forms)
    found["open_groups"] = np.bincount(groups["form"][groups["status"] != CLOSED], minlength=forms)
    found["members"] = np.bincount(kind, minlength=forms)
    found["helpers"] = np.bincount(kind[helpers], minlength=forms)
    np.add.at(found["first_visits"], groups["form"], groups["first_visits"])
    return found


def family_of(helpers: np.ndarray) -> np.ndarray:
    """Return what is counted of the family tree of help among the helpers of open groups, shape (8,).

    A helper's help descends from one founder: from whom the first teacher learnt in turn, or from the helper where
    there was none. Groups with a helper, sums over them of the effective number of founders (inverse Simpson) and of
    the share that descends from the one from whom most does, helpers, and the sum of their generations; then the first
    three again, with each helper weighed by the help given in the present year, over groups whose helpers gave any.
    """
    founder = np.where(helpers["descent"] == NOBODY, helpers["who"], helpers["descent"])
    found = np.zeros(8)
    for g in np.unique(helpers["group"]):
        here = helpers["group"] == g
        found[:3] += _spread_over(founder[here], np.ones(here.sum()))
        found[5:] += _spread_over(founder[here], helpers["help_this_year"][here])
    found[3:5] = (len(helpers), helpers["generation"].sum())
    return found


def _spread_over(founder: np.ndarray, weight: np.ndarray) -> tuple[float, float, float]:
    """Return one, the effective number of founders and the largest share, by weight; three zeros without any."""
    if not weight.sum():
        return 0.0, 0.0, 0.0
    shares = np.bincount(np.unique(founder, return_inverse=True)[1], weight) / weight.sum()
    return 1.0, float(1.0 / (shares * shares).sum()), float(shares.max())


def together(one: Counts, other: Counts) -> Counts:
    """Return the counts of two worlds side by side; the focal group is that of the first."""
    history = added(one.history, other.history)
    history["lineage"] = one.history["lineage"]
    names = ("groups_ever", "open_groups", "people", "members", "tied", "mutual")
    sums: dict[str, Any] = {name: getattr(one, name) + getattr(other, name) for name in names}
    return replace(
        one,
        tally=added(one.tally, other.tally),
        history=history,
        given=one.given + other.given,
        family=one.family + other.family,
        by_form=added(one.by_form, other.by_form),
        **sums,
    )


def added(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the sum of two record arrays, field by field."""
    total = one.copy()
    for name in total.dtype.names or ():
        total[name] += other[name]
    return total


def block_rows(world: World, first: int = 0) -> np.ndarray:
    """Return the rows of all people in the blocks from the first on, int64, block by block.

    Blocks are those of the communities, with the people outside, and then those of the groups.
    """
    blocks = world.blocks[first : len(world.communities) + int(world.meter["groups"][0])]
    counts = blocks["count"]
    start = np.repeat(blocks["start"] - (np.cumsum(counts) - counts), counts)
    return start + np.arange(len(start))


def living_rows(world: World) -> np.ndarray:
    """Return the rows of all people in the world now, int64, in order of community and arrival."""
    rows = block_rows(world)
    ordered: np.ndarray = rows[np.lexsort((world.people["who"][rows], world.people["community"][rows]))]
    return ordered


def living(world: World) -> np.ndarray:
    """Return all people in the world now, a copy of their records, in order of community and arrival."""
    people: np.ndarray = world.people[living_rows(world)]
    return people


def living_ties(world: World, slots: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """Return the places for ties of the people who bear these handles, and which of them hold a living tie."""
    ties: np.ndarray = world.ties[slots]
    return ties, (ties["kind"] != NO_TIE) & (ties["generation"] == world.handles["generation"][ties["other"]])

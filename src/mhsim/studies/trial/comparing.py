"""Who is compared with whom: as in a trial, as an observer would, and as only the model can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mhsim.schema import CHRONIC, CLASSES, RESILIENT
from mhsim.stats import Numbers
from mhsim.studies.trial.design import ALL_INVITED, NOBODY_INVITED, SWAPPED, TRIAL
from mhsim.studies.trial.estimates import Sample

Columns = dict[str, NDArray[Any]]
Flags = NDArray[np.bool_]
KNOWN = ("severity_before", "hope_before", "efficacy_before", "shame_before")
"""What an observer could ask people when need arises."""


@dataclass(frozen=True)
class TrialWorld:
    """The people of one replicate at each point, by column; NaN where a value is missing; None where a run failed.

    Only those are in it who came into need early enough to be followed to the end: the same people at each point.
    """

    replicate: int
    points: tuple[Columns | None, ...]
    follow_up: float


class TrialContrast(NamedTuple):
    """One way to compare: its name, the points it needs, what it means, and how its sample is made."""

    name: str
    needs: tuple[int, ...]
    people: str
    meaning: str
    sample: Callable[[TrialWorld, str], Sample | None]


def people_at(world: TrialWorld, point: int) -> Columns:
    """Return the columns of a point that ended well."""
    columns = world.points[point]
    assert columns is not None
    return columns


def by_then(weeks: Numbers, world: TrialWorld) -> Flags:
    """Return whether something happened before the end of the follow-up; NaN weeks are never."""
    return np.nan_to_num(weeks, nan=np.inf) < world.follow_up


def came(columns: Columns, world: TrialWorld) -> Flags:
    """Return who came to a group before the end of the follow-up."""
    return by_then(columns["came_weeks"], world)


def helped(columns: Columns, world: TrialWorld) -> Flags:
    """Return who became a helper before the end of the follow-up."""
    return by_then(columns["helper_weeks"], world)


def intention(world: TrialWorld, outcome: str, *, ratio: bool = False) -> Sample | None:
    """Return the enrolled by arm, whoever came; with coming beside it for the ratio."""
    columns = people_at(world, TRIAL)
    coming = came(columns, world).astype(float) if ratio else None
    return sample_of(columns, outcome, columns["enrolled"], columns["invited"], (), coming)


def gap(point: int, of: str, more: tuple[str, ...]) -> Callable[[TrialWorld, str], Sample | None]:
    """Return what makes the sample of an observer: those who came and others, or helpers and other members.

    Without the trial everybody who came into need is in it, in the trial the enrolled are.
    """

    def sample(world: TrialWorld, outcome: str) -> Sample | None:
        columns = people_at(world, point)
        who = columns["enrolled"] if point == TRIAL else np.ones_like(columns["enrolled"])
        if of == "helped":
            who = who & came(columns, world)
        ones = (helped if of == "helped" else came)(columns, world)
        return sample_of(columns, outcome, who, ones, more, None)

    return sample


def sample_of(
    columns: Columns, outcome: str, who: Flags, ones: Flags, more: tuple[str, ...], coming: Numbers | None
) -> Sample | None:
    """Return a sample of two groups and covariates; None if nobody is in it."""
    value = columns[outcome]
    who = who & ~np.isnan(value)
    if not who.any():
        return None
    design = [np.ones(int(who.sum())), ones[who].astype(float), *(covariates(columns, more)[:, who])]
    return Sample(np.stack(design, axis=1), value[who], None if coming is None else coming[who])


def covariates(columns: Columns, names: tuple[str, ...]) -> Numbers:
    """Return covariates, shape (covariates, people); the class of recovery becomes two of them."""
    found = []
    for name in names:
        if name == "resilience":
            found += [(columns[name] == CLASSES[code]).astype(float) for code in (RESILIENT, CHRONIC)]
        else:
            found.append(columns[name])
    return np.array(found).reshape(len(found), len(columns["enrolled"]))


def truth(world: TrialWorld, outcome: str, *, one: int, other: int, only_because: bool = False) -> Sample | None:
    """Return the same people at two points: how they fared if invited less how they fared if not.

    `only_because` keeps those who came at the first and not at the second. Where the arms change places, everybody
    counts as invited at the point that invited him or her.
    """
    here, there = people_at(world, one), people_at(world, other)
    who = here["enrolled"] & there["enrolled"]
    if only_because:
        who = who & came(here, world) & ~came(there, world)
    difference = here[outcome] - there[outcome]
    if other == SWAPPED:
        difference = np.where(here["invited"], difference, -difference)
    who = who & ~np.isnan(difference)
    if not who.any():
        return None
    return Sample(np.ones((int(who.sum()), 1)), difference[who])


def comparisons() -> Iterator[TrialContrast]:
    """Yield every comparison, in the order in which they are shown."""
    yield TrialContrast("trial", (TRIAL,), "enrolled", "invited now less waiting, whoever came", intention)
    yield TrialContrast(
        "complier",
        (TRIAL,),
        "those who come if invited and not else",
        "the same, divided by how many more came (Wald ratio)",
        lambda world, outcome: intention(world, outcome, ratio=True),
    )
    yield TrialContrast(
        "truth_exchanged",
        (TRIAL, SWAPPED),
        "enrolled",
        "each person invited now less the same person waiting, the arms exchanged",
        lambda world, outcome: truth(world, outcome, one=TRIAL, other=SWAPPED),
    )
    both = (ALL_INVITED, NOBODY_INVITED)
    yield TrialContrast(
        "truth_enrolled",
        both,
        "enrolled",
        "each person where all are invited less the same where nobody is",
        lambda world, outcome: truth(world, outcome, one=ALL_INVITED, other=NOBODY_INVITED),
    )
    yield TrialContrast(
        "truth_came",
        both,
        "those who come if invited and not else",
        "the same, of those who came because of it",
        lambda world, outcome: truth(world, outcome, one=ALL_INVITED, other=NOBODY_INVITED, only_because=True),
    )
    for of, words in (("attended", "those who came less others"), ("helped", "helpers less other members")):
        for point, setting, whom in (
            (NOBODY_INVITED, "observed", "everybody, where nobody is invited"),
            (TRIAL, "in_trial", "enrolled, in the trial"),
        ):
            for name, more, adjusted in (
                ("crude", (), "as they are"),
                ("known", KNOWN, "adjusted for what an observer could know"),
                ("all", (*KNOWN, "motivation_before", "resilience"), "adjusted also for what only the model knows"),
            ):
                yield TrialContrast(
                    f"{of}_{setting}_{name}", (point,), whom, f"{words}, {adjusted}", gap(point, of, more)
                )

"""Who is compared with whom: as in a trial, as an observer would, and as only the model can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mhsim.schema import CHRONIC, CLASSES, RESILIENT
from mhsim.studies.trial.design import ALL_INVITED, NOBODY_INVITED, SWAPPED, TRIAL
from mhsim.studies.trial.estimates import Sample

Columns = dict[str, NDArray[Any]]
"""The people of one run by column, NaN where a value is missing; only those who can be followed to the end."""
TrialWorld = tuple[Columns | None, ...]
"""The people of one replicate at each point, the same at each; None where the run failed."""
KNOWN = ("severity_before", "hope_before", "efficacy_before", "shame_before")
"""What an observer could ask people when need arises."""


class TrialContrast(NamedTuple):
    """One way to compare: its name, the points it needs, what it means, and how its sample is made.

    `sample` is called with the people at each of the points and the name of the outcome; None if nobody is in it.
    """

    name: str
    needs: tuple[int, ...]
    people: str
    meaning: str
    sample: Callable[..., Sample | None]

    def sample_in(self, world: TrialWorld, outcome: str) -> Sample | None:
        """Return the sample of one world; None if one of the runs it needs failed, or nobody is in it."""
        there = [columns for point in self.needs if (columns := world[point]) is not None]
        return self.sample(*there, outcome) if len(there) == len(self.needs) else None


def between_arms(people: Columns, outcome: str, *, ratio: bool = False) -> Sample | None:
    """Return the enrolled by arm, whoever came; with coming beside it for the ratio."""
    return two_groups(people, outcome, people["enrolled"], "invited", ratio=ratio)


def between_takers(people: Columns, outcome: str, *, of: str, enrolled: bool, known: tuple[str, ...]) -> Sample | None:
    """Return the sample of an observer: those who came and others, or helpers and other members.

    Everybody who came into need is in it, or the enrolled alone; `known` are the covariates.
    """
    whom = people["enrolled"] if enrolled else np.ones_like(people["enrolled"])
    return two_groups(people, outcome, whom & people["attended"] if of == "helped" else whom, of, known)


def two_groups(
    people: Columns, outcome: str, whom: NDArray[Any], group: str, known: tuple[str, ...] = (), *, ratio: bool = False
) -> Sample | None:
    """Return two groups and covariates of which the class of recovery becomes two; None if nobody is in it.

    Parameters
    ----------
    people : dict of arrays, shape (people,)
        All people of a run.
    outcome, group : str
        Columns: what is compared; who belongs to the first of the groups.
    whom : array of bool, shape (people,)
        Who is compared.
    known : tuple of str
        Columns of covariates.
    ratio : bool
        Whether the difference is to be divided by that in coming.
    """
    whom = whom & ~np.isnan(people[outcome])
    if not whom.any():
        return None
    design = [np.ones(len(whom)), people[group].astype(float)]
    for name in known:
        if name == "resilience":
            design += [(people[name] == CLASSES[code]).astype(float) for code in (RESILIENT, CHRONIC)]
        else:
            design.append(people[name])
    coming = people["attended"].astype(float)[whom] if ratio else None
    return Sample(np.stack([values[whom] for values in design], axis=1), people[outcome][whom], coming)


def same_people(
    first: Columns, other: Columns, outcome: str, *, swapped: bool = False, only_because: bool = False
) -> Sample | None:
    """Return the same people at two points: how they fared if invited less how they fared if not.

    `only_because` keeps those who came at the first and not at the second. Where the arms change places (`swapped`),
    everybody is invited in one of the two and waits in the other.
    """
    whom = first["enrolled"] & other["enrolled"]
    if only_because:
        whom = whom & first["attended"] & ~other["attended"]
    difference = first[outcome] - other[outcome]
    if swapped:
        difference = np.where(first["invited"], difference, -difference)
    whom = whom & ~np.isnan(difference)
    return Sample(np.ones((int(whom.sum()), 1)), difference[whom]) if whom.any() else None


def contrasts() -> Iterator[TrialContrast]:
    """Yield every comparison, in the order in which they are shown."""
    compliers = "those who come if invited and not else"
    exchanged, both = (TRIAL, SWAPPED), (ALL_INVITED, NOBODY_INVITED)
    turn = "each person invited now less the same person waiting, the arms exchanged"
    invite = "each person where all are invited less the same where nobody is"
    wald = partial(between_arms, ratio=True)
    turned, because = partial(same_people, swapped=True), partial(same_people, only_because=True)
    for row in (
        ("trial", (TRIAL,), "enrolled", "invited now less waiting, whoever came", between_arms),
        ("complier", (TRIAL,), compliers, "the same, divided by how many more came (Wald ratio)", wald),
        ("truth_exchanged", exchanged, "enrolled", turn, turned),
        ("truth_enrolled", both, "enrolled", invite, same_people),
        ("truth_came", both, compliers, "the same, of those who came because of it", because),
    ):
        yield TrialContrast(*row)
    for of, words in (("attended", "those who came less others"), ("helped", "helpers less other members")):
        for point, setting, whom in (
            (NOBODY_INVITED, "observed", "everybody, where nobody is invited"),
            (TRIAL, "in_trial", "enrolled, in the trial"),
        ):
            for name, known, adjusted in (
                ("crude", (), "as they are"),
                ("known", KNOWN, "adjusted for what an observer could know"),
                ("all", (*KNOWN, "motivation_before", "resilience"), "adjusted also for what only the model knows"),
            ):
                sample = partial(between_takers, of=of, enrolled=point == TRIAL, known=known)
                yield TrialContrast(f"{of}_{setting}_{name}", (point,), whom, f"{words}, {adjusted}", sample)

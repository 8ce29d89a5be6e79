"""What a sweep varies, as its page follows it: the values along each axis, and a measure from one end to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mhsim import stats
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import Scale, capital, joined, scale_of, value_text
from mhsim.stats import WHY, Estimate, Numbers
from mhsim.studies.data import StudyData

MANY = 12
"""Values from which on the ends of an axis are its lowest and its highest third."""
COMBINATION = "combination"
TIMES = ("weeks_to_closure",)
"""Measures that end with the run, and so say nothing where runs differ in length."""


@dataclass(frozen=True)
class Axis:
    """One thing that varies: its values in order, and the points at each of them.

    Attributes
    ----------
    name : str
        The path; "combination" where paths vary side by side, so that none can be told from the others.
    labels : tuple of str
        Each value as it is written.
    points : tuple of tuple of int
        The points at each value.
    places : tuple of float
        Where the values lie; 0, 1, 2 and so on for values that are no numbers.
    numeric : bool
        Whether the values are numbers.
    """

    name: str
    labels: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]
    places: tuple[float, ...]
    numeric: bool

    def ends(self) -> tuple[list[int], list[int], str]:
        """Return the points at the low and at the high end, and what is compared, in words."""
        if len(self.labels) <= MANY:
            what = f"with {self.name} from {self.labels[0]} to {self.labels[-1]}"
            listed = "from the first combination to the last"
            return list(self.points[0]), list(self.points[-1]), listed if self.name == COMBINATION else what
        order = [point for points in self.points for point in points]
        third = max(1, len(order) // 3)
        return order[:third], order[-third:], f"with {self.name} from its lowest third to its highest"


def axes_of(data: StudyData) -> tuple[Axis, ...]:
    """Return what varies; one axis of combinations where several paths vary side by side (design list)."""
    if data.study.get("design") in ("list", "parts") and len(data.axes) > 1:
        names = tuple(label(data, point) for point in range(len(data.points)))
        points = tuple((point,) for point in range(len(data.points)))
        return (Axis(COMBINATION, names, points, tuple(map(float, range(len(names)))), False),)
    return tuple(_axis(data, path) for path in data.axes)


def _axis(data: StudyData, path: str) -> Axis:
    levels = data.levels(path)
    numeric = not any(isinstance(value, (str, bool)) for value in levels)
    there: dict[object, list[int]] = {level: [] for level in levels}
    for number, point in enumerate(data.points):
        if path in point:
            there[point[path]].append(number)
    places = tuple(float(value) if numeric else float(k) for k, value in enumerate(levels))
    return Axis(path, tuple(map(value_text, levels)), tuple(tuple(there[value]) for value in levels), places, numeric)


def label(data: StudyData, point: int, without: str = "") -> str:
    """Return what a point varies, in a few words."""
    parts = [f"{path} = {value_text(data.points[point][path])}" for path in data.axes if path != without]
    return ", ".join(parts) or "all runs"


def numbers(data: StudyData, measure: str) -> Numbers:
    """Return a measure, shape (points, replicates); times are cut at the length of the shortest runs."""
    values = data.numbers(measure)
    return np.minimum(values, data.weeks) if measure in TIMES and uneven(data) else values


def uneven(data: StudyData) -> bool:
    """Return whether runs differ in length."""
    return len(set(data.lengths)) > 1


def meaning(data: StudyData, measure: str) -> str:
    """Return what a measure counts, and where times are cut because runs differ in length."""
    if measure in TIMES and uneven(data):
        return (
            f"time that the focal group was open within the first {data.weeks} weeks, the length of the shortest runs"
        )
    return BY_NAME[measure].meaning


def estimate(data: StudyData, measure: str, points: Sequence[int]) -> Estimate:
    """Return the mean or share of a measure over the runs of some points; a replicate counts as one case."""
    values = numbers(data, measure)[list(points)]
    found = stats.share(values) if BY_NAME[measure].kind == "yes_no" else stats.mean(values)
    drawn = [[stats.mean_over(numbers(part, measure)[list(points)])] for part in data.drawn]
    return stats.over_draws([found], drawn)[0]


def changes(data: StudyData, measure: str, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[Estimate]:
    """Return a measure at some points less the same replicates at others, for each pair; judged together."""

    def changes_in(part: StudyData) -> Numbers:
        values = numbers(part, measure)
        rows = [stats.mean_over(values[list(there)]) - stats.mean_over(values[list(first)]) for first, there in pairs]
        return np.array(rows)

    binary = BY_NAME[measure].kind == "yes_no"
    single = [binary and len(first) == len(there) == 1 for first, there in pairs]
    if not pairs:
        return []
    found = stats.paired_differences(changes_in(data), yes_no=single)
    return stats.over_draws(found, [changes_in(part) for part in data.drawn])


def told(data: StudyData, measure: str, axes: Sequence[Axis]) -> str:
    """Return in a sentence how a measure changes along every axis; the mean if nothing varies."""
    what, scale = capital(meaning(data, measure)), scale_of(measure)
    if not axes:
        return f"{what}: {scale.estimate(estimate(data, measure, range(len(data.points))))} {scale.unit}."
    ends = [axis.ends() for axis in axes]
    found = list(zip(changes(data, measure, [(low, high) for low, high, _ in ends]), [e[2] for e in ends], strict=True))
    moving = [f"{'rises' if one.rises else 'falls'} {words}, by {scale.size(one)}" for one, words in found if one.clear]
    still = [_unclear(found, verdict, scale) for verdict in dict.fromkeys(one.verdict for one, _ in found)]
    return f"{what}: {'; '.join([*moving, *(text for text in still if text)])}."


def _unclear(found: Sequence[tuple[Estimate, str]], verdict: str, scale: Scale) -> str:
    """Return the changes that are not clear for one reason, with that reason."""
    mine = [(one, words) for one, words in found if one.verdict == verdict]
    if verdict == "clear":
        return ""
    words = [text for _, text in mine]
    if verdict == "nothing":
        return f"there are no runs to compare {joined(words)}"
    if verdict == "identical":
        return f"the same in every pair of runs {joined(words)}"
    sizes = [f"{scale.change(one, mark=False)} {scale.unit} {text}" for one, text in mine]
    if verdict == "too few":
        pairs = mine[0][0].cases
        return f"{joined(sizes)}, but {pairs} pair{'' if pairs == 1 else 's'} of runs are too few to call it clear"
    changed = "; ".join(scale.change(one, mark=False) for one, _ in mine)
    return f"no clear change {joined(words)} ({changed} {scale.unit}; {WHY[mine[0][0].verdict]})"

"""The runs of a lesson: the same replicates in each of its situations."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from mhsim.dashboard.lessons.lesson_file import situation_of_case
from mhsim.dashboard.lessons.lesson_parts import Lesson
from mhsim.dashboard.lessons.measures import LessonOutcome, outcome_of

Runs = Mapping[str, tuple[LessonOutcome | None, ...]]
"""Outcomes of replicates 0, 1, 2, ... by situation, as many in all; None in the place of one that failed."""


def all_runs(lesson: Lesson, seed: int) -> Runs:
    """Return all runs of a lesson with a seed, made now; several at a time, since the engine lets go of the lock."""
    scenarios = {case.name: situation_of_case(lesson, case, seed).scenario() for case in lesson.cases}
    with ThreadPoolExecutor() as pool:
        replicates = range(lesson.pairs)
        coming = {name: pool.map(outcome_of, [one] * lesson.pairs, replicates) for name, one in scenarios.items()}
        return {name: tuple(outcomes) for name, outcomes in coming.items()}

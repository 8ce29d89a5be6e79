"""The assumptions of a lesson: which of its parameters have a source, and which have none."""

from __future__ import annotations

from dataclasses import dataclass

from mhsim.dashboard.lessons.schema import Lesson
from mhsim.dashboard.scenario_state import parameters
from mhsim.report.formatting import capital, small, value_text


@dataclass(frozen=True)
class Assumption:
    """A parameter that matters most for a result.

    Attributes
    ----------
    path, meaning, source : str
        Its name, what it means and where its value comes from.
    value : str
        Its value in the model as it is shipped.
    assumed : bool
        Whether the value has no published source.
    """

    path: str
    meaning: str
    source: str
    value: str
    assumed: bool


def assumptions_of(lesson: Lesson) -> tuple[Assumption, ...]:
    """Return the parameters that matter most for a lesson's result, in the lesson's order."""
    rows = parameters()
    return tuple(
        Assumption(
            path,
            str(rows[path]["meaning"]),
            str(rows[path]["source"]),
            value_text(rows[path]["default"]),
            str(rows[path]["source"]).startswith("assumed"),
        )
        for path in lesson.rests_on
    )


def in_words(assumptions: tuple[Assumption, ...]) -> str:
    """Return how many of the parameters are assumed, in a sentence."""
    assumed = [one for one in assumptions if one.assumed]
    if not assumed:
        return (
            f"All {small(len(assumptions))} numbers that matter most here have a published source, most of them weak."
        )
    names = "; ".join(f"“{one.meaning}”" for one in assumed)
    number = "number matters" if len(assumptions) == 1 else "numbers matter"
    return (
        f"{capital(small(len(assumptions)))} {number} most here; {small(len(assumed))} of them "
        f"{'is' if len(assumed) == 1 else 'are'} assumed, without a published value: {names}."
    )

"""The pictures of a lesson: how long groups last in its situations, and the two numbers of each question as bars."""

from __future__ import annotations

import numpy as np

from mhsim.dashboard.figures import Curve, Row, bars, both, curves
from mhsim.dashboard.histories.outcome import Failure
from mhsim.dashboard.lessons.evaluate import Answer
from mhsim.dashboard.lessons.runs import Lived
from mhsim.dashboard.lessons.schema import Lesson
from mhsim.report.intervals import wilson

POINTS = 40
"""Places along time at which a curve has a point."""


def asks_about_survival(lesson: Lesson) -> bool:
    """Whether any question of a lesson is about groups being alive."""
    return any(look.measure == "alive_at_end" for ask in lesson.asks for look in (ask.first, ask.second))


def lasting(lesson: Lesson, lived: Lived) -> str:
    """Return how many of 100 groups are alive along the years, a line for each situation, as SVG."""
    lines = []
    for look, case in enumerate(lesson.cases):
        seen = [one for one in lived.seen[case.name] if not isinstance(one, Failure)]
        closing = np.array([one.value("weeks_to_closure") if one.value("closed") else np.inf for one in seen])
        weeks = np.linspace(0, lesson.weeks, POINTS + 1)
        shares = [wilson(int((closing > week).sum()), len(closing)) for week in weeks]
        years = [float(week) / 52 for week in weeks]
        lines.append(
            Curve(
                case.label,
                years,
                [100 * share.value for share in shares],
                [100 * share.low for share in shares],
                [100 * share.high for share in shares],
                look=look,
            )
        )
    ends = "; ".join(f"{line.label}: {line.y[-1]:.0f} of 100" for line in lines)
    return both(
        lambda width: curves(
            lines,
            title="Groups alive along the years",
            across="years after the opening",
            up="alive, of 100 groups",
            describe=f"At the end: {ends}. Bands are 95 % intervals.",
            top=100.0,
            width=width,
        )
    )


def compared(answer: Answer) -> str:
    """Return the two numbers of an answer as bars, as SVG."""
    values = (answer.first, answer.second)
    rows = [Row(name, (value,), (answer.shown(value),)) for name, value in zip(answer.names, values, strict=True)]
    largest = 100.0 if answer.ask.scale == 100.0 else max(1.0, *values)
    return both(
        lambda width: bars(
            rows, ("",), title=answer.ask.title, describe=f"{answer.numbers} {answer.sure}", top=largest, width=width
        )
    )

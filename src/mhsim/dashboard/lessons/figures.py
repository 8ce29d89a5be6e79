"""The pictures of a lesson: groups still meeting in its situations, and the two numbers of each question as bars."""

from __future__ import annotations

import numpy as np

from mhsim.dashboard.figures import ChartLine, Row, bars, both, curves
from mhsim.dashboard.histories.outcome import Failure
from mhsim.dashboard.histories.statistics import survival_band
from mhsim.dashboard.lessons.evaluate import Answer
from mhsim.dashboard.lessons.lesson_file import Lesson
from mhsim.dashboard.lessons.runs import LessonRuns


def asks_about_survival(lesson: Lesson) -> bool:
    """Whether any question of a lesson is about groups being alive."""
    return any(side.measure == "alive_at_end" for ask in lesson.asks for side in (ask.first, ask.second))


def survival_picture(lesson: Lesson, runs: LessonRuns) -> str:
    """Return how many of 100 groups are still meeting along the years, a line for each situation, as SVG."""
    lines = []
    for look, case in enumerate(lesson.cases):
        finished = [one for one in runs.outcomes[case.name] if not isinstance(one, Failure)]
        closed_at = [one.value("weeks_to_closure") if one.value("closed") else np.inf for one in finished]
        band = survival_band(np.array(closed_at), lesson.weeks)
        years = [week / 52 for week in band.weeks]
        lines.append(ChartLine(case.label, years, band.share, band.low, band.high, look=look, steps=True))
    ends = "; ".join(f"{line.label}: {line.y[-1]:.0f} of 100" for line in lines)
    return both(
        lambda width: curves(
            lines,
            title="Groups still meeting, by year",
            across="years since the start",
            up="still meeting, of 100 groups",
            describe=f"At the end: {ends}. Bands are 95 % intervals.",
            top=100.0,
            width=width,
        )
    )


def bars_of(answer: Answer) -> str:
    """Return the two numbers of an answer as bars, as SVG."""
    values = (answer.first, answer.second)
    rows = [Row(name, (value,), (answer.shown(value),)) for name, value in zip(answer.names, values, strict=True)]
    largest = 100.0 if answer.ask.scale == 100.0 else max(1.0, *values)
    return both(
        lambda width: bars(
            rows,
            ("",),
            title=answer.ask.title,
            describe=f"{answer.numbers} {answer.uncertainty}",
            top=largest,
            width=width,
        )
    )

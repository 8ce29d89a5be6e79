"""The answers that the runs of a lesson give to its questions, and to what the reader had expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mhsim.dashboard.lessons.lesson_parts import Ask, CaseMeasure, Choice, Direction, Lesson
from mhsim.dashboard.lessons.runs import Runs
from mhsim.report.formatting import plain
from mhsim.stats import WHY, Estimate, Numbers, mean_over, paired_differences

YES_NO = ("alive_at_end", "closed")
Verdict = Literal["as expected", "in part", "otherwise"]


@dataclass(frozen=True)
class Answer:
    """The answer to one question.

    Attributes
    ----------
    ask : Ask
        The question.
    first, second : float
        The means on both sides, as shown (scaled), over the pairs in which both have a case.
    names : tuple of str
        What both sides are called.
    difference : Estimate
        Second less first, as shown, with its interval.
    outcome : {"more", "fewer", "same"}
        Which words of the lesson hold.
    """

    ask: Ask
    first: float
    second: float
    names: tuple[str, str]
    difference: Estimate
    outcome: Direction

    @property
    def words(self) -> str:
        """The lesson's words for the result."""
        return {"more": self.ask.more, "fewer": self.ask.fewer, "same": self.ask.same}[self.outcome]

    @property
    def numbers(self) -> str:
        """The two numbers, in a sentence each."""
        first, second = self.shown(self.first), self.shown(self.second)
        return f"{self.names[0]}: {first} {self.ask.unit}. {self.names[1]}: {second}."

    @property
    def uncertainty(self) -> str:
        """The difference and how uncertain it is, in a sentence."""
        found = self.difference
        if not found.known:
            return "No pair of runs has a case to compare."
        low, high = found.low, found.high
        if found.identical:
            return f"None of the {found.cases} pairs shows any difference."
        ends = f"{self.apart(low)} to {self.apart(high)}"
        if ends == "no difference to no difference":
            return f"No difference that would show at this precision, in {found.cases} pairs."
        if not found.clear:
            return f"No clear difference ({WHY[found.verdict]}): {found.cases} pairs leave room for {ends}."
        least, most = sorted((abs(low), abs(high)))
        size = f"{self.apart(found.value)} ({self.shown(least)} to {self.shown(most)})"
        if self.outcome == "same":
            return f"Clear, but small: {size}."
        return f"That is {size}."

    def shown(self, value: float) -> str:
        """Return a number with the decimals of the question."""
        return plain(value, self.ask.digits)

    def apart(self, value: float) -> str:
        """Return a difference in words: "12 more", "3 fewer", "no difference"."""
        if float(self.shown(abs(value))) == 0.0:
            return "no difference"
        return f"{self.shown(abs(value))} {'more' if value >= 0 else 'fewer'}"


def answers(lesson: Lesson, runs: Runs) -> tuple[Answer, ...]:
    """Return the answers to all questions of a lesson, judged together."""
    rows = [_values(runs, ask.second) - _values(runs, ask.first) for ask in lesson.asks]
    found = paired_differences(np.array(rows), yes_no=[_yes_no(ask) for ask in lesson.asks])
    return tuple(_answer(lesson, runs, ask, one) for ask, one in zip(lesson.asks, found, strict=True))


def verdict(choice: Choice, found: tuple[Answer, ...]) -> Verdict:
    """Return whether a choice expected what happened."""
    outcomes = {answer.ask.name: answer.outcome for answer in found}
    right = [outcomes[name] in expected for name, expected in choice.expects.items()]
    return "as expected" if all(right) else "in part" if any(right) else "otherwise"


def _answer(lesson: Lesson, runs: Runs, ask: Ask, found: Estimate) -> Answer:
    first, second = _values(runs, ask.first), _values(runs, ask.second)
    both = np.isnan(first) | np.isnan(second)
    means = [float(mean_over(np.where(both, np.nan, values)[:, None])[0]) * ask.scale for values in (first, second)]
    scaled = found.scaled(ask.scale)
    names = ask.names or (lesson.case(ask.first.case).label, lesson.case(ask.second.case).label)
    return Answer(ask, means[0], means[1], names, scaled, _outcome(scaled, ask.matters))


def _outcome(found: Estimate, matters: float) -> Direction:
    if not found.clear or abs(found.value) < matters:
        return "same"
    return "more" if found.value > 0 else "fewer"


def _values(runs: Runs, measured: CaseMeasure) -> Numbers:
    return np.array([np.nan if one is None else one.value(measured.measure) for one in runs[measured.case]])


def _yes_no(ask: Ask) -> bool:
    return ask.first.measure in YES_NO and ask.second.measure in YES_NO

"""What a run says to the questions of its lesson, and to what the reader had expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mhsim.dashboard.histories.outcome import Failure
from mhsim.dashboard.lessons.runs import Lived
from mhsim.dashboard.lessons.schema import Ask, Choice, Lesson, Look, Outcome, Why
from mhsim.report.formatting import plain
from mhsim.stats import Estimate, mean_over, paired_differences

Numbers = NDArray[np.float64]
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
        The means of the two looks, as shown (scaled), over the pairs in which both have a case.
    names : tuple of str
        What the two looks are called.
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
    outcome: Outcome

    @property
    def words(self) -> str:
        """The lesson's words for how it came out."""
        return {"more": self.ask.more, "fewer": self.ask.fewer, "same": self.ask.same}[self.outcome]

    @property
    def numbers(self) -> str:
        """The two numbers, in a sentence each."""
        first, second = self.shown(self.first), self.shown(self.second)
        return f"{self.names[0]}: {first} {self.ask.unit}. {self.names[1]}: {second}."

    @property
    def sure(self) -> str:
        """The difference and how sure it is, in a sentence."""
        found = self.difference
        if not found.known:
            return "Not one pair of histories has a case to compare."
        low, high = found.low, found.high
        if found.identical:
            return f"No pair of the {found.cases} shows any difference."
        ends = f"{self.apart(low)} to {self.apart(high)}"
        if ends == "no difference to no difference":
            return f"No difference that these decimals would show, in {found.cases} pairs."
        if not found.clear:
            return f"No clear difference: with {found.cases} pairs, anything from {ends} would fit."
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


def answers(lesson: Lesson, lived: Lived) -> tuple[Answer, ...]:
    """Return the answers to all questions of a lesson, judged together."""
    rows = [_values(lived, ask.second) - _values(lived, ask.first) for ask in lesson.asks]
    found = paired_differences(np.array(rows), yes_no=[_yes_no(ask) for ask in lesson.asks])
    return tuple(_answer(lesson, lived, ask, one) for ask, one in zip(lesson.asks, found, strict=True))


def verdict(choice: Choice, found: tuple[Answer, ...]) -> Verdict:
    """Return whether what a choice expects came out."""
    outcomes = {answer.ask.name: answer.outcome for answer in found}
    right = [outcomes[name] in expected for name, expected in choice.expects.items()]
    return "as expected" if all(right) else "in part" if any(right) else "otherwise"


def reasons(lesson: Lesson, found: tuple[Answer, ...]) -> tuple[Why, ...]:
    """Return those parts of a lesson's explanation that hold with what came out."""
    outcomes = {answer.ask.name: answer.outcome for answer in found}
    return tuple(why for why in lesson.why if all(outcomes[name] in held for name, held in why.when.items()))


def _answer(lesson: Lesson, lived: Lived, ask: Ask, found: Estimate) -> Answer:
    first, second = _values(lived, ask.first), _values(lived, ask.second)
    both = np.isnan(first) | np.isnan(second)
    means = [float(mean_over(np.where(both, np.nan, values)[:, None])[0]) * ask.scale for values in (first, second)]
    scaled = found.scaled(ask.scale)
    names = ask.names or (lesson.case(ask.first.case).label, lesson.case(ask.second.case).label)
    return Answer(ask, means[0], means[1], names, scaled, _outcome(scaled, ask.matters))


def _outcome(found: Estimate, matters: float) -> Outcome:
    if not found.clear or abs(found.value) < matters:
        return "same"
    return "more" if found.value > 0 else "fewer"


def _values(lived: Lived, look: Look) -> Numbers:
    seen = lived.seen[look.case]
    return np.array([np.nan if isinstance(one, Failure) else one.value(look.measure) for one in seen])


def _yes_no(ask: Ask) -> bool:
    return ask.first.measure in YES_NO and ask.second.measure in YES_NO

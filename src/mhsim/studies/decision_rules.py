"""Decision rules: a small closed grammar of what a result must be for a claim to stand, and the verdict on each.

A rule is one of

- ``rises``, ``falls``, ``differs``, each also with ``by more than D``, and ``stays within D``: of a measure at some
  points less the same replicates at others;
- ``lies above D``, ``lies below D``: of a measure at some points.

D is in the measure's own unit (0.1 of a share is ten of a hundred). A rule holds or fails only where the whole 95 %
interval says so; a difference must besides be clear among all claims of the plan together (`mhsim.stats`). Everything
else is open. A rule in words is quoted beside the result, and nobody but the reader judges it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mhsim import stats
from mhsim.outcomes.measures import BY_NAME
from mhsim.stats import WHY, Estimate
from mhsim.studies.preregistration import same_value

if TYPE_CHECKING:
    from mhsim.studies.data import StudyData
    from mhsim.studies.preregistration import PlannedClaim, Where

Outcome = Literal["holds", "fails", "open", "in words"]
GRAMMAR = "rises, falls, differs (each also: by more than D), stays within D, lies above D, lies below D"
_RULE = re.compile(
    r"(?P<verb>rises|falls|differs|stays within|lies above|lies below)(?: by more than)?(?: (?P<size>\d+(?:\.\d+)?))?"
)


@dataclass(frozen=True)
class DecisionRule:
    """A rule read: its verb, and the size it names; 0 where it names none."""

    verb: str
    size: float = 0.0

    @property
    def of_level(self) -> bool:
        """Whether the rule is about a level, and not about a difference."""
        return self.verb.startswith("lies")


def rule_of(text: str) -> DecisionRule:
    """Return the rule that a text states; raise ValueError if it is none of the grammar."""
    words = " ".join(text.split())
    found = _RULE.fullmatch(words)
    if found is None:
        raise ValueError(f"{text!r} is no rule; there are {GRAMMAR}; any other goes under words")
    verb, size = found["verb"], found["size"]
    sized = verb.startswith(("stays", "lies"))
    if sized == (" by more than" in words) and size is not None:
        raise ValueError(f"{text!r} is no rule; there are {GRAMMAR}")
    if size is None and (sized or words != verb):
        raise ValueError(f"{text!r} lacks its size, a number in the measure's own unit")
    return DecisionRule(verb, float(size or 0.0))


@dataclass(frozen=True)
class Judged:
    """A claim with its result: the estimate it is about, whether its rule holds, and why that cannot be told if so."""

    estimate: Estimate
    outcome: Outcome
    why: str = ""


def judged(data: StudyData, claims: Sequence[PlannedClaim]) -> list[Judged]:
    """Return each claim of a plan with its result; differences are judged together, those of words among them."""
    pairs = [number for number, claim in enumerate(claims) if not claim.about_level]
    found: dict[int, Estimate] = dict(zip(pairs, _differences(data, [claims[number] for number in pairs]), strict=True))
    each = [found[number] if number in found else _level(data, claim) for number, claim in enumerate(claims)]
    return [_judged(claim, estimate) for claim, estimate in zip(claims, each, strict=True)]


def points_at(data: StudyData, where: Where) -> list[int]:
    """Return the points of a study that have all of some values; a path that does not vary has its one value."""
    return [
        number
        for number, point in enumerate(data.points)
        if all(same_value(point.get(path, data.assumed(path)), value) for path, value in where.items())
    ]


def _differences(data: StudyData, claims: Sequence[PlannedClaim]) -> list[Estimate]:
    """Return the difference that each claim is about, of the same replicates, judged with all others."""
    if not claims:
        return []
    rows, single = [], []
    for claim in claims:
        numbers = data.numbers(claim.measure)
        there, against = points_at(data, claim.at), points_at(data, claim.against or {})
        there, against = ([k for k in points if data.done[k].any()] for points in (there, against))
        nothing = np.full(data.shape[1], np.nan)
        rows.append(
            stats.mean_over(numbers[there]) - stats.mean_over(numbers[against]) if there and against else nothing
        )
        single.append(BY_NAME[claim.measure].kind == "yes_no" and len(there) == len(against) == 1)
    return stats.paired_differences(np.array(rows), yes_no=single)


def _level(data: StudyData, claim: PlannedClaim) -> Estimate:
    values = data.numbers(claim.measure)[points_at(data, claim.at)]
    if not values.size:
        return stats.UNKNOWN
    return stats.share(values) if BY_NAME[claim.measure].kind == "yes_no" else stats.mean(values)


def _judged(claim: PlannedClaim, found: Estimate) -> Judged:
    """Return a claim's result with the verdict of its rule."""
    if not claim.rule:
        return Judged(found, "in words")
    rule = rule_of(claim.rule)
    if not found.known or np.isnan(found.low):
        return Judged(found, "open", WHY["nothing"] if not found.known else WHY["too few"])
    if rule.of_level:
        over, under = found.low > rule.size, found.high < rule.size
        holds, fails = (over, under) if rule.verb == "lies above" else (under, over)
        return Judged(found, *_outcome(holds, fails, "the interval holds the limit"))
    if found.cases < stats.FEWEST:
        return Judged(found, "open", WHY["too few"])
    return Judged(found, *_of_difference(rule, found))


def _of_difference(rule: DecisionRule, found: Estimate) -> tuple[Outcome, str]:
    """Return whether a rule about a difference holds, and why that is open if it is."""
    size, within = rule.size, found.within(rule.size)
    beyond = found.clear and (found.low > size or found.high < -size)
    if rule.verb == "stays within":
        return _outcome(within, beyond, "the interval holds a limit")
    why = WHY[found.verdict] if not found.clear else "the interval holds the size asked for"
    if rule.verb == "differs":
        return _outcome(beyond, within, why)
    one = found if rule.verb == "rises" else found.scaled(-1.0)
    return _outcome(beyond and one.value > 0, one.high < size if size else one.falls, why)


def _outcome(holds: bool, fails: bool, why: str) -> tuple[Outcome, str]:
    return ("holds", "") if holds else ("fails", "") if fails else ("open", why)

"""Sensitivity in words: what was done, what moves an outcome most, which of it is only assumed."""

from __future__ import annotations

from collections.abc import Sequence

from mhsim.report.formatting import capital, hundred, joined, small
from mhsim.report.sensitivity.ranking import INFORMATION, Analysis, Ranked, settled, size_words

TOP = 5
METHODS = {
    "morris": (
        "The method of Morris: from {blocks} random beginnings, one parameter after the other is moved by two thirds "
        "of its range while all else stays as it is. The index (mu*) is the mean size of the change of the outcome, "
        "reckoned per whole range. It finds what matters and what does not; it does not split effects exactly."
    ),
    "sobol": (
        "The method of Sobol': {blocks} blocks of points in which all parameters vary at once. The total index is the "
        "share of the differences between points that would be left if everything but this parameter were known; the "
        "first index is the share that goes away if it alone becomes known. Where the total is larger, the parameter "
        "acts together with others. Totals may add up to more than 100."
    ),
    "pawn": (
        "The method PAWN: {blocks} points in which all parameters vary at once. The index says how far the whole "
        "distribution of the outcome moves when the parameter is held within one slice of its range: 0 not at all, "
        "100 altogether; the median over the slices. It sees changes of spread and shape too, not of the mean alone."
    ),
}
STATES = {
    "constant": "It was the same at all points, so there is nothing to explain: no parameter moved it.",
    "too few": "Too few whole parts of the sample are left after failed and undefined runs; there is no ranking.",
}


def told(analysis: Analysis, outcome: str) -> str:
    """Return the short answer about one outcome."""
    what = f"{capital(outcome.replace('_', ' '))} ({INFORMATION[outcome].meaning})"
    state = analysis.about(outcome)["state"]
    ranked = analysis.ranked(outcome)
    if state != "done":
        return f"{what}: {STATES[state][0].lower()}{STATES[state][1:]}"
    standing = [one for one in ranked if one.matters]
    if not standing:
        return f"{what}: none of the {len(ranked)} parameters stands out from replicate noise."
    first = f"{standing[0].path} moves it most, by {size_words(standing[0], analysis.method, outcome)}"
    more = [f"{one.path}, {size_words(one, analysis.method, outcome)}" for one in standing[1:3]]
    then = f"; then {joined(more)}" if more else ""
    sure = " It is clearly the first." if settled(ranked) else " Which one is first is not settled."
    return f"{what}: {first}{_direction(standing[0])}{then}.{sure} {_count(standing, ranked)}"


def assumed_among(ranked: Sequence[Ranked], outcome: str) -> str:
    """Return in words which of the most important parameters are only assumed."""
    top = [one for one in ranked if one.matters][:TOP]
    if not top:
        return ""
    guessed = [one.path for one in top if one.assumed]
    name = outcome.replace("_", " ")
    many = f"Of the {small(len(top))} that matter most for {name}" if len(top) > 1 else f"What matters for {name}"
    if not guessed:
        return f"{many}, none is merely assumed." if len(top) > 1 else f"{many} has a source."
    if len(top) == 1:
        return f"{many}, {guessed[0]}, is only assumed: no source gives its value. So this outcome leans on a guess."
    verb = "is" if len(guessed) == 1 else "are"
    return (
        f"{many}, {small(len(guessed))} {verb} only assumed: {joined(guessed)}. No source gives "
        f"{'its value' if len(guessed) == 1 else 'their values'}, so results about {name} lean on guesses there."
    )


def noise_words(share: float | None) -> str:
    """Return in words how much of the differences between points is replicate noise."""
    if share is None:
        return "not known"
    return f"{hundred(share)} of 100" if share >= 0.005 else "under 1 of 100"


def _direction(one: Ranked) -> str:
    """Return which way the outcome goes, where Morris knows it."""
    mean = one.others.get("mu")
    if mean is None:
        return ""
    if abs(mean) < 0.8 * one.value:
        return ", now up, now down"
    return ", mostly up as it rises" if mean > 0 else ", mostly down as it rises"


def _count(standing: Sequence[Ranked], ranked: Sequence[Ranked]) -> str:
    if len(standing) == len(ranked):
        return f"All {len(ranked)} parameters stand out from replicate noise."
    verb = "stands" if len(standing) == 1 else "stand"
    return f"{capital(small(len(standing)))} of {len(ranked)} parameters {verb} out from replicate noise."

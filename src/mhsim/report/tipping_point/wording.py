"""What a search for a tipping point found, in plain words."""

from __future__ import annotations

from math import nan
from typing import Any

from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import (
    Scale,
    capital,
    duration,
    hundred,
    joined,
    plain,
    scale_of,
    span,
    trimmed,
    value_text,
)
from mhsim.stats import Estimate
from mhsim.studies.analysis import difference_in, knowledge_in
from mhsim.studies.data import Row

STARTS = ("strong", "weak")
"""Columns that stand beside their difference, whose range over draws is not theirs."""
PLACE = Scale(decimals=3)
"""How values of the path are written."""


def band(row: Row, name: str) -> Estimate:
    """Return a number of a row with its interval; unknown where it is empty."""
    value, low, high = (nan if row[key] is None else float(row[key]) for key in (name, "low", "high"))
    known = None if name in STARTS else knowledge_in(row)
    return Estimate(value, low, high, 0 if row[name] is None else 1, knowledge=known)


def difference(row: Row) -> Estimate:
    """Return the difference between both starts."""
    return difference_in(row, "difference", "pairs")


def level_words(study: dict[str, Any]) -> str:
    """Return the level as a reader meets it."""
    level = scale_of(study["outcome"]).level(study["level"])
    return level if BY_NAME[study["outcome"]].kind == "yes_no" else f"a mean of {level}"


def crossing_words(study: dict[str, Any], best: Row, weeks: float) -> str:
    """Return the short answer: where the outcome crosses its level and how sure that is, or that it does not."""
    path, outcome = study["path"], study["outcome"]
    what = f"still meeting after {duration(weeks)}" if outcome == "alive_at_end" else BY_NAME[outcome].meaning
    if best["side"] == "nothing":
        return f"No run has a value for “{what}”, so nothing can be said."
    values = draws_words(best)
    if best["side"] != "crosses":
        chance = 100 * (best["crossing_share"] or 0.0)
        rest = "" if chance < 1 else f" Drawn again by chance, {plain(chance, 0)} of 100 studies would find a crossing."
        return (
            f"There is no critical value between {value_text(study['low'])} and {value_text(study['high'])} of {path}: "
            f"everywhere there the outcome ({what}) lies {best['side']} {level_words(study)}.{rest}{values}"
        )
    verb = "falls below" if best["falling"] else "rises above"
    place, low, high = (trimmed(best[key], 2) for key in ("critical", "low", "high"))
    open_ends = [
        f"no {word} values were tried" for key, word in (("at_lowest", "lower"), ("at_highest", "higher")) if best[key]
    ]
    caution = f" The range ends there because {joined(open_ends)}." if open_ends else ""
    share = best["crossing_share"]
    doubt = "" if share > 0.99 else f" In {hundred(share)} of 100 studies drawn by chance there is a crossing at all."
    return (
        f"{capital(what)}: this {verb} {level_words(study)} at {path} = {place} (95 % range {span(low, high)})."
        f"{caution}{doubt}{values}"
    )


def draws_words(best: Row) -> str:
    """Return between what a critical value moves as values are not known; nothing without draws."""
    known, share = knowledge_in(best), best.get("crossing_draws")
    if known is None or share is None:
        return ""
    place = Scale(decimals=2).between(Estimate(known.middle, nan, nan, 1, knowledge=known))[1]
    every = (
        "" if share > 0.99 else f" With {hundred(1 - share)} of 100 draws of them there is none within what was tried."
    )
    return f" That is chance; not knowing the values would move it between {place}.{every}"


def methods_words(mine: list[Row]) -> str:
    """Return what the two methods say of the critical value, and whether they agree."""
    texts = []
    for row in mine:
        name = "a logistic curve" if row["method"] == "logistic" else "a staircase without a model"
        crosses = row["side"] == "crosses"
        found = PLACE.estimate(band(row, "critical")) if crosses else f"no crossing, all {row['side']} the level"
        texts.append(f"By {name}: {found}.")
    logistic = next((row for row in mine if row["method"] == "logistic"), None)
    if len(mine) > 1 and logistic is not None:
        texts.append(
            "The two agree, so the curve is taken for the result."
            if logistic["believed"]
            else "The two do not agree: the curve does not fit these runs, so the staircase is taken for the result."
        )
    return " ".join(texts)


def monotone_words(study: dict[str, Any], best: Row) -> str:
    """Return whether the outcome goes one way only along the path."""
    way, scale = "falls" if best["falling"] else "rises", scale_of(study["outcome"])
    size = scale.level(best["against"])
    if not best["against"] or not scale.number(best["against"]).strip("0."):
        return f"From each value tried to the next it {way} or stays the same."
    where = f"from {value_text(best['against_from'])} to {value_text(best['against_to'])}"
    if best["against_clear"]:
        return (
            f"It does not go one way only: {where} it clearly moves against its direction, by {size}. There may be "
            "more than one critical value, and a single one says too little."
        )
    return f"On the whole it {way}; the largest step the other way, {where}, is {size}, no more than chance would make."


def starts_words(study: dict[str, Any], rows: list[Row]) -> str:
    """Return where the two starts end alike and where the start decides."""
    if not rows:
        return ""
    texts = []
    for verdict, words in (
        ("differ", "the start decides: groups that began strong and weak end differently"),
        ("alike", "there is one fate: both starts end alike, within ten of a hundred groups"),
        ("unclear", "it is not clear whether the start matters"),
    ):
        there = [value_text(row["value"]) for row in rows if row["verdict"] == verdict]
        if there:
            where = f"at {study['path']} = {joined(there)}" if len(there) < len(rows) else "at every value looked at"
            texts.append(f"{where} {words}")
    text = f"{capital('; '.join(texts))}."
    known = [row for row in rows if row["difference"] is not None]
    if not known:
        return text
    largest = max(known, key=lambda row: abs(float(row["difference"])))
    scale = scale_of(study["outcome"])
    size = f"{scale.change(difference(largest), mark=False)} {scale.unit}"
    return f"{text} The largest difference, strong less weak, is {size}, at {value_text(largest['value'])}."


def reproduction_words(study: dict[str, Any], best: Row) -> str:
    """Return where the helper reproduction number crosses 1, or on which side it stays."""
    name = "The helper reproduction number (new helpers that one helper leaves behind)"
    if best["side"] == "nothing":
        return f"{name} is not known: no helper who came up in a group finished a career within a run."
    if best["side"] == "crosses":
        return f"{name} crosses 1 at {study['path']} = {Scale(decimals=2).estimate(band(best, 'critical'))}."
    consequence = (
        "helpers do not replace themselves by their own help alone"
        if best["side"] == "below"
        else "helpers make more than themselves"
    )
    return f"{name} lies {best['side']} 1 at every value tried: {consequence}."

"""What a search for a tipping point found, in plain words."""

from __future__ import annotations

from typing import Any

from mhsim.report.by_axis import INFORMATION
from mhsim.report.formatting import UNKNOWN, capital, duration, hundred, joined, plain, trimmed, value_text

Row = dict[str, Any]


def worth(measure: str) -> tuple[float, int]:
    """Return by what a measure is multiplied to be read, and with how many decimals."""
    return (100.0, 0) if INFORMATION[measure].kind == "yes_no" else (1.0, 2)


def band(row: Row, name: str, digits: int, scale: float = 1.0) -> str:
    """Return a number of a row with its interval."""
    if row[name] is None:
        return UNKNOWN
    value = plain(scale * row[name], digits)
    if row["low"] is None or row["high"] is None:
        return value
    return f"{value} ({plain(scale * row['low'], digits)} to {plain(scale * row['high'], digits)})"


def level_words(study: dict[str, Any]) -> str:
    """Return the level as a reader meets it."""
    if INFORMATION[study["outcome"]].kind == "yes_no":
        return f"{hundred(study['level'])} of 100 groups"
    return f"a mean of {value_text(study['level'])}"


def outcome_words(study: dict[str, Any], weeks: float) -> str:
    """Return what is watched, as a sentence about groups."""
    if study["outcome"] == "alive_at_end":
        return f"still meeting after {duration(weeks)}"
    return str(INFORMATION[study["outcome"]].meaning)


def crossing_words(study: dict[str, Any], best: Row, weeks: float) -> str:
    """Return the short answer: where the outcome crosses its level and how sure that is, or that it does not."""
    what, path = outcome_words(study, weeks), study["path"]
    if best["side"] == "nothing":
        return f"No run has a value for “{what}”, so nothing can be said."
    if best["side"] != "crosses":
        chance = 100 * best["crossing_share"]
        rest = "" if chance < 1 else f" Drawn again by chance, {plain(chance, 0)} of 100 studies would find a crossing."
        return (
            f"There is no critical value between {value_text(study['low'])} and {value_text(study['high'])} of {path}: "
            f"everywhere there the outcome ({what}) lies {best['side']} {level_words(study)}.{rest}"
        )
    verb = "falls below" if best["falling"] else "rises above"
    place = trimmed(best["critical"], 2)
    low, high = trimmed(best["low"], 2), trimmed(best["high"], 2)
    open_ends = [
        f"no {word} values were tried" for key, word in (("at_lowest", "lower"), ("at_highest", "higher")) if best[key]
    ]
    caution = f" The range ends there because {joined(open_ends)}." if open_ends else ""
    share = best["crossing_share"]
    doubt = "" if share > 0.99 else f" In {hundred(share)} of 100 studies drawn by chance there is a crossing at all."
    return (
        f"{capital(what)}: this {verb} {level_words(study)} at {path} = {place}; chance leaves {low} to {high} open."
        f"{caution}{doubt}"
    )


def monotone_words(study: dict[str, Any], best: Row) -> str:
    """Return whether the outcome goes one way only along the path."""
    way = "falls" if best["falling"] else "rises"
    scale, digits = worth(study["outcome"])
    if not best["against"] or best["against"] * scale < 0.5 * 10.0**-digits:
        return f"From each value tried to the next it {way} or stays the same."
    size = f"{plain(scale * best['against'], digits)}{' of 100' if scale == 100 else ''}"
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
    told = []
    for verdict, words in (
        ("differ", "the start decides: groups that began strong and weak end differently"),
        ("alike", "there is one fate: both starts end alike, within ten of a hundred groups"),
        ("unclear", "it is not clear whether the start matters"),
    ):
        there = [value_text(row["value"]) for row in rows if row["verdict"] == verdict]
        if there:
            where = f"at {study['path']} = {joined(there)}" if len(there) < len(rows) else "at every value looked at"
            told.append(f"{where} {words}")
    text = f"{capital('; '.join(told))}."
    known = [row for row in rows if row["difference"] is not None]
    if not known:
        return text
    largest = max(known, key=lambda row: abs(float(row["difference"])))
    scale, digits = worth(study["outcome"])
    size = band(largest, "difference", digits, scale) + (" of 100 groups" if scale == 100 else "")
    return f"{text} The largest difference, strong less weak, is {size}, at {value_text(largest['value'])}."


def reproduction_words(study: dict[str, Any], best: Row) -> str:
    """Return where the helper reproduction number crosses 1, or on which side it stays."""
    name = "The helper reproduction number (new helpers that one helper leaves behind)"
    if best["side"] == "nothing":
        return f"{name} is not known: no helper who came up in a group finished a career within a run."
    if best["side"] == "crosses":
        return f"{name} crosses 1 at {study['path']} = {band(best, 'critical', 2)}."
    consequence = (
        "helpers do not replace themselves by their own help alone"
        if best["side"] == "below"
        else "helpers make more than themselves"
    )
    return f"{name} lies {best['side']} 1 at every value tried: {consequence}."

"""The page of a search for a tipping point: where the outcome crosses its level, and what the start decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mhsim.report.by_axis import INFORMATION
from mhsim.report.formatting import UNKNOWN, capital, duration, plain, small, value_text
from mhsim.report.html import Markup, element, figures, folded, items, page, paragraphs, section, table, together
from mhsim.report.limits import limits_section
from mhsim.report.provenance import provenance_section
from mhsim.report.study_data import Found
from mhsim.report.tipping.figures import (
    curves_picture,
    outcome_picture,
    reasons_picture,
    reproduction_picture,
    starts_picture,
)
from mhsim.report.tipping.wording import (
    Row,
    band,
    crossing_words,
    level_words,
    monotone_words,
    reproduction_words,
    starts_words,
    worth,
)
from mhsim.report.uncertainty import certainty_section, no_results
from mhsim.studies.data import read_study
from mhsim.studies.tipping.tables import REPRODUCTION, SCHEMAS

Rows = dict[str, list[Row]]


def tipping_point_page(found: Found, folder: Path) -> str:
    """Return the page of a finished search as HTML; raise InputError if its analysis is missing."""
    title = str(found.study.get("title") or "A tipping point")
    kicker = f"A simulation study of {found.done.size:,} runs"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    rows: Rows = {name: read_study(folder).rows(name) for name in SCHEMAS}
    question = " ".join(str(found.study.get("question") or "").split())
    path = str(found.study["path"])
    parts = [
        answer(found, rows),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(found, rows),
        critical_section(found, rows),
        lasting_section(found, rows),
        starts_section(found, rows),
        reproduction_section(found, rows),
        certainty_section(found),
        limits_section(found, [path, *(found.study.get("strong") or {})], turnover=path.startswith("serve.")),
        provenance_section(found),
    ]
    return page(title, kicker, parts)


def believed(rows: Rows, measure: str) -> Row | None:
    """Return the row of the crossing that is the result for a measure; None if it was not looked at."""
    return next((row for row in rows["critical"] if row["measure"] == measure and row["believed"]), None)


def answer(found: Found, rows: Rows) -> Markup:
    """Return the box with the short answer."""
    study = found.study
    best = believed(rows, study["outcome"])
    texts = [crossing_words(study, best, found.weeks)] if best else []
    starts = starts_words(study, rows["starts"])
    reproduction = believed(rows, REPRODUCTION)
    texts += [starts] if starts else []
    texts += [reproduction_words(study, reproduction)] if reproduction else []
    inside = together([element("h2", "The short answer", id="answer"), items(texts)])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def done_section(found: Found, rows: Rows) -> Markup:
    """Return the section: what was done."""
    study, number = found.study, len(rows["rounds"])
    tried = sum(int(row["values"]) for row in rows["rounds"])
    text = (
        f"The scenario “{found.base_name}” was run for {duration(found.weeks)} at {tried} values of {study['path']} "
        f"between {value_text(study['low'])} and {value_text(study['high'])}, {found.done.shape[1]:,} times each, with "
        f"the same luck at all of them. The values were chosen in {small(number)} round{'' if number == 1 else 's'}: "
        "the first spread over the whole range, each later one over half as much, around where all runs so far put the "
        "crossing."
    )
    starts = ""
    if rows["starts"]:
        starts = (
            f"At {len(rows['starts'])} of these values groups also began from a strong start "
            f"({_start(study['strong'])}) and from a weak one ({_start(study['weak'])}), again with the same luck."
        )
    body = [
        [
            str(row["round"] + 1),
            f"{value_text(row['lowest'])} to {value_text(row['highest'])}",
            str(row["values"]),
            band(row, "critical", 3),
        ]
        for row in rows["rounds"]
    ]
    head = ["Round", "Values from and to", "New values", "Crossing by all runs so far"]
    return section(
        "What was done", paragraphs(text, starts), folded("The rounds", table(head, body, "The rounds")), key="done"
    )


def _start(values: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {value_text(value)}" for path, value in values.items())


def critical_section(found: Found, rows: Rows) -> Markup:
    """Return the section of the critical value: picture, the check by the other method, the direction, all values."""
    study, outcome = found.study, str(found.study["outcome"])
    mine = [row for row in rows["critical"] if row["measure"] == outcome]
    along = [row for row in rows["by_value"] if row["measure"] == outcome]
    best = believed(rows, outcome)
    texts = [methods_words(mine, study), monotone_words(study, best) if best else ""]
    scale, digits = worth(outcome)
    body = [
        [value_text(row["value"]), band(row, "mean", digits, scale), str(row["runs"]), str(row["failed"])]
        for row in along
    ]
    caption = f"{capital(INFORMATION[outcome].meaning)}{', of 100 groups' if scale == 100 else ''}"
    head = [str(study["path"]), "Value (and its range)", "Runs", "Failed"]
    drawn = outcome_picture(study, along, best)
    about = (
        "Dots: all runs at a value, with the range of chance. Line: the logistic curve. Dashed: the curve without a "
        "model, which only falls or only rises. Shaded: the range of the critical value."
    )
    return section(
        f"Where it crosses {level_words(study)}",
        figures([drawn], about),
        paragraphs(*texts),
        folded("All values", table(head, body, caption)),
        key="critical",
    )


def methods_words(mine: list[Row], study: dict[str, Any]) -> str:
    """Return what the two methods say of the critical value, and whether they agree."""
    told = []
    for row in mine:
        name = "a logistic curve" if row["method"] == "logistic" else "a staircase without a model"
        place = band(row, "critical", 3) if row["side"] == "crosses" else f"no crossing, all {row['side']} the level"
        told.append(f"By {name}: {place}.")
    if len(mine) < 2:
        return " ".join(told)
    agree = next(row["believed"] for row in mine if row["method"] == "logistic")
    return " ".join(told) + (
        " The two agree, so the curve is taken for the result."
        if agree
        else " The two do not agree: the curve does not fit these runs, so the staircase is taken for the result."
    )


def lasting_section(found: Found, rows: Rows) -> Markup:
    """Return the section of how long groups lasted and why they closed; nothing if it was not watched."""
    if not rows["survival"]:
        return Markup("")
    values = sorted({row["value"] for row in rows["survival"]})
    open_for = {row["value"]: row for row in rows["by_value"] if row["measure"] == "weeks_open"}
    body = [
        [value_text(value), band(open_for[value], "mean", 1, 1 / 52) if value in open_for else UNKNOWN]
        for value in values
    ]
    pictures = [curves_picture(found.study, rows["survival"], found.weeks)]
    if rows["closing"]:
        pictures.append(reasons_picture(found.study, rows["closing"], values))
    about = (
        "Left: groups still meeting, by age (Kaplan-Meier, with the range of chance). Right: of 100 groups, those "
        "closed by the end for each reason; the reasons compete, so together with the groups still meeting they make "
        "100 (Aalen-Johansen)."
    )
    head = [str(found.study["path"]), "Years open"]
    caption = "Mean time open within the run, in years (with the range that is uncertain)"
    return section(
        "How long groups lasted, and why they closed",
        figures(pictures, about),
        folded("Mean time open", table(head, body, caption)),
        key="lasting",
    )


def starts_section(found: Found, rows: Rows) -> Markup:
    """Return the section of the two starts; nothing if the study gave none."""
    if not rows["starts"]:
        return Markup("")
    study = found.study
    scale, digits = worth(str(study["outcome"]))
    verdicts = {"alike": "one fate", "differ": "the start decides", "unclear": "not clear"}
    body = [
        [
            value_text(row["value"]),
            *(UNKNOWN if row[start] is None else plain(scale * row[start], digits) for start in ("strong", "weak")),
            band(row, "difference", digits, scale),
            verdicts[row["verdict"]],
        ]
        for row in rows["starts"]
    ]
    text = (
        f"Strong: {_start(study['strong'])}. Weak: {_start(study['weak'])}. Each pair of groups has the same place, "
        "people and luck and differs in its start alone. Where both starts end alike, there is one fate; where they "
        "differ, the start still decides at the end of the run. A difference that lasts is what two stable states "
        "would look like, but so would a fate that merely takes longer than the run to arrive."
    )
    head = [str(study["path"]), "Strong start", "Weak start", "Difference of pairs", "What it says"]
    return section(
        "Does the start decide?",
        paragraphs(text),
        figures([starts_picture(study, rows["starts"])], "The same values from both starts; bars: range of chance."),
        table(head, body, f"{capital(INFORMATION[study['outcome']].meaning)}, by start"),
        key="starts",
    )


def reproduction_section(found: Found, rows: Rows) -> Markup:
    """Return the section of the helper reproduction number; nothing if it was not watched."""
    along = [row for row in rows["by_value"] if row["measure"] == REPRODUCTION]
    best = believed(rows, REPRODUCTION)
    if best is None or not any(row["mean"] is not None for row in along):
        return Markup("")
    text = (
        "The helper reproduction number counts the new helpers that a helper leaves behind over a whole career, each "
        "credited to those who helped them. It is about helpers who came up in the group and whose career ended within "
        "the run; founders, and helpers still helping at the end, are left out, so it leans towards short careers. "
        f"{best['without']:,} runs had no such career and count for nothing here."
    )
    return section(
        "Do helpers replace themselves?",
        paragraphs(text),
        figures([reproduction_picture(found.study, along)], "Mean over the runs, with the range of chance."),
        key="reproduction",
    )

"""The page of a comparison: which differences there are, how sure, and where the histories part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mhsim.report.compare.data import Compared, read_compared
from mhsim.report.compare.figures import differences_figure, spreading_figure
from mhsim.report.compare.wording import change, number, scale_of, times, told, unit_of, verdict
from mhsim.report.formatting import UNKNOWN, duration, joined, plain, small, value_text
from mhsim.report.html import Markup, element, figures, folded, items, note, page, paragraphs, section, table, together
from mhsim.report.limits import limits_section
from mhsim.report.provenance import provenance_section
from mhsim.report.study_data import Found
from mhsim.report.sweep_page import MAIN, survival_section
from mhsim.report.uncertainty import certainty_section, no_results

SHORT = ("alive_at_end", "members_at_end", "accommodated_at_52")
MOST_OPEN = 12
"""Rows of what differs that stand open on the page."""


def compare_page(folder: Path, found: Found) -> str:
    """Return the page of a comparison as HTML; raise InputError if its analysis is missing."""
    title = str(found.study.get("title") or "Scenarios under the same luck")
    kicker = f"A comparison of {small(len(found.points))} scenarios, {found.done.size:,} simulated histories"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    compared = read_compared(folder, found)
    question = " ".join(str(found.study.get("question") or "").split())
    parts = [
        answer(compared),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(compared),
        *(held_section(compared, name, place) for place, name in enumerate(compared.names[1:])),
        survival_section(compared.found),
        parting_section(compared),
        worth_section(compared),
        certainty_section(compared.found),
        limits_section(compared.found, list(compared.differing())),
        provenance_section(compared.found),
    ]
    return page(title, kicker, parts)


def main_rows(compared: Compared, scenario: str) -> list[dict[str, Any]]:
    """Return the rows that are shown first: the main measures and those with a tolerance, or else the first few."""
    rows = compared.of(scenario)
    wanted = [*MAIN, *(compared.found.study.get("tolerance") or {})]
    chosen = [rows[name] for name in dict.fromkeys(wanted) if name in rows]
    return chosen or list(rows.values())[:8]


def answer(compared: Compared) -> Markup:
    """Return the box with the short answer."""
    texts = []
    for name in compared.names[1:]:
        main = main_rows(compared, name)
        chosen = [row for row in main if row["measure"] in SHORT or row["clear"]] or main[:3]
        texts += [told(row) for row in chosen] + [luck_words(chosen)]
    texts.append(parting_words(compared))
    inside = together([element("h2", "The short answer", id="answer"), items([text for text in texts if text])])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def luck_words(rows: list[dict[str, Any]]) -> str:
    """Return in one sentence what shared luck is worth: for members at the end, or else the first measure with one."""
    known = [row for row in rows if row["variance_ratio"] is not None]
    if not known:
        return ""
    row = next((row for row in known if row["measure"] == "members_at_end"), known[0])
    measure = f"{row['measure'].replace('_', ' ')} ({row['scenario']} against {row['reference']})"
    return f"Without shared luck, equal certainty about {measure} would take {times(row)} as many runs."


def done_section(compared: Compared) -> Markup:
    """Return the section: what was done, and in what the scenarios differ."""
    found, names = compared.found, compared.names
    text = (
        f"{small(len(names)).capitalize()} scenarios, {joined(names)}, were each run for {duration(found.weeks)}, "
        f"{found.done.shape[1]:,} times. The same run has the same place, the same people coming into need and the "
        f"same luck in all of them, so a difference between two runs comes from what was assumed. {names[0]} is the "
        "one the others are held against."
    )
    differing = compared.differing()
    rows = [[path, *(_value(value) for value in values)] for path, values in differing.items()]
    if not rows:
        return section("What was done", paragraphs(text, "Nothing differs between the scenarios."), key="done")
    shown = table(["What is assumed", *names], rows, "What differs between the scenarios")
    if len(rows) > MOST_OPEN:
        many = (
            f"The scenarios differ in {len(rows)} numbers and choices at once. Which of them makes a difference cannot "
            "be told from this comparison."
        )
        return section("What was done", paragraphs(text), note(many), folded("All of them", shown), key="done")
    return section("What was done", paragraphs(text), shown, key="done")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"{small(len(value))} listed" if value else "none"
    return "on" if value is True else "off" if value is False else value_text(value)


def held_section(compared: Compared, scenario: str, place: int) -> Markup:
    """Return the section of one scenario held against the first: a picture and a table of measures."""
    reference, rows = compared.names[0], main_rows(compared, scenario)
    head = ["Measure", "Unit", reference, scenario, "Difference (95 % range)", "Is it clear?", "Pairs", "Left out"]
    body = [_cells(row) for row in compared.of(scenario).values()]
    about = (
        f"{scenario} less {reference}, as a share of how much {reference} varies from run to run (its s.d.), so that "
        "measures can stand beside one another; lines are 95 % ranges, filled marks are clear differences."
    )
    picture = differences_figure(rows, f"{scenario} against {reference}")
    ranges = (
        "A range is that of the differences within pairs (Student’s for numbers, Bonett and Price’s for yes and no), "
        "each for its measure alone. Where many measures are looked at, some would seem to differ by chance; “clear” "
        f"takes account of that (over all {len(compared.rows):,} differences of this study, the signs of pairs turned "
        "at random 2,000 times) and asks for ten pairs or more. “Clear only if looked at alone” would count if this "
        "measure had been the only one asked about beforehand."
    )
    main = table(head, [_cells(row) for row in rows], f"{scenario} against {reference}, the same runs")
    every = folded(f"All {len(body)} measures", table(head, body, f"All measures, {scenario} against {reference}"))
    return section(
        f"{scenario} against {reference}",
        figures([picture] if picture else [], about),
        main,
        paragraphs(ranges),
        every if len(body) > len(rows) else "",
        key=f"held-{place}",
    )


def _cells(row: dict[str, Any]) -> list[str]:
    parts = [(row["dropped_failed"], "failed"), (row["dropped_no_case"], "no case")]
    left = ", ".join(f"{count:,} {why}" for count, why in parts if count) or "none"
    return [
        row["measure"].replace("_", " "),
        unit_of(row),
        number(row, "mean_reference"),
        number(row, "mean"),
        change(row),
        verdict(row),
        f"{row['pairs']:,}",
        left,
    ]


def parting_words(compared: Compared) -> str:
    """Return in one sentence in how many histories somebody's life differs, and where the first one does."""
    lived = [row for row in compared.parting if row["status"] == "done"]
    parted = [row for row in lived if row["week"] is not None]
    if not lived:
        return ""
    if not parted:
        return f"In none of {small(len(lived))} pairs of histories lived side by side is anybody’s life another."
    first = min(parted, key=lambda row: (row["week"], row["replicate"]))
    what = "; ".join(str(first["told"]).split("; ")[:2])
    return (
        f"In {small(len(parted))} of {small(len(lived))} pairs of histories lived side by side somebody’s life "
        f"differs; first in {_week(first['week'])} (run {first['replicate']}, {first['scenario']}), where person "
        f"{first['person']} is the first: {what}."
    )


def _week(week: float) -> str:
    return f"week {plain(week, 0)}" + ("" if week >= 0 else ", before the groups opened")


def parting_section(compared: Compared) -> Markup:
    """Return the section: where histories part, and how far it spreads."""
    if not compared.parting:
        return Markup("")
    head = ["Run", "Scenario", "First differs in week", "People", "Who", f"What differs ({compared.names[0]} first)"]
    rows = [_parting_cells(row) for row in compared.parting]
    about = (
        "Both histories are lived side by side and every person is compared with the same person in the other. Until "
        "the scenarios touch somebody, all lives are the same; then one difference leads to others, through those "
        "helped, met or missed. Week 0 is when the groups open. A person is named by community, step of arrival "
        "(4095: there from the start) and number."
    )
    drawn = spreading_figure(compared)
    caption = "Of 100 people in need then, whose life so far differs between the two; thin lines are single runs."
    return section(
        "Where the histories part",
        paragraphs(about),
        figures([drawn] if drawn else [], caption),
        table(head, rows, "The first difference in each pair of histories"),
        key="parting",
    )


def _parting_cells(row: dict[str, Any]) -> list[str]:
    start = [str(row["replicate"]), row["scenario"]]
    if row["status"] != "done":
        return [*start, UNKNOWN, UNKNOWN, UNKNOWN, f"This pair could not be lived through: {row['error']}"]
    if row["week"] is None:
        return [*start, "never", "none", UNKNOWN, "nothing to the end"]
    return [*start, plain(row["week"], 0), f"{row['people']} of {row['present']}", row["names"], row["told"]]


def worth_section(compared: Compared) -> Markup:
    """Return the section: what shared luck is worth, and how many more runs would be enough."""
    head = [
        "Scenario",
        "Measure",
        "Unit",
        "Without shared luck",
        "Half the range now",
        "Close enough",
        "More runs needed",
    ]
    rows = []
    for name in compared.names[1:]:
        for row in main_rows(compared, name):
            scale = scale_of(row)
            now, wanted = (
                UNKNOWN if row[key] is None else plain(scale * row[key], 2) for key in ("half_width", "tolerance")
            )
            more = UNKNOWN if row["pairs_more"] is None else f"{row['pairs_more']:,.0f}"
            rows.append([name, row["measure"].replace("_", " "), unit_of(row), times(row), now, wanted, more])
    about = (
        "Pairs of runs with the same luck differ less than runs with luck of their own. “Without shared luck” says how "
        "many times as many runs the same certainty would take then. “Close enough” is what the study asked for, or "
        "a share of how much the first scenario varies; the number of runs needed beyond those there are is rough."
    )
    return section(
        "What shared luck is worth, and how many runs would be enough",
        paragraphs(about),
        table(head, rows, "Per measure"),
        key="worth",
    )

"""The page of any other sweep: each main measure by the first thing that varies, and survival where it can be shown."""

from __future__ import annotations

from collections.abc import Sequence

from mhsim.report.by_axis import INFORMATION, label, measure_section, told
from mhsim.report.formatting import duration, value_text
from mhsim.report.html import Markup, element, figures, items, page, paragraphs, section, table, together
from mhsim.report.limits import limits_section
from mhsim.report.provenance import provenance_section
from mhsim.report.study_data import Found
from mhsim.report.survival import curve, followed
from mhsim.report.turnover.survival_section import curves
from mhsim.report.uncertainty import certainty_section, no_results

MAIN = (
    "alive_at_end",
    "weeks_to_closure",
    "members_at_end",
    "helpers_at_end",
    "accommodated_at_52",
    "hope_at_52",
    "distress_at_52",
    "retention_at_52",
    "helper_reproduction",
    "helping_gini",
)
MOST_CURVES = 8


def sweep_page(found: Found) -> str:
    """Return the page of a sweep as HTML."""
    title = str(found.study.get("title") or "A sweep")
    kicker = f"A simulation study of {found.done.size:,} runs"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    measures = main_measures(found)
    question = " ".join(str(found.study.get("question") or "").split())
    parts = [
        answer(found, measures),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(found),
        survival_section(found),
        *(measure_section(found, measure) for measure in measures),
        certainty_section(found),
        limits_section(found, found.axes),
        provenance_section(found),
    ]
    return page(title, kicker, parts)


def main_measures(found: Found) -> list[str]:
    """Return which measures are shown: the main ones watched, or else the first few that are numbers."""
    numbers = [name for name in found.columns if INFORMATION[name].kind != "text"]
    return [name for name in MAIN if name in numbers] or numbers[:6]


def answer(found: Found, measures: Sequence[str]) -> Markup:
    """Return the box with the short answer: each main measure from the first to the last value of the first axis."""
    texts = [told(found, measure) for measure in measures]
    inside = together([element("h2", "The short answer", id="answer"), items([text for text in texts if text])])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def done_section(found: Found) -> Markup:
    """Return the section: what was done."""
    replicates = found.done.shape[1]
    text = (
        f"The scenario “{found.base_name}” was run for {duration(found.weeks)}, {found.done.size:,} times: at "
        f"{len(found.points):,} combinations of what varied, {replicates:,} times each; the same luck at all of them."
    )
    rows = [[path, _levels(found, path)] for path in found.axes]
    varied = table(["What", "Values"], rows, "What varied") if rows else paragraphs("Nothing was varied.")
    return section("What was done", paragraphs(text), varied, key="done")


def _levels(found: Found, path: str) -> str:
    levels = found.levels(path)
    if len(levels) > 12:
        return f"{len(levels)} values from {value_text(levels[0])} to {value_text(levels[-1])}"
    return ", ".join(value_text(value) for value in levels)


def survival_section(found: Found) -> Markup:
    """Return the section of survival curves; nothing if they were not kept or there are too many points."""
    if not found.has("weeks_to_closure", "closed") or len(found.points) > MOST_CURVES:
        return Markup("")
    weeks, closed = found.numbers("weeks_to_closure"), found.numbers("closed")
    lines = [(label(found, k), curve(weeks[k], closed[k])) for k in range(len(found.points))]
    telling = "; ".join(f"{name}: {100 * line.share[-1]:.0f} of 100 left" for name, line in lines if line is not None)
    drawn = curves(lines, "Groups still meeting", f"At the end, {telling}.", followed(found), 1)
    return section(
        "How long groups lasted", figures([drawn], "Of 100 groups; the bands show the range of chance."), key="lasting"
    )

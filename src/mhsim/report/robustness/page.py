"""The page of a robustness study: which sentences stand under which alterations, a figure, and all tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from mhsim.palette import BLUE, GREY, ORANGE, RED
from mhsim.report.figures import legend_below, picture
from mhsim.report.formatting import capital, durations, scale_of, small, why
from mhsim.report.html import NOTHING, answer_box, items, paragraphs
from mhsim.report.robustness.told import Robust, Tried, answer, difference, worst
from mhsim.report.study_page import StudyPage
from mhsim.report.wording import Wording
from mhsim.studies.data import StudyData

WORDS = Wording("robustness")
LOOKS = {"stands": (BLUE, ""), "not clear": (GREY, "///"), "gone": (ORANGE, "..."), "turned": (RED, "xxx")}
"""Colour and pattern of each way a sentence can stand; either alone tells them apart."""
MOST_DRAWN, LONGEST = 30, 70


def sections(found: Robust) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    return [
        answer_section(found),
        done_section(found),
        standing_section(found),
        altering_section(found),
        untried_section(found),
    ]


page_of = StudyPage(
    "What holds otherwise", Robust, sections, lambda found: (), kicker="A study of robustness, {runs:,} runs"
).page_of


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard."""
    return sections(Robust(data))


def answer_section(found: Robust) -> Markup:
    """Return the box with the short answer."""
    first, *rest = answer(found)
    return answer_box(paragraphs(first), items(rest[:MOST_DRAWN]), paragraphs(worst(found), WORDS("cannot")))


def done_section(found: Robust) -> Markup:
    """Return the section: what was done."""
    screened = (
        f"After {small(found.study.screen)} replicates only those went on under which some sentence did not stand yet."
        if found.study.screen
        else ""
    )
    said = {
        "title": found.study.of.get("title") or found.study.of.get("base", "base"),
        "alterations": len(found.alterations),
        "replicates": found.data.shape[1],
        "long": durations(list(found.data.lengths)),
        "screened": screened,
    }
    groups = [(name, words, found.of_group(name)) for name, words in WORDS.entry("groups").items()]
    rows = [[name.replace("-", " "), f"{len(listed):,}", words] for name, words, listed in groups if listed]
    return WORDS.section("done", WORDS.table("done", rows), **said)


def standing_section(found: Robust) -> Markup:
    """Return the section: every sentence tried and how it stands, with a figure."""
    if not found.tried:
        return NOTHING
    rows = [
        [one.words, f"{one.tried:,}", *(f"{len(one.under[name]):,}" for name in LOOKS), capital(one.when()) or "never"]
        for one in found.tried
    ]
    return WORDS.section(
        "standing", WORDS.figures("standing", [counts_figure(found.tried[:MOST_DRAWN])]), WORDS.table("standing", rows)
    )


def counts_figure(tried: list[Tried]) -> Markup:
    """Return bars of how many alterations each sentence stands under, the name above each."""

    def draw(axes: Any) -> None:
        for place, one in enumerate(tried):
            left = 0
            for name, (colour, pattern) in LOOKS.items():
                number = len(one.under[name])
                label = None if place else {"stands": "stands", "not clear": "may be chance"}.get(name, name)
                look = {"color": colour, "hatch": pattern, "edgecolor": "white", "label": label}
                axes.barh(-float(place), number, left=left, height=0.38, linewidth=0.5, **look)
                left += number
            axes.text(0, 0.34 - place, _short(one.words), fontsize=7, va="center")
        axes.set_yticks([])
        axes.set_ylim(-len(tried) + 0.4, 0.7)
        axes.set_xlabel("alterations")
        legend_below(axes, 4)

    telling = "; ".join(f"{_short(one.words)}: stands under {one.stands} of {one.tried}" for one in tried)
    return picture(draw, "Alterations that each sentence survives", telling, (6.4, 1.0 + 0.42 * len(tried)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def altering_section(found: Robust) -> Markup:
    """Return the section: the alterations under which not every sentence stands."""
    rows = [
        [row["words"], row["sets"] or "–", *(f"{row[name]:,}" for name in ("stands", "not_clear", "gone", "turned"))]
        for row in found.alterations
        if row["not_clear"] + row["gone"] + row["turned"]
    ]
    return WORDS.section("altering", WORDS.table("altering", rows)) if rows else NOTHING


def untried_section(found: Robust) -> Markup:
    """Return the section: sentences that are not clear as assumed."""
    rows = [
        [
            row["sentence"],
            row["measure"].replace("_", " "),
            scale_of(row["measure"]).change(difference(row), mark=False),
            why(difference(row)),
            f"{row['becomes_clear']:,}",
        ]
        for row in found.untried
    ]
    return WORDS.section("untried", WORDS.table("untried", rows, number=len(rows))) if rows else NOTHING

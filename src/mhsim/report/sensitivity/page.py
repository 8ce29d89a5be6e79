"""The page of a study of sensitivity: what moves each outcome most, and how much of that is noise or a guess."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, MARKS, Bar, legend_below, picture, ranked_bars
from mhsim.report.formatting import UNKNOWN, capital, durations, joined, span, value_text
from mhsim.report.html import NOTHING, answer_box, figures, folded, items, note, paragraphs, section, table, together
from mhsim.report.sensitivity.ranking import (
    METHODS,
    STATES,
    Analysis,
    Ranked,
    assumed_words,
    noise_words,
    number,
    outcome_words,
)
from mhsim.report.study_page import SEEDS, StudyPage, failures_part
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_BARS, MOST_LINES = 12, 5
HEADS = {
    "morris": ("Size of effect, mu*", {"mu": "With its sign, mu", "sigma": "Spread, sigma"}),
    "sobol": ("Total index", {"first": "First index"}),
    "pawn": ("Median distance", {"mean": "Mean", "maximum": "Largest"}),
}
PARTS = {
    "morris": ("trajectories used", "whole trajectory"),
    "sobol": ("blocks used", "whole block"),
    "pawn": ("points used", "point"),
}
"""What the sample of each method is made of: by what it grows, and what is left out where a run is missing."""
SINGLE = (
    "With one run at each point noise cannot be told from effects; a parameter stands out here if its interval lies "
    "above 0."
)
INTERVALS = (
    "The ranges in brackets are 95 % intervals from drawing the parts of the sample (trajectories, blocks or points) "
    "again and again at random. They say how far another sample of the same size would move an index, not whether the "
    "model is right.",
    "Replicate noise is what the random seeds of the runs add to the differences between points. Chance that is the "
    "same at all points is not counted: it moves all of them together. A parameter stands out if its index lies above "
    "the noise floor: what the index of a parameter without any effect would stay below in 95 of 100 cases. Of many "
    "parameters without effect, a few may therefore seem to stand out.",
)


def sections(analysis: Analysis) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    each = (outcome_section(analysis, outcome) for outcome in analysis.names)
    return [answer_section(analysis), done_section(analysis), *each]


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard about one outcome."""
    analysis = Analysis(data)
    outcome = measure if measure in analysis.names else analysis.names[0]
    return [
        answer_section(analysis),
        outcome_section(analysis, outcome),
        done_section(analysis),
        gaps_part(analysis),
    ]


def answer_section(analysis: Analysis) -> Markup:
    """Return the box with the short answer: what moves each outcome most, and what of it is only assumed."""
    texts = [
        f"{outcome_words(analysis, outcome)} {assumed_words(analysis.ranked(outcome), outcome)}".strip()
        for outcome in analysis.names
    ]
    return answer_box(items(texts))


def done_section(analysis: Analysis) -> Markup:
    """Return the section: what was done, and over which ranges."""
    data = analysis.data
    replicates = data.shape[1]
    times = "once" if replicates == 1 else f"{replicates:,} times"
    blocks = max(row["blocks"] for row in analysis.outcomes)
    text = (
        f"The scenario “{data.base_name}” was run for {durations(list(data.lengths))}, {int(data.stored.sum()):,} "
        f"times: at {len(data.points):,} points in the ranges of {len(analysis.varied)} parameters, {times} each; "
        f"{SEEDS}. What is explained is the mean over the runs of a point."
    )
    left = [path for path, row in analysis.parameters.items() if not row["varied"]]
    kept = f"Not varied, since it is 0 in the scenario and nothing lies around 0: {joined(left)}." if left else ""
    whole = [row["path"] for row in analysis.varied if row["whole"]]
    rounded = f"Rounded to whole numbers: {joined(whole)}." if whole else ""
    rows = [
        [
            row["path"],
            span(value_text(row["low"]), value_text(row["high"])) + (", log" if row["scale"] == "log" else ""),
            value_text(row["present"]),
            row["origin"],
            row["meaning"] or "",
            row["source"] or "",
        ]
        for row in analysis.varied
    ]
    head = ["Parameter", "Range", "In the scenario", "Range from", "Meaning", "Source"]
    listed = folded(f"The {len(rows)} parameters and their ranges", table(head, rows, "What varied"))
    method = METHODS[analysis.method].format(blocks=f"{blocks:,}")
    return section("What was done", paragraphs(text, method, kept, rounded), listed, key="done")


def outcome_section(analysis: Analysis, outcome: str) -> Markup:
    """Return the section of one outcome: figures, what is assumed in words, and all parameters as a table."""
    measure, ranked, about = BY_NAME[outcome], analysis.ranked(outcome), analysis.about(outcome)
    opening = paragraphs(f"{capital(measure.meaning)}; {measure.shown_unit}.")
    if about["state"] != "done":
        return section(measure.label, opening, paragraphs(STATES[about["state"]]), key=f"of-{outcome}")
    scale = analysis.scale(outcome)
    main, more = HEADS[analysis.method]
    rows = [
        [
            one.path,
            scale.estimate(one.index),
            *(scale.number(one.others[name]) if name in one.others else UNKNOWN for name in more),
            "yes" if one.matters else "no",
            one.source or UNKNOWN,
        ]
        for one in ranked
    ]
    head = ["Parameter", f"{main} ({scale.unit})", *more.values(), "Above noise", "Source"]
    caption = (
        "Left: the largest indices with their 95 % intervals. Right: the same index from the first part of the sample "
        "up to all of it; where lines still climb, fall or cross, a larger sample may change the order."
    )
    drawn = [ranking_figure(analysis, outcome, ranked), convergence_figure(analysis, outcome, ranked)]
    every = table(head, rows, f"{measure.label}: all parameters, the largest index first")
    return section(
        measure.label,
        opening,
        figures(drawn, caption),
        paragraphs(assumed_words(ranked, outcome)),
        folded(f"All {len(rows)} parameters", every),
        key=f"of-{outcome}",
    )


def ranking_figure(analysis: Analysis, outcome: str, ranked: Sequence[Ranked]) -> Markup:
    """Return the largest indices as bars; assumed ones are hatched."""
    scale, shown = analysis.scale(outcome), ranked[:MOST_BARS]
    bars = [Bar(one.path, one.index, filled=True, assumed=one.assumed) for one in shown]
    telling = joined([f"{one.path} {scale.number(one.index.value)}" for one in shown])
    return ranked_bars(
        bars,
        scale,
        f"{BY_NAME[outcome].label}: what moves it most",
        scale.unit,
        floor=shown[0].floor if shown else float("nan"),
        telling=f"In order: {telling}; in {scale.unit}.",
    )


def convergence_figure(analysis: Analysis, outcome: str, ranked: Sequence[Ranked]) -> Markup:
    """Return the main index of the first parameters by the share of the sample it is computed from."""
    scale = analysis.scale(outcome)
    steps = {one.path: analysis.steps(outcome, one.path) for one in ranked[:MOST_LINES]}

    def draw(axes: Axes) -> None:
        for k, (path, rows) in enumerate(steps.items()):
            spots = [row["blocks"] for row in rows]
            value, low, high = ([scale.factor * number(row[end]) for row in rows] for end in ("value", "low", "high"))
            style: Any = {"color": COLOURS[k], "marker": MARKS[k], "linestyle": DASHES[k]}
            axes.plot(spots, value, label=path, markersize=4, **style)
            axes.fill_between(spots, low, high, color=COLOURS[k], alpha=0.13, linewidth=0)
        axes.set_ylim(bottom=0)
        axes.set_xlabel(PARTS[analysis.method][0])
        axes.set_ylabel(scale.unit)
        legend_below(axes, 1)

    told = [
        f"{path} from {scale.number(rows[0]['value'])} to {scale.number(rows[-1]['value'])}"
        for path, rows in steps.items()
        if rows
    ]
    return picture(draw, "Has it settled?", f"As the sample grows: {'; '.join(told)}.", (5.6, 4.6))


def uncertainty_section(analysis: Analysis) -> Markup:
    """Return the section: how sure the ranking is, how much is noise, and where runs are missing."""
    few = note(SINGLE) if analysis.data.shape[1] == 1 and analysis.method != "pawn" else NOTHING
    head = ["Outcome", "Parts used", "Left out", "Runs not defined", "Noise in the differences", "Noise floor"]
    rows = [
        [
            row["outcome"],
            f"{row['blocks'] - row['left_out']:,} of {row['blocks']:,}",
            f"{row['left_out']:,}",
            f"{row['undefined']:,}",
            noise_words(row["noise_share"]),
            analysis.scale(row["outcome"]).level(row["floor"]),
        ]
        for row in analysis.outcomes
    ]
    counts = table(head, rows, "Parts are trajectories (Morris), blocks (Sobol') or points (PAWN)")
    return section(
        "How sure", paragraphs(*INTERVALS), few, counts, gaps_part(analysis), failures_part(analysis.data), key="sure"
    )


def gaps_part(analysis: Analysis) -> Markup:
    """Return where runs are missing: nothing if none is."""
    if not analysis.gaps:
        return NOTHING
    text = (
        f"Some runs failed or have no value of an outcome. The {PARTS[analysis.method][1]} that such a run belongs to "
        "is left out of that outcome's indices; none of them counts as zero. Where this happens in one corner of the "
        "ranges only, the indices do not speak for that corner."
    )
    head = ["Outcome and parameter", "Why", "Runs", "Points", "Between", "Tried"]
    rows = [
        [
            f"{row['outcome']}: {row['path']}",
            row["reason"],
            f"{row['runs']:,}",
            f"{row['points']:,}",
            span(value_text(row["low"]), value_text(row["high"])),
            span(value_text(row["tried_low"]), value_text(row["tried_high"])),
        ]
        for row in analysis.gaps
    ]
    return together([note(text), folded("Where runs are missing", table(head, rows, "Where in the ranges"))])


page_of = StudyPage(
    "Which parameters matter most",
    Analysis,
    sections,
    lambda analysis: [row["path"] for row in analysis.varied],
    uncertainty_section,
).page_of

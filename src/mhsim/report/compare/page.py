"""The page of a comparison: which differences there are, whether they are clear, and where the runs part."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, Bar, legend_below, picture, ranked_bars
from mhsim.report.formatting import (
    UNKNOWN,
    Scale,
    capital,
    durations,
    hundred,
    joined,
    plain,
    scale_of,
    small,
    trimmed,
    value_text,
    why,
)
from mhsim.report.html import NOTHING, answer_box, figures, folded, items, note, paragraphs, section, table
from mhsim.report.knowledge import Result
from mhsim.report.study_page import StudyPage
from mhsim.report.sweep.page import MAIN, survival_section
from mhsim.stats import Estimate
from mhsim.studies.analysis import difference_in
from mhsim.studies.data import Row, StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SHORT = ("alive_at_end", "members_at_end", "accommodated_at_52")
MOST_OPEN = 12
"""Rows of what differs that stand open on the page."""
SILENT = ("title", "form", "about")
"""Keys of a scenario on which nothing depends."""


class ComparisonData:
    """A finished comparison: the study, the rows of its analysis, and what differs between the scenarios."""

    def __init__(self, data: StudyData) -> None:
        """Read the analysis; raise InputError if it is missing."""
        self.data = data
        self.rows, self.parting, self.spreading = (data.rows(name) for name in ("comparison", "parting", "spreading"))
        self.names = [str(point["scenario"]) for point in data.points]

    def of(self, scenario: str) -> dict[str, Row]:
        """Return the rows of one scenario by measure."""
        return {row["measure"]: row for row in self.rows if row["scenario"] == scenario}

    def main(self, scenario: str) -> list[Row]:
        """Return the rows that are shown first: the main measures and those with a tolerance, or else the first few."""
        rows = self.of(scenario)
        wanted = [*MAIN, *(self.data.study.get("tolerance") or {})]
        return [rows[name] for name in dict.fromkeys(wanted) if name in rows] or list(rows.values())[:8]

    @cached_property
    def differing(self) -> dict[str, list[Any]]:
        """Every path that has not the same value in all scenarios, with its values in their order."""
        flattened = [flat(self.data.scenario(point)) for point in range(len(self.names))]
        values = {path: [one.get(path) for one in flattened] for one in flattened for path in one}
        return {
            path: found
            for path, found in values.items()
            if path not in SILENT and any(value != found[0] for value in found)
        }


def flat(data: Row, before: str = "") -> Row:
    """Return nested plain data as one dictionary from dotted paths to values."""
    pairs: Row = {}
    for key, value in data.items():
        pairs |= flat(value, f"{before}{key}.") if isinstance(value, dict) else {f"{before}{key}": value}
    return pairs


def sections(found: ComparisonData) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    return [
        answer_section(found),
        done_section(found),
        *(difference_section(found, name, number) for number, name in enumerate(found.names[1:])),
        survival_section(found.data),
        parting_section(found),
        precision_section(found),
    ]


def results(found: ComparisonData) -> list[Result]:
    """Return the difference of each main measure, of each scenario from the first."""
    return [
        Result(
            f"{capital(BY_NAME[row['measure']].meaning)}, {name} less {found.names[0]}",
            difference(row),
            scale_of(row["measure"]),
        )
        for name in found.names[1:]
        for row in found.main(name)
    ]


page_of = StudyPage(
    "Scenarios compared",
    ComparisonData,
    sections,
    lambda found: list(found.differing),
    kicker="A comparison of {points} scenarios, {runs:,} runs",
    results=results,
).page_of


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard."""
    found = ComparisonData(data)
    differences = [difference_section(found, name, number) for number, name in enumerate(found.names[1:])]
    return [answer_section(found), done_section(found), *differences, parting_section(found)]


def difference(row: Row) -> Estimate:
    """Return the difference of a row."""
    return difference_in(row, "difference", "pairs")


def label(row: Row) -> str:
    """Return the name of a row's measure in words."""
    return str(row["measure"]).replace("_", " ")


def answer_section(found: ComparisonData) -> Markup:
    """Return the box with the short answer."""
    texts = []
    for name in found.names[1:]:
        main = found.main(name)
        chosen = [row for row in main if row["measure"] in SHORT or row["clear"]] or main[:3]
        texts += [told(row) for row in chosen] + [seeds_words(chosen)]
    return answer_box(items([*texts, parting_words(found)]))


def told(row: Row) -> str:
    """Return one measure of one scenario against the first as a sentence."""
    measure, scale, change = str(row["measure"]), scale_of(row["measure"]), difference(row)
    what = "Groups still meeting at the end" if measure == "alive_at_end" else capital(BY_NAME[measure].meaning)
    if change.identical:
        return f"{what}: the same in every one of {change.cases:,} pairs of runs ({scale.level(row['mean'])})."
    if not change.known:
        return f"{what}: {why(change)}."
    values = f"{scale.level(row['mean'])} with {row['scenario']}, {scale.number(row['mean_reference'])} with"
    return f"{what}: {values} {row['reference']}; difference {scale.change(change, mark=False)}, {why(change)}."


def seeds_words(rows: list[Row]) -> str:
    """Return what the same random seeds are worth: for members at the end, or else the first measure with a number."""
    known = [row for row in rows if row["variance_ratio"] is not None]
    if not known:
        return ""
    row = next((row for row in known if row["measure"] == "members_at_end"), known[0])
    measure = f"{label(row)} ({row['scenario']} against {row['reference']})"
    return f"With other seeds in each scenario, equal certainty about {measure} would take {times(row)} as many runs."


def times(row: Row) -> str:
    """Return how many times as many runs it would take if scenarios did not share their random seeds."""
    return UNKNOWN if row["variance_ratio"] is None else f"{trimmed(row['variance_ratio'], 1)} times"


def done_section(found: ComparisonData) -> Markup:
    """Return the section: what was done, and in what the scenarios differ."""
    data, names = found.data, found.names
    text = (
        f"{capital(small(len(names)))} scenarios, {joined(names)}, were each run for {durations(list(data.lengths))}, "
        f"{data.shape[1]:,} times. The same replicate has the same random seed in all of them: the same place, the "
        "same people coming into need and the same chance events, so a difference between two runs comes from what was "
        f"assumed. The others are compared with {names[0]}."
    )
    rows = [[path, *(_value(value) for value in values)] for path, values in found.differing.items()]
    if not rows:
        return section("What was done", paragraphs(text, "Nothing differs between the scenarios."), key="done")
    shown = table(["What is assumed", *names], rows, "What differs between the scenarios")
    if len(rows) <= MOST_OPEN:
        return section("What was done", paragraphs(text), shown, key="done")
    many = (
        f"The scenarios differ in {len(rows)} numbers and choices at once. Which of them makes a difference cannot be "
        "told from this comparison."
    )
    return section("What was done", paragraphs(text), note(many), folded("All of them", shown), key="done")


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"{small(len(value))} listed" if value else "none"
    return value_text(value)


def difference_section(found: ComparisonData, scenario: str, number: int) -> Markup:
    """Return the section of one scenario compared with the first: a figure and a table of measures."""
    reference, rows, every = found.names[0], found.main(scenario), list(found.of(scenario).values())
    head = ["Measure", "Unit", reference, scenario, "Difference (95 % range)", "Is it clear?", "Pairs", "Left out"]
    title = f"{scenario} against {reference}"
    bars = [Bar(label(row), _in_deviations(row), difference(row).clear) for row in rows if row["sd_reference"]]
    drawn = ranked_bars(bars, Scale(1.0, "s.d.", 2), title, f"difference, in s.d. of {reference}")
    about = (
        f"{scenario} less {reference}, as a share of how much {reference} varies from run to run (its s.d.), so that "
        "measures can stand beside one another; lines are 95 % ranges, filled bars are clear differences."
    )
    ranges = (
        "Each range is for its measure alone. Where many measures are looked at, some would seem to differ by chance; "
        f"“clear” takes account of that over the {len(found.rows):,} differences of this study, and asks for ten pairs "
        "or more."
    )
    return section(
        title,
        figures([drawn], about),
        table(head, [_cells(row) for row in rows], f"{title}, the same random seeds"),
        paragraphs(ranges),
        folded(
            f"All {len(every)} measures",
            table(head, [_cells(row) for row in every], f"All measures, {title}"),
        )
        if len(every) > len(rows)
        else NOTHING,
        key=f"against-{number}",
    )


def _in_deviations(row: Row) -> Estimate:
    """Return a difference in standard deviations of the first scenario."""
    return difference(row).scaled(1.0 / row["sd_reference"])


def _cells(row: Row) -> list[str]:
    reasons = [(row["dropped_failed"], "failed"), (row["dropped_no_case"], "no case")]
    scale, change = scale_of(row["measure"]), difference(row)
    return [
        label(row),
        scale.unit,
        scale.number(row["mean_reference"]),
        scale.number(row["mean"]),
        scale.change(change, mark=False),
        why(change),
        f"{row['pairs']:,}",
        ", ".join(f"{count:,} {reason}" for count, reason in reasons if count) or "none",
    ]


def parting_words(found: ComparisonData) -> str:
    """Return in one sentence in how many pairs of runs somebody's life differs, and where the first one does."""
    looked = [row for row in found.parting if row["status"] == "done"]
    parted = [row for row in looked if row["week"] is not None]
    if not looked:
        return ""
    pairs = f"{small(len(looked))} pair{'' if len(looked) == 1 else 's'} of runs followed person by person"
    if not parted:
        return f"In none of {pairs} does anybody’s life differ."
    first = min(parted, key=lambda row: (row["week"], row["replicate"]))
    what = "; ".join(str(first["told"]).split("; ")[:2])
    before = "" if first["week"] >= 0 else ", before the groups opened"
    return (
        f"In {small(len(parted))} of {pairs} somebody’s life differs; first in week {plain(first['week'], 0)}{before} "
        f"(replicate {first['replicate']}, {first['scenario']}), where person {first['person']} is the first: {what}."
    )


def parting_section(found: ComparisonData) -> Markup:
    """Return the section: where runs part, and how far the difference spreads."""
    if not found.parting:
        return NOTHING
    head = ["Replicate", "Scenario", "First differs in week", "People", "Who", f"What differs ({found.names[0]} first)"]
    about = (
        "Both runs are simulated side by side and every person is compared with the same person in the other. Until "
        "the scenarios touch somebody, all lives are the same; then one difference leads to others, through those "
        "helped, met or missed. Week 0 is when the groups open. A person is named by community, step of arrival "
        "(4095: there from the start) and number."
    )
    caption = "Of 100 people in need then, whose life so far differs between the two; thin lines are single runs."
    rows = [_parting_cells(row) for row in found.parting]
    return section(
        "Where the runs part",
        paragraphs(about),
        figures([spreading_figure(found)], caption),
        table(head, rows, "The first difference in each pair of runs"),
        key="parting",
    )


def _parting_cells(row: Row) -> list[str]:
    start = [str(row["replicate"]), row["scenario"]]
    if row["status"] != "done":
        return [*start, UNKNOWN, UNKNOWN, UNKNOWN, f"This pair failed: {row['error']}"]
    if row["week"] is None:
        return [*start, "never", "none", UNKNOWN, "nothing to the end"]
    return [*start, plain(row["week"], 0), f"{row['people']} of {row['present']}", row["names"], row["told"]]


def spreading_figure(found: ComparisonData) -> Markup:
    """Return a figure of the share of people whose lives differ, by week; nothing without any."""
    lines: dict[str, dict[int, dict[float, float]]] = {name: {} for name in found.names[1:]}
    for row in found.spreading:
        if row["share"] is not None and row["scenario"] in lines:
            lines[row["scenario"]].setdefault(row["replicate"], {})[row["week"]] = row["share"]
    means = {name: _mean(list(runs.values())) for name, runs in lines.items()}
    if not any(means.values()):
        return NOTHING

    def draw(axes: Axes) -> None:
        for k, (name, runs) in enumerate(lines.items()):
            style: Any = {"color": COLOURS[k % 7]}
            for run in runs.values():
                axes.plot(list(run), [100 * share for share in run.values()], alpha=0.3, linewidth=0.8, **style)
            heights = [100 * share for share in means[name].values()]
            axes.plot(list(means[name]), heights, linestyle=DASHES[k % 7], linewidth=2.2, label=name, **style)
        axes.set_ylim(bottom=0)
        axes.set_xlim(left=0)
        axes.set_xlabel("weeks since the groups opened")
        axes.set_ylabel("of 100 people, lives that differ")
        if len(lines) > 1:
            legend_below(axes)

    shares = {
        name: ", ".join(f"week {plain(week, 0)}: {hundred(share)}" for week, share in mean.items())
        for name, mean in means.items()
    }
    telling = "; ".join(f"{name}: of 100 people, {share}" for name, share in shares.items())
    return picture(draw, "How far a difference spreads", telling, (6.2, 3.4))


def _mean(runs: list[dict[float, float]]) -> dict[float, float]:
    """Return the mean over the replicates by week."""
    weeks = sorted({week for run in runs for week in run})
    there = {week: [run[week] for run in runs if week in run] for week in weeks}
    return {week: sum(shares) / len(shares) for week, shares in there.items()}


def precision_section(found: ComparisonData) -> Markup:
    """Return the section: what the same random seeds are worth, and how many more runs would be enough."""
    head = ["Scenario", "Measure", "Unit", "With other seeds", "Half the range now", "Close enough", "More runs needed"]
    rows = []
    for name in found.names[1:]:
        for row in found.main(name):
            scale = scale_of(row["measure"])
            halves = [
                UNKNOWN if row[key] is None else plain(scale.factor * row[key], 2)
                for key in ("half_width", "tolerance")
            ]
            more = UNKNOWN if row["pairs_more"] is None else f"{row['pairs_more']:,.0f}"
            rows.append([name, label(row), scale.unit, times(row), *halves, more])
    about = (
        "Pairs of runs with the same random seed differ less than runs with seeds of their own. “With other seeds” "
        "says how many times as many runs the same certainty would take then. “Close enough” is what the study asked "
        "for, or a share of how much the first scenario varies; the number of runs needed beyond those there are is "
        "rough."
    )
    title = "What the same random seeds are worth, and how many runs would be enough"
    return section(title, paragraphs(about), table(head, rows, "For each measure"), key="worth")

"""The page of a search for a tipping point: where the outcome crosses its level, and what the start decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME
from mhsim.palette import BLUE, COLOURS, GREEN, GREY, ORDERED, RED, SKY
from mhsim.report.figures import DASHES, MARKS, VALUES, Line, estimates_figure, legend_below, picture
from mhsim.report.formatting import UNKNOWN, Scale, capital, counted, duration, hundred, scale_of, value_text
from mhsim.report.html import NOTHING, answer_box, figures, folded, items, paragraphs, section, table
from mhsim.report.knowledge import Result
from mhsim.report.study_page import SEEDS, StudyPage
from mhsim.report.tipping_point.wording import (
    PLACE,
    band,
    crossing_words,
    difference,
    level_words,
    methods_words,
    monotone_words,
    reproduction_words,
    starts_words,
)
from mhsim.stats import Numbers
from mhsim.studies.analysis import knowledge_in
from mhsim.studies.data import Row, StudyData
from mhsim.studies.registry import KINDS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

REPRODUCTION = "helper_reproduction"
MOST_CURVES = 5
YEARS = Scale(1 / 52.0, "years", 1)
VERDICTS = {"alike": "one fate", "differ": "the start decides", "unclear": "not clear"}


class SearchData:
    """A finished search: the study and the rows of its analysis."""

    def __init__(self, data: StudyData) -> None:
        """Read the analysis; raise InputError if it is missing."""
        self.data, self.study = data, data.study
        self.rows = {name: data.rows(name) for name in KINDS[data.kind].tables}
        self.outcome, self.path = str(data.study["outcome"]), str(data.study["path"])
        self.scale = scale_of(self.outcome)

    def believed(self, measure: str) -> Row | None:
        """Return the row of the crossing that is the result for a measure; None if it was not looked at."""
        return next((row for row in self.rows["critical"] if row["measure"] == measure and row["believed"]), None)

    def along(self, measure: str) -> list[Row]:
        """Return the rows of a measure by value."""
        return [row for row in self.rows["by_value"] if row["measure"] == measure]


def sections(found: SearchData) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    makers = (answer_section, done_section, critical_section, survival_section, starts_section, reproduction_section)
    return [make(found) for make in makers]


def results(found: SearchData) -> list[Result]:
    """Return the critical value, and the difference of the two starts at each value tried from both."""
    best, what = found.believed(found.outcome), BY_NAME[found.outcome].meaning
    crossing = (
        [Result(f"{capital(what)}: critical value of {found.path}", band(best, "critical"), PLACE)] if best else []
    )
    return crossing + [
        Result(f"{capital(what)}, strong less weak start at {value_text(row['value'])}", difference(row), found.scale)
        for row in found.rows["starts"]
    ]


page_of = StudyPage(
    "A tipping point",
    SearchData,
    sections,
    lambda found: [found.path, *(found.study.get("strong") or {})],
    turnover=lambda data: str(data.study["path"]).startswith("serve."),
    results=results,
).page_of


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard."""
    found = SearchData(data)
    makers = (answer_section, critical_section, survival_section, starts_section, reproduction_section)
    return [make(found) for make in makers]


def answer_section(found: SearchData) -> Markup:
    """Return the box with the short answer."""
    best, reproduction = found.believed(found.outcome), found.believed(REPRODUCTION)
    texts = [
        crossing_words(found.study, best, found.data.weeks) if best else "",
        starts_words(found.study, found.rows["starts"]),
        reproduction_words(found.study, reproduction) if reproduction else "",
    ]
    return answer_box(items(texts))


def done_section(found: SearchData) -> Markup:
    """Return the section: what was done."""
    study, rounds, data = found.study, found.rows["rounds"], found.data
    tried = sum(int(row["values"]) for row in rounds)
    text = (
        f"The scenario “{data.base_name}” was run for {duration(data.weeks)} at {tried} values of {found.path} "
        f"between {value_text(study['low'])} and {value_text(study['high'])}, {data.shape[1]:,} times each; {SEEDS}. "
        f"The values were chosen in {counted(len(rounds), 'round')}: the first spread over the whole range, each later "
        "one over half as much, around where all runs so far put the crossing."
    )
    starts = ""
    if found.rows["starts"]:
        starts = (
            f"At {len(found.rows['starts'])} of these values groups also began from a strong start "
            f"({_start(study['strong'])}) and from a weak one ({_start(study['weak'])}), again with the same seeds."
        )
    body = [
        [
            str(row["round"] + 1),
            f"{value_text(row['lowest'])} to {value_text(row['highest'])}",
            str(row["values"]),
            PLACE.estimate(band(row, "critical")),
        ]
        for row in rounds
    ]
    head = ["Round", "Values from and to", "New values", "Crossing by all runs so far"]
    listed = folded("The rounds", table(head, body, "The rounds"))
    return section("What was done", paragraphs(text, starts), listed, key="done")


def _start(values: dict[str, Any]) -> str:
    return ", ".join(f"{path} = {value_text(value)}" for path, value in values.items())


def critical_section(found: SearchData) -> Markup:
    """Return the section of the critical value: figure, the check by the other method, the direction, all values."""
    along, best = found.along(found.outcome), found.believed(found.outcome)
    mine = [row for row in found.rows["critical"] if row["measure"] == found.outcome]
    texts = [methods_words(mine), monotone_words(found.study, best) if best else ""]
    body = [
        [value_text(row["value"]), found.scale.estimate(band(row, "mean")), str(row["runs"]), str(row["failed"])]
        for row in along
    ]
    caption = f"{capital(BY_NAME[found.outcome].meaning)}, {found.scale.unit}"
    head = [found.path, "Value (and its range)", "Runs", "Failed"]
    about = (
        "Dots: all runs at a value, with their 95 % ranges. Line: the logistic curve. Dashed: the curve without a "
        "model, which only falls or only rises. Shaded: the range of the critical value."
    )
    return section(
        f"Where it crosses {level_words(found.study)}",
        figures([outcome_figure(found, along, best)], about),
        paragraphs(*texts),
        folded("All values", table(head, body, caption)),
        key="critical",
    )


def numbers(rows: list[Row], name: str, scale: float = 1.0) -> Numbers:
    """Return a column as numbers; NaN where it is empty."""
    return np.array([np.nan if row[name] is None else scale * float(row[name]) for row in rows])


def told(rows: list[Row], name: str, scale: Scale) -> str:
    """Return a number at each value, for readers who do not see the figure."""
    return "; ".join(f"{value_text(row['value'])}: {scale.estimate(band(row, name))}" for row in rows)


def outcome_figure(found: SearchData, along: list[Row], best: Row | None) -> Markup:
    """Return the outcome by value, both fits, the level, and the critical value with its range."""

    def further(axes: Axes) -> None:
        known = knowledge_in(best) if best is not None else None
        if known is not None:
            axes.axvspan(known.low, known.high, color=GREY, alpha=0.14, linewidth=0, label=VALUES)
        if best is not None and best["side"] == "crosses":
            label = "range of the critical value"
            axes.axvspan(best["low"], best["high"], color=SKY, alpha=0.25, linewidth=0, label=label)
            axes.axvline(best["critical"], color=BLUE, linewidth=1.6, linestyle=DASHES[1], label="critical value")
        level = found.scale.factor * found.study["level"]
        axes.axhline(level, color=GREY, linewidth=1.2, linestyle=DASHES[2], label="level")
        for name, colour, dash in (("logistic", RED, "-"), ("staircase", GREEN, DASHES[1])):
            fit = numbers(along, name, found.scale.factor)
            if not np.isnan(fit).all():
                axes.plot(numbers(along, "value"), fit, color=colour, linestyle=dash, linewidth=1.7, label=name)

    line = Line("runs", [row["value"] for row in along], [band(row, "mean") for row in along])
    return estimates_figure(
        [line],
        BY_NAME[found.outcome].label,
        f"Value and outcome: {told(along, 'mean', found.scale)}.",
        found.scale,
        found.path,
        limits=(0, 104) if BY_NAME[found.outcome].kind == "yes_no" else None,
        joined=False,
        log=found.study["scale"] == "log",
        further=further,
        size=(7.2, 4.2),
    )


def survival_section(found: SearchData) -> Markup:
    """Return the section of how long groups lasted and why they closed; nothing if it was not watched."""
    rows = found.rows["survival"]
    if not rows:
        return NOTHING
    values = sorted({row["value"] for row in rows})
    open_for = {row["value"]: band(row, "mean") for row in found.along("weeks_open")}
    body = [[value_text(value), YEARS.estimate(open_for[value]) if value in open_for else UNKNOWN] for value in values]
    drawn = [curves_figure(found, rows, values)]
    if found.rows["closing"]:
        drawn.append(reasons_figure(found, values))
    about = (
        "Left: groups still meeting, by age (Kaplan-Meier, with 95 % ranges). Right: of 100 groups, those closed by "
        "the end for each reason; the reasons compete, so together with the groups still meeting they make 100 "
        "(Aalen-Johansen)."
    )
    caption = "Mean time open within the run, in years (and its range)"
    listed = folded("Mean time open", table([found.path, "Years open"], body, caption))
    return section("How long groups lasted, and why they closed", figures(drawn, about), listed, key="lasting")


def curves_figure(found: SearchData, rows: list[Row], values: list[float]) -> Markup:
    """Return survival curves at up to five values, spread from the lowest to the highest."""
    chosen = [values[k] for k in sorted({round(k) for k in np.linspace(0, len(values) - 1, MOST_CURVES)})]
    weeks = found.data.weeks
    curves = {value: [row for row in rows if row["value"] == value] for value in chosen}

    def draw(axes: Axes) -> None:
        for k, (value, mine) in enumerate(curves.items()):
            age = np.append(numbers(mine, "week"), weeks) / 52
            share, low, high = (
                np.append(part, part[-1]) for part in (numbers(mine, name, 100) for name in ("open", "low", "high"))
            )
            style: Any = {"color": ORDERED[k % 5], "linestyle": DASHES[k % 5]}
            axes.step(age, share, where="post", linewidth=1.8, label=value_text(value), **style)
            axes.fill_between(age, low, high, step="post", color=style["color"], alpha=0.13, linewidth=0)
        axes.set_ylim(0, 104)
        axes.set_xlim(0, weeks / 52)
        axes.set_xlabel("years")
        axes.set_ylabel("still meeting, of 100 groups")
        legend_below(axes, 5)

    ends = "; ".join(f"at {value_text(value)}: {hundred(mine[-1]['open'])} of 100" for value, mine in curves.items())
    return picture(draw, f"Still meeting, by {found.path.split('.')[-1]}", f"Left at the end: {ends}.")


def reasons_figure(found: SearchData, values: list[float]) -> Markup:
    """Return of a hundred groups those closed by the end for each reason, by value."""
    last = {(row["value"], row["reason"]): 100 * row["share"] for row in found.rows["closing"]}
    reasons = sorted({reason for _, reason in last})
    heights = {reason: [last.get((value, reason), 0.0) for value in values] for reason in reasons}

    def draw(axes: Axes) -> None:
        for k, (reason, line) in enumerate(heights.items()):
            style: Any = {"color": COLOURS[k % 7], "linestyle": DASHES[k % 7], "marker": MARKS[k % 7]}
            axes.plot(values, line, markersize=4, linewidth=1.5, label=reason.replace("_", " "), **style)
        axes.set_ylim(bottom=0)
        if found.study["scale"] == "log":
            axes.set_xscale("log")
        axes.set_xlabel(found.path)
        axes.set_ylabel("closed by the end, of 100 groups")
        legend_below(axes, 2)

    ends = "; ".join(
        f"{reason.replace('_', ' ')}: {line[0]:.0f} of 100 at {value_text(values[0])}, {line[-1]:.0f} at "
        f"{value_text(values[-1])}"
        for reason, line in heights.items()
    )
    return picture(draw, "Why groups had closed", f"{ends}.")


def starts_section(found: SearchData) -> Markup:
    """Return the section of the two starts; nothing if the study gave none."""
    rows, study, scale = found.rows["starts"], found.study, found.scale
    if not rows:
        return NOTHING
    body = [
        [
            value_text(row["value"]),
            scale.number(row["strong"]),
            scale.number(row["weak"]),
            scale.change(difference(row), mark=False),
            VERDICTS.get(str(row["verdict"]), UNKNOWN),
        ]
        for row in rows
    ]
    text = (
        f"Strong: {_start(study['strong'])}. Weak: {_start(study['weak'])}. Each pair of groups has the same place, "
        "people and chance events and differs in its start alone. Where both starts end alike, there is one fate; "
        "where they differ, the start still decides at the end of the run. A difference that lasts is what two stable "
        "states would look like, but so would a fate that merely takes longer than the run to arrive."
    )
    places = [row["value"] for row in rows]
    lines = [
        Line(f"{name} start", places, [band({**row, "low": None, "high": None}, name) for row in rows])
        for name in ("strong", "weak")
    ]
    lines.append(Line("difference", places, [difference(row) for row in rows]))
    telling = "; ".join(f"{value_text(row['value'])}: {scale.change(difference(row), mark=False)}" for row in rows)
    drawn = estimates_figure(
        lines,
        "Strong and weak start",
        f"Value and difference, strong less weak: {telling}.",
        scale,
        found.path,
        log=study["scale"] == "log",
        further=lambda axes: axes.axhline(0.0, color=GREY, linewidth=1.0),
        size=(6.0, 3.8),
    )
    head = [found.path, "Strong start", "Weak start", "Difference of pairs", "What it says"]
    return section(
        "Does the start decide?",
        paragraphs(text),
        figures([drawn], "The same values from both starts; bars are 95 % ranges."),
        table(head, body, f"{capital(BY_NAME[found.outcome].meaning)}, by start ({scale.unit})"),
        key="starts",
    )


def reproduction_section(found: SearchData) -> Markup:
    """Return the section of the helper reproduction number; nothing if it was not watched."""
    along, best = found.along(REPRODUCTION), found.believed(REPRODUCTION)
    if best is None or not any(row["mean"] is not None for row in along):
        return NOTHING
    text = (
        "The helper reproduction number counts the new helpers that a helper leaves behind over a whole career, each "
        "credited to those who helped them. It is about helpers who came up in the group and whose career ended within "
        "the run; founders, and helpers still helping at the end, are left out, so it leans towards short careers. "
        f"{best['without']:,} runs had no such career and count for nothing here."
    )
    scale = Scale(1.0, "new helpers per helper", 2)
    drawn = estimates_figure(
        [Line("mean of the runs", [row["value"] for row in along], [band(row, "mean") for row in along])],
        "Helper reproduction number",
        f"Value and mean: {told(along, 'mean', scale)}.",
        scale,
        found.path,
        log=found.study["scale"] == "log",
        further=lambda axes: axes.axhline(1.0, color=GREY, linestyle=DASHES[1], label="one helper for each"),
        size=(6.0, 3.6),
    )
    caption = "Mean over the runs, with 95 % ranges."
    return section("Do helpers replace themselves?", paragraphs(text), figures([drawn], caption), key="reproduction")

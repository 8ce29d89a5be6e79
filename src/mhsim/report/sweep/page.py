"""The page of a sweep: the main measures along everything that varied, and how long groups lasted."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from mhsim import stats
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.figures import Line, curves_figure, curves_told, estimates_figure
from mhsim.report.formatting import UNKNOWN, capital, duration, scale_of, small, value_text
from mhsim.report.html import NOTHING, answer_box, figures, folded, items, note, paragraphs, section, table
from mhsim.report.knowledge import Result
from mhsim.report.planned import mark
from mhsim.report.study_page import SEEDS, StudyPage, lengths_words
from mhsim.report.sweep.axes import COMBINATION, Axis, axes_of, changes, estimate, label, meaning, told, uneven
from mhsim.studies.data import StudyData

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
MOST_LINES, MOST_ROWS, MOST_DOTS, MOST_CURVES, MOST_LEVELS = 6, 60, 300, 8, 12


def page_of(data: StudyData) -> str:
    """Return the page of a sweep as HTML; that of the main job has a page of its own."""
    from mhsim.studies.coming_and_going import about_helpers

    if about_helpers(data):
        from mhsim.report.coming_and_going.page import helpers_page

        return helpers_page(data)
    return StudyPage("A sweep", lambda data: data, sections, lambda data: data.axes, results=results).page_of(data)


def sections(data: StudyData) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    measures, axes = main_measures(data), axes_of(data)
    return [
        answer_section(data, measures, axes),
        done_section(data),
        survival_section(data),
        *(measure_section(data, measure, axes) for measure in measures),
    ]


def results(data: StudyData) -> list[Result]:
    """Return each main measure from one end of everything that varied to the other, or its mean if nothing varied."""
    found = []
    for measure in main_measures(data):
        what, scale = capital(meaning(data, measure)), scale_of(measure)
        ends = [axis.ends() for axis in axes_of(data)]
        along = changes(data, measure, [(low, high) for low, high, _ in ends])
        found += [Result(f"{what}, {e[2]}", one, scale) for one, e in zip(along, ends, strict=True)]
        if not ends:
            found.append(Result(what, estimate(data, measure, range(len(data.points))), scale))
    return found


def main_measures(data: StudyData) -> list[str]:
    """Return which measures are shown: the main ones watched, or else the first few that are numbers."""
    numbers = [name for name in data.measures if BY_NAME[name].kind != "text"]
    return [name for name in MAIN if name in numbers] or numbers[:6]


def answer_section(data: StudyData, measures: Sequence[str], axes: Sequence[Axis]) -> Markup:
    """Return the box with the short answer: each main measure from one end of everything that varied to the other."""
    texts = [told(data, measure, axes) for measure in measures]
    about = ""
    if len(axes) > 1:
        about = "Each change is that of the mean over all values of whatever else was varied."
    elif axes and axes[0].name == COMBINATION:
        about = (
            f"{capital(small(len(data.axes)))} paths vary side by side, so what is due to one of them cannot be told "
            f"from what is due to the others; the first combination ({axes[0].labels[0]}) is compared with the last "
            f"({axes[0].labels[-1]})."
        )
    return answer_box(items(texts), paragraphs(about), uneven_note(data))


def uneven_note(data: StudyData) -> Markup:
    """Return a box that says that runs differ in length; nothing if they do not."""
    if not uneven(data):
        return NOTHING
    return note(
        f"Runs lasted {lengths_words(data)}. What is counted at the end of a run, or over all of it, depends on its "
        "length; such numbers of runs of different lengths do not measure the same thing. Times that groups were open "
        f"are cut at {duration(data.weeks)}, the length of the shortest runs."
    )


def done_section(data: StudyData) -> Markup:
    """Return the section: what was done."""
    runs, points = int(data.stored.sum()), len(data.points)
    text = (
        f"The scenario “{data.base_name}” was run {runs:,} times, for {lengths_words(data)}: at "
        f"{points:,} combinations of what varied, up to {data.shape[1]:,} times each; {SEEDS}."
    )
    if data.complete:
        text = text.replace("up to ", "")
    rows = [[path, _levels(data, path)] for path in data.axes]
    varied = table(["What", "Values"], rows, "What varied") if rows else paragraphs("Nothing was varied.")
    return section("What was done", paragraphs(text), varied, key="done")


def _levels(data: StudyData, path: str) -> str:
    levels = data.levels(path)
    if len(levels) > MOST_LEVELS:
        return f"{len(levels)} values from {value_text(levels[0])} to {value_text(levels[-1])}"
    return ", ".join(value_text(value) for value in levels)


def survival_section(data: StudyData) -> Markup:
    """Return the section of survival curves; nothing if they were not watched or there are too many points."""
    if not data.has("weeks_to_closure", "closed") or len(data.points) > MOST_CURVES:
        return NOTHING
    weeks, closed = data.numbers("weeks_to_closure"), data.numbers("closed")
    curves = [(label(data, k), stats.kaplan_meier(weeks[k], closed[k])) for k in range(len(data.points))]
    telling = f"After {duration(data.weeks)}, of 100 groups are left: {curves_told(curves, data.weeks)}."
    drawn = curves_figure(curves, "Groups still meeting", telling, list(data.lengths), 1)
    about = "Of 100 groups, those still meeting; the bands are 95 % ranges."
    return section("How long groups lasted", figures([drawn], about), key="lasting") if drawn else NOTHING


def measure_section(data: StudyData, measure: str, axes: Sequence[Axis]) -> Markup:
    """Return the section of one measure: a figure and a table for each axis, and all points if they are few."""
    scale = scale_of(measure)
    parts: list[str] = [paragraphs(f"{capital(meaning(data, measure))}; {scale.unit}. {mark(data, measure)}".strip())]
    if axes:
        drawn = [measure_figure(data, measure, axis, axes) for axis in axes[:4]]
        few = len(data.points) <= MOST_DOTS
        about = "" if few else f" Of {len(data.points):,} combinations {MOST_DOTS} are shown, picked evenly."
        parts.append(figures(drawn, f"Each combination of values; bars are 95 % ranges.{about}"))
        parts += [level_table(data, measure, axis) for axis in axes if len(axis.labels) <= MOST_ROWS]
    if len(data.points) <= MOST_ROWS and len(axes) > 1:
        rows = [[label(data, k), scale.estimate(estimate(data, measure, [k]))] for k in range(len(data.points))]
        head = ["Combination", f"Value ({scale.unit})"]
        parts.append(folded("All combinations", table(head, rows, f"{BY_NAME[measure].label}, all combinations")))
    return section(BY_NAME[measure].label, *parts, key=f"of-{measure}")


def level_table(data: StudyData, measure: str, axis: Axis) -> Markup:
    """Return a measure at each value of an axis, all else averaged, and its difference from the first value."""
    scale = scale_of(measure)
    found = changes(data, measure, [(axis.points[0], there) for there in axis.points[1:]])
    less = [UNKNOWN, *(scale.change(one) for one in found)]
    rows = [
        [name, scale.estimate(estimate(data, measure, there)), change]
        for name, there, change in zip(axis.labels, axis.points, less, strict=True)
    ]
    head = [axis.name, f"Value ({scale.unit})", "Less the first value, same random seeds"]
    averaged = ", all else averaged" if len(data.axes) > 1 and axis.name != COMBINATION else ""
    return table(head, rows, f"{BY_NAME[measure].label} by {axis.name}{averaged}")


def measure_figure(data: StudyData, measure: str, axis: Axis, axes: Sequence[Axis]) -> Markup:
    """Return a figure of a measure along an axis: lines for few combinations of the rest, dots for many."""
    where = {point: k for k, points in enumerate(axis.points) for point in points}
    rest = {point: "" if axis.name == COMBINATION else label(data, point, axis.name) for point in where}
    names = sorted(set(rest.values()))
    joined = len(names) <= MOST_LINES
    lines = []
    for name in names if joined else [""]:
        points = thinned(sorted((p for p in where if not joined or rest[p] == name), key=lambda point: where[point]))
        along = [estimate(data, measure, [point]) for point in points]
        lines.append(Line(name if len(names) > 1 else "", [axis.places[where[p]] for p in points], along))
    scale = scale_of(measure)
    ticks = () if axis.numeric else axis.labels if axis.name != COMBINATION else [str(k + 1) for k in where]
    title = f"{BY_NAME[measure].label} by {axis.name}"
    telling = told(data, measure, [axis]) if len(axes) > 1 else "See the table below."
    return estimates_figure(lines, title, telling, scale, axis.name, ticks=ticks, joined=joined)


def thinned(points: list[int]) -> list[int]:
    """Return some of many points, evenly picked."""
    if len(points) <= MOST_DOTS:
        return points
    step = (len(points) - 1) / (MOST_DOTS - 1)
    return [points[round(k * step)] for k in range(MOST_DOTS)]

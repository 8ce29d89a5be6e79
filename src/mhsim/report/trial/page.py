"""The page of a trial: what the trial says, what an observer would have said, and what only the model knows."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from mhsim.palette import COLOURS, GREY
from mhsim.report.figures import MARKS, draw_knowledge, legend_below, picture
from mhsim.report.formatting import UNKNOWN, Scale, capital, duration, hundred, joined, plain, signed, small
from mhsim.report.html import NOTHING, answer_box, figures, folded, items, note, paragraphs, section, table
from mhsim.report.knowledge import Result
from mhsim.report.study_page import StudyPage, failures_part
from mhsim.report.trial.data import LABELS, NAMES, SHARES, TrialData, leaves_out_zero, scale
from mhsim.report.wording import Wording
from mhsim.stats import Estimate
from mhsim.studies.data import StudyData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WORDS = Wording("trial")
DRAWN = (
    (0.0, "trial"),
    (0.35, "truth_exchanged"),
    (1.2, "complier"),
    (1.55, "truth_came"),
    (2.4, "attended_observed_crude"),
    (2.75, "attended_observed_known"),
    (3.1, "attended_observed_all"),
)
"""What is drawn of each outcome, and where along the axis."""
TICKS = {0.17: "invited", 1.37: "came because\ninvited", 2.75: "came, as an\nobserver sees it"}
TRAITS = {
    "severity": "how hard the trouble is",
    "hope": "hope",
    "efficacy": "self-efficacy",
    "shame": "shame",
    "motivation": "motivation (known to the model alone)",
}
SHORT = {"severity": "severe trouble", "motivation": "motivation"}
OUTSIDE = " It lies outside the trial's range, as it should in about 5 of 100 trials."
SHARE = Scale(100.0)
LARGE = 0.1
"""A difference beforehand, in standard deviations, from which it is named in the text."""


def sections(found: TrialData) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    makers = (answer_section, done_section, flow_section, comparisons_section, reasons_section, weeks_section)
    return [make(found) for make in makers]


def parts(data: StudyData, measure: str) -> list[Markup]:
    """Return what the analysis has to show on the dashboard."""
    found = TrialData(data)
    makers = (answer_section, comparisons_section, reasons_section, weeks_section, flow_section)
    return [make(found) for make in makers]


def answer_section(found: TrialData) -> Markup:
    """Return the box with the short answer: the trial and the truth, then the observer."""
    texts = [outcome_words(found, outcome) for outcome in found.outcomes]
    return answer_box(items([*texts, observer_words(found), selection_words(found)]))


def outcome_words(found: TrialData, outcome: str) -> str:
    """Return what the trial says of one outcome, and whether the truth lies in its range."""
    trial, truth = found.at_end(outcome, "trial"), found.at_end(outcome, "truth_exchanged")
    name, written = capital(NAMES[outcome]), scale(outcome)
    if isnan(trial.value):
        return f"{name}: too few people were followed to tell."
    when = f"{duration(found.end)} after need arose"
    size = written.size(trial)
    if isnan(trial.low) or not leaves_out_zero(trial):
        range_words = "" if isnan(trial.low) else ", whose range holds zero"
        said = (
            f"{name}: {when} the trial finds no clear difference between invited and waiting: "
            f"{written.change(trial, mark=False)} {written.unit}{range_words}"
        )
    elif outcome in SHARES:
        way = "more" if trial.value > 0 else "fewer"
        said = f"{name}: {way} of those who were invited than of those who waited, by {size}, {when}"
    else:
        way = "higher" if trial.value > 0 else "lower"
        said = f"{name}: {way} among those invited than among those who waited, by {size}, {when}"
    if isnan(truth.value):
        return f"{said}."
    holds = ""
    if not isnan(trial.low):
        holds = " The trial's range holds it." if trial.low <= truth.value <= trial.high else OUTSIDE
    value = written.change(truth, mark=False)
    return f"{said}. The truth, the same people once invited and once waiting: {value}.{holds}"


def observer_words(found: TrialData) -> str:
    """Return what an observer finds beside the truth for those who came because they were invited."""
    texts = []
    for outcome in found.outcomes:
        crude, came = found.at_end(outcome, "attended_observed_crude"), found.at_end(outcome, "truth_came")
        if not isnan(crude.value) and not isnan(came.value):
            written = scale(outcome)
            pair = (written.change(one, mark=False) for one in (came, crude))
            texts.append(f"{NAMES[outcome]} {' and '.join(pair)} {written.unit}")
    if not texts:
        return ""
    return (
        "What coming did to those who came because they were invited (the truth), and what an observer finds who "
        f"compares those who came unaided with those who did not: {'; '.join(texts)}."
    )


def selection_words(found: TrialData) -> str:
    """Return in words that those who come differ beforehand, and in what most."""
    rows = [row for row in found.beforehand if row["groups"] == "attended" and row["difference"] is not None]
    large = sorted((row for row in rows if abs(row["difference"]) >= LARGE), key=lambda row: -abs(row["difference"]))
    if not large:
        return "Those who came unaided hardly differed beforehand from those who did not, in what is listed below."
    parts = [
        f"{'more' if row['difference'] > 0 else 'less'} {SHORT.get(row['trait'], TRAITS[row['trait']])}"
        for row in large
    ]
    return (
        "The observer's gap is not what coming does, because who comes differs before anybody has been to a group: "
        f"on average those who came had {joined(parts)} when need arose."
    )


def done_section(found: TrialData) -> Markup:
    """Return the section: what was done."""
    given = found.study
    return WORDS.section(
        "done",
        scenario=found.data.base_name,
        enrol=given["enrol_after_weeks"],
        share=hundred(float(given["share_invited"])),
        uptake=hundred(float(given["uptake"])),
        wait=given["wait_weeks"],
    )


def flow_section(found: TrialData) -> Markup:
    """Return the section: how many people got how far."""
    total, worlds = found.people("in_need", "everybody"), len({row["replicate"] for row in found.flow})
    first = (
        f"{total:,} people came into need early enough to be followed, in {small(worlds)} worlds together. "
        f"{found.people('came_before', 'everybody'):,} had been to a group before they could be enrolled, "
        f"{found.people('gone_before', 'everybody'):,} had left; "
        f"{found.people('enrolled', 'everybody'):,} were enrolled."
    )
    head = ["", "Invited now", "Waiting"]
    names = {
        "enrolled": "Enrolled",
        "takes_up": "Took the invitation up",
        "came": f"Came within {found.end} weeks of need, invited or unaided",
        "helped": "Became helpers by then",
        "lost": "Lost: left the community before the end",
        "followed": "Followed to the end",
    }
    rows = [[name, *(_count(found, stage, arm) for arm in ("invited", "waits"))] for stage, name in names.items()]
    caption = "People in all worlds together, and of 100 enrolled in that arm"
    return section(
        "Who was enrolled, who came, who was lost", paragraphs(first), table(head, rows, caption), key="flow"
    )


def _count(found: TrialData, stage: str, arm: str) -> str:
    count, whole = found.people(stage, arm), found.people("enrolled", arm)
    if stage == "takes_up" and arm == "waits":
        return "not yet invited"
    return f"{count:,}" if stage == "enrolled" or not whole else f"{count:,} ({plain(100 * count / whole)} of 100)"


def comparisons_section(found: TrialData) -> Markup:
    """Return the section with every comparison beside the others."""
    drawable = [name for name in found.outcomes if not isnan(found.at_end(name, "trial").value)]
    drawn = [outcome_figure(found, outcome) for outcome in drawable]
    head = ["Comparison", *(f"{capital(NAMES[outcome])}, {scale(outcome).unit}" for outcome in found.outcomes)]
    rows = [
        [label, *(_cell(outcome, found.at_end(outcome, key)) for outcome in found.outcomes)]
        for key, label in LABELS.items()
    ]
    caption = f"Differences {found.end} weeks after need arose, with 95 % ranges; for distress less is better"
    shown = f"Differences {found.end} weeks after need arose; bars are 95 % ranges. For distress less is better."
    few = "A dash stands where fewer than ten people were in one of the two groups, or the difference cannot be told."
    return section("All side by side", figures(drawn, shown), table(head, rows, caption), paragraphs(few), key="side")


def _cell(outcome: str, found: Estimate) -> str:
    return scale(outcome).change(found, mark=False)


def outcome_figure(found: TrialData, outcome: str) -> Markup:
    """Return a figure of one outcome: the trial and the truth, and what an observer finds."""
    shown = [(place, LABELS[key], found.at_end(outcome, key)) for place, key in DRAWN]

    def draw(axes: Axes) -> None:
        axes.axhline(0.0, color=GREY, linewidth=1.0)
        for k, (place, label, one) in enumerate(shown):
            if isnan(one.value):
                continue
            draw_knowledge(axes, np.array([place]), [one], SHARE, COLOURS[k % 7], filled=False)
            reach = np.nan_to_num([[100 * (one.value - one.low)], [100 * (one.high - one.value)]])
            style: Any = {"color": COLOURS[k % 7], "marker": MARKS[k % 7], "linestyle": ""}
            axes.errorbar([place], [100 * one.value], yerr=reach, markersize=6, linewidth=1.6, label=label, **style)
        axes.set_xticks(list(TICKS), list(TICKS.values()))
        axes.set_xlim(-0.4, 3.5)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel(scale(outcome).unit)
        legend_below(axes, 1)

    telling = "; ".join(f"{label}: {_cell(outcome, one)}" for _, label, one in shown)
    return picture(draw, capital(NAMES[outcome]), telling, size=(4.7, 4.6))


def reasons_section(found: TrialData) -> Markup:
    """Return the section: why the raw gap is not the effect."""
    by = {(row["groups"], row["trait"]): row["difference"] for row in found.beforehand}
    rows = [
        [capital(words), *(_spread(by.get((groups, trait))) for groups in ("arms", "attended", "helped"))]
        for trait, words in TRAITS.items()
    ]
    return WORDS.section("why", WORDS.table("why", rows))


def _spread(difference: float | None) -> str:
    return UNKNOWN if difference is None else signed(difference, 2)


def weeks_section(found: TrialData) -> Markup:
    """Return the section: the same earlier in the follow-up; nothing if there is one week only."""
    if len(found.weeks) < 2:
        return NOTHING
    rows = [
        [
            f"{capital(NAMES[outcome])}, week {week}",
            *(_cell(outcome, found.estimates[outcome, week, key]) for key in ("trial", "truth_exchanged")),
        ]
        for outcome in found.outcomes
        for week in found.weeks
    ]
    head = ["Outcome and week after need arose", LABELS["trial"], LABELS["truth_exchanged"]]
    inside = table(head, rows, "Differences over time, of 100 people or points of 100")
    return section("How it came about", folded("The trial and the truth week by week", inside), key="weeks")


def uncertainty_section(found: TrialData) -> Markup:
    """Return the section: how sure the results are."""
    counts = [(NAMES[outcome], *found.held(outcome)) for outcome in found.outcomes]
    held = joined([f"{name} {kept} of {known}" for name, kept, known in counts if known])
    few = note(WORDS("sure.few")) if found.data.shape[1] < 10 else NOTHING
    checks = WORDS("sure.checks", held=capital(held)) if held else ""
    return WORDS.section("sure", few, failures_part(found.data), checks=checks)


def results(found: TrialData) -> list[Result]:
    """Return what the trial finds and what is true at the end, for each outcome."""
    return [
        Result(f"{capital(NAMES[outcome])}: {LABELS[name]}", found.at_end(outcome, name), scale(outcome))
        for outcome in found.outcomes
        for name in ("trial", "truth_exchanged")
    ]


page_of = StudyPage(
    "A trial",
    TrialData,
    sections,
    lambda found: found.data.axes,
    uncertainty_section,
    kicker="A simulated trial in {worlds:,} worlds",
    results=results,
).page_of

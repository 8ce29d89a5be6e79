"""The page of a trial: what the trial says, what an observer would have said, and what only the model knows."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mhsim.report.figures import COLOURS, MARKS, legend_below, picture
from mhsim.report.formatting import UNKNOWN, capital, duration, hundred, joined, plain, signed, small
from mhsim.report.html import Markup, element, figures, folded, items, note, page, paragraphs, section, table, together
from mhsim.report.limits import limits_section
from mhsim.report.provenance import facts_table, study_facts
from mhsim.report.stress_checklist import checklist_section
from mhsim.report.study_data import Found
from mhsim.report.trial.data import LABELS, NAMES, SHARES, TrialFound, read_trial, unit
from mhsim.report.uncertainty import failures_part, no_results

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
LARGE = 0.1
"""A difference beforehand, in standard deviations, from which it is named in the text."""


def trial_page(study: Found, folder: Path) -> str:
    """Return the page of a trial as HTML."""
    title = str(study.study.get("title") or "A trial")
    kicker = f"A simulated trial in {study.done.shape[1]:,} worlds"
    if not study.done.any():
        return page(title, kicker, no_results(study))
    found = read_trial(study, folder)
    question = " ".join(str(study.study.get("question") or "").split())
    parts = [
        answer(found),
        section("The question", paragraphs(question), key="asked") if question else "",
        done_section(found),
        flow_section(found),
        side_by_side(found),
        why_section(found),
        weeks_section(found),
        sure_section(found),
        limits_section(study, study.axes),
        provenance(found),
    ]
    return page(title, kicker, parts)


def answer(found: TrialFound) -> Markup:
    """Return the box with the short answer: the trial and the truth, then the observer."""
    texts = [answered(found, outcome) for outcome in found.outcomes]
    texts += [observed(found), why_told(found)]
    inside = [element("h2", "The short answer", id="answer"), items([text for text in texts if text])]
    return element("section", together(inside), class_="answer", aria_labelledby="answer")


def answered(found: TrialFound, outcome: str) -> str:
    """Return what the trial says of one outcome, and whether the truth lies in its range."""
    trial, truth = found.at_end(outcome, "trial"), found.at_end(outcome, "truth_exchanged")
    name = capital(NAMES[outcome])
    if isnan(trial.value):
        return f"{name}: too few people were followed to tell."
    when = f"{duration(found.end)} after need arose"
    if isnan(trial.low) or not trial.clear:
        said = f"{name}: {when} the trial finds no clear difference between invited and waiting: {trial.cell()}"
    elif outcome in SHARES:
        way = "more" if trial.value > 0 else "fewer"
        said = f"{name}: of 100 people who were invited, {trial.size()} {way} than of 100 who waited, {when}"
    else:
        way = "higher" if trial.value > 0 else "lower"
        said = f"{name}: {trial.size()} points of 100 {way} among those invited than among those who waited, {when}"
    if isnan(truth.value):
        return f"{said}."
    holds = "" if isnan(trial.low) else " The trial's range holds it." if trial.holds(truth.value) else OUTSIDE
    return f"{said}. The truth, the same people once invited and once waiting: {signed(100 * truth.value, 1)}.{holds}"


def observed(found: TrialFound) -> str:
    """Return what an observer finds beside the truth for those who came because they were invited."""
    parts = []
    for outcome in found.outcomes:
        crude, came = found.at_end(outcome, "attended_observed_crude"), found.at_end(outcome, "truth_came")
        if not isnan(crude.value) and not isnan(came.value):
            parts.append(f"{NAMES[outcome]} {signed(100 * came.value, 1)} and {crude.cell()}")
    if not parts:
        return ""
    return (
        "What coming did to those who came because they were invited (the truth), and what an observer finds who "
        f"compares those who came unaided with those who did not: {'; '.join(parts)}."
    )


def why_told(found: TrialFound) -> str:
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


def done_section(found: TrialFound) -> Markup:
    """Return the section: what was done."""
    study = found.study
    given = study.study
    share = hundred(float(given["share_invited"]))
    design = (
        f"In the scenario “{study.base_name}” everybody who came into need after the groups opened was enrolled "
        f"{given['enrol_after_weeks']} weeks later, unless he or she had been to a group by then or had left. By lot "
        f"{share} of 100 were invited at once, of whom {hundred(float(given['uptake']))} of 100 take an invitation up; "
        f"they come to the open group with room that is most like them. The others wait {given['wait_weeks']} weeks "
        "for the same invitation. Being invited does nothing but bring people to a group."
    )
    diluted = (
        "Nobody is kept from coming unaided, for groups are open. So some of those who wait come, some of those "
        "invited do not, and the difference between the arms is smaller than what coming does to a person: it is the "
        "effect of being invited."
    )
    truth = (
        "A model can do what no trial can: let the same people live again under the same luck. Every world was lived "
        "four times: as drawn, with the arms exchanged, with all invited, with nobody invited. The last is also what "
        "an observer without a trial would see."
    )
    return section("What was done", paragraphs(design, diluted, truth), key="done")


def flow_section(found: TrialFound) -> Markup:
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
    rows = [[name, *(_part(found, stage, arm) for arm in ("invited", "waits"))] for stage, name in names.items()]
    caption = "People in all worlds together, and of 100 enrolled in that arm"
    return section(
        "Who was enrolled, who came, who was lost", paragraphs(first), table(head, rows, caption), key="flow"
    )


def _part(found: TrialFound, stage: str, arm: str) -> str:
    count, whole = found.people(stage, arm), found.people("enrolled", arm)
    if stage == "takes_up" and arm == "waits":
        return "not yet invited"
    return f"{count:,}" if stage == "enrolled" or not whole else f"{count:,} ({plain(100 * count / whole)} of 100)"


def side_by_side(found: TrialFound) -> Markup:
    """Return the section with every comparison beside the others."""
    drawable = [name for name in found.outcomes if not isnan(found.at_end(name, "trial").value)]
    pictures = [outcome_picture(found, outcome) for outcome in drawable]
    head = ["Comparison", *(f"{capital(NAMES[outcome])}, {unit(outcome)}" for outcome in found.outcomes)]
    rows = [
        [label, *(found.at_end(outcome, key).cell() for outcome in found.outcomes)] for key, label in LABELS.items()
    ]
    caption = f"Differences {found.end} weeks after need arose, with 95 % ranges; for distress less is better"
    shown = f"Differences {found.end} weeks after need arose; bars are 95 % ranges. For distress less is better."
    few = "A dash stands where fewer than ten people were in one of the two groups, or the difference cannot be told."
    return section(
        "All side by side", figures(pictures, shown), table(head, rows, caption), paragraphs(few), key="side"
    )


def outcome_picture(found: TrialFound, outcome: str) -> Markup:
    """Return a picture of one outcome: the trial and the truth, and what an observer finds."""
    numbers = [(place, LABELS[key], found.at_end(outcome, key)) for place, key in DRAWN]

    def draw(axes: Axes) -> None:
        axes.axhline(0.0, color=COLOURS[-1], linewidth=1.0)
        for k, (place, label, number) in enumerate(numbers):
            if isnan(number.value):
                continue
            ends: Any = [[100 * (number.value - number.low)], [100 * (number.high - number.value)]]
            bars = None if isnan(number.low) else ends
            style: Any = {"color": COLOURS[k % 7], "marker": MARKS[k % 7], "linestyle": ""}
            axes.errorbar([place], [100 * number.value], yerr=bars, markersize=6, linewidth=1.6, label=label, **style)
        axes.set_xticks(list(TICKS), list(TICKS.values()))
        axes.set_xlim(-0.4, 3.5)
        axes.grid(visible=False, axis="x")
        axes.set_ylabel(unit(outcome))
        legend_below(axes, 1)

    telling = "; ".join(f"{label}: {number.cell()}" for _, label, number in numbers)
    return picture(draw, capital(NAMES[outcome]), telling, size=(4.7, 4.6))


def why_section(found: TrialFound) -> Markup:
    """Return the section: why the raw gap is not the effect."""
    text = (
        "In the trial a lot is drawn for who is invited, so the arms are alike beforehand but for chance. No lot is "
        "drawn for who comes unaided or who becomes a helper: people in more distress, more motivated or less ashamed "
        "come more often in this model, and those who do better anyway become helpers. A raw gap mixes this with what "
        "coming or helping does. Adjusting for what an observer could ask (how hard the trouble is, hope, "
        "self-efficacy and shame when need arose) may take part of it away; motivation and the way a person recovers "
        "unaided are known to the model alone. Even then those who came late had less time for anything to happen."
    )
    head = ["When need arose", "Invited less waiting", "Came less others", "Helpers less other members"]
    by = {(row["groups"], row["trait"]): row["difference"] for row in found.beforehand}
    rows = [
        [capital(words), *(_spread(by.get((groups, trait))) for groups in ("arms", "attended", "helped"))]
        for trait, words in TRAITS.items()
    ]
    caption = "Differences beforehand in standard deviations; the last two columns where nobody is invited"
    return section("Why the raw gap is not the effect", paragraphs(text), table(head, rows, caption), key="why")


def _spread(difference: float | None) -> str:
    return UNKNOWN if difference is None else signed(difference, 2)


def weeks_section(found: TrialFound) -> Markup:
    """Return the section: the same earlier in the follow-up; nothing if there is one week only."""
    if len(found.weeks) < 2:
        return Markup("")
    rows = [
        [
            f"{capital(NAMES[outcome])}, week {week}",
            *(_at(found, outcome, week, key) for key in ("trial", "truth_exchanged")),
        ]
        for outcome in found.outcomes
        for week in found.weeks
    ]
    head = ["Outcome and week after need arose", LABELS["trial"], LABELS["truth_exchanged"]]
    inside = table(head, rows, "Differences over time, of 100 people or points of 100")
    return section("How it came about", folded("The trial and the truth week by week", inside), key="weeks")


def _at(found: TrialFound, outcome: str, week: int, key: str) -> str:
    return found.estimates[outcome, week, key].cell()


def sure_section(found: TrialFound) -> Markup:
    """Return the section: how sure the results are."""
    worlds = found.study.done.shape[1]
    ranges = (
        "The ranges are 95 % intervals. Each was made by leaving out one world after the other, because people of one "
        "world share its groups and are not independent. They are about chance alone, not about whether the model is "
        "right."
    )
    held = [
        f"{NAMES[outcome]} {kept} of {told}"
        for outcome in found.outcomes
        for kept, told in [found.held(outcome)]
        if told
    ]
    checks = (
        "A check of the trial itself: in how many worlds did the interval from that world's people alone hold the "
        f"truth of that world? {capital(joined(held))}. It should be about 95 of 100, more or less by "
        "chance where worlds are few."
        if held
        else ""
    )
    few = "There are few worlds: ranges are wide and rough, and with one world there are none." if worlds < 10 else ""
    missing = (
        "A comparison uses the worlds in which all runs it needs ended well; nothing is filled in for others. People "
        "who left the community before a week have no outcome then and are left out of that comparison; in this model "
        "leaving does not depend on being invited."
    )
    return section(
        "How sure",
        paragraphs(ranges, checks, missing),
        note(few) if few else "",
        failures_part(found.study),
        key="sure",
    )


def provenance(found: TrialFound) -> Markup:
    """Return the section: where the page comes from."""
    repeat = ["The same numbers come from:", element("code", "mhsim trial study.yaml --out again")]
    texts = (
        "That is to be run in the folder of this page. base.yaml holds the scenario with the rule of inviting, "
        "points.parquet the four ways in which each world was lived, people/ one table for each run with everybody "
        "who came into need, analysis/ all numbers of this page. A failed run is repeated in that folder too."
    )
    facts = facts_table(study_facts(found.study))
    told = element("p", together(repeat))
    where = section("Where this comes from", told, paragraphs(texts), facts, key="provenance")
    return together([where, checklist_section(found.study)])

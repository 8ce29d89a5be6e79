"""How far a loss spreads and how long until it is made good, and what of the work is done meanwhile."""

from __future__ import annotations

from markupsafe import Markup

from mhsim import stats
from mhsim.outcomes.measures import BY_NAME
from mhsim.report.coming_and_going.claims import Standing
from mhsim.report.coming_and_going.rates import plans, rate_label
from mhsim.report.formatting import Scale, capital, scale_of
from mhsim.report.html import NOTHING, items, paragraphs, section, table
from mhsim.studies.coming_and_going import PLAN, WAYS, Parts

SPREAD = {
    "losses_after_first": "further losses within a year after a first one",
    "helper_losses_made_good": "of 100 losses, made good within a year",
    "weeks_to_recover": "weeks until then",
    "losses_that_uncover": "of 100 losses, hours of the meeting not covered after",
    "work_covered_again": "of 100 of these, covered again within a year",
    "weeks_to_cover_work": "weeks until then, for the hours",
}
BEYOND = {
    "losses_after_first_beyond_expected": "after a first loss",
    "losses_after_second_beyond_expected": "after a second within a year",
    "losses_after_third_beyond_expected": "after a third and later ones",
}
BEYOND_SCALE = Scale(1.0, "helpers", 2)
WORK = {
    "hours_needed": "hours a week called for",
    "hours_covered": "of 100 of these, done",
    "meetings_cancelled": "of 100 meetings, cancelled",
    "helpers_who_must_go": "helpers who must go before the work is not done",
}


def spread_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the section: cascade and recovery, and the work; nothing where a study has not counted them."""
    found = [
        _table(parts, {name: words for name, words in listed.items() if parts.data.has(name)}, caption)
        for listed, caption in (
            (SPREAD, "How far a loss spreads, and how long until it is made good (means, with the 95 % range)"),
            (WORK, "What of a group’s work is done (means, with the 95 % range)"),
        )
    ]
    found.insert(1, _beyond(parts))
    if not any(found):
        return NOTHING
    explanation = (
        "A loss is a helper who leaves the role. What is expected is the rate at which roles are left in groups that "
        "lost nobody for a year; what comes beyond it follows from the loss. Where helpers go often there is hardly "
        "such a year to compare with, so this is told only at the rates of the scenario. A loss is made good when "
        "there are as many helpers as before. Hours are covered if those in charge get done what opening and "
        "leading the meeting call for: most losses leave enough for that, and it can be enough again before the helper "
        "is replaced."
    )
    texts = [one.words() for name, one in standing.items() if name.startswith("cascade")]
    return section(
        "How far a loss spreads, and how long until it is made good",
        paragraphs(explanation),
        items(texts),
        *found,
        key="spread",
    )


def _beyond(parts: Parts) -> Markup:
    """Return further losses beyond those expected, at the rates of the scenario."""
    shown = {name: words for name, words in BEYOND.items() if parts.data.has(name)}
    if not shown:
        return NOTHING
    rows = [
        [
            capital(words),
            *(BEYOND_SCALE.change(stats.paired_difference(parts.values(name, {PLAN: plan}))) for name in shown),
        ]
        for plan, words in plans(parts).items()
    ]
    caption = "Further losses of helpers within a year, beyond what is expected, at the rates of the scenario"
    return table(["", *map(capital, shown.values())], rows, caption)


def _table(parts: Parts, shown: dict[str, str], caption: str) -> Markup:
    """Return means of measures at every rate of each way, with nobody prepared and with a plan."""
    if not shown:
        return NOTHING
    rows = []
    for way in WAYS:
        for plan, words in plans(parts).items():
            for rate in way.rates(parts):
                where = way.where(rate, plan)
                cells = [scale_of(name).estimate(stats.mean(parts.values(name, where))) for name in shown]
                rows.append([f"{capital(way.words)}, {rate_label(way, rate)} a year, {words}", *cells])
    units = {name: BY_NAME[name].shown_unit for name in shown}
    head = [
        "",
        *(capital(words if units[n].startswith("of 100") else f"{words} ({units[n]})") for n, words in shown.items()),
    ]
    return table(head, rows, caption)

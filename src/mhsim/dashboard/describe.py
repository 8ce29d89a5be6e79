"""Settings and later changes in words, the same on every page and handout."""

from __future__ import annotations

from collections.abc import Callable

from mhsim.core.params import UNITS
from mhsim.dashboard.scenario_state import differences, form_named, parameters
from mhsim.report.formatting import duration, small, trimmed, value_text
from mhsim.scenario import Change, Scenario, Value
from mhsim.studies.points import value_at

TOLD_ELSEWHERE = ("title", "about", "form", "seed", "weeks")
"""Settings that stand elsewhere on a page, or change no run."""
UNIT_WORDS = {
    "1/year": "times a year",
    "1/week": "times a week",
    "share/week": "share a week",
    "share/meeting": "share a meeting",
    "share/help": "share each time",
    "share": "0 to 1",
    "chance": "0 to 1",
    "people/week": "people a week",
    "meetings/week": "meetings a week",
    "hours/week": "hours a week",
    "money/week": "gifts a week",
} | {unit: unit for unit in ("people", "groups", "communities", "weeks", "s.d.", "distance")}
"""How the unit of a parameter stands at an axis."""
NAMELESS = {"weight", "people a week", "log-odds", "money", "choice", "switch", "number"}
"""Units with no name to show there."""
assert set(UNIT_WORDS) | NAMELESS == set(UNITS)
SLIDER_UNITS = {
    **UNIT_WORDS,
    **{"people/week": "a week", "weight": "times the usual", "number": "", "share": "share", "chance": "chance"},
}
"""The same behind a value on a slider or in a sentence, where shares and chances are shown as per cent."""
LONG_YEARS = 20


def setting_sentence(path: str, value: Value) -> str:
    """Return a setting and its value as a clause, such as "each helper steps down twice a year on average"."""
    sentence = SENTENCES.get(path)
    if sentence is not None:
        return sentence(float(value))
    return f"{label_of(path)}: {value_in_words(path, value)}"


def label_of(path: str) -> str:
    """Return what a setting is called on pages; its meaning where it has no label."""
    row = parameters().get(path, {})
    return str(row.get("label") or row.get("meaning") or path)


def value_in_words(path: str, value: Value) -> str:
    """Return a value as its slider shows it: a word of its own, per cent, or a number with its unit."""
    row = parameters().get(path, {"unit": ""})
    special = next((words for one, words in row.get("special") or () if one == value), None)
    if special is not None:
        return str(special)
    if isinstance(value, (bool, str)):
        return value_text(value).replace("_", " ")
    if row["unit"] in ("share", "chance"):
        return f"{trimmed(100 * value)} %"
    return f"{value:g} {SLIDER_UNITS.get(row['unit'], row['unit'])}".strip()


def change_in_words(change: Change, *, several: bool = False) -> str:
    """Return what a change does, without its week; `several` where an act takes helpers from more than one group."""
    parts = [setting_sentence(path, value) for path, value in change.set.items()]
    if change.act:
        where = "in each group " if several else ""
        if change.count == 1:
            then = "leaves the group" if change.leave else "stays as a member"
            parts.append(f"{where}the busiest helper stops helping at once and {then}")
        else:
            then = "leave the group" if change.leave else "stay as members"
            parts.append(f"{where}the {small(change.count)} busiest helpers stop helping at once and {then}")
    return "; ".join(parts)


def changes_in_words(scenario: Scenario) -> str:
    """Return what changes in the course of a scenario, with when; "none" if nothing does."""
    several = scenario.start.groups > 1
    return "; ".join(f"{when(change)} {change_in_words(change, several=several)}" for change in scenario.changes) or (
        "none"
    )


def when(change: Change) -> str:
    """Return when a change comes: an act in its week, other values from their week on."""
    if change.set:
        return f"from week {change.week} on"
    return "in the first week" if change.week == 0 else f"after {duration(change.week)}"


def differing(first: Scenario, second: Scenario) -> list[tuple[str, str, str]]:
    """Return in what two scenarios differ, in words: what, in the first, in the second."""
    rows = [
        (label_of(path), setting_or_value(path, value_at(first, path)), setting_or_value(path, value_at(second, path)))
        for path, _ in differences(first, second)
        if path not in ("title", "about", "form")
    ]
    if first.changes != second.changes:
        rows.append(("Events", changes_in_words(first), changes_in_words(second)))
    return rows


def setting_or_value(path: str, value: Value) -> str:
    """Return a value to stand beside its label: as a clause where there is one, else as its slider shows it."""
    return setting_sentence(path, value) if path in SENTENCES else value_in_words(path, value)


def in_common(first: Scenario, second: Scenario) -> str:
    """Return what two scenarios have in common as one sentence: form, settings away from it, later changes, length."""
    form = form_named(first.form if first.form == second.form else "base")
    own = {path for path, _ in differences(first, second)}
    parts = [form.title]
    for path, value in differences(form, first):
        if path not in own and path not in TOLD_ELSEWHERE:
            parts.append(setting_sentence(path, value))
    if first.changes and first.changes == second.changes:
        parts.append(changes_in_words(first))
    return f"The same in both: {'; '.join(parts)}; {length_in_words(first.weeks)}; the same chance events."


def length_in_words(weeks: float) -> str:
    """Return a number of weeks in words, in whole years above twenty."""
    return f"{weeks / 52.0:.0f} years" if weeks > LONG_YEARS * 52 else duration(weeks)


def _rate(value: float) -> str:
    often = {0.0: "never", 1.0: "once a year", 2.0: "twice a year"}.get(value, f"{trimmed(value, 2)} times a year")
    return f"helpers {often} step down" if value == 0 else f"each helper steps down {often} on average"


def _share(of: str, does: str) -> Callable[[float], str]:
    """Return the clause of a share: of 100 of something, so many do something."""

    def clause(value: float) -> str:
        if value in (0, 1):
            return f"{'none' if value == 0 else 'all'} of the {of} {does}"
        return f"{trimmed(100 * value)} of 100 {of} {does}"

    return clause


def _term(value: float) -> str:
    return "no fixed term for helpers" if value == 0 else f"every helper steps down after {duration(value)}"


def _supervised(value: float) -> str:
    if value in (0, 1):
        return f"helpers get {'no' if value == 0 else 'full'} supervision"
    return f"helpers get supervision ({trimmed(100 * value)} % of full)"


def _arrivals(value: float) -> str:
    return f"{trimmed(value, 2)} new {'person needs' if value == 1 else 'people need'} help each week"


def _helpers(value: float) -> str:
    return f"{small(int(value))} helper{'' if value == 1 else 's'} at the start"


def _departures(value: float) -> str:
    if value == 0:
        return "no helper leaves the group for that alone"
    return f"{trimmed(value, 2)} {'helper leaves' if value == 1 else 'helpers leave'} a group each year"


def _prepared(value: float) -> str:
    number = small(int(value)) if value else "no"
    return f"{number} {'member is' if value == 1 else 'members are'} prepared to follow before a place is empty"


SENTENCES: dict[str, Callable[[float], str]] = {
    "serve.turnover_per_year": _rate,
    "serve.leaves_with_role": _share("helpers who step down", "also leave the group"),
    "serve.departures_per_year": _departures,
    "prepare.successors": _prepared,
    "serve.term_weeks": _term,
    "supervise.supervision": _supervised,
    "community.arrivals_per_week": _arrivals,
    "start.helpers": _helpers,
}
"""Clauses for settings that read better than their label and value."""

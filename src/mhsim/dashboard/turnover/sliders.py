"""What the page lets one change: levers with their labels, their sliders and their values in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from mhsim.dashboard.scenario_state import Situation, differences, parameters, value_at
from mhsim.dashboard.widgets.fields import Field, field_of
from mhsim.report.formatting import duration, small, trimmed
from mhsim.scenario import Change, Scenario, Value

LOSS, LOSS_YEAR = "loss.count", "loss.year"
"""Names of the two inputs of a loss of helpers at once, which is a change in mid-life and no setting."""
MOST_LOST = 5
USUAL_YEAR = 2
WEEKS_A_YEAR = 52


@dataclass(frozen=True)
class Lever:
    """A setting with a slider.

    Attributes
    ----------
    path : str
        The path of a scenario.
    label : str
        Its name on the page.
    low, high, step : float
        The range of the slider; in per cent where `percent`.
    words : callable
        The value as words that follow a colon.
    percent : bool
        Whether a share is shown in per cent.
    unit : str
        What stands behind the number.
    special : tuple of (value, str)
        Values that have words of their own.
    """

    path: str
    label: str
    low: float
    high: float
    step: float
    words: Callable[[float], str]
    percent: bool = False
    unit: str = ""
    special: tuple[tuple[Value, str], ...] = ()

    def field(self, situation: Situation) -> Field:
        """Return its slider."""
        scale = 0.01 if self.percent else 1.0
        made = field_of(
            self.path, situation, self.label, low=self.low * scale, high=self.high * scale, step=self.step * scale,
            unit=self.unit or None, words=self.special,
        )  # fmt: skip
        if not self.percent:
            return made
        value, low, high = (round(100 * float(part or 0), 4) for part in (made.value, made.low, made.high))
        return replace(made, value=value, low=low, high=high, step=self.step, unit="%")

    def value(self, shown: Value) -> Value:
        """Return the setting for what a slider shows."""
        return round(float(shown) / 100.0, 6) if self.percent else shown


def _rate(value: float) -> str:
    if value == 0:
        return "helpers never step down"
    return f"each helper steps down {trimmed(value)} times a year on average" if value != 1 else (
        "each helper steps down once a year on average"
    )  # fmt: skip


def _share(what: str, does: str) -> Callable[[float], str]:
    """Return the words of a share: of 100 of something, so many do something."""

    def told(value: float) -> str:
        if value in (0, 1):
            return f"{'none' if value == 0 else 'all'} of the {what} {does}"
        return f"{100 * value:.0f} of 100 {what} {does}"

    return told


def _term(value: float) -> str:
    return "no fixed term" if value == 0 else f"every helper steps down after {duration(value)}"


def _supervised(value: float) -> str:
    return "nobody looks after the helpers" if value == 0 else f"helpers are looked after ({100 * value:.0f} % of full)"


def _helpers(value: float) -> str:
    return f"{small(int(value))} helper{'' if value == 1 else 's'} when the groups open"


LEVERS = (
    Lever("serve.turnover_per_year", "How often a helper steps down", 0, 4, 0.1, _rate, unit="times a year",
          special=((0, "never"),)),
    Lever("serve.leaves_with_role", "Of those, how many leave the group too", 0, 100, 5,
          _share("helpers who step down", "leave the group too"), percent=True),
    Lever("serve.succession", "Vacant places taken over by somebody prepared", 0, 100, 5,
          _share("vacant places", "are taken over by somebody prepared"), percent=True),
    Lever("serve.term_weeks", "Rotation: fixed term of a helper", 0, 260, 13, _term, unit="weeks",
          special=((0, "no fixed term"),)),
    Lever("help.supervision", "Looking after the helpers (supervision)", 0, 100, 5, _supervised, percent=True),
    Lever("community.arrivals_per_week", "People who fall into need, a week", 0, 3, 0.1,
          lambda value: f"{trimmed(value, 2)} people fall into need a week", unit="people"),
    Lever("start.helpers", "Helpers when the groups open", 0, 10, 1, _helpers, unit="helpers"),
)  # fmt: skip
BY_PATH = {lever.path: lever for lever in LEVERS}


def fields_of(situation: Situation) -> list[Field]:
    """Return the inputs for a situation, the loss of helpers at once among them."""
    fields = [lever.field(situation) for lever in LEVERS]
    most = situation.value("start.members")
    fields[-1] = replace(fields[-1], high=min(float(fields[-1].high or 0), float(most)))
    return fields[:2] + loss_fields(situation) + fields[2:]


def loss_fields(situation: Situation) -> list[Field]:
    """Return the inputs of a loss of the busiest helpers at once."""
    count, year = loss_of(situation)
    about = (
        "The helpers of each group who have given most help stop helping in the same week. They stay as members. "
        "An act that the page adds; no source."
    )
    fields = [
        Field(
            LOSS,
            "Busiest helpers who stop helping at once",
            "range",
            count,
            0,
            MOST_LOST,
            1,
            help=about,
            words=((0, "none"),),
        )
    ]
    if count:
        last = max(1, int(situation.scenario().weeks - 1) // WEEKS_A_YEAR)
        when = "They stop after so many years."
        fields.append(
            Field(
                LOSS_YEAR,
                "They stop after",
                "range",
                year,
                0,
                last,
                1,
                unit="years",
                help=when,
                words=((0, "at once"), (1, "1 year")),
            )
        )
    return fields


def loss_of(situation: Situation) -> tuple[int, int]:
    """Return how many helpers are lost at once, and after how many years; the first such loss counts."""
    for change in situation.changes:
        if change.act:
            return change.count, round(change.week / WEEKS_A_YEAR)
    return 0, USUAL_YEAR


def with_loss(situation: Situation, count: int, year: int) -> Situation:
    """Return the situation with so many helpers lost at once after so many years, in place of any loss before."""
    kept = [change.model_copy(update={"act": None}) if change.act else change for change in situation.changes]
    bare = replace(situation, changes=tuple(change for change in kept if change.set))
    if not count:
        return bare
    week = min(year * WEEKS_A_YEAR, situation.scenario().weeks - 1)
    return bare.with_change(Change(week=week, act="lose_busiest_helpers", count=count))


def pulled(situation: Situation, name: str, shown: Value) -> Situation:
    """Return the situation after an input was set; raise InputError if that is not allowed."""
    count, year = loss_of(situation)
    if name == LOSS:
        return with_loss(situation, int(shown), year)
    if name == LOSS_YEAR:
        return with_loss(situation, count, int(shown))
    lever = BY_PATH.get(name)
    return situation.with_value(name, lever.value(shown) if lever else shown)


def pulled_in_both(first: Situation, second: Situation, name: str, shown: Value) -> tuple[Situation, Situation]:
    """Return A after an input was set, and B, which follows where it was the same as A in that input."""
    if name in (LOSS, LOSS_YEAR):
        follows = loss_of(first) == loss_of(second)
    else:
        follows = first.value(name) == second.value(name)
    return pulled(first, name, shown), pulled(second, name, shown) if follows else second


def same_luck(first: Situation, second: Situation) -> tuple[Situation, Situation]:
    """Return two situations with the seed of the first."""
    return first, second.with_value("seed", first.value("seed"))


def differing(first: Scenario, second: Scenario) -> list[tuple[str, str, str]]:
    """Return in what two scenarios differ, in words: what, in A, in B."""
    found = []
    for path, _ in differences(first, second):
        if path in ("title", "about", "form"):
            continue
        lever = BY_PATH.get(path)
        told: Callable[[Any], str] = lever.words if lever else str
        what = lever.label if lever else str(parameters()[path]["meaning"])
        found.append((what, told(value_at(first, path)), told(value_at(second, path))))
    if first.changes != second.changes:
        found.append(("What happens on the way", changes_in_words(first), changes_in_words(second)))
    return found


def changes_in_words(scenario: Scenario) -> str:
    """Return what happens in mid-life, in words."""
    parts = []
    for change in scenario.changes:
        when = "in the first week" if change.week == 0 else f"after {duration(change.week)}"
        if change.act:
            many = change.count > 1
            who = f"the {small(change.count)} busiest helpers stop" if many else "the busiest helper stops"
            parts.append(
                f"{when} {who} helping at once ({'they stay as members' if many else 'and stays as a member'})"
            )
        for path, value in change.set.items():
            lever = BY_PATH.get(path)
            told = lever.words(float(value)) if lever else f"{path} is {value}"
            parts.append(f"{told} from week {change.week} on")
    return "; ".join(parts) or "nothing"

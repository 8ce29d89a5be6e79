"""What can be changed on the page: at once, from the week shown on; or only by starting again."""

from __future__ import annotations

from mhsim.dashboard.explore.presets import OWN, choices, preset_of
from mhsim.dashboard.scenario_state import Situation, worlds
from mhsim.dashboard.widgets.fields import InputField, field_of
from mhsim.scenario import Change, Value
from mhsim.scenario_io.loader import shipped

FROM_NOW = (
    "serve.turnover_per_year",
    "serve.departures_per_year",
    "prepare.successors",
    "supervise.supervision",
    "community.arrivals_per_week",
)
FROM_THE_START = (
    "start.members",
    "start.helpers",
    "share.needs_veteran",
    "help.benefit_to_helper",
    "community.stigma",
)


def now_fields(situation: Situation, week: float) -> list[InputField]:
    """Return the inputs that act from a week on, showing what holds in that week."""
    holding = at_week(situation, week)
    return [field_of(path, holding) for path in FROM_NOW]


def start_fields(situation: Situation) -> list[InputField]:
    """Return the inputs that start the run again."""
    weeks = situation.value("weeks")
    usual: dict[Value, str] = {52 * years: f"{years} years" for years in (2, 5, 10, 20)}
    lengths = tuple({**usual, weeks: usual.get(weeks, f"{weeks} weeks")}.items())
    length = InputField("weeks", "Length of the run", "choice", weeks, choices=lengths)
    return [field_of("start.kind", situation), length, *(field_of(path, situation) for path in FROM_THE_START)]


def story_fields(situation: Situation) -> list[InputField]:
    """Return the choice of a type of group and of a story, and the seed."""
    in_order = sorted(shipped(), key=lambda name: name in worlds())
    forms = tuple(
        (name, ("World: " if name in worlds() else "") + str(Situation(name).value("title"))) for name in in_order
    )
    preset = preset_of(situation)
    form = InputField("form", "Type of group", "choice", situation.form, choices=forms)
    story = InputField("story", "Story", "choice", preset.name if preset else OWN, choices=choices(situation))
    return [form, story, field_of("seed", situation)]


def at_week(situation: Situation, week: float) -> Situation:
    """Return the situation as it holds in a week: with what has changed by then, and nothing to come."""
    settings = {path: value for one in situation.changes if one.week <= week for path, value in one.set.items()}
    return situation.with_values(settings, ())


def set_from(situation: Situation, path: str, value: Value, week: float) -> Situation:
    """Return the situation with another value from a week on; before the first week that is from the start."""
    if week < 1:
        return situation.with_value(path, value)
    return situation.with_change(Change(week=int(week), set={path: value}))


def with_helpers_lost(situation: Situation, count: int, week: float, leave: bool = False) -> Situation:
    """Return the situation in which the busiest helpers of each group stop helping in a week, or leave it too."""
    return situation.with_change(Change(week=int(week), act="lose_busiest_helpers", count=count, leave=leave))


def without_late_changes(situation: Situation) -> Situation:
    """Return the situation without changes that lie beyond its end, after the run was made shorter."""
    weeks = situation.scenario().weeks
    return situation.with_changes(change for change in situation.changes if change.week < weeks)

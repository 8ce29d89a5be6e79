"""What can be changed on the page: at once, from the week shown on; or only by starting anew."""

from __future__ import annotations

from mhsim.dashboard.explore.presets import OWN, choices, tale_of
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import written
from mhsim.dashboard.widgets.fields import Field, field_of
from mhsim.scenario import Change, Value, with_values
from mhsim.scenario_io.loader import shipped

A_YEAR, A_WEEK = "a year", "a week"
FROM_NOW = (
    ("serve.turnover_per_year", "Helpers stepping down", 4.0, 0.05, A_YEAR, ((0.0, "none"),)),
    ("serve.leaves_with_role", "Who steps down leaves the group too", 1.0, 0.05, "", ((0.0, "never"), (1.0, "always"))),
    ("serve.succession", "A prepared successor takes over", 1.0, 0.05, "", ((0.0, "never"), (1.0, "always"))),
    ("help.supervision", "Somebody looks after the helpers", 1.0, 0.05, "", ((0.0, "nobody"), (1.0, "fully"))),
    ("community.arrivals_per_week", "People coming into need", 3.0, 0.05, A_WEEK, ((0.0, "nobody"),)),
)
"""Path, label, highest of the slider, step, unit, words for some values."""
FROM_THE_START = (
    ("start.members", "Members at the opening", 60, 1, "people", ()),
    ("start.helpers", "Helpers among them", 15, 1, "people", ()),
    ("share.needs_veteran", "Hope needs somebody who has come through", 1.0, 0.05, "", ((0.0, "no"), (1.0, "wholly"))),
    ("help.benefit_to_helper", "What helping does for the helper", 3.0, 0.1, "times", ((0.0, "nothing"),)),
    ("community.stigma", "Stigma around", 1.0, 0.05, "", ((0.0, "none"),)),
)
ACT = "busiest"


def now_fields(situation: Situation, week: float) -> list[Field]:
    """Return the inputs that act from a week on, showing what holds in that week."""
    holding, form = at_week(situation, week), Situation(situation.form)
    return [
        field_of(
            path,
            holding,
            label,
            low=0,
            high=max(high, 2.0 * float(form.value(path))) if unit == A_WEEK else high,
            step=step,
            unit=unit or None,
            words=words,
        )
        for path, label, high, step, unit, words in FROM_NOW
    ]


def start_fields(situation: Situation) -> list[Field]:
    """Return the inputs that start the history anew."""
    kind = field_of("start.kind", situation, "The group is")
    length = Field(
        "weeks",
        "Length of the history",
        "choice",
        situation.value("weeks"),
        choices=_lengths(situation.value("weeks")),
    )
    sliders = [
        field_of(path, situation, label, low=0, high=high, step=step, unit=unit or None, words=words)
        for path, label, high, step, unit, words in FROM_THE_START
    ]
    return [kind, length, *sliders]


def story_fields(situation: Situation) -> list[Field]:
    """Return the choice of a form and of a story, and the seed."""
    forms = tuple((name, title(name)) for name in shipped())
    seed = Field(
        "seed", "Seed", "number", situation.value("seed"), 0, 2**53, 1, help="The number that settles all luck."
    )
    tale = tale_of(situation)
    form = Field("form", "Form of group", "choice", situation.form, choices=forms)
    story = Field("story", "Story", "choice", tale.name if tale else OWN, choices=choices(situation))
    return [form, story, seed]


def title(form: str) -> str:
    """Return the title of a shipped form."""
    return str(Situation(form).value("title"))


def at_week(situation: Situation, week: float) -> Situation:
    """Return the situation as it holds in a week: with what has changed by then, and nothing to come."""
    settings = {path: value for one in situation.changes if one.week <= week for path, value in one.set.items()}
    present = Situation(situation.form, situation.settings)
    return present.with_values(settings) if settings else present


def changed(situation: Situation, path: str, value: Value, week: float) -> Situation:
    """Return the situation with another value from a week on; before the first week that is from the start."""
    if week < 1:
        return situation.with_value(path, value)
    return situation.with_change(Change(week=int(week), set={path: value}))


def lost(situation: Situation, count: int, week: float) -> Situation:
    """Return the situation in which the busiest helpers are lost in a week."""
    return situation.with_change(Change(week=int(week), act="lose_busiest_helpers", count=count))


def in_words(change: Change) -> str:
    """Return a change as people say it: "Week 104: a prepared successor takes over: 0.8"."""
    parts = [_set_in_words(path, value) for path, value in change.set.items()]
    if change.act:
        parts.append(
            "the busiest helper stops helping"
            if change.count == 1
            else f"the {change.count} busiest helpers stop helping"
        )
    return f"Week {change.week}: {'; '.join(parts)}"


def _set_in_words(path: str, value: Value) -> str:
    """Return a setting and its value as the sliders show them."""
    for one, label, _, _, unit, special in FROM_NOW:
        if one == path and isinstance(value, (int, float)):
            plain = f"{value:g} {unit}" if unit else f"{100 * value:.0f} %"
            return f"{label}: {dict(special).get(float(value), plain)}"
    return f"{path}: {written(value)}"


def _lengths(weeks: Value) -> tuple[tuple[Value, str], ...]:
    usual: dict[Value, str] = {52 * years: f"{years} years" for years in (2, 5, 10, 20)}
    return tuple({**usual, weeks: usual.get(weeks, f"{weeks} weeks")}.items())


def check_end(situation: Situation) -> Situation:
    """Return the situation without changes that lie beyond its end, after the history was made shorter."""
    end = with_values(Situation(situation.form).scenario(), dict(situation.settings)).weeks
    return Situation(
        situation.form, situation.settings, tuple(change for change in situation.changes if change.week < end)
    )

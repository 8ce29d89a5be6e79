"""What the page lets one change: its sliders, a loss of helpers at once, and ready-made pairs to begin with.

A setting that changes in mid-life is shown and set from the week of its last change on, and its label says so; the
value before that week stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.widgets.fields import InputField, field_of
from mhsim.scenario import Change, Value

LOSS, LOSS_WEEK, LOSS_LEAVE = "loss.count", "loss.week", "loss.leave"
"""Names of the inputs of a loss of helpers at once, which is a change in mid-life and no setting."""
MOST_LOST = 5
USUAL_WEEK = 104
RATE, LEAVES = "serve.turnover_per_year", "serve.leaves_with_role"
SUCCESSORS, LEARNT = "prepare.successors", "prepare.enabled"
DEPARTURES = "serve.departures_per_year"
MEMBERS, HELPERS, APPRENTICES = "start.members", "start.helpers", "start.apprentices"
LEARNT_ALREADY = "start.apprentice_know_how"
BEFORE_LOSS = (RATE, LEAVES, DEPARTURES)
AFTER_LOSS = ("serve.term_weeks", "supervise.supervision", "community.arrivals_per_week", MEMBERS, HELPERS)
"""Settings that stand before the loss of helpers and after it; who is prepared to follow stands between."""


def fields_of(situation: Situation) -> list[InputField]:
    """Return the inputs for a situation, the loss of helpers at once among them."""
    before = [setting_field(situation, path) for path in BEFORE_LOSS]
    follows = (SUCCESSORS,) if situation.value(LEARNT) else ()
    after = [setting_field(situation, path) for path in (*follows, *AFTER_LOSS)]
    return before + loss_fields(situation) + after


def setting_field(situation: Situation, path: str) -> InputField:
    """Return the input of a setting; helpers and those who learn to help are at most as many as the members."""
    field = _field(situation, path)
    if path not in (HELPERS, APPRENTICES):
        return field
    members, helpers = float(situation.value(MEMBERS)), float(situation.value(HELPERS))
    most = members if path == HELPERS else max(members - helpers, float(situation.value(APPRENTICES)))
    return replace(field, high=min(float(field.high or 0), most), unit="helpers" if path == HELPERS else "members")


def _field(situation: Situation, path: str) -> InputField:
    field, last = field_of(path, situation), last_change(situation, path)
    if last is None:
        return field
    change = situation.changes[last]
    value = change.set[path]
    high = max(float(field.high or 0), float(value))
    return replace(field, value=value, high=high, label=f"{field.label}, from week {change.week} on")


def last_change(situation: Situation, path: str) -> int | None:
    """Return the position of the last change of a setting, None if it never changes."""
    return max((k for k, change in enumerate(situation.changes) if path in change.set), default=None)


def loss_fields(situation: Situation) -> list[InputField]:
    """Return the inputs of a loss of the busiest helpers at once."""
    count, week = loss_of(situation)
    about = (
        "In each group, the helpers who have given most help stop helping in the same week. This is an event added by "
        "the page; it has no source."
    )
    label = "Busiest helpers who stop helping at once"
    most = max(MOST_LOST, count)
    fields = [InputField(LOSS, label, "range", count, 0, most, 1, unit="helpers", help=about, words=((0, "none"),))]
    if count:
        last = int(situation.value("weeks")) - 1
        when = "The week of the run in which they stop; week 4 is a month after the start, week 52 a year."
        fields.append(InputField(LOSS_WEEK, "They stop in week", "range", week, 0, last, 1, help=when))
        fields.append(leave_field(situation))
    return fields


def leave_field(situation: Situation) -> InputField:
    """Return the input of whether those who stop helping at once leave the group too."""
    means = "If not, they stay as members."
    return InputField(LOSS_LEAVE, "They leave the group too", "switch", loss_leaves(situation), help=means)


def loss_leaves(situation: Situation) -> bool:
    """Return whether those who stop helping at once leave the group too."""
    return next((change.leave for change in situation.changes if change.act), False)


def loss_of(situation: Situation) -> tuple[int, int]:
    """Return how many helpers are lost at once, and in which week; the first such loss counts."""
    return next(((change.count, change.week) for change in situation.changes if change.act), (0, USUAL_WEEK))


def with_loss(situation: Situation, count: int, week: int, leave: bool | None = None) -> Situation:
    """Return the situation with so many helpers lost at once in a week, in place of its first loss.

    Whether they leave the group stays as it was unless `leave` says it.
    """
    first = next((change for change in situation.changes if change.act), None)
    bare = situation
    if first is not None:
        kept = [
            first.model_copy(update={"act": None, "leave": False}) if one is first else one for one in situation.changes
        ]
        bare = situation.with_changes(change for change in kept if change.set or change.act)
    if not count:
        return bare
    week = min(week, int(situation.value("weeks")) - 1)
    if leave is None:
        leave = loss_leaves(situation)
    return bare.with_change(Change(week=week, act="lose_busiest_helpers", count=count, leave=leave))


def with_input(situation: Situation, name: str, value: Value) -> Situation:
    """Return the situation after an input was set; raise InputError if that is not allowed."""
    count, week = loss_of(situation)
    if name == LOSS:
        return with_loss(situation, int(value), week)
    if name == LOSS_WEEK:
        return with_loss(situation, count, int(value))
    if name == LOSS_LEAVE:
        return with_loss(situation, count, week, bool(value))
    last = last_change(situation, name)
    if last is None:
        return situation.with_value(name, value)
    changes = list(situation.changes)
    changes[last] = changes[last].model_copy(update={"set": {**changes[last].set, name: value}})
    return situation.with_changes(changes)


def input_value(situation: Situation, name: str) -> Value | tuple[int, int, bool]:
    """Return what an input shows: a setting, from its last change on, or the loss of helpers."""
    if name in (LOSS, LOSS_WEEK, LOSS_LEAVE):
        return (*loss_of(situation), loss_leaves(situation))
    last = last_change(situation, name)
    return situation.value(name) if last is None else situation.changes[last].set[name]


def with_input_in_both(first: Situation, second: Situation, name: str, value: Value) -> tuple[Situation, Situation]:
    """Return A after an input was set, and B, which follows where it was the same as A in that input."""
    follows = input_value(first, name) == input_value(second, name)
    return with_input(first, name, value), with_input(second, name, value) if follows else second


def same_seed(first: Situation, second: Situation) -> tuple[Situation, Situation]:
    """Return two situations with the seed of the first."""
    return first, second.with_value("seed", first.value("seed"))


SEED = 4
"""Seed of the page as it opens: one under which the story shown is worth telling."""


@dataclass(frozen=True)
class Example:
    """A question with its two situations, laid over a type of group.

    Attributes
    ----------
    label : str
        The question in few words.
    both, second : mapping
        Settings of A and B, and those of B alone.
    lost : int
        Busiest helpers who stop helping at once in B, after two years.
    followed : bool
        Whether two members are kept prepared in B to follow helpers who stop.
    """

    label: str
    both: Mapping[str, Value] = field(default_factory=dict)
    second: Mapping[str, Value] = field(default_factory=dict)
    lost: int = 0
    followed: bool = False

    def situations(self, form: str, seed: int) -> tuple[Situation, Situation]:
        """Return the two situations."""
        first = Situation(form).with_values({"seed": seed, **self.both})
        second = first.with_values(self.second)
        if self.followed:
            second = second.with_value(SUCCESSORS, 2)
        return first, with_loss(second, self.lost, USUAL_WEEK)


EXAMPLES = (
    Example("Trained successors", {RATE: 2.0, LEAVES: 0.0}, followed=True),
    Example("Trained successors, but helpers leave for good", {RATE: 1.0, LEAVES: 1.0}, followed=True),
    Example("Helpers who step down stay as members", {RATE: 1.0, LEAVES: 1.0}, {LEAVES: 0.0}),
    Example("Two helpers stop at once", {}, {}, lost=2),
    Example("Fewer people need help", {"community.arrivals_per_week": 0.6}, {"community.arrivals_per_week": 0.2}),
    Example("Terms of half a year", {}, {"serve.term_weeks": 26}),
    Example(
        "One helper for many, with supervision",
        {"community.arrivals_per_week": 2.0, "start.helpers": 1, "serve.become_hazard": 0.008},
        {"supervise.supervision": 0.8},
    ),
)


def opening() -> tuple[Situation, Situation]:
    """Return what the page shows where its address says nothing."""
    return EXAMPLES[0].situations("base", SEED)

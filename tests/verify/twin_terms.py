"""Numbers for kinds of things, as docs/ODD.md section 2 lists them, and parameters per step."""

from __future__ import annotations

from types import SimpleNamespace

from mhsim.scenario import Scenario, parameter_rows

NEVER = -32768
STARTERS = 4095
YEAR = 52.0

IMPACT, RECOIL, ACCOMMODATION = range(3)
STAGES = ("impact", "recoil", "accommodation")
OUTSIDE, MEMBER, FORMER = range(3)
MEMBERSHIPS = ("outside", "member", "former")
NO_ROLE, NEWCOMER, PLAIN_MEMBER, HELPER, ORGANISER, APPRENTICE = range(6)
ROLES = ("none", "newcomer", "member", "helper", "organiser", "apprentice")
RESILIENT, RECOVERING, CHRONIC = range(3)
CLASSES = ("resilient", "recovering", "chronic")
REASONS = (
    "none",
    "graduated",
    "dropped_out",
    "came_once",
    "relapsed",
    "burnt_out",
    "left_with_role",
    "conflict",
    "moved_away",
    "group_closed",
    "settled",
    "drifted_off",
)
GRADUATED, DROPPED_OUT, CAME_ONCE, RELAPSED, BURNT_OUT, LEFT_WITH_ROLE, CONFLICT, MOVED_AWAY, GROUP_CLOSED, SETTLED = (
    range(1, 11)
)
DRIFTED_OFF = 11
NO_TIE, ACQUAINTANCE, HELP_TIE, FRIEND, SPONSOR = range(5)
FORMING, ACTIVE, DORMANT, CLOSED = range(4)
STATUSES = ("forming", "active", "dormant", "closed")
CLOSING = ("open", "low_attendance", "no_leader", "no_longer_needed", "conflict", "money")
LOW_ATTENDANCE, NO_LEADER, NO_LONGER_NEEDED, STRIFE, MONEY = range(1, 6)
SNAPSHOT_WEEKS = (13, 26, 52, 104)
OTHER_WORK_LEFT, INTERVENTION = 12, 13
"""Reasons in the log why a role alone ended: an organiser stepped down; an act took it."""
NOBODY = 2**32 - 1
"""Who, in the log, of what happens to a group; from whom help descends that descends from nobody."""


def per_step(value: float, unit: str, dt: float) -> float:
    """Return the value of a parameter for one step of dt weeks, by its unit (ODD section 4)."""
    if unit in ("1/week", "people/week", "money/week"):
        return value * dt
    if unit == "1/year":
        return value * dt / YEAR
    if unit in ("share/week", "share/meeting"):
        return 1.0 - (1.0 - value) ** dt
    return value


def step_values(scenario: Scenario, form: str = "") -> SimpleNamespace:
    """Return all parameters for one step: a namespace of sections, each a namespace of values.

    Those of a form are the scenario's own but for what the form has for itself.
    """
    says = scenario.forms[form] if form else scenario
    dt = scenario.weeks_per_step
    sections: dict[str, SimpleNamespace] = {}
    for row in parameter_rows():
        section, _, leaf = row["path"].partition(".")
        if not leaf:
            continue
        inner = getattr(says, section, None)
        value = getattr(inner if hasattr(inner, leaf) else getattr(scenario, section), leaf)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = per_step(value, row["unit"], dt)
        vars(sections.setdefault(section, SimpleNamespace()))[leaf] = value
    return SimpleNamespace(dt=dt, meetings_per_week=says.meetings_per_week, **sections)

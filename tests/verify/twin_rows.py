"""The twin's people, groups and events in the columns of the engine's tables, and the comparing of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twin_groups import TwinGroup
from twin_model import TwinModel
from twin_modules import TwinModules
from twin_people import TwinPerson
from twin_terms import (
    CLASSES,
    CLOSING,
    MEMBERSHIPS,
    NEVER,
    REASONS,
    ROLES,
    SNAPSHOT_WEEKS,
    STAGES,
    STATUSES,
)

Row = dict[str, Any]
WEEKS_OF_PEOPLE = {
    "joined_week": "joined",
    "first_contact_week": "first_contact",
    "recoil_week": "recoil_at",
    "accommodated_week": "accommodated_at",
    "helper_week": "first_helper",
    "sponsored_week": "first_sponsor",
    "first_left_week": "first_left",
    "left_week": "left_at",
}
COUNTS = ["returns", "meetings", "help_given", "help_received", "unmet_requests", "crises"]
STATE = ["hope", "self_efficacy", "coping", "distress", "shame", "belonging", "strain", "credit", "severity"]
STATE += ["spare_time", "know_how", "arrival_distress"]
GROUP_COUNTS = ["roll", "helpers", "organisers", "first_visits", "helpers_made", "helpers_lost"]
GROUP_STATE = ["attendance", "cohesion", "norms", "climate", "legacy", "formality", "funds"]


def week_of(model: TwinModel, step: int) -> float | None:
    """Return weeks since the opening for a step, None for NEVER."""
    return None if step == NEVER else (step - model.opening) * model.dt


def life_row(model: TwinModel, person: TwinPerson) -> Row:
    """Return a person as a row of the table of lives."""
    row: Row = {
        "community": person.community.number,
        "who": person.who,
        "starter": person.starter,
        "arrived_week": week_of(model, person.arrived),
        "resilience": CLASSES[person.resilience],
        "ended": REASONS[person.ended],
        "membership": MEMBERSHIPS[person.membership],
        "stage": STAGES[person.stage],
        "role": ROLES[person.role],
        "group": person.group.number if person.group else -1,
        "last_group": person.last_group.number if person.last_group else -1,
        "left_reason": REASONS[person.last_reason],
        "weeks_helping": person.steps_helping * model.dt,
    }
    row |= {column: week_of(model, getattr(person, name)) for column, name in WEEKS_OF_PEOPLE.items()}
    row |= {name: getattr(person, name) for name in COUNTS + STATE}
    for weeks in SNAPSHOT_WEEKS:
        row |= snapshot_row(weeks, person.snapshots.get(weeks))
    return row | TwinModules.columns(person)


def snapshot_row(weeks: int, snapshot: Row | None) -> Row:
    """Return the columns of one snapshot."""
    names = ("stage", "membership", "hope", "efficacy", "coping", "distress", "calm")
    if snapshot is None:
        return {f"{name}_at_{weeks}": None for name in names}
    row = {f"{name}_at_{weeks}": snapshot[name] for name in names}
    row[f"stage_at_{weeks}"] = STAGES[snapshot["stage"]]
    row[f"membership_at_{weeks}"] = MEMBERSHIPS[snapshot["membership"]]
    return row


def group_row(model: TwinModel, group: TwinGroup) -> Row:
    """Return a group as a row of the table of groups."""
    row: Row = {
        "group": group.number,
        "community": group.community.number,
        "parent": group.parent,
        "lineage": group.lineage,
        "founded_week": week_of(model, group.founded),
        "closed_week": None if group.open else week_of(model, group.closed),
        "status": STATUSES[group.status],
        "reason": CLOSING[group.reason],
        "circumstances": "+".join(CLOSING[reason] for reason in group.circumstances),
    }
    if model.scenario.forms:
        row["form"] = group.form
    return row | {name: getattr(group, name) for name in GROUP_COUNTS + GROUP_STATE} | TwinModules.columns(group)


def twin_tables(model: TwinModel) -> tuple[dict[tuple[int, int], Row], list[Row], list[tuple[Any, ...]]]:
    """Return lives by (community, who), groups, and sorted events of a finished twin."""
    people = model.gone + [person for community in model.communities for person in community.everybody]
    lives = {(person.community.number, person.who): life_row(model, person) for person in people}
    for group in model.groups:
        group.count([person for person in people if person.group is group])
    events = [(week_of(model, event[0]), *event[1:]) for event in model.events or []]
    return lives, [group_row(model, group) for group in model.groups], sorted(events)


def engine_tables(run: Any) -> tuple[dict[tuple[int, int], Row], list[Row], list[tuple[Any, ...]]]:
    """Return the same three from a run of the engine."""
    lives = {(row["community"], row["who"]): row for row in run.lives.to_pylist()}
    names = ("week", "kind", "community", "who", "other", "value")
    columns = [run.events.column(name).to_pylist() for name in names]
    return lives, run.groups.to_pylist(), sorted(zip(*columns, strict=True))


def same(column: str, one: Any, two: Any) -> bool:
    """Tell whether two entries agree: numbers within rounding, all else exactly."""
    if isinstance(one, float) and isinstance(two, (int, float)):
        allowed = 1e-6 if "_at_" in column or column.startswith("arrival_") else 1e-9
        return abs(one - two) <= allowed * max(1.0, abs(one))
    return one == two


def differences(expected: Row, found: Row) -> list[str]:
    """Return the columns in which two rows part, with both entries."""
    return [
        f"{column}: engine {expected[column]!r}, twin {found[column]!r}"
        for column in found
        if not same(column, expected[column], found[column])
    ]


def compare_events(engine: list[tuple[Any, ...]], twin: list[tuple[Any, ...]]) -> str:
    """Return the first week in which the event logs part, and how; empty if they do not."""
    if engine == twin:
        return ""
    ours, theirs = set(twin), set(engine)
    only_twin = sorted(ours - theirs)
    only_engine = sorted(theirs - ours)
    parted = only_twin + only_engine
    if not parted:
        return "the event logs differ only in how often something is listed"
    week = min(event[0] for event in parted)
    lines = [
        f"{name} only: {event}"
        for name, events in (("engine", only_engine), ("twin", only_twin))
        for event in events
        if event[0] == week
    ]
    return f"event logs part in week {week}:\n  " + "\n  ".join(lines[:12])


def compare_lives(engine: dict[tuple[int, int], Row], twin: dict[tuple[int, int], Row]) -> str:
    """Return the first person, by arrival, whose lives part; empty if none does."""
    if engine.keys() != twin.keys():
        return f"different people: {sorted(engine.keys() ^ twin.keys())[:5]}"
    wrong = [(key, differences(engine[key], twin[key])) for key in sorted(engine)]
    wrong = [(key, parts) for key, parts in wrong if parts]
    if not wrong:
        return ""
    key, parts = wrong[0]
    return f"{len(wrong)} of {len(engine)} lives differ; first (community, who) {key}:\n  " + "\n  ".join(parts)


def compare_groups(engine: list[Row], twin: list[Row]) -> str:
    """Return the first group whose rows part; empty if none does."""
    if len(engine) != len(twin):
        return f"{len(engine)} groups in the engine, {len(twin)} in the twin"
    for expected, found in zip(engine, twin, strict=True):
        parts = differences(expected, found)
        if parts:
            return f"group {expected['group']} differs:\n  " + "\n  ".join(parts)
    return ""


def compare(run: Any, model: TwinModel) -> str:
    """Return where engine and twin part, the earliest event first; empty if they agree throughout."""
    engine, twin = engine_tables(run), twin_tables(model)
    comparers: list[Callable[[Any, Any], str]] = [compare_lives, compare_groups, compare_events]
    reports = [comparer(a, b) for comparer, a, b in zip(comparers, engine, twin, strict=True)]
    return "\n".join(report for report in reversed(reports) if report)

"""Tables of a recorded run: weekly series, lives, groups and events, with names a reader understands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from mhsim.engine.event_kinds import kind_names
from mhsim.engine.events import (
    EVENT_REASONS,
    GROUP_ENDED,
    LEARNING_ENDED,
    LEFT,
    ORGANISER_ENDED,
    ROLE_ENDED,
)
from mhsim.engine.tally import BY_FORM
from mhsim.outcomes.arrow_columns import numbers, texts
from mhsim.outcomes.counts import living
from mhsim.outcomes.summary import reasons_in
from mhsim.scenario import Scenario
from mhsim.schema import (
    CLOSED,
    CLOSING,
    GROUP_COLUMNS,
    HELPER,
    NAMES,
    NEVER,
    NOT_REACHED,
    NOWHERE,
    ORGANISER,
    PEOPLE_COLUMNS,
    REASONS,
    ROLES,
    SNAPSHOT_WEEKS,
    STAGES,
    Column,
    label,
)

if TYPE_CHECKING:
    from mhsim.engine.own_columns import OwnTables
    from mhsim.engine.world import World

OF_MEMBERS, OF_GROUPS = ("belonging", "strain"), ("cohesion", "funds")
"""Sums of the series that are shown as means over members, and over open groups."""


def opening_step(scenario: Scenario) -> int:
    """Return the step in which the groups open."""
    steps: int = round(scenario.start.run_in_weeks / scenario.weeks_per_step)
    return steps


def weeks_since_opening(steps: np.ndarray, scenario: Scenario) -> pa.Array:
    """Return steps as weeks since the groups opened, null for never."""
    weeks = (steps.astype(float) - opening_step(scenario)) * scenario.weeks_per_step
    return numbers(weeks, absent=steps == NEVER)


def named(codes: np.ndarray, names: tuple[str, ...] | dict[int, str]) -> pa.Array:
    """Return whole numbers as the names they stand for, null for `NOT_REACHED`."""
    return texts([None if code == NOT_REACHED else names[code] for code in codes.tolist()])


def shown(columns: tuple[Column, ...], rows: np.ndarray, scenario: Scenario) -> dict[str, pa.Array]:
    """Return the columns that tables show, as readers want them: weeks for steps, names for codes, yes and no."""
    found: dict[str, pa.Array] = {}
    for column in columns:
        values = rows[column.name]
        if not column.shown:
            continue
        if column.unit == "step":
            never = (values == column.start) & (column.start in (NEVER, NOWHERE))
            found[column.shown] = weeks_since_opening(np.where(never, NEVER, values), scenario)
        elif column.unit == "steps":
            found[column.shown] = numbers(values * scenario.weeks_per_step)
        elif column.unit == "0/1":
            found[column.shown] = numbers(values == 1)
        elif column.unit in NAMES:
            found[column.shown] = named(values, NAMES[column.unit])
        else:
            found[column.shown] = numbers(values)
    return found


def series_table(world: World, scenario: Scenario, own: Sequence[OwnTables] = ()) -> pa.Table:
    """Return one row per step since the groups opened: counts and means of the world and of the focal group."""
    first, last = opening_step(scenario), int(world.meter["step"][0])
    rows = world.series[first:last]
    columns: dict[str, pa.Array] = {"week": numbers(np.arange(last - first) * scenario.weeks_per_step)}
    heads = np.stack([rows["outside"], rows["members"], rows["former"]], axis=1)
    for name in rows.dtype.names or ():
        if rows[name].ndim > 1:
            for k, whom in enumerate(("outside", "members", "former")):
                columns[f"{name}_{whom}"] = _mean(rows[name][:, k], heads[:, k])
        elif name in OF_MEMBERS:
            columns[f"{name}_members"] = _mean(rows[name], rows["members"])
        elif name in OF_GROUPS:
            columns[f"{name}_groups"] = _mean(rows[name], rows["open_groups"])
        else:
            columns[name] = numbers(rows[name])
    for k, form in enumerate(scenario.forms):
        columns |= {f"{name}_of_{form}": numbers(world.forms[name][first:last, k]) for name in BY_FORM.names or ()}
    for table in own:
        for column, count in (
            *((column, "members") for column in table.people_columns if column.shown),
            *((column, "open_groups") for column in table.group_columns if column.shown),
        ):
            total = table.series[column.name][first:last]
            columns[f"{table.name}_{column.shown}_{count.removeprefix('open_')}"] = _mean(total, rows[count])
        for column in table.place_columns:
            if column.shown:
                mean = table.series[column.name][first:last] / scenario.community.count
                columns[f"{table.name}_{column.shown}_communities"] = numbers(mean)
    return pa.table(columns)


def _mean(total: np.ndarray, count: np.ndarray) -> pa.Array:
    return numbers(total / np.maximum(count, 1), absent=count == 0)


def _of_one_rule(name: str, columns: tuple[Column, ...], rows: np.ndarray, scenario: Scenario) -> dict[str, pa.Array]:
    """Return the columns of its own that a rule shows, under its name."""
    return {f"{name}_{column}": values for column, values in shown(columns, rows, scenario).items()}


def lives_table(world: World, scenario: Scenario, own: Sequence[OwnTables] = ()) -> pa.Table:
    """Return one row per life, ended or cut off by the end of the run, by community and order of arrival."""
    ended = world.lives[: world.meter["lives"][0]]
    people = np.concatenate([ended, living(world)])
    over = np.arange(len(people)) < len(ended)
    order = np.lexsort((people["who"], people["community"]))
    people, over = people[order], over[order]
    columns = {
        "person": texts([label(c, w) for c, w in _identities(people)]),
        "ended": named(np.where(over, people["leaving"], 0), REASONS),
        **shown(PEOPLE_COLUMNS, people, scenario),
    }
    for k, week in enumerate(SNAPSHOT_WEEKS):
        seen = people["snapshot_stage"][:, k] != NOT_REACHED
        columns[f"stage_at_{week}"] = named(people["snapshot_stage"][:, k], NAMES["STAGES"])
        columns[f"membership_at_{week}"] = named(people["snapshot_membership"][:, k], NAMES["MEMBERSHIPS"])
        for name in ("hope", "efficacy", "coping", "distress"):
            columns[f"{name}_at_{week}"] = numbers(people[f"snapshot_{name}"][:, k], absent=~seen)
        columns[f"calm_at_{week}"] = numbers(people["snapshot_calm"][:, k] == 1, absent=~seen)
    for table in own:
        if table.people_columns:
            rows = table.people[np.lexsort((table.people["who"], table.people["community"]))]
            columns |= _of_one_rule(table.name, table.people_columns, rows, scenario)
    return pa.table(columns)


def _identities(people: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(people["community"].tolist(), people["who"].tolist(), strict=True))


def groups_table(world: World, scenario: Scenario, own: Sequence[OwnTables] = ()) -> pa.Table:
    """Return one row per group: when it was founded and closed, why, and how it stood."""
    groups = world.groups[: world.meter["groups"][0]]
    columns = {
        "group": numbers(np.arange(len(groups))),
        **({"form": named(groups["form"], ("", *scenario.forms))} if scenario.forms else {}),
        **shown(GROUP_COLUMNS, groups, scenario),
        "circumstances": texts([reasons_in(int(g["circumstances"])) if g["status"] == CLOSED else "" for g in groups]),
    }
    people = living(world)
    for name, who in (
        ("roll", True),
        ("helpers", people["role"] == HELPER),
        ("organisers", people["role"] == ORGANISER),
    ):
        inside = people["group"][who & (people["group"] >= 0)]
        columns[name] = numbers(np.bincount(inside, minlength=len(groups)).astype(np.int32))
    for table in own:
        columns |= _of_one_rule(table.name, table.group_columns, table.groups, scenario)
    return pa.table(columns)


def events_table(world: World, scenario: Scenario) -> pa.Table:
    """Return the event log; what `value` and `other` hold for each kind stands at `mhsim.engine.events.KINDS`."""
    events = world.events[: world.meter["events"][0]]
    names: dict[int, tuple[str, ...]] = {LEFT: EVENT_REASONS, ROLE_ENDED: EVENT_REASONS, GROUP_ENDED: CLOSING}
    names[ORGANISER_ENDED] = names[LEARNING_ENDED] = EVENT_REASONS
    pairs = zip(events["kind"].tolist(), events["value"].tolist(), strict=True)
    return pa.table(
        {
            "week": weeks_since_opening(events["step"], scenario),
            "kind": named(events["kind"], kind_names()),
            "community": numbers(events["community"]),
            "who": numbers(events["who"]),
            "other": numbers(events["other"]),
            "value": numbers(events["value"]),
            "reason": texts([names[kind][value] if kind in names else None for kind, value in pairs]),
            "group": numbers(events["group"]),
            "stage": named(events["stage"], STAGES),
            "role": named(events["role"], ROLES),
        }
    )

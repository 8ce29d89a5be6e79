"""Tables of a recorded run: weekly series, lives, groups and events, with names a reader understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from mhsim.engine.events import KINDS
from mhsim.outcomes.counts import living
from mhsim.outcomes.summary import reasons_in
from mhsim.scenario import Scenario
from mhsim.schema import (
    CLASSES,
    CLOSED,
    CLOSING,
    HELPER,
    MEMBERSHIPS,
    NEVER,
    ORGANISER,
    REASONS,
    ROLES,
    SNAPSHOT_WEEKS,
    STAGES,
    STATUSES,
)

if TYPE_CHECKING:
    from mhsim.engine.world import World

MEANS = ("hope", "self_efficacy", "distress")
COUNTS = (
    *("members", "outside", "former", "impact", "recoil", "accommodated", "helpers", "organisers", "newcomers"),
    *("attended", "requests", "requests_unmet", "open_groups"),
    *("focal_members", "focal_helpers", "focal_attended", "focal_newcomers"),
)


def opening_step(scenario: Scenario) -> int:
    """Return the step in which the groups open."""
    steps: int = round(scenario.start.run_in_weeks / scenario.weeks_per_step)
    return steps


def weeks_since_opening(steps: np.ndarray, scenario: Scenario) -> pa.Array:
    """Return steps as weeks since the groups opened, null for never."""
    weeks = (steps.astype(float) - opening_step(scenario)) * scenario.weeks_per_step
    return pa.array(weeks, mask=steps == NEVER)


def named(codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
    """Return whole numbers as the names they stand for, null for 255."""
    return pa.array([None if code == 255 else names[code] for code in codes.tolist()], pa.string())


def series_table(world: World, scenario: Scenario) -> pa.Table:
    """Return one row per step since the groups opened: counts and means of the world and of the focal group."""
    first, last = opening_step(scenario), int(world.meter["step"][0])
    rows = world.series[first:last]
    columns: dict[str, pa.Array] = {"week": pa.array(np.arange(last - first) * scenario.weeks_per_step)}
    for name in COUNTS:
        columns[name] = pa.array(rows[name])
    heads = np.stack([rows["outside"], rows["members"], rows["former"]], axis=1)
    for name in MEANS:
        for k, whom in enumerate(("outside", "members", "former")):
            columns[f"{name}_{whom}"] = _mean(rows[name][:, k], heads[:, k])
    for name in ("belonging", "strain"):
        columns[f"{name}_members"] = _mean(rows[name], rows["members"])
    for name in ("cohesion", "funds"):
        columns[f"{name}_groups"] = _mean(rows[name], rows["open_groups"])
    columns["focal_cohesion"] = pa.array(rows["focal_cohesion"])
    columns["focal_funds"] = pa.array(rows["focal_funds"])
    return pa.table(columns)


def _mean(total: np.ndarray, count: np.ndarray) -> pa.Array:
    return pa.array(total / np.maximum(count, 1), mask=count == 0)


def lives_table(world: World, scenario: Scenario) -> pa.Table:
    """Return one row per life, ended or cut off by the end of the run, by community and order of arrival."""
    ended = world.lives[: world.meter["lives"][0]]
    people = np.concatenate([ended, living(world)])
    over = np.arange(len(people)) < len(ended)
    order = np.lexsort((people["who"], people["community"]))
    people, over = people[order], over[order]
    columns = {
        "person": pa.array([f"{c}-{w >> 20}-{w & 0xFFFFF}" for c, w in _identities(people)]),
        "community": pa.array(people["community"]),
        "who": pa.array(people["who"]),
        "starter": pa.array(people["starter"] == 1),
        "arrived_week": weeks_since_opening(people["arrived"], scenario),
        "resilience": named(people["resilience"], CLASSES),
        "ended": named(np.where(over, people["leaving"], 0), REASONS),
        "membership": named(people["membership"], MEMBERSHIPS),
        "stage": named(people["stage"], STAGES),
        "role": named(people["role"], ROLES),
        "group": pa.array(people["group"]),
        "last_group": pa.array(people["last_group"]),
        "joined_week": weeks_since_opening(people["joined"], scenario),
        "first_contact_week": weeks_since_opening(people["first_contact"], scenario),
        "recoil_week": weeks_since_opening(people["recoil_at"], scenario),
        "accommodated_week": weeks_since_opening(people["accommodated_at"], scenario),
        "helper_week": weeks_since_opening(people["first_helper"], scenario),
        "left_week": weeks_since_opening(people["left_at"], scenario),
        "left_reason": named(people["last_reason"], REASONS),
        "weeks_helping": pa.array(people["steps_helping"] * scenario.weeks_per_step),
    }
    for name in ("returns", "meetings", "help_given", "help_received", "unmet_requests", "crises"):
        columns[name] = pa.array(people[name])
    for name in ("hope", "self_efficacy", "coping", "distress", "shame", "belonging", "strain", "credit", "severity"):
        columns[name] = pa.array(people[name])
    for k, week in enumerate(SNAPSHOT_WEEKS):
        seen = people["snapshot_stage"][:, k] != 255
        columns[f"stage_at_{week}"] = named(people["snapshot_stage"][:, k], STAGES)
        columns[f"membership_at_{week}"] = named(people["snapshot_membership"][:, k], MEMBERSHIPS)
        for name in ("hope", "efficacy", "distress"):
            columns[f"{name}_at_{week}"] = pa.array(people[f"snapshot_{name}"][:, k], mask=~seen)
        columns[f"calm_at_{week}"] = pa.array(people["snapshot_calm"][:, k] == 1, mask=~seen)
    return pa.table(columns)


def _identities(people: np.ndarray) -> list[tuple[int, int]]:
    return list(zip(people["community"].tolist(), people["who"].tolist(), strict=True))


def groups_table(world: World, scenario: Scenario) -> pa.Table:
    """Return one row per group: when it was founded and closed, why, and how it stood."""
    groups = world.groups[: world.meter["groups"][0]]
    closed = np.where(groups["closed"] < 0, NEVER, groups["closed"])
    columns = {
        "group": pa.array(np.arange(len(groups))),
        "community": pa.array(groups["community"]),
        "parent": pa.array(groups["parent"]),
        "lineage": pa.array(groups["lineage"]),
        "founded_week": weeks_since_opening(groups["founded"], scenario),
        "closed_week": weeks_since_opening(closed, scenario),
        "status": named(groups["status"], STATUSES),
        "reason": named(groups["reason"], CLOSING),
        "circumstances": pa.array(
            [reasons_in(int(g["circumstances"])) if g["status"] == CLOSED else "" for g in groups]
        ),
    }
    people = living(world)
    for name, who in (
        ("roll", True),
        ("helpers", people["role"] == HELPER),
        ("organisers", people["role"] == ORGANISER),
    ):
        inside = people["group"][who & (people["group"] >= 0)]
        columns[name] = pa.array(np.bincount(inside, minlength=len(groups)).astype(np.int32))
    for name in ("first_visits", "helpers_made", "helpers_lost", "attendance"):
        columns[name] = pa.array(groups[name])
    for name in ("cohesion", "norms", "climate", "legacy", "formality", "funds"):
        columns[name] = pa.array(groups[name])
    return pa.table(columns)


def events_table(world: World, scenario: Scenario) -> pa.Table:
    """Return the event log: week, kind, person, the other person, and the value that the kind calls for."""
    events = world.events[: world.meter["events"][0]]
    reasons = np.isin(events["kind"], (KINDS.index("left"), KINDS.index("role_ended")))
    return pa.table(
        {
            "week": weeks_since_opening(events["step"], scenario),
            "kind": named(events["kind"], KINDS),
            "community": pa.array(events["community"]),
            "who": pa.array(events["who"]),
            "other": pa.array(events["other"]),
            "value": pa.array(events["value"]),
            "reason": pa.array([REASONS[v] if r else None for r, v in zip(reasons, events["value"], strict=True)]),
        }
    )

"""Invariants: what must hold in every world, whatever its parameters.

Scenarios are drawn by Hypothesis within the declared ranges of all parameters, with sizes tamed. Each ends in a world
whose people, groups, ties and tables are looked through completely.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mhsim import simulate
from mhsim.engine import run_world
from mhsim.engine.world import World
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario, parameter_rows, with_values
from mhsim.schema import (
    CLOSED,
    FORMER,
    GROUP_COLUMNS,
    HELPER,
    MEMBER,
    NEVER,
    NO_TIE,
    NOWHERE,
    OUTSIDE,
    PEOPLE_COLUMNS,
    SNAPSHOT_WEEKS,
)
from support import everybody, runs

TAMED = {
    "weeks": (1, 40),
    "start.groups": (0, 3),
    "start.members": (2, 30),
    "start.helpers": (0, 2),
    "start.apprentices": (0, 2),
    "start.run_in_weeks": (0, 20),
    "community.count": (1, 3),
    "community.arrivals_per_week": (0.0, 5.0),
    "seed": (0, 1000),
}
"""Sizes that keep a world small; every other parameter has its declared range."""
EVERY = [row for row in parameter_rows() if row["path"] not in TAMED]


@st.composite
def scenarios(draw: Any) -> Scenario:
    """Return a valid scenario with up to twelve parameters anywhere in their ranges."""
    values: dict[str, Any] = {}
    for path, (low, high) in TAMED.items():
        values[path] = draw(st.integers(low, high) if isinstance(low, int) else st.floats(low, high))
    left = values["start.members"] - values["start.helpers"]  # who learns is a member and no helper yet
    values["start.apprentices"] = min(left, values["start.apprentices"])
    for row in draw(st.lists(st.sampled_from(EVERY), max_size=12, unique_by=lambda row: row["path"])):
        values[row["path"]] = draw(_value_of(row))
    if values.get("weeks_per_step") is not None:
        values["weeks_per_step"] = draw(st.sampled_from([1.0, 0.5]))
    return with_values(Scenario(), values)


def _value_of(row: dict[str, Any]) -> st.SearchStrategy[Any]:
    if row["unit"] == "switch":
        return st.booleans()
    if row["unit"] == "choice":
        return st.sampled_from(row["choices"] if row["path"] != "weeks_per_step" else [1.0, 0.5])
    low, high = row["low"], row["high"]
    if isinstance(row["default"], int):
        return st.integers(int(low), int(high))
    return st.one_of(st.floats(low, high), st.sampled_from([float(low), float(high)]))


def assert_people(people: np.ndarray, last: int) -> None:
    """Assert that everybody is possible: states within range, dates in order, nobody absent at a meeting."""
    for column in PEOPLE_COLUMNS:
        if column.unit == "0-1":
            values = people[column.name].astype(float)
            assert ((values >= 0) & (values <= 1)).all(), column.name
        elif column.kind == "f8":
            assert np.isfinite(people[column.name]).all(), column.name
    for name, top in (("stage", 2), ("membership", 2), ("role", 5), ("resilience", 2), ("starter", 1), ("resting", 1)):
        assert (people[name] <= top).all(), name
    member = people["membership"] == MEMBER
    assert ((people["group"] != NOWHERE) == member).all()
    assert (people["attended"][~member] == 0).all(), "nobody absent acts"
    assert (people["role"][~member] == 0).all()
    assert (people["membership"][people["joined"] != NEVER] != OUTSIDE).all()
    assert (people["joined"][people["membership"] == OUTSIDE] == NEVER).all()
    assert (people["left_at"][people["membership"] == FORMER] != NEVER).all()
    assert (people["role"][people["resting"] == 1] != HELPER).all()
    seen = people["snapshot_stage"] != 255
    assert (seen == (people["snapshot_membership"] != 255)).all()
    assert (seen == (people["snapshot_calm"] != 255)).all()
    for name in ("joined", "recoil_at", "accommodated_at", "left_at", "last_crisis", "first_helper", "helper_since"):
        happened = people[name] != NEVER
        assert (people[name][happened] < last).all(), name
        if name not in ("joined",):
            assert (people[name][happened] >= people["arrived"][happened]).all(), name


def assert_world(world: World, scenario: Scenario) -> None:
    """Assert that a world at its end is consistent: rows, handles, groups, ties and heads."""
    people, last = living(world), int(world.meter["step"][0])
    number, communities = int(world.meter["groups"][0]), len(world.communities)
    assert len(people) == world.meter["people"][0]
    assert len({(int(p["community"]), int(p["who"])) for p in people}) == len(people), "nobody twice"
    assert_people(people, last)
    assert not people["leaving"].any(), "every mark was carried out"
    assert (people["going_to"] == NOWHERE).all()
    end = 0
    blocks = world.blocks[: communities + number]
    for b in np.lexsort((blocks["room"], blocks["start"])):
        block = blocks[b]
        assert block["count"] <= block["room"]
        if block["room"]:
            assert block["start"] >= end, "blocks lie apart"
            end = block["start"] + block["room"]
        rows = world.people[block["start"] : block["start"] + block["count"]]
        assert (rows["community"] == b).all() if b < communities else (rows["group"] == b - communities).all()
        places = np.arange(block["start"], block["start"] + block["count"])
        assert np.array_equal(world.handles["row"][rows["slot"]], places), "handles name their bearers"
    assert end <= world.meter["tail"][0] <= len(world.people)
    groups = world.groups[:number]
    for column in GROUP_COLUMNS:
        values = groups[column.name].astype(float)
        assert np.isfinite(values).all(), column.name
        if column.unit == "0-1":
            assert ((values >= 0) & (values <= 1)).all(), column.name
        if column.unit in ("people", "times", "weeks", "people/week"):
            assert (values >= 0).all(), column.name
    closed = np.flatnonzero(groups["status"] == CLOSED)
    assert not np.isin(people["group"], closed).any(), "closed groups have no members"
    assert (groups["reason"][closed] > 0).all()
    assert (groups["closed"][closed] >= groups["founded"][closed]).all()
    assert_ties(world, people)
    born = int(world.history["arrivals"][:last].sum())
    starters = communities * scenario.start.groups * scenario.start.members
    assert born + starters == len(people) + int(world.meter["lives"][0]), "heads are conserved"


def assert_ties(world: World, people: np.ndarray) -> None:
    """Assert that every living tie leads to a living other person, once, with a strength within range."""
    ties = world.ties[people["slot"]]
    held = ties["kind"] != NO_TIE
    alive = held & (ties["generation"] == world.handles["generation"][ties["other"]])
    assert ((ties["strength"] >= 0) & (ties["strength"] <= 1))[alive].all()
    assert (world.handles["row"][ties["other"][alive]] >= 0).all()
    for slot, mine, live in zip(people["slot"], ties, alive, strict=True):
        others = mine["other"][live].tolist()
        assert slot not in others
        assert len(set(others)) == len(others)


@settings(max_examples=120)
@given(scenarios(), st.integers(0, 10))
def test_every_valid_scenario_makes_a_possible_world(scenario: Scenario, replicate: int) -> None:
    """Ranges are promises: any values within them give a world without NaN, ghosts, doubles or lost people."""
    world = run_world(scenario, replicate, record="story")
    assert_world(world, scenario)
    ended = world.lives[: world.meter["lives"][0]]
    assert_people(ended[ended["membership"] != MEMBER], int(world.meter["step"][0]))


@settings(max_examples=25)
@given(scenarios())
def test_what_is_recorded_changes_nothing(scenario: Scenario) -> None:
    """A run watched closely is the same run: same people, bit for bit, whatever is kept of it."""
    watched, plain = run_world(scenario, 1, record="story"), run_world(scenario, 1)
    assert living(watched).tobytes() == living(plain).tobytes()
    assert simulate(scenario, 1).summary == simulate(scenario, 1, record="lives").summary


@settings(max_examples=25)
@given(scenarios())
def test_tables_of_a_run_agree_with_one_another(scenario: Scenario) -> None:
    """Series, lives and summary are counted on different paths; where they speak of the same they must agree."""
    run = simulate(scenario, 2, record="lives")
    assert run.lives is not None
    assert run.series is not None
    series = {name: run.series[name].to_numpy() for name in run.series.column_names}
    assert (
        series["members"] + series["outside"] + series["former"]
        == series["impact"] + series["recoil"] + series["accommodated"]
    ).all()
    assert (series["attended"] <= series["members"]).all()
    assert (series["newcomers"] <= series["attended"]).all()
    lives = run.lives.to_pandas()
    assert len(lives) == lives["person"].nunique()
    assert run.summary["people_at_end"] == (lives["ended"] == "none").sum()
    assert (
        run.summary["members_in_world_at_end"] == ((lives["membership"] == "member") & (lives["ended"] == "none")).sum()
    )


def test_tables_grow_as_needed() -> None:
    """A world that starts with room for few lives through a flood of people, groups, ties and events."""
    flood = {
        "community.arrivals_per_week": 60.0,
        "arrive.uptake": 0.5,
        "arrive.room": 100000,
        "found.split_hazard": 3.0,
    }
    flood |= {"found.split_at": 8.0, "start.run_in_weeks": 3, "leave.moves_per_year": 5.0, "close.enabled": False}
    flood |= {"found.found_per_year": 52.0, "found.enough_groups": 50}
    scenario = with_values(Scenario(), {**flood, "weeks": 40})
    world = run_world(scenario, 0, record="story")
    assert world.meter["people"][0] > 500
    assert world.meter["groups"][0] > 15
    assert world.meter["lives"][0] > 256
    assert world.meter["events"][0] > 4096
    assert_world(world, scenario)


def test_heads_are_conserved_every_week() -> None:
    """Arrivals and starters are the living and the ended, not only at the end but after each week of a run."""
    values = {"leave.moves_per_year": 1.0, "start.run_in_weeks": 10}
    for weeks in range(1, 60, 7):
        scenario = with_values(Scenario(), {**values, "weeks": weeks})
        assert_world(run_world(scenario, 4, record="lives"), scenario)


def test_snapshots_are_taken_of_everybody_old_enough() -> None:
    """Everyone, member or not, is followed to 104 weeks: only moving away takes a snapshot from anybody."""
    scenario = with_values(Scenario(), {"weeks": 150, "leave.moves_per_year": 0.0})
    people = everybody(run_world(scenario, 2, record="lives"))
    people = people[people["starter"] == 0]
    age = 52 + 150 - 1 - people["arrived"]
    for k, weeks in enumerate(SNAPSHOT_WEEKS):
        assert ((people["snapshot_stage"][:, k] != 255) == (age >= weeks)).all()
        calm = people["snapshot_calm"][:, k][age >= weeks]
        assert set(calm.tolist()) <= {0, 1}


def test_shares_and_counts_of_summaries_are_possible() -> None:
    """Measures of kind share lie between 0 and 1, whole numbers are not negative."""
    from mhsim.outcomes.measures import MEASURES

    for run in runs({"close.low_per_year": 10.0}, range(20)):
        for measure in MEASURES:
            value = run.summary[measure.name]
            if value is None or measure.kind in ("text", "yes_no"):
                continue
            assert (measure.name.endswith("_beyond_expected") or float(value) >= 0) and float(value) < np.inf, (
                measure.name
            )
            if measure.unit in ("share", "0-1") and not measure.name.startswith(
                ("retention_month_12", "meeting_month_")
            ):
                assert float(value) <= 1.0 + 1e-12, (measure.name, value)

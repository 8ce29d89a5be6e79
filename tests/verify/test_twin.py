"""Engine and twin, person by person: the same lives, groups and events for the same luck."""

from __future__ import annotations

import random

import pytest
from twin_draws import PhiloxDraws, PlainDraws
from twin_fields import compare_fields
from twin_model import TwinModel
from twin_rows import compare
from twin_scenarios import AT_WORK, strong
from twin_terms import CLOSED, NEVER, NOBODY

from mhsim import simulate
from mhsim.engine import run_world
from mhsim.mechanisms import WEEK
from mhsim.scenario import Scenario, parameter_rows, with_values

CLOSING_AND_RETURNING = Scenario(
    weeks=260,
    start={"members": 8, "helpers": 2},
    arrive={"return_hazard": 0.01},
    serve={"turnover_per_year": 2.0, "leaves_with_role": 0.5},
    help={"ask_per_week": 3.0},
    close={"low_at": 4.0},
)
SEVERAL_GROUPS = Scenario(
    weeks=130,
    start={"groups": 4, "members": 10, "helpers": 3},
    community={"count": 2, "arrivals_per_week": 4.0},
    found={"split_at": 18.0, "split_hazard": 0.02},
    bond={"sponsors": True},
    close={"transfer": 0.6, "low_at": 6.0},
)
FOUNDING = Scenario(
    weeks=104,
    start={"groups": 0},
    community={"arrivals_per_week": 4.0},
    found={"found_per_year": 10.0, "enough_groups": 4},
    close={"transfer": 0.6, "low_at": 6.0},
)
ROTATION = Scenario(
    weeks=156,
    start={"members": 20, "helpers": 8},
    serve={"term_weeks": 26, "turnover_per_year": 0.5, "leaves_with_role": 0.5},
)
MIDLIFE_CHANGE = Scenario(
    weeks=260,
    weeks_per_step=0.5,
    start={"kind": "founding"},
    serve={"become_hazard": 0.5},
    prepare={"weeks": 8.0},
    changes=[
        {"week": 104, "set": {"serve.turnover_per_year": 4.0}},
        {"week": 130, "act": "lose_busiest_helpers", "count": 2},
    ],
)
LEVERS = Scenario(
    weeks=156,
    start={"groups": 2, "members": 14, "helpers": 5},
    meetings_per_week=2.0,
    arrive={"remote": 0.5, "outreach": 1.0, "referral_per_year": 1.0, "return_hazard": 0.02, "room": 18},
    attend={"remote": 0.4},
    help={
        "policy": "alike",
        "ask_per_week": 4.0,
        "self_care": 0.6,
        "benefit_to_helper": 2.0,
        "unfit_advice": 0.9,
    },
    serve={"turnover_per_year": 6.0, "seasoning": 2},
    leave={"moves_per_year": 0.3},
    supervise={"supervision": 0.5, "peer_forum": 0.7},
    quarrel={"conflict_per_year": 10.0},
    breach={"breach_per_year": 5.0},
    close={"transfer": 0.5},
)

NOT_SHAKEN = ("weeks", "seed", "community.count")
SIZES = ("members", "helpers", "groups", "run_in_weeks")


def shaken(seed: int) -> Scenario:
    """Return a scenario in which every number of the model is elsewhere than by default, by up to a fifth."""
    draws = random.Random(seed)
    values: dict[str, float] = {}
    for row in parameter_rows():
        if row["low"] is not None and row["path"] not in (*NOT_SHAKEN, *(f"start.{name}" for name in SIZES)):
            moved = (row["default"] or 0.1) * draws.uniform(0.8, 1.2)
            moved = round(moved) if isinstance(row["default"], int) else moved
            values[row["path"]] = min(row["high"], max(row["low"], moved))
    begins = {"found.split_at": 16.0, "found.split_hazard": 0.05, "found.enough_groups": 3, "found.found_per_year": 8.0}
    busy = {
        "start.kind": ("established", "founding")[seed % 2],
        "weeks": 156,
        "start.groups": 2,
        "community.arrivals_per_week": 2.0,
        "bond.sponsors": True,
    }
    on = {"work.enabled": seed % 4 != 1, "prepare.enabled": seed % 4 != 2} if seed > 2 else {}
    often = {"meetings_per_week": (1.7, 4.3)[seed % 2]} if seed > 4 else {}
    return with_values(Scenario(), {**values, **begins, **busy, **on, **often})


def run_both(scenario: Scenario, replicate: int = 0) -> tuple[TwinModel, str]:
    """Return the finished twin and where it parts from the engine."""
    run = simulate(scenario, replicate, record="story")
    twin = TwinModel(scenario, PhiloxDraws(scenario.seed, replicate))
    twin.run()
    world = run_world(scenario, replicate, record="story")
    return twin, "\n".join(filter(None, (compare(run, twin), compare_fields(world, twin))))


def happened(twin: TwinModel) -> dict[str, int]:
    """Return how often each kind of event and each kind of end happened."""
    count: dict[str, int] = {}
    for _, kind, _, _, _, value in twin.events or []:
        name = f"{kind} {value}" if kind in ("left", "role_ended") else kind
        count[name] = count.get(name, 0) + 1
    count["closed"] = sum(group.status == CLOSED for group in twin.groups)
    count["split"] = sum(group.parent >= 0 for group in twin.groups)
    count["founded"] = sum(group.parent < 0 and group.founded > twin.opening for group in twin.groups)
    count["sponsors"] = sum(
        tie.kind == 4 for place in twin.communities for person in place.everybody for tie in person.ties.values()
    )
    people = twin.gone + [person for place in twin.communities for person in place.everybody]
    count["taught by a helper"] = sum(person.descent != NOBODY for person in people)
    prepared = [person for person in people if person.apprentice_since != NEVER]
    count["waits or followed"] = sum(person.successor or person.first_helper != NEVER for person in prepared)
    return count


@pytest.mark.parametrize(
    ("scenario", "interesting"),
    [
        pytest.param(CLOSING_AND_RETURNING, ("closed", "came_back", "role_ended 5", "left 9"), id="closing"),
        pytest.param(SEVERAL_GROUPS, ("closed", "split", "moved_group", "sponsors"), id="several groups"),
        pytest.param(MIDLIFE_CHANGE, ("role_ended 6", "became_helper", "first_visit"), id="mid-life change"),
        pytest.param(FOUNDING, ("founded", "closed", "moved_group", "left 9"), id="founding"),
        pytest.param(ROTATION, ("role_ended 6", "left 6", "became_helper"), id="rotation"),
        pytest.param(LEVERS, ("role_ended 6", "became_helper", "left 8", "left 7", "came_back"), id="levers"),
        *(pytest.param(scenario, interesting, id=name) for scenario, interesting, name in AT_WORK),
    ],
)
def test_engine_and_twin_tell_the_same_story(scenario: Scenario, interesting: tuple[str, ...]) -> None:
    """Every life, every group and every event agree, and what is rare did happen."""
    twin, parted = run_both(scenario)
    assert not parted, parted
    counts = happened(twin)
    missing = [name for name in interesting if not counts.get(name)]
    assert not missing, f"did not happen, so was not compared: {missing}"


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 6])
def test_engine_and_twin_agree_wherever_the_numbers_are(seed: int) -> None:
    """A number that only one of both takes from the scenario would go unseen at the defaults."""
    twin, parted = run_both(shaken(seed), replicate=seed)
    assert not parted, parted
    counts = happened(twin)
    assert counts["closed"] or counts["split"], counts


@pytest.mark.parametrize(
    "switched_off",
    [phase.mechanism for phase in WEEK],
)
def test_engine_and_twin_agree_with_one_mechanism_off(switched_off: str) -> None:
    """A switch means the same to both."""
    off = {f"{switched_off}.enabled": False}
    for scenario in (Scenario(weeks=60, start={"members": 10}), strong(weeks=60)):
        _, parted = run_both(with_values(scenario, off), replicate=1)
        assert not parted, parted


def test_a_place_that_falls_vacant_in_the_opening_step_stays_vacant() -> None:
    """Starters who help have not become helpers in this step: they take no place, and others learn beside them."""
    values = {"start.run_in_weeks": 0, "prepare.enabled": True, "serve.turnover_per_year": 20.0}
    _, parted = run_both(with_values(Scenario(weeks=1), values))
    assert not parted, parted


def test_a_difference_is_found_and_told() -> None:
    """The comparison notices a small change of one parameter and says where it first shows."""
    run = simulate(Scenario(weeks=30), 0, record="story")
    twin = TwinModel(Scenario(weeks=30, help={"informal": 0.2}), PhiloxDraws(1, 0))
    twin.run()
    parted = compare(run, twin)
    assert "event logs part in week" in parted
    assert "first (community, who)" in parted


def test_the_twin_runs_on_the_luck_of_the_standard_library() -> None:
    """With plain luck and no log the twin is the plain Mesa model that speed is compared with."""
    twin = TwinModel(Scenario(weeks=52), PlainDraws(1), keep_events=False)
    twin.run()
    assert twin.groups
    assert twin.events is None

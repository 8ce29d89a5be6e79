"""A whole run: repeatable, stoppable, compiled once, in the order that the list of the week gives."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mhsim import ensemble, simulate
from mhsim.engine import Simulation, Stopped, loop, week
from mhsim.errors import InputError
from mhsim.mechanisms import WEEK
from mhsim.outcomes.measures import NAMES
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario

SHORT = with_values(Scenario(), {"weeks": 30, "start.run_in_weeks": 10})


def test_compiled_once() -> None:
    """A second signature would double the time of the first run; one must do, or none where it is built beforehand."""
    for record in ("runs", "series", "lives", "story"):
        simulate(SHORT, record=record)
    assert len(loop.run.dispatcher.signatures) in ((1,) if loop.run.built is None else (0, 1))


def test_same_replicate_same_history_and_another_one_differs() -> None:
    """A run must be repeatable from scenario and replicate alone, and replicates must not be copies of one another."""
    first, again, other = simulate(SHORT, 3), simulate(SHORT, 3), simulate(SHORT, 4)
    assert first.summary == again.summary
    assert first.summary != other.summary
    assert tuple(first.summary) == NAMES


def test_what_is_recorded_changes_nothing() -> None:
    """Recording only looks on: the summary of a run is the same whatever is kept of it."""
    kept = [simulate(SHORT, 1, record=record).summary for record in ("runs", "series", "lives", "story")]
    assert all(summary == kept[0] for summary in kept)


def test_ensemble_in_order_for_any_number_of_threads() -> None:
    """Results must not depend on which thread is done first."""
    one = [run.summary for run in ensemble(SHORT, range(6), jobs=1)]
    two = [run.summary for run in ensemble(SHORT, range(6), jobs=3)]
    assert one == two


def test_a_run_can_be_stopped_and_shows_where_it_is() -> None:
    """A stale slider or Ctrl-C must end a run that holds no interpreter lock."""
    control = np.array([0, 1])
    with pytest.raises(Stopped):
        simulate(SHORT, control=control)
    control[:] = 0
    simulate(SHORT, control=control)
    assert control[0] == 40


def test_the_engine_keeps_the_order_of_the_week() -> None:
    """`WEEK` is what people read; a mechanism called at another place would make it a lie."""
    tree = ast.parse(Path(week.__file__).read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, whom in (
        ("_in_group", ("members", "everybody", "groups")),
        ("_outside", ("people outside", "everybody")),
    ):
        calls = [node for node in ast.walk(functions[name]) if isinstance(node, ast.Call)]
        called = [
            node.func.id for node in sorted(calls, key=lambda node: node.lineno) if isinstance(node.func, ast.Name)
        ]
        planned = [phase.function for phase in WEEK if phase.whom in whom]
        found = ["leave" if each == "leave_group" else each for each in called]
        assert [each for each in found if each in planned] == planned


def test_an_act_and_new_values_in_mid_life() -> None:
    """The past before a change must be the same as without it, and the change must be felt."""
    plain = with_values(Scenario(), {"weeks": 60})
    change = {"week": 30, "act": "lose_busiest_helpers", "count": 50, "set": {"serve.become_hazard": 0.0}}
    changed = Scenario.model_validate(plain.model_dump() | {"changes": [change]})
    before, after = (simulate(each, 2, record="series").series for each in (plain, changed))
    assert before.slice(0, 30).equals(after.slice(0, 30))
    assert after["helpers"][30].as_py() == 0
    assert before["helpers"][30].as_py() > 0


@pytest.mark.parametrize("run_in", [0, 52])
def test_an_act_in_week_0_acts_on_the_groups_that_have_just_opened(run_in: int) -> None:
    """It came before the groups opened and did nothing, while the pages said it did."""
    words = {"weeks": 10, "start.groups": 2, "start.helpers": 4, "start.run_in_weeks": run_in, "serve.enabled": False}
    plain = with_values(Scenario(), words)
    changes = [{"week": 0, "act": "lose_busiest_helpers", "count": 2}, {"week": 0, "set": {"serve.enabled": True}}]
    changed = Scenario.model_validate(plain.model_dump() | {"changes": changes})
    run = simulate(changed, record="story")
    assert run.series is not None and run.events is not None
    assert simulate(plain, record="series").series["helpers"][0].as_py() == 8
    assert run.series["helpers"][0].as_py() == 4, "two in every group"
    lost = [row for row in run.events.to_pylist() if row["reason"] == "intervention"]
    assert [(row["week"], row["kind"], row["role"]) for row in lost] == [(0.0, "role_ended", "helper")] * 4
    acted = [row for row in run.events.to_pylist() if row["kind"] == "group_intervention"]
    assert [(row["group"], row["value"]) for row in acted] == [(0, 2), (1, 2)]
    stepwise = Simulation(changed, record="series")
    stepwise.open_groups()
    stepwise.run_to_end()
    whole = Simulation(changed, record="series").run_to_end()
    assert stepwise.world.series["helpers"].tolist() == whole.series["helpers"].tolist()


def test_events_cost_no_result() -> None:
    """Whoever records more must see the same history: the log only reads."""
    scenario = with_values(Scenario(), {"weeks": 104, "quarrel.conflict_per_year": 5.0, "breach.breach_per_year": 5.0})
    runs = [simulate(scenario, record=record) for record in ("runs", "story")]
    assert runs[0].summary == runs[1].summary
    assert runs[1].events is not None
    kinds = set(runs[1].events["kind"].to_pylist())
    assert {"group_conflict", "group_breach", "there_at_opening", "first_contact", "group_opened"} <= kinds


def test_base_lives_at_low_turnover_and_mostly_dies_at_high() -> None:
    """Defaults must be alive: most groups last ten years at low turnover, most end at 400 per cent a year."""
    base = read_scenario("base")
    assert base.model_dump(exclude={"title", "about"}) == Scenario().model_dump(exclude={"title", "about"})
    alive = []
    for turnover in (0.2, 4.0):
        runs = [run.summary for run in ensemble(with_values(base, {"serve.turnover_per_year": turnover}), range(40))]
        alive.append(sum(run["alive_at_end"] for run in runs))
        assert max(run["members_at_end"] for run in runs) < 100
    assert alive[0] > 30
    assert alive[1] < 20


@pytest.mark.parametrize("name", ["base", "twelve_step", "bereavement_outreach", "peer_participatory"])
def test_shipped_scenarios_live(name: str) -> None:
    """Every shipped scenario must run, people must come, and no group may grow without bound."""
    summary = simulate(with_values(read_scenario(name), {"weeks": 156})).summary
    assert summary["first_visits"] > 5
    assert summary["members_at_end"] < 100


@pytest.mark.parametrize("wrong", [-1, True, np.bool_(True), 1.0, "3", None, 2**31, 2**64])
def test_a_replicate_is_a_whole_number_of_31_bits(wrong: Any) -> None:
    """Replicate 2**64 would be replicate 0 again, in silence; the command line has refused such numbers all along."""
    for run in (simulate, Simulation):
        with pytest.raises(InputError, match=r"^replicate: given .*; allowed: a whole number from 0 to 2147483647$"):
            run(Scenario(weeks=2), wrong)


def test_numbers_of_numpy_are_replicates() -> None:
    """A loop over `np.arange` gives the same histories."""
    scenario = Scenario(weeks=4)
    assert simulate(scenario, np.int32(3)).summary == simulate(scenario, 3).summary


def test_the_name_of_a_scenario_is_none() -> None:
    """Refused in one line that says how to get one."""
    with pytest.raises(InputError, match=r"scenario: given the text 'base'; allowed: a Scenario, as read_scenario"):
        simulate("base")  # type: ignore[arg-type]

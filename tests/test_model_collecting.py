"""Collecting and batch runs: the same tables as Mesa's own, and each iteration its own luck."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import mesa
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from mhsim import simulate
from mhsim.model import DataCollector, Group, MutualHelpModel, Person
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from model_cases import SMALL, Stand, StandIn, lived

REPORTERS: dict[str, Any] = {
    "model_reporters": {"week": "week", "number": lambda m: len(m.agents), "listed": [lambda a, b: a + b, [1, 2]]},
    "agent_reporters": {"hope": "hope", "stage": "stage", "twice": lambda a: 2 * a.community, "none": "no_such_thing"},
    "agenttype_reporters": {Group: {"cohesion": "cohesion"}, Person: {"role": "role", "sum": lambda a: a.hope}},
    "tables": {"notes": ["who", "what"]},
}


def test_collects_what_mesas_collector_collects() -> None:
    """Fast collection is worth nothing if a table differs; all four are compared, types and index included."""
    model = lived(3)
    both = [mesa.DataCollector(**REPORTERS), DataCollector(**REPORTERS)]
    for _ in range(5):
        for collector in both:
            collector.collect(model)
            collector.add_table_row("notes", {"who": 1, "what": model.week})
        model.step()
    plain, ours = both
    pd.testing.assert_frame_equal(plain.get_model_vars_dataframe(), ours.get_model_vars_dataframe())
    pd.testing.assert_frame_equal(plain.get_agent_vars_dataframe(), ours.get_agent_vars_dataframe())
    for kind in (Group, Person):
        frames = [each.get_agenttype_vars_dataframe(kind) for each in both]
        pd.testing.assert_frame_equal(*frames)
        assert len(frames[0]) > 5
    pd.testing.assert_frame_equal(plain.get_table_dataframe("notes"), ours.get_table_dataframe("notes"))
    assert ours.get_agent_vars_dataframe().index.names == ["Step", "AgentID"]
    with pytest.raises(ValueError, match="not recognized"):
        DataCollector(agenttype_reporters={int: {"x": "x"}}).collect(model)


def test_our_collector_serves_a_plain_model() -> None:
    """Changing the import alone must break no script."""
    plain = StandIn(lived())
    frames = []
    for kind in (mesa.DataCollector, DataCollector):
        collector = kind(agent_reporters={"hope": "hope"}, agenttype_reporters={Stand: {"stage": "stage"}})
        collector.collect(plain)
        frames.append((collector.get_agent_vars_dataframe(), collector.get_agenttype_vars_dataframe(Stand)))
    for one, other in zip(*frames, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_every_model_counts_and_a_collector_of_ones_own_is_left_alone() -> None:
    """Counting twice in a step would shift every later row; who collects oneself must be the only one to do so."""
    model = lived(5)
    counted = model.datacollector.get_model_vars_dataframe()
    assert counted["week"].tolist() == [0, 1, 2, 3, 4, 5]
    assert counted["members"].iloc[-1] == len(model.members) and counted["helpers"].iloc[-1] == len(model.helpers)
    assert counted["people"].iloc[-1] == len(model.people) and counted["open_groups"].iloc[-1] == 2
    assert counted["accommodated"].iloc[-1] == len(model.people.select(stage="accommodation"))
    model.datacollector = DataCollector(model_reporters={"week": "week"})
    model.run_for(3)
    assert model.datacollector.model_vars["week"] == []


def test_a_model_with_agent_reporters_can_be_copied() -> None:
    """Mesa's collector cannot be pickled with attribute names as reporters; checkpoints need it."""
    model = lived(2)
    model.datacollector = DataCollector(agent_reporters={"hope": "hope"})
    model.datacollector.collect(model)
    there = pickle.loads(pickle.dumps(model))
    pd.testing.assert_frame_equal(
        there.datacollector.get_agent_vars_dataframe(), copy.deepcopy(model).datacollector.get_agent_vars_dataframe()
    )


BATCH = {"scenario": "base", "start__run_in_weeks": 5, "weeks": 60, "serve__turnover_per_year": [0.2, 2.0]}


def expected(replicate: int, turnover: float, weeks: int) -> int:
    """Return the members after so many weeks, from the engine itself."""
    values = {"start.run_in_weeks": 5, "weeks": weeks, "serve.turnover_per_year": turnover}
    return int(simulate(read_scenario("base", values), replicate).summary["members_in_world_at_end"])


def test_batch_run_gives_the_engines_numbers_and_each_iteration_its_own_luck() -> None:
    """Iterations that were copies of one another would look like a result without any spread."""
    found = mesa.batch_run(MutualHelpModel, BATCH, iterations=3, max_steps=30, display_progress=False)
    assert len(found) == 6
    for row in found:
        assert row["Step"] == row["week"] == 30
        assert row["members"] == expected(row["iteration"], row["serve__turnover_per_year"], 30)
    assert len({row["people"] for row in found}) > 1
    again = mesa.batch_run(MutualHelpModel, BATCH, iterations=3, max_steps=30, display_progress=False)
    assert found == again


def test_batch_run_with_replicates_as_a_parameter() -> None:
    """A replicate that is given must hold, whatever the iteration; then a row says all that repeats it."""
    wanted = BATCH | {"replicate": range(2), "serve__turnover_per_year": 0.2}
    found = mesa.batch_run(MutualHelpModel, wanted, iterations=1, max_steps=20, display_progress=False)
    assert [row["members"] for row in found] == [expected(k, 0.2, 20) for k in range(2)]


def test_batch_run_in_two_processes() -> None:
    """Processes are started anew and import everything themselves; the numbers must not depend on that."""
    one, two = (
        mesa.batch_run(MutualHelpModel, BATCH, number_processes=k, iterations=2, max_steps=20, display_progress=False)
        for k in (1, 2)
    )
    assert sorted(one, key=lambda row: row["RunId"]) == sorted(two, key=lambda row: row["RunId"])


class Plain(mesa.Model):  # type: ignore[misc]
    """The model of a tutorial: agents of its own, set up from people of a town."""

    def __init__(self) -> None:
        super().__init__(seed=3)
        for person in lived().people:
            Stand(self, person)


class OurModel(MutualHelpModel):
    """The same with only the class changed."""

    def __init__(self) -> None:
        super().__init__(with_values(SMALL, {"weeks": 20}), seed=3)
        super().step()


@pytest.mark.parametrize("base", [Plain, OurModel])
def test_a_page_of_mesas_tutorial_works_with_only_the_class_changed(base: Any) -> None:
    """The promise of a Mesa face is that what one has learnt, or written, goes on working."""

    class Hopeful(base):  # type: ignore[misc, valid-type]
        """A town in which all take heart a little, one after the other."""

        def __init__(self) -> None:
            super().__init__()
            self.datacollector = mesa.DataCollector(
                model_reporters={"mean_hope": lambda m: float(np.mean(people_of(m).get("hope")))},
                agent_reporters={"hope": "hope", "stage": "stage"},
            )

        def step(self) -> None:
            """Collect, then let each act in random order."""
            self.datacollector.collect(self)
            people_of(self).shuffle_do(take_heart, self.random.random())

    def people_of(model: Any) -> Any:
        return model.agents.select(lambda agent: hasattr(agent, "hope"))

    def take_heart(person: Any, share: float) -> None:
        person.hope += 0.01 * share * (1.0 - person.hope)

    model = Hopeful()
    for _ in range(10):
        model.step()
    assert model.steps == 10
    hope = model.datacollector.get_model_vars_dataframe()["mean_hope"]
    assert len(hope) == 10 and hope.is_monotonic_increasing
    assert len(hope.plot(ax=Figure().add_subplot()).get_lines()) == 1
    by_agent = model.datacollector.get_agent_vars_dataframe()
    last = by_agent.xs(9, level="Step")["hope"].dropna()
    assert len(last) == len(people_of(model))
    means = people_of(model).groupby("stage").agg("hope", np.mean)
    assert set(means) <= {"impact", "recoil", "accommodation"} and all(0 < mean < 1 for mean in means.values())
    top = people_of(model).sort("hope").select(at_most=3)
    assert top[0].hope >= top[2].hope >= people_of(model).agg("hope", np.median)
    model.running = False
    model.run_model()
    assert model.steps == 10

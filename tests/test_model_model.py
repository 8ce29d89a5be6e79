"""The model itself: its arguments, its clock, its end, its memory, copies in mid-run, tables for pandas and NumPy."""

from __future__ import annotations

import copy
import gc
import pickle
import weakref
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from mhsim import simulate
from mhsim.model import MutualHelpModel
from mhsim.outcomes.counts import living
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.schema import GROUP_COLUMNS, NEVER, PEOPLE_COLUMNS
from model_cases import SMALL, lived


def test_the_same_history_as_the_engine_runs() -> None:
    """Looking at a history step by step must not change it, nor what is found at its end."""
    model = MutualHelpModel(SMALL, replicate=2, record="story")
    model.run_model()
    whole = simulate(SMALL, 2, record="story")
    found = model.result()
    assert found.summary == whole.summary and found.scenario == SMALL and found.replicate == 2
    for name in ("series", "lives", "groups", "events"):
        assert getattr(found, name).equals(getattr(whole, name))


def test_ones_own_luck_plays_no_part_in_the_engines() -> None:
    """A rule that draws luck must not change the luck of people whom it does not touch."""
    model, quiet = lived(), lived()
    model.random.random()
    model.rng.random(5)
    model.people.shuffle()
    model.run_for(5)
    quiet.run_for(5)
    assert np.array_equal(living(model.world), living(quiet.world))
    assert quiet.random.random() == lived().random.random() != lived(0, replicate=1).random.random()


def test_clock_and_end() -> None:
    """Step 0 is week 0, `running` ends with the scenario's weeks, and a longer life by hand is a longer life."""
    model = MutualHelpModel(with_values(SMALL, {"weeks": 6, "weeks_per_step": 0.5}))
    assert (model.steps, model.week, model.time, model.running) == (0, 0.0, 0.0, True)
    model.run_for(5)
    assert (model.steps, model.week, model.running) == (10, 5.0, True)
    model.run_model()
    assert (model.steps, model.week, model.running) == (12, 6.0, False)
    model.run_for(1.5)
    assert (model.steps, model.week, model.running) == (15, 7.5, False)
    with pytest.raises(ValueError, match="a whole number of steps"):
        model.run_for(0.3)
    longer = MutualHelpModel(with_values(SMALL, {"weeks": 8, "weeks_per_step": 0.5}))
    longer.run_for(7.5)
    assert np.array_equal(living(model.world), living(longer.world))


def test_the_run_in_can_be_watched() -> None:
    """Who wants to see the community before its groups open starts at its very beginning."""
    model = MutualHelpModel(SMALL, run_in=False)
    assert (model.steps, model.week, len(model.people)) == (0, -10.0, 0)
    model.run_for(11)
    later = MutualHelpModel(SMALL)
    later.step()
    assert np.array_equal(living(model.world), living(later.world))


def test_what_was_found_so_far() -> None:
    """In mid-run the summary must speak of the weeks lived, not of those planned."""
    model = lived(12)
    found, short = model.result(), simulate(with_values(SMALL, {"weeks": 12}), record="lives")
    assert found.summary == short.summary and found.lives.equals(short.lives)
    assert MutualHelpModel(SMALL).result().summary["members_at_end"] == SMALL.start.members, "groups have just opened"


def test_ways_to_name_a_scenario(tmp_path: Path) -> None:
    """A name, a path, an object and nothing at all are what people have at hand."""
    file = tmp_path / "ours.yaml"
    file.write_text("extends: base\nweeks: 7\n", encoding="utf-8")
    assert MutualHelpModel(file).simulation.assumed == read_scenario(file)
    assert MutualHelpModel("base").simulation.assumed == read_scenario("base")
    assert MutualHelpModel(shipped()["base"]).simulation.assumed == read_scenario("base")
    assert MutualHelpModel().simulation.assumed == Scenario()
    model = MutualHelpModel(SMALL, seed=9, values={"weeks": 5, "benefits": 0}, serve__turnover_per_year=np.float64(0.5))
    assumed = model.simulation.assumed
    assert (assumed.seed, assumed.weeks, assumed.serve.turnover_per_year, assumed.share.hope_gain) == (9, 5, 0.5, 0.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"serve__turnover_per_yaer": 1}, "did you mean 'serve.turnover_per_year'"),
        ({"turnover": 1}, "no such"),
        ({"values": {"serve.turnover_per_year": -1}}, "allowed: a number from 0 to 52"),
        ({"weeks": "many"}, "weeks"),
        ({"values": {"weeks": 5}, "weeks": 6}, "given twice"),
        ({"scenario": "twelv_step"}, "did you mean 'twelve_step'"),
        ({"record": "everything"}, "allowed: runs, series, lives, story"),
        ({"replicate": -1}, "replicate: given -1; allowed"),
        ({"seed": -3}, "seed"),
        ({"start__helpers": 500}, "helpers are members"),
    ],
)
def test_wrong_arguments(arguments: dict[str, Any], words: str) -> None:
    """A misspelt parameter that was accepted in silence would make a study of nothing."""
    with pytest.raises(ValueError) as error:
        MutualHelpModel(**arguments)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_a_scenario_of_the_wrong_kind() -> None:
    """Numbers and dictionaries are easily passed by position; the error must say what is wanted."""
    with pytest.raises(TypeError, match="a Scenario, the name of a shipped one, a path"):
        MutualHelpModel(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("how", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_in_mid_run_go_on_alike(how: Any) -> None:
    """A copy is a checkpoint: it must go on bit for bit as the original, and neither may touch the other."""
    model = lived(12, record="story")
    twin = how(model)
    twin.run_model()
    here = living(model.world)
    assert model.week == 12 and twin.week == 40
    model.run_model()
    assert not np.array_equal(here, living(model.world))
    for name in model.world._fields:
        ours, theirs = getattr(model.world, name), getattr(twin.world, name)
        if name not in ("scratch", "luck"):
            assert np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"), name
    assert model.result().events.equals(twin.result().events)
    assert model.random.random() == twin.random.random()
    assert twin.datacollector.model_vars == model.datacollector.model_vars


def test_models_are_let_go() -> None:
    """Mesa's count of ids keeps every model that ever had an agent; a dashboard or a sweep would fill the memory."""
    tiny = with_values(SMALL, {"start.run_in_weeks": 0, "start.members": 3, "start.helpers": 1})
    seen = []
    for replicate in range(200):
        model = MutualHelpModel(tiny, replicate=replicate, record="runs")
        model.step()
        model.agents.shuffle_do("step")
        model.people.groupby("stage").count()
        seen.append(weakref.ref(model))
    del model
    gc.collect()
    assert [ref for ref in seen if ref() is not None] == []
    assert not any(isinstance(model, MutualHelpModel) for model in mesa.Agent._ids)


def test_agents_cannot_be_added_or_replaced() -> None:
    """The engine alone knows who is there; what it does not know would never live a step."""
    model = lived(1)
    with pytest.raises(AttributeError, match="cannot be set"):
        model.agents = []
    with pytest.raises(TypeError, match="cannot be added by hand"):
        model.register_agent(object())
    with pytest.raises(LookupError, match="there is no group 7"):
        model.group(7)


def test_frames_hold_what_the_tables_hold() -> None:
    """Analyses in pandas rest on these tables: names as in the state, categories by name, one row per living person."""
    model = lived(30)
    rows, people, groups = living(model.world), model.frame(), model.frame("groups")
    assert people.index.name == "unique_id" and people.index.tolist() == model.people.get("unique_id")
    for column in PEOPLE_COLUMNS:
        if not column.shape and str(people[column.name].dtype) != "category":
            assert np.array_equal(people[column.name].to_numpy(), rows[column.name].astype(people[column.name].dtype))
    assert people["stage"].tolist() == model.people.get("stage") and people["stage"].dtype.name == "category"
    assert people["snapshot_stage_13"].isna().tolist() == (rows["snapshot_stage"][:, 0] == 255).tolist()
    assert groups["status"].tolist() == model.groups.get("status")
    assert set(groups.columns) == {column.name for column in GROUP_COLUMNS}
    people["hope"] = 0.0
    assert min(model.people.get("hope")) > 0
    with pytest.raises(ValueError, match="allowed: people, groups, ties"):
        model.frame("folks")
    with pytest.raises(ValueError, match="without copying; allowed: people, groups"):
        model.frame("ties", copy=False)


@pytest.mark.parametrize("table", ["people", "groups"])
def test_a_frame_without_copies_is_the_engines_memory(table: str) -> None:
    """A million people fit once into memory, not twice; what is written there is written into the model."""
    model = lived(12)
    frame, array = model.frame(table, copy=False), getattr(model.world, table)
    for name in frame.columns:
        assert np.shares_memory(frame[name].to_numpy(), array[name]), name
    if table == "people":
        alive = frame.iloc[model.rows()]
        assert np.array_equal(alive["hope"].to_numpy(), model.frame()["hope"].to_numpy())
    else:
        frame["cohesion"].to_numpy()[0] = 0.25
        assert model.groups[0].cohesion == 0.25


def test_rows_for_rules_in_numpy() -> None:
    """Rules in NumPy write to rows; a row too many would be a dead person's or nobody's."""
    model = lived(20)
    people, rows = model.world.people, model.rows()
    assert np.array_equal(people[rows], living(model.world))
    helpers = model.rows(membership="member", role="helper", group=0)
    assert np.array_equal(helpers, [p.row for p in model.group(0).helpers])
    assert np.array_equal(model.rows(group=model.group(1)), [p.row for p in model.group(1).members])
    assert len(model.rows(community=1)) == 0 and len(model.rows(joined=NEVER)) > 0
    people["hope"][helpers] = 0.875
    assert set(model.group(0).helpers.get("hope")) == {0.875}
    model.step()
    assert np.array_equal(model.world.people[model.rows()], living(model.world))
    with pytest.raises(ValueError, match="did you mean 'role'"):
        model.rows(rle="helper")
    with pytest.raises(ValueError, match="allowed: none, newcomer"):
        model.rows(role="boss")

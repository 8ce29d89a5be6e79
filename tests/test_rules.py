"""Rules of one's own: three ways to write one give one history, and a wrong entry in a scenario is one clear line."""

from __future__ import annotations

import importlib
import pickle
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from mhsim import simulate
from mhsim.engine import Simulation
from mhsim.errors import InputError
from mhsim.model import MutualHelpModel
from mhsim.outcomes.counts import living
from mhsim.plugins import load
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario
from mhsim.scenario_io.writer import scenario_text, with_rules_beside
from mhsim.schema import MEMBER
from mhsim.studies.design import Study
from mhsim.studies.plan import plan_of
from mhsim.studies.run_study import run_study

FOLDER = Path(__file__).resolve().parents[1] / "experiments" / "bring-a-friend"
TOWN = {
    "community.count": 3,
    "start.groups": 2,
    "start.run_in_weeks": 20,
    "weeks": 80,
    "community.arrivals_per_week": 1.5,
}


@pytest.fixture
def three_ways(monkeypatch: pytest.MonkeyPatch):
    """Return the module of the worked example."""
    monkeypatch.syspath_prepend(str(FOLDER))
    yield importlib.import_module("three_ways")
    for name in ("three_ways", "bring_a_friend"):
        sys.modules.pop(name, None)


def compiled(values: dict | None = None) -> Scenario:
    """Return the scenario with the compiled rule, in a small town."""
    return read_scenario(FOLDER / "scenario.yaml", {**TOWN, **(values or {})})


def lived(model: MutualHelpModel, weeks: int = 80) -> np.ndarray:
    """Return everybody after so many weeks."""
    model.run_for(weeks)
    return living(model.world)


@pytest.mark.parametrize("way", ["LoopOverAgents", "OnColumns"])
def test_three_ways_give_one_history(three_ways, way: str) -> None:
    """If they did not, the page that explains them would explain three different rules."""
    plain = read_scenario("base", TOWN)
    mine = lived(getattr(three_ways, way)(plain))
    simulation = Simulation(compiled())
    simulation.run_to_end()
    theirs = living(simulation.world)
    assert len(mine) == len(theirs) > 50
    for name in theirs.dtype.names or ():
        assert np.array_equal(mine[name], theirs[name]), name
    alone = Simulation(plain)
    others = living(alone.run_to_end())
    assert (others["membership"] == MEMBER).sum() != (mine["membership"] == MEMBER).sum(), "the rule must matter"


def test_the_rule_brings_people_and_off_means_off() -> None:
    """A rule that is switched off, or invites nobody, must leave every bit of the history as it was."""
    without = simulate(read_scenario("base", TOWN), record="lives")
    off = simulate(compiled({"rules.bring_a_friend.enabled": False}), record="lives")
    none = simulate(compiled({"rules.bring_a_friend.invites_per_year": 0.0}), record="lives")
    much = simulate(compiled({"rules.bring_a_friend.invites_per_year": 10.0}), record="lives")
    assert off.lives.equals(without.lives)
    assert none.lives.equals(without.lives)
    assert much.summary["first_visits"] > 1.5 * without.summary["first_visits"]


def test_a_rule_can_change_in_mid_life_and_be_varied() -> None:
    """Its parameters are paths like any other: in `--set`, in studies and in changes in mid-life."""
    data = compiled({"rules.bring_a_friend.invites_per_year": 0.0}).model_dump()
    data["changes"] = [{"week": 40, "set": {"rules.bring_a_friend.invites_per_year": 20.0}}]
    changed = simulate(Scenario.model_validate(data), record="series").series.to_pandas()
    plain = simulate(read_scenario("base", TOWN), record="series").series.to_pandas()
    assert changed[:40].equals(plain[:40])
    assert changed["newcomers"][40:].sum() > plain["newcomers"][40:].sum()


def test_a_study_varies_a_rule(tmp_path: Path) -> None:
    """How much of the result hangs on a rule of one's own is the first question about it."""
    base = str(FOLDER / "scenario.yaml")
    path = "rules.bring_a_friend.invites_per_year"
    study = Study.model_validate({"base": base, "vary": {path: [0.0, 9.0]}, "weeks": 30, "replicates": 2})
    outcome = run_study(study, tmp_path / "out", jobs=2)
    assert (outcome.done, outcome.failed) == (4, 0)
    visits = pq.read_table(tmp_path / "out" / "runs.parquet")["first_visits"].to_numpy().reshape(2, 2)
    assert (visits[1] > visits[0]).all()
    for wrong in ("rules.bring_a_friend.invites", "rules.other.invites_per_year", "rules.bring_a_friend"):
        with pytest.raises(InputError):
            plan_of(Study.model_validate({"base": base, "vary": {wrong: [0.0]}}))


def test_a_scenario_with_a_rule_reads_back_and_travels(tmp_path: Path) -> None:
    """A written scenario names the rule's digest, and workers in other processes get the very same rule."""
    scenario = compiled()
    (tmp_path / "written.yaml").write_text(scenario_text(scenario), encoding="utf-8")
    again = read_scenario(tmp_path / "written.yaml")
    assert again.model_dump() == scenario.model_dump()
    assert pickle.loads(pickle.dumps(scenario)).model_dump() == scenario.model_dump()
    text = (tmp_path / "written.yaml").read_text(encoding="utf-8")
    digest = load(str(FOLDER / "bring_a_friend.py")).source_digest
    (tmp_path / "written.yaml").write_text(text.replace(digest, "0" * 16), encoding="utf-8")
    with pytest.raises(InputError, match="is not the one this scenario was written with"):
        read_scenario(tmp_path / "written.yaml")


STARTS_AT_NOTHING = """
from mhsim.plugins import Column, Rule, par
class A(Rule):
    people = (Column("mine", "f8", "0-1", "one's own", start="hop"),)
    hope: float = par(0.1, 0, 1, unit="share", why="at the start", source="assumed")
    @staticmethod
    def in_group(members, p):
        pass
"""
WRONG = {
    "there is no file": ("rules: {a: {from: missing.py}}", "there is no file"),
    "no from": ("rules: {a: {rate: 1.0}}", "a rule needs `from`"),
    "not importable": ("rules: {a: {from: no_such_module_here}}", "cannot be imported"),
    "holds no rule": ("rules: {a: {from: empty.py}}", "exactly one class made from Rule; it holds 0"),
    "fails": ("rules: {a: {from: failing.py}}", "fails when it is read: ZeroDivisionError"),
    "does nothing": ("rules: {a: {from: idle.py}}", "neither in_group nor in_community"),
    "starts at nothing": (
        "rules: {a: {from: start.py}}",
        "starts at 'hop', which is no parameter of A; did you mean 'hope'?",
    ),
    "unknown parameter": (
        "rules: {a: {from: rule.py, invites: 1.0}}",
        "no such parameter; there are enabled, invites_per_year",
    ),
    "beyond the range": ("rules: {a: {from: rule.py, invites_per_year: 99.0}}", "less than or equal to 52"),
    "text for a number": ("rules: {a: {from: rule.py, invites_per_year: 'much'}}", "valid number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_rule_is_one_clear_line(tmp_path: Path, case: str) -> None:
    """A rule is other people's code: whatever is wrong with it must name the place and never be a traceback."""
    text, expected = WRONG[case]
    (tmp_path / "empty.py").write_text("", encoding="utf-8")
    (tmp_path / "failing.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "idle.py").write_text("from mhsim.plugins import Rule\nclass Idle(Rule):\n    pass\n", encoding="utf-8")
    (tmp_path / "start.py").write_text(STARTS_AT_NOTHING, encoding="utf-8")
    (tmp_path / "rule.py").write_text((FOLDER / "bring_a_friend.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text("extends: base\n" + text + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_scenario(tmp_path / "scenario.yaml")
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "scenario.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "path", ["rules.bring_a_friend.invites", "rules.other.invites_per_year", "rules.bring_a_friend"]
)
def test_a_wrong_path_to_a_rule_is_one_clear_line(path: str) -> None:
    """On the command line as well."""
    with pytest.raises(InputError) as caught:
        compiled({path: 1.0})
    assert "\n" not in str(caught.value)


FAULTY = {
    "asks for what there is not": (
        "memers, own, p",
        "pass",
        "asks for 'memers', which there is not; did you mean 'members'?",
    ),
    "a column misspelt": (
        "members, own, p",
        "own.lift[members.slot[0]] = 1",
        "10: Mine cannot be compiled: there is no column or port 'lift'; did you mean 'lifts'?",
    ),
    "a parameter misspelt": (
        "members, p",
        "members.strain[0] += p.tire",
        "there is no parameter 'tire'; did you mean 'tires'?",
    ),
    "a name of no module": ("members, p", "members.strain[0] = np.exp(p.tires)", "NameError: name 'np' is not defined"),
}


@pytest.mark.parametrize("case", FAULTY)
def test_a_rule_that_cannot_be_compiled_is_one_clear_line(tmp_path: Path, case: str) -> None:
    """Who writes a rule must be told what is wrong with it, and where; not what a compiler went through."""
    arguments, line, message = FAULTY[case]
    text = f"""
from mhsim.plugins import Column, Rule, par

class Mine(Rule):
    people = (Column("lifts", "u4", "times", "lifts so far"),)
    tires: float = par(0.1, 0, 1, unit="share", why="strain", source="assumed")

    @staticmethod
    def after_attend({arguments}):
        {line}
"""
    (tmp_path / "rule.py").write_text(text, encoding="utf-8")
    (tmp_path / "scenario.yaml").write_text(
        "extends: base\nweeks: 1\nrules: {mine: {from: rule.py}}\n", encoding="utf-8"
    )
    with pytest.raises(InputError) as wrong:
        simulate(read_scenario(tmp_path / "scenario.yaml"))
    assert str(tmp_path / "rule.py") in str(wrong.value)
    assert message in str(wrong.value)


def test_a_run_keeps_its_rule_beside_it(tmp_path: Path) -> None:
    """Whoever gets the folder of a run can repeat it, without the folder the rule came from."""
    source = tmp_path / "mine" / "rule.py"
    source.parent.mkdir()
    source.write_text((FOLDER / "bring_a_friend.py").read_text(encoding="utf-8"), encoding="utf-8")
    (source.parent / "s.yaml").write_text(
        "extends: base\nweeks: 5\nrules: {friends: {from: rule.py}}\n", encoding="utf-8"
    )
    scenario = read_scenario(source.parent / "s.yaml")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "scenario.yaml").write_text(with_rules_beside(scenario, folder), encoding="utf-8")
    source.unlink()
    again = read_scenario(folder / "scenario.yaml")
    assert again.rules["friends"].origin == str(folder / "rules" / "friends.py")
    assert simulate(again).summary == simulate(scenario).summary


def test_benefits_and_harms_reach_rules(tmp_path: Path) -> None:
    """`--set benefits=0` promises that groups do nobody good; a rule's marked parameters belong to that."""
    (tmp_path / "kind.py").write_text(
        "from mhsim.plugins import Rule, par\n"
        "class Kind(Rule):\n"
        "    warmth: float = par(0.5, 0, 1, unit='share', why='w', source='assumed', benefit=True)\n"
        "    @staticmethod\n"
        "    def in_group(members, outside, groups, g, ties, handles, key, clock, p):\n"
        "        for i in range(len(members)):\n"
        "            members.hope[i] = min(1.0, members.hope[i] + p.warmth)\n",
        encoding="utf-8",
    )
    (tmp_path / "s.yaml").write_text("extends: base\nweeks: 10\nrules: {kind: {from: kind.py}}\n", encoding="utf-8")
    kind = read_scenario(tmp_path / "s.yaml")
    plain = with_values(kind, {"rules.kind.enabled": False})
    warm, cold = Simulation(kind), Simulation(plain)
    warm.run_to_end(), cold.run_to_end()
    members = [living(h.world)[living(h.world)["group"] >= 0]["hope"].mean() for h in (warm, cold)]
    assert members[0] > members[1] + 0.2
    nothing, neither = (Simulation(with_values(s, {"benefits": 0.0})) for s in (kind, plain))
    nothing.run_to_end(), neither.run_to_end()
    assert np.array_equal(living(nothing.world)["hope"], living(neither.world)["hope"])

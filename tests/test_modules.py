"""An optional mechanism is found by its file alone: in parameters, tables, series, knock-outs, write contract, bench.

The throw-away mechanism of `fixtures/modules/confide.py` has a column of people and two of groups; another process
finds it there and tells what the program then knows (`modules_case.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from mhsim.engine.own_columns import OwnColumns
from mhsim.engine.rule_code import text_of
from mhsim.mechanisms import AFTER, WEEK
from mhsim.modules import optional
from mhsim.plugins import OWN_PURPOSES, Rule, rule_in
from mhsim.scenario import Scenario, sections


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the program knows of the mechanism in the folder of fixtures."""
    here = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, str(here / "modules_case.py"), str(tmp_path_factory.mktemp("forms"))],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_its_parameters_are_parameters_of_the_model(known: dict[str, Any]) -> None:
    """`mhsim params`, YAML, sweeps and studies of sensitivity take them from one list."""
    assert {"confide.enabled", "confide.upkeep", "confide.openness"} <= set(known["parameters"])


def test_a_scenario_is_written_without_what_is_off(known: dict[str, Any]) -> None:
    """A new module would else change every file and digest of scenarios that do not use it."""
    assert known["written"] == {"off": False, "on": True}


def test_its_columns_are_in_tables_and_series_where_it_is_on(known: dict[str, Any]) -> None:
    """A column that no table shows cannot be studied; one of a module that is off would fill every table."""
    tables = known["tables"]
    assert {"confide_openness_members", "confide_confidence_groups", "confide_talk_communities"} <= set(
        tables["series"]
    )
    assert "confide_openness" in tables["lives"]
    assert {"confide_confidence", "confide_leaks"} <= set(tables["groups"])
    assert not {name for table in known["tables off"].values() for name in table if name.startswith("confide")}


def test_its_measures_are_in_the_table_of_runs_where_it_is_on(known: dict[str, Any]) -> None:
    """What no table of runs holds cannot be varied, knocked out or compared; each equals what its tables say."""
    for found in (known["measured"], known["parts measured"]):
        assert found["confide_openness"] == pytest.approx(found["openness"])
        assert found["confide_leaks"] == pytest.approx(found["leaks"])
        assert found["confide_talk_at_end"] == pytest.approx(found["talk"])
        assert found["told"]
    assert known["measured"]["confide_leaks"] > 0.0
    assert known["measured off"] == []
    names = ["confide_openness", "confide_leaks", "confide_talk_at_end"]
    assert known["knockouts"]["watched on"] == names
    assert known["knockouts"]["watched off"] == []


def test_its_events_are_in_the_log_and_told(known: dict[str, Any]) -> None:
    """A mechanism whose doings no story tells is a black box to whoever reads one."""
    told = known["told"]
    assert told["kinds"]["confide_leaked"] == told["leaks"]
    assert told["kinds"]["confide_betrayed"] > told["kinds"]["confide_leaked"]
    assert f"lost trust in {told['other']}" in told["life en"]
    assert f"verlor Vertrauen in {told['other']}" in told["life de"]
    assert "let something leak" in told["group en"]
    assert "people lost trust" in told["years"]
    assert "ließ etwas durchsickern" in told["group de"]
    assert "let something leak" in told["feed"]
    assert "times" in told["year"]
    assert known["told off"] == []


def test_people_and_groups_start_by_what_the_columns_say(known: dict[str, Any]) -> None:
    """Who never came to a group has the value of the start, those who came another; lives that ended keep theirs."""
    lives, groups = known["tables"]["lives"], known["tables"]["groups"]
    rows = list(zip(lives["confide_openness"], lives["joined_week"], lives["ended"], strict=True))
    never = {value for value, week, _ in rows if week is None}
    ended = {value for value, week, end in rows if week is not None and end != "none"}
    assert never == {0.4}
    assert len(ended) > 1
    assert all(0.0 <= value <= 1.0 for value in groups["confide_confidence"])
    assert known["tables"]["series"]["confide_confidence_groups"][0] >= 0.6


def test_a_group_that_splits_off_inherits(known: dict[str, Any]) -> None:
    """What a column says of inheriting holds: confidence goes along with those who split off."""
    groups = known["tables"]["groups"]
    young = [k for k, parent in enumerate(groups["parent"]) if parent >= 0]
    assert young
    assert all(groups["confide_confidence"][k] > 0.3 for k in young)


def test_a_world_in_parts_has_the_same_columns(known: dict[str, Any]) -> None:
    """Worlds of many communities are simulated in parts, whose tables are put together."""
    for table in known["parts"].values():
        assert len(set(table.values())) == 1
        assert any(name.startswith("confide_") for name in table)


def test_on_and_neutral_it_changes_nothing_and_otherwise_it_does(known: dict[str, Any]) -> None:
    """Base keeps its bits: neither the call nor columns of one's own may touch anything else."""
    assert known["same when neutral"]
    assert known["differs when on"]


def test_it_is_knocked_out_only_where_it_is_on(known: dict[str, Any]) -> None:
    """Taking away what is off is a row of zeros in every study."""
    assert "confide" not in known["knockouts"]["off"]
    assert "confide" in known["knockouts"]["on"]
    assert "share" in known["knockouts"]["off"]


def test_the_write_contract_holds_it_to_what_it_declares(known: dict[str, Any]) -> None:
    """With all else read-only it compiles; with nothing declared it is refused."""
    assert not known["refused"]
    assert "readonly" in known["refused less"].lower()


def test_its_twin_agrees_person_by_person(known: dict[str, Any]) -> None:
    """The second implementation takes a module in by its file, too, and columns of one's own are compared."""
    assert not known["twin"], known["twin"]


def test_the_bench_lists_it(known: dict[str, Any]) -> None:
    """What costs time must not hide."""
    assert "confide" in known["bench"]


def test_its_compiled_code_is_kept(known: dict[str, Any]) -> None:
    """Else every process that uses it would compile it anew: source, index and code lie in the cache."""
    assert known["kept"] == [".nbc", ".nbi", ".py"]


def test_kept_code_is_named_by_the_source_that_was_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that imported a file before it was edited must not keep its old code under the name of the new one."""
    kinds = OwnColumns("trouble", optional()["trouble"]()).kinds
    before, _ = text_of(optional()["trouble"], kinds)
    monkeypatch.setattr("inspect.getsource", lambda _: "what stands in the file by now")
    assert before.startswith("trouble_")
    assert text_of(optional()["trouble"], kinds)[0] == before


def test_kept_code_of_no_two_modules_has_one_name() -> None:
    """Numbers that tell functions apart begin anew in each process: two that were kept by two would be mixed up."""
    rules = {name: rule() for name, rule in optional().items()}
    texts = [text_of(type(rule), OwnColumns(name, rule).kinds)[1] for name, rule in rules.items()]
    assert len({text.partition("(")[0] for text in texts}) == len(rules)


def test_no_two_modules_draw_for_the_same_purpose() -> None:
    """Two draws with one number and one name would be the same luck."""
    numbers = [purpose.number for rule in optional().values() for purpose in rule.purposes]
    assert len(numbers) == len(set(numbers))
    assert all(number >= OWN_PURPOSES for number in numbers)


def test_modules_of_the_package_are_off_by_default_and_sections() -> None:
    """Nobody pays for what they do not use."""
    for name, rule in optional().items():
        assert not getattr(Scenario(), name).enabled
        assert sections()[name] is rule
    assert AFTER[1:] == tuple(phase.mechanism for phase in WEEK[1:])


def test_a_rule_after_an_unknown_phase_is_refused() -> None:
    """A phase misspelt would else never come, in silence."""

    class Late(Rule):
        """A rule of a test."""

        after = "supper"

        @staticmethod
        def in_group(members, groups, g, p):  # type: ignore[no-untyped-def]
            """Do nothing."""

    module = ModuleType("late")
    Late.__module__ = "late"
    module.Late = Late  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="supper"):
        rule_in(module)

"""Rules of one's own in a page: compiled into its engine, the same bits as here, carried in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engines import found_in
from mhsim.building.build import engine_with
from mhsim.errors import InputError
from mhsim.export.page_facts import facts_text, rules_of
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario
from mhsim.scenario_io.writer import with_rules_beside
from page_modules import asked_in_node, page_folder_of

CALLED = ("run", "lose_busiest", "fill_philox")
FRIEND = Path(__file__).parents[1] / "experiments" / "bring-a-friend" / "scenario.yaml"
REMEMBERED = """
from mhsim.plugins import Rule, par
from mhsim.schema import Column

WEIGHT = (0.5, 0.25, 0.125, 0.0625)


class Remembered(Rule):
    \"\"\"Whoever came to the last meetings is remembered, and the more so, the more groups and places have seen.\"\"\"

    gain: float = par(0.2, 0, 5, unit="number", why="how much a meeting is remembered", source="assumed")
    start_at: float = par(0.1, 0, 5, unit="number", why="how much is remembered at first", source="assumed")

    people = (Column("seen", "f8", "number", "what is remembered", start="start_at"),)
    groups = (Column("meetings", "i8", "number", "meetings held"),)
    places = (Column("visits", "f8", "number", "who came"),)

    @staticmethod
    def in_group(members, own, ours, place, groups, g, clock, p):
        ours.meetings[g] += 1
        for i in range(len(members)):
            if members.attended[i]:
                own.seen[members.slot[i]] += p.gain * WEIGHT[clock.step % 4]
                place.visits[groups.community[g]] += 1.0
                members.hope[i] = min(1.0, members.hope[i] + 0.001 * own.seen[members.slot[i]])
"""


def _scenario(folder: Path, name: str, rule: str, said: str) -> Scenario:
    (folder / f"{name}.py").write_text(rule, encoding="utf-8")
    file = folder / f"{name}.yaml"
    file.write_text(f"extends: base\nrules:\n  {name}:\n    from: {name}.py\n{said}", encoding="utf-8")
    return read_scenario(str(file), {"weeks": 60})


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenario]:
    """Two scenarios with a rule each: the shipped one, and one with columns of every kind and constants."""
    folder = tmp_path_factory.mktemp("rules")
    return {
        "friend": read_scenario(str(FRIEND), {"weeks": 60}),
        "remembered": _scenario(folder, "remembered", REMEMBERED, "    gain: 0.4\nmeetings_per_week: 2.0\n"),
    }


@pytest.fixture(scope="module")
def modules(scenarios: dict[str, Scenario]) -> Path:
    """Return the modules of a page that knows both, and the engine with both."""
    folder = page_folder_of(facts_text(scenarios))
    for name, content in engine_with(rules_of(scenarios.values()), CALLED).items():
        (folder / name).write_bytes(content)
    return folder


def _asked(form: str, settings: dict[str, Any], record: str = "lives") -> dict[str, Any]:
    return {"form": form, "settings": settings, "changes": [], "replicate": 1, "record": record}


def test_a_page_lives_the_histories_that_mhsim_run_lives(modules: Path, scenarios: dict[str, Scenario]) -> None:
    """A student's page and a researcher's table must say the same of a rule that somebody wrote yesterday."""
    stronger = read_scenario(str(FRIEND), {"weeks": 60, "rules.bring_a_friend.invites_per_year": 9.0})
    wanted = {**scenarios, "stronger": stronger, "base": read_scenario("base", {"weeks": 60})}
    asked = {name: _asked(name, {}) for name in scenarios}
    asked["stronger"] = _asked("friend", {"rules.bring_a_friend.invites_per_year": 9.0})
    asked["base"] = _asked("base", {"weeks": 60})
    lived = asked_in_node("histories", asked, folder=modules)
    for name, scenario in wanted.items():
        here = found_in(scenario, 1, "lives")
        assert lived[name]["tables"] == here["tables"], name
        assert lived[name]["measures"] == here["measures"], name
    tables = [lived[name]["tables"] for name in wanted]
    assert all(one != other for k, one in enumerate(tables) for other in tables[:k]), (
        "a rule that does nothing is no test"
    )


def test_a_rule_switched_off_in_a_page_is_off(modules: Path) -> None:
    asked = {"off": _asked("friend", {"rules.bring_a_friend.enabled": False, "form": "base", "title": "x"})}
    here = found_in(read_scenario("base", {"weeks": 60}), 1, "lives")
    assert asked_in_node("histories", asked, folder=modules)["off"]["tables"] == here["tables"]


def test_files_carry_rules_out_and_in(modules: Path, scenarios: dict[str, Scenario], tmp_path: Path) -> None:
    """What a page writes is read by mhsim run where the rule's file lies beside it, and by the page itself."""
    addresses = [f"form={name}" for name in scenarios]
    files = [("one.yaml", _file("bring_a_friend", "invites_per_year: 3"))]
    files += [("two.yaml", _file("bring_a_friend", "invites_per_year: 90"))]
    files += [("three.yaml", _file("bring_a_friend", "invitations: 3")), ("four.yaml", _file("another", "gain: 1"))]
    files += [("five.yaml", _file("bring_a_friend", "digest: 0123456789abcdef"))]
    found = asked_in_node("files", {"addresses": addresses, "files": files}, folder=modules)
    for text, scenario in zip(found["written"], scenarios.values(), strict=True):
        wanted = with_rules_beside(scenario, tmp_path)
        assert text == wanted.replace('from: "rules/', 'from: "')
        (tmp_path / "rules" / "again.yaml").write_text(text, encoding="utf-8")
        assert read_scenario(str(tmp_path / "rules" / "again.yaml")).model_dump(
            exclude={"rules"}
        ) == scenario.model_dump(exclude={"rules"})
    read, beyond, unknown, foreign, edited = found["read"]
    assert read["settings"]["rules.bring_a_friend.invites_per_year"] == 3
    assert (
        "two.yaml:5: rules.bring_a_friend.invites_per_year: given 90; allowed: a number from 0 to 52"
        in beyond["refused"]
    )
    assert "three.yaml:5: rules.bring_a_friend.invitations: no such key" in unknown["refused"]
    assert "rules are programs" in foreign["refused"]
    assert "rules are programs" in edited["refused"], "a file of other code has the same name"


def _file(name: str, said: str) -> str:
    return f"extends: base\nrules:\n  {name}:\n    from: folder/{name}.py\n    {said}\n"


def test_what_differs_between_machines_is_refused(tmp_path: Path) -> None:
    """The C library's sine differs from one machine to another: a page would live other histories than mhsim run."""
    rule = REMEMBERED.replace("WEIGHT[clock.step % 4]", "sin(members.hope[i])").replace(
        "\nWEIGHT", "\nfrom math import sin\n\nWEIGHT"
    )
    scenario = _scenario(tmp_path, "waves", rule, "")
    with pytest.raises(InputError, match=r"rules\.waves: this calls what is not the same on every machine .*sin"):
        engine_with(rules_of([scenario]), CALLED[2:])


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    """One of two scenarios would live by the other's rule."""
    found = []
    for part in ("one", "two"):
        (tmp_path / part).mkdir()
        found.append(_scenario(tmp_path / part, "remembered", REMEMBERED + f"\n# {part}\n", ""))
    with pytest.raises(InputError, match=r"rules\.remembered: two scenarios have different rules of this name"):
        rules_of(found)

"""Several forms in one world: each group lives by its own, and everybody finds them by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from mhsim import read_scenario, simulate
from mhsim.commands.run import summary_text
from mhsim.dashboard.scenario_state import Situation, situation_of
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.engine.own_columns import acting
from mhsim.errors import InputError
from mhsim.model import MutualHelpModel
from mhsim.outcomes.measures import BY_NAME, NAMES, names_of_forms
from mhsim.outcomes.results import Run
from mhsim.report.run_page import run_page
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import check
from mhsim.scenario_io.overrides import with_settings
from mhsim.scenario_io.writer import scenario_text
from mhsim.scenario_io.yaml_reader import parse_yaml
from mhsim.stories import group_story
from mhsim.studies.data import read_run
from mhsim.studies.design import Study
from mhsim.studies.knockout.analysis import analyse as analyse_knockout
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.knockout.design import plan_of as plan_of_knockout
from mhsim.studies.plan import plan_of
from mhsim.studies.points import common_value, value_at
from mhsim.studies.run_folder import save_run
from mhsim.studies.run_study import run_study
from support import assert_rises

WORLD = """
extends: base
weeks: 156
community: {arrivals_per_week: 3.0}
forms:
  steps:
    from: twelve_step
    groups: 2
    set:
      serve.turnover_per_year: 0.9
      start:
        members: 12
  online:
    set:
      attend.remote: 0.8
      arrive:
        remote: 0.9
        room: 100
focal: online
"""


def world(tmp_path: Path, text: str = WORLD, **values: Any) -> Scenario:
    """Return the scenario of a file, with other values at some paths."""
    path = tmp_path / "world.yaml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, {name.replace("__", "."): value for name, value in values.items()})


def lives_by_form(run: Run) -> pd.DataFrame:
    """Return everybody who came to a group after the opening, with the form of the group last belonged to."""
    assert run.lives is not None
    assert run.groups is not None
    lives, groups = run.lives.to_pandas(), run.groups.to_pandas()
    group = lives["group"].where(lives["group"] >= 0, lives["last_group"])
    came = (group >= 0) & ~lives["starter"]
    return lives[came].assign(form=groups["form"].to_numpy()[group[came]])


# --- what a scenario says -------------------------------------------------------------------------------------------


def test_a_form_takes_over_what_it_does_not_say(tmp_path: Path) -> None:
    """Silence means another scenario where one is named, and the world's own settings where none is."""
    both = world(tmp_path, WORLD + "help: {ask_per_week: 9.0}\n")
    steps, online, twelve = both.forms["steps"], both.forms["online"], read_scenario("twelve_step")
    assert (steps.serve.turnover_per_year, steps.start.members, steps.start.helpers) == (0.9, 12, twelve.start.helpers)
    assert steps.help == twelve.help
    assert online.help.ask_per_week == both.help.ask_per_week == 9.0
    assert (online.arrive.remote, online.arrive.room, online.attend.remote) == (0.9, 100, 0.8)
    assert (both.start.groups, both.focal_group) == (3, 2)


def test_a_world_is_written_and_read_back_the_same(tmp_path: Path) -> None:
    """A folder of results must hold every value of every form; with one form a file says nothing of forms."""
    both = world(tmp_path)
    assert check(parse_yaml(scenario_text(both), "written"), Scenario) == both
    assert Scenario.model_validate(both.model_dump()) == both
    assert not {"forms", "focal"} & set(Scenario().model_dump())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("attend.remote", "attend.remot", 15, "forms.online.attend.remot: no such key; did you mean 'remote'?"),
        ("room: 100", "uptake: 0.1", 18, "forms.online.arrive.uptake: this is a setting of the whole world"),
        ("room: 100", "room: many", 18, "forms.online.arrive.room: given the text 'many'; allowed: a whole number"),
        ("from: twelve_step", "from: twelve_stp", 7, "forms.steps.from: no scenario is named 'twelve_stp'"),
        ("members: 12", "members: 1", 12, "forms.steps.start.helpers is 4, more than forms.steps.start.members, 1"),
        ("focal: online", "focal: offline", 19, "focal: given the text 'offline'; allowed: a number from 0 to 2"),
        ("groups: 2", "groups: two", 8, "forms.steps.groups: given the text 'two'; allowed: a whole number"),
        ("online:", "On-line:", 5, "a form is named with small letters"),
        ("from: twelve_step", "from: world.yaml", 7, "a form cannot be taken from the file in which it stands"),
        ("from: twelve_step", "from: two_forms_compete", 7, "has several forms itself"),
        ("weeks: 156", "start: {groups: 5}", 3, "start.groups is 5, but the forms have 3 groups together"),
    ],
)
def test_mistakes_are_told_with_file_line_and_key(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    """Whoever writes a form must find the line that is wrong, also under `set`."""
    with pytest.raises(InputError) as told:
        world(tmp_path, WORLD.replace(old, new))
    assert words in str(told.value)
    assert (Path(str(told.value.file)).name, told.value.line) == ("world.yaml", line)


def test_a_path_without_a_form_holds_for_all(tmp_path: Path) -> None:
    """Sweeps and knock-outs name no form; one that each form overrules would change nothing, in silence."""
    both = world(tmp_path, help__enabled=False, forms__online__help__enabled=True)
    assert [both.help.enabled, *(form.help.enabled for form in both.forms.values())] == [False, False, True]
    halved = with_values(both, {"benefits": 0.5})
    for before, after in zip([both, *both.forms.values()], [halved, *halved.forms.values()], strict=True):
        assert after.share.hope_gain == 0.5 * before.share.hope_gain
    assert with_values(both, {"forms.steps.groups": 4}).start.groups == 5


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("forms.onlin.serve.term_weeks", 20, "this scenario has these rules: none; forms: steps, online"),
        ("forms.online.arrive.uptake", 1, "this is a setting of the whole world, not of one form; write arrive.uptake"),
        ("forms.online.serve", 1, "this is a section"),
        ("forms.online", 1, "name a setting of a form"),
        ("start.groups", 7, "say forms.NAME.groups"),
    ],
)
def test_paths_that_no_form_has_are_refused(tmp_path: Path, path: str, value: Any, words: str) -> None:
    """One line says what to write instead."""
    both = world(tmp_path)
    with pytest.raises(InputError, match=words.replace(".", r"\.")):
        with_settings(both, {path: value})


def test_changes_in_mid_life_name_a_form_but_not_how_it_starts(tmp_path: Path) -> None:
    """What has happened at the opening cannot change; what holds in a week can, in one form alone."""
    change = (
        "changes:\n- week: 52\n  set: {forms.online.close.unvisited_weeks: 1.0, forms.online.attend.enabled: off}\n"
    )
    run = simulate(world(tmp_path, WORLD + change), record="series")
    assert run.series is not None
    assert run.series["open_groups_of_online"].to_pylist()[:52] == [1] * 52
    assert run.summary["open_groups_of_online"] == 0
    assert (run.summary["open_groups_of_steps"] or 0) > 0
    for path in ("forms.online.start.members", "forms.online.groups", "focal"):
        with pytest.raises(InputError, match="cannot change in mid-life"):
            world(tmp_path, f"{WORLD}changes:\n- week: 52\n  set: {{{path}: 1}}\n")
    with pytest.raises(InputError, match="this scenario has these rules: none; forms: steps, online"):
        world(tmp_path, f"{WORLD}changes:\n- week: 52\n  set: {{forms.onlin.serve.term_weeks: 20}}\n")


# --- what happens ---------------------------------------------------------------------------------------------------


def test_one_form_that_differs_in_nothing_is_none() -> None:
    """To name a form changes no bit of a history; only what it says does."""
    plain = Scenario(weeks=156, start={"groups": 3}, community={"arrivals_per_week": 2.0})
    named = Scenario(weeks=156, community={"arrivals_per_week": 2.0}, forms={"only": {"groups": 3}})
    two = Scenario(weeks=156, community={"arrivals_per_week": 2.0}, forms={"a": {"groups": 2}, "b": {"groups": 1}})
    runs = [simulate(one, 3, record="lives") for one in (plain, named, two)]
    for run in runs[1:]:
        assert {name: run.summary[name] for name in NAMES} == runs[0].summary
        assert run.lives is not None
        assert run.lives.equals(runs[0].lives)


def test_what_is_counted_of_forms_adds_up(tmp_path: Path) -> None:
    """Columns by form are parts of those of the world, in the summary, each week, and in a world taken in parts."""
    for values in ({}, {"community__count": 18, "weeks": 30}):
        run = simulate(world(tmp_path, **values), record="series")
        assert run.groups is not None
        assert run.series is not None
        for name, whole in (
            *(("groups_ever", "groups_ever"), ("open_groups", "open_groups_at_end")),
            *(("members", "members_in_world_at_end"), ("first_visits", "first_visits")),
        ):
            assert sum(int(run.summary[f"{name}_of_{form}"] or 0) for form in ("steps", "online")) == run.summary[whole]
        for name in ("open_groups", "helpers", "newcomers", "attended"):
            parts = [run.series[f"{name}_of_{form}"].to_numpy() for form in ("steps", "online")]
            assert np.array_equal(sum(parts), run.series[name].to_numpy()), name
        assert run.groups["form"].to_pylist()[:3] == ["steps", "steps", "online"]
    assert BY_NAME["members_of_online"].meaning.endswith("of the form online at the end")
    assert "members_of_" not in BY_NAME


def test_the_page_and_the_line_of_a_run_tell_of_each_form(tmp_path: Path) -> None:
    """Whoever runs a world of forms sees what became of each, not only of the focal group."""
    run = simulate(world(tmp_path), record="series")
    told = summary_text(run.summary, run.scenario)
    for form in ("steps", "online"):
        assert f"Form {form}: " in told
    save_run(run, tmp_path / "run", run.scenario, 0, record="series", seconds=1.0)
    page = run_page(read_run(tmp_path / "run"))
    assert "Members, by form" in page
    assert "Form online: " in page


def test_the_focal_group_is_a_choice(tmp_path: Path) -> None:
    """Series, measures and stories that tell of one group tell of the one that is asked for."""
    online = simulate(world(tmp_path), record="story")
    first = simulate(world(tmp_path, focal=0), record="story")
    assert online.series is not None
    assert first.series is not None
    assert online.series["focal_members"].to_pylist()[0] == 16
    assert first.series["focal_members"].to_pylist()[0] == 12
    assert online.series["members"].equals(first.series["members"])
    assert online.summary["members_at_end"] == online.summary["members_of_online"]
    assert group_story(online).title.endswith("group 2 (online)")
    assert "opened with 16 members" in group_story(online).text()
    assert "opened with twelve members" in group_story(online, 0).text()
    model = MutualHelpModel(world(tmp_path))
    while len(model.groups) < 3:
        model.step()
    assert [group.form_name for group in list(model.groups)[:3]] == ["steps", "steps", "online"]


def test_a_mechanism_may_act_in_one_form_alone() -> None:
    """What is on in the groups of one form leaves those of the others where they start."""
    off = Scenario(weeks=60, forms={"a": {"groups": 1}, "b": {"groups": 1}})
    on = with_values(off, {"forms.b.repertoire.enabled": True})
    assert [one.enabled for one in acting(on)["repertoire"]] == [False, False, True]
    run = simulate(on, record="series")
    assert run.groups is not None
    legacy = run.groups["repertoire_diversity"].to_pylist()
    start = simulate(with_values(on, {"weeks": 1}), record="series").groups
    assert start is not None
    assert legacy[0] == start["repertoire_diversity"].to_pylist()[0] != legacy[1]


# --- the shipped world ----------------------------------------------------------------------------------------------

RUNS = 12


def lived(**values: Any) -> list[Run]:
    """Return histories of the shipped world with other values."""
    given = {"weeks": 312, **{name.replace("__", "."): value for name, value in values.items()}}
    return [simulate(with_values(read_scenario("two_forms_compete"), given), k, record="lives") for k in range(RUNS)]


def measured(runs: list[Run], name: str) -> np.ndarray:
    """Return a measure of each run."""
    return np.array([float(run.summary[name] or 0.0) for run in runs])


def test_two_forms_compete_as_the_file_says() -> None:
    """They divide the town by what stands in people's way, reach more people together, and take from one another."""
    both, alone = lived(), lived(forms__online__groups=0)
    circle, online = (measured(both, f"open_groups_of_{form}") for form in ("circle", "online"))
    assert ((circle > 0).mean() > 0.8) & ((online > 0).mean() > 0.6)
    assert_rises(measured(alone, "first_visits"), measured(both, "first_visits"))
    assert_rises(measured(both, "first_visits_of_circle"), measured(alone, "first_visits_of_circle"))
    barriers = [lives_by_form(run).groupby("form")["access_barrier"].mean() for run in both]
    assert_rises(np.array([one["circle"] for one in barriers]), np.array([one["online"] for one in barriers]))
    near = lived(forms__online__bond__belonging_gain=0.08)
    assert_rises(measured(both, "members_of_online"), measured(near, "members_of_online"))


def test_whom_ideas_suit_goes_where_ideas_count() -> None:
    """Belief decides among forms as it decides about staying: those it suits little pass a form that rests on it."""
    plain = read_scenario("two_forms_compete", {"weeks": 156, "forms.circle.leave.drop_hazard": 0.0})
    runs = [simulate(with_values(plain, {"forms.circle.leave.belief_holds": 4.0}), k, record="lives") for k in range(8)]
    suits = [lives_by_form(run).groupby("form")["belief_fit"].mean() for run in runs]
    assert_rises(np.array([one["online"] for one in suits]), np.array([one["circle"] for one in suits]))


# --- who names forms ------------------------------------------------------------------------------------------------


def test_a_study_varies_and_watches_a_form() -> None:
    """A sweep takes a path of one form, and keeps what is counted of each."""
    path = "forms.online.serve.turnover_per_year"
    plan = plan_of(Study(base="two_forms_compete", vary={path: [0.1, 2.0]}, replicates=1, weeks=20))
    assert [plan.scenario_at(k).forms["online"].serve.turnover_per_year for k in range(2)] == [0.1, 2.0]
    assert plan.scenario_at(1).forms["circle"].serve.turnover_per_year != 2.0
    assert set(names_of_forms(("circle", "online"))) <= set(plan.watch)
    assert not set(names_of_forms(("circle", "online"))) & set(plan_of(Study(base="base", replicates=1)).watch)
    assert Study(watch=["members_of_online"]).watch == ("members_of_online",)
    with pytest.raises(ValidationError, match="no measure"):
        Study(watch=["members_off_online"])


def test_a_knock_out_leaves_each_form_as_it_is_but_for_what_it_takes_away(tmp_path: Path) -> None:
    """Values put back by the scenario's own path would make all forms alike, also in the world as it is."""
    (tmp_path / "mixed.yaml").write_text(
        "extends: two_forms_compete\nweeks: 20\nforms: {online: {set: {bond.enabled: off}}}\n", encoding="utf-8"
    )
    study = Knockout(
        base=str(tmp_path / "mixed.yaml"),
        mechanisms=("bond", "help"),
        sets={"online_help": {"forms.online.help.enabled": False}},
        replicates=1,
    )
    plan = plan_of_knockout(study)
    seen = [
        [(form.bond.enabled, form.help.enabled) for form in plan.scenario_at(k).forms.values()]
        for k in range(len(plan.points))
    ]
    assert seen == [
        [(True, True), (False, True)],
        [(False, True), (False, True)],
        [(True, False), (False, False)],
        [(True, True), (False, False)],
    ]
    run_study(study, tmp_path / "out", jobs=1)
    analyse_knockout(tmp_path / "out")
    with pytest.raises(InputError, match="forms of the scenario differ in it"):
        common_value(plan.scenario, "bond.enabled")


def test_an_address_holds_a_world_of_forms() -> None:
    """A page of a world is found again by its address: what one form says, what all say, the focal group."""
    values = {"forms.online.serve.term_weeks": 30, "help.ask_per_week": 5.0, "forms.circle.help.ask_per_week": 2.0}
    here = Situation("two_forms_compete").with_values({**values, "focal": "online", "forms.circle.groups": 2})
    again = read_address(address_of(here).query()).first
    assert again.scenario() == here.scenario()
    assert value_at(again.scenario(), "forms.circle.help.ask_per_week") == 2.0
    assert value_at(again.scenario(), "forms.online.help.ask_per_week") == 5.0
    assert situation_of(here.scenario()).scenario() == here.scenario()
    with pytest.raises(InputError, match="no such key"):
        read_address("form=base&forms.online.serve.term_weeks=30")
    with pytest.raises(InputError, match="a world of forms that is not shipped"):
        situation_of(Scenario(forms={"mine": {}}))

"""Optional mechanisms in engine and twin: the same lives, groups, events and communities for the same luck.

Each twin was written from the text of the mechanism alone (docs/modules.md). It is compared in a form that uses the
mechanism, with the numbers it ships with, in worlds in which all its numbers are lively, and beside others.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from twin_draws import PhiloxDraws
from twin_model import TwinModel
from twin_rows import compare, same
from twin_terms import CLOSED

from mhsim import simulate
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, parameter_rows, with_values
from mhsim.scenario_io.loader import read_scenario

FORMS = {
    "programme": "secular_recovery",
    "repertoire": "disease_specific",
    "stance": "value_practice",
    "support": "parents_of_disabled_children",
}
LIVELY: dict[str, dict[str, Any]] = {
    "programme": {
        "structure": 0.7,
        "spirituality": 0.6,
        "strictness": 0.4,
        "strict_drives": 4.0,
        "venting": 0.4,
        "walk": 0.1,
        "sway": 0.08,
        "goal_spread": 0.9,
        "reread": 0.06,
    },
    "repertoire": {
        "copy_told": 0.5,
        "copy_in_talk": 0.3,
        "guarded": 0.4,
        "invent": 0.2,
        "imports_per_year": 12.0,
        "outside_fits": 0.4,
        "own_terms": 0.4,
        "writes_down": 0.3,
        "reads": 0.3,
        "forget": 0.02,
        "warns": 0.8,
        "warned_weeks": 6.0,
    },
    "stance": {
        "power_gap": 0.5,
        "link": 0.5,
        "dilution": 0.02,
        "training": 0.4,
        "training_levels": 0.05,
        "listening": 0.5,
        "growth": 0.02,
        "holding_at": 0.4,
        "self_awareness": 0.2,
        "challenge": 0.3,
        "challenge_trust": 0.4,
        "lapse": 0.2,
        "chosen": 2.0,
    },
    "support": {"troubles_per_year": 8.0, "practical": 0.5, "gatherings_per_year": 20.0, "pool_gift": 0.1},
}
BUSY: dict[str, Any] = {
    "weeks": 70,
    "start.groups": 3,
    "start.members": 14,
    "start.helpers": 3,
    "community.count": 2,
    "community.arrivals_per_week": 2.5,
    "bond.sponsors": True,
    "bond.sponsor_after": 1,
    "help.ask_per_week": 3.0,
    "prepare.weeks": 5.0,
    "serve.turnover_per_year": 1.5,
    "serve.become_hazard": 0.3,
    "leave.drop_hazard": 0.15,
    "live.crisis_per_year": 4.0,
    "found.split_at": 16.0,
    "found.split_hazard": 0.08,
    "found.found_per_year": 10.0,
    "found.enough_groups": 6,
    "close.low_at": 7.0,
    "close.low_per_year": 4.0,
    "close.transfer": 0.6,
}
SMALL: dict[str, Any] = {"weeks": 70, "start.groups": 2, "community.arrivals_per_week": 2.0}


def shaken(name: str, seed: int) -> Scenario:
    """Return a busy world in which every number of a mechanism is lively, and elsewhere than it ships."""
    draws = random.Random(seed)
    values: dict[str, Any] = {}
    for row in parameter_rows():
        section, _, leaf = row["path"].partition(".")
        if section == name and isinstance(row["default"], (int, float)) and not isinstance(row["default"], bool):
            about = LIVELY[name].get(leaf, row["default"])
            moved = about * draws.uniform(0.8, 1.2)
            moved = round(moved) if isinstance(row["default"], int) else moved
            values[row["path"]] = min(row["high"], max(row["low"], moved))
    return with_values(Scenario(), {**BUSY, **values, f"{name}.enabled": True, "seed": seed})


def parted_places(run: Run, twin: TwinModel) -> str:
    """Return in which shown columns of communities the last week of the series parts from the twin; empty if none."""
    assert run.series is not None
    last = {name: run.series[name].to_pylist()[-1] for name in run.series.column_names}
    wrong = []
    for name in twin.modules.found:
        for column in twin.communities[0].own.get(name, {}):
            total = sum(place.own[name][column] for place in twin.communities)
            shown = last.get(f"{name}_{column}", total)
            wrong += [] if same(column, float(shown), total) else [f"{name}.{column}: engine {shown!r}, twin {total!r}"]
    return "\n".join(wrong)


def run_both(scenario: Scenario, replicate: int = 0) -> tuple[TwinModel, str]:
    """Return the finished twin and where it parts from the engine."""
    run = simulate(scenario, replicate, record="story")
    twin = TwinModel(scenario, PhiloxDraws(scenario.seed, replicate))
    twin.run()
    return twin, "\n".join(filter(None, (compare(run, twin), parted_places(run, twin))))


@pytest.mark.parametrize("name", FORMS)
def test_engine_and_twin_agree_in_the_form_that_uses_it(name: str) -> None:
    """At the values that ship."""
    world = with_values(read_scenario(FORMS[name]), {**SMALL, f"{name}.enabled": True})
    twin, parted = run_both(world, replicate=1)
    assert not parted, parted
    assert name in twin.modules.found


def unmoved(twin: TwinModel, name: str) -> list[str]:
    """Return the columns of a mechanism that are the same for everybody, or every group, at the end."""
    people = twin.gone + [person for place in twin.communities for person in place.everybody]
    owns = [[thing.own[name] for thing in things if name in thing.own] for things in (people, twin.groups)]
    columns = [(own, column) for own in owns for column in own[0] if not column.startswith("_")]
    return [column for own, column in columns if len({each[column] for each in own}) == 1]


@pytest.mark.parametrize("half", [False, True], ids=["weeks", "half weeks"])
@pytest.mark.parametrize("name", FORMS)
def test_engine_and_twin_agree_where_its_numbers_are_lively(name: str, half: bool) -> None:
    """Groups split, begin and close meanwhile; steps of weeks, and of half weeks."""
    world = shaken(name, 3 if half else 2)
    if half:
        world = with_values(world, {"weeks_per_step": 0.5, "weeks": 40, "meetings_per_week": 2.0})
    twin, parted = run_both(world, replicate=2)
    assert not parted, parted
    assert not unmoved(twin, name), "nothing happened there, so nothing was compared"
    assert any(group.parent >= 0 for group in twin.groups)
    assert any(group.status == CLOSED for group in twin.groups)


def test_engine_and_twin_agree_where_all_are_on_and_forms_differ() -> None:
    """They act one after the other, by the numbers of each form, and not at all in a form in which they are off."""
    values: dict[str, Any] = {**BUSY, "weeks": 50, "community.count": 1}
    for name in FORMS:
        values |= {f"{name}.enabled": True, f"forms.lively.{name}.enabled": True}
        values |= {f"forms.lively.{name}.{leaf}": value for leaf, value in LIVELY[name].items()}
    values |= {f"forms.plain.{name}.enabled": True for name in ("programme", "repertoire")}
    own = {"start": {"members": 14, "helpers": 4}, "found": {"split_at": 14.0, "split_hazard": 0.1}}
    world = with_values(Scenario(forms={"plain": {"groups": 2, **own}, "lively": {"groups": 1, **own}}), values)
    twin, parted = run_both(world, replicate=3)
    assert not parted, parted
    assert {group.form for group in twin.groups} == {"plain", "lively"}
    assert any(group.parent >= 0 for group in twin.groups)

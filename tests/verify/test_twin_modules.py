"""Optional mechanisms in engine and twin: the same lives, groups, events and communities for the same luck.

Each twin was written from the text of the mechanism alone (docs/modules.md). It is compared in the form that uses the
mechanism, with the numbers it ships with, and in a world in which all its numbers are lively. Every mechanism is: one
that stands in none of the lists below is compared in `base`, about the numbers it ships with, and all that it shows
must happen.
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
from mhsim.engine.event_kinds import kinds_of_modules
from mhsim.modules import optional
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, parameter_rows, with_values
from mhsim.scenario_io.loader import read_scenario

FORMS = {
    "advocate": "consumer_survivor",
    "disclose": "online_community",
    "federate": "federation",
    "kin": "families",
    "mandate": "secular_recovery",
    "programme": "secular_recovery",
    "repertoire": "disease_specific",
    "safeguard": "bereaved_parents",
    "services": "peer_specialist_service",
    "sponsor": "twelve_step",
    "stance": "value_practice",
    "steward": "mood_group",
    "support": "parents_of_disabled_children",
    "trouble": "two_troubles",
}
BY_FORM = ("programme", "repertoire", "stance", "support")
"""Those that are compared in a world of two forms, on in one of them or in both."""
TOGETHER = [name for name in optional() if name not in BY_FORM]
"""Those that are compared all on at once."""
LIVELY: dict[str, dict[str, Any]] = {
    "advocate": {"effort": 0.4, "voice": 0.02, "contact": 0.05, "insists": 0.03, "spreads": 0.1, "agency_gates": 3.0},
    "disclose": {
        "new_meetings": 6,
        "price_outside": 0.5,
        "invalidation": 0.6,
        "warmth": 0.7,
        "anonymity": 0.6,
        "open_door": 0.7,
        "peers_needed": 2,
        "at_peace": 0.2,
        "label": 0.6,
        "own_account": 0.6,
    },
    "federate": {"joined": 0.7, "listed": 0.6, "holds": 0.7, "exchange_per_year": 12.0, "dues": 3.0, "rigid": 1.0},
    "kin": {
        "relatives": 0.5,
        "proxies": 0.3,
        "matched_weeks": 40.0,
        "kin_strain": 0.1,
        "passes_on": 0.2,
        "family_groups": 0.5,
        "role_vacuum": 0.5,
    },
    "mandate": {"share": 0.5, "weeks": 10.0},
    "safeguard": {"required": 0.6, "anti_care": 0.8, "misconduct": 2.0, "accountability": 0.4, "untreated_risks": 3.0},
    "services": {
        "visits_per_year": 12.0,
        "capacity": 15.0,
        "refer": 0.5,
        "send_at": 0.5,
        "exchange": 0.5,
        "professionals": 0.3,
        "invited": 0.7,
        "posts": 4.0,
        "caseload": 3.0,
        "case_weeks": 8.0,
        "hire_per_year": 20.0,
        "post_left_per_year": 3.0,
        "standard": 0.4,
        "counsel": 0.1,
        "clinic": 0.5,
        "rub": 0.9,
    },
    "sponsor": {"veteran_weeks": 26.0, "greet": 0.8, "capacity": 1, "pledge": 2, "best_gap": 60.0, "lets_go": 0.6},
    "steward": {
        "fundraise": 0.5,
        "fee": 0.5,
        "office_weeks": 8.0,
        "office_after": 4.0,
        "say": 0.6,
        "ways_drift": 0.1,
        "nested_share": 0.5,
        "lends_below": 4.0,
        "office_gain": 0.05,
        "upholds": 0.05,
    },
    "trouble": {
        "share": 0.5,
        "appears_week": 4.0,
        "stigma": 0.6,
        "groups_for_it": 0.5,
        "spreads": 0.6,
        "crises": 3.0,
        "own_draws": 0.5,
    },
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
        "data_founds": 40.0,
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
    "found.split_at": 16.0,
    "found.split_hazard": 0.08,
    "found.found_per_year": 40.0,
    "found.enough_groups": 6,
    "close.low_at": 7.0,
    "close.low_per_year": 4.0,
    "close.transfer": 0.6,
}
SMALL: dict[str, Any] = {"weeks": 70, "start.groups": 2, "community.arrivals_per_week": 2.0}


HALF_WEEKS: dict[str, Any] = {"weeks_per_step": 0.5, "weeks": 40, "meetings_per_week": 2.0}
HAPPENS = {
    "advocate": ["acts", "norm", "practice"],
    "disclose": ["told", "ever_told", "told_new", "_relieved", "label"],
    "federate": ["belongs", "listed", "kept_open", "spread", "sent"],
    "kin": ["relative", "cannot_come", "matched", "family"],
    "mandate": ["sent", "owes"],
    "safeguard": ["trained", "offences", "wronged", "untreated", "scandal", "answered"],
    "services": ["visits", "case", "paid", "professional", "tension", "late"],
    "sponsor": ["sponsees", "contacts", "sought", "shaken", "greeted"],
    "steward": ["in_office", "visits_lent", "raised", "danger", "suits"],
    "trouble": ["second", "for_second"],
}
"""Columns that must not be 0 throughout, else a rule was not compared; of those of BY_FORM none shown may be equal."""
CRISES: dict[str, Any] = {"live.crisis_per_year": 4.0, "found.found_per_year": 10.0}
"""Besides what is busy, for mechanisms some of whose rules wait for a crisis of a member."""


def values_of(name: str, seed: int) -> dict[str, Any]:
    """Return a lively value of every number of a mechanism, elsewhere than it ships, and the switch on."""
    draws = random.Random(seed)
    values: dict[str, Any] = {f"{name}.enabled": True}
    for row in parameter_rows():
        section, _, leaf = row["path"].partition(".")
        if section == name and isinstance(row["default"], (int, float)) and not isinstance(row["default"], bool):
            about = LIVELY.get(name, {}).get(leaf, row["default"]) * draws.uniform(0.8, 1.2)
            about = round(about) if isinstance(row["default"], int) else about
            values[row["path"]] = min(row["high"], max(row["low"], about))
    return values


def lively(name: str, half: bool) -> Scenario:
    """Return a busy world in which every number of a mechanism is lively."""
    seed = 3 if half and name != "kin" else 2
    values = {**BUSY, **values_of(name, seed), "seed": seed}
    if name in BY_FORM:
        values |= CRISES
    if name == "kin":
        values["found.found_per_year"] = 52.0
    if name == "steward":
        values["steward.office"] = "fixed" if half else "rotating"
    if name == "trouble":
        values["trouble.open_to_all"] = not half
    return with_values(Scenario(), {**values, **(HALF_WEEKS if half else {})})


def parted_places(run: Run, twin: TwinModel) -> str:
    """Return in which shown columns of communities the last week of the series parts from the twin; empty if none."""
    assert run.series is not None
    wrong = []
    for name in twin.modules.found:
        for column in twin.communities[0].own.get(name, {}):
            shown = f"{name}_{column}_communities"
            if shown in run.series.column_names:
                last = float(run.series[shown].to_pylist()[-1])
                mean = sum(place.own[name][column] for place in twin.communities) / len(twin.communities)
                wrong += [] if same(column, last, mean) else [f"{shown}: engine {last!r}, twin {mean!r}"]
    return "\n".join(wrong)


def moved(twin: TwinModel, name: str) -> list[str]:
    """Return which columns of a mechanism are above 0 for anybody, any group or any community of a finished twin."""
    people = twin.gone + [person for place in twin.communities for person in place.everybody]
    things: list[Any] = [*people, *twin.groups, *twin.communities]
    own = [thing.own[name] for thing in things if name in thing.own]
    return sorted({column for each in own for column, value in each.items() if value})


def shown(name: str) -> list[str]:
    """Return the columns of a mechanism that tables show."""
    rule = optional()[name]
    return [column.shown for column in (*rule.people, *rule.groups, *rule.places) if column.shown]


def unmoved(twin: TwinModel, name: str) -> list[str]:
    """Return the columns of a mechanism that are the same for everybody, or every group, at the end."""
    people = twin.gone + [person for place in twin.communities for person in place.everybody]
    owns = [[thing.own[name] for thing in things if name in thing.own] for things in (people, twin.groups)]
    columns = [(own, column) for own in owns for column in own[0] if not column.startswith("_")]
    return [column for own, column in columns if len({each[column] for each in own}) == 1]


def run_both(scenario: Scenario, replicate: int = 0) -> tuple[TwinModel, str]:
    """Return the finished twin and where it parts from the engine."""
    run = simulate(scenario, replicate, record="story")
    twin = TwinModel(scenario, PhiloxDraws(scenario.seed, replicate))
    twin.run()
    return twin, "\n".join(filter(None, (compare(run, twin), parted_places(run, twin))))


@pytest.mark.parametrize("name", optional())
def test_engine_and_twin_agree_in_the_form_that_uses_it(name: str) -> None:
    """At the values that ship."""
    world = with_values(read_scenario(FORMS.get(name, "base")), {**SMALL, f"{name}.enabled": True})
    twin, parted = run_both(world, replicate=1)
    assert name in twin.modules.found, f"there is no twin of {name}: tests/verify/modules/{name}.py"
    assert not parted, parted


@pytest.mark.parametrize("half", [False, True], ids=["weeks", "half weeks"])
@pytest.mark.parametrize("name", optional())
def test_engine_and_twin_agree_where_its_numbers_are_lively(name: str, half: bool) -> None:
    """Groups split, begin and close meanwhile; steps of weeks, and of half weeks."""
    twin, parted = run_both(lively(name, half), replicate=2)
    assert not parted, parted
    assert any(group.parent >= 0 for group in twin.groups)
    assert any(group.status == CLOSED for group in twin.groups)
    assert any(group.founded == twin.opening and group.founders for group in twin.groups) or name != "kin"
    asked = HAPPENS.get(name, [] if name in BY_FORM else shown(name))
    missing = [column for column in asked if column not in moved(twin, name)]
    missing += unmoved(twin, name) if name in BY_FORM else []
    written = {kind for _, kind, *_ in twin.events or []}
    missing += [kind for kind in kinds_of_modules() if kind.startswith(f"{name}_") and kind not in written]
    assert not missing, f"did not happen, so was not compared: {missing}; LIVELY may give {name} other values"


@pytest.mark.parametrize("half", [False, True], ids=["weeks", "half weeks"])
def test_engine_and_twin_agree_where_all_are_on(half: bool) -> None:
    """Mechanisms that know nothing of one another act in the order of their names after the same phase."""
    world = with_values(Scenario(), {})
    for name in TOGETHER:
        world = with_values(world, values_of(name, 5))
    world = with_values(world, {**BUSY, **(HALF_WEEKS if half else {})})
    twin, parted = run_both(world, replicate=3)
    assert not parted, parted
    assert set(TOGETHER) <= set(twin.modules.found)


def test_engine_and_twin_agree_where_forms_differ() -> None:
    """They act one after the other, by the numbers of each form, and not at all in a form in which they are off."""
    values: dict[str, Any] = {**BUSY, **CRISES, "weeks": 50, "community.count": 1}
    for name in BY_FORM:
        values |= {f"{name}.enabled": True, f"forms.lively.{name}.enabled": True}
        values |= {f"forms.lively.{name}.{leaf}": value for leaf, value in LIVELY[name].items()}
    values |= {f"forms.plain.{name}.enabled": True for name in ("programme", "repertoire")}
    own = {"start": {"members": 14, "helpers": 4}, "found": {"split_at": 14.0, "split_hazard": 0.1}}
    world = with_values(Scenario(forms={"plain": {"groups": 2, **own}, "lively": {"groups": 1, **own}}), values)
    twin, parted = run_both(world, replicate=3)
    assert not parted, parted
    assert {group.form for group in twin.groups} == {"plain", "lively"}
    assert any(group.parent >= 0 for group in twin.groups)

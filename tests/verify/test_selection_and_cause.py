"""Selection and cause are kept apart: a raw gap between people proves nothing, a paired difference does.

Each test lives through the same worlds twice. Who comes, stays and helps is selected by rules that do not look at the
outcome; what groups do is marked. So with all marks at zero raw gaps remain and the causal effect is exactly zero.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from mhsim import read_scenario
from mhsim.engine import run_world
from mhsim.modules import optional
from mhsim.scenario import marked, parameter_rows, with_values
from mhsim.schema import NEVER
from support import OUTCOMES, assert_mean, differing, everybody, lives

REPLICATES = range(20)
OPEN = {"start.run_in_weeks": 0, "arrive.uptake": 0.086, "community.arrivals_per_week": 3.0, "arrive.room": 100}
NO_GROUPS = {"start.groups": 0, "start.members": 0, "start.helpers": 0}
INERT = {"benefits": 0, "harms": 0}
READY = {"prepare.enabled": False, "serve.become_hazard": 0.3, "progress.threshold": 0.4}
"""Many helpers within two years."""


def arrivals(values: dict[str, object], replicate: int) -> np.ndarray:
    """Return everybody who came into need in two years; nobody among them is old enough to settle."""
    people = lives({**OPEN, **values}, replicate)
    return people[people["starter"] == 0]


def arrivals_at_home(section: str, values: dict[str, object]) -> np.ndarray:
    """Return the same in a form that ships with an optional mechanism."""
    here: dict[str, object] = {"weeks": 104, "community.arrivals_per_week": 4.0, f"{section}.enabled": True}
    world = with_values(read_scenario(HOMES.get(section, "base")), {**here, **values})
    people = everybody(run_world(world, 0, record="lives"))
    return people[people["starter"] == 0]


def gap(people: np.ndarray, group: np.ndarray, field: str) -> float:
    """Return the raw difference of a mean between a part of the people and the rest."""
    return float(people[field][group].mean() - people[field][~group].mean())


def test_joiners_start_worse_than_those_who_do_not_join() -> None:
    """Distress at arrival, before any group could act: it is higher among those who will join; nothing puts this in.

    Arrivals of the first year have at least a year to join. Severity stands for distress at arrival: it is drawn once,
    never changes and drives distress alone; no rule for coming reads it.
    """
    gaps = []
    for replicate in REPLICATES:
        people = arrivals(INERT, replicate)
        early = people[people["arrived"] < 52]
        gaps.append(gap(early, early["joined"] != NEVER, "severity"))
    gaps_array = np.array(gaps)
    assert gaps_array.mean() > 4 * gaps_array.std(ddof=1) / np.sqrt(len(gaps))


def test_the_gap_is_made_by_the_rule_and_not_put_in() -> None:
    """With nothing drawing the distressed the gap is gone: it came out of the rule (four standard errors)."""
    flat = {"arrive.distress_drives": 0.0, "arrive.seen_draws": 0.0, "arrive.motivation_drives": 0.0}
    flat |= {"arrive.barrier_keeps": 0.0, "arrive.shame_keeps": 0.0, "arrive.reliance_keeps": 0.0}
    flat |= {"arrive.referral_per_year": 0.0}
    gaps = []
    for replicate in REPLICATES:
        people = arrivals({**INERT, **flat}, replicate)
        early = people[people["arrived"] < 52]
        gaps.append(gap(early, early["joined"] != NEVER, "severity"))
    assert_mean(np.array(gaps), 0.0)


@pytest.mark.parametrize("replicate", range(6))
def test_without_benefits_and_harms_groups_change_nobodys_life(replicate: int) -> None:
    """Bit for bit: stage, hope, efficacy, distress, crises and snapshots of everybody, with groups and without."""
    with_groups, without = arrivals(INERT, replicate), arrivals({**INERT, **NO_GROUPS}, replicate)
    assert (with_groups["joined"] != NEVER).sum() > 20, "people do join"
    assert with_groups["help_received"].sum() > 20, "and are helped"
    assert len(with_groups) == len(without)
    assert not differing(with_groups, without) & {
        *OUTCOMES,
        "who",
        "coping",
        "shame",
        "identification",
        "isolation",
        "in_crisis",
    }


def test_without_benefits_closing_and_strife_change_nobodys_life() -> None:
    """The same where groups split, fight, break confidence and close, with every channel of help in use."""
    stormy = {
        "close.low_per_year": 20.0,
        "close.low_at": 8.0,
        "quarrel.conflict_per_year": 10.0,
        "breach.breach_per_year": 10.0,
    }
    stormy |= {"found.split_hazard": 0.5, "found.split_at": 10.0, "found.found_per_year": 5.0, "found.enough_groups": 3}
    stormy |= {
        "bond.sponsors": True,
        "serve.burnout_per_year": 1.0,
        "help.policy": "neediest",
        "help.unfit_advice": 1.0,
    }
    for replicate in range(3):
        with_groups = arrivals({**INERT, **stormy}, replicate)
        without = arrivals({**INERT, **stormy, **NO_GROUPS, "found.found_per_year": 0.0}, replicate)
        assert (with_groups["joined"] != NEVER).any()
        assert not differing(with_groups, without) & {*OUTCOMES, "who"}


OCCASIONS: dict[str, dict[str, object]] = {
    "close.loss_harm": {"start.groups": 4, "close.low_per_year": 2.0, "close.low_at": 100.0, "close.transfer": 0.0},
    "share.despair": {"start.kind": "founding", "start.helpers": 0, "serve.enabled": False, "work.enabled": False},
    "live.meaning_relief": {"help.benefit_to_helper": 1.0},
    "help.unfit_harm": {"help.unfit_advice": 1.0},
    "advocate.esteem": {"advocate.fights": 0.5},
    "disclose.label_weighs": {"disclose.label": 1.0},
    "services.bridge": {"services.hold_protects": 1.0, "live.crisis_per_year": 5.0},
    "safeguard.harm": {"safeguard.misconduct": 5.0},
    "safeguard.untreated_risks": {"safeguard.anti_care": 1.0, "safeguard.care_at": 0.0, "live.crisis_per_year": 5.0},
    "steward.office_gain": {"steward.office": "rotating", "steward.office_weeks": 1.0, **READY},
}
"""What a mark needs to have an occasion: groups that close, nobody ahead, meaning found, unfit advice."""
HOMES = {
    "advocate": "consumer_survivor",
    "disclose": "online_community",
    "federate": "federation",
    "kin": "families",
    "programme": "secular_recovery",
    "repertoire": "disease_specific",
    "safeguard": "bereaved_parents",
    "services": "peer_specialist_service",
    "sponsor": "twelve_step",
    "stance": "value_practice",
    "steward": "mood_group",
    "support": "parents_of_disabled_children",
}
"""A form that each optional mechanism ships in; elsewhere it may have no occasion."""
HIGHEST = {row["path"]: row["high"] for row in parameter_rows()}
"""What an optional mechanism is taken at that ships with a mark at 0."""


@pytest.mark.parametrize("path", marked("benefit") + marked("harm"))
def test_each_mark_alone_changes_somebodys_life(path: str) -> None:
    """A marked parameter that changed nothing would be no benefit or harm, and its zero would prove nothing."""
    section, name = path.split(".")
    values = {**INERT, **OCCASIONS.get(path, {})}
    live = partial(arrivals_at_home, section) if section in optional() else partial(arrivals, replicate=0)
    shipped = getattr(getattr(read_scenario(HOMES.get(section, "base")), section), name)
    with_mark, without = live({**values, path: shipped or HIGHEST[path]}), live({**values, path: 0.0})
    assert differing(with_mark, without) & {*OUTCOMES, "coping", "shame", "identification", "isolation"}


def test_with_the_defaults_groups_do_change_lives() -> None:
    """The comparison can fail: with benefits and harms as they are, those who join live another life."""
    with_groups, without = arrivals({}, 0), arrivals(NO_GROUPS, 0)
    joined = with_groups["joined"] != NEVER
    assert {"hope", "distress", "stage"} <= differing(with_groups, without, joined)


def test_with_the_defaults_those_who_never_come_near_a_group_are_not_changed() -> None:
    """Groups act on members and former members alone; there is no other path into a life."""
    with_groups, without = arrivals({}, 0), arrivals(NO_GROUPS, 0)
    never = (with_groups["joined"] == NEVER) & (with_groups["group"] < 0)
    assert never.sum() > 50
    assert not differing(with_groups, without, never) & set(OUTCOMES)


def test_helpers_look_better_where_helping_does_nothing() -> None:
    """The raw gap in efficacy of helpers over other members stays with no benefits; the paired effect is zero."""
    gaps, effects = [], []
    for replicate in range(40):
        inert, alone = arrivals({**INERT, **READY}, replicate), arrivals({**INERT, **READY, **NO_GROUPS}, replicate)
        joined, helper = inert["joined"] != NEVER, inert["first_helper"] != NEVER
        if helper.any():
            gaps.append(inert["self_efficacy"][helper].mean() - inert["self_efficacy"][joined & ~helper].mean())
            effects.append(np.abs(inert["self_efficacy"][helper] - alone["self_efficacy"][helper]).max())
    gaps_array = np.array(gaps)
    assert len(gaps) >= 20
    assert gaps_array.mean() > 4 * gaps_array.std(ddof=1) / np.sqrt(len(gaps)), "selection alone makes the gap"
    assert max(effects) == 0.0, "and the effect is exactly nothing"


def test_helping_has_an_effect_where_it_is_given_one() -> None:
    """Benefit to the helper turned on raises the efficacy of helpers over their own life without it."""
    effects = []
    for replicate in range(10):
        helped = arrivals({**INERT, **READY, "help.benefit_to_helper": 5.0}, replicate)
        inert = arrivals({**INERT, **READY}, replicate)
        both = (helped["first_helper"] != NEVER) & (inert["first_helper"] != NEVER) & (inert["help_given"] > 5)
        effects += (helped["self_efficacy"] - inert["self_efficacy"])[both].tolist()
    assert len(effects) > 20
    assert np.mean(effects) > 4 * np.std(effects, ddof=1) / np.sqrt(len(effects))

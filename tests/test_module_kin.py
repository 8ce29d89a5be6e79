"""Kin: relatives in need, what they carry and pass on, and groups of their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from mhsim import read_scenario, simulate
from mhsim.scenario import with_values
from support import assert_rises

PAIRS = 12


@cache
def _lives(values: tuple[tuple[str, Any], ...], number: int) -> tuple[pd.DataFrame, ...]:
    scenario = with_values(read_scenario("families", {"weeks": 208}), dict(values))
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda k: simulate(scenario, k, record="lives").lives.to_pandas(), range(number))
        return tuple(lives[~lives["starter"]] for lives in found)


def lives(number: int = PAIRS, **values: Any) -> tuple[pd.DataFrame, ...]:
    """Return everybody who came into need in four years of a town of families, for each history."""
    return _lives(tuple((name.replace("__", "."), value) for name, value in values.items()), number)


def test_where_nobody_is_a_relative_nothing_differs() -> None:
    """On and neutral, a module must leave everybody as they are."""
    off = _summaries({"kin.enabled": False})
    neutral = {"kin.relatives": 0.0, "kin.proxies": 0.0, "kin.family_groups": 0.0, "kin.role_vacuum": 0.0}
    assert _summaries(neutral) == off
    assert _summaries({}) != off


def _summaries(values: dict[str, Any]) -> list[dict[str, Any]]:
    scenario = with_values(read_scenario("families", {"weeks": 104}), values)
    found = [simulate(scenario, k).summary for k in range(2)]
    return [{name: value for name, value in summary.items() if not name.startswith("kin_")} for summary in found]


def test_relatives_are_matched_one_to_one() -> None:
    """As many others as relatives are matched, and nearly every relative of a town with others is."""
    for people in lives(3):
        ours = people[people["kin_matched"]]
        assert ours["kin_relative"].sum() == (~ours["kin_relative"]).sum()
        assert people[people["kin_relative"]]["kin_matched"].mean() > 0.9
        assert not (people["kin_relative"] & people["kin_cannot_come"]).any()


def test_who_cannot_come_never_comes() -> None:
    """Those at home are never at a meeting; others are."""
    for people in lives(3):
        assert people[people["kin_cannot_come"]]["joined_week"].isna().all()
        assert people[~people["kin_cannot_come"]]["joined_week"].notna().any()


def test_another_s_distress_is_carried() -> None:
    """Relatives are more distressed for what they carry, by nature: groups or not."""
    for groups in (0, 4):
        light = lives(start__groups=groups, kin__kin_strain=0.0)
        heavy = lives(start__groups=groups)
        assert_rises(*([p[p["kin_relative"]]["distress_at_52"].mean() for p in each] for each in (light, heavy)))


def test_groups_reach_those_who_never_came_through_kin() -> None:
    """Relatives who are helped give more support at home, and pass on what they learnt to who cannot come."""

    def at_home(people: tuple[pd.DataFrame, ...], column: str, whom: str) -> list[float]:
        return [p[p[whom] & p["kin_matched"] & ~p["kin_relative"]][column].mean() for p in people]

    without, with_groups = lives(start__groups=0), lives()
    assert_rises(at_home(without, "coping", "kin_cannot_come"), at_home(with_groups, "coping", "kin_cannot_come"))
    assert_rises(at_home(without, "kin_support", "kin_matched"), at_home(with_groups, "kin_support", "kin_matched"))
    silent = lives(kin__passes_on=0.0)
    assert_rises(at_home(silent, "coping", "kin_cannot_come"), at_home(with_groups, "coping", "kin_cannot_come"))


def test_groups_of_their_own_keep_relatives_and_others_apart() -> None:
    """Hardly any group has both kinds then; only where all of one kind have closed do the others take them in."""

    def mixed(people: pd.DataFrame) -> float:
        shares = people[people["group"] >= 0].groupby("group")["kin_relative"].mean()
        return float(((shares > 0) & (shares < 1)).mean())

    apart, together = [mixed(p) for p in lives()], [mixed(p) for p in lives(kin__family_groups=0.0)]
    assert_rises(apart, together)
    assert np.median(apart) == 0.0


def test_where_there_is_no_role_to_step_into_people_are_longer_in_impact() -> None:
    """A role vacuum: nobody outside says what it is, so fewer reach recoil within a year."""

    def in_recoil(people: tuple[pd.DataFrame, ...]) -> list[float]:
        return [(p["stage_at_52"].dropna() != "impact").mean() for p in people]

    assert_rises(in_recoil(lives(kin__role_vacuum=0.8)), in_recoil(lives()))

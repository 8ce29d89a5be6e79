"""A second trouble: who may come where, what it costs to be in another position, and how the recipe spreads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from mhsim import read_scenario, simulate
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from support import assert_rises, core_measures

PAIRS = 16


@cache
def _histories(values: tuple[tuple[str, Any], ...], number: int) -> tuple[Run, ...]:
    scenario = with_values(read_scenario("two_troubles", {"weeks": 260}), dict(values))
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(lambda k: simulate(scenario, k, record="lives"), range(number)))


def histories(number: int = PAIRS, **values: Any) -> tuple[Run, ...]:
    """Return five years of a town with two troubles."""
    return _histories(tuple((name.replace("__", "."), value) for name, value in values.items()), number)


def people(run: Run) -> pd.DataFrame:
    """Return everybody who came into need since the world began."""
    lives = run.lives.to_pandas()
    return lives[~lives["starter"]]


def test_without_a_second_trouble_nothing_differs() -> None:
    """On and neutral, a module must leave everybody as they are."""
    neutral = histories(2, trouble__share=0.0, trouble__groups_for_it=0.0, trouble__spreads=0.0)
    off = histories(2, trouble__enabled=False)
    assert [core_measures(run) for run in neutral] == [core_measures(run) for run in off]
    assert [run.summary for run in histories(2)] != [run.summary for run in off]


def test_only_those_in_the_same_position_come() -> None:
    """Whoever is in a group that was there at the opening has the trouble it is for; where all are open, not so."""

    def strangers(run: Run) -> float:
        lives, groups = people(run), run.groups.to_pandas().set_index("group")
        opened = lives[lives["group"].isin(groups.index[groups["founded_week"] == 0]) & (lives["group"] >= 0)]
        return float((opened["trouble_second"] != opened["group"].map(groups["trouble_for_second"])).mean())

    apart, mixed = (
        [strangers(run) for run in histories()],
        [strangers(run) for run in histories(trouble__open_to_all=True)],
    )
    assert np.median(apart) == 0.0
    assert_rises(apart, mixed)


def test_more_comes_of_a_group_of_people_in_the_same_position() -> None:
    """Entry by a common concern: joiners gain more than where every group takes anybody."""
    mixed, apart = histories(trouble__open_to_all=True), histories()
    assert_rises(*([run.summary["efficacy_at_52_joiners"] for run in each] for each in (mixed, apart)))  # type: ignore[misc]


def test_troubles_differ_by_nature_whether_there_are_groups_or_not() -> None:
    """Lasting course, crises and shame belong to the trouble: they are there without any group."""
    plain = {"trouble__stigma": 0.0, "trouble__lasting": 0.0, "trouble__crises": 1.0}
    for name, column in (("stigma", "shame_baseline"), ("lasting", "distress"), ("crises", "crises")):
        value = {f"trouble__{name}": {"stigma": 0.5, "lasting": 1.0, "crises": 3.0}[name]}
        less, more = histories(start__groups=0, **plain), histories(start__groups=0, **(plain | value))
        found = [[people(r).query("trouble_second")[column].mean() for r in each] for each in (less, more)]
        assert_rises(*found)


def test_a_trouble_that_comes_up_late_is_not_there_before() -> None:
    """A trouble that was unknown: nobody who came into need before that week has it."""
    for run in histories(3, trouble__appears_week=104.0):
        lives = people(run)
        assert not lives[lives["arrived_week"] < 104]["trouble_second"].any()
        assert lives[lives["arrived_week"] >= 104]["trouble_second"].mean() > 0.2


def test_the_recipe_spreads_with_those_who_split_off() -> None:
    """Where no group is for the second trouble, only splits that carry the recipe over open a door."""
    closed = {
        "trouble__groups_for_it": 0.0,
        "found__found_per_year": 0.0,
        "found__split_at": 16.0,
        "found__split_hazard": 0.05,
    }
    stays, spreads = histories(trouble__spreads=0.0, **closed), histories(trouble__spreads=0.5, **closed)
    came = [
        [people(r).query("trouble_second")["joined_week"].notna().mean() for r in each] for each in (stays, spreads)
    ]
    assert max(came[0]) == 0.0
    assert_rises(*came)


def test_people_of_a_culture_find_their_own_groups_and_gain_by_it() -> None:
    """With the same trouble and all doors open, whose group it is decides where most go, and more comes of it there."""
    world = with_values(read_scenario("cultural_groups"), {"weeks": 156})
    own, hope = [], []
    for draws in (0.0, world.trouble.own_draws):  # type: ignore[attr-defined]
        runs = [simulate(with_values(world, {"trouble.own_draws": draws}), k, record="lives") for k in range(PAIRS)]
        hope.append([float(run.summary["hope_at_52_joiners"]) for run in runs])  # type: ignore[arg-type]
        own.append([_among_their_own(run) for run in runs])
    assert_rises(*own)
    assert_rises(*hope)


def _among_their_own(run: Run) -> float:
    came = people(run)
    came = came[came["last_group"] >= 0]
    groups = run.groups.to_pandas().set_index("group")["trouble_for_second"]
    return float((came["trouble_second"] == came["last_group"].map(groups)).mean())

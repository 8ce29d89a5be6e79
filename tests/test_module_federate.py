"""Federation: a body that hands on how it is done, a clearing house, and a fellowship that had neither."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

import support
from mhsim import read_scenario, simulate
from mhsim.engine import run_world
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from mhsim.schema import DROPPED_OUT, NEVER
from support import assert_rises, core_measures

PAIRS = 16
FAR = 1.6
"""Distance from the middle of the profiles beyond which a quarter of the people are."""


@cache
def _histories(form: str, values: tuple[tuple[str, Any], ...], number: int) -> tuple[Run, ...]:
    scenario = with_values(read_scenario(form, {"weeks": 260}), dict(values))
    with ThreadPoolExecutor(2) as pool:
        return tuple(pool.map(lambda k: simulate(scenario, k, record="lives"), range(number)))


def histories(form: str, number: int = PAIRS, **values: Any) -> tuple[Run, ...]:
    """Return histories of five years of a world."""
    return _histories(form, tuple((name.replace("__", "."), value) for name, value in values.items()), number)


def series(runs: tuple[Run, ...], column: str) -> np.ndarray:
    """Return the mean of a column over the weeks, for each history."""
    return np.array([np.nanmean(np.array(run.series.column(column).to_pylist(), float)) for run in runs])


def measure(runs: tuple[Run, ...], name: str) -> np.ndarray:
    """Return a measure of each history."""
    return np.array([float(run.summary[name] or 0.0) for run in runs])


def everybody(form: str, values: dict[str, Any], number: int = PAIRS) -> list[np.ndarray]:
    """Return everybody who ever lived in each history."""
    scenario = with_values(read_scenario(form, {"weeks": 260}), values)
    return [support.everybody(run_world(scenario, k, record="lives")) for k in range(number)]


def test_where_no_group_belongs_or_is_listed_nothing_differs() -> None:
    """On and neutral, a module must leave everybody as they are."""
    off = histories("federation", 3, federate__enabled=False)
    neutral = histories("federation", 3, federate__joined=0.0, federate__listed=0.0)
    assert [core_measures(run) for run in off] == [core_measures(run) for run in neutral]


def test_guidelines_make_groups_alike_in_know_how() -> None:
    """A body that says how it is done: new groups start with what the others know."""
    loose, strict = histories("federation", federate__guideline=0.0), histories("federation")
    assert_rises(series(strict, "federate_spread_communities"), series(loose, "federate_spread_communities"))
    assert_rises(series(loose, "federate_held_communities"), series(strict, "federate_held_communities"))


def test_guidelines_suit_those_who_are_like_most() -> None:
    """The price of doing it by the book: people far from the middle drop out more than those near it."""

    def apart(rigid: float) -> np.ndarray:
        found = []
        for people in everybody("federation", {"federate.rigid": rigid}):
            came = people[(people["joined"] != NEVER) & (people["starter"] == 0)]
            away = np.hypot(came["profile_x"], came["profile_y"]) > FAR
            left = came["last_reason"] == DROPPED_OUT
            found.append(left[away].mean() - left[~away].mean())
        return np.array(found)

    assert_rises(apart(0.0), apart(1.5))


def test_groups_that_visit_one_another_know_more() -> None:
    """Loose federation: what the best group knows spreads slowly."""
    alone, visiting = histories("federation", federate__exchange_per_year=0.0), histories("federation")
    assert_rises(series(alone, "federate_held_communities"), series(visiting, "federate_held_communities"))


def test_a_clearing_house_brings_people_and_groups() -> None:
    """It tells people of groups, helps founders and keeps young groups open."""
    without, listed = histories("clearing_house", federate__enabled=False), histories("clearing_house")
    assert_rises(measure(without, "first_visits"), measure(listed, "first_visits"))
    assert_rises(measure(without, "groups_ever"), measure(listed, "groups_ever"))
    assert_rises(series(histories("clearing_house", federate__holds=0.0), "open_groups"), series(listed, "open_groups"))


def test_who_is_sent_where_it_fits_is_among_people_alike() -> None:
    """Sent to the most fitting group: who came meets people more like themselves than by own choice."""

    def near(sends: float) -> np.ndarray:
        found = []
        for people in everybody("clearing_house", {"federate.sends": sends}, 2 * PAIRS):
            there = people[(people["group"] >= 0) & (people["starter"] == 0)]
            away = [np.ptp(there["profile_x"][there["group"] == g]) for g in np.unique(there["group"])]
            found.append(-np.mean(away))
        return np.array(found)

    assert_rises(near(0.0), near(1.0))


def test_a_fellowship_without_succession_rises_and_falls() -> None:
    """What configs/washingtonians.yaml says of itself, and that keeping learners prevents it."""

    def open_groups(**values: Any) -> np.ndarray:
        runs = histories("washingtonians", 8, weeks=364, **values)
        return np.mean([run.series.column("open_groups").to_pylist() for run in runs], axis=0)

    falls = open_groups()
    stays = open_groups(prepare__enabled=True, prepare__successors=2, serve__become_hazard=0.05)
    assert falls.max() > 1.5 * falls[0]
    assert falls[-1] < 0.4 * falls.max()
    assert stays[-1] > 0.7 * stays.max()


def test_off_it_is_no_part_of_a_scenario() -> None:
    """Nobody else pays for it."""
    assert not Scenario().federate.enabled

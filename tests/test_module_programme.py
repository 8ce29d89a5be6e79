"""Programme: a set path protects and costs talk, spirit draws and puts off, strictness drives out, venting eases."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.programme import Programme
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

PAIRS, WEEKS = 14, 130
MORE = {"community.arrivals_per_week": 6, "start.groups": 4}
"""The same form in a larger town: more people in each history."""


@cache
def _lived(values: tuple[tuple[str, Any], ...], record: str) -> list[Run]:
    world = with_values(read_scenario("secular_recovery"), {"weeks": WEEKS, **MORE, **dict(values)})
    return [simulate(world, replicate, record=record) for replicate in range(PAIRS)]


def lived(values: dict[str, Any] | None = None, record: str = "series") -> list[Run]:
    """Return histories of the form as it ships, but for some values."""
    return _lived(tuple((values or {}).items()), record)


def shown(found: list[Run], column: str) -> np.ndarray:
    """Return a column of the series of each history, its mean over the weeks."""
    return np.array([np.nanmean(run.series[column].to_numpy()) for run in found])  # type: ignore[index]


def came_and_stayed(found: list[Run], low: float, high: float) -> np.ndarray:
    """Return how many meetings people came to, of all who came into need and whose ideas suit from low to high."""
    totals = []
    for run in found:
        assert run.lives is not None
        fit, meetings = (run.lives[name].to_numpy() for name in ("belief_fit", "meetings"))
        arrived = run.lives["starter"].to_numpy() == 0
        totals.append(meetings[arrived & (fit >= low) & (fit < high)].sum())
    return np.array(totals)


def test_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    off = lived({"programme.enabled": False})
    still = lived({f"programme.{name}": value for name, value in Programme.neutral.items()})
    assert [core_measures(run) for run in off] == [core_measures(run) for run in still]
    assert [run.summary for run in off] != [run.summary for run in lived()]


def test_without_marked_benefit_and_harm_nobody_is_better_or_worse_for_it() -> None:
    """Whatever it does to people for good or ill is marked, so that a world in which groups do nothing can be asked."""
    world = with_values(
        read_scenario("secular_recovery", {"benefits": 0, "harms": 0}),
        {"weeks": WEEKS} | {"programme.spirituality": 0.5, "programme.venting": 0.5, "programme.strictness": 0.5},
    )
    on, off = (simulate(with_values(world, {"programme.enabled": yes}), 1).summary for yes in (True, False))
    assert on["first_visits"] != off["first_visits"]
    for name in ("hope_at_52", "efficacy_at_52", "distress_at_52", "accommodated_at_52"):
        assert on[name] == pytest.approx(off[name], abs=1e-12)


def test_direction_a_set_path_keeps_crises_off_and_leaves_less_talk() -> None:
    """Steps give direction, loose talk gives the hope of hearing others: both are claimed, and each has its price."""
    loose, structured = lived({"programme.structure": 0.0}), lived()
    assert_rises(shown(loose, "programme_path_members"), shown(structured, "programme_path_members"))
    unheld = lived({"programme.path_protects": 0.0})
    assert_rises(measure(structured, "crises_per_person_year"), measure(unheld, "crises_per_person_year"))
    assert_rises(shown(structured, "hope_members"), shown(loose, "hope_members"))


def test_direction_a_higher_power_draws_whom_it_suits_and_puts_off_others() -> None:
    """The spiritual element must not help or harm all alike: else the form has no public of its own."""
    secular, spiritual = lived(record="lives"), lived({"programme.spirituality": 0.8}, record="lives")
    assert_rises(came_and_stayed(spiritual, 0.0, 0.5), came_and_stayed(secular, 0.0, 0.5))
    assert_rises(came_and_stayed(secular, 0.75, 1.1), came_and_stayed(spiritual, 0.75, 1.1))


def test_direction_strictness_leads_further_and_drives_out() -> None:
    """Where all are to go the whole path, those with own goals leave; those who stay get further."""
    free, strict = lived({"programme.strictness": 0.0}), lived({"programme.strictness": 0.8})
    assert_rises(measure(strict, "retention_at_26"), measure(free, "retention_at_26"))
    assert_rises(shown(free, "programme_path_members"), shown(strict, "programme_path_members"))


def test_direction_venting_eases_now_and_teaches_less() -> None:
    """A group works towards coping and not only to let off steam: the one must not come with the other for nothing."""
    working, venting = lived({"programme.venting": 0.0}), lived({"programme.venting": 0.8})
    assert_rises(shown(venting, "distress_members"), shown(working, "distress_members"))
    assert_rises(measure(venting, "efficacy_at_52_joiners"), measure(working, "efficacy_at_52_joiners"))


def test_direction_reading_anew_shields_and_the_older_sway_the_newer() -> None:
    """What is learnt by hearing others must show in the week outside, and in how fast the newer walk."""
    shipped = lived()
    assert_rises(shown(shipped, "distress_members"), shown(lived({"programme.reread": 0.0}), "distress_members"))
    unswayed = lived({"programme.sway": 0.0})
    assert_rises(shown(unswayed, "programme_path_members"), shown(shipped, "programme_path_members"))


def test_direction_what_one_cannot_hold_alone_is_held_together() -> None:
    """Ties, group and (where there is one) a higher power take over what self-reliance leaves."""
    alone = lived({"programme.together": 0.0})
    assert_rises(measure(lived(), "crises_per_person_year"), measure(alone, "crises_per_person_year"))


def test_somebody_who_never_came_gets_nothing_from_it() -> None:
    """A programme works through the group: the path, the goal and new readings of strangers to it stay as they were."""
    for run in lived(record="lives")[:3]:
        assert run.lives is not None
        never = np.isnan(run.lives["joined_week"].to_numpy(zero_copy_only=False).astype(float))
        never &= run.lives["last_group"].to_numpy() < 0
        assert never.any()
        assert (run.lives["programme_path"].to_numpy()[never] == 0.0).all()
        assert (run.lives["programme_reading"].to_numpy()[never] == 0.0).all()

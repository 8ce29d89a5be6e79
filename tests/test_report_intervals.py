"""Intervals: known values, pairs that agree, missing runs, one run, and no finding from chance alone."""

import numpy as np
import pytest

from mhsim.report.intervals import mean_of, mean_over, paired, share_of, wilson
from mhsim.report.survival import curve, lifetime

LUCK = np.random.default_rng(1)


def test_wilson_interval_has_its_published_values() -> None:
    """Wilson interval has its published values."""
    found = wilson(81, 263)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-4)
    assert wilson(0, 20).low == 0.0
    assert wilson(20, 20).high == 1.0
    assert not wilson(0, 0).known


def test_missing_runs_are_not_zeros() -> None:
    """Missing runs are not zeros."""
    found = share_of(np.array([1.0, np.nan, 1.0, np.nan]))
    assert (found.value, found.cases) == (1.0, 2)
    assert mean_of(np.array([2.0, np.nan, 4.0])).value == 3.0
    assert np.isnan(mean_over(np.full((2, 3), np.nan))).all()


def test_pairs_that_all_agree_still_leave_room_for_chance() -> None:
    """Pairs that all agree still leave room for chance."""
    same, gone = paired(np.array([[0.0] * 30, [-1.0] * 30]), most=1.0)
    assert (same.low, same.high, same.clear, same.identical) == (-0.1, 0.1, False, True)
    assert (gone.low, gone.high, gone.falls) == (-1.0, -0.9, True)


def test_one_pair_or_none_shows_nothing() -> None:
    """One pair or none shows nothing."""
    one = paired(np.array([[-1.0]]), most=1.0)[0]
    assert (one.low, one.high, one.clear) == (-1.0, 1.0, False)
    assert np.isnan(mean_of(np.array([3.0])).low)
    assert not paired(np.full((1, 20), np.nan))[0].known
    assert paired(np.empty((0, 20))) == []


def test_a_long_table_of_chance_is_seldom_clear() -> None:
    """A long table of chance is seldom clear."""
    tables = [LUCK.choice([-1.0, 0.0, 1.0], size=(10, 60), p=[0.2, 0.6, 0.2]) for _ in range(60)]
    wrong = sum(any(found.clear for found in paired(table, most=1.0)) for table in tables)
    assert wrong <= 9


def test_an_interval_covers_the_mean_of_pairs_about_as_often_as_it_says() -> None:
    """An interval covers the mean of pairs about as often as it says."""
    held = 0
    for _ in range(100):
        found = mean_of(LUCK.normal(0.3, 1.0, 60))
        held += found.low <= 0.3 <= found.high
    assert held >= 86


def test_the_curve_is_the_share_still_open_and_its_band_has_width() -> None:
    """The curve is the share still open and its band has width."""
    weeks, closed = np.array([10.0, 20, 520, 520, np.nan]), np.array([1.0, 1, 0, 0, np.nan])
    found = curve(weeks, closed)
    assert found is not None
    assert found.share[-1] == pytest.approx(0.5)
    assert found.cases == 4
    everybody = curve(np.full(30, 520.0), np.zeros(30))
    assert everybody is not None
    assert everybody.low[-1] == pytest.approx(wilson(30, 30).low)
    nobody = curve(np.full(30, 5.0), np.ones(30))
    assert nobody is not None
    assert nobody.high[-1] == pytest.approx(wilson(0, 30).high)
    assert curve(np.array([np.nan]), np.array([np.nan])) is None


def test_a_lifetime_counts_the_living_up_to_the_horizon() -> None:
    """A lifetime counts the living up to the horizon."""
    found = lifetime(np.array([100.0, 200, 520, 520]), np.array([1.0, 1, 0, 0]), 520)
    assert found is not None
    assert found.mean.value == pytest.approx((100 + 200 + 520 + 520) / 4)
    alive = lifetime(np.full(20, 520.0), np.zeros(20), 520)
    assert alive is not None
    assert np.isinf(alive.half)
    assert lifetime(np.array([np.nan]), np.array([np.nan]), 520) is None

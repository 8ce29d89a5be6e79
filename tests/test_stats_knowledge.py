"""The spread over draws: known where draws and chance are known, untouched by chance, and the same by two ways."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from mhsim.stats import Estimate, counts, over_draws, spread_of_resamples, spread_over_draws, totals

SLOPE, SPREAD, COMMON, OWN, REPLICATES = 3.0, 0.5, 2.0, 4.0, 8
"""A linear world: how an outcome follows a value, the s.d. of that over draws, and of chance common to all and own."""


def world(seed: int, draws: int = 200, missing: float = 0.0) -> np.ndarray:
    """Return the outcome of each draw and replicate; all draws of a replicate share part of their chance."""
    luck = np.random.default_rng(seed)
    values = SPREAD * luck.normal(size=(draws, 1))
    chance = COMMON * luck.normal(size=(1, REPLICATES)) + OWN * luck.normal(size=(draws, REPLICATES))
    rows = 7.0 + SLOPE * values + chance
    rows[luck.random(rows.shape) < missing] = np.nan
    return rows


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_the_range_is_that_of_what_is_not_known(missing: float) -> None:
    """A linear outcome of values with known spread has a known range: 2 x 1.96 x slope x s.d., without chance.

    Over 60 worlds of 200 draws the mean ratio has a standard error of about 0.015, so 0.06 is passed by chance in fewer
    than 1 of 1,000. Left in, chance would make the ratio 1.4 and more.
    """
    expected = 2 * norm.ppf(0.975) * SLOPE * SPREAD
    found = [spread_over_draws(world(seed, missing=missing)) for seed in range(60)]
    assert np.mean([one.high - one.low for one in found]) / expected == pytest.approx(1.0, abs=0.06)
    raw = [np.ptp(np.quantile(np.nanmean(world(seed, missing=missing), axis=1), (0.025, 0.975))) for seed in range(60)]
    assert np.mean(raw) / expected > 1.3
    noise = OWN**2 / REPLICATES
    assert np.mean([one.chance for one in found]) >= noise / (noise + (SLOPE * SPREAD) ** 2) - 0.03


def test_it_is_the_variance_component_of_a_crossed_design() -> None:
    """Where nothing is missing the estimate must be that of the books: mean squares of draws less residuals."""
    rows = world(3, draws=12)
    mean, residual = rows.mean(axis=1), rows - rows.mean(axis=1, keepdims=True) - rows.mean(axis=0) + rows.mean()
    squares = (residual**2).sum() / (11 * (REPLICATES - 1)) / REPLICATES
    found = spread_over_draws(rows)
    assert found.chance == pytest.approx(squares / mean.var(ddof=1))
    assert found.error == pytest.approx(np.sqrt(squares))


def test_what_chance_does_to_all_draws_alike_is_no_spread() -> None:
    """Draws that change nothing have the same runs, however these differ among themselves."""
    alike = np.tile(np.random.default_rng(1).normal(size=REPLICATES), (30, 1))
    found = spread_over_draws(alike)
    assert found.low == pytest.approx(found.high)
    shifted = spread_over_draws(alike + np.linspace(-1.0, 1.0, 30)[:, None])
    assert shifted.chance == pytest.approx(0.0, abs=1e-12)
    assert (shifted.low - alike.mean(), shifted.high - alike.mean()) == pytest.approx((-0.98, 0.98), abs=0.03)


def test_nothing_is_claimed_where_chance_cannot_be_told_apart() -> None:
    """One replicate, or one draw, shows a number but no spread of knowledge."""
    assert spread_over_draws(world(1)[:, :1]) is None
    assert spread_over_draws(world(1)[:1]) is None
    assert spread_over_draws(np.full((5, 3), np.nan)) is None
    plain = Estimate(1.0, 0.5, 1.5, 8)
    assert over_draws([plain], []) == [plain]
    turned = over_draws([plain], [[row] for row in world(2)])[0].scaled(-2.0).knowledge
    straight = spread_over_draws(world(2))
    assert (turned.low, turned.high) == pytest.approx((-2 * straight.high, -2 * straight.low))


def test_resamples_tell_the_same_as_the_formula() -> None:
    """For a mean both ways must agree: 2,000 resamples leave some hundredths of the width."""
    rows = world(5)
    cases, sums = totals(rows, counts(REPLICATES))
    found, formula = spread_of_resamples((sums / cases).T), spread_over_draws(rows)
    assert found.high - found.low == pytest.approx(formula.high - formula.low, rel=0.1)

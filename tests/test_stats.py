"""The statistics of replicates against SciPy, lifelines, exact enumeration and simulation."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaln

import mhsim
from mhsim import stats
from mhsim.stats.intervals import wilson

NAN = float("nan")


def luck(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


# ---------------------------------------------------------------------------------------------- shares and means


@pytest.mark.parametrize(("count", "cases"), [(0, 1), (0, 30), (7, 30), (30, 30), (512, 1000)])
def test_a_share_has_wilsons_interval(count: int, cases: int) -> None:
    """SciPy's binomial test gives the same interval."""
    from scipy.stats import binomtest

    wanted = binomtest(count, cases).proportion_ci(method="wilson")
    found = stats.proportion(count, cases)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)
    assert stats.share(np.array([1.0] * count + [0.0] * (cases - count))).low == pytest.approx(found.low)


def test_a_mean_has_students_interval_and_leaves_out_what_is_missing() -> None:
    from scipy.stats import sem, t

    values = luck(1).normal(5.0, 2.0, 30)
    low, high = t.interval(0.95, 29, loc=values.mean(), scale=sem(values))
    found = stats.mean(np.append(values, NAN))
    assert (found.value, found.low, found.high, found.cases) == pytest.approx((values.mean(), low, high, 30))


def test_an_interval_of_what_is_never_negative_ends_at_zero() -> None:
    assert stats.mean(np.array([0.0, 0.0, 9.0])).low == 0.0


def test_what_is_not_known_is_not_told() -> None:
    assert not stats.mean(np.array([NAN])).known
    assert not stats.proportion(0, 0).known
    assert np.isnan(stats.mean(np.array([3.0])).low)
    assert stats.UNKNOWN.verdict == "nothing"


def test_runs_of_one_seed_are_not_independent_cases() -> None:
    """Eight points under the same hundred seeds that end alike are worth a hundred runs, not eight hundred."""
    one = (luck(2).random(100) < 0.86).astype(float)
    alone, eight = stats.share(one), stats.share(np.tile(one, (8, 1)))
    assert (eight.value, eight.low, eight.high) == pytest.approx((alone.value, alone.low, alone.high))
    unlike = stats.share((luck(3).random((8, 100)) < 0.86).astype(float))
    assert unlike.high - unlike.low < 0.5 * (alone.high - alone.low)


def test_the_mean_of_several_points_counts_each_replicate_once() -> None:
    one = luck(4).normal(size=40)
    alone, twice = stats.mean(one), stats.mean(np.array([one, one]))
    assert (twice.low, twice.high, twice.cases) == pytest.approx((alone.low, alone.high, 40))


# ------------------------------------------------------------------------------------------- paired differences


def pairs_of(ups: int, downs: int, cases: int) -> np.ndarray:
    return np.array([1.0] * ups + [-1.0] * downs + [0.0] * (cases - ups - downs))


def test_paired_shares_have_the_interval_of_bonett_and_price() -> None:
    """The example of Fagerland, Lydersen and Laake 2014 (airways before and after a transplantation): 1 and 7 of 21."""
    found = stats.paired_difference(pairs_of(1, 7, 21), yes_no=True)
    assert (found.value, found.low, found.high) == pytest.approx((-6 / 21, -0.508, -0.013), abs=6e-4)


def covered(cases: int, up: float, down: float) -> float:
    """Return the exact chance that the interval holds the true difference, over all tables of so many pairs."""
    total = 0.0
    for ups in range(cases + 1):
        for downs in range(cases + 1 - ups):
            rest = cases - ups - downs
            chance = gammaln(cases + 1) - gammaln(ups + 1) - gammaln(downs + 1) - gammaln(rest + 1)
            chance += ups * np.log(up) + downs * np.log(down) + rest * np.log(1 - up - down)
            found = stats.paired_difference(pairs_of(ups, downs, cases), yes_no=True)
            total += np.exp(chance) * (found.low - 1e-12 <= up - down <= found.high + 1e-12)
    return total


@pytest.mark.parametrize("cases", [10, 30])
@pytest.mark.parametrize("differ", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("share", [0.5, 0.75, 0.97])
def test_intervals_of_paired_shares_cover_also_where_few_pairs_differ(cases: int, differ: float, share: float) -> None:
    """A percentile interval covers only 88 of 100 here."""
    assert covered(cases, differ * share, differ * (1 - share)) > 0.94


def test_paired_numbers_have_students_interval_and_p_value() -> None:
    from scipy.stats import ttest_1samp

    row = luck(5).normal(0.4, 1.0, 30)
    test = ttest_1samp(row, 0.0)
    found, ends = stats.paired_difference(row), test.confidence_interval(0.95)
    assert (found.p, found.low, found.high) == pytest.approx((test.pvalue, ends.low, ends.high))


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (pairs_of(9, 0, 9), "too few"),
        (pairs_of(0, 0, 5), "identical"),
        (pairs_of(5, 0, 30), "clear"),
        (pairs_of(4, 0, 30), "unclear"),
        (pairs_of(7, 1, 30), "clear"),
        (pairs_of(6, 1, 30), "unclear"),
        (np.array([NAN, NAN]), "nothing"),
    ],
)
def test_the_verdict_says_why(row: np.ndarray, verdict: str) -> None:
    """Of one difference the verdict is whether its interval leaves out zero, from ten pairs on."""
    found = stats.paired_difference(row, yes_no=True)
    assert found.verdict == verdict
    assert verdict in stats.WHY
    if found.cases >= 10:
        assert found.clear == (not found.low <= 0.0 <= found.high)


def test_a_row_that_never_differs_changes_no_verdict() -> None:
    row = pairs_of(5, 0, 30)
    together = stats.paired_differences(np.array([row, 0 * row]), yes_no=True)
    assert [one.verdict for one in together] == ["clear", "identical"]
    assert together[0] == stats.paired_difference(row, yes_no=True)


def test_equal_rows_are_one_comparison_and_many_unlike_ones_are_judged_together() -> None:
    """The largest of a hundred rows without effect is hardly ever called clear; alone it would be most of the time."""
    row = luck(6).normal(0.5, 1.0, 30)
    alone, twice = stats.paired_difference(row), stats.paired_differences(np.array([row, row]))[0]
    assert twice.p_together == pytest.approx(alone.p, abs=0.01)
    false, alone_false = 0, 0
    for trial in range(100):
        rows = luck(100 + trial).normal(size=(20, 30))
        found = stats.paired_differences(rows)
        false += any(one.clear for one in found)
        alone_false += any(one.p < 0.05 for one in found)
    assert false <= 10
    assert alone_false > 40


def test_a_clear_row_stays_clear_among_many() -> None:
    rows = luck(7).normal(size=(50, 100))
    rows[3] += 1.0
    found = stats.paired_differences(rows)
    assert [k for k, one in enumerate(found) if one.clear] == [3]
    assert found[3].p < 1e-6 < found[3].p_together < 1e-3, "2,000 turns of signs cannot show less"


def test_scale_order_and_number_of_pairs_do_not_matter() -> None:
    """Rows of unlike units are judged together; with very many pairs signs are turned in blocks."""
    rows = luck(8).normal(0.2, 1.0, (6, 80))
    found = [one.verdict for one in stats.paired_differences(rows)]
    scaled = stats.paired_differences(rows[::-1] * np.array([[1e6], [1], [1e-3], [5], [1], [2]]))
    assert [one.verdict for one in scaled[::-1]] == found
    many = stats.paired_differences(luck(9).normal([[0.0], [0.2]], 1.0, (2, 5000)))
    assert [one.clear for one in many] == [False, True]


def test_it_is_quick_enough_while_a_slider_moves() -> None:
    """A few measures of a hundred replicates take milliseconds, a table of three hundred rows not a second."""
    few, many = luck(10).normal(size=(10, 100)), luck(11).normal(size=(300, 100))
    stats.paired_differences(few)
    begun = time.process_time()
    for _ in range(20):
        stats.paired_differences(few)
    assert (time.process_time() - begun) / 20 < 0.05
    begun = time.process_time()
    stats.paired_differences(many)
    assert time.process_time() - begun < 2.0


# ------------------------------------------------------------------------------------------------------ survival


def lives(seed: int, cases: int = 120) -> tuple[np.ndarray, np.ndarray, list[str | None]]:
    """Return groups with ties, late entries into sight lost early, and two reasons."""
    draws = luck(seed)
    ends, lost = np.ceil(draws.exponential(60, cases)), np.ceil(draws.uniform(5, 120, cases))
    closed = (ends <= lost).astype(float)
    names = np.where(draws.random(cases) < 0.6, "conflict", "too few")
    reasons = [str(name) if end else None for name, end in zip(names, closed, strict=True)]
    return np.minimum(ends, lost), closed, reasons


def test_kaplan_meier_is_that_of_lifelines() -> None:
    """The share, and the band from lifelines' own variance (Greenwood's)."""
    from lifelines import KaplanMeierFitter

    weeks, closed, _ = lives(1)
    fitted = KaplanMeierFitter().fit(weeks, closed)
    curve = stats.kaplan_meier(weeks, closed)
    assert curve is not None
    assert np.allclose(curve.weeks, fitted.survival_function_.index)
    assert np.allclose(curve.value, fitted.survival_function_.iloc[:, 0])
    variance = curve.value**2 * fitted._cumulative_sq_.to_numpy()
    inner = (curve.value > 0) & (curve.value < 1)
    worth = (curve.value * (1 - curve.value))[inner] / variance[inner]
    low, high = wilson(curve.value[inner], worth)
    assert np.allclose(curve.low[inner], low)
    assert np.allclose(curve.high[inner], high)
    assert stats.median_time(curve).value == fitted.median_survival_time_


def test_aalen_johansen_is_that_of_lifelines() -> None:
    """The share and the variance by the delta method; lifelines moves ties apart, so none are left in."""
    from lifelines import AalenJohansenFitter

    weeks, _, reasons = lives(2)
    weeks = weeks + np.arange(len(weeks)) / 1000
    kinds = np.array([{"conflict": 1, "too few": 2, None: 0}[reason] for reason in reasons])
    fitted = AalenJohansenFitter(calculate_variance=True).fit(weeks, kinds, event_of_interest=1)
    curve = stats.aalen_johansen(weeks, reasons, "conflict")
    assert curve is not None
    wanted, variance = fitted.cumulative_density_.iloc[:, 0].to_numpy(), fitted.variance_.to_numpy().ravel()
    assert np.allclose(curve.value, wanted)
    inner = wanted > 0
    low, high = wilson(wanted[inner], (wanted * (1 - wanted))[inner] / variance[inner])
    assert np.allclose(curve.low[inner], low, atol=2e-3)
    assert np.allclose(curve.high[inner], high, atol=2e-3)


def test_without_loss_from_sight_curves_are_plain_shares() -> None:
    """A curve at the end of all runs, and the share alive then, are one number with one interval."""
    weeks = np.minimum(np.ceil(luck(3).exponential(100, 60)), 104.0)
    closed = (weeks < 104).astype(float)
    curve = stats.kaplan_meier(weeks, closed)
    assert curve is not None
    for week in (0.0, 26.0, 104.0):
        plain, there = stats.share(((weeks > week) | (closed == 0)).astype(float)), curve.at(week)
        assert (there.value, there.low, there.high) == pytest.approx((plain.value, plain.low, plain.high))
    reason = stats.aalen_johansen(weeks, ["any" if end else None for end in closed], "any")
    assert reason is not None
    assert np.allclose(reason.low, 1 - curve.high)


def test_copies_of_a_run_make_no_band_narrower() -> None:
    """Eight points that share a hundred seeds and end alike have the band of a hundred runs."""
    weeks, closed, reasons = lives(4, 100)
    seeds = np.tile(np.arange(100), 8)
    once, again = stats.kaplan_meier(weeks, closed), stats.kaplan_meier(np.tile(weeks, 8), np.tile(closed, 8), seeds)
    assert once is not None
    assert again is not None
    assert np.allclose(once.low, again.low)
    assert np.allclose(once.high, again.high)
    one = stats.aalen_johansen(weeks, reasons, "conflict")
    eight = stats.aalen_johansen(np.tile(weeks, 8), reasons * 8, "conflict", seeds)
    assert one is not None
    assert eight is not None
    assert np.allclose(one.low, eight.low)
    assert np.allclose(one.high, eight.high)
    apart = stats.kaplan_meier(np.tile(weeks, 8), np.tile(closed, 8))
    assert apart is not None
    assert np.mean(apart.high - apart.low) < 0.45 * np.mean(once.high - once.low)
    mean, means = (
        stats.restricted_mean(weeks, closed, 52),
        stats.restricted_mean(np.tile(weeks, 8), np.tile(closed, 8), 52, seeds),
    )
    assert (means.value, means.low, means.high) == pytest.approx((mean.value, mean.low, mean.high))


def test_bands_by_seed_are_those_of_resampled_seeds() -> None:
    """Seeds drawn again and again at random, each with all of its runs, spread the curve as its variance says."""
    draws = luck(5)
    place = np.repeat(draws.exponential(80, 60), 5)
    weeks = np.minimum(np.ceil(place * draws.uniform(0.5, 1.5, 300)), 104.0)
    closed = (weeks < 104).astype(float)
    seeds = np.repeat(np.arange(60), 5)
    curve = stats.kaplan_meier(weeks, closed, seeds)
    assert curve is not None
    alive = ((weeks > 52) | (closed == 0)).reshape(60, 5).sum(axis=1)
    drawn = stats.counts(60)[1:] @ alive / 300
    there = curve.at(52)
    assert there.high - there.low == pytest.approx(2 * 1.96 * drawn.std(), rel=0.06)


def test_a_curve_has_a_width_where_nothing_or_everything_has_closed() -> None:
    curve = stats.kaplan_meier(np.array([5.0] * 20), np.ones(20))
    assert curve is not None
    assert (curve.value[0], curve.low[0]) == pytest.approx((1.0, stats.proportion(20, 20).low))
    assert (curve.value[-1], curve.high[-1]) == pytest.approx((0.0, stats.proportion(0, 20).high))


@pytest.mark.filterwarnings("ignore:The maximum number of subdivisions")
def test_restricted_mean_is_that_of_lifelines() -> None:
    """The area under the curve; its variance is the sum over closings of the area left, squared (Greenwood's)."""
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    weeks, closed, _ = lives(6)
    wanted = restricted_mean_survival_time(KaplanMeierFitter().fit(weeks, closed), t=60)
    found, curve = stats.restricted_mean(weeks, closed, 60), stats.kaplan_meier(weeks, closed)
    assert curve is not None
    assert found.value == pytest.approx(wanted, rel=1e-3)
    inside = curve.weeks < 60
    spans = np.diff(np.append(curve.weeks[inside], 60.0)) * curve.value[inside]
    closing = np.array([((weeks == week) & (closed == 1)).sum() for week in curve.weeks[inside]])
    risk = curve.at_risk[inside]
    variance = (np.cumsum(spans[::-1])[::-1] ** 2 * closing / (risk * (risk - closing))).sum()
    assert found.high - found.value == pytest.approx(stats.student(119) * np.sqrt(variance * 120 / 119))


def test_restricted_mean_without_loss_is_the_mean_of_cut_times() -> None:
    weeks = np.ceil(luck(7).exponential(60, 40))
    found, cut = stats.restricted_mean(weeks, np.ones(40), 52), stats.mean(np.minimum(weeks, 52.0))
    assert (found.value, found.low, found.high) == pytest.approx((cut.value, cut.low, cut.high))


def test_half_that_is_never_reached_is_infinite_and_nobody_gives_no_curve() -> None:
    curve = stats.kaplan_meier(np.array([10.0, 20.0, 30.0]), np.array([1.0, 0.0, 0.0]))
    assert curve is not None
    assert np.isinf(stats.median_time(curve).value)
    assert stats.kaplan_meier(np.array([NAN]), np.array([1.0])) is None
    assert stats.followed(np.array([10.0, 52.0, 104.0]), np.array([1.0, 0.0, 0.0])) == 52.0


def test_weighted_cases_are_worth_what_they_are_together() -> None:
    """Forty cases that are worth ten together must not look four times as sure."""
    half = stats.proportion(2.5, 10.0).half_width
    assert half > stats.proportion(10, 40).half_width
    assert stats.proportion(2.0, 10.0) == stats.proportion(2, 10)


def test_evenness_is_scipys_chi_square() -> None:
    from scipy.stats import chisquare

    for counts in ([10, 10, 10], [3, 19, 8, 30], [0, 0, 40]):
        assert stats.evenness(np.array(counts)) == pytest.approx(chisquare(counts).pvalue)


# ----------------------------------------------------------------------------------------------------- resampling


def test_resampled_means_agree_with_scipys_bootstrap() -> None:
    from scipy.stats import bootstrap

    row = luck(12).exponential(size=50)
    drawn = stats.resampled_means(row[None, :])[1:, 0]
    wanted = bootstrap((row,), np.mean, n_resamples=4000, method="percentile", rng=luck(1)).confidence_interval
    assert stats.percentiles(drawn) == pytest.approx((wanted.low, wanted.high), rel=0.05)
    assert stats.resampled_means(row[None, :])[0, 0] == pytest.approx(row.mean())


# ------------------------------------------------------------------------------------------------- one room for it

OWN_STATISTICS = (
    r"1\.9599|\b1\.96\b|multinomial\(|\[0\.025, 0\.975\]|NormalDist|binomtest|ttest"
    r"|scipy\.stats import (?!qmc|multivariate_t|spearmanr)|import lifelines|from lifelines"
)
"""What an interval or a test of one's own is made of."""


def test_no_other_room_has_intervals_of_its_own() -> None:
    """Five rooms once had, and contradicted one another; what makes samples, or ranks, is no interval."""
    root = Path(mhsim.__file__).parent
    files = [path for path in root.rglob("*.py") if "stats" not in path.relative_to(root).parts]
    found = [
        (path.name, match.group()) for path in files for match in re.finditer(OWN_STATISTICS, path.read_text("utf-8"))
    ]
    assert len(files) > 100
    assert found == []
    assert re.search(OWN_STATISTICS, (root / "stats" / "bootstrap.py").read_text("utf-8")), "the pattern finds some"


def test_an_interval_of_ratios_may_be_infinite() -> None:
    """Ratios over nothing are no missing cases: left out, they would make an interval look narrow."""
    drawn = np.concatenate([np.linspace(1.0, 2.0, 90), np.full(10, np.inf), [np.nan]])
    low, high = stats.percentiles(drawn)
    assert 1.0 <= low < 1.1
    assert high == np.inf
    assert stats.percentiles(drawn[:90]) == pytest.approx(tuple(np.quantile(drawn[:90], [0.025, 0.975])))

"""What is said in words follows from the numbers: falls, no fall, all die, none die, help, harm, nothing to say."""

from typing import Any

import numpy as np
import pytest

from mhsim.report.formatting import GROUPS, duration, joined, plain, signed, trimmed, years
from mhsim.report.turnover.contrasts import RuleShare, contrast, contrast_words, share_words, time_words
from mhsim.report.turnover.falls import fall_of, steepness, verdict
from mhsim.report.turnover.people import MEASURES, by_fate_within, change_words, fate_words
from mhsim.stats import Estimate

RATES = (0.0, 0.2, 1.0, 4.0)
FATES = (np.arange(100) * 37 % 100 + 0.5) / 100


def alive(*chances: float) -> Any:
    """Return who is alive at each rate: the same hundred fates, other chances."""
    return np.array([chance > FATES for chance in chances], dtype=float)


def said(*chances: float) -> str:
    """Return the verdict on chances at each rate, with plain spaces."""
    return verdict(fall_of(RATES, alive(*chances))).replace("\u00a0", " ")


def test_a_fall_with_one_large_step_is_placed() -> None:
    """A fall with one large step is placed."""
    text = said(0.95, 0.9, 0.3, 0.2)
    assert text.startswith("Survival falls from the lowest to the highest turnover, by 75 of 100 groups")
    assert "The largest step is between 20 % and 100 % a year, by 60 of 100 groups" in text


def test_a_fall_with_two_like_steps_is_not_placed_for_certain() -> None:
    """A fall with two like steps is not placed for certain."""
    text = said(0.98, 0.66, 0.34, 0.33)
    assert "its place is not certain" in text
    assert "somewhere between 0 % and 100 % a year" in text


def test_a_gradual_fall_is_nowhere_clearly_faster() -> None:
    """A gradual fall is nowhere clearly faster."""
    luck = np.random.default_rng(4)
    chances = np.linspace(0.85, 0.35, 12)
    fall = fall_of(tuple(np.arange(12.0)), (luck.random((12, 60)) < chances[:, None]).astype(float))
    assert fall is not None
    assert fall.overall.falls
    assert "No single step" in verdict(fall)


def test_a_fall_everywhere_is_said() -> None:
    """A fall everywhere is said."""
    assert "It falls clearly at every step." in said(0.99, 0.7, 0.4, 0.1)


def test_no_fall_is_allowed() -> None:
    """No fall is allowed."""
    assert said(0.6, 0.6, 0.6, 0.6).startswith("Survival does not fall with turnover: at most 3 of 100 groups")
    assert said(0.3, 0.4, 0.6, 0.7).startswith("Survival does not fall: it rises")
    luck = np.random.default_rng(5)
    text = verdict(fall_of(RATES, (luck.random((4, 40)) < 0.5).astype(float)))
    assert text.startswith("No clear fall")
    assert "cannot be ruled out" in text


def test_a_dip_that_recovers_is_no_fall_overall() -> None:
    """A dip that recovers is no fall overall."""
    assert "but not from the lowest to the highest turnover" in said(0.8, 0.8, 0.3, 0.8)


def test_all_die_none_die_one_run_no_run() -> None:
    """All die none die one run no run."""
    assert said(0, 0, 0, 0).startswith("No group was still meeting at the end at any rate")
    assert said(1, 1, 1, 1).startswith("Every group was still meeting at the end at every rate")
    assert verdict(fall_of(RATES, alive(1, 1, 0, 0)[:, :1])) == (
        "With one complete pair of runs nothing can be said about a change."
    )
    assert "not enough runs" in verdict(fall_of(RATES, np.full((4, 50), np.nan)))


def test_a_rate_without_runs_is_left_out() -> None:
    """A rate without runs is left out."""
    table = alive(0.95, 0.9, 0.3, 0.2)
    table[1] = np.nan
    fall = fall_of(RATES, table)
    assert fall is not None
    assert fall.rates == (0.0, 1.0, 4.0)


def test_the_steepest_step_for_the_same_turnover_may_be_another() -> None:
    """The steepest step for the same turnover may be another."""
    text = steepness(fall_of(RATES, alive(0.95, 0.65, 0.2, 0.15))).replace("\u00a0", " ")
    assert text.startswith(
        "Counted for the same amount of turnover it is steepest between 0 % and 20 % a year: 15.0 of"
    )


@pytest.mark.parametrize(
    ("with_it", "without", "words"),
    [
        ((0.9, 0.9, 0.9, 0.9), (0.9, 0.6, 0.5, 0.5), "lets more groups survive: over all rates"),
        ((0.9, 0.4, 0.3, 0.2), (0.9, 0.6, 0.5, 0.5), "lets fewer groups survive"),
        ((0.9, 0.6, 0.5, 0.5), (0.9, 0.6, 0.5, 0.5), "makes no difference to any group"),
        ((0.9, 0.3, 0.8, 0.5), (0.9, 0.6, 0.5, 0.5), "helps at some rates and harms at others"),
        ((0.9, 0.61, 0.5, 0.5), (0.9, 0.6, 0.5, 0.5), "makes no difference to survival that matters"),
    ],
)
def test_a_contrast_helps_harms_or_does_nothing(with_it: Any, without: Any, words: str) -> None:
    """A contrast helps harms or does nothing."""
    assert words in contrast_words(contrast(RATES, alive(*with_it), alive(*without)), "preparing successors")


def test_a_contrast_of_few_or_no_pairs_says_nothing() -> None:
    """A contrast of few or no pairs says nothing."""
    one, other = alive(0.9, 0.4, 0.3, 0.2)[:, :1], alive(0.9, 0.6, 0.5, 0.5)[:, :1]
    assert "nothing can be said" in contrast_words(contrast(RATES, one, other), "it")
    assert "no pairs of runs" in contrast_words(contrast(RATES, one * np.nan, other), "it")


FALL = Estimate(-0.8, -0.9, -0.7, 100, 0.0, 0.0)


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (RuleShare(Estimate(0, -0.1, 0.1, 100), FALL, FALL), "no fall for the rule to explain"),
        (
            RuleShare(
                FALL,
                Estimate(-0.4, -0.5, -0.3, 100, 0.0, 0.0),
                Estimate(-0.4, -0.5, -0.3, 100, 0.0, 0.0),
            ),
            "about 50 %",
        ),
        (RuleShare(FALL, FALL, Estimate(0, -0.03, 0.03, 100, identical=True)), "None of the fall by 80 of 100"),
        (RuleShare(FALL, FALL, Estimate(0.01, -0.03, 0.03, 100)), "Hardly any of the fall"),
        (RuleShare(FALL, FALL, Estimate(-0.1, -0.25, 0.05, 100)), "no clear part"),
        (RuleShare(FALL, FALL, Estimate(0.2, 0.1, 0.3, 100, 0.0, 0.0)), "even more without it"),
        (RuleShare(FALL, FALL, Estimate(np.nan, np.nan, np.nan, 0)), "too few pairs"),
    ],
)
def test_how_much_the_rule_carries(share: RuleShare, words: str) -> None:
    """How much the rule carries."""
    assert words in share_words(share)


def test_the_time_that_groups_last() -> None:
    """The time that groups last."""
    assert time_words(Estimate(-8, -10, -6, 50, 0.0, 0.0)) == "On average groups last 8 weeks (6 to 10) less long."
    assert time_words(Estimate(1, -2, 3, 50)) == (
        "How long groups last on average is not clearly different: this could be chance."
    )
    assert time_words(Estimate(0, 0, 0, 50, identical=True)) == "Groups last exactly as long."
    assert time_words(Estimate(5, 4, 6, 3)) == ""


def test_people_fare_worse_better_or_cannot_be_told() -> None:
    """People fare worse better or cannot be told."""
    living, distress = MEASURES[0], MEASURES[3]
    worse = Estimate(-0.1, -0.12, -0.08, 100, 0.0, 0.0)
    assert "clearly worse at 400" in change_words(4.0, living, [worse])
    assert "clearly better at 400" in change_words(4.0, distress, [worse])
    assert "slightly worse, clear but small" in change_words(
        4.0, living, [Estimate(-0.01, -0.012, -0.008, 100, 0.0, 0.0)]
    )
    assert "no clear difference" in change_words(4.0, living, [Estimate(-0.01, -0.03, 0.01, 100)])
    assert "no pair to compare" in change_words(4.0, living, [Estimate(np.nan, np.nan, np.nan, 0)])


def test_places_are_compared_within_the_same_settings_only() -> None:
    """Places are compared within the same settings only."""
    values = np.concatenate([np.full((1, 50), 0.2), np.full((1, 50), 0.8)])
    early = np.array([[True] * 40 + [False] * 10, [False] * 50])
    lived = np.array([[False] * 40 + [True] * 10, [True] * 50])
    found = by_fate_within(values, early, lived)
    assert found.difference.value == pytest.approx(0.0)
    assert not found.difference.clear
    assert "do not differ clearly" in fate_words(MEASURES[:1], [found])
    nothing = by_fate_within(values, early, early & False)
    assert "nothing can be compared" in fate_words(MEASURES[:1], [nothing])


def test_numbers_read_well() -> None:
    """Numbers read well."""
    assert [plain(-0.04), signed(0.4), signed(-2.6), plain(np.nan), trimmed(2.50)] == ["0.0", "0", "−3", "–", "2.5"]
    assert [duration(520), duration(52), duration(26), duration(130)] == [
        "ten years",
        "one year",
        "26 weeks",
        "2.5 years",
    ]
    assert years(np.inf, 520) == "over 10"
    assert GROUPS.size(Estimate(0.01, -0.02, 0.03, 9)) == "+1 of 100 groups (−2 to +3)"
    assert GROUPS.change(Estimate(-0.2, -0.3, -0.1, 90, 0.0, 0.0)) == "−20 (−30 to −10) clear"
    assert joined(["a", "b", "c"]) == "a, b and c"

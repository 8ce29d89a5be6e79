"""Published models beside this one: the twins against closed forms and published numbers."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mhsim import simulate, stats
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario, read_yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
FOLDER = ROOT / "experiments" / "docking"
sys.path.insert(0, str(FOLDER))
import contact  # noqa: E402
import docking_tables  # noqa: E402
import enthusiasm  # noqa: E402
import findings  # noqa: E402
import overload  # noqa: E402
import passage  # noqa: E402
import passage_rates  # noqa: E402
import twins  # noqa: E402


def equal_members(capacity: float = 50.0, **other: float) -> overload.Team:
    """Return a team whose members all can hold the same."""
    return replace(overload.Team(sigma=0.0), mean_capacity=capacity, **other)


def test_equal_members_settle_at_the_mean_field() -> None:
    """Nobody drops out, and tasks at hand are those at which as many are done as come."""
    at_hand: list[overload.Numbers] = []
    outcome = overload.live(equal_members(), 10, 1, at_hand)
    assert outcome.failed.max() == 0.0
    settled = float(np.mean(at_hand[500:]))
    assert settled == pytest.approx(overload.balance(equal_members()), rel=0.03)


def test_under_the_least_capacity_all_drop_out() -> None:
    """Four times what comes, over what is done, is the least that equal members need to keep up."""
    least = overload.least_capacity(overload.Team())
    assert least == pytest.approx(40.2, abs=0.01)
    assert overload.live(equal_members(0.9 * least), 5, 2).failed.min() == 1.0
    assert overload.live(equal_members(1.1 * least), 5, 3).failed.max() == 0.0
    assert np.isnan(overload.balance(equal_members(0.9 * least)))


def test_no_task_is_lost_but_those_done() -> None:
    """Where nothing is done, tasks at hand are those at first and those that came."""
    at_hand: list[overload.Numbers] = []
    overload.live(equal_members(500.0, pace=0.0, steps=40), 3, 4, at_hand)
    assert at_hand[-1] == pytest.approx(15.0 + 4.0)


def test_the_printed_run_could_be_one_of_ours() -> None:
    """The first steps of a published run of equal members, and the end of one at sigma 22 with one drop-out of 30."""
    for steps, printed in enumerate(overload.PRINTED_ENTROPY, 1):
        ours = overload.live(equal_members(steps=steps), 200, 5).entropy
        assert ours.min() < printed < ours.max(), steps
    outcome = overload.live(overload.Team(sigma=22.0), 40, 6)
    like_it = outcome.entropy[outcome.failed < 0.1]
    assert len(like_it) >= 3
    assert abs(overload.PRINTED_END - like_it.mean()) < 4 * like_it.std(ddof=1)


def test_unequal_capacities_bring_cascades() -> None:
    """The published direction: with more spread more teams collapse, and hardly any loses but a part."""
    even, uneven = (overload.live(overload.Team(sigma=sigma), 30, 7) for sigma in (5.0, 20.0))
    assert (even.failed == 1.0).mean() == 0.0
    assert (uneven.failed == 1.0).mean() > 0.3
    assert ((uneven.failed > 0.4) & (uneven.failed < 0.9)).mean() < 0.1


def test_the_published_growth_gives_the_published_reproduction() -> None:
    """Members of 48.94 % who become 53.43 %: a potential "just over 2", and about one real recruit an enthusiast."""
    potential = enthusiasm.implied(enthusiasm.BEFORE, enthusiasm.AFTER)
    assert potential == pytest.approx(2.05, abs=0.005)
    movement = enthusiasm.Movement(potential)
    assert movement.threshold == pytest.approx(1.958, abs=0.001)
    assert potential * movement.outside == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("brought", "active", "weeks"), [(2.0, 1.0, 1.0), (18.0, 0.1, 4.345), (6.0, 0.5, 3.0)])
def test_the_course_ends_where_the_closed_form_says(brought: float, active: float, weeks: float) -> None:
    """Integrated to the end, as much is left outside as the final size says."""
    first = enthusiasm.first_enthusiasts(enthusiasm.BEFORE, enthusiasm.AFTER, brought, active)
    movement = enthusiasm.Movement(brought, active, weeks, enthusiasts=abs(first))
    outside, enthusiasts, others = enthusiasm.course(movement, np.linspace(0.0, 3000.0, 301))
    assert outside[-1] == pytest.approx(enthusiasm.left_outside(movement), abs=1e-6)
    assert outside + enthusiasts + others == pytest.approx(1.0)


def test_a_movement_grows_above_its_threshold_alone() -> None:
    """Enthusiasts become more at once where R U > 1, and fewer where it is less."""
    for potential in (1.9, 2.02):
        movement = enthusiasm.Movement(potential)
        first, then = enthusiasm.course(movement, np.array([0.0, 1.0]))[1]
        assert (then > first) == (potential > movement.threshold)


def test_by_lot_a_movement_dies_out_as_often_as_the_closed_form_says() -> None:
    """In small numbers some movements that would grow on average die out; the rest end at the final size."""
    movement = enthusiasm.Movement(3.0, outside=0.9, enthusiasts=2 / 3000)
    brought = enthusiasm.lots(movement, 3000, 2, 400, 1)
    died = brought < 150
    expected = enthusiasm.dies_out(movement, 2)
    assert died.mean() == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / 400))
    assert brought[~died].mean() / 3000 == pytest.approx(0.9 - enthusiasm.left_outside(movement), rel=0.01)


def test_everybody_meeting_everybody_follows_the_mean_field() -> None:
    """People put anywhere in each step drink as the mean field says."""
    line = contact.Line(people=3000, everywhere=True, drinking=0.05, stopped=0.2, stops=0.05, relapses=0.03)
    found = contact.live(line, 40, 8, 1).mean(axis=0)
    assert found == pytest.approx(contact.mean_field(line, 40), abs=0.02)


def test_the_mean_field_is_logistic_in_small_steps() -> None:
    """Where contact is rare enough a step, the share who never drank falls along the closed form."""
    line = contact.Line(drinking=0.001, stopped=0.99)
    steps = np.arange(401.0)
    assert contact.mean_field(line, 400)[:, 0] == pytest.approx(contact.logistic(line, steps), rel=0.02)


@pytest.mark.parametrize("moves", [0.05, 0.8])
def test_contact_has_no_say_in_who_drinks_at_rest(moves: float) -> None:
    """For each drawn out one is drawn in: at rest the two biases decide, at any speed of mixing."""
    line = contact.Line(moves=moves, drinking=0.5, stopped=0.5, stops=0.06, relapses=0.03)
    rest = contact.live(line, 500, 10, 2)[:, 150:].mean(axis=(0, 1))
    assert rest[contact.STOPPED] / rest[contact.DRINKS] == pytest.approx(2.0, rel=0.05)


def test_mixing_speeds_up_beginning_until_it_saturates() -> None:
    """The published direction: faster mixing converts faster, and beyond some speed no faster."""
    line = contact.Line(people=1000, drinking=0.02)
    slow, middle, fast, faster = (
        1 / contact.half_time(contact.live(replace(line, moves=moves), 100, 20, 3)).mean()
        for moves in (0.05, 0.3, 0.7, 0.9)
    )
    assert middle / slow > 1.4
    assert faster / fast == pytest.approx(1.0, abs=0.05)


def histories(world: Scenario, runs: int, record: str = "runs") -> list[Run]:
    """Return so many histories of a world; the same replicates of two worlds share their chance events."""
    return [simulate(world, replicate=k, record=record) for k in range(runs)]


def measure_of(runs: list[Run], measure: str) -> stats.Numbers:
    """Return a measure run by run; NaN where it has no case."""
    return np.array([run.summary[measure] for run in runs], dtype=float)


def pairs(lower: Scenario, higher: Scenario, measure: str, runs: int) -> stats.Estimate:
    """Return by how much a measure is higher in the second world, in the same histories."""
    rows = [measure_of(histories(world, runs), measure) for world in (lower, higher)]
    return stats.paired_difference(rows[1] - rows[0])


def one_place(**other: float) -> Scenario:
    """Return the world beside the mean field: one group that closes for want of people alone."""
    plain = {
        "community.place_sd": 0.0,
        "found.enabled": False,
        "close.needless_per_year": 0.0,
        "close.broke_per_year": 0.0,
    }
    return read_scenario("base", {"weeks": 520, **plain, **other})


def test_helpers_of_unequal_capacity_burn_out_more_in_mhsim_too() -> None:
    """The direction of the overload model, at the same mean of the time that people can give."""
    wide = {
        "traits.spare_time_sd": 1.5,
        "work.hours": 1.104,
        "help.capacity_people": 1.104,
        "help.strain_per_help": 0.0598,
    }
    equal = dict(zip(wide, (0.0, 3.399, 3.399, 0.01942), strict=True))
    worlds = [read_scenario(str(FOLDER / "overloaded.yaml"), {"weeks": 260, **values}) for values in (equal, wide)]
    assert pairs(worlds[0], worlds[1], "burnouts_per_helper_year", 40).low > 0.5


def test_meeting_more_often_helps_and_only_through_what_is_marked_as_help() -> None:
    """Contact draws out in mhsim; with benefits and harms at zero nobody finds the way sooner or later for it."""
    seldom, often = (read_scenario("base", {"weeks": 130, "meetings_per_week": pace}) for pace in (1.0, 7.0))
    assert pairs(seldom, often, "accommodated_at_52_joiners", 60).low > 0
    nothing = {"weeks": 130, "benefits": 0, "harms": 0}
    seldom, often = (read_scenario("base", {**nothing, "meetings_per_week": pace}) for pace in (1.0, 7.0))
    assert pairs(seldom, often, "accommodated_at_52", 10).identical


def test_a_group_that_lives_by_invitation_needs_enough_of_it() -> None:
    """Far under the threshold nobody is left after ten years; far above it the group grows."""
    alone = read_yaml(FOLDER / "enthusiasm.yaml").data["set"]
    few, many = (
        measure_of(histories(world, 15), "members_in_world_at_end").mean()
        for world in (
            read_scenario("base", {**alone, "weeks": 520, "arrive.invite_per_year": rate}) for rate in (0.1, 2.0)
        )
    )
    assert few < 8 < 32 < many


def test_the_mean_field_loses_nobody() -> None:
    """Whoever comes into need is somewhere, or has gone."""
    world = one_place()
    rates = passage_rates.measured(histories(world, 5, "lives"))
    state = np.array([40.0, 4.0, 9.0, 3.0, 20.0, 1.0])
    change = passage.change(state, 0.5, world, rates)
    assert change[:5].sum() == pytest.approx(0.5 - rates.gone * 40.0 - rates.settled * 20.0)


def test_beside_the_mean_field_groups_close_by_chance() -> None:
    """Members agree where rates were measured; at twice the threshold the mean field lives and many groups do not."""
    world = one_place()
    rates = passage_rates.measured(histories(world, 30, "lives"))
    weeks = np.arange(521.0)
    usual = passage.course(0.5, world, rates, weeks)[1:4, -1].sum()
    members = measure_of(histories(world, 40), "members_at_end")
    assert usual == pytest.approx(members[members > 0].mean(), rel=0.25)
    least = passage.threshold(world, rates)
    assert 0.1 < least < 0.25
    alive = measure_of(histories(one_place(**{"community.arrivals_per_week": 2 * least}), 60), "alive_at_end")
    assert stats.share(alive).high < 0.97 < passage.course(2 * least, world, rates, weeks)[5, -1]


@pytest.fixture(scope="module")
def told() -> list[findings.Finding]:
    """Return what docs/docking.csv tells."""
    return findings.read_findings(DOCS / "docking.csv")


def one(told: list[findings.Finding], model: str, what: str, at: float) -> findings.Finding:
    """Return the finding of this name."""
    return next(row for row in told if (row.model, row.what) == (model, what) and row.at == pytest.approx(at, rel=1e-4))


def test_the_page_says_what_was_found(told: list[findings.Finding]) -> None:
    """Numbers of the page are written by `make docking` and never by hand, and each of its figures is there."""
    page = (DOCS / "docking.md").read_text(encoding="utf-8")
    assert page == docking_tables.filled(page, told)
    assert all(f"<!-- begin {name} -->" in page for name in docking_tables.PARTS)
    for name in ("overload", "enthusiasm", "contact", "passage"):
        assert f"docking/{name}.svg" in page and (DOCS / "docking" / f"{name}.svg").is_file()


def test_every_published_number_is_met(told: list[findings.Finding]) -> None:
    """What stands beside a published number or a closed form meets it within the uncertainty of both."""
    beside = [row for row in told if row.published]
    assert {row.model for row in beside} == {"overload", "enthusiasm", "contact"}
    assert [row.what for row in beside if not row.agrees] == []


def test_exact_findings_are_those_of_today(told: list[findings.Finding]) -> None:
    """What holds no chance is the same when worked out again."""
    again = [row for row in twins.of_enthusiasm(10) if row.low == row.high]
    assert len(again) > 60
    for row in again:
        kept = next(
            k
            for k in told
            if (k.model, k.what) == (row.model, row.what) and (k.at == pytest.approx(row.at, nan_ok=True))
        )
        assert kept.value == pytest.approx(row.value, rel=1e-4, abs=1e-6), row.what


def test_chance_findings_are_those_of_today(told: list[findings.Finding]) -> None:
    """Few runs of today lie where docs/docking.csv says that many do."""
    sigma = float(overload.SIGMAS[40])
    outcome = overload.live(overload.Team(sigma=sigma), 40, 11)
    collapse = one(told, "overload curve", "all drop out", sigma)
    assert (
        stats.share((outcome.failed > 0.99).astype(float)).low
        < collapse.value
        < stats.share((outcome.failed > 0.99).astype(float)).high
    )
    world = one_place(**{"community.arrivals_per_week": 0.2})
    alive = stats.share(measure_of(histories(world, 60), "alive_at_end"))
    assert alive.low < one(told, "passage 1", "open", 0.2).value < alive.high

"""Closed forms: where the model is cut down to something with a known answer, the engine gives that answer.

Numbers from chance are held within four standard errors at a fixed seed (a right engine fails once in 16,000 seeds).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mhsim import ensemble, simulate
from mhsim.engine import Simulation, run_world
from mhsim.engine.world import World
from mhsim.outcomes.counts import living
from mhsim.random_streams import LUCK
from mhsim.scenario import Scenario, with_values
from mhsim.schema import ACCOMMODATION, HELPER, ORDINARY
from support import (
    SIGMAS,
    after,
    assert_count,
    assert_mean,
    case,
    differing,
    everybody,
    lives,
    measure,
    runs,
    scenario,
)

MECHANISMS = (
    "arrive",
    "attend",
    "share",
    "help",
    "bond",
    "live",
    "progress",
    "serve",
    "leave",
    "supervise",
    "quarrel",
    "breach",
    "bequeath",
    "govern",
    "found",
    "close",
    "work",
    "prepare",
)


def only(*names: str) -> dict[str, Any]:
    """Return values that switch every mechanism off but the named ones."""
    return {f"{name}.enabled": name in names for name in MECHANISMS}


NO_EXIT = {
    **{f"leave.{name}": 0.0 for name in ("moves_per_year", "settle_per_year", "drop_hazard", "once_hazard")},
    **{f"leave.{name}": 0.0 for name in ("graduate_hazard", "relapse_hazard")},
    "quarrel.conflict_hazard": 0.0,
}
NO_WEIGHTS = {
    f"leave.{name}": 0.0
    for name in ("belonging_holds", "commitment_holds", "unmet_drives", "fit_holds", "belief_holds")
}
UNWEIGHTED = {
    **{f"arrive.{name}": 0.0 for name in ("distress_drives", "seen_draws", "motivation_drives", "barrier_keeps")},
    **{f"arrive.{name}": 0.0 for name in ("shame_keeps", "reliance_keeps", "word_of_mouth", "referral_per_year")},
    **{"arrive.uptake": 10.0, "arrive.fade_weeks": 1000.0, "arrive.room": 100000, "arrive.return_hazard": 0.0},
}


def test_membership_under_a_constant_hazard_survives_geometrically() -> None:
    """With one hazard alone the roll of a closed cohort falls by the same share each week."""
    start = {"start.groups": 1, "start.members": 4000, "start.helpers": 0, "start.run_in_weeks": 0}
    values = {**only("leave"), **NO_EXIT, **start, "leave.moves_per_year": 0.05 * 52}
    run = simulate(scenario(values, weeks=80), 0, record="series")
    assert run.series is not None
    roll = run.series["members"].to_numpy()
    for week in (1, 5, 10, 20, 40, 79):
        survival = np.exp(-0.05 * week)
        assert abs(roll[week] - 4000 * survival) <= SIGMAS * np.sqrt(4000 * survival * (1 - survival)), week


def test_dropping_out_with_all_weights_at_zero_is_geometric_for_each_person() -> None:
    """With hope frozen each person's hazard is constant; the roll is the sum of everybody's own geometric survival."""
    start = {"start.groups": 1, "start.members": 3000, "start.helpers": 0, "start.run_in_weeks": 0}
    flat = {
        "leave.propensity_sd": 0.0,
        "leave.absent_drifts": 1.0,
        "leave.helper_stays": 1.0,
        "leave.drop_hazard": 0.06,
    }
    values = {**only("attend", "leave"), **NO_EXIT, **NO_WEIGHTS, **start, **flat}
    world = run_world(scenario(values, weeks=40), 1, record="lives")
    people = everybody(world)
    hazard = 0.06 * np.exp(-0.8 * (people["hope"] - 0.4))
    assert len(people) == 3000
    for week in (4, 13, 26, 39):
        still = (people["left_at"] < 0) | (people["left_at"] >= week)
        assert_count(still, np.exp(-hazard * week))


def test_half_weeks_leave_a_constant_hazard_as_it_is() -> None:
    """The same survival in half weeks: a hazard is per time, not per step."""
    start = {"start.groups": 1, "start.members": 4000, "start.helpers": 0, "start.run_in_weeks": 0}
    values = {**only("leave"), **NO_EXIT, **start, "leave.moves_per_year": 0.05 * 52, "weeks_per_step": 0.5}
    run = simulate(scenario(values, weeks=40), 0)
    assert_count(np.arange(4000) < int(run.summary["members_in_world_at_end"]), np.full(4000, np.exp(-0.05 * 40)))  # type: ignore[arg-type]


RATE, EXIT = 1.5, 0.05
QUEUE = {
    **only("arrive", "attend", "leave"),
    **NO_EXIT,
    **UNWEIGHTED,
    **{"start.groups": 1, "start.members": 0, "start.helpers": 0, "start.run_in_weeks": 0},
    **{"community.place_sd": 0.0, "community.arrivals_per_week": RATE, "leave.moves_per_year": EXIT * 52},
}
"""Poisson arrivals who all come at once and leave at one constant hazard: a queue with room for everybody."""


def test_the_roll_under_poisson_arrivals_and_constant_leaving_is_poisson() -> None:
    """Mean and variance over independent histories are both ``RATE * sum of exp(-EXIT j)``, j = 1 ... weeks."""
    weeks, number = 120, 500
    rolls = np.array(
        [float(r.summary["members_in_world_at_end"]) for r in ensemble(scenario(QUEUE, weeks=weeks), range(number))]
    )  # type: ignore[arg-type]
    mean = RATE * (1 - np.exp(-10.0)) * np.exp(-EXIT * np.arange(1, weeks + 1)).sum()
    assert abs(rolls.mean() - mean) <= SIGMAS * np.sqrt(mean / number)
    ratio = rolls.var(ddof=1) / mean
    assert abs(ratio - 1.0) <= SIGMAS * np.sqrt(2.0 / (number - 1) + 1.0 / (mean * number))


def test_littles_law_holds() -> None:
    """Mean roll = rate of entry x mean stay, each measured apart in one long history, and each what theory says."""
    weeks, warm = 2000, 200
    world = scenario(QUEUE, weeks=weeks)
    run = simulate(world, 3, record="series")
    people = everybody(run_world(world, 3, record="lives"))
    assert run.series is not None
    roll = run.series["members"].to_numpy()[warm:].mean()
    cohort = people[(people["joined"] >= warm) & (people["joined"] < weeks - 200)]
    stays = (cohort["left_at"] - cohort["joined"] + 1.0)[cohort["left_at"] >= 0]
    entries = len(cohort) / (weeks - 200 - warm)
    assert len(stays) >= len(cohort) - 2, "nearly all have left by the end"
    assert roll == pytest.approx(entries * stays.mean(), rel=0.03)
    assert_mean(stays, 1.0 / (1.0 - np.exp(-EXIT)))
    expected = RATE * np.exp(-EXIT)
    assert abs(entries - expected) <= SIGMAS * np.sqrt(expected / (weeks - 200 - warm))


def test_without_a_veteran_hope_is_gained_or_not_as_the_parameter_says() -> None:
    """Nobody is or gets accommodated: at `needs_veteran` 1 sharing changes nobody's hope, at 0 it raises some."""
    start = {"start.kind": "founding", "start.members": 12, "start.helpers": 0, "start.run_in_weeks": 20}
    values = {**only("arrive", "attend", "share", "bond"), **start, "share.despair": 0.0, "arrive.uptake": 0.05}
    for replicate in range(4):
        without = lives({**values, "share.enabled": False}, replicate, weeks=52)
        needed = lives({**values, "share.needs_veteran": 1.0}, replicate, weeks=52)
        helpful = lives({**values, "share.needs_veteran": 0.0}, replicate, weeks=52)
        assert not (needed["stage"] == ACCOMMODATION).any()
        assert needed["meetings"].sum() > 100
        assert "hope" not in differing(without, needed)
        assert len(helpful) == len(without)
        assert helpful["hope"].sum() > without["hope"].sum() + 0.1
        assert (helpful["hope"] >= without["hope"]).all()


def helpers_after(steps: int, people: int, become: float, turnover: float, seed: int) -> np.ndarray:
    """Return who is a helper after some steps in which only taking the role and turnover happen, all equally ready."""
    rng = np.random.default_rng(seed)
    state = case("serve", seed, people)
    p, g = state.people, state.groups
    p["stage"], p["role"], p["resting"], p["meetings"] = ACCOMMODATION, ORDINARY, 0, 100
    p["willingness"] = p["self_efficacy"] = p["belonging"] = 1.0
    p["strain"], p["leaving"], g["vacancies"][0] = 0.0, 0, 0
    values = {"serve.become_hazard": become, "serve.turnover_per_year": 52 * turnover, "serve.leaves_with_role": 0.0}
    values |= {
        "serve.asking": 0.0,
        "serve.crowding": 0.0,
        "serve.organise_hazard": 0.0,
        "serve.again": 1.0,
    }
    for _ in range(steps):
        g["roll"][0], g["helpers"][0] = people, (state.people["role"] == HELPER).sum()
        for name in LUCK.names or ():
            state.luck[name] = rng.random(people)
        state = after("serve", state, values)
        p, g = state.people, state.groups
        g["vacancies"][0] = 0
    return np.asarray(state.people["role"] == HELPER)


def test_helpers_follow_the_birth_and_death_of_the_role() -> None:
    """Without crowding and asking each ready member is a chain of two states: the number of helpers is binomial.

    The share after t steps is ``a / (a + d) * (1 - (1 - a - d)^t)`` with a and d the chances of taking and leaving the
    role. Groups of three are without any helper with the cube of the rest: that is where a threshold must come from.
    """
    become, turnover = 0.08, 0.12
    a, d = 1 - np.exp(-become), 1 - np.exp(-turnover)
    for steps in (1, 6, 40):
        helping = helpers_after(steps, 3000, become, turnover, seed=steps)
        share = a / (a + d) * (1 - (1 - a - d) ** steps)
        assert_count(helping, np.full(3000, share))
        empty = ~helping.reshape(-1, 3).any(axis=1)
        assert_count(empty, np.full(1000, (1 - share) ** 3))


def test_more_turnover_than_recruitment_empties_the_role() -> None:
    """The balance of the two chances is the threshold: the share of helpers is one half where they are equal."""
    for become, turnover, share in ((0.1, 0.1, 0.5), (0.3, 0.1, None), (0.1, 0.3, None)):
        a, d = 1 - np.exp(-become), 1 - np.exp(-turnover)
        helping = helpers_after(60, 2000, become, turnover, seed=7)
        assert_count(helping, np.full(2000, a / (a + d)))
        assert share is None or a / (a + d) == share


def test_half_weeks_give_the_same_life_outside_as_weeks() -> None:
    """Rates and shares per week do not hang on the step: people outside, other luck, the same means.

    The fine step follows the same hazards more smoothly, so means agree but for terms of the size of one week's
    change; these are allowed for by 2 % of each value beside four standard errors.
    """
    outside = {"start.groups": 0, "start.members": 0, "start.helpers": 0, "community.arrivals_per_week": 4.0}
    outside |= {"community.place_sd": 0.0}
    names = (
        "arrivals",
        "people_at_end",
        "crises_per_person_year",
        "accommodated_at_52",
        "distress_at_52",
        "hope_at_52",
    )
    assert_alike(outside, (*names, "efficacy_at_52", "calm_at_52", "low_distress_at_52"), 24, 0.02)


def test_half_weeks_give_much_the_same_groups_as_weeks() -> None:
    """The same of a world with a group: a meeting is one occasion a step, so this agrees less closely (10 %)."""
    busy = {
        "arrive.uptake": 0.03,
        "community.place_sd": 0.0,
        "community.arrivals_per_week": 2.0,
        "close.enabled": False,
    }
    names = ("first_visits", "members_at_end", "helpers_at_end", "retention_at_26", "accommodated_at_52_joiners")
    assert_alike(busy, (*names, "hope_at_52_joiners", "distress_at_52_joiners", "requests_met"), 60, 0.10)


def assert_alike(values: dict[str, Any], names: tuple[str, ...], number: int, allowed: float) -> None:
    """Assert that means of measures in weeks and in half weeks agree within four standard errors and a share."""
    weeks, halves = (runs({**values, "weeks_per_step": dt}, range(number), weeks=130) for dt in (1.0, 0.5))
    for name in names:
        one, other = measure(weeks, name), measure(halves, name)
        error = np.sqrt(one.var(ddof=1) / number + other.var(ddof=1) / number)
        assert abs(one.mean() - other.mean()) <= SIGMAS * error + allowed * abs(one.mean()), (
            name,
            one.mean(),
            other.mean(),
        )


def lived_in_steps(world_scenario: Scenario, replicate: int, shuffled: bool) -> World:
    """Return a world lived step by step; if asked, with the rows of every block shuffled before each step."""
    rng = np.random.default_rng(9)
    simulation = Simulation(world_scenario, replicate, record="lives")
    for step in range(1, simulation.last + 1):
        if shuffled:
            shuffle_rows(simulation.world, rng)
        simulation.run_until(step)
    return simulation.world


def shuffle_rows(world: World, rng: np.random.Generator) -> None:
    """Put the rows of every block in another order; handles follow."""
    for block in world.blocks[: len(world.communities) + int(world.meter["groups"][0])]:
        start, end = int(block["start"]), int(block["start"] + block["count"])
        world.people[start:end] = world.people[start:end][rng.permutation(end - start)]
        world.handles["row"][world.people["slot"][start:end]] = np.arange(start, end)


BUSY = {
    **{"arrive.uptake": 0.05, "arrive.return_hazard": 0.02, "start.groups": 2, "found.split_hazard": 0.05},
    **{"found.split_at": 15.0, "bond.sponsors": True, "serve.turnover_per_year": 2.0},
    **{"start.run_in_weeks": 10, "close.low_per_year": 5.0, "found.found_per_year": 5.0, "found.enough_groups": 4},
}


@pytest.mark.parametrize("policy", ["own_sponsor", "neediest", "alike"])
def test_nothing_depends_on_the_order_of_people(policy: str) -> None:
    """Rows shuffled before every step: the same people live the same lives (sums may differ in the last bit)."""
    world_scenario = scenario({**BUSY, "help.policy": policy}, weeks=60)
    usual, mixed = (lived_in_steps(world_scenario, 5, shuffled) for shuffled in (False, True))
    one, other = everybody(usual), everybody(mixed)
    assert usual.meter["groups"][0] == mixed.meter["groups"][0] > 2
    assert len(one) == len(other)
    for name in one.dtype.names or ():
        if name == "helped_by":
            continue  # a place among rows, good for one step only
        if one.dtype[name].base.kind == "f":
            assert np.allclose(one[name], other[name], rtol=0, atol=1e-12 if one.dtype[name].base == "f8" else 1e-6), (
                name
            )
        else:
            assert np.array_equal(one[name], other[name]), name


def test_the_shuffle_does_shuffle() -> None:
    """The test above proves something only if rows really change places and nobody is lost by it."""
    world = run_world(scenario(BUSY, weeks=20), 5)
    before, people = world.people.copy(), living(world)
    shuffle_rows(world, np.random.default_rng(1))
    assert (world.people["who"] != before["who"]).sum() > 10
    assert living(world).tobytes() == people.tobytes()


def test_living_step_by_step_is_living_at_once() -> None:
    """A run may stop and go on anywhere (changes in mid-life, a dashboard) without becoming another run."""
    world_scenario = scenario(BUSY, weeks=60)
    at_once, in_steps = (
        run_world(world_scenario, 5, record="lives"),
        lived_in_steps(world_scenario, 5, shuffled=False),
    )
    assert living(at_once).tobytes() == living(in_steps).tobytes()


def test_results_do_not_depend_on_threads() -> None:
    """One thread or two: the same numbers for every replicate, in order."""
    world_scenario = scenario(BUSY, weeks=60)
    one = [run.summary for run in ensemble(world_scenario, range(12), jobs=1)]
    two = [run.summary for run in ensemble(world_scenario, range(12), jobs=2)]
    assert one == two
    assert one[3] == simulate(world_scenario, 3).summary
    assert len({str(summary) for summary in one}) == 12, "replicates differ"


def test_pairing_makes_differences_at_least_ten_times_less_variable() -> None:
    """Turnover 0.2 against 0.3 a year: members of the group after a year, 300 replicates.

    Unpaired, the variance of a difference of two histories is the sum of both variances.
    """
    low, high = (
        np.array(
            [
                float(run.summary["members_at_end"])
                for run in ensemble(with_values(Scenario(), {"serve.turnover_per_year": t, "weeks": 52}), range(300))
            ]
        )  # type: ignore[arg-type]
        for t in (0.2, 0.3)
    )
    paired, unpaired = (high - low).var(ddof=1), high.var(ddof=1) + low.var(ddof=1)
    print(f"\nvariance of difference: {paired:.3f} paired, {unpaired:.3f} unpaired, {unpaired / paired:.1f} times less")
    assert paired > 0, "turnover does something"
    assert unpaired >= 10 * paired

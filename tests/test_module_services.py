"""Services: visits by need, referral both ways, professionals, posts and their price, at the values of their form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.services import Services
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

FORM, PAIRS, WEEKS = "peer_specialist_service", 16, 156
Values = tuple[tuple[str, Any], ...]


@cache
def _lived(form: str, values: Values, pairs: int) -> list[Run]:
    world = with_values(read_scenario(form), {"weeks": WEEKS, **dict(values)})
    return [simulate(world, replicate, record="series") for replicate in range(pairs)]


def lived(values: dict[str, Any] | None = None, form: str = FORM, pairs: int = PAIRS) -> list[Run]:
    """Return histories of a form as it ships, but for some values."""
    return _lived(form, tuple((values or {}).items()), pairs)


def weekly(name: str) -> Callable[[list[Run]], np.ndarray]:
    """Return what reads a column of the series of each history: its mean over the weeks."""

    def read(found: list[Run]) -> np.ndarray:
        return np.array([np.nanmean(run.series[name].to_numpy()) for run in found])  # type: ignore[index]

    return read


def shown(name: str) -> Callable[[list[Run]], np.ndarray]:
    """Return what reads a column of the module."""
    return weekly(f"services_{name}")


def late(found: list[Run]) -> np.ndarray:
    """Return the share of people in need with a crisis that no service has seen."""
    return shown("late_communities")(found) / shown("people_communities")(found)


def rises(change: dict[str, tuple[Any, Any]], read: Callable[[list[Run]], np.ndarray], **others: Any) -> None:
    """Assert that what is read rises in paired histories of the form as values go from the first to the second."""
    low, high = ({path: pair[k] for path, pair in change.items()} for k in (0, 1))
    assert_rises(read(lived(low, **others)), read(lived(high, **others)))


def falls(change: dict[str, tuple[Any, Any]], read: Callable[[list[Run]], np.ndarray], **others: Any) -> None:
    """Assert the contrary."""
    rises({path: (pair[1], pair[0]) for path, pair in change.items()}, read, **others)


def test_off_and_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    world = with_values(Scenario(), {"weeks": WEEKS})
    still = with_values(world, {f"services.{name}": v for name, v in {"enabled": True, **Services.neutral}.items()})
    for replicate in range(3):
        off, on = simulate(world, replicate), simulate(still, replicate)
        assert core_measures(off) == core_measures(on)
    assert lived(pairs=1)[0].summary != lived({"services.enabled": False}, pairs=1)[0].summary


def test_without_marked_benefit_and_harm_nobody_is_better_or_worse_for_groups() -> None:
    """Whatever comes to people by way of groups for good or ill is marked; visits are the same for all."""
    world = with_values(read_scenario(FORM, {"benefits": 0, "harms": 0}), {"weeks": WEEKS})
    apart = {"services.posts": 0, "services.refer": 0.0, "services.send_skill": 0.0, "services.exchange": 0.0}
    close, far = (
        simulate(with_values(world, values), 1).summary for values in ({"services.professionals": 0.9}, apart)
    )
    assert close["first_visits"] != far["first_visits"]
    for name in ("hope_at_52", "efficacy_at_52", "distress_at_52", "accommodated_at_52", "calm_at_52"):
        assert close[name] == pytest.approx(far[name], abs=1e-12)


def test_counts_agree() -> None:
    """Everybody is gone through once a step, seen or turned away if they asked; the price is that of what was done."""
    values = read_scenario(FORM).services  # type: ignore[attr-defined]
    for run in lived({"services.capacity": 1.5}, pairs=2):
        series = {name: run.series[name].to_numpy() for name in run.series.column_names}  # type: ignore[union-attr]

        def of(name: str, series: dict[str, np.ndarray] = series) -> np.ndarray:
            return series[f"services_{name}_communities"]

        assert (of("people") == series["members"] + series["outside"] + series["former"]).all()
        assert (of("members") == series["members"]).all()
        assert (of("seen") + of("turned") == of("asked")).all()
        assert of("turned").sum() > 0
        lent = of("cost") - values.visit_cost * (of("seen") + of("evenings")) - values.wage * of("employed")
        assert (lent >= 0.0).all()
        assert lent.max() <= 3 * values.exchange * values.rooms


def test_visits_come_at_the_rate_of_the_formula() -> None:
    """With everything else still, the number of visits is the number of people times the rate, within chance."""
    rate = {"services.visits_per_year": 2.0, "services.use_by_distress": 0.0, "services.keeps_off": 0.0}
    still = {"services.crisis_brings": 0.0, "services.sent_goes": 0.0, "services.posts": 0, "services.capacity": 1000.0}
    found = lived(rate | still | {"traits.barrier_mean": -5.0, "traits.barrier_sd": 0.0}, pairs=4)
    people, seen = (shown(name)(found) * WEEKS for name in ("people_communities", "seen_communities"))
    expected = people * (1.0 - np.exp(-2.0 / 52.0 * (1.0 - 1.0 / (1.0 + np.exp(5.0)))))
    assert (np.abs(seen - expected) < 4.0 * np.sqrt(expected)).all()


def test_more_distress_and_crises_bring_more_visits() -> None:
    """Groups that ease distress spare visits; who has had a crisis is seen sooner where a crisis brings visits."""
    groups = {"share.enabled": (False, True), "help.enabled": (False, True)}
    falls(groups, lambda found: shown("asked_communities")(found) / shown("people_communities")(found))
    falls({"services.crisis_brings": (0.0, 0.15)}, late)


def test_referral_goes_both_ways_and_tension_lowers_both() -> None:
    """Services send people to groups, groups send members to services; where they rub, both less."""
    rises({"services.refer": (0.0, 0.035)}, lambda found: measure(found, "first_visits"))
    rises({"services.send_skill": (0.0, 0.5)}, shown("seen_members_communities"))
    rub = {"services.rub": (0.0, 1.0), "services.exchange": (0.0, 0.0)}
    falls(rub, shown("referred_communities"))
    falls(rub, shown("sent_on_communities"))
    falls({"services.exchange": (0.0, 0.4)}, shown("tension_communities"))


def test_who_is_sent_where_it_suits_stays_more() -> None:
    """A service that looks whom it sends where sends fewer, and they find people alike."""
    towns = {"start.groups": (4, 4), "start.centre_sd": (1.0, 1.0), "community.arrivals_per_week": (4.0, 4.0)}
    accuracy = {"services.accuracy": (0.0, 1.0), "services.refer": (0.1, 0.1), **towns}
    falls(accuracy, shown("referred_communities"))
    rises(accuracy, weekly("belonging_members"))


def test_posts_are_filled_and_help_clients_and_cost_volunteers() -> None:
    """Peer specialists bring people to care and make plans with them; the group has fewer helpers, the system pays."""
    posts = {"services.posts": (0, 2)}
    rises(posts, shown("employed_communities"))
    falls(posts, late)
    rises(posts, lambda found: measure(found, "efficacy_at_52_non_joiners"))
    rises(posts, shown("cost_communities"))
    falls(posts | {"weeks": (260, 260)}, lambda found: measure(found, "ever_helper_share_at_meeting"), pairs=24)


def test_clients_get_less_from_a_specialist_with_many() -> None:
    """Attention is divided: beyond what one can do justice to, more clients means less for each."""
    more = {"services.caseload": (10, 40), "services.full_attention": (40, 40)}
    divided = {"services.full_attention": (40, 10), "services.caseload": (40, 40)}
    rises(more, shown("cases_communities"))
    falls(divided, lambda found: measure(found, "efficacy_at_52"))


def test_professionals_keep_the_meeting_and_take_its_voices() -> None:
    """Where a professional leads, hardly a meeting falls through, and members answer one another less."""
    led = {"services.professionals": (0.0, 0.9)}
    falls(led, lambda found: measure(found, "requests_met"))
    falls(led, weekly("distress_members"))
    rises({**led, "work.carried": (1.5, 1.5)}, weekly("focal_held"))


def test_clients_who_are_members_change_the_services() -> None:
    """What members learn of standing on their own spreads: the power gap falls, and visits cost less of efficacy."""
    spreads = {"services.autonomy_spreads": (0.0, 0.02)}
    falls(spreads, shown("gap_communities"))
    rises(spreads, lambda found: measure(found, "efficacy_at_52_non_joiners"))


def test_people_let_down_found_and_come() -> None:
    """Bad services bring people to groups, and let them found some of their own."""
    bad = {"services.quality": (0.7, 0.3), "found.found_per_year": (1.0, 1.0), "found.enough_groups": (4, 4)}
    rises(bad, lambda found: measure(found, "groups_ever"), pairs=32)
    rises({"services.turned_to_peers": (0.0, 1.0)}, lambda found: measure(found, "first_visits"))


def test_a_group_bridges_the_time_between_visits() -> None:
    """What care gave lasts longer where there is a meeting between one visit and the next."""
    rises({"services.bridge": (0.0, 0.5)}, shown("hold_members"))


def test_direction_a_room_in_a_clinic_is_near_for_many_and_too_near_for_some() -> None:
    """More are sent down the corridor; who was let down keeps away; that professionals stay out is another setting."""
    form = {"form": "peers_in_a_clinic"}
    visits = partial(measure, name="first_visits")
    rises({"services.clinic": (0.0, 1.0)}, visits, **form)
    falls({"services.clinic_deters": (0.0, 3.0)}, visits, **form)
    rises({"services.professionals": (0.9, 0.0)}, partial(measure, name="requests_met"), **form)

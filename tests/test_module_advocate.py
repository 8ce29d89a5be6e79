"""Acting together: agency grows, shame falls together, and the public and services move, at the values of its form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.modules.advocate import Advocate
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario
from support import assert_rises, core_measures, measure

FORM, PAIRS, WEEKS = "consumer_survivor", 16, 260
Values = tuple[tuple[str, Any], ...]


@cache
def _lived(values: Values, pairs: int) -> list[Run]:
    world = with_values(read_scenario(FORM), {"weeks": WEEKS, **dict(values)})
    return [simulate(world, replicate, record="lives") for replicate in range(pairs)]


def lived(values: dict[str, Any] | None = None, pairs: int = PAIRS) -> list[Run]:
    """Return histories of the form as it ships, but for some values."""
    return _lived(tuple((values or {}).items()), pairs)


def weekly(name: str) -> Callable[[list[Run]], np.ndarray]:
    """Return what reads a column of the series of each history: its mean over the weeks."""

    def read(found: list[Run]) -> np.ndarray:
        return np.array([np.nanmean(run.series[name].to_numpy()) for run in found])  # type: ignore[index]

    return read


def rises(change: dict[str, tuple[Any, Any]], read: Callable[[list[Run]], np.ndarray], **others: Any) -> None:
    """Assert that what is read rises in paired histories of the form as values go from the first to the second."""
    low, high = ({path: pair[k] for path, pair in change.items()} for k in (0, 1))
    assert_rises(read(lived(low, **others)), read(lived(high, **others)))


def falls(change: dict[str, tuple[Any, Any]], read: Callable[[list[Run]], np.ndarray], **others: Any) -> None:
    """Assert the contrary."""
    rises({path: (pair[1], pair[0]) for path, pair in change.items()}, read, **others)


def lives(run: Run, name: str) -> np.ndarray:
    """Return a column of the table of lives, NaN where there is no value."""
    assert run.lives is not None
    return run.lives[name].to_numpy(zero_copy_only=False).astype(float)


def late_shame(found: list[Run]) -> np.ndarray:
    """Return the mean shame of those who came into need in the last year and never came to a group."""
    means = []
    for run in found:
        arrived = lives(run, "arrived_week")
        late = (arrived >= np.nanmax(arrived) - 52) & np.isnan(lives(run, "joined_week"))
        means.append(lives(run, "shame")[late].mean())
    return np.array(means)


def shame_of_members(found: list[Run]) -> np.ndarray:
    """Return the mean shame, at the end, of those who are members then."""
    return np.array([lives(run, "shame")[lives(run, "group") >= 0].mean() for run in found])


def test_off_and_at_its_neutral_values_it_changes_nothing() -> None:
    """A mechanism that is on without doing anything must not move a single bit of the week."""
    world = with_values(Scenario(), {"weeks": 104})
    still = with_values(world, {f"advocate.{name}": v for name, v in {"enabled": True, **Advocate.neutral}.items()})
    for replicate in range(3):
        assert core_measures(simulate(world, replicate)) == core_measures(simulate(still, replicate))
    assert lived(pairs=1)[0].summary != lived({"advocate.enabled": False}, pairs=1)[0].summary


def test_without_marked_benefit_and_harm_nobody_is_better_or_worse_for_it() -> None:
    """Whatever acting together does to people for good or ill is marked."""
    world = with_values(read_scenario(FORM, {"benefits": 0, "harms": 0}), {"weeks": 156})
    on, off = (simulate(with_values(world, {"advocate.enabled": yes}), 1).summary for yes in (True, False))
    assert on["first_visits"] != off["first_visits"]
    for name in ("hope_at_52", "efficacy_at_52", "distress_at_52", "accommodated_at_52", "calm_at_52"):
        assert on[name] == pytest.approx(off[name], abs=1e-12)


def test_stigma_follows_the_formula_where_nobody_acts() -> None:
    """Contact alone moves stigma by the share of members, and it comes back: the series is known in advance."""
    values = read_scenario(FORM).advocate  # type: ignore[attr-defined]
    for run in lived({"advocate.effort": 0.0}, pairs=2):
        members, outside, former, shown = (
            run.series[name].to_numpy()  # type: ignore[index]
            for name in ("members", "outside", "former", "advocate_stigma_communities")
        )
        stigma = 1.0
        for week in range(1, len(shown)):
            share = members[week - 1] / max(1, members[week - 1] + outside[week - 1] + former[week - 1])
            stigma += values.returns * (1.0 - stigma) - values.contact * share * stigma
            assert abs(stigma - shown[week]) < 1e-9


def test_agency_grows_by_taking_part_and_lets_members_take_the_role() -> None:
    """Who acts and helps finds that things can be changed, and takes on the role; nobody outside does."""
    effort = {"advocate.effort": (0.0, 0.35)}
    rises(effort, weekly("advocate_agency_members"))
    rises({"advocate.by_helping": (0.0, 0.03)}, weekly("advocate_agency_members"))
    rises({"advocate.agency_gates": (0.0, 2.0)}, lambda found: measure(found, "helper_share_of_roll"))
    never = [lives(run, "advocate_agency")[np.isnan(lives(run, "joined_week"))] for run in lived()]
    assert max(np.abs(each - 0.3).max() for each in never) < 1e-12


def test_acting_takes_from_talk_and_gives_by_other_ways() -> None:
    """What is heard gives less hope, while shame opposed together lifts self-efficacy."""
    effort = {"advocate.effort": (0.0, 0.35)}
    falls(effort, weekly("hope_members"))
    rises(effort, weekly("self_efficacy_members"))
    rises({"advocate.fights": (0.0, 0.05)}, weekly("self_efficacy_members"))
    falls({"advocate.fights": (0.0, 0.05)}, shame_of_members)


def test_the_public_moves_by_voice_and_contact_and_people_come_with_less_shame() -> None:
    """Public stigma falls where groups speak up and are met, for those who come into need later, who come sooner."""
    for name, value in (("voice", 0.0003), ("contact", 0.002)):
        falls({f"advocate.{name}": (0.0, value)}, weekly("advocate_stigma_communities"))
    falls({"advocate.voice": (0.0, 0.0003)}, late_shame)
    ten_years = {"advocate.voice": (0.0, 0.0003), "weeks": (520, 520)}
    rises(ten_years, lambda found: measure(found, "first_visits"))
    silent = lived({"advocate.effort": 0.0, "advocate.contact": 0.0}, pairs=2)
    assert {run.series["advocate_stigma_communities"].to_numpy()[-1] for run in silent} == {1.0}  # type: ignore[index]


def test_services_and_the_value_of_mutuality_move() -> None:
    """Services are reached more where groups insist; where leaning on one another is normal, more come."""
    insists = {"advocate.insists": (0.0, 0.0008)}
    rises(insists, weekly("advocate_practice_communities"))
    falls(insists, weekly("distress_outside"))
    rises({"advocate.spreads": (0.0, 0.005)}, lambda found: measure(found, "first_visits"))

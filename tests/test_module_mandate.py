"""Being made to come: nobody else is touched, the sent come soon and stay for their weeks, and take less from it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from mhsim import read_scenario, simulate
from mhsim.modules.mandate import Mandate
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from support import assert_rises

PAIRS, WEEKS = 12, 156
NEVER_LEFT = 9999.0


@cache
def _lived(values: tuple[tuple[str, Any], ...]) -> tuple[Run, ...]:
    world = with_values(read_scenario("two_roads"), {"weeks": WEEKS, **dict(values)})
    return tuple(simulate(world, replicate, record="lives") for replicate in range(PAIRS))


def lived(**values: Any) -> tuple[Run, ...]:
    """Return histories of two roads as they ship, but for some values of the mandate in all of it."""
    paths = {
        f"{place}mandate.{name}": value
        for name, value in values.items()
        for place in ("", "forms.steps.", "forms.secular.")
    }
    return _lived(tuple(paths.items()))


def people(run: Run, sent: bool) -> pd.DataFrame:
    """Return those who came into need since the opening and were sent, or were not."""
    lives = run.lives.to_pandas()
    return lives[~lives["starter"] & (lives["arrived_week"] >= 0) & (lives["mandate_sent"] == sent)]


def of_sent(found: tuple[Run, ...], column: str) -> np.ndarray:
    """Return the mean of a column over those who were sent, in each history."""
    return np.array([people(run, sent=True)[column].mean() for run in found])


def still_there(run: Run, sent: bool, weeks: float, of: float = 0.0) -> float:
    """Return who is still in a group so many weeks after joining, of those who were there `of` weeks after it."""
    lives = people(run, sent)
    lives = lives[lives["joined_week"] < WEEKS - weeks]
    stay = lives["first_left_week"].fillna(NEVER_LEFT) - lives["joined_week"]
    return float((stay[stay > of] > weeks).mean())


def core_of(run: Run) -> dict[str, Any]:
    """Return the measures of a run that are there without the mechanism, too."""
    return {name: value for name, value in run.summary.items() if not name.startswith("mandate_")}


def test_on_and_neutral_nothing_changes() -> None:
    """Where nobody is sent the mechanism must leave all as it is."""
    world = with_values(Scenario(), {"weeks": 104})
    still = {f"mandate.{name}": value for name, value in Mandate.neutral.items()}
    off, on = (simulate(with_values(world, {**more, **still}), 1) for more in ({}, {"mandate.enabled": True}))
    assert off.summary == core_of(on)


def test_who_is_not_sent_is_left_alone() -> None:
    """Without groups being sent comes to nothing; and as many are sent as the share says."""
    sent = [people(run, sent=True) for run in lived()]
    everybody = sum(len(people(run, sent=False)) for run in lived()) + sum(map(len, sent))
    share = sum(map(len, sent)) / everybody
    assert abs(share - 0.05) < 4.0 * np.sqrt(0.05 * 0.95 / everybody)
    alone = with_values(Scenario(), {"weeks": 104, "start.groups": 0, "start.members": 0, "start.helpers": 0})
    on = simulate(with_values(alone, {"mandate.enabled": True, "mandate.share": 1.0}), 1)
    assert core_of(on) == simulate(alone, 1).summary


def test_direction_the_sent_come_sooner_and_stay_for_their_weeks_and_then_go() -> None:
    """Until the weeks are over hardly anybody leaves; of those left then more go in the next year than of the free."""
    found = lived()
    came = [np.array([people(run, sent)["joined_week"].notna().mean() for run in found]) for sent in (False, True)]
    assert_rises(*came)
    kept = [np.array([still_there(run, sent, 25.0) for run in found]) for sent in (False, True)]
    assert kept[1].min() > 0.6
    assert_rises(*kept)
    assert_rises(*(np.array([still_there(run, sent, 78.0, 25.0) for run in found]) for sent in (True, False)))


def test_direction_what_is_made_to_be_gives_less() -> None:
    """Who is there because of having to be takes less home."""
    assert_rises(of_sent(lived(), "hope_at_52"), of_sent(lived(unwilling=0.0), "hope_at_52"))

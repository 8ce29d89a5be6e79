"""What would happen next: the groups most like the recorded one go on, as they are and with a change next month.

With a change the very same histories are lived again, with the same chance events up to it and after it, so what a
change makes of them is a paired difference.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from mhsim.calibration.fitting.likenesses import YEARS, Likenesses, Setting
from mhsim.calibration.fitting.observed import Numbers
from mhsim.calibration.fitting.posterior_sample import Nearest, weighted_quantiles
from mhsim.calibration.fitting.prior import value_at, with_draw
from mhsim.calibration.fitting.summaries import MONTH
from mhsim.scenario import Change, Scenario, with_values
from mhsim.stats import Estimate, mean, paired_difference, proportion, share

BAND = (0.025, 0.25, 0.5, 0.75, 0.975)
LEAVERS = 2
MORE = 1.5
WAYS_IN = ("arrive.uptake", "arrive.referral_per_year", "arrive.outreach", "arrive.invite_per_year")
Progress = Callable[[int, int, int], None]


class WhatIf(NamedTuple):
    """A change that somebody might make or meet next month: its name, its words, and what it does to a scenario."""

    name: str
    words: str
    change: Callable[[Scenario, int], Change]


def _leavers(scenario: Scenario, week: int) -> Change:
    return Change(week=week, act="lose_busiest_helpers", count=LEAVERS, leave=True)


def _more_come(scenario: Scenario, week: int) -> Change:
    return Change(week=week, set={path: MORE * float(value_at(scenario, path)) for path in WAYS_IN})


WHAT_IFS = (
    WhatIf("two_leave", "the two busiest helpers leave next month", _leavers),
    WhatIf("more_come", "half as many newcomers again come from next month on", _more_come),
)


def chosen_histories(near: Nearest, number: int, seed: int) -> np.ndarray:
    """Return so many of the rows kept, each as often as its weight asks for (systematic resampling)."""
    at = (np.arange(number) + np.random.default_rng(seed).random()) / number
    places = np.searchsorted(np.cumsum(near.weights), at).clip(max=len(near.rows) - 1)
    found: np.ndarray = near.rows[places]
    return found


def outlook_of(found: Likenesses, near: Nearest) -> dict[str, Any]:
    """Return chances to be open and people at a meeting of the nearest groups, as they are."""
    rows = near.rows
    open_after = {}
    for weeks in YEARS:
        chance = float(near.weights @ found.open_after(weeks)[rows])
        open_after[str(weeks)] = _parts(proportion(chance * near.worth, near.worth))
    present = {str(weeks): _quantiles_if_open(found, near, weeks) for weeks in YEARS}
    ahead = found.present[rows][:, found.weeks :].astype(float)
    return {"open": open_after, "present": present, "weekly": _bands(ahead, near.weights)}


def _quantiles_if_open(found: Likenesses, near: Nearest, weeks: int) -> list[float]:
    """Return quantiles of people at a meeting among the nearest groups that are open then."""
    still = found.open_after(weeks)[near.rows] > 0
    if not still.any():
        return [0.0] * len(BAND)
    values = found.present_after(weeks)[near.rows]
    return [float(q) for q in weighted_quantiles(values[still], near.weights[still], BAND)]


def _bands(weekly: Numbers, weights: Numbers) -> list[list[float]]:
    """Return quantiles over histories of four-week means, one row for each month."""
    months = weekly.shape[1] // MONTH
    means = weekly[:, : months * MONTH].reshape(len(weekly), months, MONTH).mean(2)
    return [[float(q) for q in weighted_quantiles(means[:, k], weights, BAND)] for k in range(months)]


def what_ifs(setting: Setting, found: Likenesses, near: Nearest, jobs: int, progress: Progress) -> list[dict[str, Any]]:
    """Return what each change makes of the histories, against the very same ones without it.

    So many of the nearest groups are taken as they are worth together: more would only repeat them, and repeated
    cases would make intervals too short.
    """
    rows = chosen_histories(near, round(near.worth), setting.seed)
    unique, back = np.unique(rows, return_inverse=True)
    week = setting.design.weeks + MONTH
    told = []
    for k, what in enumerate(WHAT_IFS):

        def lived(row: int, what: WhatIf = what) -> tuple[float, float, float, float]:
            index = int(found.index[row])
            own = with_draw(setting.scenario, setting.draw(index))
            changed = with_values(own, {"changes": (what.change(own, week),)})
            after = setting.history(index, changed)
            ends = [setting.design.weeks + weeks for weeks in YEARS]
            return (
                *(float(after.closed >= end) for end in ends),  # type: ignore[return-value]
                *(float(after.present[end - MONTH : end].mean()) for end in ends),
            )

        outcomes = []
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            for outcome in pool.map(lived, unique.tolist()):
                outcomes.append(outcome)
                progress(k * len(unique) + len(outcomes), len(WHAT_IFS) * len(unique), 0)
        told.append(_against_as_it_is(found, rows, np.array(outcomes)[back], what))
    return told


def _against_as_it_is(found: Likenesses, rows: np.ndarray, after: Numbers, what: WhatIf) -> dict[str, Any]:
    before = np.column_stack(
        [*(found.open_after(weeks)[rows] for weeks in YEARS), *(found.present_after(weeks)[rows] for weeks in YEARS)]
    )
    names = [*(f"open_{weeks}" for weeks in YEARS), *(f"present_{weeks}" for weeks in YEARS)]
    told: dict[str, Any] = {"name": what.name, "words": what.words, "histories": len(rows)}
    for k, name in enumerate(names):
        difference = paired_difference(after[:, k] - before[:, k], yes_no=name.startswith("open"))
        level = share if name.startswith("open") else mean
        told[name] = {"without": _parts(level(before[:, k])), "with": _parts(level(after[:, k]))}
        told[name] |= {"change": _parts(difference), "clear": difference.clear}
    return told


def _parts(found: Estimate) -> list[float]:
    return [found.value, found.low, found.high]

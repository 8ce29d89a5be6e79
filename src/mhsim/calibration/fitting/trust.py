"""How often a fit is right: simulated groups take the place of the recorded one, and the truth is known.

Each of them is left out, summed up as the record is, and fitted by the others. Its parameters must lie within the 95 %
intervals in about 95 of 100 cases (simulation-based calibration; Cook, Gelman and Rubin 2006, J. Comput. Graph. Stat.
15, 675), and chances must be as often right as they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from mhsim.calibration.fitting.likenesses import YEARS, Likenesses, Progress, Setting
from mhsim.calibration.fitting.observed import Numbers
from mhsim.calibration.fitting.posterior_sample import Nearest
from mhsim.calibration.fitting.prior import learnable
from mhsim.calibration.fitting.summaries import MONTH, summaries
from mhsim.stats import Estimate, mean, proportion

TRUTHS = 300
INTERVALS = {"covered": (0.025, 0.975), "covered_90": (0.05, 0.95)}
"""Intervals that are tried, 95 of 100 and 90 of 100, by the names of their shares in `fit.json`."""
CLASSES = ((0.0, 0.75), (0.75, 0.95), (0.95, 1.0001))
"""Classes of chances to be open, in which what was said is held against what came."""
OTHER_SEED = 1_000_003
"""Added to the seed of a fit where truths are drawn that are not among its histories."""
MOST_DRAWN = 20
"""Groups that are drawn for each truth that is asked for, at most; those that have closed are no truths."""


class Truth(NamedTuple):
    """A simulated group in the place of the recorded one: what was found of it, and what is true.

    `unknowns` are its parameters on their scales, `open` and `present` whether it was open a year and two years on,
    and how many came to a meeting then.
    """

    near: Nearest
    unknowns: Numbers
    open: Numbers
    present: Numbers


def trust_in(found: Likenesses, seed: int, truths: int) -> dict[str, Any]:
    """Return how often fits of simulated groups were right.

    Parameters
    ----------
    found : Likenesses
        Histories whose group is open at the end of the record.
    seed : int
        Which of them become truths.
    truths : int
        How many.
    """
    return _held(found, list(_of_the_same(found, seed, truths)))


def trust_elsewhere(found: Likenesses, setting: Setting, truths: int, progress: Progress) -> dict[str, Any]:
    """Return how often fits were right of groups that are unlike what was believed beforehand.

    They are drawn around the form's own values and not from its posterior, and none of them is among the histories.
    """
    return _held(found, list(_of_own_values(found, setting, truths, progress)))


def _of_the_same(found: Likenesses, seed: int, truths: int) -> Iterator[Truth]:
    """Yield histories that are taken for the truth once, fitted by the others."""
    table = found.table
    others = np.setdiff1d(np.arange(len(found.index)), table.tuning)
    open_, present = (np.column_stack([of(weeks) for weeks in YEARS]) for of in (found.open_after, found.present_after))
    for row in np.random.default_rng([seed, truths]).permutation(others)[:truths]:
        near = table.nearest(found.summaries[row], leave_out=int(row))
        yield Truth(near, table.unknowns[row], open_[row], present[row])


def _of_own_values(found: Likenesses, setting: Setting, truths: int, progress: Progress) -> Iterator[Truth]:
    """Yield groups around the form's own values that are open at the end of the record, so many or as many as come."""
    other, weeks = replace(setting, rows=[], seed=setting.seed + OTHER_SEED), setting.design.weeks
    done = 0
    for index in range(MOST_DRAWN * truths):
        lived = other.history(index)
        if lived.closed >= weeks:
            noted, values = summaries(lived.seen, setting.design), other.draw(index)
            unknowns = np.array([one.on_scale(np.array([float(values[one.path])]))[0] for one in learnable()])
            ends = [weeks + ahead for ahead in YEARS]
            open_ = np.array([float(lived.closed >= end) for end in ends])
            present = np.array([lived.present[end - MONTH : end].mean() for end in ends])
            yield Truth(found.table.nearest(np.array([noted[name] for name in found.names])), unknowns, open_, present)
            done += 1
            progress(done, truths, 0)
        if done == truths:
            return


def _held(found: Likenesses, truths: Sequence[Truth]) -> dict[str, Any]:
    """Return how often intervals held the truth, and how good the chances were."""
    varied = found.table.unknowns.std(axis=0) > 0
    told: dict[str, Any] = {"truths": len(truths)}
    for name, ends in INTERVALS.items():
        inside = np.array([_inside(one, ends) for one in truths])
        told[name] = {one.path: _share(inside[:, j]) for j, one in enumerate(learnable()) if varied[j]}
        told[f"{name}_all"] = _told(mean(inside[:, varied].mean(axis=1)))
    said = np.array([[one.near.weights @ found.open_after(weeks)[one.near.rows] for weeks in YEARS] for one in truths])
    came = np.array([one.open for one in truths])
    bands = np.array([_in_bands(found, one) for one in truths])
    told["open"] = {str(weeks): _chances(said[:, y], came[:, y]) for y, weeks in enumerate(YEARS)}
    told["present"] = {str(weeks): _share(bands[:, y]) for y, weeks in enumerate(YEARS)}
    return told


def _inside(one: Truth, ends: tuple[float, float]) -> list[float]:
    """Return for each unknown 1 if its interval holds the truth, else 0."""
    intervals = [one.near.quantiles(column, ends) for column in one.near.unknowns.T]
    return [float(low <= truth <= high) for truth, (low, high) in zip(one.unknowns, intervals, strict=True)]


def _in_bands(found: Likenesses, one: Truth) -> list[float]:
    """Return for each year 1 if the 95 % band of people at a meeting holds the truth, else 0."""
    bands = [one.near.quantiles(found.present_after(w)[one.near.rows], INTERVALS["covered"]) for w in YEARS]
    return [float(low <= truth <= high) for truth, (low, high) in zip(one.present, bands, strict=True)]


def _share(inside: Numbers) -> list[float]:
    return _told(proportion(int(inside.sum()), len(inside)))


def _told(found: Estimate) -> list[float]:
    return [found.value, found.low, found.high]


def _chances(said: Numbers, came: Numbers) -> dict[str, Any]:
    """Return chances and what came, the Brier score and that of one chance for all, and what came by what was said."""
    base = float(came.mean())
    classes = []
    for low, high in CLASSES:
        these = (said >= low) & (said < high)
        if these.any():
            came_true = proportion(int(came[these].sum()), int(these.sum()))
            classes.append({"cases": int(these.sum()), "said": float(said[these].mean()), "came": _told(came_true)})
    score, of_base = (said - came) ** 2, (base - came) ** 2
    gain = mean(of_base - score)
    level = {"said": float(said.mean()), "came": _told(proportion(int(came.sum()), len(came)))}
    scores = {"brier": float(score.mean()), "base": float(of_base.mean()), "gain": _told(gain)}
    return level | scores | {"classes": classes}

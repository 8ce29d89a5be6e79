"""How often a fit is right: simulated groups take the place of the recorded one, and the truth is known.

Each of them is left out, summed up as the record is, and fitted by the others. Its parameters must lie within the 95 %
intervals in about 95 of 100 cases (simulation-based calibration; Cook, Gelman and Rubin 2006, J. Comput. Graph. Stat.
15, 675), and chances must be as often right as they say.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.calibration.fitting.likenesses import YEARS, Likenesses
from mhsim.calibration.fitting.observed import Numbers
from mhsim.calibration.fitting.prior import learnable
from mhsim.stats import Estimate, mean, proportion

TRUTHS = 300
INTERVAL = (0.025, 0.975)
CLASSES = ((0.0, 0.75), (0.75, 0.95), (0.95, 1.0001))
"""Classes of chances to be open, in which what was said is held against what came."""


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
    table = found.table
    others = np.setdiff1d(np.arange(len(found.index)), table.tuning)
    rows = np.random.default_rng([seed, truths]).permutation(others)[:truths]
    inside = np.zeros((len(rows), table.unknowns.shape[1]))
    chances, bands = np.zeros((len(rows), len(YEARS))), np.zeros((len(rows), len(YEARS)))
    for k, row in enumerate(rows):
        near = table.nearest(found.summaries[row], leave_out=int(row))
        for j, truth in enumerate(table.unknowns[row]):
            low, high = near.quantiles(near.unknowns[:, j], INTERVAL)
            inside[k, j] = low <= truth <= high
        for y, weeks in enumerate(YEARS):
            chances[k, y] = near.weights @ found.open_after(weeks)[near.rows]
            present = found.present_after(weeks)
            low, high = near.quantiles(present[near.rows], INTERVAL)
            bands[k, y] = low <= present[row] <= high
    varied = table.unknowns.std(axis=0) > 0
    return {
        "truths": len(rows),
        "covered": {
            one.path: _told(proportion(int(inside[:, j].sum()), len(rows)))
            for j, one in enumerate(learnable())
            if varied[j]
        },
        "covered_all": _told(mean(inside[:, varied].mean(axis=1))),
        "open": {str(weeks): _chances(chances[:, y], found.open_after(weeks)[rows]) for y, weeks in enumerate(YEARS)},
        "present": {str(weeks): _told(proportion(int(bands[:, y].sum()), len(rows))) for y, weeks in enumerate(YEARS)},
    }


def _told(found: Estimate) -> list[float]:
    return [found.value, found.low, found.high]


def _chances(said: Numbers, came: Numbers) -> dict[str, Any]:
    """Return the Brier score of chances and that of one chance for all, and what came by what was said."""
    base = float(came.mean())
    classes = []
    for low, high in CLASSES:
        these = (said >= low) & (said < high)
        if these.any():
            came_true = proportion(int(came[these].sum()), int(these.sum()))
            classes.append({"cases": int(these.sum()), "said": float(said[these].mean()), "came": _told(came_true)})
    score, of_base = (said - came) ** 2, (base - came) ** 2
    gain = mean(of_base - score)
    return {"brier": float(score.mean()), "base": float(of_base.mean()), "gain": _told(gain), "classes": classes}

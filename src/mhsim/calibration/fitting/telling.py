"""What a fit has found, as plain data for `fit.json`: what the record says, what it cannot say, how well it is met."""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.calibration.fitting.likenesses import Likenesses
from mhsim.calibration.fitting.observed import Design, Numbers, Observed
from mhsim.calibration.fitting.posterior_sample import Nearest, weighted_quantiles
from mhsim.calibration.fitting.prior import learnable, value_at
from mhsim.calibration.fitting.summaries import MONTH, on_roll
from mhsim.scenario import Scenario

BAND = (0.025, 0.5, 0.975)
TWINS = 0.6
"""Correlation of two parameters, given the record, from which they count as twins."""
PEOPLE = ("roll", "attendance", "helpers")
EACH = ("leaving", "giving up helping")
SHAPES = ("evenness", "ups and downs", "swings", "steadiness")


def parameters_told(scenario: Scenario, found: Likenesses, near: Nearest) -> list[dict[str, Any]]:
    """Return each parameter before and after the record, and how much of what was unknown the record has taken away."""
    table, told = found.table, []
    together = np.nan_to_num(_correlations(near))
    ones = learnable()
    for k, one in enumerate(ones):
        before, after = table.unknowns[:, k], near.unknowns[:, k]
        if before.std() == 0.0:
            continue
        left = float(np.cov(after, aweights=near.weights) / before.var())
        twins = [other.path for j, other in enumerate(ones) if j != k and abs(together[k, j]) >= TWINS]
        told.append(
            {
                "path": one.path,
                "words": one.words,
                "form": float(value_at(scenario, one.path)) if "." in one.path else None,
                "usual": one.from_scale(np.quantile(before, BAND)).tolist(),
                "found": one.from_scale(near.quantiles(after, BAND)).tolist(),
                "learnt": min(1.0, max(0.0, 1.0 - left)),
                "twins": twins,
            }
        )
    return told


def _correlations(near: Nearest) -> Numbers:
    varied = np.cov(near.unknowns.T, aweights=near.weights)
    sd = np.sqrt(np.diag(varied))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = varied / np.outer(sd, sd)
    return found


def in_units(name: str, values: Numbers) -> tuple[list[float], str]:
    """Return a summary's values as people count, and the unit."""
    if any(shape in name for shape in SHAPES):
        return np.asarray(values).tolist(), ""
    if name.startswith(PEOPLE):
        return np.maximum(0.0, np.exp(values) - 0.5).tolist(), "people"
    rates = np.exp(values)
    if name.startswith(EACH):
        return rates.tolist(), "times a year for each"
    return rates.tolist(), "people a year"


def summaries_told(seen: Numbers, found: Likenesses, near: Nearest) -> list[dict[str, Any]]:
    """Return each number that sums up the record, beside what is usual and what the groups most like it have."""
    told = []
    for k, name in enumerate(found.names):
        column = found.summaries[:, k]
        like = near.quantiles(column[near.rows], BAND)
        values, unit = in_units(name, np.array([seen[k], *np.quantile(column, BAND), *like]))
        met = bool(column[near.rows].min() <= seen[k] <= column[near.rows].max())
        within = bool(like[0] - 1e-9 <= seen[k] <= like[2] + 1e-9)
        told.append(
            {"name": name, "unit": unit, "seen": values[0], "usual": values[1:4], "like": values[4:7], "within": within}
            | {"reached": met}
        )
    return told


def mimicked(seen: Observed, design: Design, found: Likenesses, near: Nearest) -> dict[str, Any]:
    """Return four-week means of the record beside bands of the groups most like it; None where nothing was noted."""
    months = design.weeks // MONTH
    recorded = {"present": seen.present}
    if "members" in design.kinds:
        recorded["members"] = on_roll(seen.spells, design.weeks)
    if "roles" in design.kinds:
        recorded["helpers"] = on_roll(seen.helping, design.weeks)
    told: dict[str, Any] = {}
    for name, values in recorded.items():
        if np.isnan(values).all():
            continue
        cut = values[: months * MONTH].reshape(months, MONTH)
        noted = ~np.isnan(cut).all(axis=1)
        means = np.full(months, np.nan)
        means[noted] = np.nanmean(cut[noted], axis=1)
        simulated = getattr(found, name)[near.rows][:, : months * MONTH].astype(float)
        simulated = simulated.reshape(len(near.rows), months, MONTH).mean(axis=2)
        bands = [weighted_quantiles(simulated[:, m], near.weights, BAND).tolist() for m in range(months)]
        seen_of_bands = [low - 1e-9 <= x <= high + 1e-9 for x, (low, _, high) in zip(means, bands, strict=True)]
        told[name] = {
            "seen": [None if np.isnan(x) else float(x) for x in means],
            "bands": bands,
            "within": int(np.sum(np.array(seen_of_bands)[noted])),
            "months": int(noted.sum()),
        }
    return told


def strangeness(near: Nearest, found: Likenesses, sample: int = 200) -> float:
    """Return the share of simulated groups that are stranger than the record: farther from those most like them."""
    table = found.table
    rows = np.linspace(0, len(found.index) - 1, min(sample, len(found.index))).astype(int)
    reaches = [table.nearest(found.summaries[row], leave_out=int(row)).reach for row in rows]
    return float(np.mean(np.array(reaches) >= near.reach))

"""The whole of a calibration: runs, emulators, history matching, more runs where it matters, posterior, check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.calibration.calibration_file import Calibration, Numbers
from mhsim.calibration.emulator import Emulator, emulators, one_thread
from mhsim.calibration.fact_targets import FactTarget, targets_of
from mhsim.calibration.inference import (
    CUT,
    Weighed,
    errors_together,
    even_places,
    implausibility,
    likelihood_of,
    out_of_reach,
    sample,
)
from mhsim.calibration.interval_coverage import Coverage, coverage_of
from mhsim.calibration.learning import foretold, learnt, patterns, told_by, twins
from mhsim.calibration.posterior import DRAWS, Learnt, Posterior
from mhsim.calibration.runs import Rows, design, run_points, stored

Progress = Callable[[int, int, int], None]
PLACES = 8192
"""Places at which history matching looks."""


@dataclass(frozen=True)
class Predicted:
    """One number under the posterior, by the real engine.

    Attributes
    ----------
    target : FactTarget
    low, middle, high : float
        Median and 95 % range over draws, as the number is.
    inside : float
        Share of draws inside the band.
    """

    target: FactTarget
    low: float
    middle: float
    high: float
    inside: float


@dataclass(frozen=True)
class Fit:
    """What came of a calibration.

    Attributes
    ----------
    plan : Calibration
    targets : list of FactTarget
        What was held against facts.
    rows : Rows
        All points that were run.
    made : list of Emulator
        Their emulators.
    far : list of FactTarget
        Facts that no place within the ranges comes near; set aside.
    ruled_out : float
        Share of the ranges that the other facts rule out.
    posterior : Posterior
    predicted : list of Predicted
        The facts under the posterior, run by the engine.
    coverage : Coverage or None
        Whether intervals hold, if that was asked for.
    histories : int
        Runs of the engine behind it.
    """

    plan: Calibration
    targets: list[FactTarget]
    rows: Rows
    made: list[Emulator]
    far: list[FactTarget]
    ruled_out: float
    posterior: Posterior
    predicted: list[Predicted]
    coverage: Coverage | None
    histories: int


def calibrate(
    plan: Calibration,
    folder: Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    truths: int = 0,
    command: str = "",
    shows: Callable[[str], Progress] = lambda what: lambda done, total, failed: None,
) -> Fit:
    """Calibrate a form and return what came of it; what is in the folder already is not run again.

    Parameters
    ----------
    plan : Calibration
        What is sought, and by which facts.
    folder : Path
        Where runs are kept, row by row.
    jobs : int
        Points side by side.
    scheduler : str, optional
        A Dask scheduler whose workers do the points.
    truths : int
        Synthetic truths by which coverage is looked at; 0 for none.
    command : str
        What is put into the posterior as having made it.
    shows : callable
        Given what is counted, returns a function of done, total and failed.
    """
    targets = targets_of(plan.checks)
    how: dict[str, Any] = {"jobs": jobs, "scheduler": scheduler}
    first = design(len(plan.names), plan.points)
    rows = run_points(plan, targets, first, folder, **how, progress=shows("points"))
    if plan.points_again:
        again = _places_again(plan, targets, rows, folder)
        both = np.vstack([first, again])
        rows = run_points(plan, targets, both, folder, **how, progress=shows("points, more where facts are met"))
    made, near, weighed = _inferred(targets, rows)
    draws = weighed.draws(DRAWS)
    places = draws[:: max(1, DRAWS // plan.checked)]
    exact = plan.for_checks
    checked = run_points(exact, targets, places, folder / "check", **how, progress=shows("draws, checked"))
    coverage = None
    if truths:
        one = _first_rows(rows, plan)
        coverage = coverage_of(near, one, truths, progress=shows("synthetic truths"))
    far = [one.target for one in made if one not in near]
    ruled_out = float(np.mean(implausibility(near, even_places(len(plan.names), PLACES)).max(axis=1) > CUT))
    found = _learnt(plan, targets, _first_rows(rows, plan), weighed, coverage)
    histories = _histories(plan, targets) * len(rows.places) + _histories(exact, targets) * len(checked.places)
    about = _made(plan, targets, far, rows, histories, weighed, ruled_out, command)
    predicted = [_predicted(one, checked.found[:, k]) for k, one in enumerate(targets)]
    about["facts"] = _facts(predicted, far)
    posterior = Posterior(plan.form, found, plan.values(draws), about)
    return Fit(plan, targets, rows, made, far, ruled_out, posterior, predicted, coverage, histories)


def _inferred(targets: Sequence[FactTarget], rows: Rows) -> tuple[list[Emulator], list[Emulator], Weighed]:
    """Return all emulators, those of facts within reach, and the posterior under these."""
    made, _ = emulators(targets, rows)
    parameters = rows.places.shape[1]
    far = out_of_reach(made, even_places(parameters, PLACES))
    near = [one for one, is_far in zip(made, far, strict=True) if not is_far]
    with one_thread():
        return made, near, sample(likelihood_of(near, errors_together(near)), parameters)


def _places_again(plan: Calibration, targets: Sequence[FactTarget], rows: Rows, folder: Path) -> Numbers:
    """Return the places of a second wave: those that were begun before, and draws from what the first left."""
    begun = {row["point"]: row["values"] for row in stored(folder) if row["point"] >= plan.points}
    before = [plan.places(begun[point]) for point in sorted(begun)]
    if len(before) >= plan.points_again:
        return np.array(before[: plan.points_again])
    _, _, weighed = _inferred(targets, _first_rows(rows, plan))
    new = weighed.draws(plan.points_again)
    return np.vstack([*before, new[len(before) :]])


def _first_rows(rows: Rows, plan: Calibration) -> Rows:
    """Return the rows of the first wave, which are spread as the prior is."""
    count = plan.points - sum(point < plan.points for point in rows.failed)
    return replace(rows, places=rows.places[:count], found=rows.found[:count], spread=rows.spread[:count])


def _histories(plan: Calibration, targets: Sequence[FactTarget]) -> int:
    """Return how many runs of the engine a point takes."""
    runs = plan.replicates
    worlds = {(repr(sorted(one.check.values.items())), _worlds(one)) for one in targets}
    for values, other in worlds:
        count = plan.replicates if values == "[]" else plan.replicates_elsewhere
        runs += count * (other != "") + (count if values != "[]" and other == "" else 0)
    return runs


def _worlds(target: FactTarget) -> str:
    """Return the other world that an observable compares with; empty for none."""
    name = target.check.observable
    return {"effect_on_joiners": "without", "still_distressed_without_groups": "without"}.get(
        name, name if name == "effect_of_helping" else ""
    )


def _learnt(
    plan: Calibration, targets: Sequence[FactTarget], rows: Rows, weighed: Weighed, coverage: Coverage | None
) -> dict[str, Learnt]:
    """Return what was learnt of each parameter."""
    seen = patterns(rows, targets)
    with one_thread():
        tells = foretold(seen, rows.places)
    by = told_by(seen, rows.places, targets)
    share, alike, shipped = learnt(weighed), twins(weighed, plan.names), plan.shipped_values()
    covered = np.full(len(plan.names), np.nan) if coverage is None else coverage.covered()
    low, middle, high = (plan.values(weighed.quantile(q)[None])[0] for q in (0.025, 0.5, 0.975))
    return {
        name: Learnt(
            sought.low, sought.high, shipped[name], middle[name], low[name], high[name], float(share[k]), alike[k],
            predicted=float(tells[k]), by=by[k], covered=float(covered[k]),
        )
        for k, (name, sought) in enumerate(plan.parameters.items())
    }  # fmt: skip


def _made(
    plan: Calibration,
    targets: Sequence[FactTarget],
    far: Sequence[FactTarget],
    rows: Rows,
    histories: int,
    weighed: Weighed,
    ruled_out: float,
    command: str,
) -> dict[str, Any]:
    """Return how a posterior was made, for its file."""
    return {
        "about": plan.about,
        "command": command or f"mhsim calibrate {plan.form}",
        "made": datetime.now(UTC).date().isoformat(),
        "mhsim": version("mhsim"),
        "points": len(rows.places),
        "failed": len(rows.failed),
        "histories": histories,
        "effective": round(weighed.effective),
        "ruled_out": round(ruled_out, 4),
        "set_aside": [one.label for one in far],
        "bands": "half a band's width is two standard deviations of what the fact leaves open",
    }


def _predicted(target: FactTarget, found: Numbers) -> Predicted:
    """Return one number under the posterior, by the draws that were run."""
    there = found[np.isfinite(found)]
    if not len(there):
        return Predicted(target, *[float("nan")] * 4)
    low, middle, high = np.quantile(there, [0.025, 0.5, 0.975])
    least = -np.inf if target.low is None else target.low
    most = np.inf if target.high is None else target.high
    return Predicted(target, float(low), float(middle), float(high), float(np.mean((there >= least) & (there <= most))))


def _facts(predicted: Sequence[Predicted], far: Sequence[FactTarget]) -> list[dict[str, Any]]:
    """Return the facts under the posterior as the file of it holds them."""
    return [
        {
            "fact": "/".join(one.target.facts),
            "check": one.target.check.check,
            "band": [one.target.low, one.target.high],
            "middle": float(f"{one.middle:.3g}"),
            "range": [float(f"{one.low:.3g}"), float(f"{one.high:.3g}")],
            "inside": round(one.inside, 2),
            "used": one.target not in far,
        }
        for one in predicted
    ]

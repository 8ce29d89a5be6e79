"""The runs behind a calibration: points that fill the ranges, on fixed replicates, kept row by row as they end.

Every row is one line of `runs.jsonl`: a point that failed is a row, too, and says why. What is there already is not
run again, so a calibration that was broken off goes on where it was. Point k has replicates of its own from a fixed
pool, in turn: what chance does then averages out over neighbouring points instead of shifting all of them alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import mhsim
from mhsim.calibration.calibration_file import Calibration, Numbers
from mhsim.calibration.fact_targets import TO, FactTarget
from mhsim.core.kept_code import sources_digest
from mhsim.errors import InputError
from mhsim.evidence.observables import OBSERVABLES
from mhsim.evidence.sample import ReplicateSample
from mhsim.safe_files import refusals, write_whole
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import read_scenario
from mhsim.stats import NORMAL
from mhsim.studies.one_run import Task, TaskResult
from mhsim.studies.runner import Control, results

SEED = 20_141_129
"""Seed of the design."""
ROWS, ABOUT = "runs.jsonl", "about.json"
FAR_OUT = 6.0
"""Standard deviations beyond which a number of one point counts as made of too few cases."""


@dataclass(frozen=True)
class Rows:
    """Finished points of a calibration.

    Attributes
    ----------
    places : array, shape (points, parameters)
        Where they lie in the unit cube.
    found : array, shape (points, targets)
        Simulated numbers as they are; NaN where there was no case.
    spread : array, shape (points, targets)
        Standard error of each, on its scale, from the replicates of the point.
    keys : tuple of str
        The targets, in order.
    failed : dict
        Points that failed, with the reason.
    """

    places: Numbers
    found: Numbers
    spread: Numbers
    keys: tuple[str, ...]
    failed: dict[int, str]


def design(parameters: int, points: int) -> Numbers:
    """Return points that fill the unit cube: a scrambled Sobol' sequence, the same every time."""
    from scipy.stats import qmc

    powers = int(np.ceil(np.log2(points)))
    found: Numbers = qmc.Sobol(parameters, rng=SEED).random_base2(powers)[:points]
    return found


def measure_point(task: Task, control: Control, *, targets: Sequence[FactTarget], plan: Calibration) -> TaskResult:
    """Return the numbers of one point, or why it failed.

    Parameters
    ----------
    task : Task
        Its scenario, and its number, by which its replicates are drawn from the pool.
    control : array of int64, shape (2,)
        The second number set to 1 asks to stop.
    targets : sequence of FactTarget
        What is worked out.
    plan : Calibration
        How many replicates, from which pool.
    """
    if control[1]:
        raise mhsim.Stopped
    samples: dict[str, ReplicateSample] = {}
    numbers: dict[str, Any] = {}
    try:
        for target in targets:
            values, key = target.check.values, repr(sorted(target.check.values.items()))
            if key not in samples:
                count = plan.replicates_elsewhere if values else plan.replicates
                first = (task.point * count) % max(1, plan.pool - count + 1)
                scenario = with_values(task.scenario, dict(values)) if values else task.scenario
                samples[key] = ReplicateSample(scenario, count, 1, first)
            found = OBSERVABLES[target.check.observable].of(samples[key], **target.check.arguments)
            numbers[target.key] = [_finite(number) for number in (found.value, found.low, found.high)]
    except mhsim.Stopped:
        raise
    except Exception as problem:
        return TaskResult(task.point, task.replicate, error=f"{type(problem).__name__}: {problem}"[:500])
    return TaskResult(task.point, task.replicate, numbers)


def _finite(value: float) -> float | None:
    """Return a number as JSON knows it: None where there was no case."""
    return float(value) if np.isfinite(value) else None


def run_points(
    plan: Calibration,
    targets: Sequence[FactTarget],
    places: Numbers,
    folder: Path,
    *,
    jobs: int = 1,
    scheduler: str | None = None,
    progress: Callable[[int, int, int], None] = lambda done, total, failed: None,
) -> Rows:
    """Run what is not there yet of some points and return all of their rows.

    Parameters
    ----------
    places : array, shape (points, parameters)
        Points in the unit cube; those known by number from before stay as they were run.
    folder : Path
        Where rows are kept.
    jobs : int
        Points side by side.
    scheduler : str, optional
        A Dask scheduler whose workers do the points.
    """
    _check_folder(plan, targets, folder)
    values = plan.values(places)
    there = {row["point"]: row for row in stored(folder) if row["values"] == _at(values, row["point"])}
    start = read_scenario(plan.form)
    tasks = (Task(k, 0, with_values(start, dict(values[k]))) for k in range(len(values)) if k not in there)
    work = partial(measure_point, targets=tuple(targets), plan=plan)
    failed = sum("error" in row for row in there.values())
    progress(len(there), len(values), failed)
    with refusals(folder / ROWS), (folder / ROWS).open("a", encoding="utf-8") as file:
        if file.tell() and not (folder / ROWS).read_bytes().endswith(b"\n"):
            file.write("\n")
        for done in _each(tasks, work, jobs, scheduler):
            row: dict[str, Any] = {"point": done.point, "values": values[done.point]}
            row |= {"error": done.error} if done.error else {"found": done.measures}
            file.write(json.dumps(row) + "\n")
            file.flush()
            there[done.point] = row
            failed += done.error is not None
            progress(len(there), len(values), failed)
    return _rows(plan, targets, there)


def _each(tasks: Iterator[Task], work: Any, jobs: int, scheduler: str | None) -> Iterator[TaskResult]:
    """Yield points as they end, from here or from a cluster."""
    if scheduler is None:
        yield from results(tasks, work, jobs=jobs)
        return
    from mhsim.studies.cluster import cluster_at

    with cluster_at(scheduler) as cluster:
        yield from cluster.results(tasks, work)


def _at(values: list[dict[str, float]], point: int) -> dict[str, float] | None:
    return values[point] if point < len(values) else None


def stored(folder: Path) -> list[dict[str, Any]]:
    """Return the rows of a folder; a last line that was cut off is left out."""
    path = folder / ROWS
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.is_file() else [], 1):
        try:
            found.append(json.loads(line))
        except ValueError:
            if line.endswith("}"):
                raise InputError("this line holds no row", str(path), number) from None
    return found


def _check_folder(plan: Calibration, targets: Sequence[FactTarget], folder: Path) -> None:
    """Begin a folder, or raise InputError if it holds rows of another calibration or another engine."""
    said = [plan.model_dump(mode="json", exclude={"about", "points"}), [target.key for target in targets]]
    rest = with_values(read_scenario(plan.form), {name: sought.low for name, sought in plan.parameters.items()})
    about = {
        "form": plan.form,
        "plan": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:12],
        "scenario": hashlib.sha256(rest.model_dump_json().encode()).hexdigest()[:12],
        "engine": sources_digest()[:12],
    }
    path = folder / ABOUT
    if path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        other = [name for name in about if before.get(name) != about[name]]
        if other:
            raise InputError(f"{folder} holds runs with another {other[0]}; give another folder with --out")
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, (json.dumps(about, indent=2) + "\n").encode())


def _rows(plan: Calibration, targets: Sequence[FactTarget], there: dict[int, dict[str, Any]]) -> Rows:
    """Return rows as arrays, in the order of their points."""
    failed = {point: row["error"] for point, row in there.items() if "error" in row}
    good = [there[point] for point in sorted(there) if point not in failed]
    if not good:
        raise InputError(f"all {len(there)} points failed; the first: {next(iter(failed.values()), 'none was run')}")
    places = np.array([plan.places(row["values"]) for row in good])
    three = np.array([[row["found"][target.key] for target in targets] for row in good], float)
    spread = [_errors(target, three[:, k, 1], three[:, k, 2]) for k, target in enumerate(targets)]
    found = np.column_stack([_of_enough_cases(target, three[:, k, 0]) for k, target in enumerate(targets)])
    return Rows(places, found, np.column_stack(spread), tuple(target.key for target in targets), failed)


def _of_enough_cases(target: FactTarget, found: Numbers) -> Numbers:
    """Return numbers without those far out of all others, on the scale: ratios over next to nothing.

    Far is beyond `FAR_OUT` times the spread of the middle half, taken as that of a normal distribution.
    """
    with np.errstate(invalid="ignore"):
        at = TO[target.scale](found)
        low, middle, high = np.nanquantile(at, [0.25, 0.5, 0.75]) if np.isfinite(at).any() else (0.0, 0.0, 0.0)
        far = np.abs(at - middle) > FAR_OUT * (high - low) / 1.349
    return np.where(far & (high > low), np.nan, found)


def _errors(target: FactTarget, low: Numbers, high: Numbers) -> Numbers:
    """Return the standard errors behind 95 % intervals, on the scale of the target; NaN where there is none."""
    return (TO[target.scale](high) - TO[target.scale](low)) / (2.0 * NORMAL)

"""How a tipping point is searched for: which values the rounds try, the rounds, both starts, all runs as one table.

A round spreads its values evenly over a range, at first the whole one and half as much each time, and is a sweep.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mhsim.errors import InputError
from mhsim.safe_files import StoreError, read_table, refusals, write_table
from mhsim.scenario import Value, with_values
from mhsim.studies import manifest
from mhsim.studies.columns import CHUNK, DRAW, bare, points_table, run_schema
from mhsim.studies.design import Study, StudyBase
from mhsim.studies.draws import with_draws
from mhsim.studies.plan import Plan
from mhsim.studies.plan import plan_of as sweep_plan_of
from mhsim.studies.points import common_value, value_at
from mhsim.studies.run_crate import write_crate
from mhsim.studies.run_study import Progress, StudyOutcome, outcome_of, run_study, study_session
from mhsim.studies.store import Store
from mhsim.studies.tipping.design import TippingPoint, place_of, value_of
from mhsim.studies.tipping.runs import STARTS, chosen, crossings, draw_folder, read_rounds, round_folder
from mhsim.studies.tipping.tables import analyse
from mhsim.studies.tipping.threshold import Crossing

OFF_MIDDLE, DRIFT = 0.41, 0.013
"""Where the crossing is taken to be when a study is planned: off the middle and moving, so that no value repeats."""


def next_values(
    study: TippingPoint, number: int, middle: float, before: Sequence[float], only_whole: bool
) -> list[float]:
    """Return what round `number` (0 first) tries, in rising order and without what was tried before.

    Parameters
    ----------
    study : TippingPoint
        Range, scale and points of a round.
    number : int
        Which round; the first spans the whole range, each later one half of the one before.
    middle : float
        The value around which the round lies; of no account for the first.
    before : sequence of float
        What earlier rounds tried.
    only_whole : bool
        Whether only whole numbers are allowed.
    """
    low, high = place_of(study.low, study.scale), place_of(study.high, study.scale)
    width = (high - low) / 2**number
    first = low if number == 0 else min(max(place_of(middle, study.scale) - width / 2, low), high - width)
    found = []
    for place in np.linspace(first, first + width, study.points).tolist():
        value = min(study.high, max(study.low, _short(value_of(place, study.scale), width, study.scale)))
        if only_whole:
            value = min(floor(study.high), max(ceil(study.low), round(value)))
        if study.low <= value <= study.high and value not in before and value not in found:
            found.append(value)
    return sorted(found)


def _short(value: float, width: float, scale: str) -> float:
    """Return a value with few digits, so that it can be written in a command; a thousandth of the round is kept."""
    return float(f"{value:.5g}") if scale == "log" else round(value, 3 - floor(log10(width)))


def planned_values(study: TippingPoint, only_whole: bool) -> list[float]:
    """Return the values of all rounds as they would be if the crossing were a little below the middle of the range."""
    low, high = place_of(study.low, study.scale), place_of(study.high, study.scale)
    found: list[float] = []
    for number in range(study.rounds):
        middle = value_of(low + (OFF_MIDDLE + DRIFT * number) * (high - low), study.scale)
        found += next_values(study, number, middle, found, only_whole)
    return sorted(found)


def plan_of(study: TippingPoint) -> Plan:
    """Turn a study into a plan of as many points as there can be, each an allowed scenario.

    Which values later rounds try is known only when the earlier ones are done. The plan has them where they would lie
    if the crossing were a little below the middle of the range; both ends of the range and both starts are in it.

    Raises
    ------
    InputError
        If the base does not exist or a point is not allowed; the message is one line and names the point.
    """
    only_whole = whole_path(study)
    tried = planned_values(study, only_whole)
    if len(tried) < 2:
        raise InputError(f"{study.path}: fewer than two whole numbers lie between {study.low:g} and {study.high:g}")
    firsts = planned_values(study.model_copy(update={"rounds": 1}), only_whole)
    starts = [*firsts, tried[len(tried) // 2]] if study.strong else []
    sweep_plan_of(sweep_of(study, starts, []))
    return sweep_plan_of(sweep_of(study, starts, tried))


def whole_path(study: TippingPoint) -> bool:
    """Return whether the path takes whole numbers only; raise InputError if it takes no numbers."""
    base = sweep_plan_of(sweep_of(study, [], []))
    try:
        present = value_at(base.scenario, study.path)
    except KeyError:
        return False
    if isinstance(present, (bool, str)):
        raise InputError(f"{study.path}: a tipping point is looked for among numbers")
    return isinstance(present, int)


def sweep_of(study: TippingPoint, starts: list[float], tried: list[float]) -> Study:
    """Return the sweep of some values as the scenario is (`tried`), then of others from both starts (`starts`)."""
    vary: dict[str, list[Value]] = {study.path: [*tried, *(value for value in starts for _ in range(2))]}
    own = _own_values(study) if tried and starts else {}
    for path in study.strong if starts else ():
        pair = [study.strong[path], study.weak[path]]
        vary[path] = [*(own[path] for _ in tried), *(pair * len(starts))]
    kept = [name for name in StudyBase.model_fields if name not in ("kind", "plan", "draws")]
    common = {name: getattr(study, name) for name in kept}
    varied = {"design": "list", "vary": vary} if tried or starts else {}
    return Study.model_validate({**common, **varied}, context={"beside": study.beside, "scenarios": study.kept})


def _own_values(study: TippingPoint) -> dict[str, Value]:
    """Return what the scenario itself has at the paths of the two starts."""
    plan = sweep_plan_of(sweep_of(study, [], []))
    scenario = with_values(plan.scenario, plan.fixed)
    return {path: common_value(scenario, path) for path in study.strong}


def run(study: TippingPoint, out: Path, *, resume: bool, progress: Progress, **how: Any) -> StudyOutcome:
    """Run the search into a folder, in the place of `run_study`, whose parameters and errors it has.

    With the values of each draw of what is not known, the whole search is done again in a folder of its own.
    """
    begun, behind = time.monotonic(), (0, 0)
    store = Store(out, study, with_draws(study, plan_of(study)))
    with study_session(store, resume, how["jobs"], how["scheduler"] or how["kind"], how["notice"]) as session:
        with refusals(out):
            (out / "runs.parquet").unlink(missing_ok=True)
            for chunk in (out / "runs").glob("chunk-*.parquet"):
                chunk.unlink()

        def sweep(of: Study, folder: Path) -> None:
            nonlocal behind
            done, failed = behind

            def with_earlier(now: int, total: int, ill: int) -> None:
                progress(done + now, store.plan.total, failed + ill)

            run_study(of, folder, resume=True, progress=with_earlier, **how)
            held = manifest.read(folder)
            behind = (done + held["done"] + held["failed"], failed + held["failed"])

        try:
            drawn = [with_values_of(study, store.plan, draw) for draw in range(study.draws + 1)]
            found = [search(one, draw_folder(out, draw), sweep) for draw, one in enumerate(drawn)]
            final = gathered(study, out, found, store.plan)
        except BaseException:
            with suppress(StoreError, InputError):
                store.close_session(session)
            raise
        stored = final.close_session(session)
        analyse(out)
        write_crate(out)
    return outcome_of(final, stored, begun)


def with_values_of(study: TippingPoint, plan: Plan, draw: int) -> TippingPoint:
    """Return the search with the values of a draw set in all runs; 0 is the search as it stands."""
    if not draw:
        return study
    given = {**study.model_dump(), "set": {**plan.draws[""].values[draw - 1], **study.set}, "draws": 0}
    return TippingPoint.model_validate(given, context={"beside": study.beside})


Sweep = Callable[[Study, Path], None]
"""Runs what is missing of a sweep in a folder."""
Searched = tuple[list[list[float]], list[float]]
"""The values of each round, and those tried from both starts."""


def search(study: TippingPoint, out: Path, sweep: Sweep) -> Searched:
    """Do all rounds, then both starts; return the values of each round, and those tried from both starts."""
    middle, only_whole = (study.low + study.high) / 2, whole_path(study)
    rounds: list[list[float]] = []
    tried: list[float] = []
    crossing: Crossing | None = None
    while len(rounds) < study.rounds:
        values = next_values(study, len(rounds), middle, tried, only_whole)
        if not values:
            break
        sweep(sweep_of(study, [], values), round_folder(out, len(rounds)))
        rounds.append(values)
        tried += values
        runs = read_rounds([round_folder(out, number) for number in range(len(rounds))], study.path)
        found = crossings(study, runs)
        crossing = found[chosen(found)]
        middle = crossing.value if crossing.crosses else _nearest_end(study, crossing)
        close = study.tolerance is not None and crossing.high - crossing.low <= study.tolerance
        if (crossing.crosses and close) or not any(one.share > 0 for one in found.values()):
            break
    if not study.strong:
        return rounds, []
    starts = set(rounds[0])
    if crossing is not None and crossing.crosses:
        place = place_of(crossing.value, study.scale)
        starts.add(min(tried, key=lambda value: abs(place_of(value, study.scale) - place)))
    sweep(sweep_of(study, sorted(starts), []), out / STARTS)
    return rounds, sorted(starts)


def _nearest_end(study: TippingPoint, crossing: Crossing) -> float:
    """Return the end of the range at which the outcome comes nearest to its level."""
    away = np.abs(np.nan_to_num(crossing.fitted, nan=np.inf)[[0, -1]] - study.level)
    return (study.low, study.high)[int(np.argmin(away))]


def gathered(study: TippingPoint, out: Path, found: Sequence[Searched], planned: Plan) -> Store:
    """Put the runs of all searches together as one table, as a plain sweep has it; return its store.

    `found` are the values that each search tried: as shipped first, then with the values of each draw.
    """
    plans = [
        sweep_plan_of(sweep_of(study, starts, [v for values in rounds for v in values])) for rounds, starts in found
    ]
    plan, parts, before = plans[0], [], 0
    if planned.draws:
        points = tuple((*point, draw) for draw, one in enumerate(plans) for point in one.points)
        plan = replace(plan, paths=(*plan.paths, DRAW), points=points, draws=planned.draws)
    for draw, (rounds, starts) in enumerate(found):
        folder = draw_folder(out, draw)
        folders = [round_folder(folder, number) for number in range(len(rounds))]
        for one, number in [*zip(folders, map(len, rounds), strict=True), (folder / STARTS, 2 * len(starts))]:
            if number:
                table = read_table(one / "runs.parquet")
                numbers = pa.array(table["point"].to_numpy() + before)
                parts.append(table.set_column(0, "point", numbers).cast(bare(run_schema(study.watch))))
                before += number
    store = Store(out, study, plan)
    write_table(out / "points.parquet", points_table(plan.paths, plan.points))
    write_table(out / "runs" / "chunk-000000000.parquet", pa.concat_tables(parts), **CHUNK)
    store.assemble()
    store.write_manifest({**manifest.read(out), "points": len(plan.points), "runs": plan.total})
    return store

"""How a tipping point is searched for: round after round, then both starts, then all runs as one table."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mhsim.errors import InputError
from mhsim.safe_files import StoreError, read_table, refusals, write_table
from mhsim.studies import manifest
from mhsim.studies.columns import CHUNK, bare, points_table, run_schema
from mhsim.studies.design import Study
from mhsim.studies.plan import Plan
from mhsim.studies.plan import plan_of as sweep_plan_of
from mhsim.studies.run_study import Notice, Progress, StudyOutcome, run_study, study_session
from mhsim.studies.runner import Kind
from mhsim.studies.store import Store
from mhsim.studies.tipping.design import TippingPoint
from mhsim.studies.tipping.planning import next_values, place_of, plan_of, sweep_of, whole_path
from mhsim.studies.tipping.runs import ROUNDS, STARTS, chosen, crossings, read_rounds
from mhsim.studies.tipping.tables import analyse
from mhsim.studies.tipping.threshold import Crossing


def run(
    study: TippingPoint,
    out: Path,
    *,
    jobs: int,
    resume: bool,
    progress: Progress | None,
    kind: Kind,
    scheduler: str | None = None,
    retry_failed: bool = False,
    notice: Notice | None = None,
) -> StudyOutcome:
    """Run the search into a folder, in the place of `run_study`, whose parameters and errors it has."""
    begun = time.monotonic()
    store = Store(out, study, plan_of(study))
    tell = notice or (lambda line: None)
    with study_session(store, resume, jobs, scheduler or kind, tell) as session:
        with refusals(out):
            (out / "runs.parquet").unlink(missing_ok=True)
            for chunk in (out / "runs").glob("chunk-*.parquet"):
                chunk.unlink()
        how = {"jobs": jobs, "kind": kind, "scheduler": scheduler, "retry_failed": retry_failed, "notice": tell}
        search = Search(study, out, store.plan.total, how, progress or (lambda done, total, failed: None))
        try:
            search.carry_out()
            final = gathered(study, out, search.rounds, search.starts)
        except BaseException:
            with suppress(StoreError, InputError):
                store.close_session(session)
            raise
        stored = final.close_session(session)
        analyse(out)
    error, command = final.first_failure() if stored.failures else (None, None)
    return StudyOutcome(out, final.plan.total, stored.done, stored.failures, time.monotonic() - begun, error, command)


class Search:
    """The search as it goes: which rounds are done, and what they tried."""

    def __init__(self, study: TippingPoint, out: Path, total: int, how: dict[str, Any], progress: Progress) -> None:
        self.study, self.out, self.total, self.how, self.progress = study, out, total, how, progress
        self.rounds: list[list[float]] = []
        self.starts: list[float] = []
        self.behind = (0, 0)

    def carry_out(self) -> None:
        """Do all rounds, then both starts."""
        middle, only_whole = (self.study.low + self.study.high) / 2, whole_path(self.study)
        crossing: Crossing | None = None
        for number in range(self.study.rounds):
            values = next_values(self.study, number, middle, self._tried(), only_whole)
            if not values:
                break
            self._do(sweep_of(self.study, [], values), self._folder(number))
            self.rounds.append(values)
            crossing, possible = self._crossing()
            middle = crossing.value if crossing.crosses else self._nearest_end(crossing)
            if self._settled(crossing) or not possible:
                break
        if self.study.strong:
            at = [self._nearest(crossing.value)] if crossing is not None and crossing.crosses else []
            self.starts = sorted({*self.rounds[0], *at})
            self._do(sweep_of(self.study, self.starts, []), self.out / STARTS)

    def _crossing(self) -> tuple[Crossing, bool]:
        """Return where the crossing is taken to be, and whether chance leaves any crossing possible."""
        runs = read_rounds([self._folder(number) for number in range(len(self.rounds))], self.study.path)
        found = crossings(self.study, runs)
        return found[chosen(found)], any(crossing.share > 0 for crossing in found.values())

    def _settled(self, crossing: Crossing) -> bool:
        """Return whether the critical value is known as closely as was asked for."""
        tolerance = self.study.tolerance
        return tolerance is not None and crossing.crosses and crossing.high - crossing.low <= tolerance

    def _nearest_end(self, crossing: Crossing) -> float:
        """Return the end of the range at which the outcome comes nearest to its level."""
        away = np.abs(np.nan_to_num(crossing.fitted, nan=np.inf)[[0, -1]] - self.study.level)
        return (self.study.low, self.study.high)[int(np.argmin(away))]

    def _nearest(self, middle: float) -> float:
        """Return the value tried that lies nearest to a place."""
        scale = self.study.scale
        return min(self._tried(), key=lambda value: abs(place_of(value, scale) - place_of(middle, scale)))

    def _tried(self) -> list[float]:
        return [value for values in self.rounds for value in values]

    def _folder(self, number: int) -> Path:
        return self.out / ROUNDS / f"{number:02d}"

    def _do(self, sweep: Study, folder: Path) -> None:
        """Run a plain sweep into a folder, or what is missing of it there."""
        done, failed = self.behind

        def shows(now: int, total: int, ill: int) -> None:
            self.progress(done + now, self.total, failed + ill)

        run_study(sweep, folder, resume=True, progress=shows, **self.how)
        held = manifest.read(folder)
        self.behind = (done + held["done"] + held["failed"], failed + held["failed"])


def gathered(study: TippingPoint, out: Path, rounds: list[list[float]], starts: list[float]) -> Store:
    """Put the runs of all rounds and both starts together as one table, as a plain sweep has it; return its store."""
    tried = [value for values in rounds for value in values]
    plan: Plan = sweep_plan_of(sweep_of(study, starts, tried))
    store = Store(out, study, plan)
    folders = [out / ROUNDS / f"{number:02d}" for number in range(len(rounds))]
    parts, before = [], 0
    for folder, points in [*zip(folders, map(len, rounds), strict=True), (out / STARTS, 2 * len(starts))]:
        if points:
            table = read_table(folder / "runs.parquet")
            numbers = pa.array(table["point"].to_numpy() + before)
            parts.append(table.set_column(0, "point", numbers).cast(bare(run_schema(study.watch))))
            before += points
    write_table(out / "points.parquet", points_table(plan.paths, plan.points))
    write_table(out / "runs" / "chunk-000000000.parquet", pa.concat_tables(parts), **CHUNK)
    store.assemble()
    store.write_manifest({**store.read_manifest(), "points": len(plan.points), "runs": plan.total})
    return store

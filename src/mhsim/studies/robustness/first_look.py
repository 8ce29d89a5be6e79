"""How a robustness study is run: all as assumed, a first look at every alteration, the rest where a sentence may fall.

A sentence that stands clearly at a first look is not looked at again under that alteration. Without `screen` all runs
are done at once. Which runs are asked for follows from the runs before alone, whoever did them and however often they
were stopped.
"""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.safe_files import StoreError
from mhsim.studies import manifest
from mhsim.studies.data import StudyData, read_study
from mhsim.studies.robustness.alterations import AS_ASSUMED
from mhsim.studies.robustness.analysis import analyse
from mhsim.studies.robustness.design import AlteredPlan, Robustness, plan_of
from mhsim.studies.robustness.sentences import altered_data, sentences, with_runs
from mhsim.studies.robustness.standing import STANDS, standing
from mhsim.studies.run_crate import write_crate
from mhsim.studies.run_study import (
    Progress,
    StudyOutcome,
    outcome_of,
    run_missing,
    runs_again,
    study_session,
    workers,
)
from mhsim.studies.store import Store

Flags = NDArray[np.bool_]


def run(study: Robustness, out: Path, *, resume: bool, progress: Progress, **how: Any) -> StudyOutcome:
    """Run the study into a folder, in the place of `run_study`, whose parameters and errors it has."""
    begun, plan = time.monotonic(), plan_of(study)
    store, asked = Store(out, study, plan), in_any_case(study, plan)
    who = how["scheduler"] or how["kind"]
    with (
        workers(how["kind"], how["jobs"], how["scheduler"]) as do,
        study_session(store, resume, how["jobs"], who, how["notice"]) as session,
    ):
        try:
            run_missing(store, do, progress, runs_again(store, how["retry_failed"], how["notice"]), asked)
            if study.screen:
                asked |= may_fall(study, plan, with_runs(read_study(out), store.runs()))
                run_missing(store, do, progress, among=asked)
            store.assemble(asked)
        except BaseException:
            with suppress(StoreError, InputError):
                store.close_session(session)
            raise
        stored = store.close_session(session)
        store.write_manifest(manifest.read(out) | {"runs": int(asked.sum())})
        analyse(out)
        write_crate(out)
    outcome = outcome_of(store, stored, begun)
    return StudyOutcome(out, int(asked.sum()), outcome.done, outcome.failed, outcome.elapsed, *failure(outcome))


def failure(outcome: StudyOutcome) -> tuple[str | None, str | None]:
    """Return the first error of an outcome and the command that repeats it."""
    return outcome.first_error, outcome.first_command


def in_any_case(study: Robustness, plan: AlteredPlan) -> Flags:
    """Return the runs that are done in any case, shape (runs,): all as assumed, and so many of every alteration."""
    asked = np.ones((len(plan.points), plan.replicates), np.bool_)
    if study.screen:
        altered = [number for number, point in enumerate(plan.points) if point[0] != AS_ASSUMED]
        asked[altered, study.screen :] = False
    return asked.ravel()


def may_fall(study: Robustness, plan: AlteredPlan, data: StudyData) -> Flags:
    """Return the runs at the points of every sentence that does not stand clearly at a first look, shape (runs,)."""
    usual = {one[:2]: one.found for one in sentences(altered_data(data, study.asks, AS_ASSUMED), study.asks)}
    asked = np.zeros((len(plan.points), plan.replicates), np.bool_)
    for name in plan.alterations:
        seen = altered_data(data, study.asks, name, replicates=study.screen)
        for one in sentences(seen, study.asks):
            if usual[one[:2]].clear and standing(usual[one[:2]], one.found) != STANDS:
                asked[[seen.first + point for point in one.points]] = True
    return asked.ravel()

"""A stand-in for the engine, a pure function of scenario and replicate, and a small study for the tests of the store.

With it the tests of sweeps are about the machinery alone: nothing is compiled and no run takes time.
"""

import inspect
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa

import mhsim
from mhsim.outcomes.measures import MEASURES
from mhsim.scenario import Scenario
from mhsim.studies.design import Study
from mhsim.studies.run_study import run_study


def stand_in(
    scenario: Scenario, replicate: int, *, record: str = "runs", control: Any = None, jobs: int = 1
) -> SimpleNamespace:
    """Return a run that took no time: every measure is drawn from members, seed and replicate."""
    luck = random.Random(f"{scenario.start.members} {scenario.seed} {replicate}")
    draws = {
        "number": lambda: luck.choice([None, luck.random(), float("nan")]),
        "whole": lambda: luck.randrange(100),
        "yes_no": lambda: luck.random() < 0.5,
        "text": lambda: luck.choice([None, "", "no_leader", "money conflict"]),
    }
    weeks = pa.table({"week": list(range(scenario.weeks)), "members": [luck.random() for _ in range(scenario.weeks)]})
    summary = {measure.name: draws[measure.kind]() for measure in MEASURES}
    return SimpleNamespace(summary=summary, series=weeks, lives=weeks)


def small_study(folder: Path) -> Study:
    """Return a study of 3 points and 60 runs each; its scenario is written into a folder."""
    path = folder / "small.yaml"
    path.write_text("weeks: 30\nstart:\n  members: 8\n  helpers: 2\n")
    return Study.model_validate({"base": str(path), "vary": {"start.members": [8, 9, 10]}, "replicates": 60})


def bytes_of(study: Study, out: Path, **keys: Any) -> bytes:
    """Return runs.parquet of a study run into a folder."""
    run_study(study, out, **keys)
    return (out / "runs.parquet").read_bytes()


def chunks(out: Path) -> list[str]:
    """Return the names of the finished chunks."""
    return sorted(path.name for path in (out / "runs").glob("*.parquet"))


class Interruption:
    """A progress callback that stops the sweep after so many calls, as Ctrl-C would."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Count a call and interrupt when the time has come."""
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt


def test_stand_in_is_called_as_the_engine_is() -> None:
    """Tests against a stand-in say nothing if the engine takes other arguments."""
    assert list(inspect.signature(stand_in).parameters) == list(inspect.signature(mhsim.simulate).parameters)


def test_stand_in_is_a_pure_function() -> None:
    """The tests compare bytes, so the same run must give the same values every time."""
    first, again = (stand_in(Scenario(), 3).summary for _ in range(2))
    assert repr(first) == repr(again)
    assert repr(first) != repr(stand_in(Scenario(), 4).summary)
    assert set(first) == {measure.name for measure in MEASURES}

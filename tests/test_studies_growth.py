"""Studies that grow after they were finished, or go on by rounds: the same bytes as if asked for so from the start."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import stats
from scipy.stats import qmc

import mhsim
from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.studies import chunks
from mhsim.studies.chunks import point_names
from mhsim.studies.design import Study
from mhsim.studies.plan import plan_of
from mhsim.studies.run_study import run_study
from mhsim.studies.stopping_rule import precision_rows
from test_studies_stand_in import Interruption, bytes_of, small_study, stand_in

TURNOVER = "serve.turnover_per_year"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, float, int]]:
    """Put the stand-in in the place of the engine; return which runs it is asked for, as they come."""
    seen: list[tuple[int, float, int]] = []

    def noted(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        seen.append((scenario.start.members, scenario.serve.turnover_per_year, replicate))
        if (scenario.start.members, replicate) == (9, 7):
            raise ZeroDivisionError("nobody left")
        return stand_in(scenario, replicate, **keys)

    monkeypatch.setattr(mhsim, "simulate", noted)
    return seen


@pytest.fixture
def study(ran: list[tuple[int, float, int]], tmp_path: Path) -> Study:
    """Return a study of 3 points and 60 runs each, one of which fails."""
    return small_study(tmp_path)


def other(study: Study, **keys: Any) -> Study:
    """Return the study with other keys, checked."""
    return Study.model_validate({**study.model_dump(mode="json"), **keys})


GROWN: dict[str, dict[str, Any]] = {
    "replicates": {"replicates": 97},
    "values after the others": {"vary": {"start.members": [8, 9, 10, 12, 11]}},
    "values before and between the others": {"vary": {"start.members": [7, 10, 11, 8, 9]}},
    "both": {"vary": {"start.members": [7, 8, 9, 10]}, "replicates": 61},
}


@pytest.mark.parametrize("way", GROWN)
def test_grown_study_equals_one_asked_for_so(
    study: Study,
    ran: list[tuple[int, float, int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """More runs are often wanted after the first look; those that are done must not be done again, nor differ."""
    monkeypatch.setattr(chunks, "RUNS_IN_CHUNK", 17)
    large = other(study, **GROWN[way])
    expected = bytes_of(large, tmp_path / "expected")
    out = tmp_path / "out"
    run_study(study, out, jobs=3)
    ran.clear()
    assert bytes_of(large, out, resume=True, jobs=3) == expected
    total = len(plan_of(large).points) * large.replicates
    assert len(ran) == total - 180
    assert len(set(ran)) == len(ran)
    for name in ("study.yaml", "points.parquet"):
        assert (out / name).read_bytes() == (tmp_path / "expected" / name).read_bytes()
    kept, new = (json.loads((folder / "manifest.json").read_text()) for folder in (out, tmp_path / "expected"))
    assert {**kept, "sessions": []} == {**new, "sessions": []}
    assert (new["runs"], new["failed"], kept["state"]) == (total, 1, "complete")
    ran.clear()
    assert bytes_of(large, out, resume=True) == expected
    assert ran == []


def test_study_grows_twice_and_through_interruptions(
    study: Study, ran: list[tuple[int, float, int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers of points are carried along however often a study grows and wherever it is stopped."""
    monkeypatch.setattr(chunks, "RUNS_IN_CHUNK", 17)
    steps = [
        study,
        other(study, vary={"start.members": [12, 8, 9, 10]}),
        other(study, vary={"start.members": [12, 11, 8, 9, 10]}, replicates=70),
    ]
    expected = bytes_of(steps[-1], tmp_path / "expected")
    ran.clear()
    for step in steps:
        with pytest.raises(KeyboardInterrupt):
            run_study(step, tmp_path / "out", jobs=2, resume=True, progress=Interruption(after=25))
        assert not (tmp_path / "out" / "runs.parquet").exists()
    assert bytes_of(steps[-1], tmp_path / "out", resume=True, jobs=2) == expected
    assert len(set(ran)) == 5 * 70


def test_grown_in_a_second_path(study: Study, ran: list[tuple[int, float, int]], tmp_path: Path) -> None:
    """A value added to the path that varies fastest gives every old point another number."""
    small = other(study, vary={"start.members": [8, 9], TURNOVER: [0.1, 0.4]}, replicates=5)
    large = other(study, vary={"start.members": [8, 9], TURNOVER: [0.1, 0.2, 0.4]}, replicates=5)
    run_study(small, tmp_path / "out")
    ran.clear()
    assert bytes_of(large, tmp_path / "out", resume=True) == bytes_of(large, tmp_path / "expected")
    assert ran[:10] == [(members, 0.2, replicate) for replicate in range(5) for members in (8, 9)]


def test_other_order_of_paths_keeps_the_runs_at_their_points(study: Study, tmp_path: Path) -> None:
    """Two studies that differ in the order of what varies are equal as data; their points are numbered otherwise."""
    one = other(study, vary={"start.members": [8, 9], TURNOVER: [0.1, 0.4]}, replicates=5)
    two = other(study, vary={TURNOVER: [0.1, 0.4], "start.members": [8, 9]}, replicates=5)
    run_study(one, tmp_path / "out")
    assert bytes_of(two, tmp_path / "out", resume=True) == bytes_of(two, tmp_path / "expected")


def test_a_study_does_not_shrink_or_turn(study: Study, tmp_path: Path) -> None:
    """Rows that are asked for no more must not vanish in silence, and another question needs another folder."""
    run_study(study, tmp_path / "out")
    before = (tmp_path / "out" / "runs.parquet").read_bytes()
    for keys in ({"replicates": 59}, {"vary": {"start.members": [8, 9]}}, {"seed": 2, "replicates": 70}):
        with pytest.raises(InputError, match="it holds another study"):
            run_study(other(study, **keys), tmp_path / "out", resume=True)
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == before


def test_series_are_never_numbered_anew(study: Study, tmp_path: Path) -> None:
    """Tables of single runs bear the number of their point; points may be added after the others, not between."""
    small = other(study, record="series", replicates=2)
    run_study(small, tmp_path / "out")
    with pytest.raises(InputError, match="new points must come last"):
        run_study(other(small, vary={"start.members": [7, 8, 9, 10]}), tmp_path / "out", resume=True)
    large = other(small, vary={"start.members": [8, 9, 10, 11]}, replicates=3)
    assert bytes_of(large, tmp_path / "out", resume=True) == bytes_of(large, tmp_path / "expected")
    kept, new = (
        {path.name: path.read_bytes() for path in (tmp_path / name / "series").iterdir()}
        for name in ("out", "expected")
    )
    assert kept == new


def test_names_of_points_tell_kinds_and_repetitions_apart() -> None:
    """1, 1.0 and yes are three values, and a list may hold a point twice."""
    names = point_names(("a",), [(1,), (1.0,), (True,), ("1",), (1,)])
    assert len(set(names)) == 5


def test_rounds_go_on_until_the_widest_is_narrow(
    study: Study, ran: list[tuple[int, float, int]], tmp_path: Path
) -> None:
    """The number of replicates must follow from the results alone, and its table equal that of a plain study."""
    asked = other(study, replicates=25, until={"alive_at_end": 0.08, "hope_at_52": 0.1}, most_replicates=1000)
    expected = bytes_of(asked, tmp_path / "one")
    ran.clear()
    outcome = run_study(asked, tmp_path / "out", jobs=3)
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == expected
    assert len(ran) == outcome.total == outcome.done + outcome.failed
    replicates = outcome.total // 3
    assert 25 < replicates < 1000
    assert replicates % 25 == 0
    rows = pq.read_table(tmp_path / "out" / "precision.parquet").to_pylist()
    assert len(rows) == 6
    assert all(row["narrow_enough"] and row["half_width"] <= row["asked"] for row in rows)
    alive = pq.read_table(tmp_path / "out" / "runs.parquet", filters=[("point", "==", 1), ("status", "==", "done")])
    assert rows[1]["runs"] == replicates - 1 == len(alive)
    limits = stats.binomtest(sum(alive["alive_at_end"].to_pylist()), len(alive)).proportion_ci(method="wilson")
    assert rows[1]["half_width"] == pytest.approx((limits.high - limits.low) / 2, rel=1e-9)
    plain = other(study, replicates=replicates)
    assert bytes_of(plain, tmp_path / "plain") == expected
    before = other(asked, most_replicates=replicates - 25)
    run_study(before, tmp_path / "before")
    short = pq.read_table(tmp_path / "before" / "precision.parquet").to_pylist()
    assert not all(row["narrow_enough"] for row in short), "a round too many was done"


def test_rounds_can_be_interrupted_resumed_and_asked_for_more(
    study: Study, ran: list[tuple[int, float, int]], tmp_path: Path
) -> None:
    """A long study by rounds is stopped somewhere; no run is done twice, and more precision later costs only more."""
    loose = other(study, replicates=20, until={"hope_at_52": 0.1}, most_replicates=1000)
    tight = other(study, replicates=20, until={"hope_at_52": 0.08}, most_replicates=1000)
    expected, more = bytes_of(loose, tmp_path / "loose"), bytes_of(tight, tmp_path / "tight")
    ran.clear()
    with pytest.raises(KeyboardInterrupt):
        run_study(loose, tmp_path / "out", progress=Interruption(after=130))
    ran.clear()
    assert bytes_of(loose, tmp_path / "out", resume=True, jobs=2) == expected
    assert bytes_of(tight, tmp_path / "out", resume=True, jobs=2) == more
    assert len(set(ran)) == len(ran) < pq.read_metadata(tmp_path / "out" / "runs.parquet").num_rows


def test_rounds_end_at_the_most_where_a_measure_has_no_case(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A measure that no run has is never known; it must neither stop the study early nor go on for ever."""

    def empty(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        run = stand_in(scenario, replicate, **keys)
        run.summary["hope_at_52"] = None
        return run

    monkeypatch.setattr(mhsim, "simulate", empty)
    run_study(other(study, replicates=4, until={"hope_at_52": 0.1}, most_replicates=10), tmp_path / "out")
    rows = pq.read_table(tmp_path / "out" / "precision.parquet").to_pylist()
    assert [(row["runs"], row["mean"], row["half_width"], row["narrow_enough"]) for row in rows] == [
        (0, None, None, False)
    ] * 3
    assert pq.read_metadata(tmp_path / "out" / "runs.parquet").num_rows == 30


def test_half_width_of_a_mean_is_students_and_of_a_share_wilsons() -> None:
    """Compared with SciPy, holes left out; one value says nothing about its spread."""
    luck = np.random.default_rng(1)
    values = luck.normal(3.0, 2.0, (4, 30))
    values[1, 5:9], values[2, 1:] = np.nan, np.nan
    columns = {"members_at_end": np.abs(values), "alive_at_end": np.tile([1.0] * 28 + [0.0] * 2, (4, 1))}
    study = SimpleNamespace(until={"members_at_end": 0.5, "alive_at_end": 0.1})
    rows = list(precision_rows(study, columns.__getitem__))  # type: ignore[arg-type]
    assert [row["runs"] for row in rows] == [30, 26, 1, 30] + [30] * 4
    for point in (0, 1, 3):
        there = np.abs(values[point][np.isfinite(values[point])])
        low, high = stats.t.interval(0.95, len(there) - 1, there.mean(), stats.sem(there))
        assert rows[point]["mean"] == pytest.approx(there.mean())
        assert rows[point]["half_width"] == pytest.approx((high - low) / 2)
    assert np.isinf(rows[2]["half_width"]) and not rows[2]["narrow_enough"]
    wilson = stats.binomtest(28, 30).proportion_ci(method="wilson")
    assert rows[4]["half_width"] == pytest.approx((wilson.high - wilson.low) / 2)


def test_sobol_is_that_of_scipy_and_its_double_begins_with_it(study: Study, ran: Any, tmp_path: Path) -> None:
    """A sample by Sobol may be doubled; the seed of the study scrambles it."""
    ranges = {TURNOVER: {"low": 0, "high": 1}, "community.stigma": {"low": 0, "high": 1}}
    keys = {"base": study.base, "design": "sobol", "vary": ranges, "seed": 4, "replicates": 2}
    small = Study.model_validate({**keys, "samples": 8})
    large = Study.model_validate({**keys, "samples": 16})
    expected = qmc.Sobol(2, rng=np.random.default_rng(4)).random(16)
    assert np.allclose(plan_of(large).points, expected, atol=1e-11)
    assert plan_of(large).points[:8] == plan_of(small).points
    run_study(small, tmp_path / "out")
    ran.clear()
    assert bytes_of(large, tmp_path / "out", resume=True) == bytes_of(large, tmp_path / "expected")
    assert len(ran) == 16 + 32


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"design": "sobol", "samples": 12, "vary": {TURNOVER: [0.1]}}, "power of two of samples, such as 8 or 16"),
        ({"design": "sobol", "vary": {TURNOVER: [0.1]}}, "needs samples"),
        ({"until": {"alive_at_end": 0.1}}, "needs most_replicates"),
        ({"most_replicates": 50}, "belongs to until"),
        ({"until": {"alive_at_end": 0}, "most_replicates": 50}, "above 0"),
        ({"until": {"alive_at_ende": 0.1}, "most_replicates": 50}, "did you mean 'alive_at_end'"),
        ({"until": {"closure_reasons": 0.1}, "most_replicates": 50}, "is words"),
        ({"until": {"alive_at_end": 0.1}, "most_replicates": 5}, "below replicates"),
    ],
)
def test_wrong_study_is_refused_with_the_reason(keys: dict[str, Any], words: str) -> None:
    """What contradicts itself must not run for hours."""
    with pytest.raises(ValueError, match=words):
        Study.model_validate(keys)


def test_study_without_rounds_is_written_as_ever() -> None:
    """Folders made before there were rounds hold the same study."""
    assert not {"until", "most_replicates"} & set(Study().model_dump(mode="json"))

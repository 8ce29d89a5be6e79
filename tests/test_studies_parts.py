"""A study of several parts: which points it has, what is kept of which runs, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import mhsim
from mhsim.errors import InputError
from mhsim.studies.data import read_study
from mhsim.studies.design import Study
from mhsim.studies.plan import Plan, plan_of
from mhsim.studies.run_study import run_study

TURNOVER, MEMBERS, HELPERS = "serve.turnover_per_year", "start.members", "start.helpers"
PARTS = {"often": {TURNOVER: [0.0, 0.2, 1.0]}, "size": {MEMBERS: [8, 12], HELPERS: [1, 2]}}


@pytest.fixture
def base(tmp_path: Path) -> str:
    """Return the path of a small scenario, in which a change stands that loses nobody."""
    path = tmp_path / "small.yaml"
    change = "changes:\n  - {week: 10, act: lose_busiest_helpers, count: 0}\n"
    path.write_text(f"weeks: 30\nstart:\n  members: 8\n  helpers: 2\n{change}")
    return str(path)


def study_of(base: str, **keys: Any) -> Study:
    """Return a study of parts."""
    return Study.model_validate({"base": base, "design": "parts", "parts": PARTS, "replicates": 2, **keys})


def plan(base: str, **keys: Any) -> Plan:
    """Return its plan."""
    return plan_of(study_of(base, **keys))


def test_points_are_the_scenario_and_each_part_with_all_else_as_in_it(base: str) -> None:
    """A part that does not name a path leaves it alone, and what parts have in common is run once."""
    found = plan(base)
    assert found.paths == (TURNOVER, MEMBERS, HELPERS)
    own = (0.2, 8, 2)
    often = {(0.0, 8, 2), own, (1.0, 8, 2)}
    size = {(0.2, 8, 1), own, (0.2, 12, 1), (0.2, 12, 2)}
    assert found.points[0] == own
    assert set(found.points) == often | size
    assert len(found.points) == len(often | size)


def test_what_is_set_holds_in_all_parts_that_do_not_vary_it(base: str) -> None:
    """A value under set is the scenario's own for every part but the one that varies it."""
    found = plan(base, set={TURNOVER: 0.5})
    assert found.points[0] == (0.5, 8, 2)
    assert {values[0] for values in found.points if values[1:] != (8, 2)} == {0.5}
    assert {values[0] for values in found.points} == {0.0, 0.2, 0.5, 1.0}


def test_a_loss_of_nobody_is_the_scenario_itself(base: str) -> None:
    """The count of a change can vary from none on, so that a part has its own world without the loss."""
    found = plan(base, parts={"lost": {"changes[0].count": [0, 1, 2]}})
    assert found.points == ((0,), (1,), (2,))
    assert found.scenario_at(2).changes[0].count == 2
    runs = [mhsim.simulate(found.scenario_at(k)).summary for k in (0, 1)]
    free = mhsim.Scenario.model_validate({**found.scenario_at(0).model_dump(), "changes": ()})
    without = mhsim.simulate(free).summary
    assert runs[0] == without
    assert runs[1] != without


def test_series_are_kept_for_the_parts_that_are_named(base: str, tmp_path: Path) -> None:
    """Weekly series of all runs would fill the disk; those of one part are what a question needs."""
    study = study_of(base, series_of=["often"])
    outcome = run_study(study, tmp_path / "out")
    assert (outcome.done, outcome.failed) == (12, 0)
    data = read_study(tmp_path / "out")
    kept = {point for point, values in enumerate(data.points) if values[MEMBERS] == 8 and values[HELPERS] == 2}
    assert kept == plan_of(study).series_at
    files = {path.name for path in (tmp_path / "out" / "series").iterdir()}
    assert files == {f"point-{k:06d}-replicate-{r:06d}.parquet" for k in kept for r in range(2)}
    assert len(data.run_table("series", 0, 1)) == 30


def test_a_lost_series_is_made_again_and_nothing_else(base: str, tmp_path: Path) -> None:
    """A run without its series is not done, and a run that needs none is."""
    study, out = study_of(base, series_of=["often"]), tmp_path / "out"
    run_study(study, out)
    lost = out / "series" / "point-000000-replicate-000001.parquet"
    before = {path.name: path.stat().st_mtime_ns for path in (out / "series").iterdir()}
    content = lost.read_bytes()
    lost.unlink()
    (out / "runs.parquet").unlink()
    done = []
    run_study(study, out, resume=True, progress=lambda finished, total, failed: done.append(finished))
    assert done[0] == 11
    assert lost.read_bytes() == content
    assert {p.name for p in (out / "series").iterdir() if before[p.name] != p.stat().st_mtime_ns} == {lost.name}


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"parts": {}}, "design parts needs parts"),
        ({"vary": {TURNOVER: [0.1]}}, "leave vary away"),
        ({"design": "grid"}, "parts belongs to design parts, not grid"),
        ({"parts": {"Big size": {MEMBERS: [8]}}}, "is no name of a part"),
        ({"parts": {"empty": {}}}, "empty varies nothing"),
        ({"parts": {"long": {"weeks": [30]}}}, "scenario and weeks are the same in all parts"),
        ({"parts": {"twice": {MEMBERS: [8, 8]}}}, "a value is given twice"),
        ({"series_of": ["ofte"]}, "no part 'ofte'"),
        ({"series_of": ["often"], "record": "series"}, "keeps the series of all runs"),
    ],
)
def test_wrong_parts_are_refused_with_the_reason(base: str, keys: dict[str, Any], words: str) -> None:
    """Somebody who writes a study learns what is wrong with it."""
    with pytest.raises(ValidationError, match=words):
        study_of(base, **keys)


def test_a_part_with_a_path_that_does_not_exist_is_refused(base: str) -> None:
    """A misspelt path in any part stops the study before anything runs."""
    with pytest.raises(InputError, match="members"):
        plan(base, parts={"size": {"start.member": [8]}})
    with pytest.raises(InputError, match=r"start\.helpers"):
        plan(base, parts={"size": {HELPERS: [1, -1]}})


def test_a_study_without_parts_is_written_as_ever(base: str) -> None:
    """The new keys may not change the identity of studies that do without."""
    written = Study.model_validate({"base": base}).model_dump()
    assert not {"parts", "series_of"} & set(written)
    assert Study.model_validate(study_of(base).model_dump()) == study_of(base)

"""A sweep into a folder: the same bytes however it is done, the same luck at every point, failures kept apart."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

import mhsim
from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.scenario import Scenario
from mhsim.studies import chunks, one_run, runner, store
from mhsim.studies.design import Study
from mhsim.studies.run_study import StudyOutcome, run_study
from test_studies_stand_in import bytes_of, small_study, stand_in


@pytest.fixture(autouse=True)
def _no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in in the place of the engine."""
    monkeypatch.setattr(mhsim, "simulate", stand_in)


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Return a study of 3 points and 60 runs each."""
    return small_study(tmp_path)


@pytest.fixture
def expected(study: Study, tmp_path: Path) -> bytes:
    """Return runs.parquet of the study, done in one go by one worker."""
    return bytes_of(study, tmp_path / "expected")


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("size", [7, 50, 1000])
def test_same_bytes_for_any_jobs_and_chunks(
    study: Study, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, size: int
) -> None:
    """Results may depend on the study alone, or nobody could check anybody's results."""
    monkeypatch.setattr(chunks, "RUNS_IN_CHUNK", size)
    assert bytes_of(study, tmp_path / "out", jobs=jobs) == expected


def test_same_bytes_when_runs_end_out_of_order(
    study: Study, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late runs end up in later chunks; the table in the end is in order all the same."""

    def uneven(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        time.sleep(0.02 if replicate % 10 == 0 else 0)
        return stand_in(scenario, replicate, **keys)

    monkeypatch.setattr(mhsim, "simulate", uneven)
    monkeypatch.setattr(chunks, "RUNS_IN_CHUNK", 7)
    assert bytes_of(study, tmp_path / "out", jobs=4) == expected
    places = pq.read_table(tmp_path / "out" / "runs.parquet", columns=["point", "replicate"]).to_pylist()
    assert places == [{"point": point, "replicate": luck} for point in range(3) for luck in range(60)]


def test_same_bytes_when_put_together_in_blocks(
    study: Study, expected: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large tables are put together block by block; each row must be there once. Blocks change bytes, not rows."""
    monkeypatch.setattr(store, "IN_MEMORY", 37)
    monkeypatch.setattr(chunks, "RUNS_IN_CHUNK", 23)
    bytes_of(study, tmp_path / "out", jobs=3)
    assert pq.read_table(tmp_path / "out" / "runs.parquet").equals(
        pq.read_table(tmp_path / "expected" / "runs.parquet")
    )


def test_same_luck_at_every_point(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Points are compared under common random numbers: same seed of the study, same replicates, at each point."""
    seen: list[tuple[int, int, int]] = []

    def noted(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        seen.append((scenario.start.members, scenario.seed, replicate))
        return stand_in(scenario, replicate, **keys)

    monkeypatch.setattr(mhsim, "simulate", noted)
    run_study(study.model_copy(update={"seed": 77}), tmp_path / "out")
    assert seen == [(members, 77, luck) for luck in range(60) for members in (8, 9, 10)]


def test_rows_hold_the_measures_as_they_are(study: Study, tmp_path: Path) -> None:
    """Numbers keep every bit; what is not a number is missing, not a number."""
    run_study(study, tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / "runs.parquet")
    assert table.column_names[:3] == ["point", "replicate", "seed"]
    assert table.column_names[-3:] == ["status", "error", "command"]
    row = table.slice(65, 1).to_pylist()[0]
    summary = stand_in(Scenario.model_validate({"start": {"members": 9}, "weeks": 30}), 5).summary
    for name, value in summary.items():
        assert row[name] == (None if value is None or value != value else value)
    assert row["status"] == "done"
    assert table.field(table.column_names[3]).metadata[b"meaning"]


def test_watch_keeps_only_what_is_named(study: Study, tmp_path: Path) -> None:
    """A large study should not fill the disk with measures nobody asked for."""
    run_study(study.model_copy(update={"watch": ("members_at_end",)}), tmp_path / "out")
    columns = pq.read_schema(tmp_path / "out" / "runs.parquet").names
    assert columns == ["point", "replicate", "seed", "members_at_end", "status", "error", "command"]


def test_failed_runs_cost_only_themselves(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One failing run must not lose a sweep; it is a row with its error and the command that repeats it."""

    def fragile(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        if (scenario.start.members, replicate) in ((9, 3), (10, 59)):
            raise ZeroDivisionError("nobody left")
        if (scenario.start.members, replicate) == (9, 4):
            return SimpleNamespace(summary={})
        return stand_in(scenario, replicate, **keys)

    monkeypatch.setattr(mhsim, "simulate", fragile)
    outcome = run_study(study, tmp_path / "out", jobs=2)
    assert (outcome.done, outcome.failed, outcome.total, outcome.exit_code) == (177, 3, 180, 1)
    assert outcome.first_error == "ZeroDivisionError: nobody left"
    rows = pq.read_table(tmp_path / "out" / "runs.parquet").to_pylist()
    failed = [row for row in rows if row["status"] == "failed"]
    assert [(row["point"], row["replicate"]) for row in failed] == [(1, 3), (1, 4), (2, 59)]
    assert failed[0]["members_at_end"] is None
    assert failed[1]["error"].startswith("LookupError: the run has no measure")
    command = f"mhsim run {study.base} --seed 1 --replicate 3 --set start.members=9"
    assert failed[0]["command"] == outcome.first_command == command
    assert all(row["error"] is None and row["command"] is None for row in rows if row["status"] == "done")


def test_measure_of_the_wrong_kind_is_a_failure(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2.5 members must not become 2 in silence."""
    whole = next(measure.name for measure in MEASURES if measure.kind == "whole")

    def halved(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
        run = stand_in(scenario, replicate, **keys)
        run.summary[whole] = 2.5
        return run

    monkeypatch.setattr(mhsim, "simulate", halved)
    assert run_study(study, tmp_path / "out").failed == 180


@pytest.mark.parametrize(("record", "names"), [("runs", []), ("series", ["series"]), ("lives", ["lives", "series"])])
def test_tables_of_runs_are_kept_when_asked_for(study: Study, tmp_path: Path, record: str, names: list[str]) -> None:
    """One file per run that knows its point and replicate, so that all can be read as one table."""
    run_study(study.model_copy(update={"record": record, "replicates": 4}), tmp_path / "out", jobs=2)
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == sorted(["runs", *names])
    for name in names:
        files = sorted((tmp_path / "out" / name).glob("*.parquet"))
        assert len(files) == 12
        rows = pq.read_table(files[5]).to_pylist()
        assert len(rows) == 30
        assert (rows[0]["point"], rows[0]["replicate"], rows[29]["week"]) == (1, 1, 29)
        assert len(pq.read_table(tmp_path / "out" / name)) == 12 * 30


def test_results_never_pile_up(tmp_path: Path) -> None:
    """A million runs must not be handed out at once, or memory would grow with the study."""
    drawn: list[int] = []

    def tasks() -> Any:
        for number in range(10_000):
            drawn.append(number)
            yield one_run.Task(0, number, Scenario())

    def work(task: one_run.Task, control: Any) -> one_run.TaskResult:
        return one_run.TaskResult(task.point, task.replicate)

    finished = runner.results(tasks(), work, jobs=2)
    for count in range(1, 101):
        next(finished)
        assert len(drawn) <= count + 2 * runner.WINDOW * 2
    finished.close()
    assert len(drawn) < 200


def test_outcome_and_progress_agree(study: Study, tmp_path: Path) -> None:
    """What a progress bar shows last is what the summary line says."""
    seen: list[tuple[int, int, int]] = []
    outcome: StudyOutcome = run_study(study, tmp_path / "out", progress=lambda *now: seen.append(now))
    assert seen[0] == (0, 180, 0)
    assert seen[-1] == (outcome.done + outcome.failed, outcome.total, outcome.failed)
    assert [now[0] for now in seen] == list(range(181))


def test_no_jobs_is_wrong_input(study: Study, tmp_path: Path) -> None:
    """Nought workers would wait for ever."""
    with pytest.raises(InputError, match="jobs"):
        run_study(study, tmp_path / "out", jobs=0)

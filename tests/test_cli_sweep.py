"""`mhsim sweep` and `mhsim new study`: what is checked before anything runs, and what is said when it ends."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mhsim.cli import exit_code
from mhsim.commands import output
from mhsim.commands.study import ended_by_signals
from mhsim.scenario_io import loader
from mhsim.studies import run_study as run_study_module
from mhsim.studies.registry import KINDS

STUDY = """\
title: Turnover
base: base
vary:
  serve.turnover_per_year: [0.1, 0.2, 0.4]
replicates: 5
"""

WRONG = {
    "key misspelt": ("titel: a\nbase: base", 1, "did you mean 'title'"),
    "kind of value": ("base: base\nreplicates: many", 2, "a whole number from 1"),
    "base that is none": ("title: a\nbase: bse", 2, "did you mean 'base'"),
    "path that is none": ("base: base\nvary:\n  serve.turnover: [1]", 3, "serve.turnover_per_year"),
    "value too large": ("base: base\nvary:\n  serve.turnover_per_year: [0.1, 900]", 3, "900"),
    "neither list nor range": ("vary:\n  serve.turnover_per_year: 3", 2, "low: 0, high: 1"),
    "range without steps": ("vary:\n  serve.turnover_per_year: {low: 0, high: 1}", 2, "needs steps"),
    "switch for a number": ("vary:\n  serve.turnover_per_year: {low: 0, high: yes}", 2, "given yes"),
    "measure that is none": ("watch: [alive_at_ende]", 1, "did you mean 'alive_at_end'"),
}


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """A runner that only notes what it is asked, one shipped scenario, and a study in an empty working folder."""
    seen = SimpleNamespace(study=None, out=None, options=None, failed=0, interrupt=False)

    def run_study(study: Any, out: Path, **options: Any) -> SimpleNamespace:
        seen.study, seen.out, seen.options = study, out, options
        options["progress"](1, 3, 0)
        if seen.interrupt:
            raise KeyboardInterrupt
        ill = {"first_error": "ValueError: x", "first_command": "mhsim run base"} if seen.failed else {}
        counts = {"total": 15, "done": 15, "failed": seen.failed, "elapsed": 1.0, "exit_code": 1 if seen.failed else 0}
        return SimpleNamespace(folder=out, **counts, **{"first_error": None, "first_command": None, **ill})

    assert all(kind.study for kind in KINDS.values()), "one that is imported later would keep this runner as its own"
    monkeypatch.setattr(run_study_module, "run_study", run_study)
    base = tmp_path / "shipped" / "base.yaml"
    base.parent.mkdir()
    base.write_text("title: Base\nweeks: 100\n")
    monkeypatch.setattr(loader, "shipped", lambda: {"base": base})
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    Path("turnover.yaml").write_text(STUDY)
    return seen


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize("command", ["sweep", "validate"])
def test_wrong_study(
    text: str, line: int, words: str, command: str, runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A study runs for hours; a slip in it must show at once, with its line, and before a folder is made."""
    Path("wrong.yaml").write_text(f"{text}\n" if "vary" in text or "base" in text else f"{text}\nbase: base\n")
    assert exit_code([command, "wrong.yaml"]) == 2
    written = capsys.readouterr()
    assert written.err.startswith(f"wrong.yaml:{line}: ") and words in written.err
    assert written.err.count("\n") == 1 and written.out == ""
    assert runner.study is None and not Path("runs").exists()


WRONG_OPTIONS = {
    "--jobs 0": "mhsim: Invalid value for '--jobs'",
    "--replicates 0": "--replicates: given 0; allowed: a whole number from 1 to 1000000",
    "--replicates 1000001": "--replicates: given 1000001; allowed: a whole number from 1 to 1000000",
    "--seed -1": "--seed: given -1; allowed: ",
    "--draws 1": "--draws: draws is 1; one draw has no spread",
}


@pytest.mark.parametrize("options", WRONG_OPTIONS)
def test_wrong_options(options: str, runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Options are checked like the keys of the file that they stand for; what is wrong is named once."""
    assert exit_code(["sweep", "turnover.yaml", *options.split()]) == 2
    told = capsys.readouterr().err
    assert told.startswith(WRONG_OPTIONS[options]) and told.count("\n") == 1 and runner.study is None


def test_dry_run_only_counts(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """How much work a study is has to be known before it is begun."""
    assert exit_code(["sweep", "turnover.yaml", "--dry-run", "--replicates", "4"]) == 0
    assert capsys.readouterr().out.startswith("3 points with 4 replicates: 12 runs")
    assert runner.study is None and not Path("runs").exists()


def test_options_reach_the_runner(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Seed and replicates on the command line stand in the study that is run and stored."""
    words = ["--out", "o", "--jobs", "3", "--seed", "9", "--replicates", "2", "--resume", "--json"]
    assert exit_code(["sweep", "turnover.yaml", *words]) == 0
    assert (runner.study.seed, runner.study.replicates, runner.out) == (9, 2, Path("o"))
    assert (runner.options["jobs"], runner.options["resume"]) == (3, True)
    assert json.loads(capsys.readouterr().out)["done"] == 15


def test_control_c_says_how_to_go_on(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """After hours of work the first question is whether it is lost."""
    runner.interrupt = True
    assert exit_code(["sweep", "turnover.yaml", "--seed", "4"]) == 130
    told = capsys.readouterr().err
    assert "kept in runs/turnover" in told
    assert "mhsim sweep turnover.yaml --out runs/turnover --resume --seed 4" in told


def test_failed_runs_are_told(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """One failed run among thousands must not go unseen, and must be repeatable by itself."""
    runner.failed = 2
    assert exit_code(["sweep", "turnover.yaml"]) == 1
    told = capsys.readouterr().err
    assert "2 runs failed" in told and "mhsim run base" in told


def test_new_study_is_right(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """A beginner's first study has to run as it is."""
    assert exit_code(["new", "study", "my_study"]) == 0
    assert exit_code(["validate", "my_study.yaml"]) == 0
    assert "a study of 3 points, 60 runs" in capsys.readouterr().out
    assert exit_code(["new", "study", "my_study"]) == 2


def test_values_that_will_be_run_are_listed(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """`[0,1,2,5]` is four values in YAML; who writes a comma for a point must see it before the study runs."""
    Path("commas.yaml").write_text(
        "base: base\nvary: {serve.turnover_per_year: [0,1,2,5]}\nset: {start.members: 1, start.helpers: 1}\n"
    )
    values = ("serve.turnover_per_year: 0, 1, 2, 5", "start.members: 1 at all points")
    assert exit_code(["validate", "commas.yaml"]) == 0
    line = capsys.readouterr().out
    assert all(text in line for text in values) and line.count("\n") == 1
    assert exit_code(["sweep", "commas.yaml", "--dry-run"]) == 0
    assert all(f"{text}\n" in capsys.readouterr().out for text in values[:1])
    Path("many.yaml").write_text("vary: {serve.turnover_per_year: {low: 0, high: 4, steps: 41}}\n")
    assert exit_code(["validate", "many.yaml"]) == 0
    assert "serve.turnover_per_year: 41 values from 0 to 4" in capsys.readouterr().out


def test_dry_run_counts_files(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """A quota of files is met sooner than one of bytes: lives and series of a run are files of their own."""
    Path("lives.yaml").write_text("base: base\nreplicates: 200\nrecord: lives\nweeks: 4\n")
    assert exit_code(["sweep", "lives.yaml", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 2 * 200 + 4 + 6


def test_retrying_is_going_on(runner: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever asks for failed runs to be run again has a folder that holds them."""
    runner.failed = 1
    assert exit_code(["sweep", "turnover.yaml", "--retry-failed", "--out", "-a b"]) == 1
    assert (runner.options["resume"], runner.options["retry_failed"]) == (True, True)
    told = capsys.readouterr()
    assert "mhsim sweep turnover.yaml --out './-a b' --retry-failed" in told.err
    assert "mhsim report './-a b'" in told.out


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_signals_that_end_a_program_stop_a_study_as_control_c(name: str) -> None:
    """A batch system or a closed terminal must not cost the runs of the last seconds; under nohup nothing stops."""
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with ended_by_signals():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before
    signal.signal(number, signal.SIG_IGN)
    try:
        with ended_by_signals():
            os.kill(os.getpid(), number)
            assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_long_work_shows_that_it_is_alive(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The compiler takes a minute, and so do many points: a line comes even while nothing ends."""
    monkeypatch.setattr(output, "SECONDS_BETWEEN_LINES", 0.01)
    written = ""
    with output.ProgressBar("points checked") as bar:
        bar.shows(1200, 0)
        while written.count("\n") < 3:
            written += capsys.readouterr().err
    assert written.startswith(("0 points checked so far\n", "1,200 points checked so far\n"))
    assert written.endswith("1,200 points checked so far\n")

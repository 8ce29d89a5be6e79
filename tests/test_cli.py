"""The command line, where people meet the model first: short waits, one line for a mistake, nothing overwritten."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mhsim.cli import app, exit_code
from mhsim.commands import output
from mhsim.scenario import Scenario, parameter_rows
from mhsim.scenario_io import loader

HEAVY = ("mesa", "matplotlib", "pandas", "numba", "solara", "scipy", "numpy", "pydantic", "pyarrow", "rich")
COMMANDS = ["run", "sweep", "knockout", "compare", "tipping-point", "sensitivity", "trial", "robustness"]
COMMANDS += [
    "report",
    "story",
    "dashboard",
    "scenarios",
    "show",
    "validate",
    "params",
    "new",
    "warm",
    "build",
    "export",
    "tables",
    "patterns",
    "fit",
    "reproduce",
    "crate",
    "calibrate",
]


class Result:
    """What a run gives back, without running one."""

    summary: ClassVar[dict[str, Any]] = {
        "alive_at_end": False,
        "weeks_to_closure": 41.0,
        "closure_reasons": "no_leader",
        "members_at_end": 0,
        "helpers_at_end": 0,
        "accommodated_at_52": 0.25,
        "retention_at_13": None,
        "helping_gini": float("nan"),
    }

    def save(self, folder: Path, *, manifest: dict[str, Any], scenario_yaml: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "summary.json").write_text("{}")
        (folder / "manifest.json").write_text(json.dumps(manifest))
        (folder / "scenario.yaml").write_text(scenario_yaml)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """An engine that only notes what it is asked, and an empty working folder with one shipped scenario."""
    seen = SimpleNamespace(scenario=None, replicate=None, error=None)

    def simulate(scenario: Scenario, replicate: int, *, record: str, control: Any, jobs: int) -> Result:
        seen.scenario, seen.replicate = scenario, replicate
        if seen.error:
            raise seen.error
        return Result()

    fake = ModuleType("mhsim.outcomes.simulate")
    fake.simulate = simulate  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "mhsim.outcomes.simulate", fake)
    base = tmp_path / "shipped" / "base.yaml"
    base.parent.mkdir()
    base.write_text("title: Base\nform: base\nweeks: 100\n")
    monkeypatch.setattr(loader, "shipped", lambda: {"base": base})
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return seen


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter."""
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=120, **options)


def one_line_of(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on standard error; there is nothing on standard output."""
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.endswith("\n") and written.err.count("\n") == 1
    assert "Traceback" not in written.err
    return written.err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["run", "--help"], ["sweep", "--help"], ["story", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    """Help has to come at once (under 0.3 s); what is slow to import must not be imported for it."""
    code = (
        "import sys\nfrom mhsim.cli import exit_code\n"
        f"assert exit_code({arguments!r}) == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = python("-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip() in ("[]", "['pydantic']")


def test_completion_imports_nothing_heavy() -> None:
    """A shell waits for this at every press of the tab key."""
    code = (
        "import sys, atexit\nfrom mhsim.cli import app\n"
        f"atexit.register(lambda: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr))\n"
        "app(prog_name='mhsim')"
    )
    words = {"_MHSIM_COMPLETE": "complete_bash", "COMP_WORDS": "mhsim sc", "COMP_CWORD": "1"}
    done = python("-c", code, env={**os.environ, **words})
    assert "scenarios" in done.stdout
    assert done.stderr.strip().splitlines()[-1] in ("[]", "['pydantic']")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Help everywhere, and every command listed with a full line."""
    assert exit_code([command, "--help"]) == 0
    assert f"mhsim {command} " in capsys.readouterr().out
    assert exit_code(["--help"]) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"  {command} ")]
    assert len(listed) == 1 and not listed[0].endswith("...")


USAGE = {
    "no scenario": ["run"],
    "option misspelt": ["run", "base", "--sed", "3"],
    "command misspelt": ["rnu"],
    "seed not a number": ["run", "base", "--seed", "x"],
    "replicate negative": ["run", "base", "--replicate", "-1"],
    "format that is none": ["params", "--format", "xml"],
    "setting without a sign": ["run", "base", "--set", "weeks"],
    "setting without a path": ["run", "base", "--set", "=3"],
    "setting of nothing": ["run", "base", "--set", "weeks="],
    "path misspelt": ["run", "base", "--set", "share.hope_gan=0"],
    "value too large": ["run", "base", "--set", "share.hope_gain=1e400"],
    "seed negative": ["run", "base", "--seed", "-3"],
    "weeks zero": ["run", "base", "--weeks", "0"],
    "scenario misspelt": ["run", "bse"],
    "scenario missing": ["run", "none.yaml"],
    "scenario a folder": ["run", "."],
    "scenario with a line break": ["run", "a\nb"],
    "show what is not there": ["show", "bse"],
    "validate what is not there": ["validate", "none.yaml"],
    "study missing": ["sweep", "none.yaml"],
    "report on what is not there": ["report", "none"],
    "report on an empty folder": ["report", "."],
    "new file in no folder": ["new", "scenario", "none/x"],
    "too many arguments": ["show", "base", "base"],
}


@pytest.mark.parametrize("arguments", USAGE.values(), ids=USAGE.keys())
def test_wrong_usage(arguments: list[str], engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is wrong on the command line: exit code 2, one line, nothing run, nothing written."""
    assert exit_code(arguments) == 2
    one_line_of(capsys)
    assert engine.scenario is None
    assert list(Path().iterdir()) == []


WRONG_FILES = {
    "key": (b"weeks: 5\nshaer: {}", 2),
    "kind": (b"weeks: yes", 1),
    "range": (b"share:\n  breadth: -1", 2),
    "empty": (b"", 1),
    "binary": (b"\x7fELF\x00\x01", 1),
    "encoding": (b"title: a\nabout: \xff\xfa", 2),
    "tag": (b"title: !!python/name:os.system", 1),
    "bomb": (b"a: &a [1,1]\nb: [*a,*a]", 1),
    "twice": (b"weeks: 5\nweeks: 5", 2),
    "change": (b"weeks: 50\nchanges:\n- week: 3\n  set: {share.hope_gan: 0}", 4),
}


@pytest.mark.parametrize("command", [["run"], ["show"], ["validate"], ["sweep"]])
@pytest.mark.parametrize(("content", "line"), WRONG_FILES.values(), ids=WRONG_FILES.keys())
def test_wrong_file(
    content: bytes,
    line: int,
    command: list[str],
    engine: SimpleNamespace,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The same file is refused by every command that reads it, with file and line, before anything is written."""
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    assert exit_code([*command, str(path)]) == 2
    said = one_line_of(capsys)
    assert said.startswith(f"{path}:{1 if command == ['sweep'] else line}") or command == ["sweep"]
    assert list(Path().iterdir()) == [] and engine.scenario is None


def test_wrong_file_in_a_fresh_process(tmp_path: Path) -> None:
    """The whole way once, as a shell sees it."""
    path = tmp_path / "wrong.yaml"
    path.write_text("weeks: 5\nshaer: {}")
    done = python("-m", "mhsim", "run", str(path), cwd=tmp_path, env=_environment())
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{path}:2: shaer: no such key; did you mean 'share'?\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["wrong.yaml"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_random_files_never_give_a_traceback(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What nobody thought of must end in one line as well."""
    path = tmp_path / "random.yaml"
    path.write_bytes(content)
    assert exit_code(["validate", str(path)]) == 2
    one_line_of(capsys)


def test_run_writes_a_new_folder_each_time(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """The same command twice must neither fail nor overwrite."""
    for name in ("base-seed1", "base-seed1-2", "base-seed1-3"):
        assert exit_code(["run", "base"]) == 0
        assert (Path("runs") / name / "summary.json").is_file()
    assert exit_code(["run", "base", "--seed", "5", "--replicate", "2"]) == 0
    assert Path("runs/base-seed5-r2/summary.json").is_file()
    assert (engine.scenario.seed, engine.replicate) == (5, 2)
    assert "runs/base-seed5-r2" in capsys.readouterr().out


def test_run_folder_stays_in_its_place(engine: SimpleNamespace, tmp_path: Path) -> None:
    """The form of a scenario becomes part of a name of a folder; it must not lead elsewhere."""
    path = tmp_path / "own.yaml"
    path.write_text("form: ../../out/Ä b")
    assert exit_code(["run", str(path)]) == 0
    assert [entry.name for entry in Path("runs").iterdir()] == ["out-b-seed1"]


def test_run_tells_the_story(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """People want to know what became of the group, not a table of names."""
    assert exit_code(["run", "base"]) == 0
    told = capsys.readouterr().out
    assert "The group closed after 41 weeks: nobody to run it." in told
    assert "25 % of people in need were in accommodation" in told and "nan" not in told and "None" not in told


def test_run_as_json(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Machines get one JSON object and nothing else; what is not a number is null, as JSON has it."""
    assert exit_code(["run", "base", "--json", "--out", "x/y", "--weeks", "20", "--set", "harms=0"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["seed"], data["replicate"], data["folder"]) == (1, 0, os.path.join("x", "y"))
    assert data["summary"]["weeks_to_closure"] == 41 and data["summary"]["helping_gini"] is None
    assert engine.scenario.weeks == 20 and engine.scenario.share.despair == 0


def test_run_folder_can_be_run_again(engine: SimpleNamespace) -> None:
    """A result nobody can repeat is worth little: the folder holds the whole scenario and the command."""
    assert exit_code(["run", "base", "--out", "x", "--set", "share.hope_gain=0.07", "--replicate", "3"]) == 0
    made = engine.scenario
    manifest = json.loads(Path("x/manifest.json").read_text())
    assert manifest["command"] == "mhsim run scenario.yaml --replicate 3" and manifest["versions"]["python"]
    assert exit_code(["run", "x/scenario.yaml", "--replicate", "3"]) == 0
    assert engine.scenario == made


def test_run_refuses_a_folder_with_something_in_it(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """Results are never mixed nor overwritten; an empty folder is fine."""
    Path("full").mkdir()
    Path("full/notes.txt").write_text("mine")
    Path("file").write_text("mine")
    Path("empty").mkdir()
    for name in ("full", "file", "file/below"):
        assert exit_code(["run", "base", "--out", name]) == 2
        assert name in one_line_of(capsys)
    assert engine.scenario is None and Path("full/notes.txt").read_text() == "mine"
    assert exit_code(["run", "base", "--out", "empty"]) == 0


def test_failed_run(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """A run that fails is not the user's mistake: exit code 1, one line, no folder of half results."""
    engine.error = RuntimeError("the room\nis full")
    assert exit_code(["run", "base"]) == 1
    assert "RuntimeError: the room\\nis full" in one_line_of(capsys)
    assert list(Path().iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="signals of a terminal")
def test_control_c_stops_a_run(tmp_path: Path) -> None:
    """Ctrl-C must be heard while compiled code runs, leave nothing half-written and say how to go on."""
    code = (
        "import sys, time, types\n"
        "fake = types.ModuleType('mhsim.outcomes.simulate')\n"
        "def simulate(scenario, replicate, *, record, control, jobs):\n"
        "    print('begun', flush=True)\n"
        "    while not control[1]: time.sleep(0.01)\n"
        "    raise RuntimeError('stopped')\n"
        "fake.simulate = simulate\n"
        "sys.modules['mhsim.outcomes.simulate'] = fake\n"
        "from mhsim.cli import main\n"
        "sys.argv = ['mhsim', 'run', 'own.yaml']\n"
        "main()\n"
    )
    (tmp_path / "own.yaml").write_text("seed: 3")
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=_environment(), text=True, stdout=-1, stderr=-1
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert told == "Stopped. Nothing was written; the same command starts the run again.\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["own.yaml"]


@pytest.mark.skipif(os.name == "nt", reason="pipes of a shell")
@pytest.mark.parametrize("arguments", [["params"], ["params", "--format", "json"], ["--help"]])
def test_closed_pipe(arguments: list[str]) -> None:
    """`mhsim params | head -1` is what people type; the closed pipe is no failure."""
    command = [sys.executable, "-m", "mhsim", *arguments]
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=_environment()) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert told == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_full_disk_behind_standard_output() -> None:
    """A list that could not be written must not look like success."""
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "mhsim", "params"]
        done = subprocess.run(command, stdout=full, stderr=-1, text=True, env=_environment(), timeout=120, check=False)
    assert done.returncode == 1 and "No space left" in done.stderr and "Traceback" not in done.stderr


def test_progress_in_a_file() -> None:
    """In a log each state is a line of its own, with rate and time left, and nothing moves the cursor."""
    bar = output.ProgressBar("runs")
    bar.shows(0, 1000)
    first = bar.line()
    bar.begun -= 0.02
    bar.shows(10, 1000, 2)
    second = bar.line()
    assert first.startswith("0 of 1,000 runs")
    assert second.startswith("10 of 1,000 runs, 2 failed, ") and second.endswith(" left") and "\x1b" not in second


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person at a terminal sees one bar, which is gone at the end, with the cursor where it was."""
    screen = StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with output.ProgressBar("runs") as shown:
        for done in (0, 500, 900):
            shown.shows(done, 1000, 1)
            time.sleep(0.2)
    assert "900/1000" in screen.getvalue() and "1 failed" in screen.getvalue()
    assert screen.getvalue().rstrip().endswith("\x1b[2K") or "\x1b[?25h" in screen.getvalue()


def test_show_reads_back(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """What is shown is the whole scenario: it can be run again and gives the same object."""
    assert exit_code(["show", "base", "--set", "share.hope_gain=0.07", "--set", "share.hope_gain=0.06"]) == 0
    Path("again.yaml").write_text(capsys.readouterr().out)
    made = loader.read_scenario("again.yaml")
    assert made == loader.read_scenario("base", {"share.hope_gain": 0.06})
    assert exit_code(["run", "again.yaml"]) == 0 and engine.scenario == made


def test_validate_gives_each_file_a_line(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """One wrong file among many is what a folder of scenarios is checked for."""
    Path("good.yaml").write_text("extends: base\ntitle: Good")
    Path("bad.yaml").write_text("weeks: -1")
    assert exit_code(["validate", "good.yaml"]) == 0
    assert exit_code(["validate", "good.yaml", "bad.yaml", "good.yaml", "none.yaml"]) == 2
    written = capsys.readouterr()
    assert written.out == "good.yaml: ok, a scenario, Good\n" * 3
    assert [line.split(" ")[0] for line in written.err.splitlines()] == ["bad.yaml:1:", "none.yaml:"]


def test_params_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Other tools read the parameters from here; a source is never empty."""
    assert exit_code(["params", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == len(parameter_rows())
    assert {"path", "default", "low", "high", "unit", "meaning", "source", "benefit", "harm", "choices"} <= set(rows[0])
    assert all(row["source"] and row["meaning"] and row["unit"] for row in rows)


@pytest.mark.parametrize("how", ["table", "markdown"])
def test_params_for_people(how: str, capsys: pytest.CaptureFixture[str]) -> None:
    """How much is assumed is said at the end, so that nobody takes a guess for a finding."""
    assert exit_code(["params", "--format", how]) == 0
    lines = capsys.readouterr().out.strip().splitlines()
    assert all(any(row["path"] in line for line in lines) for row in parameter_rows())
    assumed = sum(row["source"].startswith("assumed") for row in parameter_rows())
    assert lines[-1] == f"{len(parameter_rows())} parameters; the source of {assumed} is 'assumed'."


def test_scenarios_lists_what_is_shipped(engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    """The names are what `mhsim run` takes."""
    assert exit_code(["scenarios"]) == 0
    assert capsys.readouterr().out.split() == ["base", "Base"]
    assert exit_code(["scenarios", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["name"] == "base"


@pytest.mark.parametrize("name", ["my_group", "odd: name #1", "yes", "2024"])
def test_new_scenario_is_right_and_never_overwrites(
    name: str, engine: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    """A beginner's first file has to work as it is, whatever its name, and stay as the beginner left it."""
    assert exit_code(["new", "scenario", name]) == 0
    assert exit_code(["run", f"{name}.yaml"]) == 0
    Path(f"{name}.yaml").write_text("seed: 3")
    capsys.readouterr()
    assert exit_code(["new", "scenario", name]) == 2
    assert "nothing is overwritten" in one_line_of(capsys)
    assert Path(f"{name}.yaml").read_text() == "seed: 3"


def test_app_is_a_typer_application() -> None:
    """The entry point of the package and the documentation of the commands rest on this name."""
    assert callable(app) and len(app.registered_commands) + len(app.registered_groups) == len(COMMANDS)


def _environment() -> dict[str, str]:
    """Return the environment with the package on the path of a process in another folder."""
    source = str(Path(loader.__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([source, os.environ.get("PYTHONPATH", "")])}

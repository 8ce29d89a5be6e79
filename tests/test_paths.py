"""A path means one thing, whoever reads it: the home folder, names in other encodings, files beside the file."""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import mhsim
from mhsim.cli import exit_code
from mhsim.core.kept_code import cache_folder
from mhsim.errors import InputError
from mhsim.scenario_io.loader import read_scenario
from mhsim.studies import manifest
from mhsim.user_paths import command_text, user_path

SMALL = "replicates: 2\nweeks: 26\nwatch: [alive_at_end, stepped_down]\n"


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and, beside it, an empty working folder; compiled code stays where it is."""
    cache = cache_folder()
    if cache is not None:
        monkeypatch.setenv("NUMBA_CACHE_DIR", str(cache.parents[1]))
    home, desk = tmp_path / "home", tmp_path / "desk"
    home.mkdir()
    desk.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(desk)
    return home


def test_the_home_folder_is_one_folder_to_every_command(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Shells leave ``--out=~/x`` as it is: no study ends in, or takes rows from, the folder of another."""
    for name, turnover in (("a", 0.0), ("b", 12.0)):
        Path(f"{name}.yaml").write_text(f"base: base\nset: {{serve.turnover_per_year: {turnover}}}\n{SMALL}")
    assert exit_code(["sweep", "a.yaml", "--out", str(at_home / "res"), "--jobs", "1"]) == 0
    assert exit_code(["sweep", "b.yaml", "--out=~/res", "--jobs", "1"]) == 2
    assert "already holds a study" in capsys.readouterr().err
    assert exit_code(["sweep", "~/../desk/b.yaml", "--out=~/other", "--jobs", "1"]) == 0
    assert exit_code(["report", "~/other"]) == 0
    assert (at_home / "other" / "report.html").is_file()
    assert exit_code(["run", "base", "--weeks", "4", "--record", "story", "--out=~/one"]) == 0
    assert exit_code(["run", "base", "--weeks", "4", "--seed", "2", "--out=~/one"]) == 2
    assert exit_code(["story", "~/one"]) == 0
    assert exit_code(["new", "scenario", "~/mine"]) == 0
    assert exit_code(["validate", "~/mine.yaml"]) == 0
    assert read_scenario("~/mine.yaml").form == "mine"
    assert sorted(path.name for path in Path().iterdir()) == ["a.yaml", "b.yaml"]


def test_a_home_that_nobody_knows_is_one_line(at_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The home of a user who does not exist: refused before anything is run."""
    assert exit_code(["run", "base", "--out=~nobody-of-this-name/x"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "write the path in full" in said
    with pytest.raises(InputError):
        user_path("~nobody-of-this-name/x")


BESIDE = {
    "sweep": "base: own.yaml\nvary: {start.members: [10, 12]}\n",
    "compare": "scenarios: {one: own.yaml, two: {base: own.yaml, set: {start.members: 20}}}\n",
    "knockout": "forms: [own.yaml]\nmechanisms: [share]\n",
    "sensitivity": "base: own.yaml\nsamples: 2\nparameters: {serve.turnover_per_year: {}}\noutcomes: [alive_at_end]\n",
    "tipping-point": "base: own.yaml\npath: serve.turnover_per_year\nlow: 0\nhigh: 4\n",
    "trial": "base: own.yaml\n",
    "robustness": "of: {base: own.yaml, vary: {start.members: [10, 12]}}\nonly: [start]\n",
}


@pytest.mark.parametrize("kind", BESIDE)
def test_a_study_finds_scenarios_beside_its_own_file(
    kind: str, at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Never in the working folder, where another file of that name would be run without a word."""
    from mhsim.commands.study import planned

    studies = Path("studies")
    studies.mkdir()
    (studies / "own.yaml").write_text("extends: base\ntitle: beside\nweeks: 300\n")
    Path("own.yaml").write_text("extends: base\ntitle: elsewhere\nweeks: 300\n")
    (studies / "study.yaml").write_text(f"kind: {kind}\nreplicates: 10\n{BESIDE[kind]}")
    study, plan = planned([str(studies / "study.yaml")], {}, kind)
    assert plan.scenario.title == "beside"
    assert all(other.title == "beside" for other in plan.others.values())
    if kind != "trial":
        words = shlex.split(plan.command(0, 1))
        assert read_scenario(words[2]).title == "beside", "the command that repeats a run is for the working folder"
    before = manifest.identity(study, plan)
    os.chdir(studies)
    study, plan = planned(["study.yaml"], {}, kind)
    assert manifest.identity(study, plan) == before, "a study is the same from wherever it is started"
    Path("own.yaml").unlink()
    assert exit_code(["validate", "study.yaml"]) == 2
    os.chdir("..")
    capsys.readouterr()
    assert exit_code(["validate", "studies/study.yaml"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("studies/study.yaml:3: ")
    assert "'own.yaml'" in said
    assert "the folder of the study, studies" in said
    assert "there is one in the working folder" in said


def test_scenarios_on_the_command_line_start_at_the_working_folder(at_home: Path) -> None:
    """As every path does that is typed."""
    Path("own.yaml").write_text("extends: base\ntitle: here\n")
    assert exit_code(["compare", "base", "own.yaml", "--weeks", "9", "--replicates", "2", "--dry-run"]) == 0


@pytest.mark.skipif(os.name == "nt", reason="names of files are text there")
def test_names_of_folders_in_another_encoding(at_home: Path) -> None:
    """A folder named in Latin-1 bytes is written to and read from as any other."""
    folder = os.fsencode(str(at_home)) + b"/M\xfcller"
    command = [sys.executable, "-m", "mhsim"]
    arguments = ([b"run", b"base", b"--weeks", b"4", b"--record", b"story", b"--out"], [b"report"], [b"story"])
    for words in arguments:
        done = subprocess.run([*command, *words, folder], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert os.path.isfile(folder + b"/report.html")


def test_commands_that_are_printed_can_be_pasted() -> None:
    """Spaces, quotes and a leading hyphen in names of folders."""
    if os.name == "nt":
        pytest.skip("another shell")
    assert command_text("mhsim", "report", Path("a b/Gruppe Müller")) == "mhsim report 'a b/Gruppe Müller'"
    assert command_text("mhsim", "report", Path("-dash")) == "mhsim report ./-dash"
    assert shlex.split(command_text("mhsim", "run", Path("it's $5"), "--jobs", "1"))[2] == "it's $5"


FILE_ARGUMENT = {
    **dict.fromkeys(("write_table", "write_csv", "write_feather"), 1),
    **dict.fromkeys(("ParquetFile", "ParquetWriter", "read_schema", "read_metadata", "read_csv", "to_parquet"), 0),
    **dict.fromkeys(("read_parquet", "read_feather", "open_file", "open_stream", "new_file", "new_stream"), 0),
}
"""Functions of pyarrow, and of pandas through it, that take a file, and the place of that argument."""
OPENERS = {"open", "open_checked", "whole_file", "BytesIO"}
BY_NAME_ALONE = {"memory_map", "OSFile", "ParquetDataset", "dataset", "FileSystem", "LocalFileSystem", "from_uri"}


def files_handed_over_by_name(source: str) -> list[str]:
    """Return the calls in a piece of source that hand pyarrow anything but a file that was opened in sight."""
    nodes = list(ast.walk(ast.parse(source)))
    modules = set()
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            base = getattr(node, "module", None) or ""
            names = [(f"{base}.{each.name}".strip("."), each.asname or each.name) for each in node.names]
            modules |= {name for whole, name in names if whole.split(".")[0] in ("pyarrow", "pandas")}
    opened = {node.arg for node in nodes if isinstance(node, ast.arg) and node.annotation and _is_file(node.annotation)}
    for node in nodes:
        if isinstance(node, ast.withitem | ast.Assign):
            call = node.context_expr if isinstance(node, ast.withitem) else node.value
            name = node.optional_vars if isinstance(node, ast.withitem) else node.targets[0]
            if isinstance(call, ast.Call) and name is not None and _name_of(call) in OPENERS:
                opened.add(ast.unparse(name))
    found = []
    for node in (node for node in nodes if isinstance(node, ast.Call)):
        owner, name = ast.unparse(node.func).rpartition(".")[0], _name_of(node)
        if not (owner in modules or name in modules or name == "to_parquet"):
            continue
        place = 0 if name == "read_table" else FILE_ARGUMENT.get(name)
        handed = "" if place is None else "".join(ast.unparse(each) for each in node.args[place : place + 1])
        if name in BY_NAME_ALONE or (place is not None and handed not in opened):
            found.append(ast.unparse(node))
    return found


def _name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _is_file(annotation: ast.expr) -> bool:
    return ast.unparse(annotation) in ("BinaryIO", "BytesIO")


def test_pyarrow_never_gets_a_path_of_ours() -> None:
    """It takes a name for an address: with ``a:b`` or ``%20`` in a folder's name, another file or none at all."""
    for bad in (
        "import pyarrow.parquet as pq\npq.read_table(path)",
        "import pyarrow.parquet\npyarrow.parquet.write_table(table, path)",
        "from pyarrow import csv\ncsv.write_csv(table, str(path))",
        "from pyarrow.parquet import ParquetFile\nParquetFile(path)",
        "import pyarrow as pa\npa.memory_map(path)",
        "import pandas as pd\npd.read_parquet(path)",
        "frame.to_parquet(path)",
        "import pyarrow.parquet as pq\npq.write_table(table, where=path)",
    ):
        assert files_handed_over_by_name(bad), bad
    good = "import pyarrow.parquet as pq\nwith path.open('rb') as file:\n    pq.read_table(file)"
    assert not files_handed_over_by_name(good)
    source = Path(mhsim.__file__).parent
    texts = {path.relative_to(source): path.read_text(encoding="utf-8") for path in sorted(source.rglob("*.py"))}
    assert sum("write_table(" in text for text in texts.values()) > 3, "the test must see where tables are written"
    found = {path: calls for path, text in texts.items() if (calls := files_handed_over_by_name(text))}
    assert not found

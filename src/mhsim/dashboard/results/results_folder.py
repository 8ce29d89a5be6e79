"""What a folder of results is: a run or a study of some kind, which tables it holds, and the data in it.

The data of a folder are read once, and again when the folder has changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from mhsim.errors import InputError, shortened
from mhsim.outcomes.measures import BY_NAME, NAMES
from mhsim.safe_files import read_json
from mhsim.studies.data import PER_RUN, RunData, StudyData, read_run, read_study
from mhsim.user_paths import user_path

OF_RUN = ("series", "lives", "groups", "events")
OF_STUDY = ("runs", "points", "precision")
MOST_OF_EACH = 60
LOOKED_IN = ("results", "runs", ".")
"""Folders of the working directory in which results are looked for."""
MOST_LISTED = 40


@dataclass(frozen=True)
class ResultsFolder:
    """A folder of results; it is the same as another if its path and its content are.

    Attributes
    ----------
    stamp : tuple of (str, int)
        What changes when its content does: its path and the time its newest table was written.
    folder : Path
        Where it is.
    name : str
        The folder as the reader gave it.
    kind : str
        "run", or the kind of study.
    manifest : dict
        What the folder says of itself; empty for a run that has none.
    tables : dict
        The Parquet files it holds that are known tables, by name; those of an analysis as ``analysis/name``, those of
        single runs of a study as ``series/point-...`` (the first sixty).
    """

    stamp: tuple[str, int]
    folder: Path = field(compare=False)
    name: str = field(compare=False)
    kind: str = field(compare=False)
    manifest: dict[str, Any] = field(compare=False)
    tables: Mapping[str, Path] = field(compare=False)

    @property
    def is_run(self) -> bool:
        """Whether it is one history."""
        return self.kind == "run"

    @property
    def finished(self) -> bool:
        """Whether all runs are there and put together."""
        return self.is_run or "runs" in self.tables


def open_folder(name: str) -> ResultsFolder:
    """Open a folder of results, relative to the working directory unless its path says otherwise.

    Raises
    ------
    InputError
        If there is none, it holds no results, or what it says of itself cannot be read; one line.
    """
    folder = _folder(name)
    manifest, is_run = _manifest(folder), (folder / "summary.json").is_file()
    if not is_run and not (folder / "manifest.json").is_file():
        raise InputError("this folder holds neither a run nor a study: it has no manifest.json", name)
    if not is_run and "kind" not in manifest:
        raise InputError("this folder holds neither a run nor a study: its manifest names no kind", name)
    tables = _tables(folder, OF_RUN if is_run else OF_STUDY)
    chunks = () if is_run or "runs" in tables else (folder / "runs").glob("chunk-*.parquet")
    dated = (*tables.values(), *chunks, folder / "manifest.json", folder / "summary.json")
    stamp = str(folder.resolve()), max((path.stat().st_mtime_ns for path in dated if path.is_file()), default=0)
    return ResultsFolder(stamp, folder, name, "run" if is_run else str(manifest["kind"]), manifest, tables)


@lru_cache(maxsize=8)
def study_in(opened: ResultsFolder) -> StudyData:
    """Return the study in a folder; its measures are read when they are first asked for.

    Raises
    ------
    InputError
        If a table cannot be read or the folder holds no run yet; one line, with its rounds where there are some.
    """
    _check_links(opened.folder)
    try:
        return read_study(opened.folder)
    except InputError as error:
        rounds = [] if opened.finished else sorted(path.parent.name for path in opened.folder.glob("*/manifest.json"))
        listed = f"; its rounds are studies of their own: {', '.join(rounds[:6])}" if rounds else ""
        raise InputError(f"{error}{listed}") from None


@lru_cache(maxsize=8)
def run_in(opened: ResultsFolder) -> RunData:
    """Return the run in a folder; raise InputError, one line, if it cannot be read."""
    _check_links(opened.folder)
    return read_run(opened.folder)


def numeric_measures(data: StudyData) -> tuple[str, ...]:
    """Return every measure of a study that is a number: in the order of the list of measures, then those of its own."""
    known = dict.fromkeys((*NAMES, *data.measures))
    return tuple(name for name in known if name in data.measures and BY_NAME[name].kind != "text")


_ALLOWED: list[Path] = []
"""Folders named when the dashboard was started, with all links in their paths resolved."""
OUTSIDE = (
    "this folder lies outside the one that mhsim was started in; to open it, name it at the start: "
    "mhsim dashboard FOLDER"
)


def allow_folder(folder: Path) -> None:
    """Allow a folder, and all below it, to be opened besides those below the working folder."""
    _ALLOWED.append(folder.resolve())


def is_results(folder: Path) -> bool:
    """Whether a folder looks like that of a run or a study."""
    return any((folder / mark).is_file() for mark in ("summary.json", "manifest.json"))


def _folder(name: str) -> Path:
    """Return the folder of a name; raise InputError if there is none or it may not be opened, links resolved."""
    if not name.strip():
        raise InputError("no folder is named")
    try:
        folder = user_path(name.strip())
        where = folder.resolve()
        if not any(where.is_relative_to(root) for root in (Path.cwd().resolve(), *_ALLOWED)):
            reason = OUTSIDE
        elif folder.is_dir():
            return folder
        else:
            reason = "this is a file; a folder of results is wanted" if folder.exists() else "there is no such folder"
    except (OSError, ValueError):
        reason = "there is no such folder"
    raise InputError(reason, shortened(name.strip(), 200))


def _check_links(folder: Path) -> None:
    """Raise InputError if what a folder says of itself is a link to a file that lies elsewhere."""
    for path in sorted((*folder.glob("*.json"), *folder.glob("*.yaml"))):
        if path.is_file() and not _is_own(path, folder):
            raise InputError("this file is a link that leads out of its folder; copy the file it leads to", str(path))


def _is_own(path: Path, folder: Path) -> bool:
    """Whether a file is there and lies in a folder, with all links resolved."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; nothing if it has none of its own."""
    path = folder / "manifest.json"
    try:
        return read_json(path) if _is_own(path, folder) else {}
    except OSError as problem:
        raise InputError(f"this file cannot be read: {problem.strerror}", str(path)) from None


def _tables(folder: Path, names: tuple[str, ...]) -> dict[str, Path]:
    """Return the known tables of a folder by name; a link that leads out of the folder is none of them."""
    listed = {name: folder / f"{name}.parquet" for name in names}
    listed |= {f"analysis/{path.stem}": path for path in sorted((folder / "analysis").glob("*.parquet"))}
    if names is OF_STUDY:
        for kept in PER_RUN:
            paths = islice(sorted((folder / kept).glob("point-*-replicate-*.parquet")), MOST_OF_EACH)
            listed |= {f"{kept}/{path.stem}": path for path in paths}
    return {name: path for name, path in listed.items() if _is_own(path, folder)}


class Listed(NamedTuple):
    """A folder of results in a list: its name as it would be typed, what it is called, and its kind."""

    name: str
    title: str
    kind: str


def nearby(here: Path) -> list[Listed]:
    """Return the folders of results in the working directory and those named at the start, the newest first."""
    found = {str(path.relative_to(here)): path for place in LOOKED_IN for path in _results_in(here / place)}
    others = [path for folder in _ALLOWED for path in (folder, *_results_in(folder)) if is_results(path)]
    found |= {str(path): path for path in others if not path.is_relative_to(here.resolve())}
    newest = sorted(found, key=lambda name: (-_written(found[name]), name))[:MOST_LISTED]
    return [_listed(name, found[name]) for name in newest]


def _listed(name: str, path: Path) -> Listed:
    try:
        manifest = _manifest(path)
    except InputError:
        return Listed(name, "cannot be read", "")
    kind = "run" if (path / "summary.json").is_file() else str(manifest.get("kind", ""))
    return Listed(name, " ".join(str(manifest.get("title") or "").split()), kind)


def _results_in(place: Path) -> list[Path]:
    """Return the folders of results directly in a folder."""
    try:
        inside = sorted(place.iterdir())
    except OSError:
        inside = []
    return [path for path in inside if is_results(path)]


def _written(path: Path) -> float:
    marks = (path / "summary.json", path / "manifest.json")
    return max((mark.stat().st_mtime for mark in marks if mark.is_file()), default=0.0)

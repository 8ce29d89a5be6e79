"""The manifest of a study folder, what it was made from, by which versions, when and where; and who may go on with it.

A study may write to an empty folder, or to one that holds part of it or a smaller study of the kind.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import yaml

from mhsim.core.kept_code import PACKAGE, sources_digest
from mhsim.errors import InputError
from mhsim.safe_files import contents_of, named, read_json, read_yaml
from mhsim.studies import chunks
from mhsim.studies.design import StudyBase
from mhsim.studies.plan import FormDraws, Plan

FORMAT = 1
"""Layout of a study folder; a change in it is a new number."""

WORDS = ("title", "question", "plan")
"""Keys of a study that no result depends on."""


def digest(content: Any) -> str:
    """Return a digest of plain data, the same in every process and on every machine."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()[:16]


def study_content(study: StudyBase) -> dict[str, Any]:
    """Return all of a study that results depend on, as plain data."""
    return study.model_dump(mode="json", exclude=set(WORDS))


def sources_of(study: StudyBase, plan: Plan) -> dict[str, dict[str, Any]]:
    """Return what a study is made from, as plain data by the file of its folder: itself, its base, other scenarios."""
    found = {"study.yaml": study.model_dump(mode="json"), "base.yaml": plan.scenario.model_dump(mode="json")}
    if plan.others:
        found["others.yaml"] = {name: scenario.model_dump(mode="json") for name, scenario in plan.others.items()}
    return found


def identity(study: StudyBase, plan: Plan) -> dict[str, Any]:
    """Return what must be equal for two sessions to work on the same folder."""
    sources = sources_of(study, plan)
    found = {
        "format": FORMAT,
        "study": digest(study_content(study)),
        "scenario": digest(sources["base.yaml"]),
        "engine": sources_digest(),
    }
    fits = {name: drawn.digest for name, drawn in plan.draws.items()}
    return (
        found
        | ({"scenarios": digest(list(sources["others.yaml"].items()))} if plan.others else {})
        | ({"draws": digest(fits)} if fits else {})
    )


def versions() -> dict[str, str]:
    """Return the versions of mhsim, Python and the libraries results or files depend on."""
    found = {"python": platform.python_version()}
    for name in ("mhsim", "numpy", "numba", "scipy", "pyarrow"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def git_state() -> dict[str, Any] | None:
    """Return the commit the package's sources are at, and whether they were edited since.

    None without git, and where the repository around the package does not track it, as around an installed one.
    """
    try:
        _git("ls-files", "--error-unmatch", "--", "errors.py")
        commit = _git("rev-parse", "HEAD")
        edited = _git("status", "--porcelain", "--", ".")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "edited": bool(edited)}


def _git(*words: str) -> str:
    """Return what git says about the folder of the package."""
    command = ["git", "-C", str(PACKAGE), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout.strip()


def environment() -> dict[str, Any]:
    """Return versions, commit, and the kind of machine, without its name."""
    machine = {"system": platform.platform(), "machine": platform.machine(), "processors": os.cpu_count()}
    return {"versions": versions(), "git": git_state(), "platform": machine}


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a study folder; raise InputError if it cannot be read."""
    return read_json(folder / "manifest.json")


def of_study(study: StudyBase, plan: Plan) -> dict[str, Any]:
    """Return what a manifest says about the study itself."""
    return {
        "kind": study.kind,
        "title": study.title,
        "identity": identity(study, plan),
        "seed": plan.seed,
        "points": len(plan.points),
        "replicates": plan.replicates,
        "runs": plan.total,
        **({"draws": draws_of(plan)} if plan.draws else {}),
    }


def draws_of(plan: Plan) -> dict[str, Any]:
    """Return of which fits the draws of a study are, by scenario, and which of their parameters the study says."""
    return {name or plan.base: draws_in(drawn) for name, drawn in plan.draws.items()}


def draws_in(drawn: FormDraws) -> dict[str, Any]:
    """Return of which fit draws are, how many, of what, and what of it is kept as the scenario says."""
    about = {"form": drawn.form, "fit": drawn.digest, "draws": len(drawn.values)}
    return {**about, "parameters": list(drawn.values[0]), "kept": list(drawn.kept)}


def new_session(jobs: int, kind: str) -> dict[str, Any]:
    """Return what a manifest says about one session of work on a study."""
    return {"started": now(), "jobs": jobs, "workers": kind, **environment()}


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_yaml(content: dict[str, Any]) -> bytes:
    """Return plain data as YAML, keys in their order."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()


def as_json(content: Any) -> bytes:
    """Return plain data as readable JSON."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()


def check_resume(folder: Path, study: StudyBase, plan: Plan, *, resume: bool) -> bool:
    """Return whether the study that the folder holds grows by this one, if it may write there; nothing is touched.

    A study may grow by points or replicates: what is stored is part of it then.

    Raises
    ------
    InputError
        If the folder holds something else; the message is one line and says what differs.
    """
    if not (there := contents_of(folder)):
        return False
    if not (folder / "manifest.json").exists():
        raise InputError(f"{folder} is not empty: it holds {named(there)} and no study; choose another folder")
    if not resume:
        raise InputError(f"{folder} already holds a study; go on with it by --resume, or choose another folder")
    try:
        kept = read(folder).get("identity")
    except InputError as problem:
        raise InputError(f"{problem}; by it alone a study is known, so run this one in another folder") from None
    kept = kept if isinstance(kept, dict) else {}
    differing = [part for part, now in identity(study, plan).items() if kept.get(part) != now]
    for part in differing:
        added = part == "draws" and part not in kept
        if not (part == "study" or added) or not grows(folder, study, plan):
            raise InputError(f"cannot resume {folder}: {difference(folder, study, plan, part)}")
    check_tables(folder, study, plan)
    return bool(differing)


def grows(folder: Path, study: StudyBase, plan: Plan) -> bool:
    """Return whether the folder's study is part of this one: the same but for fewer replicates or points."""
    kept, now = read_yaml(folder / "study.yaml"), study_content(study)
    changed = {key for key in {**kept, **now} if key not in WORDS and kept.get(key) != now.get(key)}
    if not changed <= set(study.grows_by) or now["replicates"] < kept["replicates"]:
        return False
    return set(chunks.study_points(folder)) <= set(chunks.point_names(plan.paths, plan.points))


def is_the_same(folder: Path, study: StudyBase) -> bool:
    """Return whether the folder's study is this very one, in the order of its points too."""
    path = folder / "study.yaml"
    return path.is_file() and path.read_bytes() == as_yaml(study.model_dump(mode="json"))


def check_tables(folder: Path, study: StudyBase, plan: Plan) -> None:
    """Raise InputError if series or lives are kept and points would get other numbers: their files bear the number."""
    names = chunks.point_names(plan.paths, plan.points)
    keeps = plan.record if plan.record != "runs" else "series" if plan.series_at else ""
    if keeps and not is_the_same(folder, study) and chunks.renumbers(folder, names):
        raise InputError(
            f"cannot resume {folder}: it keeps {keeps} by the number of the point, so new points must come last; "
            "give new values at the end of the first path, or choose another folder"
        )


DIFFERENCES = {
    "study": ("study.yaml", "it holds another study"),
    "scenario": ("base.yaml", "its base scenario was another"),
    "scenarios": ("others.yaml", "one of its scenarios was another"),
}
"""Part of the identity: the file of the folder that it comes from, and what is said if it differs."""


def difference(folder: Path, study: StudyBase, plan: Plan, part: str) -> str:
    """Say in one line how the folder's study is another, by the part of the identity that differs."""
    if part in DIFFERENCES:
        name, words = DIFFERENCES[part]
        change = first_change(folder / name, sources_of(study, plan)[name])
        grown = [name for name in ("replicates", "draws") if part == "study" and change.startswith(f" ({name}: ")]
        hint = f"; a study can grow but not shrink: ask for as many {grown[0]} or more" if grown else ""
        return words + change + hint
    if part == "draws":
        return "its draws are of another fit; run the study again in another folder"
    if part == "engine":
        return "the sources of mhsim have changed since; run the study again in another folder"
    return "it was written by another version of mhsim; run the study again in another folder"


def first_change(path: Path, content: dict[str, Any]) -> str:
    """Return the first value that differs from a YAML file, as `` (path: 1 there, 2 now)``."""
    kept, now = flat(read_yaml(path)), flat(content)
    for key in {**kept, **now}:
        if key not in WORDS and kept.get(key) != now.get(key):
            return f" ({key}: {kept.get(key, 'nothing')} there, {now.get(key, 'nothing')} now)"
    return ""


def flat(content: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Return nested plain data as one dictionary from dotted paths to values."""
    found: dict[str, Any] = {}
    for key, value in content.items():
        if isinstance(value, dict):
            found |= flat(value, f"{before}{key}.")
        else:
            found[f"{before}{key}"] = value
    return found

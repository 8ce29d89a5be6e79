"""The manifest of a study folder: what it was made from, by which versions, when and where."""

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

from mhsim.core.jit import PACKAGE, sources_digest
from mhsim.safe_files import read_json
from mhsim.studies.design import StudyBase
from mhsim.studies.plan import Plan

FORMAT = 1
"""Layout of a study folder; a change in it is a new number."""

WORDS = ("title", "question")
"""Keys of a study that no result depends on."""


def digest(content: Any) -> str:
    """Return a digest of plain data, the same in every process and on every machine."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, allow_nan=False).encode()).hexdigest()[:16]


def study_content(study: StudyBase) -> dict[str, Any]:
    """Return all of a study that results depend on, as plain data."""
    return study.model_dump(mode="json", exclude=set(WORDS))


def study_text(study: StudyBase) -> bytes:
    """Return `study.yaml`, the whole study in the order of its keys."""
    return as_yaml(study.model_dump(mode="json"))


def scenario_content(plan: Plan) -> dict[str, Any]:
    """Return the base scenario as plain data."""
    return plan.scenario.model_dump(mode="json")


def others_content(plan: Plan) -> dict[str, Any]:
    """Return the scenarios that stand in the place of the base, by name, as plain data."""
    return {name: scenario.model_dump(mode="json") for name, scenario in plan.others.items()}


def identity(study: StudyBase, plan: Plan) -> dict[str, Any]:
    """Return what must be equal for two sessions to work on the same folder."""
    found = {
        "format": FORMAT,
        "study": digest(study_content(study)),
        "scenario": digest(scenario_content(plan)),
        "engine": sources_digest(),
    }
    if plan.others:
        found["scenarios"] = digest(list(others_content(plan).items()))
    return found


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


def place() -> dict[str, Any]:
    """Return the kind of machine, without its name."""
    return {"system": platform.platform(), "machine": platform.machine(), "processors": os.cpu_count()}


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a study folder; raise InputError if it cannot be read."""
    return read_json(folder / "manifest.json")


def new_manifest(study: StudyBase, plan: Plan) -> dict[str, Any]:
    """Return the manifest of a study at its beginning; sessions add to it."""
    return {**of_study(study, plan), "state": "unfinished", "done": 0, "failed": 0, "sessions": []}


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
    }


def new_session(jobs: int, kind: str) -> dict[str, Any]:
    """Return what a manifest says about one session of work on a study."""
    return {
        "started": now(),
        "jobs": jobs,
        "workers": kind,
        "versions": versions(),
        "git": git_state(),
        "platform": place(),
    }


def now() -> str:
    """Return the time in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def as_yaml(content: dict[str, Any]) -> bytes:
    """Return plain data as YAML, keys in their order."""
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True).encode()


def as_json(content: Any) -> bytes:
    """Return plain data as readable JSON."""
    return (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode()

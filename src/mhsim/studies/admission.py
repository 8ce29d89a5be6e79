"""Whether a study may write to a folder: an empty one, or one that holds part of the very same study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mhsim.errors import InputError
from mhsim.studies import manifest
from mhsim.studies.design import StudyBase
from mhsim.studies.files import leftovers
from mhsim.studies.plan import Plan


def admit(folder: Path, study: StudyBase, plan: Plan, *, resume: bool) -> None:
    """Return if the study may write to the folder; nothing in it is touched.

    Raises
    ------
    InputError
        If the folder holds something else; the message is one line and says what differs.
    """
    unfinished = leftovers(folder)
    if all(path in unfinished for path in folder.iterdir()):
        return
    if not (folder / "manifest.json").exists():
        raise InputError(f"{folder} is not empty and holds no study; choose another folder")
    if not resume:
        raise InputError(f"{folder} already holds a study; go on with it by --resume, or choose another folder")
    kept = manifest.read(folder).get("identity", {})
    for part, now in manifest.identity(study, plan).items():
        if kept.get(part) != now:
            raise InputError(f"cannot resume {folder}: {difference(folder, study, plan, part)}")


def difference(folder: Path, study: StudyBase, plan: Plan, part: str) -> str:
    """Say in one line how the folder's study is another, by the part of the identity that differs."""
    if part == "study":
        return "it holds another study" + first_change(folder / "study.yaml", manifest.study_content(study))
    if part == "scenario":
        return "its base scenario was another" + first_change(folder / "base.yaml", manifest.scenario_content(plan))
    if part == "scenarios":
        return "one of its scenarios was another" + first_change(folder / "others.yaml", manifest.others_content(plan))
    if part == "engine":
        return "the sources of mhsim have changed since; run the study anew in another folder"
    return "it was written by another version of mhsim; run the study anew in another folder"


def first_change(path: Path, content: dict[str, Any]) -> str:
    """Return the first value that differs from a YAML file, as `` (path: 1 there, 2 now)``."""
    try:
        kept = flat(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError):
        return ""
    now = flat(content)
    for key in {**kept, **now}:
        if key not in manifest.WORDS and kept.get(key) != now.get(key):
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

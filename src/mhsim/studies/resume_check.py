"""Whether a study may write to a folder: an empty one, or one that holds part of it or a smaller study of the kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mhsim.errors import InputError
from mhsim.safe_files import contents_of, named, read_yaml
from mhsim.studies import manifest, point_ids
from mhsim.studies.design import StudyBase
from mhsim.studies.plan import Plan


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
        kept = manifest.read(folder).get("identity")
    except InputError as problem:
        raise InputError(f"{problem}; by it alone a study is known, so run this one in another folder") from None
    kept = kept if isinstance(kept, dict) else {}
    differing = [part for part, now in manifest.identity(study, plan).items() if kept.get(part) != now]
    for part in differing:
        if part != "study" or not grows(folder, study, plan):
            raise InputError(f"cannot resume {folder}: {difference(folder, study, plan, part)}")
    check_tables(folder, study, plan)
    return bool(differing)


def grows(folder: Path, study: StudyBase, plan: Plan) -> bool:
    """Return whether the folder's study is part of this one: the same but for fewer replicates or points."""
    kept, now = read_yaml(folder / "study.yaml"), manifest.study_content(study)
    changed = {key for key in {**kept, **now} if key not in manifest.WORDS and kept.get(key) != now.get(key)}
    if not changed <= set(study.grows_by) or now["replicates"] < kept["replicates"]:
        return False
    return set(point_ids.study_points(folder)) <= set(point_ids.names_of(plan.paths, plan.points))


def is_the_same(folder: Path, study: StudyBase) -> bool:
    """Return whether the folder's study is this very one, in the order of its points too."""
    path = folder / "study.yaml"
    return path.is_file() and path.read_bytes() == manifest.study_text(study)


def check_tables(folder: Path, study: StudyBase, plan: Plan) -> None:
    """Raise InputError if series or lives are kept and points would get other numbers: their files bear the number."""
    names = point_ids.names_of(plan.paths, plan.points)
    if plan.record != "runs" and not is_the_same(folder, study) and point_ids.renumbers(folder, names):
        raise InputError(
            f"cannot resume {folder}: it keeps {plan.record} by the number of the point, so new points must come last; "
            "give new values at the end of the first path, or choose another folder"
        )


def difference(folder: Path, study: StudyBase, plan: Plan, part: str) -> str:
    """Say in one line how the folder's study is another, by the part of the identity that differs."""
    if part == "study":
        changes = first_change(folder / "study.yaml", manifest.study_content(study))
        if changes.startswith(" (replicates: "):
            changes += "; a study can grow but not shrink: ask for as many replicates or more"
        return "it holds another study" + changes
    if part == "scenario":
        return "its base scenario was another" + first_change(folder / "base.yaml", manifest.scenario_content(plan))
    if part == "scenarios":
        return "one of its scenarios was another" + first_change(folder / "others.yaml", manifest.others_content(plan))
    if part == "engine":
        return "the sources of mhsim have changed since; run the study again in another folder"
    return "it was written by another version of mhsim; run the study again in another folder"


def first_change(path: Path, content: dict[str, Any]) -> str:
    """Return the first value that differs from a YAML file, as `` (path: 1 there, 2 now)``."""
    kept, now = flat(read_yaml(path)), flat(content)
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

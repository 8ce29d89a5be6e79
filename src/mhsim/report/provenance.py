"""Where a page comes from: seed, versions, digests of what went in, and the command that repeats it."""

from __future__ import annotations

from typing import Any

from mhsim.report.html import Markup, element, paragraphs, section, table, together
from mhsim.report.stress_checklist import checklist_section
from mhsim.report.study_data import Found


def provenance_section(found: Found) -> Markup:
    """Return the section: how to repeat a study."""
    command = f"mhsim {found.manifest.get('kind') or 'sweep'} study.yaml --out again"
    repeat = element(
        "p", together(["The same numbers come from:", element("code", command), "in the folder of this page."])
    )
    base = (
        f"The scenario was “{found.base_name}”; base.yaml in the same folder holds it with every number written out, "
        "points.parquet all combinations and runs.parquet one row per run."
    )
    facts = facts_table(study_facts(found))
    where = section("Where this comes from", repeat, paragraphs(base), facts, key="provenance")
    return together([where, checklist_section(found)])


def study_facts(found: Found) -> list[tuple[str, str]]:
    """Return what the manifest of a study says, as names and values."""
    manifest = found.manifest
    sessions: list[dict[str, Any]] = manifest.get("sessions") or []
    last = sessions[-1] if sessions else {}
    identity = manifest.get("identity") or {}
    facts = [
        ("Seed", str(manifest.get("seed", found.study.get("seed", "")))),
        ("Runs", f"{found.done.size:,}"),
        *((f"Digest of the {name}", str(value)) for name, value in identity.items() if name != "format"),
    ]
    return facts + session_facts(last)


def session_facts(session: dict[str, Any]) -> list[tuple[str, str]]:
    """Return versions, commit, kind of machine and time of one session of work."""
    versions = session.get("versions") or {}
    git = session.get("git") or {}
    platform = session.get("platform") or {}
    commit = str(git.get("commit") or "")
    edited = " with changes not yet in it" if git.get("edited") else ""
    return [
        ("Versions", ", ".join(f"{name} {value}" for name, value in versions.items())),
        ("Commit of the sources", f"{commit}{edited}" if commit else ""),
        ("Kind of machine", str(platform.get("system") or "")),
        ("Ended", str(session.get("ended") or "")),
    ]


def facts_table(facts: list[tuple[str, str]]) -> Markup:
    """Return a table of names and values, without the empty ones."""
    rows = [[name, value] for name, value in facts if value]
    return table(["What", "Value"], rows, "What went in, and what it was done with")

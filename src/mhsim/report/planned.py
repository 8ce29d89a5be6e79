"""The section about the plan of a study: what was meant before the first run, what was added later, and the claims."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import counted, joined, scale_of, value_text
from mhsim.report.html import NOTHING, folded, note, paragraphs, table
from mhsim.report.wording import Wording
from mhsim.studies.data import StudyData
from mhsim.studies.decision_rules import Judged, judged
from mhsim.studies.preregistration import PlannedClaim, Preregistration, Version, Where, versions_in
from mhsim.studies.registry import KINDS

WORDS = Wording()
AS_PLANNED, ADDED_LATER, DROPPED = "as planned", "added later", "planned, and dropped later"
OUTCOMES = {"holds": "holds", "fails": "does not hold", "open": "cannot be told", "in words": "judge by the rule"}
DIGITS = 12
"""Of a digest that are shown in a sentence; manifest.json has all."""


def planned_section(data: StudyData) -> Markup:
    """Return the section: what was planned; where there is no plan, one line that says so."""
    versions = versions_in(data.manifest)
    if not any(version.plan for version in versions):
        return WORDS.section("planned", paragraphs(WORDS("planned.none")))
    first, now = registered(versions), versions[-1].plan
    parts = [paragraphs(*_history(versions)), *_problems(versions), _claims(data, first, now), _looked_at(data, first)]
    return WORDS.section("planned", *parts)


def registered(versions: Sequence[Version]) -> Preregistration | None:
    """Return the plan that was there before the first run, in its last version from then; None without one."""
    before = [version for version in versions if version.runs == 0]
    return before[-1].plan if before else None


def mark(data: StudyData, measure: str) -> str:
    """Return in a sentence whether a measure was planned; nothing where there is no plan."""
    versions = versions_in(data.manifest)
    if not any(version.plan for version in versions):
        return ""
    first = registered(versions)
    return f"{status(measure, () if first is None else first.all_measures).capitalize()}."


def status(name: str, planned: Sequence[str]) -> str:
    """Return whether a measure, table or claim was planned or added later."""
    return AS_PLANNED if name in planned else ADDED_LATER


def _history(versions: Sequence[Version]) -> list[str]:
    """Return in sentences when the plan was noted, and each later version with its digest."""
    said: list[str] = []
    for version in versions:
        plan, runs = version.plan, counted(version.runs, "run")
        by = f" by {plan.by}" if plan is not None and plan.by else ""
        written = f", written {plan.written}" if plan is not None and plan.written else ""
        when = "before the first run" if version.runs == 0 else f"when {runs} had been done"
        told = {"digest": version.digest[:DIGITS], "by": by, "written": written, "at": version.at, "when": when}
        key = "taken_out" if version.content is None else "again" if said else "noted" if version.runs == 0 else "late"
        said.append(WORDS(f"planned.{key}", **told))
    return said


def _problems(versions: Sequence[Version]) -> list[Markup]:
    """Return boxes for plans whose content is not that of their digest, or that this version cannot read."""
    edited = [version.digest[:DIGITS] for version in versions if not version.fits]
    unread = [version.digest[:DIGITS] for version in versions if version.content is not None and version.plan is None]
    boxes = [note(WORDS("planned.edited", digests=joined(edited)))] if edited else []
    return boxes + ([note(WORDS("planned.unread", digests=joined(unread)))] if unread else [])


def _claims(data: StudyData, first: Preregistration | None, now: Preregistration | None) -> Markup:
    """Return the table of claims, each with its result, its rule, the verdict, and whether it was planned."""
    planned = () if first is None else first.claims
    later = tuple(claim for claim in (() if now is None else now.claims) if claim not in planned)
    claims = (*planned, *later)
    if not claims:
        return NOTHING
    kept = () if now is None else now.claims
    rows = []
    for claim, result in zip(claims, judged(data, claims), strict=True):
        standing = ADDED_LATER if claim in later else AS_PLANNED if claim in kept else DROPPED
        rule = claim.rule or f"“{claim.words}”"
        rows.append([claim.claim, _result(claim, result), rule, _verdict(claim, result), standing])
    return WORDS.table("planned", rows)


def _result(claim: PlannedClaim, result: Judged) -> str:
    """Return what came of a claim: the measure, where, and its estimate with the interval."""
    scale, where = scale_of(claim.measure), _where(claim.at)
    if claim.about_level:
        return f"{BY_NAME[claim.measure].label} at {where}: {scale.estimate(result.estimate)} {scale.unit}".strip()
    told = scale.change(result.estimate, mark=False)
    return (
        f"{BY_NAME[claim.measure].label} at {where} against {_where(claim.against or {})}: {told} {scale.unit}".strip()
    )


def _where(where: Where) -> str:
    return ", ".join(f"{path} = {value_text(value)}" for path, value in where.items()) or "all points"


def _verdict(claim: PlannedClaim, result: Judged) -> str:
    """Return the verdict in words: whether the rule holds, why that cannot be told, and whether it was expected."""
    told = OUTCOMES[result.outcome] + (f": {result.why}" if result.why else "")
    found = result.estimate
    if claim.about_level or not claim.expected or not found.clear:
        return told
    came = "rises" if found.rises else "falls"
    return f"{told}; {'as expected' if came == claim.expected else f'expected was {claim.expected}'}"


def _looked_at(data: StudyData, first: Preregistration | None) -> Markup:
    """Return the list of measures and tables, the planned ones first, each with whether it was planned."""
    measures = () if first is None else first.all_measures
    tables = () if first is None else first.tables
    there = [name for name in KINDS[data.kind].tables if data.has_table(name)]
    rows = [["measure", name, status(name, measures)] for name in data.measures]
    rows += [["table of the analysis", name, status(name, tables)] for name in there]
    rows.sort(key=lambda row: row[2] != AS_PLANNED)
    head, caption = WORDS.entry("planned.looked_at.head"), WORDS("planned.looked_at.caption")
    body = table(head, [[name, what, standing] for what, name, standing in rows], caption)
    late = sum(row[2] == ADDED_LATER for row in rows)
    return folded(WORDS("planned.looked_at.fold", planned=len(rows) - late, later=late), body)

"""A plan written before the first run (preregistration), and what became of it: every version with its digest.

The key ``plan`` of a study file says which measures, tables and claims were meant beforehand. When a study is run, the
manifest notes the plan's digest, the time, and how many runs were there by then; a plan that is changed later is noted
beside it and takes nothing away. No result depends on a plan.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from mhsim.errors import InputError, suggestion
from mhsim.outcomes.measures import BY_NAME
from mhsim.safe_files import read_table
from mhsim.scenario import Value

if TYPE_CHECKING:
    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan

Where = dict[str, Value]
"""Paths and values by which points are found; a path named `scenario` finds those of one scenario."""


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in BY_NAME:
            raise ValueError(f"no measure {name!r}{suggestion(name, BY_NAME)}")
    return names


class PlannedClaim(BaseModel):
    """One claim: a measure at some points, mostly against others, and the rule by which it stands or falls."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    claim: str = Field(min_length=1, max_length=1000, description="what is claimed, in a sentence")
    measure: str = Field(description="the measure that it is about")
    at: Where = Field(description="paths and values of the points that it is about")
    against: Where | None = Field(default=None, description="paths and values of the points they are compared with")
    rule: str = Field(default="", description="when it stands, such as: falls by more than 0.1")
    words: str = Field(default="", max_length=1000, description="a rule in words, where none of the grammar fits")
    expected: Literal["", "rises", "falls", "no difference"] = Field(default="", description="what was expected")

    @property
    def about_level(self) -> bool:
        """Whether it is about a level, and not about a difference."""
        return self.against is None

    @model_validator(mode="after")
    def _fits_together(self) -> PlannedClaim:
        """Refuse a measure that is no number, and a rule that does not fit what is compared."""
        from mhsim.studies.decision_rules import rule_of

        if self.measure not in BY_NAME or BY_NAME[self.measure].kind == "text":
            raise ValueError(f"no measure {self.measure!r} that is a number{suggestion(self.measure, BY_NAME)}")
        if bool(self.rule) == bool(self.words):
            raise ValueError("a claim needs either a rule or words")
        if self.rule and rule_of(self.rule).of_level != self.about_level:
            needs = "lies above or below a limit" if self.about_level else "is about a difference"
            hint = "; against names what the points are compared with" if self.about_level else "; leave against away"
            raise ValueError(f"the rule {self.rule!r} does not fit: without against it {needs}" + hint)
        return self


class Preregistration(BaseModel):
    """What a study is to look at, written before its first run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    by: str = Field(default="", max_length=200, description="who wrote it, a name or a role")
    written: date | None = Field(default=None, description="when, as 2026-11-29")
    question: str = Field(default="", max_length=4000, description="the question, if not that of the study")
    measures: Annotated[tuple[str, ...], AfterValidator(_known)] = Field(
        default=(), description="measures that are looked at, besides those of claims"
    )
    tables: tuple[str, ...] = Field(default=(), description="tables of the analysis that are looked at")
    claims: tuple[PlannedClaim, ...] = Field(default=(), description="claims, each with its decision rule")

    @property
    def all_measures(self) -> tuple[str, ...]:
        """Measures that are looked at, those of claims among them."""
        return tuple(dict.fromkeys([*self.measures, *(claim.measure for claim in self.claims)]))

    @model_validator(mode="after")
    def _says_something(self) -> Preregistration:
        """Refuse a plan that names nothing, and a claim made twice."""
        if not self.all_measures:
            raise ValueError("a plan names at least one measure, by itself or in a claim")
        texts = [claim.claim for claim in self.claims]
        for text in texts:
            if texts.count(text) > 1:
                raise ValueError(f"the claim {text!r} is made twice")
        return self


def check_plan(written: Preregistration, study: StudyBase, plan: Plan, tables: Mapping[str, Any], known: bool) -> None:
    """Raise InputError if a study does not watch what its plan names, or has no such points or tables.

    Parameters
    ----------
    written : Preregistration
        The plan.
    study, plan
        What it is about, and the points of that.
    tables : mapping
        Tables of the analysis of studies of this kind.
    known : bool
        Whether all points are known before the first run.
    """
    for name in written.all_measures:
        if name not in plan.watch:
            raise InputError(f"plan: {name} is not watched{suggestion(name, plan.watch)}")
    for name in written.tables:
        if name not in tables:
            raise InputError(f"plan: studies of kind {study.kind} have no table {name!r}{suggestion(name, tables)}")
    if not known:
        return
    points = [{**plan.fixed, **plan.values(number)} for number in range(len(plan.points))]
    for claim in written.claims:
        for key, where in (("at", claim.at), ("against", claim.against or {})):
            if not any(all(same_value(point.get(path), value) for path, value in where.items()) for point in points):
                said = ", ".join(f"{path}={value}" for path, value in where.items())
                raise InputError(f"plan: no point of the study has {said}, which {key} of {claim.claim!r} names")


def same_value(one: object, other: object) -> bool:
    """Return whether two values of a path are the same; numbers to nine digits."""
    if isinstance(one, (int, float)) and isinstance(other, (int, float)) and type(one) is not bool:
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return one == other


def digest_of(content: Mapping[str, Any] | None) -> str:
    """Return the SHA-256 of a plan's content, in hexadecimal; empty for none."""
    if content is None:
        return ""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Version:
    """One version of a plan: its digest, when a session first had it, how many runs there were, and what it said."""

    digest: str
    at: str
    runs: int
    content: Mapping[str, Any] | None

    @property
    def plan(self) -> Preregistration | None:
        """The plan; None where it was taken out, or cannot be read by this version of mhsim."""
        try:
            return None if self.content is None else Preregistration.model_validate(self.content)
        except ValidationError:
            return None

    @property
    def fits(self) -> bool:
        """Whether the content is what the digest was made of."""
        return digest_of(self.content) == self.digest


def noted(before: list[dict[str, Any]], study: StudyBase, runs: int, at: str) -> list[dict[str, Any]]:
    """Return the versions of a plan that a manifest lists, with that of the study at the end if it is a new one."""
    content = None if study.plan is None else study.plan.model_dump(mode="json")
    last = before[-1]["digest"] if before else ""
    if digest_of(content) == last:
        return before
    return [*before, {"digest": digest_of(content), "at": at, "runs": runs, "plan": content}]


def versions_in(manifest: Mapping[str, Any]) -> tuple[Version, ...]:
    """Return the versions of a plan that a manifest lists, in the order of time; raise InputError for what is none."""
    listed = manifest.get("plans") or []
    try:
        return tuple(Version(str(one["digest"]), str(one["at"]), int(one["runs"]), one["plan"]) for one in listed)
    except (TypeError, KeyError, ValueError):
        raise InputError("this file cannot be read: its plans are none", "manifest.json") from None


def runs_in(folder: Path) -> int:
    """Return how many runs are stored in a folder, rounds of their own among them; damaged files count for nothing."""
    total = 0
    for path in folder.rglob("chunk-*.parquet"):
        with suppress(InputError):
            total += len(read_table(path, ["point"]))
    return total

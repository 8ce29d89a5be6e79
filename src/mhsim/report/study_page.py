"""What pages of all kinds of study share: their order, how sure results are, failed runs, and where all comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup

from mhsim.report.formatting import capital, counted, duration, joined, small, value_text
from mhsim.report.html import (
    NOTHING,
    answer_box,
    element,
    folded,
    items,
    note,
    page,
    paragraphs,
    section,
    table,
    together,
)
from mhsim.report.limits import limits_section
from mhsim.report.stress_checklist import checklist_section
from mhsim.studies.data import FailedRun, StudyData
from mhsim.studies.registry import KINDS

MOST_FAILURES = 20
SEEDS = "the same random seeds at all of them"
INTERVALS = (
    "The ranges in brackets are 95 % intervals: they would hold the true value of the model in about 95 of 100 studies "
    "like this one. Shares of groups have Wilson's interval, means Student's; differences are taken between runs with "
    "the same random seed. Survival curves are Kaplan-Meier estimates. The ranges are about chance alone: how far more "
    "runs would move the number, not whether the model is right."
)
CLEAR = (
    "A difference is called clear if it is more than chance would bring about, even though several were looked at "
    "together, and at least ten pairs of runs stand behind it. “Not clear” does not mean that there is none."
)


def study_page(
    data: StudyData,
    title: str,
    kicker: str,
    body: Callable[[], Sequence[str]],
    *,
    asked: Callable[[], Sequence[str]],
    uncertainty: Callable[[], str] | None = None,
    turnover: bool = False,
) -> str:
    """Return the page of a study as HTML.

    Parameters
    ----------
    data : StudyData
        The study.
    title, kicker : str
        The heading where the study has no title, and the line above it.
    body : callable
        Returns the box with the short answer, and then the sections of this kind of study.
    asked : callable
        Returns the paths that the study is about; whatever else was assumed is listed as such.
    uncertainty : callable, optional
        Returns the section on how sure the results are, in the place of the usual one.
    turnover : bool
        Whether the study is about helper turnover.
    """
    title = data.title or title
    if not data.done.any():
        return page(title, kicker, no_results(data))
    first, *sections = body()
    parts = [
        first,
        incomplete_note(data),
        section("The question", paragraphs(data.question), key="asked") if data.question else NOTHING,
        *sections,
        uncertainty_section(data) if uncertainty is None else uncertainty(),
        limits_section(data, asked(), turnover=turnover),
        provenance_section(data),
    ]
    return page(title, kicker, parts)


def incomplete_note(data: StudyData) -> Markup:
    """Return a box that says which part of a study is there; nothing if all of it is."""
    if data.complete:
        return NOTHING
    there = int(data.stored.sum())
    each = data.stored.sum(axis=1)
    low, high = int(each.min()), int(each.max())
    runs = counted(low, "run") if low == high else f"between {small(low)} and {small(high)} runs"
    return note(
        f"This study is not finished: {there:,} of {data.asked:,} runs are there, {runs} at each point. Everything on "
        f"this page is about these. mhsim {data.kind} study.yaml --resume goes on with it."
    )


def lengths_words(data: StudyData) -> str:
    """Return how long runs were, in words: "ten years", "one year (20 runs) and three years (20 runs)"."""
    lengths = sorted(set(data.lengths))
    if len(lengths) == 1:
        return duration(lengths[0])
    if len(lengths) > 4:
        return f"between {duration(lengths[0])} and {duration(lengths[-1])}"
    runs = [int(data.stored[data.lengths == length].sum()) for length in lengths]
    return joined([f"{duration(length)} ({number:,} runs)" for length, number in zip(lengths, runs, strict=True)])


def uncertainty_section(data: StudyData) -> Markup:
    """Return the section: how sure the results are."""
    replicates = data.shape[1]
    runs = "There is one run" if replicates == 1 else f"There are {small(replicates)} runs"
    number = (
        f"{runs} for each combination of what varied, {int(data.stored.sum()):,} in all; {int(data.done.sum()):,} "
        "ended well."
    )
    few = ""
    if replicates < 30:
        few = "There are few runs for each combination: ranges are wide and rough, and with one run there are none."
    parts = [paragraphs(number, INTERVALS, CLEAR), note(few) if few else NOTHING, failures_part(data)]
    return section("How sure", *parts, key="sure")


def failures_part(data: StudyData) -> Markup:
    """Return what there is to say about failed runs."""
    number = len(data.failures)
    if number == 0:
        return paragraphs("No run failed.")
    text = (
        f"{capital(small(number))} of {int(data.stored.sum()):,} runs failed. They are left out of every number on "
        "this page, neither as closed groups nor as open ones. If runs fail more often under some settings than under "
        "others, the results there may be one-sided."
    )
    rows = [_failure(data, failed) for failed in data.failures[:MOST_FAILURES]]
    more = number - len(rows)
    rest = f"And {more:,} more; runs.parquet lists them all." if more > 0 else ""
    return together([note(text), folded("The failed runs", items(rows), paragraphs(rest))])


def _failure(data: StudyData, failed: FailedRun) -> Markup:
    values = ", ".join(f"{path} = {value_text(value)}" for path, value in data.points[failed.point].items())
    parts = [f"{values or 'the only combination'}, replicate {failed.replicate}: {failed.error} "]
    return together([*parts, element("code", failed.command) if failed.command else ""])


def no_results(data: StudyData) -> list[Markup]:
    """Return the parts of the page of a study in which no run ended well."""
    text = f"None of the {int(data.stored.sum()):,} runs ended well, so there is no result to report."
    failed = section("What failed", failures_part(data), key="failed")
    return [answer_box(paragraphs(text)), failed, provenance_section(data)]


def provenance_section(data: StudyData) -> Markup:
    """Return the sections: how to repeat a study, and a checklist for a report on it."""
    command = element("code", f"mhsim {data.kind} study.yaml --out again")
    repeat = element("p", together(["The same numbers come from:", command, "in the folder of this page."]))
    files = [
        f"The scenario was “{data.base_name}”; base.yaml in the same folder holds it with every number written out",
        "others.yaml the other scenarios" if data.scenarios else "",
        "points.parquet all combinations",
        "runs.parquet one row for each run",
        "the folder analysis the tables behind this page" if KINDS[data.kind].tables else "",
    ]
    where = paragraphs(f"{joined([part for part in files if part])}.")
    facts = facts_table(study_facts(data))
    return together([section("Where this comes from", repeat, where, facts, key="provenance"), checklist_section(data)])


def study_facts(data: StudyData) -> list[tuple[str, Any]]:
    """Return what the manifest of a study says, as names and values."""
    sessions: list[dict[str, Any]] = data.manifest.get("sessions") or []
    identity: dict[str, Any] = data.manifest.get("identity") or {}
    facts = [
        ("Seed", data.manifest.get("seed", data.study.get("seed"))),
        ("Runs", f"{int(data.stored.sum()):,}"),
        *((f"Digest of the {name}", value) for name, value in identity.items() if name != "format"),
    ]
    return facts + session_facts(sessions[-1] if sessions else {})


def session_facts(session: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return versions, commit, kind of machine and time of one session of work."""
    versions, git, platform = (session.get(name) or {} for name in ("versions", "git", "platform"))
    edited = " with changes not yet in it" if git.get("edited") else ""
    return [
        ("Versions", ", ".join(f"{name} {value}" for name, value in versions.items())),
        ("Commit of the sources", f"{git['commit']}{edited}" if git.get("commit") else ""),
        ("Kind of machine", platform.get("system")),
        ("Ended", session.get("ended")),
    ]


def facts_table(facts: Sequence[tuple[str, Any]]) -> Markup:
    """Return a table of names and values, without the empty ones."""
    rows = [[name, str(value)] for name, value in facts if value not in (None, "")]
    return table(["What", "Value"], rows, "What went in, and what it was done with")

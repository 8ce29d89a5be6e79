"""Pages of studies: one order for all kinds, how sure results are, what a study does not say, where all comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from mhsim.report.formatting import capital, counted, duration, durations, joined, small, value_text
from mhsim.report.groups_by_form import study_section
from mhsim.report.html import NOTHING, answer_box, element, folded, items, note, page, paragraphs, section, together
from mhsim.report.knowledge import Result, knowledge_section
from mhsim.report.planned import planned_section
from mhsim.report.rests import rests_section
from mhsim.report.wording import Wording
from mhsim.studies.data import StudyData
from mhsim.studies.registry import KINDS

WORDS = Wording()
MOST_FAILURES = 20
SEEDS = "the same random seeds at all of them"
CARRYING = ("serve", "leave", "close", "arrive", "help")
"""Mechanisms that carry a result about helpers and the life of a group."""

A = TypeVar("A")
Sections = Callable[[A], Iterable[str]]


def uncertainty_section(data: StudyData) -> Markup:
    """Return the section: how sure the results are."""
    replicates = data.shape[1]
    runs = "There is one run" if replicates == 1 else f"There are {small(replicates)} runs"
    counts = {"runs": runs, "stored": int(data.stored.sum()), "done": int(data.done.sum())}
    few = note(WORDS("sure.few")) if replicates < 30 else NOTHING
    two = paragraphs(WORDS("sure.two")) if data.drawn else NOTHING
    return WORDS.section("sure", two, few, failures_part(data), **counts)


@dataclass(frozen=True)
class StudyPage(Generic[A]):
    """What the page of one kind of study has of its own; everything else all kinds have in common.

    Attributes
    ----------
    title, kicker : str
        The heading where the study has no title, and the line above it; runs, worlds and points may stand in braces.
    read : callable
        Makes of the study what the sections are made of; raises InputError if the analysis is missing.
    sections : callable
        Returns the sections of this kind, the box with the short answer first.
    asked : callable
        Returns the paths that the study is about; whatever else was assumed is listed as such.
    uncertainty : callable, optional
        Returns the section on how sure the results are, in the place of the usual one.
    turnover : callable, optional
        Returns whether a study is about helper turnover.
    results : callable, optional
        Returns the main results, of which a study over draws says what chance and what not knowing does to each.
    """

    title: str
    read: Callable[[StudyData], A]
    sections: Sections[A]
    asked: Callable[[A], Sequence[str]]
    uncertainty: Callable[[A], Markup] | None = None
    turnover: Callable[[StudyData], bool] = lambda data: False
    results: Callable[[A], Sequence[Result]] = lambda found: ()
    kicker: str = "A simulation study of {runs:,} runs"

    def page_of(self, data: StudyData) -> str:
        """Return the page of a study as HTML; raise InputError if its analysis is missing."""
        title, points = data.title or self.title, small(len(data.points))
        kicker = self.kicker.format(runs=int(data.stored.sum()), worlds=data.shape[1], points=points)
        if not data.done.any():
            failed = section("What failed", failures_part(data), key="failed")
            none = paragraphs(WORDS("none", stored=int(data.stored.sum())))
            return page(title, kicker, [answer_box(none), failed, *provenance_sections(data)])
        found = self.read(data)
        first, *sections = self.sections(found)
        parts = [
            first,
            incomplete_note(data),
            section("The question", paragraphs(data.question), key="asked") if data.question else NOTHING,
            planned_section(data),
            *sections,
            study_section(data),
            knowledge_section(data, self.results(found)) if data.drawn else NOTHING,
            self.uncertainty(found) if self.uncertainty else uncertainty_section(data),
            rests_section(data, self.asked(found)),
            limits_section(data, self.asked(found), turnover=self.turnover(data)),
            *provenance_sections(data),
        ]
        return page(title, kicker, parts)


def incomplete_note(data: StudyData) -> Markup:
    """Return a box that says which part of a study is there; nothing if all of it is."""
    if data.complete:
        return NOTHING
    data = data.whole
    each = data.stored.sum(axis=1)
    low, high = int(each.min()), int(each.max())
    runs = counted(low, "run") if low == high else f"between {small(low)} and {small(high)} runs"
    return note(WORDS("incomplete", there=int(data.stored.sum()), asked=data.asked, runs=runs, kind=data.kind))


def lengths_words(data: StudyData) -> str:
    """Return how long runs were, in words: "ten years", "one year (20 runs) and three years (20 runs)"."""
    lengths = sorted(set(data.lengths))
    if len(lengths) == 1:
        return duration(lengths[0])
    if len(lengths) > 4:
        return f"between {duration(lengths[0])} and {duration(lengths[-1])}"
    runs = [int(data.stored[data.lengths == length].sum()) for length in lengths]
    return joined([f"{duration(length)} ({number:,} runs)" for length, number in zip(lengths, runs, strict=True)])


def failures_part(data: StudyData) -> Markup:
    """Return what there is to say about failed runs, those with drawn values among them."""
    data = data.whole
    if not data.failures:
        return paragraphs("No run failed.")
    text = WORDS("failures", failed=capital(small(len(data.failures))), stored=int(data.stored.sum()))
    rows = []
    for failed in data.failures[:MOST_FAILURES]:
        values = ", ".join(f"{path} = {value_text(value)}" for path, value in data.points[failed.point].items())
        said = f"{values or 'the only combination'}, replicate {failed.replicate}: {failed.error} "
        rows.append(together([said, element("code", failed.command) if failed.command else ""]))
    more = len(data.failures) - len(rows)
    rest = f"And {more:,} more; runs.parquet lists them all." if more > 0 else ""
    return together([note(text), folded("The failed runs", items(rows), paragraphs(rest))])


def limits_section(data: StudyData, asked: Sequence[str], *, turnover: bool = False) -> Markup:
    """Return the section: what the study does not say.

    Parameters
    ----------
    data : StudyData
        The study.
    asked : sequence of str
        The paths it is about; whatever else was assumed is listed.
    turnover : bool
        Whether it is about helper turnover.
    """
    from mhsim.scenario import parameter_rows

    rows = parameter_rows()
    guessed = [row for row in rows if row["source"].startswith("assumed")]
    carrying = [row for row in guessed if row["path"].split(".")[0] in CARRYING and row["path"] not in asked]
    veteran = [] if "share.needs_veteran" in data.axes else list(map(value_text, data.values("share.needs_veteran")))
    texts = [
        WORDS("limits.advice"),
        WORDS("limits.turnover") if turnover else "",
        WORDS("limits.borrowed") if "base" in data.values("form") else "",
        WORDS("limits.assumed", all=len(rows), guessed=len(guessed), carrying=len(carrying)),
        WORDS("limits.veteran", values=joined(veteran)) if veteran else "",
    ]
    values = [", ".join(map(value_text, data.values(row["path"]) or (row["default"],))) for row in carrying]
    body = [[row["path"], value, row["meaning"]] for row, value in zip(carrying, values, strict=True)]
    listed = WORDS.table("limits", body, carrying=len(carrying)) if body else ""
    last = paragraphs("The command mhsim params lists every number with its source.")
    return WORDS.section("limits", items(texts), listed, last)


def provenance_sections(data: StudyData) -> list[Markup]:
    """Return the sections: how to repeat a study, and a checklist for a report on it."""
    command = element("code", f"mhsim {data.kind} study.yaml --out again")
    repeat = element("p", together(["The same numbers come from:", command, "in the folder of this page."]))
    files = [
        f"The scenario was “{data.base_name}”; base.yaml in the same folder holds it with every number written out",
        "others.yaml the other scenarios" if data.scenarios else "",
        "points.parquet all combinations",
        "draws.parquet the values of each draw" if data.drawn else "",
        "runs.parquet one row for each run",
        "the folder analysis the tables behind this page" if KINDS[data.kind].tables else "",
    ]
    where = paragraphs(f"{joined([part for part in files if part])}.")
    session: dict[str, Any] = (data.manifest.get("sessions") or [{}])[-1]
    identity: dict[str, Any] = data.manifest.get("identity") or {}
    facts = [
        ("Seed", data.manifest.get("seed", data.study.get("seed"))),
        ("Runs", f"{int(data.whole.stored.sum()):,}"),
        *((f"Draws, {name}", _draws_words(one)) for name, one in (data.manifest.get("draws") or {}).items()),
        *((f"Digest of the {name}", value) for name, value in identity.items() if name != "format"),
        *session_facts(session),
    ]
    versions = ", ".join(f"{name} {value}" for name, value in (session.get("versions") or {}).items())
    known = {
        "measures": len(data.measures),
        "question": data.question or "no question was written into study.yaml",
        "run_in": data.assumed("start.run_in_weeks"),
        "long": durations(list(data.lengths)),
        "replicates": data.shape[1],
        "points": len(data.points),
        "software": versions or "see manifest.json",
        "seed": data.manifest.get("seed", data.study.get("seed", "")),
    }
    rows = [[name, text.format(**known)] for name, text in WORDS.entry("checklist.rows").items()]
    checklist = WORDS.section("checklist", WORDS.table("checklist", rows))
    return [WORDS.section("provenance", repeat, where, facts_table(facts)), checklist]


def _draws_words(drawn: dict[str, Any]) -> str:
    return f"{drawn.get('draws')} of the fit of {drawn.get('form')} (digest {drawn.get('fit')})"


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
    return WORDS.table("provenance", [[name, str(value)] for name, value in facts if value not in (None, "")])

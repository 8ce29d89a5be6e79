"""The page of a knock-out: what is lost without each mechanism, in which form, how sure, and what it leans on."""

from __future__ import annotations

from pathlib import Path

from mhsim.report.html import page, paragraphs, section
from mhsim.report.knockout import about, sections
from mhsim.report.knockout.answer import answer
from mhsim.report.knockout.tables import read_tables
from mhsim.report.limits import limits_section
from mhsim.report.provenance import facts_table, study_facts
from mhsim.report.stress_checklist import checklist_section
from mhsim.report.study_data import Found
from mhsim.report.uncertainty import certainty_section, no_results


def knockout_page(found: Found, folder: Path) -> str:
    """Return the page of a knock-out study as HTML; raise InputError if its runs are not analysed."""
    title = str(found.study.get("title") or "What each mechanism does")
    kicker = f"A simulation study of {found.done.size:,} runs"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    tables = read_tables(found, folder)
    question = " ".join(str(found.study.get("question") or "").split())
    parts = [
        answer(tables),
        section("The question", paragraphs(question), key="asked") if question else "",
        about.done_section(tables),
        sections.ranking_section(tables),
        sections.forms_section(tables),
        sections.pairs_section(tables),
        sections.shares_section(tables),
        sections.others_section(tables),
        certainty_section(found),
        about.leaning_section(tables),
        about.limits_of_knockouts(),
        limits_section(found, found.axes),
        about.repeat_section(tables, facts_table(study_facts(found))),
        checklist_section(found),
    ]
    return page(title, kicker, parts)

"""The page about helper turnover, section by section."""

from __future__ import annotations

from mhsim.report.html import page
from mhsim.report.limits import limits_section
from mhsim.report.provenance import provenance_section
from mhsim.report.study_data import Found
from mhsim.report.turnover.answer import answer, done_section, question_section
from mhsim.report.turnover.changes import falls_section, others_section, rule_section, succession_section
from mhsim.report.turnover.helpers import helpers_section
from mhsim.report.turnover.layout import LEAVES, RULE, SUCCESSION, TURNOVER, layout_of
from mhsim.report.turnover.people_section import people_section
from mhsim.report.turnover.reasons import reasons_section
from mhsim.report.turnover.survival_section import alive_section, curves_section
from mhsim.report.uncertainty import certainty_section, no_results

TITLE = "Helper turnover and the life of a mutual help group"


def turnover_page(found: Found) -> str:
    """Return the page about helper turnover as HTML."""
    title = str(found.study.get("title") or TITLE)
    kicker = f"A simulation study of {found.done.size:,} histories of a group"
    if not found.done.any():
        return page(title, kicker, no_results(found))
    layout = layout_of(found)
    parts = [
        answer(layout),
        question_section(found),
        done_section(layout),
        alive_section(layout),
        falls_section(layout),
        curves_section(layout),
        rule_section(layout),
        succession_section(layout),
        reasons_section(layout),
        people_section(layout),
        helpers_section(layout),
        others_section(layout),
        certainty_section(found),
        limits_section(found, (TURNOVER, LEAVES, SUCCESSION, RULE), turnover=True),
        provenance_section(found),
    ]
    return page(title, kicker, parts)

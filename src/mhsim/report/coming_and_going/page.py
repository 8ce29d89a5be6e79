"""The page about the coming and going of helpers, section by section."""

from __future__ import annotations

from markupsafe import Markup

from mhsim.report.coming_and_going.claims import Standing, proviso, robust_section, standings
from mhsim.report.coming_and_going.losses_at_once import in_words as losses_words
from mhsim.report.coming_and_going.losses_at_once import losses_section
from mhsim.report.coming_and_going.needed import in_words as needed_words
from mhsim.report.coming_and_going.needed import needed_section
from mhsim.report.coming_and_going.people_helped import in_words as people_words
from mhsim.report.coming_and_going.people_helped import people_section
from mhsim.report.coming_and_going.rates import plan_section, rates_section
from mhsim.report.coming_and_going.spread import spread_section
from mhsim.report.coming_and_going.warning_signs import in_words as signs_words
from mhsim.report.coming_and_going.warning_signs import signs_section
from mhsim.report.formatting import capital, duration, small, value_text
from mhsim.report.html import answer_box, folded, items, paragraphs, section, table
from mhsim.report.knowledge import Result
from mhsim.report.study_page import SEEDS, StudyPage
from mhsim.studies.coming_and_going import LEAVING, PLAN, STEPPING, Parts
from mhsim.studies.data import StudyData

AS_ASSUMED = "What follows was looked at only with all values as assumed:"
CAUTION = (
    "All this holds in a model with many assumed numbers. It says what follows from the assumptions, not what has been "
    "measured in real groups."
)


def sections(parts: Parts) -> list[Markup]:
    """Return the sections of the page, the short answer first."""
    standing = standings(parts)
    return [
        answer_section(parts, standing),
        rates_section(parts, standing),
        plan_section(parts, standing),
        losses_section(parts, standing),
        spread_section(parts, standing),
        needed_section(parts),
        signs_section(parts),
        people_section(parts, standing),
        robust_section(parts),
        done_section(parts),
    ]


helpers_page = StudyPage(
    "The coming and going of helpers",
    Parts,
    sections,
    lambda parts: (STEPPING, LEAVING, PLAN, *(path for path in parts.usual)),
    turnover=lambda data: True,
    kicker="A simulation study of {runs:,} runs of a group",
    results=lambda parts: [Result(one.claim.head, one.usual, one.claim.scale) for one in standings(parts).values()],
).page_of


def answer_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the box with the short answer: what holds where other things are assumed, and what depends on them."""
    held = items(one.words() for one in standing.values())
    texts = [
        *losses_words(parts, standing),
        *needed_words(parts),
        *signs_words(parts)[:2],
        *people_words(parts, standing),
    ]
    return answer_box(held, paragraphs(proviso(standing), AS_ASSUMED), items(texts), paragraphs(CAUTION))


def done_section(parts: Parts) -> Markup:
    """Return the section: what was done, and every part with its values."""
    data: StudyData = parts.data
    text = (
        f"One scenario, “{data.base.get('title') or data.base_name}”, was run {int(data.stored.sum()):,} times for "
        f"{duration(data.weeks)}: at {len(data.points):,} combinations of values, {data.shape[1]:,} times each; "
        f"{SEEDS}. The combinations belong to {small(len(parts.names))} parts, each about a question of its own; "
        "whatever a part does not name is as in the scenario."
    )
    rows = [
        [
            capital(name.replace("_", " ")),
            "; ".join(f"{path} = {', '.join(map(value_text, values))}" for path, values in part.items()),
        ]
        for name, part in data.study["parts"].items()
    ]
    given = [[path, value_text(value)] for path, value in (data.study.get("set") or {}).items()]
    parts_of_it = [folded("The parts", table(["Part", "Values"], rows, "What varied in each part"))]
    if given:
        parts_of_it.append(folded("Set in all runs", table(["What", "Value"], given, "Set in all runs")))
    return section("What was done", paragraphs(text), *parts_of_it, key="done")

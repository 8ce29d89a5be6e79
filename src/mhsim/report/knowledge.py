"""What chance does to the results of a study over draws, and what not knowing the values does; on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from mhsim.report.formatting import UNKNOWN, Scale, ends, hundred, joined, plain
from mhsim.report.html import NOTHING, items, note, paragraphs
from mhsim.report.wording import Wording
from mhsim.stats import Estimate
from mhsim.studies.data import StudyData

WORDS = Wording()
FEW = 40
"""Draws below which the ends of a 95 % range are about the lowest and the highest of them."""
MOST_TOLD = 12
"""Results told in a sentence each; all stand in the table."""
ROUGH = 0.5
"""Part of the variance over draws that is chance, from which on the range is called rough."""


class Result(NamedTuple):
    """A main result of a study: what it is in words, the estimate, and how its numbers are written."""

    what: str
    estimate: Estimate
    scale: Scale


def knowledge_section(data: StudyData, results: Sequence[Result]) -> Markup:
    """Return the section: between what chance moves each main result, and between what not knowing the values does.

    Nothing for a study without draws.
    """
    if not data.drawn:
        return NOTHING
    shown = [one for one in results if one.estimate.known and one.estimate.knowledge is not None]
    rows = [_cells(one) for one in shown]
    return WORDS.section(
        "knowledge",
        items(sentence(one) for one in shown[:MOST_TOLD]),
        note(WORDS("knowledge.few")) if len(data.drawn) < FEW else NOTHING,
        paragraphs(_kept_words(data), _failed_words(data)),
        WORDS.table("knowledge", rows) if rows else NOTHING,
        draws=len(data.drawn),
        forms=joined(sorted({str(one["form"]) for one in _drawn(data).values()})),
    )


def sentence(result: Result) -> str:
    """Return a result with what chance and what not knowing the values would do to it."""
    found, known = result.estimate, result.estimate.knowledge
    chance, values = result.scale.between(found)
    if known is None:
        return ""
    digits = result.scale.digits(*ends(found))
    value = f"{plain(result.scale.factor * found.value, digits)} {result.scale.unit}".strip()
    what = {"what": result.what, "value": value, "chance": chance, "values": values}
    if not known.seen:
        return WORDS("knowledge.hidden", **what)
    text = WORDS("knowledge.sentence", **what)
    if found.clear and known.holds_zero:
        text += WORDS("knowledge.sign")
    if known.chance > ROUGH:
        text += WORDS("knowledge.rough")
    return text + WORDS("knowledge.outside") if known.leaves_out(found.value) else text


def _cells(result: Result) -> list[str]:
    found, known = result.estimate, result.estimate.knowledge
    chance, values = (text.replace(" and ", " to ") for text in result.scale.between(found))
    middle = UNKNOWN if known is None else result.scale.number(known.middle)
    noise = UNKNOWN if known is None else hundred(known.chance)
    return [result.what, result.scale.level(found.value), chance, values, middle, noise]


def _drawn(data: StudyData) -> dict[str, dict[str, object]]:
    """Return what the manifest says about the draws, by scenario."""
    found: dict[str, dict[str, object]] = data.manifest.get("draws") or {}
    return found


def _kept_words(data: StudyData) -> str:
    kept = sorted({str(path) for one in _drawn(data).values() for path in one.get("kept") or ()})  # type: ignore
    return WORDS("knowledge.kept", kept=joined(kept)) if kept else ""


def _failed_words(data: StudyData) -> str:
    stored = sum(int(part.stored.sum()) for part in data.drawn)
    failed = stored - sum(int(part.done.sum()) for part in data.drawn)
    return WORDS("knowledge.failed", failed=plain(failed, 0), runs=stored) if failed else ""

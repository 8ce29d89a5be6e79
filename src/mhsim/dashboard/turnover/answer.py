"""The answer on the page: it grows while histories are lived, and follows the sliders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import solara
from solara.server import kernel_context

from mhsim.dashboard.figures import both
from mhsim.dashboard.histories import known, statistics
from mhsim.dashboard.html import element, trusted, words
from mhsim.dashboard.turnover.figures import alive_picture, reasons_picture
from mhsim.dashboard.turnover.queries import FIRST, HISTORIES, Conversation, Pair
from mhsim.dashboard.turnover.tables import people_table
from mhsim.dashboard.turnover.wording import JUDGED, Answer, answer, half_in_words, on_people
from mhsim.scenario import Scenario

BAND = (
    "The band shows how far chance could shift the line if other histories were lived. "
    "It does not show whether the model is right."
)


@dataclass(frozen=True)
class Shown:
    """What is shown of a pair: sentences, and pictures and a table as markup."""

    answer: Answer
    curves: str
    half: str
    reasons: str
    proportion: str
    people: str


def use_pair(first: Scenario, second: Scenario) -> Pair | None:
    """Return what is known of two scenarios, more with every part; of those before, until there is anything new."""
    pair: Pair | None
    pair, set_pair = solara.use_state(None, key="pair")
    context = solara.use_memo(_context, [])

    def tell(newer: Pair) -> None:
        if context is None:
            set_pair(newer)
        elif not context.closed_event.is_set():
            with context:
                set_pair(newer)

    conversation = solara.use_memo(lambda: Conversation(tell), [])

    def ask() -> None:
        conversation.ask(first, second)

    def leave() -> Any:
        return conversation.stop

    solara.use_effect(ask, [first.model_dump_json(), second.model_dump_json()])
    solara.use_effect(leave, [])
    if pair is not None and (pair.first, pair.second) == (first, second):
        return pair
    return at_once(first, second) or pair


def at_once(first: Scenario, second: Scenario) -> Pair | None:
    """Return what is known already, None if that is too little to show."""
    one, other = (known(scenario, HISTORIES).outcomes for scenario in (first, second))
    cases = min(len(one), len(other))
    return Pair(first, second, one[:cases], other[:cases]) if cases >= FIRST else None


def shown_of(pair: Pair) -> Shown:
    """Return everything that is shown of a pair; made once for each part, not at each drawing of the page."""
    people = statistics.people(pair.one, pair.other)
    return Shown(
        answer(pair),
        both(lambda width: alive_picture(pair, width)),
        half_in_words(pair),
        both(lambda width: reasons_picture(pair, width)),
        on_people(people),
        people_table(people, judged=pair.done),
    )


def _context() -> Any:
    try:
        return kernel_context.get_current_context()
    except RuntimeError:
        return None


@solara.component  # type: ignore[untyped-decorator]
def Answering(first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what many histories of two scenarios say."""
    pair = use_pair(first, second)
    if pair is not None:
        Said(pair, first, second)
        return
    waiting = words("Working out the first 20 histories of A and of B.", class_="turnover-headline", aria_busy="true")
    waiting.key("waiting")  # a browser keeps the tag of an element whose place another takes


@solara.component  # type: ignore[untyped-decorator]
def Said(pair: Pair, first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what a pair says; it is stale where other scenarios are asked about by now."""
    stale = (pair.first, pair.second) != (first, second)
    shown = solara.use_memo(lambda: shown_of(pair), [pair.first, pair.second, len(pair.one)])
    told = shown.answer
    busy = "true" if stale or not pair.done else "false"
    with element(
        "section", class_="turnover-answer" + (" stale" if stale else ""), aria_label="Answer", aria_busy=busy
    ):
        with element("div", class_="turnover-said"):
            words(told.headline, class_="turnover-headline", id="turnover-headline")
            words(told.difference, class_="turnover-difference")
        working = "Working out the new one. " if stale else ""
        words(f"{working}{told.so_far}", class_="quiet turnover-so-far")
        announced = f"{told.headline} {told.difference}" if pair.done and not stale else ""
        words(announced, "p", class_="hidden-text", role="status")
        words("Groups alive, year by year", "h2")
        words(BAND, class_="quiet")
        trusted(shown.curves, class_="pictures")
        words(shown.half)
        words(told.fates)
        words("What became of the groups", "h2")
        trusted(shown.reasons, class_="pictures")
        words("What happened to people in need", "h2")
        words(shown.proportion)
        trusted(shown.people, class_="scroll")
        words(JUDGED, class_="quiet")

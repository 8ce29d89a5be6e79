"""The answer on the page: it grows while histories are simulated, and follows the sliders."""

from __future__ import annotations

from dataclasses import dataclass

import solara

from mhsim.dashboard.elements import element, trusted, words
from mhsim.dashboard.figures import both
from mhsim.dashboard.histories import known, statistics
from mhsim.dashboard.thread_bridge import to_visitor
from mhsim.dashboard.turnover.markup import alive_picture, people_table, reasons_picture
from mhsim.dashboard.turnover.queries import FIRST, HISTORIES, LatestQuestion, Pair
from mhsim.dashboard.turnover.wording import JUDGED, AnswerText, answer_text, half_in_words, on_people
from mhsim.scenario import Scenario

BAND = (
    "The band shows how far chance could shift the line if other runs were made. It does not show whether the model is "
    "right."
)
WORKING = "Calculating…"
BEFORE = "Shown in grey: the answer for the settings before."


@dataclass(frozen=True)
class AnswerView:
    """What is shown of a pair: sentences, and pictures and a table as markup."""

    text: AnswerText
    curves: str
    half: str
    reasons: str
    proportion: str
    people: str


def use_pair(first: Scenario, second: Scenario) -> Pair | None:
    """Return what is known of two scenarios, more with every batch; of those before, until there is anything new."""
    pair: Pair | None
    pair, set_pair = solara.use_state(None, key="pair")
    questions = solara.use_memo(lambda: LatestQuestion(to_visitor(set_pair)), [])
    solara.use_effect(lambda: questions.ask(first, second), [first, second])
    solara.use_effect(lambda: questions.stop, [])
    if pair is not None and (pair.first, pair.second) == (first, second):
        return pair
    return at_once(first, second) or pair


def at_once(first: Scenario, second: Scenario) -> Pair | None:
    """Return what is known already, None if that is too little to show."""
    one, other = (known(scenario, HISTORIES).outcomes for scenario in (first, second))
    cases = min(len(one), len(other))
    return Pair(first, second, one[:cases], other[:cases]) if cases >= FIRST else None


def view_of(pair: Pair) -> AnswerView:
    """Return everything that is shown of a pair; made once for each batch, not at each drawing of the page."""
    people = statistics.people(pair.one, pair.other)
    return AnswerView(
        answer_text(pair),
        both(lambda width: alive_picture(pair, width)),
        half_in_words(pair),
        both(lambda width: reasons_picture(pair, width)),
        on_people(people),
        people_table(people, judged=pair.done),
    )


@solara.component  # type: ignore[untyped-decorator]
def Answering(first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what many runs of two scenarios say."""
    pair = use_pair(first, second)
    if pair is not None:
        Answer(pair, first, second)
        return
    waiting = words(f"{WORKING} The first 20 runs of A and of B.", class_="turnover-headline", aria_busy="true")
    waiting.key("waiting")  # a browser keeps the tag of an element whose place another takes


@solara.component  # type: ignore[untyped-decorator]
def Answer(pair: Pair, first: Scenario, second: Scenario) -> None:  # noqa: N802
    """Show what a pair says; while other scenarios are asked about by now, no sentence of it stands as their answer."""
    stale = (pair.first, pair.second) != (first, second)
    view = solara.use_memo(lambda: view_of(pair), [pair.first, pair.second, len(pair.one)])
    text = view.text
    busy = "true" if stale or not pair.done else "false"
    with element(
        "section", class_="turnover-answer" + (" stale" if stale else ""), aria_label="Answer", aria_busy=busy
    ):
        with element("div", class_="turnover-said"):
            words(WORKING if stale else text.headline, class_="turnover-headline", id="turnover-headline")
            words("" if stale else text.difference, class_="turnover-difference")
        words(BEFORE if stale else text.so_far, class_="quiet turnover-so-far")
        announced = f"{text.headline} {text.difference}" if pair.done and not stale else ""
        words(announced, "p", class_="hidden-text", role="status")
        with element("div", class_="turnover-rest", aria_hidden="true" if stale else None):
            words("Groups still meeting, year by year", "h2")
            words(BAND, class_="quiet")
            trusted(view.curves, class_="pictures")
            words(view.half)
            words(text.by_pair)
            words("What became of the groups", "h2")
            trusted(view.reasons, class_="pictures")
            words("What happened to people in need", "h2")
            words(view.proportion)
            trusted(view.people, class_="scroll")
            words(JUDGED, class_="quiet")

"""The answer on the page, its pictures and tables: it grows while histories are simulated, and follows the sliders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import solara

from mhsim.dashboard.describe import length_in_words
from mhsim.dashboard.elements import element, trusted, words
from mhsim.dashboard.figures import ChartLine, Row, bars, both, curves
from mhsim.dashboard.figures.canvas import WIDE
from mhsim.dashboard.histories import known, statistics
from mhsim.dashboard.histories.statistics import Comparison
from mhsim.dashboard.turnover.queries import FIRST, HISTORIES, LatestQuestion, Pair
from mhsim.dashboard.turnover.wording import (
    JUDGED,
    NAMES,
    AnswerText,
    answer_text,
    change_cell,
    half_in_words,
    mean_cell,
    on_people,
    reason_rows,
)
from mhsim.dashboard.visit import to_visitor
from mhsim.report.formatting import trimmed
from mhsim.scenario import Scenario


def alive_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the curves of groups still meeting, with bands, and a mark where helpers stop helping at once."""
    lines: list[ChartLine] = []
    marks: dict[int, list[str]] = {}
    described = []
    arms = zip(NAMES, (pair.first, pair.second), (pair.one, pair.other), strict=True)
    for look, (name, scenario, outcomes) in enumerate(arms):
        alive = statistics.alive_by_time(outcomes, scenario.weeks)
        years = [week / 52.0 for week in alive.weeks]
        label = f"{name}: {trimmed(alive.share[-1])}"
        lines.append(ChartLine(label, years, alive.share, alive.low, alive.high, look=look, steps=True))
        every_other = [(year, share) for year, share in zip(years, alive.share, strict=True) if year and year % 2 == 0]
        described.append(
            f"{name}: " + ", ".join(f"{trimmed(share)} after {year:.0f} years" for year, share in every_other)
        )
        for change in scenario.changes:
            if change.act:
                marks.setdefault(change.week, []).append(name)
    return curves(
        lines,
        title="Groups still meeting, by year",
        across="years since the start",
        up="still meeting, of 100 groups",
        describe=f"Groups still meeting, of 100. {'. '.join(described)}.",
        top=100.0,
        marks=[(week / 52.0, f"helpers stop ({' and '.join(names)})") for week, names in marks.items()],
        width=width,
    )


def reasons_picture(pair: Pair, width: int = WIDE) -> str:
    """Return the bars of groups still meeting and of reasons for closing."""
    rows = reason_rows(pair)
    described = "; ".join(f"{label}: A {trimmed(one)}, B {trimmed(other)}" for label, (one, other) in rows)
    drawn = [Row(label, values, tuple(f"{trimmed(value)} of 100" for value in values)) for label, values in rows]
    title = f"What became of 100 groups after {length_in_words(pair.first.weeks)}"
    return bars(drawn, NAMES, title=title, describe=described, top=100.0, width=width)


def people_table(rows: Sequence[Comparison], *, judged: bool = True) -> str:
    """Return what happened to people: each measure in A and B, and the difference, with their intervals.

    What a difference means is said only where it may be `judged`: when all runs are there.
    """
    body = []
    for one in rows:
        change, meaning = change_cell(one)
        label = f"{escape(one.measure.words)} <small>{escape(one.measure.unit)}</small>"
        cells = "".join(f'<td data-name="{name}">{escape(mean_cell(one, k))}</td>' for k, name in enumerate(NAMES))
        last = f'<td data-name="B minus A">{escape(change)} <small>{escape(meaning) if judged else ""}</small></td>'
        body.append(f'<tr><th scope="row">{label}</th>{cells}{last}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in ("What", *NAMES, "Difference, B minus A"))
    caption = "<caption>Averages over runs, with the range that chance leaves open</caption>"
    return (
        f'<table class="turnover-people">{caption}<thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    )


def differing_list(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return in what two situations differ: what, in A, in B."""
    parts = [
        f"<dt>{escape(what)}</dt><dd><b>A</b> {escape(one)}</dd><dd><b>B</b> {escape(other)}</dd>"
        for what, one, other in rows
    ]
    return f'<dl class="turnover-differing">{"".join(parts)}</dl>'


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

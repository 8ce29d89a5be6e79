"""The results of a lesson: figures, answers, reasons and what to take from them."""

from __future__ import annotations

import numpy as np
import solara

from mhsim.dashboard.elements import PageLink, element, trusted, with_links, words
from mhsim.dashboard.evidence_page import LINK as EVIDENCE
from mhsim.dashboard.figures import ChartLine, Row, bars, both, curves
from mhsim.dashboard.histories.cache import Failure
from mhsim.dashboard.histories.statistics import survival_band
from mhsim.dashboard.lessons.evaluate import Answer, answers, reasons, verdict
from mhsim.dashboard.lessons.lesson_file import situation_of_case
from mhsim.dashboard.lessons.lesson_parts import Choice, Lesson
from mhsim.dashboard.lessons.runs import LessonRuns, life_of
from mhsim.dashboard.scenario_state import parameters
from mhsim.dashboard.url_state import address_of
from mhsim.evidence.facts import CODE
from mhsim.report.formatting import capital, small, value_text


def asks_about_survival(lesson: Lesson) -> bool:
    """Whether any question of a lesson is about groups being alive."""
    return any(side.measure == "alive_at_end" for ask in lesson.asks for side in (ask.first, ask.second))


def survival_picture(lesson: Lesson, runs: LessonRuns) -> str:
    """Return how many of 100 groups are still meeting along the years, a line for each situation, as SVG."""
    lines = []
    for look, case in enumerate(lesson.cases):
        finished = [one for one in runs.outcomes[case.name] if not isinstance(one, Failure)]
        closed_at = [one.value("weeks_to_closure") if one.value("closed") else np.inf for one in finished]
        band = survival_band(np.array(closed_at), lesson.weeks)
        years = [week / 52 for week in band.weeks]
        lines.append(ChartLine(case.label, years, band.share, band.low, band.high, look=look, steps=True))
    ends = "; ".join(f"{line.label}: {line.y[-1]:.0f} of 100" for line in lines)
    return both(
        lambda width: curves(
            lines,
            title="Groups still meeting, by year",
            across="years since the start",
            up="still meeting, of 100 groups",
            describe=f"At the end: {ends}. Bands are 95 % intervals.",
            top=100.0,
            width=width,
        )
    )


def bars_of(answer: Answer) -> str:
    """Return the two numbers of an answer as bars, as SVG."""
    values = (answer.first, answer.second)
    rows = [Row(name, (value,), (answer.shown(value),)) for name, value in zip(answer.names, values, strict=True)]
    largest = 100.0 if answer.ask.scale == 100.0 else max(1.0, *values)
    return both(
        lambda width: bars(
            rows,
            ("",),
            title=answer.ask.title,
            describe=f"{answer.numbers} {answer.uncertainty}",
            top=largest,
            width=width,
        )
    )


VERDICTS = {
    "as expected": "You were right.",
    "in part": "Partly right.",
    "otherwise": "Something else happened.",
}


@solara.component  # type: ignore[untyped-decorator]
def Results(lesson: Lesson, choice: Choice, runs: LessonRuns, seed: int) -> None:  # noqa: N802
    """Show the results."""
    found = solara.use_memo(lambda: answers(lesson, runs), [lesson, seed])
    curves = solara.use_memo(lambda: survival_picture(lesson, runs), [lesson, seed])
    with element("div", class_="reveal"):
        element("h2", "Results", id="reveal", tabindex="-1")
        words(VERDICTS[verdict(choice, found)], class_="verdict")
        words(_how_many(runs, seed), class_="quiet")
        with element("div", class_="answers"):
            for answer in found:
                Answered(answer, choice)
        if asks_about_survival(lesson):
            element("h3", "Groups still meeting, by year")
            trusted(curves, class_="pictures")
        Explained(lesson, found)
        Life(lesson, seed)
        Further(lesson, seed)
        with element("section", class_="note limits"):
            element("h2", "What this does not show")
            words(lesson.limits)
            words("This is a model. It says nothing about any real group or person, and it gives no advice.")


def _how_many(runs: LessonRuns, seed: int) -> str:
    failed = f" {runs.failed} of them could not be finished and are left out." if runs.failed else ""
    return f"From {runs.pairs} runs of each situation, with random seed {seed}, compared pair by pair.{failed}"


@solara.component  # type: ignore[untyped-decorator]
def Answered(answer: Answer, choice: Choice) -> None:  # noqa: N802
    """Show the answer to one question: words, numbers with their interval, bars."""
    expected = choice.expects.get(answer.ask.name)
    with element("section", class_="card answered"):
        element("h3", answer.ask.title)
        words(answer.words, class_="answer")
        words(f"{answer.numbers} {answer.uncertainty}")
        trusted(bars_of(answer), class_="pictures")
        if expected is not None:
            right = answer.outcome in expected
            words("✓ As you expected" if right else "✗ Not as you expected", class_="agreed" if right else "agreed not")


@solara.component  # type: ignore[untyped-decorator]
def Explained(lesson: Lesson, found: tuple[Answer, ...]) -> None:  # noqa: N802
    """Show why, mechanism by mechanism, and how certain it is."""
    with element("section", class_="explained"):
        holding = reasons(lesson, found)
        element("h2", "Why")
        with element("dl", class_="why"):
            for why in holding:
                element("dt", why.mechanism)
                element("dd", why.says)
        if len(holding) < len(lesson.why):
            words(
                "These results are not those the lesson was written for, so the parts of its explanation that do not "
                "fit are left out."
            )
        element("h2", "How certain is this?")
        words(
            "The ranges show how much could be chance: of a hundred such ranges, about 95 contain the number that "
            "endless runs of the model would give. They do not show whether the model is right."
        )
        words(assumptions_in_words(lesson))
        with_links(lesson.evidence, EVIDENCE, CODE)
        if lesson.doubt:
            element("h2", "Who would doubt it?")
            words(lesson.doubt)
        with element("details"):
            element("summary", f"The {len(lesson.rests_on)} numbers that matter most here")
            with element(
                "div", class_="scroll", tabindex="0", role="region", aria_label="Numbers that matter most here"
            ):
                Numbers(lesson)


@solara.component  # type: ignore[untyped-decorator]
def Numbers(lesson: Lesson) -> None:  # noqa: N802
    """Show the parameters that matter most for a result, as a table."""
    with element("table"):
        with element("thead"), element("tr"):
            for head in ("Parameter", "Default", "What it means", "Source"):
                element("th", head, scope="col")
        with element("tbody"):
            for path in lesson.rests_on:
                row = parameters()[path]
                with element("tr"):
                    element("th", path, scope="row")
                    for text in (value_text(row["default"]), str(row["meaning"]), str(row["source"])):
                        element("td", text)


def assumptions_in_words(lesson: Lesson) -> str:
    """Return how many of the parameters that matter most are assumed, in a sentence."""
    rows = [parameters()[path] for path in lesson.rests_on]
    assumed = [row for row in rows if str(row["source"]).startswith("assumed")]
    if not assumed:
        return f"All {small(len(rows))} numbers that matter most here have a published source, most of them weak."
    names = "; ".join(f"“{row['meaning']}”" for row in assumed)
    return (
        f"{capital(small(len(rows)))} number{' matters' if len(rows) == 1 else 's matter'} most here; "
        f"{small(len(assumed))} of them {'is' if len(assumed) == 1 else 'are'} assumed, not published: {names}."
    )


@solara.component  # type: ignore[untyped-decorator]
def Life(lesson: Lesson, seed: int) -> None:  # noqa: N802
    """Show one life from the first of the runs."""
    with element("section", class_="a-life"):
        life = solara.use_memo(lambda: life_of(lesson, seed), [lesson, seed])
        label = lesson.case(lesson.life.case).label
        element("h2", f"A life from these runs: {life.name}" if life.person else "A life from these runs")
        words(f"From the first run of “{label}”. {lesson.life.says}")
        if life.person is None:
            words("Nobody in this run fits that description. With another seed there are other lives.")
            return
        with element("ol", class_="life"):
            for line in life.lines:
                element("li", line)
        situation = situation_of_case(lesson, lesson.case(lesson.life.case), seed)
        to = address_of(situation, None, {"person": life.person, "week": life.week}).query()
        words(f"{life.name} is an invented name; in tables this is person {life.person}.", class_="quiet")
        with element("p"):
            PageLink(f"Meet {life.name} in Explore", f"/explore?{to}")


@solara.component  # type: ignore[untyped-decorator]
def Further(lesson: Lesson, seed: int) -> None:  # noqa: N802
    """Show what to try next, as links that carry the situations with them."""
    with element("section", class_="further"):
        element("h2", "Try this next")
        with element("ul"):
            for step in lesson.next:
                first = situation_of_case(lesson, lesson.case(step.case), seed)
                second = situation_of_case(lesson, lesson.case(step.against), seed) if step.against else None
                to = address_of(first, second, {"week": step.week}).query()
                with element("li"):
                    PageLink(step.says, f"/{step.page}?{to}")
                    words(f" on the page {step.page.capitalize()}", "span", class_="quiet")

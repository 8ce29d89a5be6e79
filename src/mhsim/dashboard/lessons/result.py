"""What came out of a lesson's run: against what was expected, in numbers, why, how sure, and a life from it."""

from __future__ import annotations

import solara

from mhsim.dashboard.html import PageLink, element, trusted, words
from mhsim.dashboard.lessons.assumptions import in_words, rests_on
from mhsim.dashboard.lessons.evaluate import Answer, answers, reasons, verdict
from mhsim.dashboard.lessons.figures import asks_about_survival, compared, lasting
from mhsim.dashboard.lessons.life import life_of
from mhsim.dashboard.lessons.loader import situation_of_case
from mhsim.dashboard.lessons.runs import Lived
from mhsim.dashboard.lessons.schema import Choice, Lesson
from mhsim.dashboard.url_state import address_of

VERDICTS = {
    "as expected": "That is what came out.",
    "in part": "That is part of what came out.",
    "otherwise": "Something else came out.",
}


@solara.component  # type: ignore[untyped-decorator]
def Reveal(lesson: Lesson, choice: Choice, lived: Lived, seed: int) -> None:  # noqa: N802
    """Show what came out."""
    found = solara.use_memo(lambda: answers(lesson, lived), [lesson, seed])
    curves = solara.use_memo(lambda: lasting(lesson, lived), [lesson, seed])
    with element("div", class_="reveal"):
        element("h2", "What came out", id="reveal", tabindex="-1")
        words(VERDICTS[verdict(choice, found)], class_="verdict")
        words(_how_many(lived, seed), class_="quiet")
        with element("div", class_="answers"):
            for answer in found:
                Answered(answer, choice)
        if asks_about_survival(lesson):
            element("h3", "Groups alive along the years")
            trusted(curves, class_="pictures")
        Explained(lesson, found)
        Life(lesson, seed)
        Further(lesson, seed)
        with element("section", class_="note limits"):
            element("h2", "What this does not show")
            words(lesson.limits)
            words("It is a model. It says nothing about any real group or person, and it is no advice.")


def _how_many(lived: Lived, seed: int) -> str:
    failed = f" {lived.failed} of them could not be lived to the end and are left out." if lived.failed else ""
    return (
        f"From {lived.pairs} histories in each situation, with seed {seed}, held against each other one by one.{failed}"
    )


@solara.component  # type: ignore[untyped-decorator]
def Answered(answer: Answer, choice: Choice) -> None:  # noqa: N802
    """Show the answer to one question: words, numbers with their interval, bars."""
    expected = choice.expects.get(answer.ask.name)
    with element("section", class_="card answered"):
        element("h3", answer.ask.title)
        words(answer.words, class_="answer")
        words(f"{answer.numbers} {answer.sure}")
        trusted(compared(answer), class_="pictures")
        if expected is not None:
            right = answer.outcome in expected
            words("✓ As you expected" if right else "✗ Not as you expected", class_="agreed" if right else "agreed not")


@solara.component  # type: ignore[untyped-decorator]
def Explained(lesson: Lesson, found: tuple[Answer, ...]) -> None:  # noqa: N802
    """Show why, mechanism by mechanism, and what all of it rests on."""
    with element("section", class_="explained"):
        holding = reasons(lesson, found)
        element("h2", "Why")
        with element("dl", class_="why"):
            for why in holding:
                element("dt", why.mechanism)
                element("dd", why.says)
        if len(holding) < len(lesson.why):
            words(
                "This run came out otherwise than the lesson was written for. Parts of the explanation that do not fit "
                f"are left out: {len(lesson.why) - len(holding)}."
            )
        element("h2", "How sure is it")
        words(
            "The intervals say how much of it may be luck: of a hundred such intervals, about 95 hold what endless "
            "runs of the model would give. They do not say whether the model is right."
        )
        carrying = rests_on(lesson)
        words(in_words(carrying))
        words(lesson.evidence)
        with element("details"):
            element("summary", f"The {len(carrying)} numbers that carry this most")
            with element(
                "div", class_="scroll", tabindex="0", role="region", aria_label="Numbers that carry this most"
            ):
                Numbers(lesson)


@solara.component  # type: ignore[untyped-decorator]
def Numbers(lesson: Lesson) -> None:  # noqa: N802
    """Show the parameters that carry a result, as a table."""
    with element("table"):
        with element("thead"), element("tr"):
            for head in ("Parameter", "As shipped", "What it means", "Source"):
                element("th", head, scope="col")
        with element("tbody"):
            for one in rests_on(lesson):
                with element("tr"):
                    element("th", one.path, scope="row")
                    for text in (one.value, one.meaning, one.source):
                        element("td", text)


@solara.component  # type: ignore[untyped-decorator]
def Life(lesson: Lesson, seed: int) -> None:  # noqa: N802
    """Show one life from the first history of the run."""
    with element("section", class_="a-life"):
        told = solara.use_memo(lambda: life_of(lesson, seed), [lesson, seed])
        label = lesson.case(lesson.tale.case).label
        element("h2", f"A life from this run: {told.name}" if told.person else "A life from this run")
        words(f"From the first history of “{label}”. {lesson.tale.says}")
        if told.person is None:
            words("In this history there is nobody whom that fits. Another seed has other lives.")
            return
        with element("ol", class_="life"):
            for line in told.lines:
                element("li", line)
        if told.left_out:
            words(f"Lines left out before the last: {told.left_out}.", class_="quiet")
        situation = situation_of_case(lesson, lesson.case(lesson.tale.case), seed)
        to = address_of(situation, None, {"person": told.person, "week": told.week}).query()
        words(f"{told.name} is an invented name; in tables this is person {told.person}.", class_="quiet")
        with element("p"):
            PageLink(f"Meet {told.name} in Explore", f"/explore?{to}")


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

"""The page Lessons: the list of lessons, or one of them from the question to its results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import solara
from solara.alias import rv

from mhsim.dashboard.elements import Button, PageLink, element, with_links, words
from mhsim.dashboard.evidence_page import LINK as EVIDENCE
from mhsim.dashboard.lessons.evaluate import answers
from mhsim.dashboard.lessons.lesson_file import lessons
from mhsim.dashboard.lessons.lesson_parts import Choice, Lesson
from mhsim.dashboard.lessons.result import Results
from mhsim.dashboard.lessons.runs import LessonRuns, request_runs
from mhsim.dashboard.visit import Visit, to_visitor, use_visit
from mhsim.dashboard.widgets.browser import FocusWidget
from mhsim.dashboard.widgets.fields import Fields, field_of
from mhsim.errors import InputError
from mhsim.evidence.facts import CODE
from mhsim.report.formatting import duration
from mhsim.scenario import Value


@solara.component  # type: ignore[untyped-decorator]
def OneLesson(  # noqa: N802
    name: str,
    lesson: Lesson,
    shelf: dict[str, Lesson],
    visit: Visit,
    wrong: str,
    on_seen: Callable[[], None],
    seed_choice: Callable[[], None],
) -> None:
    """Show a lesson; the results stay hidden until a prediction is made, which then stands in the address."""
    guess = visit.address.other("guess")
    choice = lesson.choice(guess)
    seed = int(visit.address.first.value("seed"))
    if guess and choice is None:
        wrong = f"guess: this lesson has no such choice; there are {', '.join(one.name for one in lesson.choices)}"
    place = list(shelf).index(name)
    with element("article", class_="lessons lesson"):
        PageLink("All lessons", f"/lessons?{visit.address.with_others(lesson=None, guess=None).query()}", look="back")
        words(f"Lesson {place + 1} of {len(shelf)}", class_="quiet over")
        element("h1", lesson.title)
        if wrong:
            words(wrong, class_="wrong", role="alert")
        words(lesson.question, class_="question")
        Background(lesson)
        if choice is None:
            Prediction(lesson, lambda chosen: visit.go(visit.address.with_others(guess=chosen))).key(name)
        else:
            Run(name, lesson, choice, seed, visit, on_seen).key(f"{name} {choice.name} {seed}")
        seed_choice()
        following = list(shelf)[(place + 1) % len(shelf)]
        with element("p", class_="following"):
            to = visit.address.with_others(lesson=following, guess=None).query()
            PageLink(f"Next lesson: {shelf[following].title}", f"/lessons?{to}")


@solara.component  # type: ignore[untyped-decorator]
def Background(lesson: Lesson) -> None:  # noqa: N802
    """Show what one needs to know beforehand, and the situations that are compared."""
    with element("div", class_="background"):
        with_links(" ".join(lesson.background), EVIDENCE, CODE)
        with_links(f"Sources: {', '.join(lesson.sources)}.", EVIDENCE, CODE)
        element("h2", "The situations compared")
        with element("dl", class_="cases"):
            for case in lesson.cases:
                element("dt", case.label)
                element("dd", case.about)
        words(
            f"{lesson.pairs} runs of {duration(lesson.weeks)} for each situation. Run by run, the town, the people who "
            "need help and the chance events are the same in all situations.",
            class_="quiet",
        )


@solara.component  # type: ignore[untyped-decorator]
def Prediction(lesson: Lesson, on_commit: Callable[[str], None]) -> None:  # noqa: N802
    """Ask what the reader expects."""
    chosen, set_chosen = solara.use_state("")
    urged, set_urged = solara.use_state(False)

    def commit() -> None:
        if chosen:
            on_commit(chosen)
        else:
            set_urged(True)

    with element("section", class_="card predict"):
        with element("fieldset"):
            element("legend", "What do you expect?")
            for choice in lesson.choices:
                Option(choice, lambda name=choice.name: set_chosen(name))
        Button("Predict and run", commit, look="main")
        if urged and not chosen:
            words("Choose one first. There is no wrong choice.", class_="wrong", role="alert")
        words(
            "The results appear once you have made your prediction. You cannot change it until you restart.",
            class_="quiet",
        )


@solara.component  # type: ignore[untyped-decorator]
def Option(choice: Choice, on_chosen: Callable[[], None]) -> None:  # noqa: N802
    """Show one choice."""
    with element("div", class_="option"):
        name = f"choice-{choice.name}"
        button = element("input", type="radio", name="choice", id=name, value=choice.name)
        rv.use_event(button, "change", lambda *_: on_chosen())
        element("label", choice.says, for_=name)


@solara.component  # type: ignore[untyped-decorator]
def Run(  # noqa: N802
    name: str, lesson: Lesson, choice: Choice, seed: int, visit: Visit, on_seen: Callable[[], None]
) -> None:
    """Run the histories, show how far they are, then show the results."""
    runs, set_runs = solara.use_state(None)

    def begin() -> Callable[[], None]:
        return request_runs(lesson, seed, to_visitor(set_runs)).stop

    solara.use_effect(begin, [name, seed])
    over = runs is not None and runs.done
    solara.use_effect(lambda: on_seen() if over else None, [over])
    with element("div", class_="run"):
        words(f"Your prediction: {choice.says}.", class_="note")
        if over:
            Results(lesson, choice, runs, seed)
        else:
            Progress(lesson, runs)
        FocusWidget.element(target="reveal" if over else "running", why=f"{name} {seed}")
        with element("div", class_="again"):
            Button("Restart", lambda: visit.go(visit.address.with_others(guess=None)))


@solara.component  # type: ignore[untyped-decorator]
def Progress(lesson: Lesson, runs: LessonRuns | None) -> None:  # noqa: N802
    """Show how many runs there are, and the numbers so far without a verdict."""
    pairs = runs.pairs if runs else 0
    with element("section", class_="card"):
        element("h2", "Running", id="running", tabindex="-1")
        element("progress", value=str(pairs), max=str(lesson.pairs), aria_label="Runs done for each situation")
        words(f"{pairs} of {lesson.pairs} runs of each situation done.", role="status")
        if runs is not None:
            words("So far (this may still change):", class_="quiet")
            with element("ul"):
                for answer in answers(lesson, runs):
                    element("li", answer.numbers)


done: solara.Reactive[frozenset[str]] = solara.reactive(frozenset())
"""Names of lessons whose results this visitor has seen; each visitor's own, until the page is closed."""
ABOUT = (
    "Each lesson asks a question about mutual help groups. Make a prediction, then watch a few hundred runs and see "
    "what happens, and why. The model does not always agree with what is commonly said; where it does not, the lesson "
    "says so."
)


@solara.component  # type: ignore[untyped-decorator]
def Lessons() -> None:  # noqa: N802
    """Show the page."""
    visit = use_visit()
    shelf, wrong = _shelf(visit)
    name = visit.address.other("lesson")
    lesson = shelf.get(name)
    if name and shelf and lesson is None:
        wrong = f"lesson: there is none named '{name[:60]}'; there are {', '.join(shelf)}"
    if lesson is None:
        with element("div", class_="lessons"):
            element("h1", "Lessons")
            if wrong:
                words(wrong, class_="wrong", role="alert")
            words(ABOUT)
            Shelf(shelf, visit)
            SeedChoice(visit)
    else:
        OneLesson(name, lesson, shelf, visit, wrong, lambda: done.set(done.value | {name}), lambda: SeedChoice(visit))


def _shelf(visit: Visit) -> tuple[dict[str, Lesson], str]:
    """Return the lessons, and what is wrong with the address or with a file."""
    try:
        return lessons(), visit.wrong
    except InputError as error:
        return {}, str(error)


@solara.component  # type: ignore[untyped-decorator]
def Shelf(shelf: dict[str, Lesson], visit: Visit) -> None:  # noqa: N802
    """Show the list of lessons, and which of them are done."""
    with element("ol", class_="shelf"):
        for name, lesson in shelf.items():
            with element("li", class_="card"):
                with element("h2"):
                    PageLink(lesson.title, f"/lessons?{visit.address.with_others(lesson=name, guess=None).query()}")
                words(lesson.line)
                if name in done.value:
                    words("✓ done", class_="done")
    number = sum(name in done.value for name in shelf)
    words(f"{number} of {len(shelf)} done since you opened the page. Not saved anywhere.", class_="quiet")


@solara.component  # type: ignore[untyped-decorator]
def SeedChoice(visit: Visit) -> None:  # noqa: N802
    """Show the random seed, and a button for another one: the same question with other chance events."""
    seed = int(visit.address.first.value("seed"))

    def go(value: int) -> None:
        first, second = (one.with_value("seed", value) for one in (visit.address.first, visit.address.second))
        visit.go(replace(visit.address, first=first, second=second))

    def change(_name: str, value: Value, final: bool) -> None:
        if final and isinstance(value, (int, float)):
            go(int(value))

    field = field_of("seed", visit.address.first)
    with element("div", class_="luck"):
        Fields([field], change, legend="Chance", about="Everybody with the same random seed sees the same runs.")
        Button(
            "Try another seed",
            lambda: go((seed + 1) % 2**53),
            description="Try another seed: the same with the next one",
        )

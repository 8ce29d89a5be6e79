"""One lesson: its question, what the reader expects of it, the run, and what came out."""

from __future__ import annotations

from collections.abc import Callable

import solara
from solara.alias import rv

from mhsim.dashboard.html import Button, PageLink, element, words
from mhsim.dashboard.lessons.evaluate import answers
from mhsim.dashboard.lessons.result import Reveal
from mhsim.dashboard.lessons.runs import Lived, Running
from mhsim.dashboard.lessons.schema import Choice, Lesson
from mhsim.dashboard.lessons.thread_bridge import to_visitor
from mhsim.dashboard.visit import Visit
from mhsim.dashboard.widgets.focus import Focus
from mhsim.report.formatting import duration


@solara.component  # type: ignore[untyped-decorator]
def OneLesson(  # noqa: N802
    name: str,
    lesson: Lesson,
    shelf: dict[str, Lesson],
    visit: Visit,
    wrong: str,
    on_seen: Callable[[], None],
    luck: Callable[[], None],
) -> None:
    """Show a lesson; the answer stays shut until an expectation is committed, which then stands in the address."""
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
        luck()
        following = list(shelf)[(place + 1) % len(shelf)]
        with element("p", class_="following"):
            to = visit.address.with_others(lesson=following, guess=None).query()
            PageLink(f"Next lesson: {shelf[following].title}", f"/lessons?{to}")


@solara.component  # type: ignore[untyped-decorator]
def Background(lesson: Lesson) -> None:  # noqa: N802
    """Show what one needs to know beforehand, and the situations that are lived through."""
    with element("div", class_="background"):
        words(" ".join(lesson.background))
        words(f"Sources, as numbered in docs/evidence.md: {', '.join(lesson.sources)}.", class_="quiet")
        element("h2", "What is lived through")
        with element("dl", class_="cases"):
            for case in lesson.cases:
                element("dt", case.label)
                element("dd", case.about)
        words(
            f"{lesson.pairs} histories of {duration(lesson.weeks)} in each situation. History by history the place, "
            "the people who come into need and the luck are the same in all of them.",
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
        Button("Commit and run", commit, look="main")
        if urged and not chosen:
            words("Choose one first. There is no wrong choice.", class_="wrong", role="alert")
        words("The answer opens when you have committed. It stays committed until you start over.", class_="quiet")


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
    """Run the histories, tell how far they are, then show what came out."""
    lived, set_lived = solara.use_state(None)

    def begin() -> Callable[[], None]:
        running = Running(lesson, seed, to_visitor(set_lived))
        return running.stop

    solara.use_effect(begin, [name, seed])
    over = lived is not None and lived.done
    solara.use_effect(lambda: on_seen() if over else None, [over])
    with element("div", class_="run"):
        words(f"You expect: {choice.says}.", class_="note")
        if over:
            Reveal(lesson, choice, lived, seed)
        else:
            Progress(lesson, lived)
        Focus("reveal" if over else "running", f"{name} {seed}")
        with element("div", class_="again"):
            Button("Start over", lambda: visit.go(visit.address.with_others(guess=None)))


@solara.component  # type: ignore[untyped-decorator]
def Progress(lesson: Lesson, lived: Lived | None) -> None:  # noqa: N802
    """Tell how many histories there are, and the numbers so far without a verdict."""
    pairs = lived.pairs if lived else 0
    with element("section", class_="card"):
        element("h2", "Running", id="running", tabindex="-1")
        element("progress", value=str(pairs), max=str(lesson.pairs), aria_label="Histories lived in each situation")
        words(f"{pairs} of {lesson.pairs} histories in each situation.", role="status")
        if lived is not None:
            words("So far, and it may still change:", class_="quiet")
            with element("ul"):
                for answer in answers(lesson, lived):
                    element("li", answer.numbers)

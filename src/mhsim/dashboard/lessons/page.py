"""The page Lessons: the list of lessons, or one of them."""

from __future__ import annotations

from dataclasses import replace

import solara

from mhsim.dashboard.elements import Button, PageLink, element, words
from mhsim.dashboard.lessons.lesson_file import Lesson
from mhsim.dashboard.lessons.loader import lessons
from mhsim.dashboard.lessons.one_lesson import OneLesson
from mhsim.dashboard.visit import Visit, use_visit
from mhsim.dashboard.widgets.fields import Fields, field_of
from mhsim.errors import InputError
from mhsim.scenario import Value

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

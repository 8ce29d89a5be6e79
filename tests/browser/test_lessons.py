"""The page Lessons in a browser: nothing of an answer before one has committed, and every part of it afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from mhsim.dashboard.lessons.lesson_file import lessons

LONG = 60_000
"""Milliseconds for a run of some hundred histories on a busy machine."""
QUICK = "graduation_starves"
"""The lesson whose run is the shortest."""
VERDICTS = re.compile("You were right|Partly right|Something else happened")


def commit(page: Page, lesson: str, choice: int = 0) -> None:
    """Choose what one expects and commit."""
    page.get_by_label(lessons()[lesson].choices[choice].says, exact=True).check()
    page.get_by_role("button", name="Predict and run").click()


def reveal(page: Page) -> Locator:
    """Wait for the answer and return its heading."""
    heading = page.get_by_role("heading", name="Results", exact=True)
    heading.wait_for(timeout=LONG)
    return heading


@pytest.mark.parametrize("name", lessons())
def test_each_lesson_can_be_walked_to_its_end(page: Page, name: str) -> None:
    """A lesson that stops half way, or lacks a part of its answer, leaves a class without it."""
    lesson = lessons()[name]
    page.goto("/lessons")
    page.get_by_role("link", name=lesson.title, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
    for case in lesson.cases:
        expect(page.get_by_text(case.about, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Results", exact=True)).to_have_count(0)
    expect(page.get_by_text(lesson.why[0].says)).to_have_count(0)
    commit(page, name)
    expect(reveal(page)).to_be_focused()
    expect(page.get_by_text(f"Your prediction: {lesson.choices[0].says}.")).to_be_visible()
    expect(page.get_by_text(VERDICTS)).to_be_visible()
    for ask in lesson.asks:
        card = page.locator(".answered").filter(has=page.get_by_role("heading", name=ask.title, exact=True))
        expect(card.locator(".answer")).to_have_text(
            re.compile("|".join(map(re.escape, (ask.more, ask.fewer, ask.same))))
        )
        expect(card.get_by_role("img", name=ask.title)).to_be_visible()
        expect(card).to_contain_text(re.compile(r"\(.+ to .+\)|leave room for|shows any difference|would show"))
    for heading in ("Why", "How certain is this?", "Try this next", "What this does not show"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="A life from these runs")).to_be_visible()
    expect(page.get_by_text(lesson.limits)).to_be_visible()
    for step in lesson.next:
        href = page.get_by_role("link", name=step.says).get_attribute("href") or ""
        assert href.startswith(f"./{step.page}?")
    page.get_by_role("link", name="All lessons").click()
    expect(page.locator(".shelf li").filter(has_text=lesson.title)).to_contain_text("done")
    expect(page.get_by_text(f"1 of {len(lessons())} done")).to_be_visible()


def test_the_answer_stays_shut_until_one_has_committed(page: Page) -> None:
    """Predicting first is the point of a lesson; pressing without a choice must not open it."""
    page.goto(f"/lessons?lesson={QUICK}")
    page.get_by_role("button", name="Predict and run").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one first")
    expect(page.get_by_role("heading", name="Results", exact=True)).to_have_count(0)
    assert "guess" not in page.url


def test_a_prediction_is_changed_only_by_starting_over(page: Page) -> None:
    """Who could move the mark after the answer would not have predicted anything."""
    page.goto(f"/lessons?lesson={QUICK}")
    commit(page, QUICK)
    reveal(page)
    assert f"guess={lessons()[QUICK].choices[0].name}" in page.url
    expect(page.get_by_role("radio")).to_have_count(0)
    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_role("radio")).to_have_count(len(lessons()[QUICK].choices))
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("heading", name="Results", exact=True)).to_have_count(0)
    assert "guess" not in page.url
    commit(page, QUICK, 1)
    reveal(page)
    expect(page.get_by_text(f"Your prediction: {lessons()[QUICK].choices[1].says}.")).to_be_visible()


def test_a_lesson_is_walked_with_the_keyboard_alone(page: Page) -> None:
    """Nobody needs a mouse: the choices are one stop with arrows, and the focus goes where the answer appears."""
    page.goto(f"/lessons?lesson={QUICK}")
    first, second = (page.get_by_label(choice.says, exact=True) for choice in lessons()[QUICK].choices[:2])
    expect(first).to_be_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if first.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(second).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(reveal(page)).to_be_focused()
    assert f"guess={lessons()[QUICK].choices[1].name}" in page.url


def test_new_luck_and_a_typed_seed_run_it_again_and_the_address_brings_it_back(
    page: Page, new_context: Callable[..., object]
) -> None:
    """Teachers give a class one address, and show with another seed what is luck and what is not."""
    page.goto(f"/lessons?lesson={QUICK}&guess=starves&seed=6")
    reveal(page)
    expect(page.get_by_text("with random seed 6")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Random seed")).to_have_value("6")
    page.get_by_role("button", name="Try another seed").click()
    expect(page.get_by_text("with random seed 7")).to_be_visible(timeout=LONG)
    assert "seed=7" in page.url
    field = page.get_by_role("spinbutton", name="Random seed")
    field.fill("6")
    field.press("Enter")
    expect(page.get_by_text("with random seed 6")).to_be_visible(timeout=LONG)
    said = page.locator(".answered").all_inner_texts()
    life = page.locator(".life").inner_text()
    other = new_context().new_page()  # type: ignore[attr-defined]
    other.goto(page.url)
    reveal(other)
    expect(other.locator(".answered")).to_have_count(len(said))
    assert other.locator(".answered").all_inner_texts() == said
    assert other.locator(".life").inner_text() == life
    other.get_by_role("link", name="All lessons").click()
    expect(other.get_by_role("spinbutton", name="Random seed")).to_have_value("6")


def test_the_numbers_behind_and_the_links_onward(page: Page) -> None:
    """What an answer rests on can be opened, and what to try next carries the situations with it."""
    lesson = lessons()[QUICK]
    page.goto(f"/lessons?lesson={QUICK}&guess=starves&seed=6")
    reveal(page)
    page.get_by_text("numbers that matter most here").last.click()
    for path in lesson.rests_on:
        expect(page.get_by_role("rowheader", name=path, exact=True)).to_be_visible()
    meet = page.get_by_role("link", name=re.compile("^Meet .+ in Explore$"))
    name = re.sub("^Meet | in Explore$", "", meet.inner_text())
    meet.click()
    expect(page).to_have_url(re.compile(r"/explore\?.*leave\.graduate_hazard=0\.02.*person="))
    heading = page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text(lesson.title)
    expect(page.get_by_role("heading", name=f"The life of {name}")).to_be_visible(timeout=LONG)
    page.go_back()
    expect(heading).to_have_text(lesson.title)
    reveal(page)
    page.get_by_role("link", name=lesson.next[0].says).click()
    expect(page).to_have_url(re.compile(r"/turnover\?.*seed=6.*b\.leave\.graduate_hazard=0\.02"))
    expect(heading).not_to_have_text(lesson.title)
    page.go_back()
    expect(heading).to_have_text(lesson.title)
    reveal(page)
    page.get_by_role("link", name="Next lesson: Succession").click()
    expect(page.get_by_role("heading", level=1, name="Succession")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/lessons?lesson=sucession", "there is none named 'sucession'"),
        (f"/lessons?lesson={QUICK}&guess=maybe", "this lesson has no such choice"),
        ("/lessons?lesson=succession&serve.sucession=1", "serve.sucession: no such key"),
    ],
)
def test_a_wrong_address_gives_one_line_and_something_to_go_on_with(page: Page, address: str, words: str) -> None:
    """Addresses are typed and shortened; a wrong one must say what is wrong and not end in an empty page."""
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("lesson|Living proof")).first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280, 1920])
def test_nothing_runs_over_and_axe_finds_no_barrier(page: Page, accessible: Callable[[Page], None], width: int) -> None:
    """List, prediction and answer are read on phones and projectors, and by those who do not see them."""
    page.set_viewport_size({"width": width, "height": 900})
    for address in ("/lessons", f"/lessons?lesson={QUICK}", f"/lessons?lesson={QUICK}&guess=starves&seed=6"):
        page.goto(address)
        if "guess" in address:
            reveal(page)
            page.get_by_text("numbers that matter most here").last.click()
        else:
            page.get_by_role("heading", level=1).wait_for()
            page.get_by_role("button", name="Try another seed").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width != 1920:
            accessible(page)

"""The page Lessons in a browser: nothing of an answer before one has committed, and every part of it afterwards.

Runs are few here, so that every lesson is walked. That the answers to all of them are those of Python is tested in
`test_exported_lessons.py` and `test_lessons_in_pages.py`, wrong addresses in the first of these and in
`test_everywhere.py`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from browser.pages import WIDTHS, open_page, too_wide
from mhsim.dashboard.lessons.lesson_file import lessons

FEW = 5
"""Runs of each situation."""
LONG = 60_000
"""Milliseconds for these on a busy machine."""
QUICK = "graduation_starves"
"""The lesson whose run is the shortest."""
VERDICTS = re.compile("You were right|Partly right|Something else happened")
ALWAYS = ("Why", "How certain is this?", "Try this next", "What this does not show")
"""Headings of every answer."""


def with_few_runs(route: Route) -> None:
    """Hand out the lessons with few runs."""
    answer = route.fetch()
    shelves = json.loads(gzip.decompress(answer.body()))
    for lesson in shelves["en"].values():
        lesson["pairs"] = FEW
    route.fulfill(response=answer, body=gzip.compress(json.dumps(shelves).encode()))


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Return a browser in which lessons have few runs."""
    context.route("**/app/lessons-*", with_few_runs)
    return context


def commit(page: Page, lesson: str, choice: int = 0) -> None:
    """Choose what one expects and commit."""
    page.get_by_label(lessons()[lesson].choices[choice].says, exact=True).check()
    page.get_by_role("button", name="Predict and run").click()


def results(page: Page) -> Locator:
    """Return the heading of the answer."""
    return page.get_by_role("heading", name="Results", exact=True)


def reveal(page: Page) -> Locator:
    """Wait for the answer and the life below it; return the heading."""
    results(page).wait_for(timeout=LONG)
    expect(page.locator(".a-life li, .a-life p").last).not_to_have_text("Working…", timeout=LONG)
    return results(page)


def test_each_lesson_can_be_walked_to_its_end(page: Page) -> None:
    """A lesson that stops half way, or lacks a part of its answer, leaves a class without it."""
    open_page(page, "/lessons")
    for done, (name, lesson) in enumerate(lessons().items(), 1):
        page.get_by_role("link", name=lesson.title, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=lesson.title)).to_be_visible()
        for case in lesson.cases:
            expect(page.get_by_text(case.about, exact=True)).to_be_visible()
        expect(results(page)).to_have_count(0)
        expect(page.get_by_text(lesson.why[0].says)).to_have_count(0)
        commit(page, name)
        expect(reveal(page)).to_be_focused()
        expect(page.get_by_text(f"Your prediction: {lesson.choices[0].says}.")).to_be_visible()
        expect(page.get_by_text(VERDICTS)).to_be_visible()
        for ask in lesson.asks:
            card = page.locator(".answered").filter(has=page.get_by_role("heading", name=ask.title, exact=True))
            assert card.locator(".answer").inner_text() in (ask.more, ask.fewer, ask.same)
            expect(card.get_by_role("img", name=ask.title).first).to_be_visible()
            assert re.search(r"\(.+ to .+\)|leave room for|shows any difference|would show", card.inner_text())
        headings = page.locator(".reveal").get_by_role("heading").all_inner_texts()
        assert {*ALWAYS} <= {*headings}, name
        assert any(heading.startswith("A life from these runs") for heading in headings), name
        expect(page.get_by_text(lesson.limits)).to_be_visible()
        for step in lesson.next:
            link = page.get_by_role("link", name=step.says, exact=True)
            assert (link.get_attribute("href") or "").startswith(f"./{step.page}?"), name
        page.get_by_role("link", name="All lessons").click()
        expect(page.locator(".shelf li").filter(has_text=lesson.title)).to_contain_text("done")
        expect(page.get_by_text(f"{done} of {len(lessons())} done")).to_be_visible()


def test_the_answer_stays_shut_until_one_has_committed_and_then_by_the_keyboard(page: Page) -> None:
    """Predicting first is the point of a lesson; who could move the mark afterwards would not have predicted anything.

    Nobody needs a mouse: the choices are one stop with arrows, and the focus goes where the answer appears.
    """
    choices = lessons()[QUICK].choices
    open_page(page, f"/lessons?lesson={QUICK}")
    page.get_by_role("button", name="Predict and run").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one first")
    expect(results(page)).to_have_count(0)
    assert "guess" not in page.url
    first, second = (page.get_by_label(choice.says, exact=True) for choice in choices[:2])
    page.get_by_role("link", name="All lessons").focus()
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
    expect(page).to_have_url(re.compile(f"guess={choices[1].name}"))
    expect(page.get_by_role("radio")).to_have_count(0)
    page.get_by_role("button", name="Restart").click()
    expect(page.get_by_role("radio")).to_have_count(len(choices))
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    expect(results(page)).to_have_count(0)
    assert "guess" not in page.url
    commit(page, QUICK)
    reveal(page)
    expect(page.get_by_text(f"Your prediction: {choices[0].says}.")).to_be_visible()


def test_another_seed_runs_it_again_and_the_address_brings_it_back(
    page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    """Teachers give a class one address, and show with another seed what is luck and what is not."""
    open_page(page, f"/lessons?lesson={QUICK}&guess=starves&seed=6")
    reveal(page)
    field = page.get_by_role("spinbutton", name="Random seed")
    expect(field).to_have_value("6")
    page.get_by_role("button", name="Try another seed").click()
    expect(page.get_by_text("with random seed 7")).to_be_visible(timeout=LONG)
    assert "seed=7" in page.url
    field.fill("6")
    field.press("Enter")
    expect(page.get_by_text("with random seed 6")).to_be_visible(timeout=LONG)
    reveal(page)
    said = page.locator(".answered, .a-life").all_inner_texts()
    context = new_context()
    context.route("**/app/lessons-*", with_few_runs)
    other = context.new_page()
    open_page(other, page.url)
    reveal(other)
    assert other.locator(".answered, .a-life").all_inner_texts() == said
    other.get_by_role("link", name="All lessons").click()
    expect(other.get_by_role("spinbutton", name="Random seed")).to_have_value("6")


def test_an_answer_can_be_read_by_all_and_leads_on(page: Page, accessible: Callable[[Page], None]) -> None:
    """Answers are read on phones and projectors, and by those who do not see them.

    What they rest on can be opened, and what to try next carries the situations with it.
    """
    lesson, heading = lessons()[QUICK], page.get_by_role("heading", level=1)
    open_page(page, f"/lessons?lesson={QUICK}&guess=starves&seed=6")
    reveal(page)
    page.get_by_text("numbers that matter most here").last.click()
    for path in lesson.rests_on:
        expect(page.get_by_role("rowheader", name=path, exact=True)).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page) == [], width
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    accessible(page)
    meet = page.get_by_role("link", name=re.compile("^Meet .+ in Explore$"))
    name = re.sub("^Meet | in Explore$", "", meet.inner_text())
    meet.click()
    expect(page).to_have_url(re.compile(r"/explore\?.*leave\.graduate_hazard=0\.02.*person="))
    expect(page.get_by_role("heading", name=f"The life of {name}")).to_be_visible(timeout=LONG)
    page.go_back()
    expect(heading).to_have_text(lesson.title)
    reveal(page)
    page.get_by_role("link", name=lesson.next[0].says).click()
    query = parse_qs(urlparse(page.url).query)
    assert (urlparse(page.url).path, query["seed"], query["b.leave.graduate_hazard"]) == ("/turnover", ["6"], ["0.02"])
    page.go_back()
    expect(heading).to_have_text(lesson.title)
    page.get_by_role("link", name="Next lesson: Succession").click()
    expect(page.get_by_role("heading", level=1, name="Succession")).to_be_visible()

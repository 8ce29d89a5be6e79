"""What holds for every page: it opens without a fault, can be used by anybody, and its address says all it shows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.pages import PAGES, WIDTHS, all_shown, focused, open_page, settled, shown, too_wide, wait_for_all

HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility())
    .map(one => +one.tagName[1])"""
NAMELESS = """() => [...document.querySelectorAll('main button[aria-label], main summary[aria-label]')]
    .filter(one => !one.getAttribute('aria-label').toLowerCase().includes(one.textContent.trim().toLowerCase()))
    .map(one => one.textContent + ' / ' + one.getAttribute('aria-label'))"""
CONTROLS = (".theme-choice", ".fields", "main button", ".transport", ".luck", "input[type=file]")
YEAR = "weeks=52"
"""A short history: these tests are about what a page does with it."""


@pytest.mark.parametrize("path", PAGES)
def test_each_page_can_be_used_by_all(page: Page, accessible: Callable[[Page], None], path: str) -> None:
    """Pages are seen and heard, on phones and projectors, with and without a mouse, and on paper."""
    open_page(page, f"{path}?{YEAR}")
    settled(page)
    has_its_names(page)
    accessible(page)
    page.keyboard.press("Tab")
    shows_every_stop(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        assert too_wide(page) == [], width
    can_be_printed(page)


def has_its_names(page: Page) -> None:
    """Titles, landmarks and headings are how people who cannot see a page find their way in it.

    Who goes by headings must not think that one is missing; who says "click one more" must be understood.
    """
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().endswith(" – mhsim")
    assert page.get_by_role("heading", level=1).count() == 1
    for landmark in ("main", "navigation", "banner", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    levels = page.evaluate(HEADINGS)
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.evaluate(NAMELESS) == []


def shows_every_stop(page: Page) -> None:
    """Who works by keyboard begins at the way past all links, and sees where they are on each stop."""
    assert focused(page) == {"tag": "A", "text": "To the content", "seen": True}
    stops = []
    while (stop := focused(page))["tag"] != "BODY" and len(stops) < 60:
        stops.append(stop)
        page.keyboard.press("Tab")
    assert len(stops) > 8
    assert [stop for stop in stops if not stop["seen"]] == []


def can_be_printed(page: Page) -> None:
    """What can only be pressed is of no use on paper, and charts must not lie over one another."""
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    for selector in CONTROLS:
        assert page.locator(f"{selector} >> visible=true").count() == 0, selector
    boxes = [one.bounding_box() for one in page.locator(".replay .chart").all()]
    assert all(above["y"] + above["height"] <= below["y"] + 1 for above, below in pairwise(boxes))  # type: ignore[index]


def test_the_pages_are_reached_by_keyboard_and_by_going_back(page: Page) -> None:
    """Some people have no mouse, a trainer at a projector has none at hand, and Back is the undo that all know."""
    open_page(page, f"/explore?form=twelve_step&seed=4&{YEAR}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for name in ("Turnover", "Lessons", "Class", "Results", "Explore"):
        page.get_by_role("navigation").get_by_role("link", name=name).focus()
        assert focused(page)["seen"], name
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{name.lower()}?*")
        expect(page).to_have_title(f"{name} – mhsim")
        shown(page)
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")
        assert "form=twelve_step" in page.url, "the situation goes along to another page"
        assert "seed=4" in page.url
    for name in ("Results", "Class"):
        page.go_back()
        expect(page).to_have_title(f"{name} – mhsim")
        shown(page)
    page.go_forward()
    expect(page).to_have_title("Results – mhsim")


def test_the_colours_chosen_are_kept(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    """Dark is chosen once, not on each page; another person's browser has its own."""
    open_page(page, f"/explore?{YEAR}")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    open_page(page, "/results")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    other = new_context(color_scheme="dark").new_page()
    open_page(other, "/results")
    assert other.evaluate("document.documentElement.dataset.theme") == "dark", "as the browser asks"
    other.get_by_label("Colours").select_option("light")
    assert other.evaluate("getComputedStyle(document.body).backgroundColor") != dark


@pytest.mark.parametrize("path", PAGES)
def test_a_wrong_address_is_told_in_one_line(page: Page, path: str) -> None:
    """A link that was cut short by a mail program must say what is wrong with it."""
    open_page(page, f"{path}?form=base&serve.turnover_per_yaer=2")
    expect(page.get_by_role("alert")).to_contain_text("did you mean serve.turnover_per_year?")


def test_the_address_holds_all_that_is_shown(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    """A link in a mail shows the reader what the sender saw: form, settings, seed, week, changes, the person."""
    slider = page.locator("input[data-name='serve.turnover_per_year']").first
    open_page(page, "/explore?form=twelve_step&community.arrivals_per_week=2&weeks=60&seed=3&week=40")
    for value in ("1", "2.5"):
        slider.fill(value)
        page.wait_for_url(f"**change=40:serve.turnover_per_year={value}&**")
    page.get_by_label("People this week").select_option(index=1)
    page.get_by_role("button", name="Show this life").click()
    expect(page.get_by_role("heading", name="The life of")).to_be_visible()
    page.wait_for_url("**person=**")
    mine = all_shown(page)
    assert '"week":"40"' in mine
    assert len(mine) > 2000
    other = new_context().new_page()
    open_page(other, page.url)
    wait_for_all(other, mine)
    page.reload()
    shown(page)
    wait_for_all(page, mine)
    page.go_back()
    expect(page.get_by_role("heading", name="The life of")).to_have_count(0)
    page.go_back()
    expect(slider).to_have_value("1")
    page.go_forward()
    page.go_forward()
    wait_for_all(page, mine)

"""What holds for every page: it opens without a fault, can be used by anybody, and its address says all it shows."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.pages import PAGES, WIDTHS, all_shown, focused, open_page, shown, too_wide, wait_for_all


@pytest.mark.parametrize("path", ["/", *PAGES])
def test_each_page_opens_and_can_be_used_by_all(page: Page, accessible: Callable[[Page], None], path: str) -> None:
    """Titles, landmarks and a heading are how people who cannot see a page find their way in it."""
    open_page(page, path)
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title().endswith("mhsim")
    assert page.get_by_role("heading", level=1).count() == 1
    for landmark in ("main", "navigation", "banner", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    accessible(page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(page: Page, path: str) -> None:
    """A phone and a projector show the same page; what lies beyond the edge is not found."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        open_page(page, path)
        assert too_wide(page) == [], (path, width)


def test_the_pages_are_reached_by_keyboard(page: Page) -> None:
    """Some people have no mouse, and a trainer at a projector has none at hand."""
    open_page(page, "/explore")
    page.keyboard.press("Tab")
    assert focused(page) == {"tag": "A", "text": "To the content", "seen": True}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    for name in ("Turnover", "Lessons", "Results", "Explore"):
        page.get_by_role("navigation").get_by_role("link", name=name).focus()
        assert focused(page)["seen"], name
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{name.lower()}*")
        expect(page).to_have_title(f"{name} – mhsim")
        assert shown(page)
        expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute("aria-current", "page")


def test_every_control_can_be_seen_to_have_the_focus(page: Page) -> None:
    """Who works by keyboard must see where they are, on each stop through a page."""
    for path in PAGES:
        open_page(page, path)
        stops = []
        for _ in range(60):
            page.keyboard.press("Tab")
            stop = focused(page)
            if stop["tag"] == "BODY":
                break
            stops.append(stop)
        assert len(stops) > 4, path
        assert [stop for stop in stops if not stop["seen"]] == [], path


def test_back_and_forward_go_through_the_pages(page: Page) -> None:
    """The browser's own buttons are the undo that everybody knows."""
    open_page(page, "/explore?form=twelve_step&seed=4")
    page.get_by_role("link", name="Turnover", exact=True).click()
    expect(page).to_have_title("Turnover – mhsim")
    assert "form=twelve_step" in page.url, "the situation goes along to another page"
    assert "seed=4" in page.url
    page.go_back()
    expect(page).to_have_title("Explore – mhsim")
    shown(page)
    page.go_forward()
    expect(page).to_have_title("Turnover – mhsim")
    shown(page)


def test_the_colours_chosen_are_kept(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    """Dark is chosen once, not on each page; another person's browser has its own."""
    open_page(page, "/explore")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.get_by_label("Colours").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    open_page(page, "/results")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    other = new_context(color_scheme="dark").new_page()
    open_page(other, "/explore")
    assert other.evaluate("document.documentElement.dataset.theme") == "dark", "as the browser asks"
    other.get_by_label("Colours").select_option("light")
    assert other.evaluate("getComputedStyle(document.body).backgroundColor") != dark


def test_a_wrong_address_is_told_in_one_line(page: Page) -> None:
    """A link that was cut short by a mail program must say what is wrong with it."""
    open_page(page, "/explore?form=base&serve.turnover_per_yaer=2")
    expect(page.get_by_role("alert")).to_contain_text("did you mean serve.turnover_per_year?")


def test_the_address_holds_all_that_is_shown(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    """A link in a mail shows the reader what the sender saw: form, settings, seed, week, changes, the person."""
    open_page(page, "/explore?form=twelve_step&weeks=156&seed=3&week=40")
    page.locator("input[data-name='serve.turnover_per_year']").fill("2.5")
    page.wait_for_url("**change=40:serve.turnover_per_year=2.5**")
    page.get_by_label("People this week").select_option(index=1)
    page.get_by_role("button", name="Show this life").click()
    expect(page.get_by_role("heading", name="The life of")).to_be_visible()
    page.wait_for_url("**person=**")
    mine = all_shown(page)
    assert '"week":"40"' in mine and len(mine) > 2000
    other = new_context().new_page()
    open_page(other, page.url)
    wait_for_all(other, mine)


def test_reloading_and_going_back_restore_what_was_shown(page: Page) -> None:
    """F5 is pressed by accident, and Back is how people undo."""
    slider = page.locator("input[data-name='serve.turnover_per_year']")
    open_page(page, "/explore?weeks=52&seed=8")
    slider.fill("1")
    page.wait_for_url("**serve.turnover_per_year=1*")
    slider.fill("3")
    page.wait_for_url("**serve.turnover_per_year=3*")
    before = all_shown(page)
    page.reload()
    shown(page)
    wait_for_all(page, before)
    page.go_back()
    expect(slider).to_have_value("1")
    page.go_forward()
    expect(slider).to_have_value("3")


HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility())
    .map(one => +one.tagName[1])"""
NAMELESS = """() => [...document.querySelectorAll('main button[aria-label], main summary[aria-label]')]
    .filter(one => !one.getAttribute('aria-label').toLowerCase().includes(one.textContent.trim().toLowerCase()))
    .map(one => one.textContent + ' / ' + one.getAttribute('aria-label'))"""


@pytest.mark.parametrize("path", PAGES)
def test_headings_go_down_step_by_step_and_names_hold_what_is_seen(page: Page, path: str) -> None:
    """Who goes by headings must not think that one is missing; who says "click one more" must be understood."""
    open_page(page, path)
    if path in ("/explore", "/turnover"):
        expect(page.locator("canvas").first).to_be_visible()
    levels = page.evaluate(HEADINGS)
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    assert page.evaluate(NAMELESS) == []


def test_paper_carries_no_controls(page: Page) -> None:
    """What can only be pressed is of no use on paper, and charts must not lie over one another."""
    page.emulate_media(media="print")
    for path in ("/explore?weeks=104", "/lessons"):
        open_page(page, path)
        expect(page.get_by_role("navigation")).to_be_hidden()
        for selector in (".theme-choice", ".fields", "main button", ".transport", ".luck"):
            assert page.locator(f"{selector} >> visible=true").count() == 0, (path, selector)
    open_page(page, "/explore?weeks=104")
    expect(page.locator(".chart").first).to_be_visible()
    boxes = [one.bounding_box() for one in page.locator(".replay .chart").all()]
    assert all(a["y"] + a["height"] <= b["y"] + 1 for a, b in pairwise(boxes))

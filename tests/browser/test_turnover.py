"""Turnover on the dashboard: it opens with an answer, every control stands in the address, a pair is told as a story.

That the answer follows a moving slider, is never of other settings, and is what `mhsim run` finds, is tested in
`test_exported_turnover.py`; what sliders, examples and words do, in `test_turnover_in_pages.py` without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from browser.pages import open_page, too_wide

PAIR = "/turnover?form=base&weeks=52&seed=4&serve.turnover_per_year=2&b.prepare.successors=2"
"""Two situations, in one year so that a busy machine is quick enough."""
STORIES = "/turnover?form=base&seed=4&serve.turnover_per_year=2&b.prepare.successors=2"
"""The example the page opens with: under this seed the group closes in A and lives in B."""
LONG = 120_000
"""Milliseconds for four hundred histories on a machine that does other things too."""


def all_of(page: Page) -> Locator:
    """Wait until all histories are there; return the answer."""
    section = page.get_by_role("region", name="Answer")
    expect(section).to_have_attribute("aria-busy", "false", timeout=LONG)
    expect(section.locator(".turnover-so-far")).to_have_text("All 200 runs of each.")
    return section


def slider(page: Page, name: str, of: str = "b") -> Locator:
    """Return the input of a setting, of A or of B."""
    return page.locator(f".for-{of} input[data-name='{name}']")


def in_address(page: Page, *parts: str) -> None:
    """Wait until all of these stand in the address."""
    page.wait_for_url(lambda url: all(part in url.replace("%3A", ":") for part in parts))


def test_the_page_opens_with_an_answer_and_its_examples_are_questions(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    """The first visit shows a whole answer, not an empty form; axe reads it when everything is there."""
    open_page(page, "/turnover")
    section = all_of(page)
    expect(section).to_contain_text(
        re.compile(r"Still meeting after ten years: A [\d.]+ of 100 groups, B [\d.]+ of 100\.")
    )
    expect(section).to_contain_text("closed in A and still meeting in B 36 times of 200")
    expect(page.locator(".replay canvas").first).to_be_visible()
    examples = page.get_by_role("group", name="Examples").get_by_role("button")
    expect(examples.first).to_have_attribute("aria-pressed", "true")
    examples.first.hover()
    ink, ground = examples.first.evaluate(
        """one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]
        .map(colour => colour.match(/\\d+/g).map(Number))"""
    )
    assert max(abs(a - b) for a, b in zip(ink, ground, strict=False)) > 150, "white on nearly white"
    accessible(page)
    examples.nth(3).click()
    in_address(page, "b.change=104:lose_busiest_helpers=2")
    expect(examples.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(examples.first).to_have_attribute("aria-pressed", "false")


def test_what_is_set_stands_in_the_address_and_comes_back_from_it(page: Page) -> None:
    """A and B are set apart, luck and form are the same in both, and B follows A where it was the same."""
    open_page(page, PAIR)
    expect(slider(page, "loss.week")).to_have_count(0)
    slider(page, "loss.count").fill("3")
    expect(slider(page, "loss.week")).to_have_value("51")
    slider(page, "loss.week").fill("26")
    in_address(page, "b.change=26:lose_busiest_helpers=3")
    expect(page.locator("dl.turnover-differing")).to_contain_text(
        "after 26 weeks the three busiest helpers stop helping at once and stay as members"
    )
    page.locator("details.turnover-a > summary").click()
    slider(page, "serve.leaves_with_role", "a").fill("0.3")
    in_address(page, "&serve.leaves_with_role=0.3")
    expect(slider(page, "serve.leaves_with_role")).to_have_value("0.3")
    assert "b.serve.leaves_with_role" not in page.url
    page.get_by_label("Random seed", exact=True).fill("21")
    page.get_by_label("Random seed", exact=True).press("Enter")
    in_address(page, "seed=21")
    assert "b.seed" not in page.url
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url(lambda url: "seed=21&" not in url)
    page.get_by_label("Type of group", exact=True).select_option(index=1)
    page.wait_for_url(lambda url: "form=base" not in url and "b.prepare.successors=2" in url)
    page.reload()
    expect(slider(page, "loss.count")).to_have_value("3")
    expect(slider(page, "loss.week")).to_have_value("26")
    expect(slider(page, "prepare.successors")).to_have_value("2")


def test_the_answer_stays_in_sight_and_nothing_scrolls_sideways(page: Page) -> None:
    """Who moves a slider must see what it does, on a phone too; and the question is asked of the same group."""
    open_page(page, PAIR)
    all_of(page)
    page.locator("details.turnover-a > summary").click()
    for width in (1920, 768, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert too_wide(page) == []
    slider(page, "prepare.successors").scroll_into_view_if_needed()
    expect(page.locator(".turnover-headline")).to_be_in_viewport()
    page.get_by_role("link", name="Some helpers stop soon").click()
    expect(page.locator(".turnover-question")).to_contain_text("16 members, three helpers among them. After 1 month")
    expect(slider(page, "serve.turnover_per_year")).to_have_value("2")


def test_who_asks_about_one_history_gets_its_answer_first_and_both_stories(page: Page) -> None:
    """Why did the group close, and would succession have saved it? The link of Explore asks, and the page says both.

    Stories that somebody has gone to stay in sight when the answer of the many comes above them.
    """
    open_page(page, STORIES)
    card = page.get_by_role("region", name="This one run")
    expect(page.get_by_role("region", name="Answer")).to_be_visible()
    expect(card).to_have_count(0)
    open_page(page, STORIES + "&view=story")
    expect(card).to_contain_text(re.compile(r"In this one run: A: .*too few people came.* B: .*open"), timeout=LONG)
    page.evaluate("document.querySelector('.turnover-answer').hidden = true")
    card.get_by_role("button", name="Both stories, week by week").click()
    stories = page.get_by_role("region", name="One story of each")
    expect(stories).to_be_focused()
    page.evaluate("document.querySelector('.turnover-answer').hidden = false")
    expect(page.get_by_role("region", name="Answer").locator(".picture-wide").first).to_be_attached(timeout=LONG)
    expect(stories.get_by_role("heading", name="One story of each")).to_be_in_viewport()
    parted = stories.locator(".turnover-parted")
    expect(parted).to_contain_text(re.compile(r"Up to week \d+ both runs are the same"))
    week = re.search(r"week (\d+)", parted.inner_text())
    assert week
    expect(stories.locator(".ending-a")).to_contain_text(
        re.compile("week 183.*[Cc]losed.*too few people came", re.DOTALL)
    )
    expect(stories.locator(".ending-b")).to_contain_text(re.compile("open"))
    stories.get_by_text("The story of A, year by year").click()
    expect(stories.locator(".ending-a li").first).to_be_visible()
    stories.get_by_role("button", name=f"Show week {week[1]}").click()
    expect(stories.get_by_text(f"week {week[1]} of 520")).to_be_visible()
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url(lambda url: "seed=4&" not in url and "view=story" in url)
    expect(card).to_contain_text("In this one run: A:", timeout=LONG)


def test_a_life_in_b_is_told_on_explore(page: Page) -> None:
    open_page(page, PAIR)
    page.get_by_label("People this week in B").select_option(index=1)
    page.get_by_role("button", name="Show this life").nth(1).click()
    page.wait_for_url(lambda url: "/explore" in url and "person=" in url and "prepare.successors=2" in url)
    expect(page.get_by_role("heading", name="The life of")).to_be_visible()


def test_an_old_address_of_the_handout_leads_to_one_that_prints_on_one_page(page: Page) -> None:
    """Many differences and a change in mid-life take more words; the page must still hold them."""
    more = (
        "&b.serve.turnover_per_year=1&b.serve.leaves_with_role=0.4&b.supervise.supervision=0.5&b.serve.term_weeks=104"
        "&b.start.helpers=5&b.community.arrivals_per_week=1.2&b.share.hope_gain=0.05&b.change=26:lose_busiest_helpers=2"
    )
    open_page(page, PAIR.replace("/turnover", "/handout") + more)
    all_of(page)
    page.get_by_role("button", name="Handout to print").click()
    expect(page.get_by_role("dialog", name="Handout")).to_contain_text("things are different?")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == 1


def test_a_slider_acts_on_the_change_that_holds_and_wrong_input_is_told_in_one_line(page: Page) -> None:
    """After a change from week 104 on the slider showed the value before, and moving it could not act."""
    open_page(page, "/turnover?form=base&weeks=156&seed=3&change=104:serve.turnover_per_year=4")
    moving = slider(page, "serve.turnover_per_year")
    expect(moving).to_have_value("4")
    expect(page.locator(".for-b")).to_contain_text("How often a helper steps down, from week 104 on")
    moving.fill("1")
    in_address(page, "b.change=104:serve.turnover_per_year=1")
    expect(page.locator("dl.turnover-differing")).to_contain_text("from week 104 on each helper steps down once a year")
    open_page(page, "/turnover?form=base&serve.turnover_per_year=99")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("serve.turnover_per_year")

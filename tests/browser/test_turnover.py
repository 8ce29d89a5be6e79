"""Turnover: the answer follows the sliders, grows honestly, restores from its address and prints on one page."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.pages import open_page, too_wide
from mhsim import simulate
from mhsim.scenario_io.loader import read_scenario

PAIR = "/turnover?form=base&weeks=156&seed=4&serve.turnover_per_year=2&b.prepare.successors=2"
"""Two situations, in three years so that a busy machine is quick enough."""
STORIES = "/turnover?form=base&seed=4&serve.turnover_per_year=2&b.prepare.successors=2"
"""The example the page opens with: under this luck the group closes in A and lives in B."""
LONG = 120_000
"""Milliseconds for four hundred histories on a machine that does other things too."""


def all_of(page: Page) -> Locator:
    """Wait until all histories are there; return the answer."""
    section = page.get_by_role("region", name="Answer")
    expect(section).to_have_attribute("aria-busy", "false", timeout=LONG)
    expect(section.locator(".turnover-so-far")).to_have_text("All 200 runs of each.")
    return section


def headline(page: Page) -> str:
    """Return the answer in large type."""
    return page.locator(".turnover-headline").inner_text()


def slider(page: Page, name: str, of: str = "b") -> Locator:
    """Return the slider of a setting, of A or of B."""
    return page.locator(f".for-{of} input[data-name='{name}']")


def test_the_page_opens_with_an_answer_and_can_be_used_by_all(page: Page, accessible: Callable[[Page], None]) -> None:
    """The first visit shows a whole answer, not an empty form; axe reads it when everything is there."""
    open_page(page, "/turnover")
    section = all_of(page)
    expect(section).to_contain_text(
        re.compile(r"Still meeting after ten years: A [\d.]+ of 100 groups, B [\d.]+ of 100\.")
    )
    expect(section).to_contain_text("closed in A and still meeting in B 36 times of 200")
    expect(page.locator("canvas").first).to_be_visible(timeout=LONG)
    accessible(page)


@pytest.mark.parametrize("width", [360, 768, 1920])
def test_nothing_scrolls_sideways_with_the_answer_there(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, PAIR)
    all_of(page)
    page.locator("details.turnover-a > summary").click()
    assert too_wide(page) == []


def test_on_a_phone_the_answer_stays_in_sight_of_the_sliders(page: Page) -> None:
    """Who moves a slider must see what it does."""
    page.set_viewport_size({"width": 360, "height": 740})
    open_page(page, PAIR)
    all_of(page)
    slider(page, "prepare.successors").scroll_into_view_if_needed()
    expect(page.locator(".turnover-headline")).to_be_in_viewport()


def test_the_answer_changes_while_the_slider_moves_and_the_address_when_it_is_let_go(page: Page) -> None:
    open_page(page, PAIR)
    all_of(page)
    before = page.url
    moving = slider(page, "prepare.successors")
    moving.evaluate("one => { one.value = 0; one.dispatchEvent(new Event('input', {bubbles: true})); }")
    expect(page.locator("dl.turnover-differing")).to_have_count(0)
    all_of(page)
    expect(page.locator(".turnover-difference")).to_contain_text("No difference")
    assert page.url == before
    moving.evaluate("one => one.dispatchEvent(new Event('change', {bubbles: true}))")
    page.wait_for_url(lambda url: "successors" not in url)


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("serve.turnover_per_year", "3", "b.serve.turnover_per_year=3"),
        ("serve.leaves_with_role", "0.5", "b.serve.leaves_with_role=0.5"),
        ("loss.count", "2", "b.change=104:lose_busiest_helpers=2"),
        ("serve.departures_per_year", "1.5", "b.serve.departures_per_year=1.5"),
        ("prepare.successors", "3", "b.prepare.successors=3"),
        ("serve.term_weeks", "52", "b.serve.term_weeks=52"),
        ("supervise.supervision", "0.8", "b.supervise.supervision=0.8"),
        ("community.arrivals_per_week", "1.5", "b.community.arrivals_per_week=1.5"),
        ("start.helpers", "1", "b.start.helpers=1"),
    ],
)
def test_every_slider_of_b_says_so_in_the_address_and_comes_back_from_it(
    page: Page, name: str, value: str, key: str
) -> None:
    open_page(page, PAIR)
    slider(page, name).fill(value)
    page.wait_for_url(lambda url: key in url.replace("%3A", ":"))
    page.reload()
    expect(slider(page, name)).to_have_value(value)


def test_a_loss_has_a_week_once_there_is_one(page: Page) -> None:
    open_page(page, PAIR)
    expect(slider(page, "loss.week")).to_have_count(0)
    slider(page, "loss.count").fill("3")
    expect(slider(page, "loss.week")).to_have_value("104")
    slider(page, "loss.week").fill("52")
    page.wait_for_url(lambda url: "b.change=52:lose_busiest_helpers=3" in url.replace("%3A", ":"))
    expect(page.locator("dl.turnover-differing")).to_contain_text(
        "after one year the three busiest helpers stop helping at once and stay as members"
    )


def test_a_can_be_changed_too_and_b_follows_where_it_was_the_same(page: Page) -> None:
    open_page(page, PAIR)
    page.locator("details.turnover-a > summary").click()
    slider(page, "serve.leaves_with_role", "a").fill("0.3")
    page.wait_for_url("**&serve.leaves_with_role=0.3**")
    expect(slider(page, "serve.leaves_with_role")).to_have_value("0.3")
    assert "b.serve.leaves_with_role" not in page.url


def test_luck_and_form_are_the_same_in_both(page: Page) -> None:
    open_page(page, PAIR)
    page.get_by_label("Random seed", exact=True).fill("21")
    page.get_by_label("Random seed", exact=True).press("Enter")
    page.wait_for_url("**seed=21**")
    assert "b.seed" not in page.url
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url(lambda url: "seed=21&" not in url)
    page.get_by_label("Type of group", exact=True).select_option(index=1)
    page.wait_for_url(lambda url: "form=base" not in url and "b.prepare.successors=2" in url)


def test_the_examples_are_questions_with_answers(page: Page) -> None:
    open_page(page, "/turnover")
    examples = page.get_by_role("group", name="Examples").get_by_role("button")
    expect(examples.first).to_have_attribute("aria-pressed", "true")
    examples.nth(3).click()
    page.wait_for_url(lambda url: "lose_busiest_helpers=2" in url)
    expect(examples.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".turnover-difference")).to_contain_text("B minus A, is +1.5 of 100", timeout=LONG)


def test_the_same_address_gives_another_user_the_same_answer(
    page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    open_page(page, PAIR)
    mine = all_of(page).inner_text()
    other = new_context().new_page()
    open_page(other, PAIR)
    assert all_of(other).inner_text() == mine


def test_the_two_stories_part_and_end_as_they_are_told(page: Page) -> None:
    """Why did the group close, and would succession have saved it? The page says both."""
    open_page(page, STORIES)
    stories = page.get_by_role("region", name="One story of each")
    parted = stories.locator(".turnover-parted")
    expect(parted).to_contain_text(re.compile(r"Up to week \d+ both runs are the same"), timeout=LONG)
    week = re.search(r"week (\d+)", parted.inner_text())[1]
    expect(stories.locator(".ending-a")).to_contain_text(
        "Closed at the end of week 183, after 184 weeks: too few people came"
    )
    expect(stories.locator(".ending-b")).to_contain_text("Is open")
    stories.get_by_text("The story of A, year by year").click()
    expect(stories.locator(".ending-a li").first).to_be_visible()
    expect(stories.locator("canvas").first).to_be_visible()
    stories.get_by_role("button", name=f"Show week {week}").click()
    expect(stories.get_by_text(f"week {week} of 520")).to_be_visible()


def test_who_asks_about_one_history_gets_its_answer_first(page: Page) -> None:
    """The link of Explore asks about one history; without it the page begins with the many."""
    open_page(page, STORIES)
    expect(page.get_by_role("region", name="Answer")).to_be_visible(timeout=LONG)
    card = page.get_by_role("region", name="This one run")
    expect(card).to_have_count(0)
    open_page(page, STORIES + "&view=story")
    expect(card).to_contain_text(
        "A closed at the end of week 183, after 184 weeks: too few people came. B was still meeting",
        timeout=LONG,
    )
    card.get_by_role("link", name="Both stories").click()
    stories = page.get_by_role("region", name="One story of each")
    expect(stories.get_by_role("heading", name="One story of each")).to_be_in_viewport()
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url(lambda url: "seed=4&" not in url and "view=story" in url)
    expect(card).to_contain_text("In this one run: A", timeout=LONG)


def test_a_life_in_b_is_told_on_explore(page: Page) -> None:
    open_page(page, STORIES)
    page.get_by_label("People this week in B").select_option(index=1)
    page.get_by_role("button", name="Show this life").nth(1).click()
    page.wait_for_url(lambda url: "/explore" in url and "person=" in url and "prepare.successors=2" in url)
    expect(page.get_by_role("heading", name="The life of")).to_be_visible(timeout=LONG)


def test_what_the_page_gives_away_repeats_what_it_shows(page: Page, tmp_path: Path) -> None:
    open_page(page, PAIR)
    section = all_of(page)
    alive = [float(number) for number in re.findall(r"[AB] ([\d.]+) of 100", headline(page))]
    with page.expect_download() as coming:
        page.get_by_role("link", name="Table (CSV)").click()
    coming.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert [float(row["a"]), float(row["b"])] == alive
    for name, successors in (("A", 0), ("B", 2)):
        with page.expect_download() as coming:
            page.get_by_role("link", name=f"Scenario of {name}").click()
        coming.value.save_as(tmp_path / f"{name}.yaml")
        assert yaml.safe_load((tmp_path / f"{name}.yaml").read_text())["prepare"]["successors"] == successors
    simulated = [simulate(read_scenario(tmp_path / "A.yaml"), k).summary["alive_at_end"] for k in range(200)]
    assert f"A {100 * sum(simulated) / 200:g} of 100" in section.inner_text()


def test_the_handout_prints_on_one_page(page: Page) -> None:
    open_page(page, PAIR)
    all_of(page)
    told = headline(page)
    with page.expect_popup() as coming:
        page.get_by_role("link", name="Handout").click()
    handout = coming.value
    expect(handout.get_by_role("heading", level=1)).to_contain_text("What if two members are prepared to follow")
    expect(handout.locator(".large")).to_have_text(told)
    pdf = handout.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == 1


def test_a_fuller_handout_prints_on_one_page_too(page: Page) -> None:
    """Many differences and a change in mid-life take more words; the page must still hold them."""
    more = (
        "&b.serve.turnover_per_year=1&b.serve.leaves_with_role=0.4&b.supervise.supervision=0.5&b.serve.term_weeks=104"
    )
    change = (
        "&b.start.helpers=5&b.community.arrivals_per_week=1.2&b.share.hope_gain=0.05&b.change=52:lose_busiest_helpers=2"
    )
    page.goto(PAIR.replace("/turnover", "/handout") + more + change)
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == 1


def test_wrong_input_is_told_in_one_line(page: Page) -> None:
    open_page(page, "/turnover?form=base&serve.turnover_per_year=99")
    expect(page.get_by_role("alert")).to_contain_text("serve.turnover_per_year")


def test_a_slider_acts_on_the_change_that_holds_and_says_so(page: Page) -> None:
    """After a change from week 104 on the slider showed the value before, and moving it could not act."""
    open_page(page, "/turnover?form=base&weeks=156&seed=3&change=104:serve.turnover_per_year=4")
    moving = slider(page, "serve.turnover_per_year")
    expect(moving).to_have_value("4")
    expect(page.locator(".for-b")).to_contain_text("How often a helper steps down, from week 104 on")
    moving.fill("1")
    page.wait_for_url(lambda url: "b.change=104:serve.turnover_per_year=1" in url)
    expect(page.locator("dl.turnover-differing")).to_contain_text("from week 104 on each helper steps down once a year")


def test_no_old_headline_stands_beside_new_settings(page: Page) -> None:
    """The answer to other settings is grey, and the large sentence says that the new one is being worked out.

    Histories have their ten years here: of three years the first are sometimes there before the page is drawn again.
    """
    open_page(page, PAIR.replace("weeks=156", "weeks=520"))
    all_of(page)
    page.evaluate(
        """() => { window.seen = []; const answers = document.querySelector('.turnover-answers');
        new MutationObserver(() => { const one = answers.querySelector('.turnover-answer');
            seen.push([one?.classList.contains('stale'), answers.querySelector('.turnover-headline').textContent]); })
        .observe(answers, {subtree: true, childList: true, attributes: true, characterData: true}); }"""
    )
    slider(page, "community.arrivals_per_week").fill("1.7")
    page.wait_for_url("**b.community.arrivals_per_week=1.7*")
    all_of(page)
    seen = page.evaluate("seen")
    assert "Calculating…" in [headline for stale, headline in seen if stale]


def test_a_chosen_example_can_be_read_under_the_pointer(page: Page) -> None:
    """White on nearly white: the look of a pressed button and that of a button under the pointer met."""
    open_page(page, "/turnover")
    chosen = page.get_by_role("group", name="Examples").get_by_role("button", pressed=True)
    chosen.hover()
    ink, ground = chosen.evaluate(
        """one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]
        .map(colour => colour.match(/\\d+/g).map(Number))"""
    )
    assert max(abs(a - b) for a, b in zip(ink, ground, strict=False)) > 150

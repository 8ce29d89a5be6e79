"""The page Turnover in the file that needs no server: its numbers are those of `mhsim run`, nothing is lost."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.pages import too_wide
from mhsim.outcomes.simulate import simulate
from mhsim.scenario_io.loader import read_scenario

PAIR = "#/turnover?form=base&weeks=52&seed=4&start.helpers=1&serve.turnover_per_year=4&b.start.helpers=4"
"""Two situations, in one year so that a slowed processor is quick enough."""
LONG = 120_000
"""Milliseconds for four hundred histories on a machine that does other things too."""


def answer(page: Page) -> Locator:
    """Wait until all histories are there; return the answer."""
    section = page.get_by_role("region", name="Answer")
    expect(section).to_have_attribute("aria-busy", "false", timeout=LONG)
    expect(section.locator(".turnover-so-far")).to_have_text("All 200 runs of each.")
    return section


def slider(page: Page, name: str) -> Locator:
    """Return the slider of a setting of B."""
    return page.locator(f".for-b input[data-name='{name}']")


def test_what_it_says_and_gives_away_is_what_mhsim_run_finds(alone: Callable[..., Page], tmp_path: Path) -> None:
    """The headline, the table and the scenario files are one: who repeats them finds the number that was shown."""
    page = alone(PAIR)
    said = answer(page).locator(".turnover-headline").inner_text()
    shown = [float(number) for number in re.findall(r"[AB] ([\d.]+) of 100", said)]
    for name in ("Table (CSV)", "Scenario of A (YAML)"):
        with page.expect_download() as coming:
            page.get_by_role("button", name=name).click()
        coming.value.save_as(tmp_path / name[:8])
    with (tmp_path / "Table (C").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert [float(row["a"]), float(row["b"])] == shown
    scenario = read_scenario(tmp_path / "Scenario")
    assert 100 * sum(bool(simulate(scenario, k).summary["alive_at_end"]) for k in range(200)) / 200 == shown[0]


def test_the_answer_follows_a_moving_slider_and_the_address_one_let_go(alone: Callable[..., Page]) -> None:
    """No number of the settings before ever stands beside the new ones as their answer."""
    page = alone(PAIR)
    answer(page)
    before = page.url
    page.evaluate(
        """() => { window.seen = []; const answers = document.querySelector('.turnover-answers');
        new MutationObserver(() => { const one = answers.querySelector('.turnover-answer');
            seen.push([one.classList.contains('stale'), answers.querySelector('.turnover-headline').textContent]); })
        .observe(answers, {subtree: true, childList: true, attributes: true, characterData: true}); }"""
    )
    moving = slider(page, "start.helpers")
    for value in (2, 1):
        moving.evaluate(f"one => {{ one.value = {value}; one.dispatchEvent(new Event('input', {{bubbles: true}})); }}")
        expect(page.locator(".turnover-differing, .turnover-answers .note")).to_contain_text(
            "two helpers" if value == 2 else "A and B are the same"
        )
    expect(page.locator("dl.turnover-differing")).to_have_count(0)
    answer(page)
    expect(page.locator(".turnover-difference")).to_contain_text("No difference")
    assert page.url == before
    moving.evaluate("one => one.dispatchEvent(new Event('change', {bubbles: true}))")
    page.wait_for_url(lambda url: "b.start.helpers" not in url)
    assert {headline for stale, headline in page.evaluate("seen") if stale} == {"Calculating…"}


def test_the_stories_part_and_another_run_can_be_shown(alone: Callable[..., Page]) -> None:
    """One pair is an anecdote: where the first tells the contrary of the many, one that parts is a button away."""
    page = alone(PAIR + "&view=story", slowed=1.0)
    expect(page.get_by_role("region", name="This one run")).to_contain_text("In this one run: A: ")
    stories = page.get_by_role("region", name="One story of each")
    expect(stories.locator(".turnover-parted")).to_contain_text(re.compile(r"Week \d+: \w+|From the first week"))
    answer(page)
    stories.get_by_role("button", name="Show a run in which A and B end differently").click()
    page.wait_for_url(lambda url: "run=" in url)
    expect(stories).to_contain_text(re.compile(r"This is pair \d+ of the 200\."))
    ends = [stories.locator(f".ending-{name} > p") for name in "ab"]
    closed = re.compile("[Cc]losed")
    expect(stories.locator(".turnover-parted")).to_have_attribute("aria-busy", "false")
    assert sum(bool(closed.search(one.inner_text())) for one in ends) == 1
    stories.get_by_role("button", name="Show this life").first.click()
    page.wait_for_url(lambda url: "#/explore" in url and "person=" in url)


def test_the_question_takes_what_the_reader_thought_of_as_one_more_answer(alone: Callable[..., Page]) -> None:
    """Two of four leave next month: nothing done, the ready measures, and the trainer's own idea stand side by side."""
    page = alone(
        "#/turnover?form=base&start.helpers=4&change=4:lose_busiest_helpers=2;leave=true"
        "&b.supervise.supervision=0.4&view=ask",
        slowed=1.0,
    )
    expect(page.locator(".turnover-question")).to_contain_text("After 1 month (week 4) the two busiest helpers stop")
    year = page.get_by_role("region", name="After one year")
    expect(year).to_have_attribute("aria-busy", "false", timeout=LONG)
    rows = year.locator("tbody th").all_inner_texts()
    assert [re.split(r"[ \n](?=the group|members take|helpers get|what you|to compare)", row)[0] for row in rows] == [
        *("Do nothing", "Bring on one now", "Bring on two now", "Share the work", "Get supervision"),
        *("Your own what-if", "If nobody stopped"),
    ]


def test_how_much_is_needed_is_a_curve_with_ones_own_group_on_it(alone: Callable[..., Page]) -> None:
    page = alone("#/turnover?form=base&weeks=26&start.run_in_weeks=4&view=dose", slowed=1.0)
    section = page.get_by_role("region", name="Answer")
    expect(section).to_have_attribute("aria-busy", "false", timeout=LONG)
    expect(section.locator(".picture-wide")).to_contain_text("your group is here")
    assert section.locator("tbody tr").count() >= 6
    expect(section.locator("tbody th", has_text="your group")).to_contain_text("3")
    page.get_by_label("How much is needed of", exact=True).select_option(label="Helpers get supervision")
    page.wait_for_url("**axis=supervise.supervision**")


def test_slides_are_led_by_keys_and_the_handout_prints_on_one_page(alone: Callable[..., Page]) -> None:
    """Before a room nobody scrolls; what volunteers take home is one page, and a second if figures are asked for."""
    page = alone(PAIR, slowed=1.0)
    answer(page)
    page.get_by_role("button", name="Slides").click()
    slides = page.get_by_role("dialog", name="Slides")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(slides).to_contain_text("3 of 8")
    page.keyboard.press("End")
    expect(slides).to_contain_text("What this is not")
    slides.get_by_role("button", name="Close").click()
    expect(slides).to_have_count(0)
    page.get_by_role("button", name="Handout to print").click()
    for pages in (1, 2):
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b(?!s)", pdf)) == pages
        page.get_by_label("With a second page").check()


@pytest.mark.parametrize("view", ["", "&view=ask", "&view=dose"])
def test_everybody_can_use_it_at_320_pixels(
    alone: Callable[..., Page], accessible: Callable[[Page], None], view: str
) -> None:
    page = alone(PAIR + view, slowed=1.0, viewport={"width": 320, "height": 640})
    expect(page.locator("[aria-busy=false]").first).to_be_visible(timeout=LONG)
    assert too_wide(page) == []
    accessible(page)

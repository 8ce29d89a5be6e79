"""Explore: every control does what it says, the past stays, and a life can be opened in each way there is."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.pages import open_page
from browser.watching import Watch

CLOSING = "/explore?form=base&seed=3&serve.turnover_per_year=2&serve.leaves_with_role=0.5"
"""A history in which the group closes in its ninth year."""


def explore(page: Page, address: str = CLOSING) -> Locator:
    """Open the page and wait for the picture; return the main part."""
    main = open_page(page, address)
    expect(main.locator("canvas").first).to_be_visible()
    return main


def control(page: Page, label: str) -> Locator:
    """Return the input with this label."""
    return page.get_by_label(label, exact=True)


def ending(page: Page) -> Locator:
    """Return the sentence on how it ended."""
    return page.locator(".outcome .large")


def test_form_story_and_luck_start_another_history(page: Page) -> None:
    explore(page)
    expect(ending(page)).to_contain_text("closed after 457 weeks")
    page.get_by_role("button", name="New luck").click()
    page.wait_for_url("**seed=4**")
    expect(ending(page)).not_to_contain_text("457 weeks")
    expect(control(page, "Seed")).to_have_value("4")
    control(page, "Seed").fill("3")
    control(page, "Seed").press("Enter")
    page.wait_for_url("**seed=3**")
    expect(ending(page)).to_contain_text("closed after 457 weeks")
    expect(control(page, "Story").locator("option:checked")).to_have_text("Your own")
    for story, key in (
        ("Helpers come and go", "serve.turnover_per_year=1.5"),
        ("Helpers come and go, successors are prepared", "serve.succession=0.8"),
        ("A new group", "start.kind=founding"),
        ("The busiest helpers stop helping at once", "change=104:lose_busiest_helpers=3"),
        ("Hardly anybody new comes into need", "change=104:community.arrivals_per_week=0.05"),
        ("One helper, many in need", "start.helpers=1"),
        ("Those who have found their way move on", "leave.graduate_hazard=0.05"),
    ):
        control(page, "Story").select_option(label=story)
        page.wait_for_url(lambda url, key=key: key in url)
    control(page, "Form of group").select_option(label="Twelve-step groups of one town")
    page.wait_for_url(lambda url: "form=twelve_step" in url and "leave.graduate_hazard=0.05" in url)
    control(page, "Story").select_option(label="As the form is")
    page.wait_for_url(lambda url: url.endswith("form=twelve_step&seed=3"))


def test_a_seed_that_is_none_is_not_taken(page: Page) -> None:
    explore(page)
    control(page, "Seed").fill("-5")
    control(page, "Seed").press("Enter")
    expect(control(page, "Seed")).to_be_focused()
    assert "seed=3" in page.url


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("Helpers stepping down", "serve.turnover_per_year"),
        ("Who steps down leaves the group too", "serve.leaves_with_role"),
        ("A prepared successor takes over", "serve.succession"),
        ("Somebody looks after the helpers", "help.supervision"),
        ("People coming into need", "community.arrivals_per_week"),
    ],
)
def test_a_slider_changes_the_future_from_the_week_shown_and_can_be_undone(page: Page, label: str, path: str) -> None:
    explore(page, f"{CLOSING}&week=120")
    before = ending(page).inner_text()
    control(page, label).press("End")
    page.wait_for_url(re.compile(rf"change=120:{re.escape(path)}=\d"))
    expect(page.locator(".changes")).to_contain_text(f"Week 120: {label}")
    expect(page.locator("[data-week]").first).to_have_attribute("data-week", "120")
    page.get_by_role("button", name=f"Undo: Week 120: {label}").click()
    page.wait_for_url(lambda url: "change" not in url)
    expect(page.locator(".changes")).to_be_hidden()
    expect(ending(page)).to_have_text(before)


def test_in_the_first_week_a_slider_changes_all_of_it(page: Page) -> None:
    explore(page)
    expect(page.get_by_role("group", name="From the opening on")).to_be_visible()
    control(page, "A prepared successor takes over").press("End")
    page.wait_for_url(lambda url: "&serve.succession=1" in url and "change" not in url)


def test_the_busiest_helpers_can_be_lost(page: Page) -> None:
    explore(page, "/explore?form=base&seed=3&week=52")
    page.get_by_role("button", name="One helper more to lose").click()
    page.get_by_role("button", name="One helper more to lose").click()
    page.get_by_role("button", name="One helper fewer to lose").click()
    page.get_by_role("button", name="The 2 busiest helpers stop now").click()
    page.wait_for_url("**change=52:lose_busiest_helpers=2**")
    expect(page.locator(".changes")).to_contain_text("Week 52: the 2 busiest helpers stop helping")


def test_why_it_closed_is_told_and_leads_to_what_might_have_been(page: Page) -> None:
    explore(page)
    page.get_by_text("Why did the group close?").click()
    expect(page.locator(".outcome .story").first).to_contain_text("there was nobody to lead it")
    page.get_by_text("The whole story of the group").click()
    expect(page.locator(".outcome .story").nth(1)).to_contain_text("opened with 16 members")
    page.get_by_role("link", name="Would succession have saved it?").click()
    page.wait_for_url(lambda url: "/turnover?" in url and "b.serve.succession=0.8" in url)


def test_a_life_is_opened_from_the_list_from_the_feed_and_from_another_life(page: Page) -> None:
    explore(page, f"{CLOSING}&week=120")
    page.get_by_role("button", name="Show this life").click()
    heading = page.locator("#life-heading")
    expect(heading).to_be_focused()
    page.wait_for_url("**person=0-**")
    first = heading.inner_text()
    life = page.locator(".life")
    expect(life.locator("ol.story li").first).to_be_visible()
    expect(life.get_by_role("img")).to_be_visible()
    expect(life).to_contain_text("is an invented name")
    life.get_by_role("button", name=re.compile("open this life")).first.click()
    expect(heading).not_to_have_text(first)
    page.go_back()
    expect(heading).to_have_text(first)
    life.get_by_role("button", name=re.compile("^Close")).click()
    expect(life).to_have_count(0)
    assert "person=" not in page.url
    page.get_by_role("button", name=re.compile("^Life of")).last.click()
    expect(heading).to_be_visible()


def test_a_click_on_a_person_opens_their_life(page: Page) -> None:
    explore(page, f"{CLOSING}&week=120")
    canvas = page.locator("canvas[role=img]").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    pointed = page.locator(".tip:visible")
    for down in range(40, int(box["height"]), 12):
        for across in range(int(box["width"] * 0.2), int(box["width"] * 0.7), 12):
            page.mouse.move(box["x"] + across, box["y"] + down)
            if pointed.count():
                name = pointed.inner_text().split(":")[0]
                page.mouse.click(box["x"] + across, box["y"] + down)
                expect(page.locator("#life-heading")).to_have_text(f"The life of {name}")
                return
    raise AssertionError("nobody in the picture can be clicked")


def test_other_beginnings_start_anew(page: Page) -> None:
    explore(page, f"{CLOSING}&week=120")
    page.get_by_text("Start anew with other beginnings").click()
    for label, keys, found in (
        ("Members at the opening", ["ArrowRight"], "start.members=17"),
        ("Helpers among them", ["ArrowRight"], "start.helpers=4"),
        ("Hope needs somebody who has come through", ["Home"], "share.needs_veteran=0"),
        ("What helping does for the helper", ["Home"], "help.benefit_to_helper=0"),
        ("Stigma around", ["End"], "community.stigma=1"),
    ):
        for key in keys:
            control(page, label).press(key)
        page.wait_for_url(lambda url, found=found: found in url)
    assert "week=" not in page.url
    control(page, "The group is").select_option(label="founding")
    page.wait_for_url("**start.kind=founding**")
    control(page, "Length of the history").select_option(label="5 years")
    page.wait_for_url("**weeks=260**")
    page.get_by_role("button", name="All as in the form").click()
    page.wait_for_url(lambda url: url.endswith("/explore?form=base"))


def test_too_many_helpers_are_refused_in_words(page: Page) -> None:
    explore(page)
    page.get_by_text("Start anew with other beginnings").click()
    control(page, "Members at the opening").press("Home")
    expect(page.get_by_role("alert")).to_contain_text("start.helpers is 3, more than start.members")


def test_everything_can_be_taken_away(page: Page) -> None:
    explore(page)
    page.get_by_text("Take it with you, bring your own").click()
    for label in ("Weekly series (CSV)", "Lives (CSV)", "Groups (CSV)", "Everything that happened (CSV)"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=label).click()
        table = pd.read_csv(io.BytesIO(Path(coming.value.path()).read_bytes()))
        assert len(table), label
        assert coming.value.suggested_filename.startswith("base-seed-3-")


def test_a_scenario_is_opened_or_refused_with_the_reason(page: Page, tmp_path: Path) -> None:
    explore(page)
    page.get_by_text("Take it with you, bring your own").click()
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: base\nseed: 8\nserve:\n  turnover_per_year: 1.25\n")
    control(page, "Open a scenario file").set_input_files(mine)
    page.wait_for_url(lambda url: "seed=8" in url and "serve.turnover_per_year=1.25" in url)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("extends: base\nserve:\n  turnover_per_yaer: 1.25\n")
    control(page, "Open a scenario file").set_input_files(wrong)
    expect(page.get_by_role("alert")).to_contain_text("wrong.yaml:3: serve.turnover_per_yaer")
    expect(page.get_by_role("alert")).to_contain_text("did you mean 'turnover_per_year'?")
    assert "seed=8" in page.url, "what was open stays open"


def test_a_wrong_address_says_what_is_wrong_and_shows_the_plain_form(page: Page) -> None:
    explore(page, "/explore?serve.turnover_per_year=often")
    expect(page.get_by_role("alert")).to_contain_text("serve.turnover_per_year")
    expect(page.get_by_role("alert")).to_contain_text("allowed: a number from 0 to 52")


def test_the_address_restores_week_and_life(page: Page) -> None:
    explore(page, f"{CLOSING}&week=200&person=0-4095-2")
    expect(page.locator("[data-week]").first).to_have_attribute("data-week", "200")
    expect(page.locator("#life-heading")).to_be_visible()


def test_every_parameter_is_told_with_its_source(page: Page) -> None:
    explore(page)
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Every parameter with its source").click()
    told = opening.value
    expect(told.get_by_role("heading", level=1)).to_have_text("Every parameter with its source")
    expect(told.get_by_role("rowheader", name="serve.turnover_per_year")).to_be_visible()
    help_of = page.get_by_label("What is: Helpers stepping down")
    help_of.click()
    expect(page.get_by_text("helpers leaving the role. Source: assumed")).to_be_visible()


def test_keys_pressed_one_after_the_other_all_count_and_the_focus_stays(page: Page) -> None:
    """The page is drawn anew while somebody still holds an arrow key; nothing of that may be felt."""
    explore(page, "/explore?form=base&seed=3&week=52")
    slider = control(page, "Helpers stepping down")
    slider.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight", delay=30)
    page.wait_for_url("**change=52:serve.turnover_per_year=0.8**")
    expect(slider).to_be_focused()
    expect(slider).to_have_value("0.8")
    expect(page.locator(".changes li")).to_have_count(1)


def test_a_path_that_is_no_page_leads_to_the_pages(page: Page, watch: Watch) -> None:
    watch.expect("404")
    page.goto("/nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("link", name="Explore").click()
    expect(page).to_have_title("Explore – mhsim")

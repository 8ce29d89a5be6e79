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

CLOSING = "/explore?form=base&seed=3&serve.turnover_per_year=1.5&serve.departures_per_year=0.2"
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
    expect(ending(page)).to_contain_text("closed at the end of week 382, after 383 weeks")
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url("**seed=4**")
    expect(ending(page)).not_to_contain_text("383 weeks")
    expect(control(page, "Random seed")).to_have_value("4")
    control(page, "Random seed").fill("3")
    control(page, "Random seed").press("Enter")
    page.wait_for_url("**seed=3**")
    expect(ending(page)).to_contain_text("closed at the end of week 382, after 383 weeks")
    expect(control(page, "Story").locator("option:checked")).to_have_text("Your own")
    for story, key in (
        ("Helpers come and go", "serve.departures_per_year=0.5"),
        ("Helpers come and go, and others are prepared", "prepare.successors=2"),
        ("A new group", "start.kind=founding"),
        ("The busiest helpers stop at once", "change=104:lose_busiest_helpers=3"),
        ("Hardly any new people need help", "change=104:community.arrivals_per_week=0.05"),
        ("One helper, many in need", "start.helpers=1"),
        ("People move on once they are better", "leave.graduate_hazard=0.05"),
    ):
        control(page, "Story").select_option(label=story)
        page.wait_for_url(lambda url, key=key: key in url)
    control(page, "Type of group").select_option(label="Twelve-step groups of one town")
    page.wait_for_url(lambda url: "form=twelve_step" in url and "leave.graduate_hazard=0.05" in url)
    control(page, "Story").select_option(label="Default")
    page.wait_for_url(lambda url: url.endswith("form=twelve_step&seed=3"))


def test_a_seed_that_is_none_is_not_taken(page: Page) -> None:
    explore(page)
    control(page, "Random seed").fill("-5")
    control(page, "Random seed").press("Enter")
    expect(control(page, "Random seed")).to_be_focused()
    assert "seed=3" in page.url


@pytest.mark.parametrize(
    ("label", "path", "said"),
    [
        ("How often a helper steps down", "serve.turnover_per_year", "each helper steps down 4 times a year"),
        (
            "Helpers who leave the group, persons a year",
            "serve.departures_per_year",
            "6 helpers leave a group each year",
        ),
        ("Members prepared to follow", "prepare.successors", "four members are prepared to follow"),
        ("Helpers get supervision", "supervise.supervision", "helpers get full supervision"),
        ("New people needing help", "community.arrivals_per_week", "3 new people need help each week"),
    ],
)
def test_a_slider_changes_the_future_from_the_week_shown_and_can_be_undone(
    page: Page, label: str, path: str, said: str
) -> None:
    explore(page, f"{CLOSING}&week=120")
    before = ending(page).inner_text()
    control(page, label).press("End")
    page.wait_for_url(re.compile(rf"change=120:{re.escape(path)}=\d"))
    expect(page.locator(".changes")).to_contain_text(f"Week 120: {said}")
    expect(page.locator("[data-week]").first).to_have_attribute("data-week", "120")
    page.get_by_role("button", name=re.compile(f"Undo: Week 120: {said}")).click()
    page.wait_for_url(lambda url: "change" not in url)
    expect(page.locator(".changes")).to_be_hidden()
    expect(ending(page)).to_have_text(before)


def test_in_the_first_week_a_slider_changes_all_of_it(page: Page) -> None:
    explore(page)
    expect(page.get_by_role("group", name="From the start")).to_be_visible()
    control(page, "Members prepared to follow").press("End")
    page.wait_for_url(lambda url: "&prepare.successors=4" in url and "change" not in url)


def test_the_busiest_helpers_can_be_lost(page: Page) -> None:
    explore(page, "/explore?form=base&seed=3&week=52")
    page.get_by_role("button", name="one more helper to stop").click()
    page.get_by_role("button", name="one more helper to stop").click()
    page.get_by_role("button", name="one fewer helper to stop").click()
    page.get_by_role("button", name="The two busiest helpers stop now").click()
    page.wait_for_url("**change=52:lose_busiest_helpers=2**")
    expect(page.locator(".changes")).to_contain_text(
        "Week 52: the two busiest helpers stop helping at once and stay as members"
    )
    page.get_by_role("button", name="The two busiest helpers leave the group now").click()
    page.wait_for_url("**change=52:lose_busiest_helpers=2;leave=true**")
    expect(page.locator(".changes")).to_contain_text("stop helping at once and leave the group")
    expect(page.locator(".changes li")).to_have_count(1)


def test_why_it_closed_is_told_and_leads_to_what_might_have_been(page: Page) -> None:
    explore(page)
    page.get_by_text("Why did the group close?").click()
    expect(page.locator(".outcome .story").first).to_contain_text("too few people came")
    page.get_by_text("The whole story of the group").click()
    expect(page.locator(".outcome .story").nth(1)).to_contain_text("opened with 16 members")
    page.get_by_role("link", name="Would it have lasted with two prepared to follow?").click()
    page.wait_for_url(lambda url: "/turnover?" in url and "b.prepare.successors=2" in url)


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


def test_other_starting_conditions_start_again(page: Page) -> None:
    explore(page, f"{CLOSING}&week=120")
    page.get_by_text("Restart with different starting conditions").click()
    for label, keys, found in (
        ("Members at the start, helpers included", ["ArrowRight"], "start.members=17"),
        ("Helpers at the start", ["ArrowRight"], "start.helpers=4"),
        ("Hope depends on seeing someone who has made it", ["Home"], "share.needs_veteran=0"),
        ("Benefit of helping for the helper", ["Home"], "help.benefit_to_helper=0"),
        ("Stigma in the town", ["End"], "community.stigma=1"),
    ):
        for key in keys:
            control(page, label).press(key)
        page.wait_for_url(lambda url, found=found: found in url)
    assert "week=" not in page.url
    control(page, "The group is").select_option(label="founding")
    page.wait_for_url("**start.kind=founding**")
    control(page, "Length of the run").select_option(label="5 years")
    page.wait_for_url("**weeks=260**")
    page.get_by_role("button", name="Reset to defaults").click()
    page.wait_for_url(lambda url: url.endswith("/explore?form=base"))


def test_too_many_helpers_are_refused_in_words(page: Page) -> None:
    explore(page)
    page.get_by_text("Restart with different starting conditions").click()
    control(page, "Members at the start, helpers included").press("Home")
    expect(page.get_by_role("alert")).to_contain_text("start.helpers is 3, more than start.members")


def test_everything_can_be_taken_away(page: Page) -> None:
    explore(page)
    page.get_by_text("Download or upload").click()
    for label in ("Weekly series (CSV)", "Lives (CSV)", "Groups (CSV)", "Everything that happened (CSV)"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=label).click()
        table = pd.read_csv(io.BytesIO(Path(coming.value.path()).read_bytes()))
        assert len(table), label
        assert coming.value.suggested_filename.startswith("base-seed-3-")


def test_a_scenario_is_opened_or_refused_with_the_reason(page: Page, tmp_path: Path) -> None:
    explore(page)
    page.get_by_text("Download or upload").click()
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
    help_of = page.get_by_label("? What this means: How often a helper steps down")
    help_of.click()
    expect(page.get_by_text("How often a helper leaves the role, on average.")).to_be_visible()


def test_keys_pressed_one_after_the_other_all_count_and_the_focus_stays(page: Page) -> None:
    """The page is drawn anew while somebody still holds an arrow key; nothing of that may be felt."""
    explore(page, "/explore?form=base&seed=3&week=52")
    slider = control(page, "How often a helper steps down")
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


def test_keys_on_a_slider_are_one_step_back(page: Page) -> None:
    """Twenty-five presses were twenty-five histories and as many entries of Back, and the slider sprang back."""
    explore(page, "/explore?form=base&seed=3&weeks=104")
    before = page.evaluate("history.length")
    slider = control(page, "How often a helper steps down")
    slider.fill("3.2")
    page.wait_for_url("**serve.turnover_per_year=3.2*")
    slider.focus()
    for _ in range(25):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**serve.turnover_per_year=1.95*")
    expect(slider).to_have_value("1.95")
    assert page.evaluate("history.length") == before + 2
    page.go_back()
    page.wait_for_url("**serve.turnover_per_year=3.2*")


def test_an_act_in_a_town_says_that_it_takes_from_every_group(page: Page) -> None:
    """The button named one helper and took one from each of six groups; so did what was listed afterwards."""
    explore(page, "/explore?form=twelve_step&seed=1&weeks=104&week=30")
    expect(page.get_by_text("groups that meet every week")).to_be_visible()
    page.get_by_role("button", name="The busiest helper in each group stops now").click()
    page.wait_for_url("**change=30:lose_busiest_helpers=1*")
    expect(page.locator(".changes")).to_contain_text("Week 30: in each group the busiest helper stops helping")
    control(page, "Story").select_option(label="A new group")
    expect(page.locator(".tale")).to_contain_text("Several groups start at once")
    expect(page.locator("body")).not_to_contain_text(re.compile(r"\bgroup \d"))


def test_the_busiest_helper_can_stop_in_the_first_week(page: Page) -> None:
    """The page opens at week 0, so its most inviting button must do there what it says."""
    explore(page, "/explore?form=base&seed=3&weeks=104")
    before = ending(page).inner_text()
    page.get_by_role("button", name="one more helper to stop").click()
    page.get_by_role("button", name="The two busiest helpers stop now").click()
    page.wait_for_url("**change=0:lose_busiest_helpers=2*")
    expect(page.locator(".changes")).to_contain_text("Week 0: the two busiest helpers stop helping at once")
    assert before
    said = page.locator(".replay .said").first
    page.get_by_role("button", name="Next week").click()
    expect(said).to_contain_text("helpers 1")


def test_questions_are_asked_from_the_moment_of_the_change(page: Page) -> None:
    """What follows a change in week 104 is asked about from there on, or the answer would be to another question."""
    explore(page, f"{CLOSING}&week=120&change=104:serve.turnover_per_year=4")
    expect(page.locator(".outcome")).to_contain_text("something changed from week 104 on")
    link = page.get_by_role("link", name="What if no helper had stepped down?")
    assert "b.change=104:serve.turnover_per_year=0" in (link.get_attribute("href") or "")
    page.get_by_role("link", name="Would it have lasted with two prepared to follow?").click()
    page.wait_for_url(lambda url: "b.change=104:prepare.successors=2" in url)


def test_a_person_who_is_not_there_is_named(page: Page) -> None:
    """A link to a life that this run does not have was ignored without a word."""
    explore(page, "/explore?form=base&weeks=52&person=0-9-99")
    expect(page.get_by_role("alert")).to_have_text("There is no person 0-9-99 in this run.")


def test_the_week_is_kept_while_it_plays(page: Page) -> None:
    """A reload while playing began again at week 0: the address was written only at rest."""
    explore(page, "/explore?form=base&weeks=520")
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(re.compile(r"[?&]week=[1-9]"))
    page.reload()
    expect(page.locator("[data-week]").first).not_to_have_attribute("data-week", "0")


def test_nothing_old_stands_beside_a_new_setting_without_saying_so(page: Page) -> None:
    """While a value is on its way to the server, what the page shows is of the value before, and says so."""
    explore(page, "/explore?form=base&weeks=104")
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => seen.push(document.documentElement.className))
        .observe(document.documentElement, {attributes: true, attributeFilter: ['class']}); }"""
    )
    control(page, "How often a helper steps down").fill("3")
    page.wait_for_url("**serve.turnover_per_year=3*")
    page.wait_for_function("() => seen.length > 1 && !seen.at(-1).includes('working')")
    assert "working" in page.evaluate("seen[0]")


def test_a_role_taken_in_a_week_stands_in_the_list_of_that_week(page: Page) -> None:
    """The feed said "became a helper" and the list, in the same week, "member"."""
    explore(page, f"{CLOSING}&week=56")
    news = page.locator(".replay .news")
    expect(news).to_contain_text("became a helper")
    name = re.search(r"Week 56 (\w+) became a helper", news.inner_text().replace("\n", " "))
    assert name
    shown = page.locator(".replay .people option").filter(has_text=name[1])
    expect(shown).to_contain_text("helper from next week on")

"""Explore on the dashboard: every control does what it says, the past stays, a life can be opened in each way there is.

What the page has alike in one file without a server is tested in `test_exported_explore.py`.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from browser.pages import open_page, settled
from browser.watching import Watch

CLOSING = "/explore?form=base&seed=3&serve.turnover_per_year=1.5&serve.departures_per_year=0.2"
"""A history in which the group closes in its eighth year."""
CLOSED = "closed at the end of week 382, after 383 weeks"
SHORT = "/explore?form=base&seed=3&weeks=104"
LEAVING = "Helpers who leave the group, persons a year"
SLIDERS = (
    (
        "How often a helper steps down",
        "times a year",
        "serve.turnover_per_year=4",
        "each helper steps down 4 times a year",
    ),
    (LEAVING, "^6$", "serve.departures_per_year=6", "6 helpers leave a group each year"),
    ("Members prepared to follow", "4 people", "prepare.successors=4", "four members are prepared to follow"),
    ("Helpers get supervision", "full", "supervise.supervision=1", "helpers get full supervision"),
    ("New people needing help", "a week", "community.arrivals_per_week=3", "3 new people need help each week"),
)
"""What each slider is called, how it shows its end, what that writes in the address and what is said of it."""


def explore(page: Page, address: str = CLOSING) -> Locator:
    """Open the page and wait for the picture; return the main part."""
    main = open_page(page, address)
    expect(main.locator("canvas").first).to_be_visible()
    return main


def control(page: Page, label: str) -> Locator:
    """Return the input with this label."""
    return page.get_by_label(label, exact=True)


def button(page: Page, name: str) -> Locator:
    """Return the button with just this name."""
    return page.get_by_role("button", name=name, exact=True)


def ending(page: Page) -> Locator:
    """Ask how it went; return the sentence that says so."""
    button(page, "Show how it went").click()
    return page.locator(".outcome .large")


def alert(page: Page) -> Locator:
    """Return the alert that has something to say."""
    return page.get_by_role("alert").filter(visible=True)


def at_week(page: Page, week: int) -> None:
    """Wait until the picture shows a week."""
    expect(page.locator(".replay")).to_have_attribute("data-week", str(week))


def test_form_story_and_seed_start_another_history(page: Page) -> None:
    explore(page)
    expect(ending(page)).to_contain_text(CLOSED)
    seed = control(page, "Random seed")
    page.get_by_role("button", name="Try another run").click()
    page.wait_for_url("**seed=4**")
    expect(seed).to_have_value("4")
    expect(ending(page)).not_to_contain_text("383 weeks")
    seed.fill("-5")
    seed.press("Enter")
    expect(seed).to_be_focused()
    assert "seed=4" in page.url, "a seed that is none is not taken"
    seed.fill("3")
    seed.press("Enter")
    page.wait_for_url("**seed=3**")
    expect(ending(page)).to_contain_text(CLOSED)
    story = control(page, "Story")
    expect(story.locator("option:checked")).to_have_text("Your own")
    story.select_option(label="The busiest helpers stop at once")
    page.wait_for_url("**change=104:lose_busiest_helpers=3**")
    expect(page.locator(".tale")).to_contain_text("After two years the three helpers of each group who help most")
    story.select_option(label="People move on once they are better")
    page.wait_for_url("**leave.graduate_hazard=0.05**")
    control(page, "Type of group").select_option(label="Twelve-step groups of one town")
    page.wait_for_url(lambda url: "form=twelve_step" in url and "leave.graduate_hazard=0.05" in url)
    expect(page.get_by_text("groups that meet every week")).to_be_visible()
    story.select_option(label="Default")
    page.wait_for_url(lambda url: url.endswith("form=twelve_step&seed=3"))


def test_a_slider_changes_the_future_from_the_week_shown_and_can_be_undone(page: Page) -> None:
    explore(page, f"{CLOSING}&weeks=208&week=120")
    before = ending(page).inner_text()
    for label, shown, key, said in SLIDERS:
        control(page, label).press("End")
        expect(control(page, label)).to_have_attribute("aria-valuetext", re.compile(shown))
        page.wait_for_url(f"**change=120:{key}**")
        expect(page.locator(".changes")).to_contain_text(f"Week 120: {said}")
        at_week(page, 120)
        page.get_by_role("button", name=re.compile(f"Undo: Week 120: {said}")).click()
        page.wait_for_url(lambda url: "change" not in url)
        expect(page.locator(".changes")).to_be_hidden()
        expect(button(page, "The busiest helper stops now")).to_be_focused()
    expect(ending(page)).to_have_text(before)


def test_in_the_first_week_what_is_changed_is_changed_from_the_start(page: Page) -> None:
    """The page opens at week 0, so what it invites to must do there what it says."""
    explore(page, SHORT)
    expect(page.get_by_role("group", name="From the start")).to_be_visible()
    control(page, "Members prepared to follow").press("End")
    page.wait_for_url(lambda url: "&prepare.successors=4" in url and "change" not in url)
    button(page, "one more helper to stop").click()
    button(page, "The two busiest helpers stop now").click()
    page.wait_for_url("**change=0:lose_busiest_helpers=2*")
    expect(page.locator(".changes")).to_contain_text("Week 0: the two busiest helpers stop helping at once")
    button(page, "Next week").click()
    expect(page.locator(".replay .said").first).to_contain_text("helpers 1")


def test_the_busiest_helpers_can_be_lost_in_one_group_or_in_each_of_a_town(page: Page) -> None:
    """The button named one helper and took one from each of six groups; so did what was listed afterwards."""
    explore(page, f"{SHORT}&week=52")
    changes = page.locator(".changes")
    for _ in range(2):
        button(page, "one more helper to stop").click()
    button(page, "one fewer helper to stop").click()
    button(page, "The two busiest helpers stop now").click()
    page.wait_for_url("**change=52:lose_busiest_helpers=2**")
    expect(changes).to_contain_text("Week 52: the two busiest helpers stop helping at once and stay as members")
    button(page, "The two busiest helpers leave the group now").click()
    page.wait_for_url("**change=52:lose_busiest_helpers=2;leave=true**")
    expect(changes).to_contain_text("stop helping at once and leave the group")
    expect(changes.locator("li")).to_have_count(1)
    button(page, "one fewer helper to stop").click()
    control(page, "Type of group").select_option(label="Twelve-step groups of one town")
    page.wait_for_url("**form=twelve_step**")
    button(page, "The busiest helper in each group stops now").click()
    page.wait_for_url("**change=0:lose_busiest_helpers=1*")
    expect(changes).to_contain_text("Week 0: in each group the busiest helper stops helping at once")


def test_why_it_closed_is_told_and_leads_to_what_might_have_been(page: Page) -> None:
    """What follows a change in week 104 is asked about from there on, or the answer would be to another question."""
    explore(page, f"{CLOSING}&week=120&change=104:serve.turnover_per_year=4")
    ending(page)
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text("something changed from week 104 on")
    page.get_by_text("Why did the group close?").click()
    expect(outcome.locator(".story").first).to_contain_text("too few people came")
    page.get_by_text("The whole story of the group").click()
    expect(outcome.locator(".story").nth(1)).to_contain_text("opened with 16 members")
    link = page.get_by_role("link", name="What if no helper had stepped down?")
    assert "b.change=104:serve.turnover_per_year=0" in (link.get_attribute("href") or "")
    page.get_by_role("link", name="Would it have lasted with two prepared to follow?").click()
    page.wait_for_url(lambda url: "/turnover?" in url and "b.change=104:prepare.successors=2" in url)
    expect(page).to_have_title("Turnover – mhsim")


def test_a_life_is_opened_from_the_list_from_the_feed_and_from_another_life(page: Page) -> None:
    """Who presses stands at once where the life is told, below the picture, which does not start anew for it."""
    explore(page, f"{CLOSING}&week=120")
    page.evaluate("document.querySelector('.replay').dataset.kept = 'yes'")
    page.get_by_role("button", name="Show this life").click()
    heading, life = page.locator("#life-heading"), page.locator(".life")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    page.wait_for_url("**person=0-**")
    first = heading.inner_text()
    expect(life.locator("ol.story li").first).to_be_visible()
    expect(life.get_by_role("img")).to_be_visible()
    expect(life).to_contain_text("is an invented name")
    now = life.locator("ol.story").first.get_by_role("button")
    weeks = [int(re.findall(r"\d+", when)[-1]) for when in now.all_inner_texts()]
    assert max(weeks) <= 120, "what has not been seen is not told unasked"
    life.get_by_text("The whole life, with what comes after week 120").click()
    life.get_by_role("button", name=re.compile("open this life")).first.click()
    expect(heading).not_to_have_text(first)
    expect(heading).to_be_focused()
    page.go_back()
    expect(heading).to_have_text(first)
    life.get_by_role("button", name=re.compile("^Close")).click()
    expect(life).to_have_count(0)
    expect(page.locator(".stage")).to_be_focused()
    expect(page.locator(".stage")).to_be_in_viewport()
    assert "person=" not in page.url
    page.get_by_role("button", name=re.compile("^Life of")).last.click()
    expect(heading).to_be_in_viewport()
    at_week(page, 120)
    now.first.click()
    expect(page.locator(".replay")).not_to_have_attribute("data-week", "120")
    expect(page.locator(".stage")).to_be_in_viewport()
    expect(page.locator(".replay")).to_have_attribute("data-kept", "yes")


def test_a_click_on_a_person_opens_their_life_and_a_person_who_is_not_there_is_named(page: Page) -> None:
    """A link to a life that this run does not have was ignored without a word."""
    explore(page, "/explore?form=base&weeks=52&week=20&person=0-9-99")
    expect(alert(page)).to_have_text("There is no person 0-9-99 in this run.")
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


def test_a_role_taken_in_a_week_stands_in_the_list_of_that_week_and_the_address_restores_both(page: Page) -> None:
    """The feed said "became a helper" and the list, in the same week, "member"."""
    explore(page, f"{CLOSING}&week=56&person=0-4095-2")
    expect(page.locator("#life-heading")).to_be_visible()
    at_week(page, 56)
    news = page.locator(".replay .news")
    expect(news).to_contain_text("became a helper")
    name = re.search(r"Week 56 (\w+) became a helper", news.inner_text().replace("\n", " "))
    assert name
    shown = page.locator(".replay .people option").filter(has_text=name[1])
    expect(shown).to_contain_text("helper from next week on")


def test_other_starting_conditions_start_again(page: Page) -> None:
    explore(page, f"{SHORT}&week=20")
    page.get_by_text("Restart with different starting conditions").click()
    for label, key, found in (
        ("Members at the start, helpers included", "ArrowRight", "start.members=17"),
        ("Helpers at the start", "ArrowRight", "start.helpers=4"),
        ("Hope depends on seeing someone who has made it", "Home", "share.needs_veteran=0"),
        ("Benefit of helping for the helper", "Home", "help.benefit_to_helper=0"),
        ("Stigma in the town", "End", "community.stigma=1"),
    ):
        control(page, label).press(key)
        page.wait_for_url(lambda url, found=found: found in url)
    assert "week=" not in page.url
    control(page, "The group is").select_option(label="founding")
    page.wait_for_url("**start.kind=founding**")
    control(page, "Length of the run").select_option(label="5 years")
    page.wait_for_url("**weeks=260**")
    control(page, "Members at the start, helpers included").press("Home")
    expect(alert(page)).to_contain_text("start.helpers is 4, more than start.members")
    button(page, "Reset to defaults").click()
    page.wait_for_url(lambda url: url.endswith("/explore?form=base"))
    settled(page)
    button(page, "Next week").click()
    at_week(page, 1)
    page.wait_for_url("**week=1")
    button(page, "Reset to defaults").click()
    at_week(page, 0)


def test_what_is_taken_away_can_be_brought_back_and_a_wrong_file_is_refused_with_the_reason(
    page: Page, tmp_path: Path
) -> None:
    explore(page, SHORT)
    expect(page.locator("footer")).to_contain_text("tables of a run and Results come from its server")
    page.get_by_text("Download or upload").click()
    for label in ("Weekly series (CSV)", "Lives (CSV)", "Groups (CSV)", "Everything that happened (CSV)"):
        with page.expect_download() as coming:
            page.get_by_role("link", name=label).click()
        table = pd.read_csv(io.BytesIO(Path(coming.value.path()).read_bytes()))
        assert len(table), label
        assert coming.value.suggested_filename.startswith("base-seed-3-")
    mine = tmp_path / "mine.yaml"
    with page.expect_download() as coming:
        page.get_by_role("button", name="The scenario, to repeat with mhsim run (YAML)").click()
    mine.write_text(Path(coming.value.path()).read_text().replace("seed: 3", "seed: 8"))
    control(page, "Open a scenario file").set_input_files(mine)
    page.wait_for_url(lambda url: "seed=8" in url and "weeks=104" in url)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("extends: base\nserve:\n  turnover_per_yaer: 1.25\n")
    control(page, "Open a scenario file").set_input_files(wrong)
    expect(alert(page)).to_have_text(
        re.compile(r"^wrong.yaml:3: serve.turnover_per_yaer: .*did you mean 'turnover_per_year'\?")
    )
    assert "seed=8" in page.url, "what was open stays open"


def test_a_wrong_address_is_told_and_a_path_that_is_no_page_leads_to_the_pages(page: Page, watch: Watch) -> None:
    explore(page, "/explore?serve.turnover_per_year=often")
    expect(alert(page)).to_contain_text("serve.turnover_per_year")
    expect(alert(page)).to_contain_text("allowed: a number from 0 to 52")
    page.get_by_label("? What this means: How often a helper steps down").click()
    expect(page.get_by_text("How often a helper leaves the role, on average.")).to_be_visible()
    watch.expect("404")
    page.goto("/nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page")
    page.get_by_role("link", name="Explore").click()
    expect(page).to_have_title("Explore – mhsim")


@pytest.mark.parametrize("week", [0, 52])
def test_keys_on_a_slider_all_count_are_one_step_back_and_keep_the_focus(page: Page, week: int) -> None:
    """The page is drawn anew while somebody still holds an arrow key; nothing of that may be felt.

    Twenty-five presses were twenty-five histories and as many entries of Back, and the slider sprang back.
    """
    explore(page, f"{SHORT}&week={week}")
    before = page.evaluate("history.length")
    slider = control(page, "How often a helper steps down")
    start = f"change={week}:" if week else "&"
    slider.fill("3.2")
    page.wait_for_url(f"**{start}serve.turnover_per_year=3.2*")
    slider.focus()
    for _ in range(25):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{start}serve.turnover_per_year=1.95*")
    expect(slider).to_be_focused()
    expect(slider).to_have_value("1.95")
    expect(page.locator(".changes li")).to_have_count(1 if week else 0)
    assert page.evaluate("history.length") == before + 2
    page.go_back()
    page.wait_for_url("**serve.turnover_per_year=3.2*")
    expect(slider).to_have_value("3.2")


def test_the_week_is_kept_while_it_plays(page: Page) -> None:
    """A reload while playing began again at week 0: the address was written only at rest."""
    explore(page, "/explore?form=base&weeks=520")
    button(page, "Play").click()
    page.wait_for_url(re.compile(r"[?&]week=[1-9]"))
    page.reload()
    expect(page.locator(".replay")).to_have_attribute("data-week", re.compile("^[1-9]"))


def test_nothing_old_stands_beside_a_new_setting_without_saying_so(page: Page) -> None:
    """While a history is lived, what the page shows is of the value before, and every frame says so."""
    explore(page, "/explore?form=base&seed=3")
    ending(page)
    page.evaluate(
        """() => { window.seen = []; const html = document.documentElement, told = document.querySelector('.outcome');
        const look = () => { seen.push([location.search.includes('turnover_per_year=3'),
            html.classList.contains('working'), told.querySelector('.large') !== null]); requestAnimationFrame(look); };
        requestAnimationFrame(look); }"""
    )
    control(page, "How often a helper steps down").fill("3")
    expect(page.locator(".outcome .large")).to_have_count(0)
    seen = page.evaluate("seen")
    assert [True, True, True] in seen, "the old ending stands there, marked as such, while the new history is lived"
    assert [True, False, True] not in seen

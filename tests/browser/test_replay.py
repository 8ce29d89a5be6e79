"""The moving picture in a browser: every week is drawn, every control works by hand and by key, and it says so."""

from __future__ import annotations

import re
from itertools import pairwise

from playwright.sync_api import Locator, Page, expect

from browser.pages import open_page
from mhsim import simulate
from mhsim.scenario_io.loader import read_scenario

CLOSES = "/explore?form=base&seed=1&serve.turnover_per_year=4&serve.leaves_with_role=1&weeks=300"
COUNT_FRAMES = """() => {
    window.plainFrame ??= window.requestAnimationFrame.bind(window);
    window.framesAsked = 0;
    window.requestAnimationFrame = act => { window.framesAsked += 1; return window.plainFrame(act); };
}"""
FRAMES = """async () => {
    const before = window.framesAsked;
    for (let k = 0; k < 10; k += 1) await new Promise(window.plainFrame);
    return window.framesAsked - before;
}"""
PLAYED = """week => {
    const picture = document.querySelector('.replay'), said = picture.querySelector('[aria-live=polite]').textContent;
    return Number(picture.dataset.week) >= week && {said};
}"""
PRESSED = """stage => {
    stage.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
    return stage.closest('.replay').dataset.week;
}"""
WRITE_DOWN_WORDS = """() => {
    window.written = [];
    const plain = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
        const wide = this.measureText(text).width, shown = Math.min(wide, most);
        const from = x - (this.textAlign === 'center' ? shown / 2 : 0);
        window.written.push({text, from, to: from + shown, y, narrowed: shown / wide});
        return plain.call(this, text, x, y, ...(most === Infinity ? [] : [most]));
    };
}"""
DRAWN_FOR_WIDTH = """width => {
    const stage = document.querySelector('.stage');
    return stage.clientWidth < width && stage.querySelector('canvas').width === Math.floor(stage.clientWidth);
}"""


def live_page(page: Page, address: str) -> Locator:
    """Open an address and wait until its picture is drawn; return the picture with its controls."""
    picture = open_page(page, address).locator(".replay")
    expect(picture).to_have_attribute("data-week", re.compile(r"^\d"))
    return picture


def test_every_week_is_drawn_and_a_pause_is_told_in_one_sentence(page: Page) -> None:
    """A week left out could be the one in which everything turned; who hears the page is not flooded while it plays."""
    picture = live_page(page, "/explore?form=base&weeks=50")
    said = picture.locator("[aria-live=polite]")
    picture.get_by_role("button", name="Play").click()
    assert page.wait_for_function(PLAYED, arg=2).json_value() == {"said": ""}
    picture.get_by_role("button", name="Pause").click()
    expect(said).to_contain_text("members")
    expect(said).to_contain_text(f"Week {picture.get_attribute('data-week')}: ")
    expect(picture.get_by_role("img", name="members,").first).to_have_count(1)
    picture.get_by_label("Speed").select_option("50 weeks a second")
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-week", "50")
    expect(picture).to_have_attribute("data-playing", "false")
    expect(picture).to_have_attribute("data-weeks-drawn", "51")
    expect(picture.get_by_role("button", name="Play")).to_be_visible()


def test_members_drawn_are_those_of_the_run(page: Page) -> None:
    """The picture, the tables and the command line must tell one story."""
    series = simulate(read_scenario("base"), 0, record="series").series
    assert series is not None
    picture = live_page(page, "/explore?form=base")
    for week in (0, 120, 400):
        picture.get_by_role("slider", name="Week").fill(str(week))
        expect(picture).to_have_attribute("data-week", str(week))
        expect(picture).to_have_attribute("data-members", str(series["members"][week].as_py()))


def test_it_is_played_by_keys_alone(page: Page) -> None:
    """A trainer at a projector has a keyboard; some people have nothing else."""
    picture = live_page(page, "/explore?form=base&weeks=100")
    picture.locator(".stage").focus()
    for key, week in (("ArrowRight", "1"), ("ArrowRight", "2"), ("ArrowLeft", "1"), ("End", "100"), ("Home", "0")):
        page.keyboard.press(key)
        expect(picture).to_have_attribute("data-week", week)
    page.keyboard.press("Space")
    expect(picture).to_have_attribute("data-playing", "true")
    page.wait_for_function(PLAYED, arg=3)
    page.keyboard.press("Space")
    expect(picture).to_have_attribute("data-playing", "false")
    scrub = picture.get_by_role("slider", name="Week")
    scrub.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("data-week", "99")
    expect(scrub).to_have_attribute("aria-valuetext", "week 99, year 2")
    page.wait_for_url("**week=99*")
    people = picture.get_by_label("People this week")
    assert people.locator("option").count() == int(picture.get_attribute("data-members") or 0)
    people.focus()
    page.keyboard.press("ArrowDown")
    name = (people.evaluate("list => list.selectedOptions[0].textContent") or "").split(":")[0]
    page.keyboard.press("Enter")
    page.wait_for_url("**person=*")
    expect(page.get_by_role("main").get_by_role("heading", name=name)).to_be_visible()


def test_each_button_does_what_it_says_and_the_series_are_in_step(page: Page) -> None:
    picture = live_page(page, "/explore?form=base&weeks=100&week=50")
    for name, week in (("Next week", "51"), ("Back one week", "50"), ("To the end", "100"), ("To the start", "0")):
        picture.get_by_role("button", name=name).click()
        expect(picture).to_have_attribute("data-week", week)
    picture.get_by_role("checkbox", name="Show ties").uncheck()
    expect(picture.get_by_role("checkbox", name="Show ties")).not_to_be_checked()
    picture.get_by_text("What the marks mean").click()
    expect(picture.get_by_text("thick ring: helper")).to_be_visible()
    chart = picture.get_by_role("img", name="Members and helpers, week by week")
    before = chart.locator(".cursor").get_attribute("x1")
    members = picture.get_attribute("data-members")
    expect(picture.locator(".said").first).to_contain_text(f"members {members}")
    chart.click(position={"x": 60, "y": 40})
    expect(picture).not_to_have_attribute("data-week", "0")
    assert chart.locator(".cursor").get_attribute("x1") != before


def test_the_end_of_a_group_is_told(page: Page) -> None:
    """When and why the group closed must be readable, not only drawn."""
    values = {"serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0, "weeks": 300}
    week = int(float(str(simulate(read_scenario("base", values), 0).summary["weeks_to_closure"]))) - 1
    picture = live_page(page, f"{CLOSES}&week={week}")
    expect(picture.locator(".entry.closed")).to_contain_text(f"Week {week} The group closed at the end of the week: ")
    picture.get_by_role("button", name="Next week").click()
    expect(picture).to_have_attribute("data-members", "0")
    expect(picture.get_by_label("People this week")).to_be_disabled()


def test_motion_is_smooth_and_whoever_wants_none_gets_none(page: Page) -> None:
    """A key press glides to the next week; without motion it is there at once, and every week is still drawn."""
    picture = live_page(page, "/explore?form=base&weeks=30")
    assert picture.locator(".stage").evaluate(PRESSED) == "0"
    expect(picture).to_have_attribute("data-week", "1")
    page.emulate_media(reduced_motion="reduce")
    picture = live_page(page, "/explore?form=base&weeks=30")
    assert picture.locator(".stage").evaluate(PRESSED) == "1"
    picture.get_by_label("Speed").select_option("50 weeks a second")
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-weeks-drawn", "31")


def test_two_histories_are_played_under_one_clock(page: Page) -> None:
    """A and B are compared week by week, so one must never run ahead of the other."""
    picture = live_page(page, "/turnover?form=base&weeks=150&b.serve.turnover_per_year=3&week=60")
    settings = ({}, {"serve.turnover_per_year": 3.0})
    runs = [simulate(read_scenario("base", {"weeks": 150, **one}), 0, record="series") for one in settings]
    for week in (60, 61):
        expect(picture).to_have_attribute("data-week", str(week))
        for name, run in zip(("data-members", "data-members-b"), runs, strict=True):
            assert run.series is not None
            expect(picture).to_have_attribute(name, str(run.series["members"][week].as_py()))
        picture.get_by_role("button", name="Next week").click()
    expect(picture.locator(".stage")).to_have_count(2)
    parted = picture.get_by_role("button", name=re.compile("^Show week "))
    week = (parted.text_content() or "").removeprefix("Show week ")
    parted.click()
    expect(picture).to_have_attribute("data-week", week)
    for name in ("A", "B"):
        expect(picture.get_by_label(f"People this week in {name}")).to_be_enabled()


def test_what_is_switched_on_stays_when_the_future_changes(page: Page) -> None:
    """A change from this week on must not throw the viewer back to the first week or up the page."""
    picture = live_page(page, "/explore?form=base&weeks=200&week=40")
    picture.get_by_label("Speed").select_option("4 weeks a second")
    picture.get_by_role("checkbox", name="Show ties").uncheck()
    picture.evaluate("one => { one.dataset.kept = 'old'; scrollTo(0, 700); }")
    before = page.evaluate("scrollY")
    at = page.evaluate("document.querySelector('.stage').getBoundingClientRect().top")
    page.get_by_role("button", name="The busiest helper stops now").click()
    page.wait_for_url("**change=*")
    expect(page.locator(".replay[data-kept]")).to_have_count(0)
    expect(picture).to_have_attribute("data-week", "40")
    expect(picture).to_have_attribute("data-weeks-drawn", "1")
    expect(picture.get_by_role("checkbox", name="Show ties")).not_to_be_checked()
    expect(picture.get_by_label("Speed")).to_have_value("4")
    moved = page.evaluate("document.querySelector('.stage').getBoundingClientRect().top") - at
    assert before > 0
    assert abs(moved) < 200, "only what stands above may have grown"


def test_leaving_the_page_ends_the_play(page: Page) -> None:
    """A loop that goes on after its page would eat the battery, and fail at what is no longer there."""
    picture = live_page(page, "/explore?form=base&weeks=520")
    page.evaluate(COUNT_FRAMES)
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-playing", "true")
    assert page.evaluate(FRAMES) > 0
    page.get_by_role("navigation").get_by_role("link", name="Lessons").click()
    expect(page).to_have_title("Lessons – mhsim")
    expect(page.locator(".replay")).to_have_count(0)
    stretches = [page.evaluate(FRAMES) for _ in range(12)]
    assert 0 in stretches, "a loop asks for every frame; on a busy machine the frame of the page may ask for one late"


def test_names_of_many_groups_can_be_read_beside_one_another(page: Page) -> None:
    """In a town of fifteen groups names ran into one another, or were pressed together until nobody could read them."""
    live_page(page, "/explore?form=town&seed=1&weeks=104&week=100")
    page.evaluate(WRITE_DOWN_WORDS)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(DRAWN_FOR_WIDTH, arg=width)
        page.evaluate("() => { window.written = []; window.dispatchEvent(new Event('mhsim-theme')); }")
        written = page.evaluate("() => window.written")
        lines = sorted({(round(one["y"]), one["from"], one["to"], one["text"]) for one in written})
        assert sum("helper" in text for *_, text in lines) >= 14
        pairs = [(one, two) for one, two in pairwise(lines) if one[0] == two[0]]
        assert [(one[3], two[3]) for one, two in pairs if two[1] - one[2] < 3] == []
        assert [one["text"] for one in written if one["narrowed"] < 0.9 and "found" not in one["text"]] == []

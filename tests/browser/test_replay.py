"""The moving picture in a browser: every week is drawn, every control works by hand and by key, and it says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.pages import open_page
from mhsim import simulate
from mhsim.dashboard.pseudonyms import group_name
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recording import record
from mhsim.scenario_io.loader import read_scenario
from mhsim.stories.narrator import catalogue

CLOSES = "/explore?form=base&seed=1&serve.turnover_per_year=4&serve.leaves_with_role=1&weeks=300"
COUNT_FRAMES = """
    window.plainFrame = window.requestAnimationFrame.bind(window);
    window.framesAsked = 0;
    window.requestAnimationFrame = act => { window.framesAsked += 1; return window.plainFrame(act); };
"""
FRAMES = """async () => {
    const before = window.framesAsked;
    for (let k = 0; k < 10; k += 1) await new Promise(window.plainFrame);
    return window.framesAsked - before;
}"""
SCAN = """stage => {
    const box = stage.getBoundingClientRect(), tip = stage.querySelector('.tip');
    for (let y = 20; y < box.height; y += 6) for (let x = 20; x < box.width; x += 6) {
        stage.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x, clientY: box.top + y}));
        if (!tip.hidden) return {x, y, text: tip.textContent};
    }
    return null;
}"""
PLAYED = """week => {
    const picture = document.querySelector('.replay'), said = picture.querySelector('[aria-live=polite]').textContent;
    return Number(picture.dataset.week) >= week && {week, said};
}"""
PRESSED = """stage => {
    stage.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
    return stage.closest('.replay').dataset.week;
}"""

ALL_THAT_IS_SAID = """async payload => {
    for (const name in payload.arrays) payload.arrays[name] = Uint8Array.from(payload.arrays[name]);
    const [reading, telling, speaking] = await Promise.all(
        ['reading', 'telling', 'voice'].map(name => import(`${globalThis.mhsimHome}replay/${name}.js`)));
    const history = reading.read(payload), voice = new speaking.Voice({get: () => true}, [history], 0), said = [];
    for (let step = 0; step <= history.steps; step += 1) {
        said.push(voice.sentence(history, step * history.stepWeeks, Math.max(0, step - 1) * history.stepWeeks));
        said.push(...telling.newsOf(history, step).map(entry => entry.text));
    }
    return said;
}"""

WRITE_DOWN_WORDS = """
    window.written = [];
    const plain = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y, most = Infinity) {
        const wide = this.measureText(text).width, shown = Math.min(wide, most);
        const from = x - (this.textAlign === 'center' ? shown / 2 : 0);
        window.written.push({text, from, to: from + shown, y, narrowed: shown / wide});
        return plain.call(this, text, x, y, ...(most === Infinity ? [] : [most]));
    };
"""

COMPILED = 120_000
"""Milliseconds for a form whose mechanisms have not been compiled yet."""
DRAWN_FOR_WIDTH = """width => {
    const stage = document.querySelector('.stage');
    return stage.clientWidth < width && stage.querySelector('canvas').width === Math.floor(stage.clientWidth);
}"""


def replay(page: Page, address: str) -> Locator:
    """Open a page and return its moving picture once a week is drawn."""
    open_page(page, address)
    picture = page.locator(".replay[data-week]")
    expect(picture).to_have_count(1)
    return picture


def test_every_week_is_drawn(page: Page) -> None:
    """A week left out could be the one in which everything turned."""
    picture = replay(page, "/explore?form=base&weeks=60")
    picture.get_by_label("Speed").select_option("20 weeks a second")
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-week", "60")
    expect(picture).to_have_attribute("data-playing", "false")
    expect(picture).to_have_attribute("data-weeks-drawn", "61")
    expect(picture.get_by_role("button", name="Play")).to_be_visible()


def test_members_drawn_are_those_of_the_run(page: Page) -> None:
    """The picture, the tables and the command line must tell one story."""
    series = simulate(read_scenario("base"), 0, record="series").series
    assert series is not None
    for week in (0, 120, 400):
        picture = replay(page, f"/explore?form=base&week={week}")
        expect(picture).to_have_attribute("data-week", str(week))
        expect(picture).to_have_attribute("data-members", str(series["members"][week].as_py()))


def test_it_is_played_by_keys_alone(page: Page) -> None:
    """A trainer at a projector has a keyboard; some people have nothing else."""
    picture = replay(page, "/explore?form=base&weeks=100")
    picture.locator(".stage").focus()
    for key, week in (("ArrowRight", "1"), ("ArrowRight", "2"), ("ArrowLeft", "1"), ("End", "100"), ("Home", "0")):
        page.keyboard.press(key)
        expect(picture).to_have_attribute("data-week", week)
    page.keyboard.press("Space")
    expect(picture).to_have_attribute("data-playing", "true")
    page.wait_for_function(PLAYED, arg=3)
    page.keyboard.press("Space")
    expect(picture).to_have_attribute("data-playing", "false")


def test_each_button_does_what_it_says(page: Page) -> None:
    picture = replay(page, "/explore?form=base&weeks=100&week=50")
    for name, week in (("Next week", "51"), ("Back one week", "50"), ("To the end", "100"), ("To the start", "0")):
        picture.get_by_role("button", name=name).click()
        expect(picture).to_have_attribute("data-week", week)
    picture.get_by_role("checkbox", name="Show ties").uncheck()
    expect(picture.get_by_role("checkbox", name="Show ties")).not_to_be_checked()
    picture.get_by_text("What the marks mean").click()
    expect(picture.get_by_text("thick ring: helper")).to_be_visible()


def test_scrubbing_says_the_week_and_keeps_it_in_the_address(page: Page) -> None:
    """A link to a week is how one shows another what one has found."""
    picture = replay(page, "/explore?form=base&weeks=200")
    scrub = picture.get_by_role("slider", name="Week")
    scrub.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(picture).to_have_attribute("data-week", "199")
    expect(scrub).to_have_attribute("aria-valuetext", "week 199, year 4")
    page.wait_for_function("location.search.includes('week=199')")
    page.reload()
    expect(page.locator(".replay")).to_have_attribute("data-week", "199")


def test_the_series_are_in_step_and_can_be_clicked(page: Page) -> None:
    picture = replay(page, "/explore?form=base&weeks=200&week=100")
    chart = picture.get_by_role("img", name="Members and helpers, week by week")
    before = chart.locator(".cursor").get_attribute("x1")
    members = picture.get_attribute("data-members")
    expect(picture.locator(".said").first).to_contain_text(f"members {members}")
    chart.click(position={"x": 60, "y": 40})
    expect(picture).not_to_have_attribute("data-week", "100")
    assert chart.locator(".cursor").get_attribute("x1") != before


def test_everybody_can_be_reached_without_a_mouse(page: Page) -> None:
    """The dots are people; who cannot point at one chooses from the list of the week."""
    picture = replay(page, "/explore?form=base&week=30")
    people = picture.get_by_label("People this week")
    assert people.locator("option").count() == int(picture.get_attribute("data-members") or 0)
    people.focus()
    page.keyboard.press("ArrowDown")
    name = (people.evaluate("list => list.selectedOptions[0].textContent") or "").split(":")[0]
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('person=')")
    expect(page.get_by_role("main").get_by_role("heading", name=name)).to_be_visible()


def test_a_dot_says_who_it_is_and_opens_a_life(page: Page) -> None:
    picture = replay(page, "/explore?form=base&week=30")
    found = picture.locator(".stage").evaluate(SCAN)
    assert found is not None
    assert " in " in found["text"]
    picture.locator(".stage").click(position={"x": found["x"], "y": found["y"]})
    page.wait_for_function("location.search.includes('person=')")


def test_the_end_of_a_group_is_told(page: Page) -> None:
    """When and why the group closed must be readable, not only drawn."""
    summary = simulate(
        read_scenario("base", {"serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0, "weeks": 300}), 0
    ).summary
    week = int(float(str(summary["weeks_to_closure"]))) - 1
    picture = replay(page, f"{CLOSES}&week={week}")
    expect(picture.locator(".entry.closed")).to_contain_text(f"Week {week} The group closed at the end of the week: ")
    picture.get_by_role("button", name="Next week").click()
    expect(picture).to_have_attribute("data-members", "0")
    expect(picture.get_by_label("People this week")).to_be_disabled()


def test_a_pause_is_told_in_one_sentence(page: Page) -> None:
    """Who hears the page instead of seeing it is told what stands there, and is not flooded while it plays."""
    picture = replay(page, "/explore?form=base&weeks=100")
    said = picture.locator("[aria-live=polite]")
    picture.get_by_role("button", name="Play").click()
    assert page.wait_for_function(PLAYED, arg=2).json_value() == {"week": 2, "said": ""}
    picture.get_by_role("button", name="Pause").click()
    expect(said).to_contain_text("members")
    expect(said).to_contain_text(f"Week {picture.get_attribute('data-week')}: ")
    label = picture.get_by_role("img", name="members,").first
    expect(label).to_have_count(1)


def test_whoever_wants_no_motion_gets_none(new_context: Callable[..., BrowserContext]) -> None:
    """A step is at once the next week, without gliding, and every week is still drawn."""
    page = new_context(reduced_motion="reduce").new_page()
    picture = replay(page, "/explore?form=base&weeks=30")
    assert picture.locator(".stage").evaluate(PRESSED) == "1"
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-weeks-drawn", "31")


def test_motion_is_smooth_otherwise(page: Page) -> None:
    """The same key press glides: a check that the test above can fail."""
    picture = replay(page, "/explore?form=base&weeks=30")
    assert picture.locator(".stage").evaluate(PRESSED) == "0"
    expect(picture).to_have_attribute("data-week", "1")


def test_the_picture_can_be_used_by_all(page: Page, accessible: Callable[[Page], None]) -> None:
    picture = replay(page, "/explore?form=base&week=30")
    picture.get_by_text("What the marks mean").click()
    accessible(page)


def test_two_histories_are_played_under_one_clock(page: Page) -> None:
    """A and B are compared week by week, so one must never run ahead of the other."""
    picture = replay(page, "/turnover?form=base&weeks=150&b.serve.turnover_per_year=3&week=60")
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
    picture = replay(page, "/explore?form=base&weeks=200&week=40")
    picture.get_by_label("Speed").select_option("4 weeks a second")
    picture.get_by_role("checkbox", name="Show ties").uncheck()
    page.evaluate("scrollTo(0, 700)")
    before = page.evaluate("scrollY")
    at = page.evaluate("document.querySelector('.stage').getBoundingClientRect().top")
    page.get_by_role("button", name="The busiest helper stops now").click()
    page.wait_for_function("location.search.includes('change=')")
    expect(picture).to_have_attribute("data-week", "40")
    expect(picture).to_have_attribute("data-weeks-drawn", "1")
    expect(picture.get_by_role("checkbox", name="Show ties")).not_to_be_checked()
    expect(picture.get_by_label("Speed")).to_have_value("4")
    moved = page.evaluate("document.querySelector('.stage').getBoundingClientRect().top") - at
    assert before > 0
    assert abs(moved) < 200, "only what stands above may have grown"


def test_leaving_the_page_ends_the_play(page: Page) -> None:
    """A loop that goes on after its page would eat the battery, and fail at what is no longer there."""
    page.add_init_script(COUNT_FRAMES)
    picture = replay(page, "/explore?form=base")
    picture.get_by_role("button", name="Play").click()
    expect(picture).to_have_attribute("data-playing", "true")
    assert page.evaluate(FRAMES) > 0
    page.get_by_role("navigation").get_by_role("link", name="Lessons").click()
    expect(page).to_have_title("Lessons – mhsim")
    expect(page.locator(".replay")).to_have_count(0)
    stretches = [page.evaluate(FRAMES) for _ in range(12)]
    assert 0 in stretches, "a loop asks for every frame; on a busy machine the frame of the page may ask for one late"


@pytest.mark.parametrize("language", ["en", "de"])
def test_feed_and_spoken_sentence_speak_one_language(page: Page, language: str) -> None:
    """Half of a sentence that is heard in another language is noise; so every word is of that language's catalogue."""
    turnover = {"serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0}
    scenarios = [
        read_scenario("base", {"weeks": 300} | turnover),
        read_scenario("twelve_step", {"weeks": 60} | turnover),
        read_scenario("base", {"weeks": 12, "weeks_per_step": 0.5}),
    ]
    open_page(page, "/explore?weeks=4")
    said: list[str] = []
    for scenario in scenarios:
        payload = payload_of(record(scenario), "A", language=language)
        payload["arrays"] = {name: list(content) for name, content in payload["arrays"].items()}
        found = page.evaluate(ALL_THAT_IS_SAID, payload)
        assert len(found) > scenario.weeks
        said += found
    data = catalogue(language).data
    names = " ".join(group_name(k) for k in range(40)) if language == "en" else ""
    known = set(re.findall(r"[^\W\d_]+", re.sub(r"\{\w*\}", "", f"{data} {names}").lower()))
    for sentence in said:
        assert not set(re.findall(r"[^\W\d_]+", sentence.lower())) - known, sentence
        assert "{" not in sentence and "undefined" not in sentence, sentence
    closed = catalogue(language).template("replay.closed").split("}")[1].split("{")[0]
    week = catalogue(language).say("when.week", week=2.5)
    assert any(closed in sentence for sentence in said) and any(sentence.startswith(week) for sentence in said)


def test_names_of_many_groups_can_be_read_beside_one_another(page: Page) -> None:
    """In a town of fifteen groups names ran into one another, or were pressed together until nobody could read them."""
    page.add_init_script(WRITE_DOWN_WORDS)
    page.goto("/explore?form=town&seed=1&weeks=104&week=100")
    page.locator(".replay[data-week='100']").wait_for(timeout=COMPILED)
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

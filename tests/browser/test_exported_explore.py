"""The page that needs no server, as one file from the disk: Explore, with the processor slowed four times."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from mhsim.outcomes.simulate import simulate
from mhsim.scenario_io.loader import read_scenario

LARGEST = 1_000_000
"""Bytes of the file, at most."""


def test_the_file_is_small_and_draws_its_first_history_at_once(alone: Callable[..., Page], exported: Path) -> None:
    """Somebody who has the file on a slow phone in a school without a network sees a town before they look away."""
    assert exported.stat().st_size < LARGEST
    page = alone()
    expect(page.get_by_role("heading", name="Why does a group live or die?")).to_be_visible()
    expect(page.locator(".replay")).to_have_attribute("data-week", "0")
    expect(page.locator(".replay .stage canvas").first).to_be_visible()


def test_the_page_lives_the_history_that_mhsim_run_lives(alone: Callable[..., Page]) -> None:
    """What a student sees at the end is what a researcher finds in the table of runs."""
    page = alone("#/explore?form=base&seed=16")
    page.get_by_role("button", name="Show how it went").click()
    found = simulate(read_scenario("base").model_copy(update={"seed": 16})).summary
    closed = "closed" if found["closed"] else "still meeting"
    expect(page.locator(".outcome .large")).to_contain_text(closed)


def test_the_future_is_told_when_it_has_been_seen(alone: Callable[..., Page]) -> None:
    """A story whose end stands beside its beginning is no story: charts go as far as was played."""
    page = alone("#/explore?form=base&seed=16")
    window = page.locator(".replay .curve clipPath rect").last
    expect(page.get_by_role("button", name="Show how it went")).to_be_visible()
    before = float(window.get_attribute("width") or 0)
    page.get_by_role("button", name="To the end").click()
    expect(page.locator(".outcome .large")).to_be_visible()
    assert float(window.get_attribute("width") or 0) > before


def test_a_change_leaves_the_past_and_shows_what_was(alone: Callable[..., Page]) -> None:
    """What a reader does at week 104 changes the future alone, and the future that would have been stays in sight."""
    page = alone("#/explore?form=base&seed=16&week=104")
    page.get_by_role("button", name="Show how it went").click()
    page.get_by_role("button", name="The busiest helper leaves the group now").click()
    expect(page.locator(".replay .curve .ghost").first).to_be_attached()
    expect(page.get_by_text("Week 104: the busiest helper stops helping at once and leaves the group")).to_be_visible()
    page.get_by_role("button", name="Undo: Week 104").click()
    expect(page.get_by_text("What you have changed")).to_be_hidden()


def test_the_page_speaks_german(alone: Callable[..., Page]) -> None:
    """A class in Vienna reads its own language, on the page and in the lives."""
    page = alone()
    page.get_by_label("Language").select_option("de")
    expect(page.get_by_role("heading", name="Warum lebt eine Gruppe, warum geht sie ein?")).to_be_visible()
    expect(page.get_by_role("button", name="Abspielen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    slider = page.get_by_label("Wie oft jemand die Rolle abgibt", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "0,2 mal im Jahr")


def test_a_hundred_runs_come_beside_the_one_that_is_shown(alone: Callable[..., Page]) -> None:
    """One story is an anecdote: beside it stands how often such a town ends so, and each of them can be watched."""
    page = alone()
    expect(page.locator(".hundred [data-state=waiting]")).to_have_count(0)
    alive = page.locator(".hundred [data-state=alive]").count()
    expect(page.locator(".hundred-runs .large")).to_contain_text(f"In {alive} of 100 such towns")
    page.get_by_role("button", name="closed").first.click()
    page.get_by_role("button", name="Show how it went").click()
    expect(page.locator(".outcome .large")).to_contain_text("closed")


def test_a_group_that_closes_is_watched_from_turning_point_to_turning_point(alone: Callable[..., Page]) -> None:
    """A first visit shows what the page is for: a group falls apart, and one may do something about it."""
    page = alone("#/explore?form=base&seed=16", slowed=1.0)
    page.get_by_role("button", name="Watch one that closes").click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_label("Speed")).to_have_value("20")
    expect(page.get_by_text("What do you think happens now?")).to_contain_text(re.compile(r"^Week \d+: the group "))
    page.get_by_role("button", name="From here on, let two always be prepared").click()
    expect(page.locator(".changes")).to_contain_text("two members are prepared to follow")


def test_every_parameter_can_be_found_and_changed(alone: Callable[..., Page]) -> None:
    """What the model assumes is no secret: each of its numbers stands in a drawer, with its source."""
    page = alone()
    page.get_by_text("Restart with different starting conditions").click()
    page.get_by_text("with their sources").click()
    page.get_by_label("Search").fill("stigma in the town")
    field = page.locator(".all-parameters [data-name='community.stigma']")
    field.focus()
    field.press("End")
    expect(page.locator(".tale")).to_have_text("Settings of your own.")
    assert "community.stigma=" in page.url


def test_explore_can_be_used_by_everybody(alone: Callable[..., Page], accessible: Callable[[Page], None]) -> None:
    """Nobody is kept out by what axe can find, on a narrow phone either."""
    page = alone("#/explore?form=base&seed=16", slowed=1.0, viewport={"width": 360, "height": 740})
    expect(page.locator(".hundred [data-state=waiting]")).to_have_count(0)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

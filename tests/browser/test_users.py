"""People who use the dashboard at once, and what is left to each after the network, or the server, has gone.

Only the page Results asks the server while it is looked at; what the others do without one is in `test_serving.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.pages import open_page
from browser.proxy import Wire
from browser.server import Server
from browser.watching import Watch

CUT = (
    r"ERR_CONNECTION|ERR_SOCKET_NOT_CONNECTED|ERR_EMPTY_RESPONSE|ERR_CONTENT_LENGTH_MISMATCH"
    r"|WebSocket connection to|socket error|Failed to fetch|Connection lost"
)
"""What a browser says of a connection that was cut; that it says so is right."""
ALIVE, MEMBERS, CLOSED = "Alive at end", "Members at end", "Closed"
"""Measures that the page can show."""

pytestmark = pytest.mark.usefixtures("folders")


def results(page: Page, home: str = "") -> None:
    """Open a study."""
    open_page(page, f"{home}/results?folder=results/turnover")
    shows(page, ALIVE)


def choose(page: Page, measure: str) -> None:
    """Choose a measure, and wait until the page shows it and the address holds it."""
    page.get_by_label("Measure", exact=True).select_option(measure)
    shows(page, measure)
    page.wait_for_url(re.compile(rf"measure={measure.lower().replace(' ', '_')}(&|$)"))


def shows(page: Page, measure: str) -> None:
    """Check that the page shows a measure, in the choice and in the map."""
    expect(page.get_by_label("Measure", exact=True)).to_have_value(measure)
    expect(page.get_by_role("table", name=re.compile(f"^{measure},"))).to_be_visible()


def test_users_and_tabs_never_see_each_others_state(
    context: BrowserContext, new_context: Callable[..., BrowserContext]
) -> None:
    """A class uses one server, and people compare in two tabs: what one sets stays there, in any order of events."""
    pages = [context.new_page(), context.new_page(), new_context().new_page()]
    for page in pages:
        results(page)
    for measures in ((MEMBERS, CLOSED, ALIVE), (CLOSED, ALIVE, MEMBERS)):
        for page, measure in zip(pages, measures, strict=True):
            choose(page, measure)
        for page, measure in zip(pages, measures, strict=True):
            shows(page, measure)
    pages[0].reload()
    pages[2].reload()
    for page, measure in zip(pages, measures, strict=True):
        shows(page, measure)


def test_a_cut_connection_is_told_and_mends_and_nothing_is_lost(
    context: BrowserContext, dashboard: Server, watch: Watch, accessible: Callable[[Page], None]
) -> None:
    """A train goes through a tunnel: the page says so, and afterwards the controls work and nothing has changed.

    The wire breaks once more while the page asks whether the server is there: it asks again, and is not deaf.
    """
    watch.expect(CUT)
    with Wire(dashboard.port) as wire:
        page = context.new_page()
        results(page, wire.url)
        choose(page, MEMBERS)
        wire.breaks_in = b'"name":"lala"'  # what the server says of itself
        wire.cut()
        notice = page.get_by_role("alert")
        expect(notice).to_contain_text("The connection to the dashboard is lost; trying again.")
        expect(notice.get_by_role("button", name="Reload")).to_be_visible()
        accessible(page)
        with page.expect_request(re.compile("/jupyter/api/kernels/")):
            pass
        wire.mend()
        expect(notice).to_have_count(0)
        assert not wire.breaks_in
        shows(page, MEMBERS)
        choose(page, CLOSED)
        page.close()


def test_a_page_comes_back_from_its_address(
    context: BrowserContext, dashboard: Server, folders: Path, watch: Watch, tmp_path: Path
) -> None:
    """The server was started anew, or has forgotten a laptop that slept: the address is enough to go on."""
    watch.expect(CUT)
    (tmp_path / "results").symlink_to(folders)
    with Wire(dashboard.port) as wire, Server(tmp_path, str(folders)) as anew:
        anew.admits(context)
        page = context.new_page()
        results(page, wire.url)
        choose(page, MEMBERS)
        wire.cut()
        wire.to = anew.port
        wire.mend()
        page.wait_for_function("solara.debug.remountCount === 1")
        shows(page, MEMBERS)
        choose(page, CLOSED)
        page.close()

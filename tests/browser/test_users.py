"""People who use the dashboard at once, and what is left to each after the network, or the server, has gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

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
YEAR = "/explore?weeks=52"
"""A short history: these tests are about who sees what, not about how long it is."""
SLIDER = "input[data-name='serve.turnover_per_year']"


def turnover(page: Page, value: float) -> None:
    """Set the turnover of helpers, and wait until the address holds it."""
    page.locator(SLIDER).fill(str(value))
    page.wait_for_url(re.compile(rf"serve\.turnover_per_year={re.escape(f'{value:g}')}(&|$)"))


def shows(page: Page, value: float) -> None:
    """Check that the page shows a turnover."""
    expect(page.locator(SLIDER)).to_have_value(f"{value:g}")


def test_two_users_never_see_each_others_state(page: Page, new_context: Callable[..., BrowserContext]) -> None:
    """A class uses one server: what one student sets must stay with that student, whatever the order of events."""
    other = new_context().new_page()
    open_page(page, YEAR)
    open_page(other, f"{YEAR}&form=bereavement_outreach")
    for mine, theirs in ((1, 2), (3, 1.5), (0.5, 4)):
        turnover(page, mine)
        turnover(other, theirs)
        shows(page, mine)
        shows(other, theirs)
    assert "bereavement_outreach" in other.url and "bereavement_outreach" not in page.url
    page.reload()
    other.reload()
    shows(page, 0.5)
    shows(other, 4)


def test_two_tabs_of_one_person_are_apart(context: BrowserContext) -> None:
    """Comparing in two tabs is what people do; the tabs share a cookie and nothing else."""
    first, second = context.new_page(), context.new_page()
    open_page(first, YEAR)
    open_page(second, YEAR)
    turnover(first, 1)
    turnover(second, 2)
    shows(first, 1)
    turnover(first, 3)
    shows(second, 2)


def test_a_cut_connection_mends_and_nothing_is_lost(context: BrowserContext, dashboard: Server, watch: Watch) -> None:
    """A train goes through a tunnel: afterwards the controls work, and the page shows what it showed."""
    watch.expect(CUT)
    with Wire(dashboard.port) as wire:
        page = context.new_page()
        open_page(page, f"{wire.url}{YEAR}&seed=5")
        turnover(page, 1)
        with page.expect_event("websocket") as again:
            wire.cut()
            wire.mend()
        assert again.value.url
        shows(page, 1)
        turnover(page, 2)
        shows(page, 2)
        assert "seed=5" in page.url
        page.close()


def test_an_answer_that_breaks_off_does_not_make_the_page_deaf(
    context: BrowserContext, dashboard: Server, watch: Watch
) -> None:
    """The wire breaks again while the page asks whether the server is there: the page asks once more, and goes on."""
    watch.expect(CUT)
    with Wire(dashboard.port) as wire:
        page = context.new_page()
        open_page(page, f"{wire.url}{YEAR}&seed=5")
        turnover(page, 1)
        wire.breaks_in = b'"name":"lala"'  # what the server says of itself
        wire.cut()
        with page.expect_request(re.compile("/jupyter/api/kernels/")):
            pass
        wire.mend()
        turnover(page, 2)
        assert not wire.breaks_in
        page.close()


def test_a_page_comes_back_from_its_address(
    context: BrowserContext, dashboard: Server, watch: Watch, tmp_path: Path
) -> None:
    """The server was started anew, or has forgotten a laptop that slept: the address is enough to go on."""
    watch.expect(CUT)
    with Wire(dashboard.port) as wire, Server(tmp_path) as anew:
        anew.admits(context)
        page = context.new_page()
        open_page(page, f"{wire.url}{YEAR}&seed=5")
        turnover(page, 1)
        wire.cut()
        wire.to = anew.port
        wire.mend()
        page.wait_for_function("solara.debug.remountCount === 1")
        shows(page, 1)
        turnover(page, 2)
        assert "seed=5" in page.url
        page.close()

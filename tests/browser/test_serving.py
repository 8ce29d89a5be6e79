"""How the dashboard is reached: by its key, behind a proxy, without WebSockets, on a slow machine, after the server."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from browser.pages import all_shown, open_page, settled, shown, wait_for_all
from browser.proxy import PathProxy, Wire
from browser.server import TOKEN, Server
from browser.test_users import CUT
from browser.watching import Watch

PREFIX = "/user/ann/proxy/8765"
SLOWER = 6
SEED = "input[data-name='seed']"
LONG = 300_000
"""Milliseconds for five slow pages at once."""
SLIDER = "input[data-name='serve.turnover_per_year']"


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a dashboard that is told at which path a proxy shows it."""
    with Server(tmp_path_factory.mktemp("behind"), "--root-path", PREFIX) as server:
        yield server


def test_without_its_key_a_page_says_what_to_open(browser_page: Page, dashboard: Server, watch: Watch) -> None:
    """Whoever comes by an old bookmark reads how to go on; the address that was printed opens, and keeps no key."""
    watch.expect("answer 403|status of 403")
    browser_page.goto(f"{dashboard.url}/explore?form=twelve_step")
    expect(browser_page.get_by_role("heading", name="This page needs its key")).to_be_visible()
    browser_page.goto(f"{dashboard.url}/explore?form=twelve_step&token={TOKEN}")
    shown(browser_page)
    assert browser_page.url == f"{dashboard.url}/explore?form=twelve_step"
    open_page(browser_page, f"{dashboard.url}/lessons")


@pytest.fixture
def browser_page(new_context: Callable[..., BrowserContext]) -> Page:
    """Return a page of a browser that has never seen the dashboard."""
    context = new_context()
    context.clear_cookies()
    return context.new_page()


@pytest.mark.parametrize("strips", [True, False])
def test_behind_a_proxy_with_a_path_all_pages_work(
    new_context: Callable[..., BrowserContext], behind: Server, strips: bool
) -> None:
    """JupyterHub and Binder show a server at a path of their own; some proxies take it off, some pass it on.

    Where there are no results, Results says how to make some: an empty page teaches nothing.
    """
    with PathProxy(behind.port, PREFIX, strips=strips) as proxy:
        context = new_context()
        behind.admits(context, proxy.url)
        page, home = context.new_page(), f"{proxy.url}{PREFIX}"
        open_page(page, f"{home}/explore?weeks=52&seed=5")
        settled(page)
        page.locator(SLIDER).first.fill("2.5")
        page.wait_for_url(re.compile(re.escape(f"{home}/explore?") + r".*serve\.turnover_per_year=2\.5"))
        table = page.get_by_role("link", name="Lives (CSV)", include_hidden=True).evaluate("one => one.href")
        assert table.startswith(f"{home}/get/lives.csv?")
        assert context.request.get(table).ok
        for name in ("Turnover", "Lessons", "Class", "Results"):
            page.get_by_role("navigation").get_by_role("link", name=name).click()
            page.wait_for_url(f"{home}/{name.lower()}?*")
            expect(page).to_have_title(f"{name} – mhsim")
            shown(page)
            settled(page)
        expect(page.get_by_text("There are no results here yet")).to_be_visible()
        expect(page.get_by_text("mhsim run base --record story --out runs/first")).to_be_visible()
        page.reload()
        shown(page)
        link = page.get_by_role("link", name="Every parameter with its source")
        address = link.evaluate("one => one.href")
        assert address == f"{home}/get/parameters.html"
        page.goto(address)
        expect(page.get_by_role("heading", name="Every parameter with its source")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none", "style is there"
        context.close()


def test_a_prefix_that_nobody_told_is_told_by_the_page_that_needs_it(
    new_context: Callable[..., BrowserContext], dashboard: Server, watch: Watch
) -> None:
    """Behind a proxy, without --root-path, Results finds no file; an empty page would say nothing."""
    watch.expect("404|Refused to|Failed to load|not defined|of undefined|socket")
    with PathProxy(dashboard.port, PREFIX) as proxy:
        context = new_context()
        dashboard.admits(context, proxy.url)
        page = context.new_page()
        open_page(page, f"{proxy.url}{PREFIX}/explore?weeks=52")
        settled(page)
        page.get_by_role("link", name="Results").click()
        expect(page.get_by_role("alert")).to_contain_text("start mhsim dashboard with --root-path")
        context.close()


def test_without_web_sockets_only_results_is_closed_and_says_so(
    new_context: Callable[..., BrowserContext], behind: Server, watch: Watch
) -> None:
    """Some filters let pages through and WebSockets not: "Loading app" for ever would be waited for for ever."""
    watch.expect("WebSocket|socket|403|Connection")
    with PathProxy(behind.port, PREFIX, sockets=False) as proxy:
        context = new_context()
        behind.admits(context, proxy.url)
        page = context.new_page()
        open_page(page, f"{proxy.url}{PREFIX}/explore?weeks=52")
        settled(page)
        page.get_by_role("link", name="Results").click()
        expect(page.get_by_role("alert")).to_contain_text("its connection, a WebSocket, does not open")
        context.close()


def test_pages_go_on_when_the_server_is_gone(context: BrowserContext, dashboard: Server, watch: Watch) -> None:
    """What a browser has needs no server: other histories are lived without one; what is missing is said in words."""
    watch.expect(CUT)
    with Wire(dashboard.port) as wire:
        page = context.new_page()
        open_page(page, f"{wire.url}/explore?weeks=52&seed=5")
        wire.cut()
        choose_seed(page)
        page.wait_for_url("**seed=21*")
        settled(page)
        page.get_by_role("button", name="Show how it went").click()
        expect(page.locator(".outcome .large")).to_contain_text(re.compile("closed|still meeting"))
        for name, seen in (("Turnover", "All 200 runs of each."), ("Lessons", "does not come from its server")):
            page.get_by_role("link", name=name, exact=True).click()
            expect(page.get_by_role("main")).to_contain_text(seen)
        wire.mend()
        page.get_by_role("link", name="Explore", exact=True).click()
        page.get_by_role("link", name="Lessons", exact=True).click()
        expect(page.locator(".shelf li").first).to_be_visible()
        page.close()


def choose_seed(page: Page) -> None:
    """Ask Explore for another history."""
    page.locator(SEED).fill("21")
    page.locator(SEED).press("Enter")


def choose_measure(page: Page) -> None:
    """Ask Results for another measure."""
    page.get_by_label("Measure", exact=True).select_option("Members at end")


EXPLORE = ("/explore?weeks=26&community.arrivals_per_week=2&week=20", "[data-week='20']", choose_seed, "seed=21")
RESULTS = ("/results?folder=results/turnover", ".results table", choose_measure, "measure=members_at_end")
"""An address, what is seen there first, what is chosen then, and what the address holds afterwards."""


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.usefixtures("folders")
def test_no_page_goes_deaf_on_a_slow_machine(new_context: Callable[..., BrowserContext]) -> None:
    """Old laptops, phones and video calls: five pages open at once at a sixth of the speed, and each follows its panel.

    A page that gave up while it loaded would show what was before, beside the words of what came after.
    """
    pages = []
    for number, (address, *rest) in enumerate((EXPLORE, EXPLORE, RESULTS, RESULTS, RESULTS)):
        context = new_context()
        context.set_default_timeout(LONG)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"{address}&seed={number + 1}", wait_until="commit")
        pages.append((page, *rest))
    for page, there, _, _ in pages:
        page.locator(there).first.wait_for()
    for page, _, choose, _ in pages:
        choose(page)
    quiet, wanted = new_context().new_page(), {}
    for page, _, _, chosen in pages:
        page.wait_for_url(f"**{chosen}*", timeout=LONG)
        if chosen not in wanted:
            open_page(quiet, page.url)
            wanted[chosen] = all_shown(quiet)
        wait_for_all(page, wanted[chosen])


def test_a_dashboard_elsewhere_opens_the_folders_it_was_given(
    new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """Two folders on the command line are two entries of the list; one beside them is refused in one line."""
    here = tmp_path / "here"
    for name in ("here", "one", "two", "three"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text('{"kind": "sweep"}')
    with Server(here, str(tmp_path / "one"), str(tmp_path / "two")) as server:
        context = new_context()
        server.admits(context)
        page = context.new_page()
        main = open_page(page, f"{server.url}/results")
        for name in ("one", "two"):
            expect(main.get_by_role("link", name=str(tmp_path / name))).to_be_visible()
        open_page(page, f"{server.url}/results?folder={tmp_path / 'three'}")
        expect(main.get_by_role("alert")).to_contain_text("name it at the start: mhsim dashboard FOLDER")
        context.close()

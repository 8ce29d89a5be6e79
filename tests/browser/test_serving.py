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
SLOWER, TABS = 6, 5
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
    """JupyterHub and Binder show a server at a path of their own; some proxies take it off, some pass it on."""
    with PathProxy(behind.port, PREFIX, strips=strips) as proxy:
        context = new_context()
        behind.admits(context, proxy.url)
        page = context.new_page()
        open_page(page, f"{proxy.url}{PREFIX}/explore?weeks=52&seed=5")
        expect(page.locator("[data-week]")).to_be_visible()
        page.locator(SLIDER).fill("2.5")
        page.wait_for_url(re.compile(re.escape(f"{PREFIX}/explore?") + r".*serve\.turnover_per_year=2\.5"))
        for name in ("Turnover", "Lessons", "Results"):
            page.get_by_role("navigation").get_by_role("link", name=name).click()
            page.wait_for_url(f"**{PREFIX}/{name.lower()}*")
            expect(page).to_have_title(f"{name} – mhsim")
            shown(page)
        page.reload()
        shown(page)
        link = page.get_by_role("link", name="Every parameter with its source")
        address = link.evaluate("one => one.href")
        assert address == f"{proxy.url}{PREFIX}/get/parameters.html"
        page.goto(address)
        expect(page.get_by_role("heading", name="Every parameter with its source")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") != "none", "style is there"
        context.close()


def test_a_prefix_that_nobody_told_is_told_by_the_page(
    new_context: Callable[..., BrowserContext], dashboard: Server, watch: Watch
) -> None:
    """Behind a proxy, without --root-path, no file is found; an empty page would say nothing."""
    watch.expect("404|Refused to|Failed to load|not defined|of undefined|socket")
    with PathProxy(dashboard.port, PREFIX) as proxy:
        context = new_context()
        dashboard.admits(context, proxy.url)
        page = context.new_page()
        page.goto(f"{proxy.url}{PREFIX}/explore")
        expect(page.get_by_role("alert")).to_contain_text("start mhsim dashboard with --root-path")
        context.close()


def test_without_web_sockets_the_page_says_so(
    new_context: Callable[..., BrowserContext], behind: Server, watch: Watch
) -> None:
    """Some filters let pages through and WebSockets not: "Loading app" for ever would be waited for for ever."""
    watch.expect("WebSocket|socket|403|Connection")
    with PathProxy(behind.port, PREFIX, sockets=False) as proxy:
        context = new_context()
        behind.admits(context, proxy.url)
        page = context.new_page()
        page.goto(f"{proxy.url}{PREFIX}/explore")
        expect(page.get_by_role("alert")).to_contain_text("its connection, a WebSocket, does not open")
        context.close()


def test_what_plays_goes_on_when_the_server_is_gone(
    context: BrowserContext, dashboard: Server, watch: Watch, accessible: Callable[[Page], None]
) -> None:
    """A picture that the browser has needs no server; the page says what is lost and what can be done."""
    watch.expect(CUT)
    with Wire(dashboard.port) as wire:
        page = context.new_page()
        open_page(page, f"{wire.url}/explore?weeks=520&seed=5")
        settled(page)
        wire.cut()
        notice = page.get_by_role("alert")
        expect(notice).to_contain_text("The connection to the dashboard is lost; trying again.")
        expect(notice.get_by_role("button", name="Reload")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Play")).first.click()
        page.wait_for_function("Number(document.querySelector('[data-week]').dataset.week) > 8")
        accessible(page)
        wire.mend()
        expect(notice).to_have_count(0)
        page.close()


@pytest.mark.slow
@pytest.mark.alone
def test_no_widget_goes_deaf_on_a_slow_machine(new_context: Callable[..., BrowserContext], watch: Watch) -> None:
    """Old laptops, phones and video calls: five pages open at once at a sixth of the speed, and each follows its panel.

    A widget that gave up while it loaded would show the history before, beside the words of the one after.
    """
    pages = []
    for number in range(TABS):
        context = new_context()
        context.set_default_timeout(300_000)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(f"/explore?weeks=52&seed={number + 1}&week=40", wait_until="commit")
        pages.append(page)
    for page in pages:
        expect(page.locator("[data-week='40']")).to_be_visible(timeout=300_000)
    for page in pages:
        page.locator("input[data-name='seed']").fill("21")
        page.locator("input[data-name='seed']").press("Enter")
    for page in pages:
        page.wait_for_url("**seed=21*", timeout=300_000)
    # A page writes the week into its address as soon as it has drawn it, some sooner than others: week 0 is none.
    assert len({page.url.removesuffix("&week=0") for page in pages}) == 1
    quiet = new_context().new_page()
    open_page(quiet, pages[0].url)
    expect(quiet.locator("[data-week]")).to_be_visible()
    wanted, members = all_shown(quiet), "document.querySelector('[data-week]').dataset.members"
    for page in pages:
        wait_for_all(page, wanted)
        assert page.evaluate(members) == quiet.evaluate(members)


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

"""Fixtures for tests in a real browser: a dashboard, Chromium without a way out, and a watch on all that goes wrong.

`page` opens addresses of the dashboard (`page.goto("/turnover")`); `new_context()` gives another user's browser. Wait
on text or state, never on time. `watch.expect("pattern")` announces a fault that belongs to a test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.accessibility import barriers
from browser.folders import make_folders
from browser.server import Server
from browser.watching import Watch

HERE = Path(__file__).parent
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
WANTED = "tests in a browser need Chromium: apt-get install chromium fonts-dejavu-core"
MILLISECONDS = 30_000
"""How long to wait for a text or a state before it counts as missing."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder and put them last: Playwright keeps an event loop in the main thread to the end."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker(pytest.mark.browser)
    items[:] = [item for item in items if HERE not in item.path.parents] + ours


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Show with a failed test what the dashboard said during it."""
    report = yield
    server = getattr(item, "funcargs", {}).get("dashboard")
    if report.failed and isinstance(server, Server):
        report.sections.append(("What the dashboard said", server.said(getattr(item, "said_before", 0))[-6000:]))
    return report


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return the dashboard that all tests of the session look at; they share nothing else, as users do."""
    with Server(tmp_path_factory.mktemp("dashboard")) as server:
        yield server


@pytest.fixture(scope="session")
def folders(dashboard: Server) -> Path:
    """Put folders of results where the dashboard was started; return the folder that they are in."""
    make_folders(dashboard.folder)
    return dashboard.folder / "results"


@pytest.fixture(scope="session")
def base_url(dashboard: Server) -> str:
    """Return the dashboard's address, so that tests name pages only."""
    return dashboard.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Return how Chromium is started: the one of this machine, and no host but this one has a name."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail(WANTED, pytrace=False)
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Return what each user's browser is: a laptop's window, light, in English."""
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}, "locale": "en-GB"}


@pytest.fixture
def watch(dashboard: Server, request: pytest.FixtureRequest) -> Iterator[Watch]:
    """Return the watch on this test's browsers; anything it saw and nobody expected fails the test."""
    before = request.node.said_before = len(dashboard.said())
    seen = Watch()
    yield seen
    seen.settle()
    faults = seen.unexpected()
    if "Traceback" in dashboard.said(before):
        faults.append("the dashboard wrote a traceback: see what it said")
    if faults:
        pytest.fail("\n".join(["went wrong in the browser:", *dict.fromkeys(faults)]), pytrace=False)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], watch: Watch, dashboard: Server
) -> Callable[..., BrowserContext]:
    """Return a function that opens a further user's browser, watched, to which the dashboard answers."""

    def opened(**settings: Any) -> BrowserContext:
        context = new_context(**settings)
        context.set_default_timeout(MILLISECONDS)
        dashboard.admits(context)
        watch.follow(context)
        return context

    expect.set_options(timeout=MILLISECONDS)
    return opened


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file that needs no server, with all pages and forms, made once."""
    from mhsim.export.page import PAGES, one_file

    file = tmp_path_factory.mktemp("exported") / "mhsim.html"
    file.write_text(one_file(PAGES, ()), encoding="utf-8")
    return file


@pytest.fixture
def alone(browser: Browser, exported: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an address of that file, in a browser in which every fault and request is noted.

    `slowed` is how many times slower than it is the processor is made; other settings are those of the browser.
    """
    watch, asked, contexts = Watch(), [], []
    watch.expect(r"^left this machine: file:")

    def opened(address: str = "", *, slowed: float = 4.0, **settings: Any) -> Page:
        usual = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}}
        context = browser.new_context(**(usual | settings))
        contexts.append(context)
        watch.follow(context)
        context.on("request", lambda request: asked.append(request.url))
        context.set_default_timeout(MILLISECONDS)
        page = context.new_page()
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        page.goto(f"{exported.as_uri()}{address}")
        return page

    expect.set_options(timeout=MILLISECONDS)
    yield opened
    watch.settle()
    for context in contexts:
        context.close()
    left = [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    assert watch.unexpected() + left == []


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Return a check that fails on what axe calls serious or critical on a page, in light and dark."""

    def check(page: Page) -> None:
        found = barriers(page)
        assert not found, "\n".join(["barriers on " + page.url, *found])

    return check

"""The instruments themselves, on small pages of their own: a watch that sees nothing would let every test pass."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, BrowserContext

from browser.accessibility import barriers
from browser.watching import Watch

HELD = threading.Event()
PAGE = (
    '<!doctype html><html lang="en"><head><title>Small</title></head><body><main><h1>Small</h1>{}</main></body></html>'
)
PAGES = {
    "/": PAGE.format('<a href="/other">other</a> <a href="/file">file</a>'),
    "/other": PAGE.format("<p>other</p>"),
    "/told": PAGE.format("<script>console.error('told')</script>"),
    "/thrown": PAGE.format("<script>throw new Error('thrown')</script>"),
    "/missing": PAGE.format("<img src='/nowhere.png' alt=''>"),
    "/outside": PAGE.format("<img src='http://example.org/picture.png' alt=''>"),
    "/held": PAGE.format("<p>ready</p><script>fetch('/slow').catch(() => null)</script>"),
    "/dropped": PAGE.format(
        "<script>const stop = new AbortController(); fetch('/slow', {signal: stop.signal})"
        ".catch(() => { document.querySelector('h1').textContent = 'Dropped' }); stop.abort()</script>"
    ),
    "/nameless": PAGE.format("<input type='text'>"),
    "/pale": PAGE.format("<p style='color: #ccc; background: #fff'>hardly to be read</p>"),
}


class Small(BaseHTTPRequestHandler):
    """A server of small pages; `/slow` does not answer before the tests are over, `/file` is a download."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            HELD.wait(30)
        found = PAGES.get(self.path, "a,b\n" if self.path in ("/file", "/slow") else None)
        self.send_response(200 if found is not None or self.path == "/favicon.ico" else 404)
        self.send_header("Content-Type", "text/csv" if self.path == "/file" else "text/html; charset=utf-8")
        if self.path == "/file":
            self.send_header("Content-Disposition", 'attachment; filename="file.csv"')
        self.end_headers()
        self.wfile.write((found or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """Return the address of the small pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Small)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    HELD.set()
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def own(browser: Browser) -> Iterator[BrowserContext]:
    """Return a context that only the test's own watch follows."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/told", "console: told"),
        ("/thrown", "page error: "),
        ("/missing", "answer 404: GET "),
        ("/outside", "left this machine: http://example.org"),
        ("/dropped", "aborted: GET "),
    ],
)
def test_each_kind_of_fault_is_seen(own: BrowserContext, small: str, path: str, fault: str) -> None:
    """Each of these must fail a test of the dashboard, and must not where the test expects it."""
    watch = Watch()
    watch.follow(own)
    page = own.new_page()
    page.goto(small + path)
    if path == "/dropped":
        page.get_by_role("heading", name="Dropped").wait_for()
    page.wait_for_load_state("networkidle")
    watch.settle()
    assert any(each.startswith(fault) for each in watch.unexpected()), watch.unexpected()
    watch.expect(".*")
    assert watch.unexpected() == []


def test_moving_on_and_downloading_are_no_faults(own: BrowserContext, small: str) -> None:
    """A browser drops what it was loading when people move on; that is no fault of the page."""
    watch = Watch()
    watch.follow(own)
    page = own.new_page()
    with page.expect_request("**/slow"):
        page.goto(f"{small}/held", wait_until="commit")
    page.goto(small)
    with page.expect_download() as coming:
        page.get_by_role("link", name="file").click()
    assert coming.value.suggested_filename == "file.csv"
    page.get_by_role("link", name="other").click()
    page.get_by_text("other").wait_for()
    watch.settle()
    assert watch.unexpected() == []
    assert watch._aborted, "nothing was dropped: the test has no object"


def test_barriers_are_found_in_both_themes(own: BrowserContext, small: str) -> None:
    """A field without a name and pale words are what axe is there to find; a plain page has nothing."""
    page = own.new_page()
    page.goto(f"{small}/nameless")
    assert [line[:5] for line in barriers(page) if "label (critical)" in line] == ["light", "dark:"]
    page.goto(f"{small}/pale")
    assert any("color-contrast (serious) at p" in line for line in barriers(page))
    page.goto(small)
    assert barriers(page) == []

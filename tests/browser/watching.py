"""Whatever goes wrong in a browser while a test looks elsewhere: errors, failed requests, requests that leave."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Download, Page, Request, Response, WebError, WebSocket

HOME = {"127.0.0.1", "localhost"}
LOCAL = {"data", "blob", "about", "chrome-error"}
ABORTED = "net::ERR_ABORTED"


class Watch:
    """What went wrong in the contexts it watches, apart from what a test has said it expects."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        self._begun: dict[Request, tuple[Page | None, int]] = {}
        self._moves: dict[Page, int] = {}
        self._moving: set[Page] = set()
        self._downloads: set[str] = set()
        self._aborted: list[Request] = []

    def expect(self, pattern: str) -> None:
        """Say beforehand that faults which match a pattern belong to the test."""
        self._expected.append(re.compile(pattern))

    def follow(self, context: BrowserContext) -> None:
        """Watch a context and every page in it."""
        context.on("page", self._follow_page)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def settle(self) -> None:
        """Let every page that is still open answer once, so that all it reported before has come in."""
        for page in list(self._moves):
            if not page.is_closed():
                page.evaluate("() => 1")

    def unexpected(self) -> list[str]:
        """Return the faults that the test did not announce."""
        late = [f"aborted: {request.method} {request.url}" for request in self._aborted if not self._excused(request)]
        return [fault for fault in self.faults + late if not any(each.search(fault) for each in self._expected)]

    def _follow_page(self, page: Page) -> None:
        self._moves[page] = 0
        page.on("websocket", self._socket)
        page.on("framenavigated", lambda frame: self._moved(page) if frame == page.main_frame else None)
        page.on("domcontentloaded", lambda moved: self._moving.discard(moved))
        page.on("download", self._download)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.faults.append(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        self._at_home(request.url)
        page = page_of(request)
        if page is not None and request.is_navigation_request() and request.frame == page.main_frame:
            self._moving.add(page)
        self._begun[request] = (page, self._moves.get(page, 0) if page else 0)

    def _moved(self, page: Page) -> None:
        """Count a move to another document; a page that only writes its address anew asks for none."""
        if page in self._moving:
            self._moves[page] += 1

    def _failed(self, request: Request) -> None:
        if request.failure == ABORTED:
            self._aborted.append(request)
        else:
            self.faults.append(f"failed: {request.method} {request.url}: {request.failure}")

    def _excused(self, request: Request) -> bool:
        """Return whether a request was dropped by a move to another page, by closing it, or became a download."""
        page, moves = self._begun.get(request, (None, 0))
        return page is None or page.is_closed() or self._moves[page] > moves or request.url in self._downloads

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self.faults.append(f"answer {response.status}: {response.request.method} {response.url}")

    def _socket(self, socket: WebSocket) -> None:
        self._at_home(socket.url)
        socket.on("socketerror", lambda error: self.faults.append(f"socket error: {error}"))

    def _download(self, download: Download) -> None:
        self._downloads.add(download.url)

    def _at_home(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in LOCAL and parts.hostname not in HOME:
            self.faults.append(f"left this machine: {url}")


def page_of(request: Request) -> Page | None:
    """Return the page that made a request; None for a worker's, or before the page is known."""
    try:
        return request.frame.page
    except Exception:
        return None

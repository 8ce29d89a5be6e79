"""One browser at the page Results, without the browser: it loads the page, speaks Solara's protocol, and keeps widgets.

A headless browser per student would measure the browsers. What is left out is what a browser does by itself: drawing,
playing a history that it has. What the server does for a student is all here.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from browser.server import Server
from load.messages import Message, read, written

SECONDS = 60.0
"""An answer that takes longer counts as lost."""
LOADED = re.compile(r'(?:src|href)="(/[^"#]+)"')
Sign = Callable[[str, Message], bool]
"""Whether a widget's news (its id and what is new in its state) is what somebody waits for; asked also when the server
has finished with a message, with no widget and no news."""


class Lost(Exception):
    """An answer that did not come."""


class Visitor:
    """A visitor of the dashboard.

    Parameters
    ----------
    server : the dashboard.

    Attributes
    ----------
    widgets : the state of each widget on the page, by its id.
    done : the numbers of the messages with which the server has finished.
    errors : what the server reported besides answers.
    bytes : how much has come over the wire.
    """

    def __init__(self, server: Server) -> None:
        self.url, self.cookies = server.url, server.cookies
        self.session, self.kernel, self.control = uuid4().hex, str(uuid4()), uuid4().hex
        self.widgets: dict[str, Message] = {}
        self.done: set[str] = set()
        self.bytes = 0
        self.wire: ClientConnection | None = None
        self.errors: list[str] = []
        self._waiting: list[tuple[Sign, asyncio.Future[float]]] = []
        self._loaded: set[str] = set()

    async def __aenter__(self) -> Visitor:
        """Begin with an empty cache."""
        self.http = httpx.AsyncClient(base_url=self.url, cookies=self.cookies, timeout=SECONDS)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab, as a browser does: it tells the server and hangs up."""
        await self.leave()

    async def open(self, path: str) -> None:
        """Load a page and all it names, connect, and have the page drawn."""
        page = await self.http.get(path)
        page.raise_for_status()
        named = {name for name in LOADED.findall(page.text) if not name.startswith("//")} - self._loaded
        self._loaded |= named
        for answer in await asyncio.gather(*map(self.http.get, named)):
            answer.raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        address = f"{self.url.replace('http', 'ws', 1)}/jupyter/api/kernels/{self.kernel}/channels"
        self.wire = await connect(
            f"{address}?session_id={self.session}",
            additional_headers={"Cookie": cookies},
            max_size=None,
            proxy=None,
        )
        self._reading = asyncio.create_task(self._read(self.wire))
        await self._send("comm_open", {"comm_id": self.control, "target_name": "solara.control", "data": {}})
        run = {"path": path, "dark": False, "themes": {"light": {}, "dark": {}}, "appName": None}
        drawn = self.sign(lambda widget, state: widget == self.control)
        await self._send("comm_msg", {"comm_id": self.control, "data": {"method": "run", "args": run}})
        await self.seen(drawn)

    async def leave(self, *, rudely: bool = False) -> None:
        """Close the tab; rudely is a laptop that is shut, of which the server hears only that the line is dead."""
        if self.wire is not None:
            if not rudely:
                await self.http.post(f"/_solara/api/close/{self.kernel}?session_id={self.session}")
            self._reading.cancel()
            await self.wire.close()
            self.wire = None
        await self.http.aclose()

    async def set(self, widget: str, name: str, value: object, *, final: bool) -> str:
        """Give an input a value, passing or final; return the number of the message."""
        return await self._custom(widget, {"name": name, "value": value, "final": final})

    def sign(self, wanted: Sign) -> asyncio.Future[float]:
        """Return what will be the moment at which news come for which somebody waits; now, if they are there."""
        coming: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, coming))
        if wanted("", {}):
            coming.set_result(time.monotonic())
        return coming

    async def seen(self, coming: asyncio.Future[float]) -> float:
        """Wait for a sign; raise Lost if it does not come."""
        try:
            return await asyncio.wait_for(coming, SECONDS)
        except TimeoutError:
            raise Lost(f"no answer within {SECONDS:.0f} s") from None

    async def _custom(self, widget: str, content: Message) -> str:
        return await self._send("comm_msg", {"comm_id": widget, "data": {"method": "custom", "content": content}})

    async def _send(self, kind: str, content: Message) -> str:
        if self.wire is None:
            raise Lost("the page is not open")
        number = uuid4().hex
        await self.wire.send(written(self.session, number, kind, content))
        return number

    async def _read(self, wire: ClientConnection) -> None:
        async for frame in wire:
            self.bytes += len(frame)
            now = time.monotonic()
            message = read(frame)
            self._hear(message["header"]["msg_type"], message["content"], now)
            if message["content"].get("execution_state") == "idle":
                self.done.add(message["parent_header"].get("msg_id", ""))
                self._tell("", {}, now)

    def _hear(self, kind: str, content: Message, now: float) -> None:
        if kind in ("error", "stream"):
            self.errors.append(str(content)[:500])
        if not kind.startswith("comm_"):
            return
        widget, data = content["comm_id"], content.get("data", {})
        if kind == "comm_close":
            self.widgets.pop(widget, None)
            return
        state = data.get("state", data)
        if kind == "comm_open" or data.get("method") == "update":
            self.widgets.setdefault(widget, {}).update(state)
        if data.get("method") != "echo_update":
            self._tell(widget, state, now)

    def _tell(self, widget: str, state: dict[str, Any], now: float) -> None:
        for pair in list(self._waiting):
            wanted, coming = pair
            if coming.done() or wanted(widget, state):
                self._waiting.remove(pair)
                if not coming.done():
                    coming.set_result(now)

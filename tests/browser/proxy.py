"""What stands between browser and dashboard: a wire that can be cut and mended, and a proxy with a path of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from types import TracebackType

import httpx
import uvicorn
from starlette.types import Receive, Scope, Send
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed


class Wire:
    """Passes TCP connections on to a port of this machine, until it is cut.

    Parameters
    ----------
    to : the port at the other end.

    Attributes
    ----------
    breaks_in : bytes in whose midst it breaks the connection that carries them, once.
    """

    def __init__(self, to: int) -> None:
        self.to, self.whole, self.breaks_in = to, True, b""
        self._ends: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    def __enter__(self) -> Wire:
        """Begin to pass connections on."""
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Cut it for good."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(5)

    def cut(self) -> None:
        """Drop every connection and take no new one."""
        self.whole = False
        with self._lock:
            for end in self._ends:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Take connections again; those that were cut stay cut."""
        self.whole = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            self._join(near)

    def _join(self, near: socket.socket) -> None:
        far = None
        with contextlib.suppress(OSError):
            far = socket.create_connection(("127.0.0.1", self.to)) if self.whole else None
        if far is None:
            near.close()
            return
        with self._lock:
            self._ends |= {near, far}
        for pair in ((near, far), (far, near)):
            thread = threading.Thread(target=self._pump, args=pair, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.breaks_in and self.breaks_in in data:
                    target.sendall(data[: data.index(self.breaks_in) + 1])
                    self.breaks_in = b""
                    break
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            first = source in self._ends
            self._ends -= {source, target}
        if not first:  # the other direction is done too: nobody uses the pair any more
            source.close()
            target.close()


class PathProxy:
    """A reverse proxy that shows a dashboard at a path, as JupyterHub does.

    Parameters
    ----------
    to : the dashboard's port.
    prefix : the path.
    strips : whether it takes the path off what it passes on.
    sockets : whether it lets WebSockets through.
    """

    def __init__(self, to: int, prefix: str, *, strips: bool = True, sockets: bool = True) -> None:
        self.to, self.prefix, self.strips, self.sockets = to, prefix, strips, sockets
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._server = uvicorn.Server(
            uvicorn.Config(self._answer, interface="asgi3", log_level="error", lifespan="off")
        )
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)

    def __enter__(self) -> PathProxy:
        """Begin to pass requests on."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode()
        below = path.startswith(f"{self.prefix}/")
        path = path.removeprefix(self.prefix) if self.strips else path
        address = f"127.0.0.1:{self.to}{path}?{scope['query_string'].decode()}".rstrip("?")
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        if scope["type"] == "websocket":
            await self._talk(f"ws://{address}", headers, below and self.sockets, receive, send)
        else:
            await self._fetch(f"http://{address}" if below else "", scope["method"], headers, receive, send)

    async def _fetch(
        self, address: str, method: str, headers: list[tuple[str, str]], receive: Receive, send: Send
    ) -> None:
        status, told, content = 404, [], b"not here\n"
        body = b""
        while (part := await receive())["type"] == "http.request":
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        if address:
            async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
                request = client.build_request(method, address, headers=headers, content=body)
                answer = await client.send(request, stream=True)
                content = b"".join([part async for part in answer.aiter_raw()])
                status = answer.status_code
                told = [
                    pair for pair in answer.headers.raw if pair[0].lower() not in (b"transfer-encoding", b"connection")
                ]
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": content})

    async def _talk(
        self, address: str, headers: list[tuple[str, str]], lets: bool, receive: Receive, send: Send
    ) -> None:
        await receive()
        if not lets:
            await send({"type": "websocket.close"})
            return
        kept = {name: value for name, value in headers if name in ("cookie", "origin", "user-agent")}
        async with connect(address, additional_headers=kept, max_size=None, proxy=None) as far:
            await send({"type": "websocket.accept"})

            async def back() -> None:
                with contextlib.suppress(ConnectionClosed):
                    async for message in far:
                        await send({"type": "websocket.send", "text" if isinstance(message, str) else "bytes": message})

            answering = asyncio.create_task(back())
            with contextlib.suppress(ConnectionClosed):
                while (message := await receive())["type"] == "websocket.receive":
                    await far.send(message.get("bytes") or message.get("text") or b"")
            answering.cancel()

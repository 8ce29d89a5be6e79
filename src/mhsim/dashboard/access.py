"""Access control: the server answers only its own pages, for the user who started it.

Any page open in the same browser can send requests to 127.0.0.1, and so can any other user of the machine. Therefore
every request and WebSocket is checked before anything else sees it: the name it was sent to (``Host``: no other site
can give itself our name), the page it comes from (``Origin`` and ``Sec-Fetch-Site``), and a secret token, from the
address that the command prints or from the cookie that this address sets.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from html import escape
from urllib.parse import unquote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mhsim.errors import InputError, shortened

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
"""Names of this machine as it calls itself; no site elsewhere can have them."""
PREFIX = re.compile(r"(/[\w.~@%+-]+)*")
PREFIX_HEADERS = ("x-forwarded-prefix", "x-script-name")
SHORTEST_TOKEN = 16
OPEN_TO_ALL = ("/readyz",)
"""Paths that need no token: they say that the server runs, and nothing else."""
ROOT = "mhsim.root"
"""Key of the ASGI scope: the path prefix under which the browser sees the application; empty at the root of a host."""
HEADERS = {
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every answer: no other site learns an address, or puts a page of ours into a frame of its own."""
REFUSED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No access – mhsim</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body style="font: 1.1rem/1.5 sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem">
<h1>This page needs its key</h1>
<p>The dashboard only answers the person who started it. Open the whole address that <code>mhsim dashboard</code>
printed, with <code>token=</code> and what follows it; this browser remembers it from then on. If the dashboard was
started again since, its token is a new one.</p>
<p>If you came here by a link from another site: <a href="{here}">open this page</a>.</p></body></html>
"""


@dataclass(frozen=True)
class Access:
    """Who is answered, and under which addresses.

    Attributes
    ----------
    token : str
        The secret; at least 16 characters.
    port : int
        The port listened on; part of the cookie's name, since browsers share cookies between ports.
    hosts : frozenset of str
        Names of this server besides those of the loopback, in small letters: that of a proxy or of this machine.
    root_path : str
        The path prefix under which a proxy shows the pages, such as ``/user/ann/proxy/8765``; empty without one.
    trust_prefix : bool
        Whether the prefix is taken from the proxy's header ``X-Forwarded-Prefix`` or ``X-Script-Name``.
    """

    token: str
    port: int
    hosts: frozenset[str] = field(default_factory=frozenset)
    root_path: str = ""
    trust_prefix: bool = False

    def __post_init__(self) -> None:
        """Raise InputError if the token is short enough to be guessed or the prefix is no path."""
        if len(self.token) < SHORTEST_TOKEN or not self.token.isascii() or not self.token.isprintable():
            raise InputError(f"the token needs at least {SHORTEST_TOKEN} plain characters")
        if not PREFIX.fullmatch(self.root_path):
            raise InputError(f"--root-path: given {shortened(self.root_path)}; write it as in /user/ann/proxy/8765")

    @property
    def cookie(self) -> str:
        """The name of the cookie that holds the token."""
        return f"mhsim-{self.port}"

    def root(self, headers: Headers) -> str:
        """Return the path prefix of a request: the one given at the start, or the proxy's where that is trusted."""
        told = next((headers[name] for name in PREFIX_HEADERS if headers.get(name)), "").rstrip("/")
        return told if self.trust_prefix and told and PREFIX.fullmatch(told) else self.root_path

    def admits(self, token: str) -> bool:
        """Whether a token is the right one, compared in constant time."""
        return hmac.compare_digest(token.encode(), self.token.encode())


class Guard:
    """ASGI middleware that refuses what `Access` does not allow, and removes token and path prefix from the rest."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self.app, self.access = app, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it; a WebSocket is refused before it is opened."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        root = self.access.root(headers)
        parts = scope["query_string"].decode("latin-1").split("&")
        by_address = any(self.access.admits(unquote(part[6:])) for part in parts if part.startswith("token="))
        query = "&".join(part for part in parts if not part.startswith("token="))
        path = _below(scope["path"], root)
        inner = {**scope, ROOT: root, "path": path, "root_path": "", "query_string": query.encode("latin-1")}
        refusal = self._refusal(inner, headers, by_address)
        if refusal is None and inner["path"] == "":
            refusal = RedirectResponse(f"{root}/?{scope['query_string'].decode('latin-1')}".rstrip("?"))
        if refusal is None:
            await self.app(inner, receive, self._sender(send, root, by_address))
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            refusal.headers.update({**HEADERS, "Cache-Control": "no-store"})
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers, by_address: bool) -> Response | None:
        """Return the answer to a request that is refused; None if it is allowed."""
        host = headers.get("host", "")
        name = _hostname(f"//{host}")
        if name not in LOOPBACK | self.access.hosts:
            said = f"this dashboard does not answer to the name '{shortened(name)}'; start it with --allow-host NAME"
            return PlainTextResponse(f"{said}\n", 400)
        if not self._same_place(scope, headers, host):
            return PlainTextResponse("this is asked for by a page of another place; open it from the dashboard\n", 403)
        cookies = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
        by_cookie = any(key == self.access.cookie and self.access.admits(value) for key, _, value in cookies)
        if by_address or by_cookie or scope["path"] in OPEN_TO_ALL:
            return None
        here = scope["path"].rsplit("/", 1)[-1]
        query = scope["query_string"].decode("latin-1")
        return HTMLResponse(REFUSED.format(here=escape(f"./{here}?{query}".rstrip("?"))), 403)

    def _same_place(self, scope: Scope, headers: Headers, host: str) -> bool:
        """Whether a request comes from one of our pages, from no page at all, or only opens a page by a link."""
        origin = headers.get("origin")
        if origin is not None:
            return urlsplit(origin).netloc == host != "" or _hostname(origin) in self.access.hosts
        by_link = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        from_here = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        return from_here or (by_link and scope.get("method") == "GET" and not scope["path"].startswith("/get/"))

    def _sender(self, send: Send, root: str, by_address: bool) -> Send:
        """Return the sender of an answer, with our headers and, where the address held the token, the cookie."""

        async def sender(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if by_address:
                    kept = f"{self.access.cookie}={self.access.token}; Path={root or '/'}; HttpOnly; SameSite=Strict"
                    headers.append("set-cookie", kept)
            await send(message)

        return sender


def _below(path: str, root: str) -> str:
    """Return a path without its prefix, whether or not the proxy has taken that away."""
    return path[len(root) :] if root and (path == root or path.startswith(f"{root}/")) else path


def _hostname(address: str) -> str:
    """Return the host that an address names, in small letters; empty where it names none."""
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""

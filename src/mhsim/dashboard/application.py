"""The web application: pages by Solara, our files as they stand, documents that an address describes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import pandas  # noqa: F401 - before any thread: pyarrow imports it at its first array, and pages ask a half imported one
from solara.server import server as solara_server
from solara.server import starlette as by_solara
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.access import ROOT, Access, Guard
from mhsim.dashboard.document_routes import documents
from mhsim.dashboard.layout import PAGES
from mhsim.palette import variables

STYLES = ("style.css", "results/results.css")
NO_FILES = (
    "The files of this page were not found at {root}/mhsim/. Behind a proxy, start mhsim dashboard with --root-path "
    "and the path at which the proxy shows it."
)
"""Said by the page itself where none of our files comes."""
CLIENT_PAGES = ("explore", "turnover", "lessons", "class")
"""Pages that live in the browser."""
EARLY = ("fields.js", "results/table.js", "theme_switch.js")
"""Modules that the browser fetches while it still reads Solara's own code, so that no widget waits for them later."""


class BrowserFiles(StaticFiles):
    """Our JavaScript and style, checked for news at each visit so that an upgrade never mixes versions."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be asked for again each time; an unchanged one costs a few bytes."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def page(request: Request) -> Response:
    """Return the page that Solara makes, with a language, our style, and text that can be enlarged."""
    root, path = str(request.scope[ROOT]), str(request.scope["path"])
    if path != "/" and path.endswith("/"):
        return RedirectResponse(f"{root}{path.rstrip('/')}?{request.url.query}".rstrip("?"))
    html = solara_server.read_root(path, root)
    if html is None:
        return not_found(request)
    html = html.replace("<html>", '<html lang="en">', 1)
    start = html.index('<meta name="viewport"')
    end = html.index(">", html.index('favicon.svg"', start)) + 1
    early = "".join(f'<link rel="modulepreload" href="{root}/mhsim/{path}">' for path in EARLY)
    response = HTMLResponse(html[:start] + head(root) + early + html[end:])
    session = solara_server.get_session_id_cookie(request.cookies) or str(uuid4())
    response.set_cookie(
        solara_server.COOKIE_KEY_SESSION_ID, session, path=root or "/", httponly=True, samesite="strict"
    )
    return response


def head(root: str) -> str:
    """Return what each page has in its head: icon, style, and the script that is run before all others."""
    styles = "".join(f'<link rel="stylesheet" href="{root}/mhsim/{name}">' for name in STYLES)
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="description" content="A simulation of mutual help groups">'
        f'<link rel="icon" type="image/svg+xml" href="{root}/mhsim/icon.svg">{styles}'
        f'<style>:root{{{variables()}}}[data-theme="dark"]{{{variables(dark=True)}}}</style>'
        "<script>function mhsimNoFiles() "
        f"{{ document.write('<p role=alert>{NO_FILES.format(root=root)}</p>') }}</script>"
        f'<script src="{root}/mhsim/theme.js"></script>'
        f'<script src="{root}/mhsim/first.js" onerror="mhsimNoFiles()"></script>'
    )


def not_found(request: Request, _error: Exception | None = None) -> Response:
    """Return a page that says there is none here, and where the pages are."""
    root = request.scope.get(ROOT, "")
    links = "".join(f'<li><a href="{root}{path}">{label}</a>: {about}</li>' for path, label, about in PAGES)
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><title>No such page – mhsim</title>'
        f'{head(root)}</head><body class="v-application"><main class="frame"><h1>There is no such page</h1>'
        f"<p>These are the pages:</p><ul>{links}</ul></main></body></html>",
        404,
    )


def icon(request: Request) -> Response:
    """Return our icon where browsers look for one beside a plain document."""
    return FileResponse(BROWSER_FILES / "icon.svg", media_type="image/svg+xml")


Files = Mapping[str, bytes]
"""The files of the pages that live in the browser: `index.html`, which each of them is, and others by name."""
TYPES = {".js": "text/javascript", ".css": "text/css", ".bin": "application/octet-stream"}


def of_client(files: Files) -> list[Route]:
    """Return the routes of the pages that live in the browser; their files never change under one name."""

    def page_of(request: Request) -> Response:
        return HTMLResponse(files["index.html"], headers={"Cache-Control": "no-cache"})

    def file_of(request: Request) -> Response:
        name = request.path_params["name"]
        content = files.get(name)
        if content is None or name == "index.html":
            return not_found(request)
        kept = {"Cache-Control": "private, max-age=31536000, immutable"}
        return Response(content, media_type=TYPES[Path(name).suffix], headers=kept)

    pages = [Route(f"/{name}", endpoint=page_of) for name in ("", *CLIENT_PAGES)]
    return [*pages, Route("/app/{name}", endpoint=file_of)]


def application(access: Access, files: Files) -> Starlette:
    """Return the application, which answers only what `access` allows; see `mhsim.dashboard.server` for how it runs."""
    replaced = ("/", "/{fullpath}", "/{fullpath:path}")
    by_others = [route for route in by_solara.routes if getattr(route, "path", "") not in replaced]
    return Starlette(
        routes=[
            Mount("/mhsim", app=BrowserFiles(directory=BROWSER_FILES)),
            *documents(),
            *of_client(files),
            *by_others,
            Route("/favicon.ico", endpoint=icon),
            Route("/{fullpath:path}", endpoint=page),
        ],
        exception_handlers={404: not_found},
        lifespan=by_solara.lifespan,
        middleware=[Middleware(Guard, access=access), *by_solara.middleware],
    )

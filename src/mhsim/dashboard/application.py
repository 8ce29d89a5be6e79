"""The web application: pages by Solara, our files as they stand, documents that an address describes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from solara.server import starlette as by_solara
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from mhsim.dashboard.document_routes import documents
from mhsim.dashboard.pages import PAGES

BROWSER_FILES = Path(__file__).parent / "browser"
HOSTS = ["127.0.0.1", "localhost"]
"""Other names are refused, so that no page elsewhere can talk to this server by a name of its own."""
HEAD = """<meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="description" content="A simulation of mutual help groups">
    <link rel="icon" type="image/svg+xml" href="/mhsim/icon.svg">
    <link rel="stylesheet" href="/mhsim/style.css">
    <link rel="stylesheet" href="/mhsim/figures.css">
    <link rel="stylesheet" href="/mhsim/results/results.css">
    <link rel="stylesheet" href="/mhsim/turnover.css">
    <link rel="stylesheet" href="/mhsim/lessons.css">
    <script src="/mhsim/theme.js"></script>"""
EARLY = ("*.js", "replay/*.js")
"""Modules that the browser fetches while it still reads Solara's own code, so that nobody waits for them later."""


class BrowserFiles(StaticFiles):
    """Our JavaScript and style, checked for news at each visit so that an upgrade never mixes versions."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, to be asked for again each time; an unchanged one costs a few bytes."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def page(request: Request) -> Response:
    """Return the page that Solara makes, with a language, our style, and text that can be enlarged."""
    response: Response = await by_solara.root(request, request.path_params.get("fullpath", ""))
    if not isinstance(response, HTMLResponse):
        return response
    html = bytes(response.body).decode()
    html = html.replace("<html>", '<html lang="en">', 1)
    start = html.index('<meta name="viewport"')
    end = html.index(">", html.index('favicon.svg"', start)) + 1
    changed = HTMLResponse(html[:start] + HEAD + early_modules() + html[end:], response.status_code)
    for name, value in response.raw_headers:
        if name == b"set-cookie":
            changed.raw_headers.append((name, value))
    return changed


@cache
def early_modules() -> str:
    """Return the links that make the browser fetch our modules early; `theme.js` is a plain script."""
    files = sorted(file for pattern in EARLY for file in BROWSER_FILES.glob(pattern) if file.name != "theme.js")
    paths = (file.relative_to(BROWSER_FILES).as_posix() for file in files)
    return "".join(f'<link rel="modulepreload" href="/mhsim/{path}">' for path in paths)


def not_found(request: Request, error: Exception) -> Response:
    """Return a page that says there is none here, and where the pages are."""
    links = "".join(f'<li><a href="{path}">{label}</a>: {about}</li>' for path, label, about in PAGES)
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><title>No such page – mhsim</title>'
        f'{HEAD}</head><body class="v-application"><main class="frame"><h1>There is no such page</h1>'
        f"<p>These are the pages:</p><ul>{links}</ul></main></body></html>",
        404,
    )


def icon(request: Request) -> Response:
    """Return our icon where browsers look for one beside a plain document."""
    return FileResponse(BROWSER_FILES / "icon.svg", media_type="image/svg+xml")


def application() -> Starlette:
    """Return the application; see `mhsim.dashboard.server` for how it is run."""
    replaced = ("/", "/{fullpath}", "/{fullpath:path}")
    by_others = [route for route in by_solara.routes if getattr(route, "path", "") not in replaced]
    return Starlette(
        routes=[
            Mount("/mhsim", app=BrowserFiles(directory=BROWSER_FILES)),
            *documents(),
            *by_others,
            Route("/favicon.ico", endpoint=icon),
            Route("/", endpoint=page),
            Route("/{fullpath:path}", endpoint=page),
        ],
        exception_handlers={404: not_found},
        lifespan=by_solara.lifespan,
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS), *by_solara.middleware],
    )

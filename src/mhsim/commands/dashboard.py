"""`mhsim dashboard`: pages in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


def dashboard(
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCENARIO|DIR]",
            help="A shipped scenario, a scenario file, or the folder of a run or study.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.", show_default="8765, or the next free one")
    ] = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Open pages to explore, compare and learn in a browser.

    It runs on this machine alone (127.0.0.1); no request leaves it.
    """
    from mhsim.dashboard.server import serve

    serve(target, port, open_browser=open_browser)

"""`mhsim dashboard`: pages in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


def dashboard(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO|DIR]...",
            help="A shipped scenario, a scenario file, or folders of runs and studies; the first is opened. Other "
            "folders than these can only be opened from below the working folder.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen at.", show_default="8765, or the next free one")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen at; 0.0.0.0 for all of this machine.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name under which browsers reach it, such as a proxy's; repeatable."),
    ] = None,
    root_path: Annotated[
        str,
        typer.Option(metavar="PATH", help="Path at which a proxy shows it, as /user/ann/proxy/8765.", show_default=""),
    ] = "",
    proxy_prefix: Annotated[
        bool, typer.Option("--proxy-prefix", help="Take that path from the proxy's header X-Forwarded-Prefix.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Open pages to explore, compare and learn in a browser.

    It listens on this machine alone unless --host says otherwise, no request leaves it, and it answers only whoever has
    the address that it prints.
    """
    from mhsim.dashboard.server import serve

    serve(
        targets or [],
        port,
        host=host,
        allow_hosts=allow_host or [],
        root_path=root_path,
        proxy_prefix=proxy_prefix,
        open_browser=open_browser,
    )

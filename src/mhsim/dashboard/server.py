"""The server behind the pages: Solara on this machine, with our own files and documents beside it.

Everything the browser needs comes from this machine. The address that assets would otherwise be fetched from is set
to one where nobody answers, so a missing file shows here and not only where there is no internet. Who is answered is
said in `mhsim.dashboard.access`.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlencode

from mhsim.errors import InputError, shortened
from mhsim.user_paths import user_path

HOST = "127.0.0.1"
PORT = 8765
TOKEN_VARIABLE = "MHSIM_DASHBOARD_TOKEN"
"""Environment variable with a token to use instead of a new one, for servers whose address must stay the same."""
SETTINGS = {
    "SOLARA_APP": "mhsim.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "false",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "mhsim",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_SESSION_HTTP_ONLY": "true",
    "SOLARA_STATE_AUTO_REMOUNT": "true",  # a page whose session is gone is drawn again: its address says all of it
}
"""What Solara reads from the environment. What a user sets stays as set, but for the application itself."""


def start_address(targets: Sequence[str] = ()) -> str:
    """Return the path that the browser opens first; folders among the targets may be opened from then on.

    Parameters
    ----------
    targets : sequence of str
        A shipped scenario by its name or a scenario file, and any number of folders: of a run, of a study, or of
        several of these. The first one is opened.

    Raises
    ------
    InputError
        If a target is none of these, a scenario is not allowed, or there are two scenarios.
    """
    from mhsim.dashboard.results.results_folder import allow_folder, is_results

    folders = [user_path(target) for target in targets if user_path(target).is_dir()]
    scenarios = [target for target in targets if not user_path(target).is_dir()]
    for folder in folders:
        allow_folder(folder)
    if len(scenarios) > 1:
        raise InputError(f"one scenario can be opened at a time; given are {', '.join(map(shortened, scenarios))}")
    opened = _scenario_address(scenarios[0]) if scenarios else "/"
    if scenarios and targets[0] == scenarios[0]:
        return opened
    if folders:
        first = folders[0].resolve()
        return f"/results?{urlencode({'folder': str(first)})}" if is_results(first) else "/results"
    return opened


def _scenario_address(name: str) -> str:
    """Return the address that shows a scenario in Explore."""
    from mhsim.dashboard.scenario_state import situation_of
    from mhsim.dashboard.url_state import address_of
    from mhsim.plugins import without_rule_code
    from mhsim.scenario_io.loader import read_scenario

    with without_rule_code():
        scenario = read_scenario(name)
    return f"/explore?{address_of(situation_of(scenario)).query()}"


def listening(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens: at the port asked for, or at the usual one or the next that is free.

    Raises
    ------
    InputError
        If the port asked for is in use, or the address is none of this machine.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port or PORT, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise InputError(f"--host: '{shortened(host)}' is no address") from None
    reason = ""
    for wanted in range(PORT, PORT + 50) if port is None else [port]:
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((place[0], wanted, *place[2:]))
        except OSError as error:
            found.close()
            reason = error.strerror or str(error)
            continue
        return found
    if port is None and "in use" not in reason:
        raise InputError(f"--host: nothing can listen at {shortened(host)}: {reason}")
    raise InputError(f"--port: {port or PORT} cannot be used ({reason}); choose another, or leave the option out")


def serve(
    targets: Sequence[str] = (),
    port: int | None = None,
    *,
    host: str = HOST,
    allow_hosts: Sequence[str] = (),
    root_path: str = "",
    proxy_prefix: bool = False,
    open_browser: bool = True,
    files: Callable[[], Mapping[str, bytes]],
) -> None:
    """Serve the pages until Ctrl-C.

    Parameters
    ----------
    targets : sequence of str
        What is opened first, and folders that may be opened; see `start_address`.
    port : int, optional
        Where to listen; the next free one from 8765 on unless given.
    host : str
        The address to listen at; 127.0.0.1 unless others are to reach it.
    allow_hosts : sequence of str
        Names under which browsers reach the server besides those of the loopback, such as that of a proxy.
    root_path : str
        The path prefix under which a proxy shows the pages.
    proxy_prefix : bool
        Whether that prefix is taken from the proxy's header instead.
    open_browser : bool
        Whether the page is opened in the user's browser.
    files : callable
        Gives the files of the pages that live in the browser, by name; see `mhsim.dashboard.application`.

    Raises
    ------
    InputError
        If a target or an option is wrong, the port is in use or a package of the pages is not installed.
    """
    path = start_address(targets)
    for name, value in SETTINGS.items():
        if name == "SOLARA_APP":
            os.environ[name] = value
        os.environ.setdefault(name, value)
    try:
        import uvicorn

        from mhsim.dashboard.access import Access
        from mhsim.dashboard.application import application
    except ModuleNotFoundError as error:
        raise InputError(f"the dashboard needs the package {error.name}; pip install 'mhsim[dashboard]'") from None
    at = listening(host, port)
    names = frozenset(name.strip("[]").lower() for name in (*allow_hosts, *([] if host in ANYWHERE else [host])))
    token = os.environ.get(TOKEN_VARIABLE) or secrets.token_urlsafe(24)
    access = Access(token, at.getsockname()[1], names, root_path.rstrip("/"), proxy_prefix)
    pages = files()
    shown = HOST if host in ANYWHERE else host
    key = f"{path}{'&' if '?' in path else '?'}token={token}"
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{access.port}{key}"
    print(f"mhsim dashboard: {address}  (Ctrl-C ends it)", flush=True)
    for name in sorted(set(allow_hosts)):
        print(f"others open: http://{name}:{access.port}{key}, or what a proxy makes of it", flush=True)
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    configuration = uvicorn.Config(
        application(access, pages),
        log_level="warning",
        timeout_graceful_shutdown=1,
        ws_max_size=2**24,
        proxy_headers=False,
    )
    uvicorn.Server(configuration).run([at])


ANYWHERE = ("0.0.0.0", "::", "")
"""Addresses that stand for every address of this machine; no browser names them."""

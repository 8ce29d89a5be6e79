"""The server behind the pages: Solara on 127.0.0.1, with our own files and documents beside it.

Everything the browser needs comes from this machine. The address that assets would otherwise be fetched from is set
to one where nobody answers, so a missing file shows here and not only where there is no internet.
"""

from __future__ import annotations

import os
import socket
import threading
import warnings
import webbrowser
from urllib.parse import urlencode

from mhsim.errors import InputError
from mhsim.user_paths import user_path

HOST = "127.0.0.1"
PORT = 8765
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
    "SOLARA_STATE_AUTO_REMOUNT": "true",  # a page whose session is gone is drawn anew: its address says all of it
}
"""What Solara reads from the environment. What a user sets stays as set, but for the application itself."""


def start_address(target: str | None) -> str:
    """Return the path that the browser opens first: a form by its name, a scenario file or a folder of results.

    Raises
    ------
    InputError
        If the target is none of these, or its scenario is not allowed.
    """
    if target is None:
        return "/"
    folder = user_path(target)
    if folder.is_dir():
        return f"/results?{urlencode({'folder': str(folder.resolve())})}"
    from mhsim.dashboard.scenario_state import situation_of
    from mhsim.dashboard.url_state import address_of
    from mhsim.plugins import without_rule_code
    from mhsim.scenario_io.loader import read_scenario

    with without_rule_code():
        scenario = read_scenario(target)
    return f"/explore?{address_of(situation_of(scenario)).query()}"


def free_port(wanted: int | None) -> int:
    """Return a port to listen on: the one asked for, or the usual one or the next that is free.

    Raises
    ------
    InputError
        If the port asked for is in use.
    """
    for port in range(PORT, PORT + 50) if wanted is None else [wanted]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise InputError(f"--port: {wanted or PORT} is in use; choose another, or leave the option out")


def serve(target: str | None = None, port: int | None = None, *, open_browser: bool = True) -> None:
    """Serve the pages until Ctrl-C.

    Parameters
    ----------
    target : str, optional
        A shipped form, a scenario file, or the folder of a run or study.
    port : int, optional
        Where to listen on 127.0.0.1; the next free one from 8765 on unless given.
    open_browser : bool
        Whether the page is opened in the user's browser.

    Raises
    ------
    InputError
        If the target is wrong, the port is in use or a package of the pages is not installed.
    """
    path = start_address(target)
    port = free_port(port)
    for name, value in SETTINGS.items():
        if name == "SOLARA_APP":
            os.environ[name] = value
        os.environ.setdefault(name, value)
    try:
        import uvicorn

        from mhsim.dashboard.application import application
    except ModuleNotFoundError as error:
        raise InputError(f"the dashboard needs the package {error.name}; pip install 'mhsim[dashboard]'") from None
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")  # this server speaks http, to this machine
    address = f"http://{HOST}:{port}{path}"
    threading.Thread(target=_warm, name="getting ready", daemon=True).start()
    print(f"mhsim dashboard: {address}  (Ctrl-C ends it)", flush=True)
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    configuration = uvicorn.Config(
        application(), host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=1, ws_max_size=2**24
    )
    uvicorn.Server(configuration).run()


def _warm() -> None:
    """Get compiled code and the first history ready while the browser opens."""
    from mhsim.outcomes.simulate import warm

    warm()

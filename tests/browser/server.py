"""The dashboard as its users start it: a process of its own on a free port, with everything it says kept."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType

from playwright.sync_api import BrowserContext

import mhsim
from ports import free_port

SECONDS_TO_START = 120.0
"""The first start on a machine compiles the model; a warm one takes a few seconds."""

OFFLINE = {"SOLARA_ASSETS_CDN": "http://127.0.0.1:9/", "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false"}
"""With these a file that is missing here cannot come from elsewhere unnoticed."""


def surroundings(more: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a command of this package, wherever it is started."""
    source = str(Path(mhsim.__file__).resolve().parent.parent)
    return {**os.environ, "PYTHONPATH": source, "PYTHONUNBUFFERED": "1", **OFFLINE, **(more or {})}


TOKEN = secrets.token_urlsafe(24)
"""The token of all dashboards of this session of tests, new in each."""


class Server:
    """A dashboard that runs until the block ends.

    Parameters
    ----------
    folder : where it is started, and where what it says is kept.
    what : what stands on the command line: scenarios, folders, options.
    environment : further variables.
    """

    def __init__(self, folder: Path, *what: str, environment: dict[str, str] | None = None) -> None:
        self.folder, self.what, self.environment = folder, what, environment
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.cookies = {f"mhsim-{self.port}": TOKEN}
        self.log = folder / "server.log"

    def __enter__(self) -> Server:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "mhsim", "dashboard", *self.what, "--no-open", "--port", str(self.port)]
        environment = surroundings({"MHSIM_DASHBOARD_TOKEN": TOKEN, **(self.environment or {})})
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.stop()

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid

    def admits(self, context: BrowserContext, url: str | None = None) -> None:
        """Give a browser the cookie that it gets from the address which the command prints."""
        for name, value in self.cookies.items():
            context.add_cookies(
                [{"name": name, "value": value, "url": url or self.url, "httpOnly": True, "sameSite": "Strict"}]
            )

    def said(self, since: int = 0) -> str:
        """Return what it has written, from some character on."""
        return self.log.read_text(errors="replace")[since:]

    def stop(self) -> None:
        """End its process, and no other."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while not answers(f"{self.url}/readyz"):
            if self.process.poll() is not None:
                raise AssertionError(f"the dashboard ended by itself ({self.process.returncode}):\n{self.said()}")
            if time.monotonic() > until:
                raise AssertionError(f"the dashboard did not answer in {SECONDS_TO_START:.0f} s:\n{self.said()}")
            time.sleep(0.05)


def answers(url: str) -> bool:
    """Return whether an address answers without an error."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False

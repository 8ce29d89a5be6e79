"""What the server is doing, seen from outside: memory, threads, sessions, as time goes on."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import psutil

from browser.server import Server

EVERY = 5.0
MEGABYTE = 1e6


@dataclass(frozen=True)
class Look:
    """One look at the server: seconds since the beginning, memory in MB, threads, sessions, processor seconds."""

    seconds: float
    megabytes: float
    threads: int
    sessions: int
    processor: float


@dataclass
class Watching:
    """Looks at a server every few seconds.

    Parameters
    ----------
    server : the dashboard.
    """

    server: Server
    looks: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self._process = psutil.Process(self.server.pid)

    async def look(self) -> Look:
        """Look once; asking for `/readyz` also lets the web server end threads that were idle for long."""
        async with httpx.AsyncClient(base_url=self.server.url, cookies=self.server.cookies, timeout=60) as http:
            await http.get("/readyz")
            told: dict[str, Any] = (await http.get("/resourcez")).json()
        times = self._process.cpu_times()
        found = Look(
            round(time.monotonic() - self.began, 1),
            round(self._process.memory_info().rss / MEGABYTE, 1),
            self._process.num_threads(),
            told["kernels"]["total"],
            round(times.user + times.system, 2),
        )
        self.looks.append(found)
        return found

    async def keep_looking(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def settled(self, patience: float) -> Look:
        """Look for so many seconds, so that idle threads can end; return the last look."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            await self.look()
            await asyncio.sleep(1.0)
        return await self.look()

    async def empty(self, threads: int, patience: float) -> Look:
        """Wait until no session and no more than so many threads are left; return the last look either way."""
        until = time.monotonic() + patience
        while True:
            now = await self.look()
            if (now.sessions == 0 and now.threads <= threads) or time.monotonic() > until:
                return now
            await asyncio.sleep(1.0)

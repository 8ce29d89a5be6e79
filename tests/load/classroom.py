"""Students who each go their own way through the pages, at the pace of people who read what they see.

Their histories are lived in their own browsers, so the server hands each of them the files of the pages, once, and a
page whenever they load one anew. A few look at results, which the server draws. How soon a page answers its reader is
measured in one browser (`load.reading`).
"""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field

import httpx

from browser.server import Server
from load.pressing import OPENED, RESULTS, TURNED, Answer, choose
from load.visitor import SECONDS, Visitor

PACE = 15.0
"""Seconds that a student looks at an answer, on average; at least one second."""
ARRIVING = 15.0
"""Seconds within which a class opens the page after being told its address."""
RUDE = 0.2
"""Share of those at Results who shut the laptop instead of closing the tab."""
EACH = 6
"""One of so many looks at results."""
PAGES = ("explore", "turnover", "lessons", "class")
NAMED = re.compile(r'(?:data-at|href|src)="(\./app/[^"]+)"')
FOLDER = "results/class"
"""The study that the class has, from where the server was started."""


@dataclass
class Student:
    """One student.

    Parameters
    ----------
    server : the dashboard.
    number : which student; settles all that is random about them.
    """

    server: Server
    number: int
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def attend(self, seconds: float) -> None:
        """Come, look at things until the time is up, and go."""
        luck = random.Random(self.number)
        until = time.monotonic() + seconds
        await asyncio.sleep(luck.uniform(0, min(ARRIVING, seconds / 4)))
        look = self._results if self.number % EACH == 0 else self._pages
        try:
            await look(luck, until)
        except Exception as error:
            self.faults.append(f"student {self.number}: {type(error).__name__}: {error}")

    async def _pages(self, luck: random.Random, until: float) -> None:
        kept: set[str] = set()
        async with httpx.AsyncClient(base_url=self.server.url, cookies=self.server.cookies, timeout=SECONDS) as http:
            action = OPENED
            while True:
                at = time.monotonic()
                page = await http.get(f"/{luck.choice(PAGES)}?seed={self.number}")
                named = set(NAMED.findall(page.text)) - kept
                for answer in [page, *await asyncio.gather(*map(http.get, named))]:
                    answer.raise_for_status()
                kept |= named
                self.answers.append(Answer(action, at, time.monotonic() - at))
                action = TURNED
                if not await thinks(luck, until):
                    return

    async def _results(self, luck: random.Random, until: float) -> None:
        async with Visitor(self.server) as visitor:
            at = time.monotonic()
            await visitor.open(f"/results?folder={FOLDER}")
            self.answers.append(Answer(RESULTS, at, time.monotonic() - at))
            while await thinks(luck, until):
                self.answers.append(await choose(visitor, luck))
            self.faults += [f"student {self.number}: {told}" for told in visitor.errors]
            if luck.random() < RUDE:
                await visitor.leave(rudely=True)


async def thinks(luck: random.Random, until: float) -> bool:
    """Look at what is there; return whether there is time left for another press."""
    pause = 1.0 + luck.expovariate(1 / (PACE - 1.0))
    if time.monotonic() + pause > until:
        return False
    await asyncio.sleep(pause)
    return True

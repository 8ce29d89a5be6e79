"""Students who each go their own way through the pages, at the pace of people who read what they see."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field

from browser.server import Server
from load.pressing import Answer, Press, change_a_setting, move_a_slider, new_luck, take_a_lesson, turn_to
from load.visitor import Visitor

PACE = 15.0
"""Seconds that a student looks at an answer, on average; at least one second."""
ARRIVING = 15.0
"""Seconds within which a class opens the page after being told its address."""
STAYS = 4
"""Presses on a page before a student goes to another, on average."""
OWN_SEED = 0.5
"""Share of students who come with a seed of their own; the others open the address that the class was given."""
RUDE = 0.2
"""Share of students who shut the laptop instead of closing the tab."""
ON_A_PAGE: dict[str, tuple[Press, ...]] = {
    "Explore": (new_luck, change_a_setting),
    "Turnover": (move_a_slider,),
    "Lessons": (take_a_lesson,),
}


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
        """Come, press things until the time is up, and go."""
        luck = random.Random(self.number)
        until = time.monotonic() + seconds
        await asyncio.sleep(luck.uniform(0, min(ARRIVING, seconds / 4)))
        visitor = Visitor(self.server)
        async with visitor:
            try:
                await self._lesson(visitor, luck, until)
            except Exception as error:
                self.faults.append(f"student {self.number}: {type(error).__name__}: {error}")
            self.faults += [f"student {self.number}: {told}" for told in visitor.errors]
            if luck.random() < RUDE:
                await visitor.leave(rudely=True)

    async def _lesson(self, visitor: Visitor, luck: random.Random, until: float) -> None:
        page = luck.choice(list(ON_A_PAGE))
        at = time.monotonic()
        seed = f"?seed={self.number}" if luck.random() < OWN_SEED else ""
        await visitor.open(f"/{page.lower()}{seed}")
        self.answers.append(Answer("open the first page", at, time.monotonic() - at))
        while await self._thinks(luck, until):
            if luck.random() < 1 / STAYS:
                page = luck.choice([other for other in ON_A_PAGE if other != page])
                self.answers += await turn_to(visitor, page)
            else:
                self.answers += await luck.choice(ON_A_PAGE[page])(visitor, luck)

    async def _thinks(self, luck: random.Random, until: float) -> bool:
        """Look at what is there; return whether there is time left for another press."""
        pause = 1.0 + luck.expovariate(1 / (PACE - 1.0))
        if time.monotonic() + pause > until:
            return False
        await asyncio.sleep(pause)
        return True

"""What readers of Results press, and by what one sees that the server has answered."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from load.visitor import Lost, Visitor

OPENED, TURNED, RESULTS, PRESSED = "open the first page", "turn to a page", "open results", "choose in results"
CHOICES = {"measure": ("alive_at_end", "members_at_end", "helpers_at_end"), "table": ("runs", "summary")}
"""What can be chosen in the study that the class has."""


@dataclass
class Answer:
    """How soon one press was answered.

    Attributes
    ----------
    action : str
        What was pressed.
    at : float
        When, in seconds of the clock that only goes forward.
    first : float or None
        Seconds until the first answer; None if it was lost.
    """

    action: str
    at: float
    first: float | None


async def choose(visitor: Visitor, luck: random.Random) -> Answer:
    """Choose another measure or table; the server is done with it when the page is drawn anew."""
    groups = [(key, one["name"]) for key, state in visitor.widgets.items() for one in state.get("fields", [])]
    widget, name = luck.choice([pair for pair in groups if pair[1] in CHOICES])
    at = time.monotonic()
    try:
        number = await visitor.set(widget, name, luck.choice(CHOICES[name]), final=True)
        return Answer(PRESSED, at, await visitor.seen(visitor.sign(lambda *_: number in visitor.done)) - at)
    except Lost:
        return Answer(PRESSED, at, None)

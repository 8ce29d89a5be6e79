"""What students press, and by what one sees that the dashboard has answered."""

from __future__ import annotations

import random
import time
from asyncio import sleep
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from load.messages import Message, texts
from load.visitor import Lost, Sign, Visitor

DRAG = 0.1
"""Seconds between two values of a slider that moves, as the page sends them."""
COUNTED = "histories"


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


Press = Callable[[Visitor, random.Random], Awaitable[list[Answer]]]


def heading(widget: str, state: Message) -> bool:
    """A new page has begun: its heading is there."""
    return state.get("tag") == "h1"


def picture(widget: str, state: Message) -> bool:
    """Another history has come."""
    return bool(state.get("recordings"))


def counted(widget: str, state: Message) -> bool:
    """A sentence tells of many histories."""
    return any(COUNTED in text for text in texts(state.get("children", state.get("innerHTML", []))))


async def answered(visitor: Visitor, action: str, sign: Sign, press: Awaitable[None]) -> Answer:
    """Press, and tell how soon the first answer came."""
    coming = visitor.sign(sign)
    at = time.monotonic()
    await press
    try:
        return Answer(action, at, await visitor.seen(coming) - at)
    except Lost:
        return Answer(action, at, None)


def labelled(visitor: Visitor, label: str, tag: str = "button") -> str:
    """Return the native element with a label."""
    found = visitor.find(tag=tag, children=[label])
    if not found:
        raise LookupError(f"the page has no {tag} '{label}'")
    return found[0]


def inputs(visitor: Visitor, name: str) -> list[str]:
    """Return the groups of inputs that hold one of some name."""
    return [key for key, state in visitor.widgets.items() if name in [one["name"] for one in state.get("fields", [])]]


async def turn_to(visitor: Visitor, label: str) -> list[Answer]:
    """Go to another page by its link."""
    link = labelled(visitor, label, "a")
    return [await answered(visitor, f"to {label}", heading, visitor.press(link, "click.exact.prevent"))]


async def new_luck(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Another history of the same assumptions."""
    return [await answered(visitor, "new luck", picture, visitor.press(labelled(visitor, "New luck")))]


async def change_a_setting(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Another assumption from the week shown on."""
    name = luck.choice(("serve.turnover_per_year", "serve.succession", "help.supervision"))
    group = inputs(visitor, name)[0]
    value = luck.randrange(1, 20) / 20
    pressed = visitor.set(group, name, value, final=True)
    return [await answered(visitor, "change a setting", picture, pressed)]


async def move_a_slider(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Drag a slider of the second situation, then let it go: answers are wanted while it moves and after."""
    name, low, high, step = luck.choice(
        (
            ("serve.turnover_per_year", 0, 40, 0.1),
            ("serve.succession", 0, 20, 5.0),
            ("help.supervision", 0, 20, 5.0),
            ("community.arrivals_per_week", 2, 30, 0.1),
        )
    )
    group = luck.choice(inputs(visitor, name)[:2])
    start, end = luck.sample(range(low, high + 1), 2)
    way = [round(start + (end - start) * k / 6) for k in range(7)]
    moving = visitor.sign(counted)
    at = time.monotonic()
    for place in way[:-1]:
        await visitor.set(group, name, round(place * step, 4), final=False)
        await sleep(DRAG)
    rest = await answered(
        visitor, "slider let go", counted, visitor.set(group, name, round(way[-1] * step, 4), final=True)
    )
    try:
        return [Answer("slider moves", at, await visitor.seen(moving) - at), rest]
    except Lost:
        return [Answer("slider moves", at, None), rest]


async def take_a_lesson(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Choose a lesson, commit to an expectation, and have it run."""
    return []

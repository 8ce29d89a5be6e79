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
"""Seconds between two values of a slider that moves, at least."""
PLACES = 6
"""Places a slider passes on its way."""
LEVERS = (
    ("serve.turnover_per_year", 0, 40, 0.1),
    ("serve.leaves_with_role", 0, 20, 0.05),
    ("supervise.supervision", 0, 20, 0.05),
    ("community.arrivals_per_week", 2, 30, 0.1),
)
"""Sliders of the page Turnover: name, first and last place, width of a place."""

REVEAL = "reveal of a lesson"
"""Not a first answer: all histories of a lesson have been lived."""


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
    """A page has been drawn anew: its heading is there."""
    return state.get("tag") == "h1"


def picture(widget: str, state: Message) -> bool:
    """Another history has come."""
    return bool(state.get("recordings"))


def saying(*wanted: str) -> Sign:
    """Return the sign that one of some texts has come."""
    return lambda widget, state: any(text in one for one in texts(state.get("children", [])) for text in wanted)


async def answered(
    visitor: Visitor, action: str, sign: Sign, press: Awaitable[str], *, at_once: bool = False
) -> Answer:
    """Press, and tell how soon the first answer came.

    Where the server answers at once, an answer also is that it is done without news: a setting may change nothing.
    """
    number = [""]
    coming = visitor.sign(lambda widget, state: sign(widget, state) or (at_once and number[0] in visitor.done))
    at = time.monotonic()
    number[0] = await press
    try:
        found = Answer(action, at, await visitor.seen(coming) - at)
        await visitor.seen(visitor.sign(lambda widget, state: number[0] in visitor.done))
    except Lost:
        return Answer(action, at, None)
    return found


def labelled(visitor: Visitor, label: str, tag: str = "button") -> str:
    """Return the native element with a label."""
    found = visitor.find(tag=tag, children=[label])
    if not found:
        raise LookupError(f"the page has no {tag} '{label}'")
    return found[0]


def inputs(visitor: Visitor, name: str) -> str:
    """Return the first group of inputs that holds one of some name."""
    for key, state in visitor.widgets.items():
        if name in [one["name"] for one in state.get("fields", [])]:
            return key
    raise LookupError(f"the page has no input '{name}'")


async def turn_to(visitor: Visitor, label: str) -> list[Answer]:
    """Go to another page by its link."""
    link = labelled(visitor, label, "a")
    return [await answered(visitor, f"to {label}", heading, visitor.press(link, "click.exact.prevent"))]


async def new_luck(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Another history of the same assumptions."""
    return [await answered(visitor, "another seed", picture, visitor.press(labelled(visitor, "Try another run")))]


async def change_a_setting(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Another assumption from the week shown on."""
    name = luck.choice(("serve.turnover_per_year", "serve.leaves_with_role", "supervise.supervision"))
    group = inputs(visitor, name)
    shown = {one["name"]: one["value"] for one in visitor.widgets[group]["fields"]}[name]
    value = luck.choice([place / 20 for place in range(1, 20) if place / 20 != shown])
    pressed = visitor.set(group, name, value, final=True)
    return [await answered(visitor, "change a setting", picture, pressed, at_once=True)]


async def move_a_slider(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Drag a slider of the second situation, then let it go: answers are wanted while it moves and after.

    Passing values go out as the page sends them: the next one when the one before was heard.
    """
    name, low, high, width = luck.choice(LEVERS)
    group = inputs(visitor, name)
    start, end = luck.sample(range(low, high + 1), 2)
    way = [round((start + (end - start) * k / PLACES) * width, 4) for k in range(PLACES + 1)]
    at = time.monotonic()
    passing = [await visitor.set(group, name, way[0], final=False)]
    moving = visitor.sign(lambda widget, state: _told(visitor, passing[0]))
    for value in way[1:-1]:
        await sleep(DRAG)
        if passing[-1] in visitor.done:
            passing.append(await visitor.set(group, name, value, final=False))
    final = [""]
    resting = visitor.sign(lambda widget, state: _told(visitor, final[0]))
    let_go = time.monotonic()
    final[0] = await visitor.set(group, name, way[-1], final=True)
    found = []
    for action, begun, coming in (("slider moves", at, moving), ("slider let go", let_go, resting)):
        try:
            found.append(Answer(action, begun, await visitor.seen(coming) - begun))
        except Lost:
            found.append(Answer(action, begun, None))
    return found


def _told(visitor: Visitor, number: str) -> bool:
    """Whether the server is done with a message, and what the page says of many histories is an answer to it."""
    if number not in visitor.done:
        return False
    said = [state for state in visitor.widgets.values() if "turnover-headline" in (state.get("class_") or "")]
    return any("runs" in text or "Still meeting" in text for state in said for text in state["children"]) and not any(
        "Calculating" in text for state in said for text in state["children"]
    )


async def take_a_lesson(visitor: Visitor, luck: random.Random) -> list[Answer]:
    """Choose a lesson, commit to an expectation, wait for the reveal, and go back to the list."""
    lessons = [key for key, state in visitor.widgets.items() if "lesson=" in str(state.get("attributes", {}))]
    found = [await answered(visitor, "open a lesson", heading, _follow(visitor, luck.choice(lessons)))]
    await sleep(2.0)
    choices = [key for key in visitor.find(tag="input") if visitor.widgets[key]["attributes"].get("type") == "radio"]
    await visitor.press(luck.choice(choices), "change")
    commit = visitor.press(labelled(visitor, "Predict and run"))
    reveal = visitor.sign(saying("compared pair by pair"))
    found.append(await answered(visitor, "commit to a lesson", saying("So far", "compared pair by pair"), commit))
    try:
        at = found[-1].at
        found.append(Answer(REVEAL, at, await visitor.seen(reveal) - at))
    except Lost:
        found.append(Answer(REVEAL, found[-1].at, None))
    await sleep(2.0)
    back = labelled(visitor, "All lessons", "a")
    return [*found, await answered(visitor, "back to the lessons", heading, _follow(visitor, back))]


async def _follow(visitor: Visitor, link: str) -> str:
    return await visitor.press(link, "click.exact.prevent")

"""Every purpose for which luck is drawn, in one table; a purpose is never renumbered.

A draw is keyed by the run, by who it is about (community, week of arrival, index in that week), by when and by what
for. So the same person lives the same outside life in two scenarios until the scenarios touch that person, and a
mechanism that is switched off changes nobody else's luck. Draws that mechanisms need of every person, or of
every member, in every step are filled beforehand into a row of `LUCK`, by the names of their words.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mhsim.core.jit import kernel_of
from mhsim.core.rng import draw_words, uniform  # noqa: F401 - named by the lines below

WORDS = 4
"""Uniform numbers that one draw gives."""


class Purpose(NamedTuple):
    """One row of the table of draws: a number, who draws when, and what each of the four words is for."""

    number: int
    name: str
    who: str
    words: tuple[str, str, str, str]


WEEK_OUTSIDE, PARTING, MEETING, HELPING, ROLE = 1, 2, 3, 4, 5
CHOICE, TRAITS, ARRIVALS, PLACE, GROUP, MOVING_ON, FOUNDING, START, SEASON = 6, 7, 8, 9, 10, 11, 12, 13, 14
UPKEEP = 15

EVERYONE, MEMBERS = "each person, each step", "each member, each step"
TABLE = (
    Purpose(WEEK_OUTSIDE, "week outside", EVERYONE, ("uptake", "shock", "crisis", "progress")),
    Purpose(PARTING, "parting", EVERYONE, ("move", "settle", "service", "leave")),
    Purpose(MEETING, "meeting", MEMBERS, ("attend", "seat", "speak", "chat")),
    Purpose(HELPING, "helping", MEMBERS, ("ask", "match", "accept", "advice")),
    Purpose(ROLE, "role", MEMBERS, ("take_role", "step_down", "goes_too", "reason")),
    Purpose(CHOICE, "choice of group", "a person who comes; block = candidates // 4", ("candidate",) * 4),
    Purpose(TRAITS, "traits at arrival", "a new person; block 0 to 4, see arrive", ("trait",) * 4),
    Purpose(ARRIVALS, "arrivals", "a community; block = chunk // 4, chunks of mean at most 16", ("count",) * 4),
    Purpose(PLACE, "place", "a community, once (step 0)", ("inflow", "", "", "")),
    Purpose(GROUP, "group", "a group, each step", ("conflict", "breach", "close", "reason")),
    Purpose(MOVING_ON, "moving on", "a member of a group that closes or splits", ("transfer", "goes", "", "")),
    Purpose(
        FOUNDING, "founding", "a community (block 0) or a group (block 1), each step", ("found or split", "", "", "")
    ),
    Purpose(
        START,
        "start",
        "a starter (block 0, step 0) or a new group (block 1)",
        ("tenure", "stage", "term served, or profile_x", "profile_y"),
    ),
    Purpose(SEASON, "season", "reserved: shocks to the inflow", ("", "", "", "")),
    Purpose(UPKEEP, "upkeep", "a group, each step", ("held", "departure", "", "")),
)
"""The table of draws; it is generated into docs/ODD.md."""

LUCK = np.dtype([(word, "f8") for purpose in TABLE if purpose.who in (EVERYONE, MEMBERS) for word in purpose.words])
"""One row per person of a block: the uniform draws of this step, by name."""


def _filling(who: str) -> list[str]:
    """Return the lines that fill the draws of everyone, or of members, each word into its column of `luck`."""
    lines = []
    for purpose in TABLE:
        if purpose.who == who:
            lines += [f"draw_words(words, len(people), key, community, step, {purpose.number}, 0)"]
            lines += ["for i in range(len(people)):"]
            lines += [f"    luck.{word}[i] = uniform(words[{k}, i])" for k, word in enumerate(purpose.words)]
    return lines


_ARGUMENTS = "luck, words, people, key, community, step"
_NAME_EACH = ["for i in range(len(people)):", f"    words[{WORDS}, i] = people.who[i]"]
fill_everyone: Any = kernel_of("fill_everyone", _ARGUMENTS, [*_NAME_EACH, *_filling(EVERYONE)], globals())
"""Fill the draws that every person needs this step; `words` is working space, see `draw_words`."""
fill_members: Any = kernel_of("fill_members", _ARGUMENTS, _filling(MEMBERS), globals())
"""Fill the draws that members of a group need besides; `words` still names them."""

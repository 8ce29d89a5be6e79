"""Every purpose for which luck is drawn, in one table; a purpose is never renumbered.

A draw is keyed by the run, by who it is about (community, week of arrival, index in that week), by when and by what
for. So the same person lives the same outside life in two scenarios until the scenarios touch that person, and a
mechanism that is switched off changes nobody else's luck. Draws that a mechanism needs for everyone every week are
filled beforehand into a row of `LUCK` per person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.core.jit import kernel
from mhsim.core.rng import draw_words, uniform


class Purpose(NamedTuple):
    """One row of the table of draws: a number, who draws when, and what each of the four words is for."""

    number: int
    name: str
    who: str
    words: tuple[str, str, str, str]


WEEK_OUTSIDE, PARTING, MEETING, HELPING, ROLE = 1, 2, 3, 4, 5
CHOICE, TRAITS, ARRIVALS, PLACE, GROUP, MOVING_ON, FOUNDING, START, SEASON = 6, 7, 8, 9, 10, 11, 12, 13, 14

TABLE = (
    Purpose(WEEK_OUTSIDE, "week outside", "each person, each step", ("uptake", "shock", "crisis", "progress")),
    Purpose(PARTING, "parting", "each person, each step", ("move", "settle", "service", "leave")),
    Purpose(MEETING, "meeting", "each member, each step", ("attend", "seat", "speak", "chat")),
    Purpose(HELPING, "helping", "each member, each step", ("ask", "match", "accept", "advice")),
    Purpose(ROLE, "role", "each member, each step", ("take_role", "step_down", "goes_too", "reason")),
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
        ("tenure", "stage", "profile_x", "profile_y"),
    ),
    Purpose(SEASON, "season", "reserved: shocks to the inflow", ("", "", "", "")),
)
"""The table of draws; it is generated into docs/ODD.md."""

EVERYONE = ("uptake", "shock", "crisis", "progress", "move", "settle", "service", "leave")
MEMBERS = ("attend", "seat", "speak", "chat", "ask", "match", "accept", "advice")
ROLES = ("take_role", "step_down", "goes_too", "reason")
LUCK = np.dtype([(name, "f8") for name in EVERYONE + MEMBERS + ROLES])
"""One row per person of a block: the uniform draws of this step, by name."""


@kernel
def fill_everyone(luck, words, people, key, community, step):  # type: ignore[no-untyped-def]
    """Fill the draws that every person needs this step; `words` is working space, see `draw_words`."""
    for i in range(len(people)):
        words[4, i] = people.who[i]
    draw_words(words, len(people), key, community, step, WEEK_OUTSIDE, 0)
    for i in range(len(people)):
        luck.uptake[i], luck.shock[i] = uniform(words[0, i]), uniform(words[1, i])
        luck.crisis[i], luck.progress[i] = uniform(words[2, i]), uniform(words[3, i])
    draw_words(words, len(people), key, community, step, PARTING, 0)
    for i in range(len(people)):
        luck.move[i], luck.settle[i] = uniform(words[0, i]), uniform(words[1, i])
        luck.service[i], luck.leave[i] = uniform(words[2, i]), uniform(words[3, i])


@kernel
def fill_members(luck, words, members, key, community, step):  # type: ignore[no-untyped-def]
    """Fill the draws that members of a group need besides; `words` still names them."""
    draw_words(words, len(members), key, community, step, MEETING, 0)
    for i in range(len(members)):
        luck.attend[i], luck.seat[i] = uniform(words[0, i]), uniform(words[1, i])
        luck.speak[i], luck.chat[i] = uniform(words[2, i]), uniform(words[3, i])
    draw_words(words, len(members), key, community, step, HELPING, 0)
    for i in range(len(members)):
        luck.ask[i], luck.match[i] = uniform(words[0, i]), uniform(words[1, i])
        luck.accept[i], luck.advice[i] = uniform(words[2, i]), uniform(words[3, i])
    draw_words(words, len(members), key, community, step, ROLE, 0)
    for i in range(len(members)):
        luck.take_role[i], luck.step_down[i] = uniform(words[0, i]), uniform(words[1, i])
        luck.goes_too[i], luck.reason[i] = uniform(words[2, i]), uniform(words[3, i])

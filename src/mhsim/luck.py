"""Every purpose for which luck is drawn, in one table; a purpose is never renumbered.

A draw is keyed by the run, by who it is about (community, week of arrival, index in that week), by when and by what
for. So the same person lives the same outside life in two scenarios until the scenarios touch that person, and a
mechanism that is switched off changes nobody else's luck. Draws that a mechanism needs for everyone every week are
filled beforehand into a row of `LUCK` per person.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mhsim.core.compiling import kernel
from mhsim.core.draws import draw


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
def fill_everyone(luck, people, key, community, step):  # type: ignore[no-untyped-def]
    """Fill the draws that every person needs this step."""
    for i in range(len(people)):
        a, b, c, d = draw(key, people.who[i], 0, community, step, WEEK_OUTSIDE, 0)
        luck.uptake[i], luck.shock[i], luck.crisis[i], luck.progress[i] = a, b, c, d
        a, b, c, d = draw(key, people.who[i], 0, community, step, PARTING, 0)
        luck.move[i], luck.settle[i], luck.service[i], luck.leave[i] = a, b, c, d


@kernel
def fill_members(luck, members, key, community, step):  # type: ignore[no-untyped-def]
    """Fill the draws that members of a group need besides."""
    for i in range(len(members)):
        a, b, c, d = draw(key, members.who[i], 0, community, step, MEETING, 0)
        luck.attend[i], luck.seat[i], luck.speak[i], luck.chat[i] = a, b, c, d
        a, b, c, d = draw(key, members.who[i], 0, community, step, HELPING, 0)
        luck.ask[i], luck.match[i], luck.accept[i], luck.advice[i] = a, b, c, d
        a, b, c, d = draw(key, members.who[i], 0, community, step, ROLE, 0)
        luck.take_role[i], luck.step_down[i], luck.goes_too[i], luck.reason[i] = a, b, c, d

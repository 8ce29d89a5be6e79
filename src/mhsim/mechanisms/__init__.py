"""What happens: one file per mechanism; they never import one another. `WEEK` is the order of a step, and why.

`WRITES` of a mechanism names the columns that it changes; docs/ODD.md, section 2, lists for each column by whom it is
changed (hope: share, help and live).
"""

from __future__ import annotations

from typing import NamedTuple


class Phase(NamedTuple):
    """One phase of a step: the mechanism, who goes through it and why it stands where it stands."""

    mechanism: str
    function: str
    whom: str
    why: str


WEEK = (
    Phase(
        "arrive",
        "come",
        "people outside",
        "whoever comes into need is there from the start of the step; who decides to come is there in the next",
    ),
    Phase("work", "work", "groups", "whether there is a meeting, and time for people, is settled before anybody comes"),
    Phase("attend", "attend", "members", "everything at a meeting rests on who is there"),
    Phase("share", "share", "members", "stories are heard by all before anybody turns to one person"),
    Phase("supervise", "supervise", "groups", "what looks after helpers is there before they help and are strained"),
    Phase("help", "help_one_to_one", "members", "what one has heard opens the way to asking; help follows the meeting"),
    Phase("bond", "bond", "members", "ties grow from this step's talk and help"),
    Phase("live", "live", "everybody", "the week outside comes after the meeting; members live it with what they got"),
    Phase("progress", "progress", "everybody", "stages follow the state that meeting and week have left"),
    Phase(
        "serve", "serve", "members", "roles follow the stage reached; before leaving, so that a role can be handed on"
    ),
    Phase("prepare", "prepare", "members", "who follows is found once it is known who left a role and who wants one"),
    Phase("leave", "leave", "everybody", "leaving weighs the whole week: belonging, unmet requests, crisis"),
    Phase("quarrel", "quarrel", "groups", "people fall out over what the step was; who leaves over it does so next"),
    Phase("breach", "breach", "groups", "what was said this week is told outside; norms are as the step found them"),
    Phase("bequeath", "bequeath", "groups", "what this step's meeting told on is kept, once it is known who was there"),
    Phase("govern", "govern", "groups", "the group's house is kept on this step's roll and attendance"),
    Phase("found", "may_split", "groups", "a group splits by the roll with which the step began"),
    Phase(
        "close", "close", "groups", "a group ends by what the step has left of it; last, so that all else has happened"
    ),
)
"""The order of a step. At its end the engine moves people by the marks that mechanisms left."""

AFTER = ("start", *(phase.mechanism for phase in WEEK if phase.whom != "people outside"))
"""Where rules beside those of the week may act: at the start of a step, or after a phase that groups go through."""

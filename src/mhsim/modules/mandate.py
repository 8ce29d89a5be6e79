"""Mandate: some are made to come, by a court, an employer or a family, and owe so many weeks; all others come freely.

Whoever comes into need, from the opening on, is sent in that step with chance `share` (word 0 of the draw "mandate", by
the person, in that step): `sent` becomes 1 and ``owes`` becomes `weeks`. Starters are not sent. As long as somebody
owes weeks (``owes`` above 0):

    outside, never a member     hazard of coming (port `come`) times `presses`, before the week of people outside
    a member, after work        attend += has_to    hear *= 1 - unwilling    learn *= 1 - unwilling
    a member, after attend      who came: commitment -= hollow * commitment
    a member, after leave       who is marked as leaving because of having dropped out, drifted off or come once stays
                                after all where word 1 of the draw "mandate" in this step is under `held`; then ``owes``
                                falls by the length of the step, not below 0, for every member who owed, also for those
                                who leave

Weeks away from a group are not counted. Who owes nothing any more is held by nothing but what holds everybody: what has
come of the weeks, and little attachment, since that grows from coming of one's own accord.

Log: `came` of who comes to a first meeting and owes weeks; `free` of who stays a member and owes nothing from now on.

Sources: E14 voluntary attendance, E15 inner motivation. That a court, an employer or a family sends people is told in
no source with a number; all sizes are assumed.
"""

from __future__ import annotations

from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, draw, par, switch, tell
from mhsim.schema import CAME_ONCE, DRIFTED_OFF, DROPPED_OUT, OUTSIDE, STAYS

MANDATE = 1230
CAME, FREE = 0, 1


class Mandate(Rule):
    """Parameters of being made to come."""

    people = (
        Column("sent", "u1", "0/1", "was made to come by an authority", shown="sent"),
        Column("owes", "f8", "weeks", "that this person still has to come", shown="owes"),
    )
    measures = (OwnMeasure("made_to_come", "people.sent", "members", "share", "members who were made to come"),)
    events = (
        Event(
            CAME,
            "came",
            "people",
            {
                "en": (
                    "came because of having to",
                    "one person came because of having to",
                    "{count} people came because of having to",
                ),
                "de": (
                    "kam, weil es sein musste",
                    "eine Person kam, weil es sein musste",
                    "{count} Personen kamen, weil es sein musste",
                ),
            },
        ),
        Event(
            FREE,
            "free",
            "people",
            {
                "en": (
                    "no longer had to come, and was free to stay or go",
                    "one person no longer had to come",
                    "{count} people no longer had to come",
                ),
                "de": (
                    "musste nicht mehr kommen und war frei, zu bleiben oder zu gehen",
                    "eine Person musste nicht mehr kommen",
                    "{count} Personen mussten nicht mehr kommen",
                ),
            },
        ),
    )
    purposes = (Purpose(MANDATE, "mandate", "a person, each step", ("sent", "held", "", "")),)
    writes = {"members": ("commitment", "leaving"), "ports": ("come", "attend", "hear", "learn")}
    neutral = {"share": 0.0}

    enabled: bool = switch("whether some are made to come", default=False)
    share: float = par(0.15, 0, 1, unit="share", why="of those who come into need, made to come", source="assumed; E14")
    weeks: float = par(26.0, 0, 520, unit="weeks", why="for which one has to come", source="assumed; E14")
    presses: float = par(
        10.0, 0, 1000, unit="weight", why="how many times sooner they come, for having to", source="assumed; E14"
    )
    has_to: float = par(2.0, -10, 10, unit="weight", why="having to come, at each meeting", source="assumed; E14")
    held: float = par(
        0.9, 0, 1, unit="chance", why="that who would drop out stays on, while made to", source="assumed; E14"
    )
    unwilling: float = par(
        0.3, 0, 1, unit="share", why="of what is heard and taught, lost on who has to be there", source="assumed; E15"
    )
    hollow: float = par(
        0.2, 0, 1, unit="share/week", why="of attachment, lost by coming because one must", source="assumed; E14 E15"
    )

    @staticmethod
    def outside_week(outside, own, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let some of the new people be sent, and those who are sent come soon."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            if outside.arrived[i] == clock.step and clock.step >= clock.opening:
                sent, _, _, _ = draw(key, outside.who[i], 0, community, clock.step, MANDATE, 0)
                if sent < p.share:
                    own.sent[slot] = 1
                    own.owes[slot] = p.weeks
            if own.owes[slot] > 0.0 and outside.membership[i] == OUTSIDE:
                ports.come[i] *= p.presses

    @staticmethod
    def after_work(members, own, ports, p):  # type: ignore[no-untyped-def]
        """Let those who have to come do so, and take in less."""
        for i in range(len(members)):
            if own.owes[members.slot[i]] > 0.0:
                ports.attend[i] += p.has_to
                ports.hear[i] *= 1.0 - p.unwilling
                ports.learn[i] *= 1.0 - p.unwilling

    @staticmethod
    def after_attend(members, own, events, p):  # type: ignore[no-untyped-def]
        """Let coming because one must make little attachment."""
        for i in range(len(members)):
            if own.owes[members.slot[i]] > 0.0 and members.attended[i]:
                members.commitment[i] -= p.hollow * members.commitment[i]
                if members.meetings[i] == 1:
                    tell(events, CAME, members, i, 0)

    @staticmethod
    def after_leave(members, own, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Hold those who would drop out, and count the weeks."""
        for i in range(len(members)):
            slot = members.slot[i]
            if own.owes[slot] > 0.0:
                why = members.leaving[i]
                if why == DROPPED_OUT or why == DRIFTED_OFF or why == CAME_ONCE:
                    _, held, _, _ = draw(key, members.who[i], 0, community, clock.step, MANDATE, 0)
                    if held < p.held:
                        members.leaving[i] = STAYS
                own.owes[slot] = max(0.0, own.owes[slot] - clock.dt)
                if own.owes[slot] == 0.0 and members.leaving[i] == STAYS:
                    tell(events, FREE, members, i, 0)

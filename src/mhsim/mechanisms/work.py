"""The group's work: somebody has to open, chair, greet and stay in touch; what nobody has time for is not done.

What somebody gets done, compared with a seasoned and rested helper, goes with know-how and tiredness; it holds for
hours and for each act of help alike:

    able = (green + (1 - green) * know_how) * (1 - tired * strain)

Helpers and organisers can give ``hours * spare_time`` hours a week and get `able` of that done. Three things call for
hours, in this order: the meeting itself and the house behind it, newcomers who have to be met, and members who are
learning to help (they sit with a helper):

    open   = meeting_hours + member_hours * roll                   done by organisers first, then by helpers
    greet  = newcomer_hours * members not yet at any meeting / dt  done by helpers
    teach  = mentor_hours * apprentices                            done by helpers

With `done` the hours got done by both, and `left` those of helpers after what organisers leave of `open`:

    covered  = min(1, done / open)                      greeting = min(1, left / greet)
    free     = what helpers have left after all three, as a share of what they get done
    sharers  = hours that those in charge can give (at least 0.1 a week) / (open + greet + teach)

`free` is at least 0, and 0 where helpers get nothing done. Where nothing is called for, `covered` and `greeting` are
1 and `sharers` a thousand million. Each meeting that is `due` in the step (see `attend`) is held with chance ``1 -
exp(-(bare + carried * covered))``, and `held` is how many of them one draw gives, in the way of `attend`: a group with
nobody in charge meets now and then, one that is covered hardly ever finds the door shut. Nobody attends a meeting that
is not held; who wanted to come for the first time comes to the next one. `greeting` is the share of newcomers who are
met, `free` what helpers can still give to those who ask; leading tires each by ``1 / sharers``.

Sources: E154 leaders uphold the group, E31 other work, E158; V47, V48 shared leading tires less; V54, N26, N27 hours.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import exp
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import binomial, carries_work
from mhsim.schema import APPRENTICE, HELPER

WRITES = {
    "members": ("able",),
    "groups": ("due", "held", "greeting", "free", "sharers", "hours_asked", "hours_done", "hours_open"),
}
NEUTRAL = {
    "meeting_hours": 0.0,
    "member_hours": 0.0,
    "newcomer_hours": 0.0,
    "mentor_hours": 0.0,
    "bare": 100.0,
    "green": 1.0,
    "tired": 0.0,
}
LEAST_HOURS = 0.1
MANY = 1e9
"""Hours a week that those in charge have at least; and how many share the work where there is none."""


class Work(Parameters):
    """Parameters of the group's work."""

    enabled: bool = switch("whether the work of a group takes anybody's time")
    hours: float = par(
        3.0, 0.1, 40, unit="hours/week", why="a typical helper can give", source="assumed; V54 N26 N27 bracket it"
    )
    meeting_hours: float = par(
        1.5, 0, 100, unit="hours/week", why="to open, lead and clear up, whatever the size", source="assumed; E154"
    )
    member_hours: float = par(
        0.05, 0, 10, unit="hours/week", why="to keep house, for each member", source="assumed; E106 E197"
    )
    newcomer_hours: float = par(1.0, 0, 100, unit="weight", why="hours to meet one newcomer", source="assumed; V71")
    mentor_hours: float = par(
        0.5, 0, 40, unit="hours/week", why="a helper gives to one who learns", source="assumed; V45"
    )
    bare: float = par(0.7, 0, 100, unit="weight", why="meetings held without anybody in charge", source="assumed; E158")
    carried: float = par(3.9, 0, 100, unit="weight", why="meetings held by those in charge", source="assumed; E154")
    green: float = par(
        0.5, 0, 1, unit="share", why="of what a seasoned helper gets done, without know-how", source="assumed; E201"
    )
    tired: float = par(0.5, 0, 1, unit="share", why="of what is done, lost in full strain", source="assumed; E205 V47")


@kernel
def work(members, groups, g, held, due, clock, p):  # type: ignore[no-untyped-def]
    """Set what of a group's work is done in this step, and whether the meeting is held."""
    can = done = by_helpers = 0.0
    apprentices = coming = 0
    for i in range(len(members)):
        able = (p.green + (1.0 - p.green) * members.know_how[i]) * (1.0 - p.tired * members.strain[i])
        members.able[i] = able
        if carries_work(members.role[i]):
            hours = p.hours * members.spare_time[i]
            can += hours
            done += hours * able
            if members.role[i] == HELPER:
                by_helpers += hours * able
        elif members.role[i] == APPRENTICE:
            apprentices += 1
        if members.meetings[i] == 0:
            coming += 1
    opening = p.meeting_hours + p.member_hours * groups.roll[g]
    greet = p.newcomer_hours * coming / clock.dt
    teach = p.mentor_hours * apprentices
    covered = min(1.0, done / opening) if opening > 0.0 else 1.0
    left = max(0.0, by_helpers - max(0.0, opening - (done - by_helpers)))
    groups.due[g] = due
    groups.held[g] = binomial(held, due, 1.0 - exp(-p.bare - p.carried * covered))
    groups.greeting[g] = min(1.0, left / greet) if greet > 0.0 else 1.0
    groups.free[g] = max(0.0, left - greet - teach) / by_helpers if by_helpers > 0.0 else 0.0
    asked = opening + greet + teach
    groups.sharers[g] = max(LEAST_HOURS, can) / asked if asked > 0.0 else MANY
    groups.hours_asked[g], groups.hours_open[g], groups.hours_done[g] = asked, opening, done


@kernel
def without_work(groups, g, due):  # type: ignore[no-untyped-def]
    """Let everything be done, as where a group's work takes nobody's time; those in charge share the lead."""
    groups.due[g] = groups.held[g] = due
    groups.greeting[g] = groups.free[g] = 1.0
    groups.sharers[g] = max(1, groups.helpers[g] + groups.organisers[g])

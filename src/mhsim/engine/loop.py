"""A whole history as one compiled call: steps, the opening, and a stop where the tables need room."""

from __future__ import annotations

from mhsim.core.jit import entry, kernel
from mhsim.engine.arrivals import count_all_arrivals, set_places
from mhsim.engine.initialise import open_groups
from mhsim.engine.plugin_calls import call_rules
from mhsim.engine.rule_lines import START
from mhsim.engine.week import week
from mhsim.engine.world import has_room
from mhsim.kernel_helpers import Clock
from mhsim.schema import CLOSED

DONE, NEEDS_ROOM, STOPPED, TOO_MANY = 0, 1, 2, 3
REACHED, STOP = 0, 1
MOST_ARRIVALS = (1 << 20) - 1
"""People who can come into need in one community and step: their number in it has 20 bits of an identity."""


@entry
def run(world, settings, rules, key, last, opening, dt, control, recorded, open_now):  # type: ignore[no-untyped-def]
    """Let steps pass until `last`; return DONE, NEEDS_ROOM (grow the world and call again), STOPPED or TOO_MANY.

    `control[0]` shows the step reached; setting `control[1]` asks to stop. `rules` is the table of outer rules. Groups
    open at the start of step `opening`; with `open_now` they do so before the call returns, if that step comes next.
    """
    if world.meter.begun[0] == 0:
        set_places(world, settings.community[0].place_sd, key)
        world.meter.begun[0] = 1
    openings = int(settings.start[0].groups) * len(world.communities)
    starters, members = _starters(settings, len(world.communities))
    for step in range(world.meter.step[0], last):
        if control[STOP] != 0:
            return STOPPED
        arrivals = count_all_arrivals(world, settings, key, step)
        for community in range(len(world.communities)):
            if world.communities.arrivals[community] > MOST_ARRIVALS:
                return TOO_MANY
        opens = step == opening and world.meter.begun[0] == 1
        if not has_room(world, arrivals, openings if opens else 0, starters if opens else 0, members):
            return NEEDS_ROOM
        if opens:
            open_groups(world, settings, key, Clock(step, dt, opening))
            world.meter.begun[0] = 2
        call_rules(rules, START, 0, key, Clock(step, dt, opening))
        row = world.series[step : step + 1] if recorded else world.series[0:0]
        week(world, settings, rules, key, Clock(step, dt, opening), row)
        _write_history(world, step, arrivals)
        world.meter.step[0] = step + 1
        control[REACHED] = step + 1
    if open_now and world.meter.step[0] == opening and world.meter.begun[0] == 1:
        if not has_room(world, 0, openings, starters, members):
            return NEEDS_ROOM
        open_groups(world, settings, key, Clock(opening, dt, opening))
        world.meter.begun[0] = 2
    return DONE


@kernel
def _starters(settings, communities):  # type: ignore[no-untyped-def]
    """Return how many people are in all groups that open, and in the largest."""
    forms = settings.start
    if len(forms) == 1:
        return int(forms[0].groups) * communities * int(forms[0].members), int(forms[0].members)
    starters = largest = 0
    for form in range(1, len(forms)):
        starters += int(forms[form].groups) * communities * int(forms[form].members)
        largest = max(largest, int(forms[form].members))
    return starters, largest


@kernel
def _write_history(world, step, arrivals):  # type: ignore[no-untyped-def]
    groups = world.groups
    visits = open_groups = lineage = 0
    for g in range(world.meter.groups[0]):
        if groups.status[g] != CLOSED:
            open_groups += 1
            lineage += 1 if groups.lineage[g] == world.meter.focal[0] else 0
        if groups.closed[g] == -1 or groups.closed[g] == step:
            visits += groups.newcomers[g]
    world.history.arrivals[step] = arrivals
    world.history.first_visits[step] = visits
    world.history.open_groups[step] = open_groups
    world.history.lineage[step] = lineage

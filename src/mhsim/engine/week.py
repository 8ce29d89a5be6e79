"""One step of the world, compiled: the order of the week, group by group.

Groups do not touch one another within a step, nor do people outside, so a community is gone through tile by tile:
first everybody outside, then each group. That gives the same as going through the whole world mechanism by mechanism,
and keeps one tile's people in the processor's cache. `mhsim.mechanisms.WEEK` gives the order and the reasons.
"""

from __future__ import annotations

from mhsim.core.blocks import TILE
from mhsim.core.jit import kernel
from mhsim.core.rng import draw
from mhsim.engine.arrivals import let_arrive
from mhsim.engine.events import note_meeting, note_step
from mhsim.engine.groups import close_groups, found_group, split_groups
from mhsim.engine.losses import close_want, watch_cover, watch_losses
from mhsim.engine.moves import move_people, note_movers
from mhsim.engine.plugin_calls import call_rules
from mhsim.engine.rule_lines import END, OUTSIDE_AFTER, OUTSIDE_BEFORE
from mhsim.engine.tally import (
    add_group_to_forms,
    add_group_to_series,
    add_to_series,
    begin_year,
    is_end_of_year,
    is_start_of_year,
    watch_group,
    watch_people,
    watch_year,
)
from mhsim.engine.work_tally import watch_learning, watch_work
from mhsim.engine.world import of_form
from mhsim.kernel_helpers import seat
from mhsim.mechanisms import AFTER
from mhsim.mechanisms.arrive import come
from mhsim.mechanisms.attend import attend
from mhsim.mechanisms.bequeath import bequeath
from mhsim.mechanisms.bond import bond, bond_outside
from mhsim.mechanisms.breach import breach
from mhsim.mechanisms.close import close
from mhsim.mechanisms.found import may_found, may_split
from mhsim.mechanisms.govern import govern
from mhsim.mechanisms.help import help_one_to_one
from mhsim.mechanisms.leave import leave, leave_group
from mhsim.mechanisms.live import live
from mhsim.mechanisms.prepare import prepare
from mhsim.mechanisms.progress import progress
from mhsim.mechanisms.quarrel import at_peace, quarrel
from mhsim.mechanisms.serve import serve
from mhsim.mechanisms.share import share
from mhsim.mechanisms.supervise import supervise, unsupervised
from mhsim.mechanisms.work import without_work, work
from mhsim.ports import reset
from mhsim.random_streams import FOUNDING, GROUP, UPKEEP, fill_everyone, fill_members
from mhsim.schema import ACCOMMODATION, CLOSED, HELPER, NOWHERE, ORGANISER, STAYS

PLACES = range(1, len(AFTER))
WORK, ATTEND, SHARE, SUPERVISE, HELP, BOND, LIVE, PROGRESS, SERVE = PLACES[:9]
PREPARE, LEAVE, QUARREL, BREACH, BEQUEATH, GOVERN, FOUND, CLOSE = PLACES[9:]


@kernel
def _count_rolls(world):  # type: ignore[no-untyped-def]
    communities, groups, people = world.communities, world.groups, world.people
    for community in range(len(communities)):
        communities.people[community] = world.blocks.count[community]
        communities.open_groups[community] = 0
        communities.members[community] = 0
        communities.helpers[community] = 0
        communities.eager[community] = 0.0
    for g in range(world.meter.groups[0]):
        if groups.status[g] != CLOSED:
            b = len(communities) + g
            helpers = organisers = seekers = 0
            for row in range(world.blocks.start[b], world.blocks.start[b] + world.blocks.count[b]):
                helpers += 1 if people.role[row] == HELPER else 0
                organisers += 1 if people.role[row] == ORGANISER else 0
                seekers += 1 if people.stage[row] != ACCOMMODATION else 0
            groups.roll[g] = world.blocks.count[b]
            groups.helpers[g], groups.organisers[g], groups.seekers[g] = helpers, organisers, seekers
            community = groups.community[g]
            communities.open_groups[community] += 1
            communities.members[community] += groups.roll[g]
            communities.people[community] += groups.roll[g]
            communities.helpers[community] += helpers


@kernel
def _list_rooms(world, community, arrive):  # type: ignore[no-untyped-def]
    count = 0
    g = world.communities.first_group[community]
    while g != NOWHERE:
        if world.groups.status[g] != CLOSED and world.groups.roll[g] < arrive[world.groups.form[g]].room:
            world.groups.with_room[count] = g
            count += 1
        g = world.groups.next_group[g]
    return count


@kernel
def _remember(people, scratch):  # type: ignore[no-untyped-def]
    for i in range(len(people)):
        scratch.stage[i] = people.stage[i]
        scratch.role[i] = people.role[i]


@kernel
def _outside(world, community, rooms_count, forms, settings, rules, key, clock, row):  # type: ignore[no-untyped-def]
    start, end = world.blocks.start[community], world.blocks.start[community] + world.blocks.count[community]
    while start < end:
        people = world.people[start : min(end, start + TILE)]
        luck, ports = world.luck[: len(people)], world.ports[: len(people)]
        fill_everyone(luck, world.words, people, key, community, clock.step)
        if len(world.events):
            _remember(people, world.scratch)
        if len(rules):
            reset(ports)
            call_rules(rules, OUTSIDE_BEFORE, start, key, clock)
        if settings.arrive.enabled:
            come(
                people,
                world.groups,
                community,
                world.communities,
                luck,
                ports,
                world.groups.with_room,
                rooms_count,
                key,
                clock,
                forms,
                settings.arrive,
            )
        if settings.bond.enabled:
            bond_outside(people, world.ties, world.handles, settings.bond)
        if settings.live.enabled:
            live(people, luck, ports, clock, settings.community.bleakness, settings.live)
        else:
            _calm(people)
        if settings.progress.enabled:
            progress(people, luck, clock, settings.progress)
        call_rules(rules, OUTSIDE_AFTER, start, key, clock)
        start += TILE
        if settings.leave.enabled:
            leave(people, luck, clock, settings.leave)
        _watch(world, people, clock, row)


@kernel
def _watch(world, people, clock, row):  # type: ignore[no-untyped-def]
    watch_people(people, world.tally, clock)
    if len(world.events):
        note_step(people, world.scratch.stage, world.scratch.role, world, clock)
    if len(row):
        add_to_series(people, row)
    if is_start_of_year(clock):
        begin_year(people)
    if is_end_of_year(clock):
        watch_year(people, world.tally, clock)
    note_movers(people, world)


@kernel
def _calm(people):  # type: ignore[no-untyped-def]
    for i in range(len(people)):
        people.in_crisis[i] = 0


@kernel
def _clear(members, groups, g):  # type: ignore[no-untyped-def]
    for i in range(len(members)):
        members.attended[i] = 0
        members.visits[i] = 0
        members.met_alike[i] = 0.0
        members.helped_by[i] = NOWHERE
        members.load[i] = 0
        members.in_crisis[i] = 0
        members.role_end[i] = STAYS
    groups.attended[g] = groups.visits[g] = groups.helpers_there[g] = groups.newcomers[g] = 0
    groups.requests[g] = groups.requests_unmet[g] = 0
    groups.closing[g] = groups.splitting[g] = 0


@kernel
def _in_group(world, g, settings, rules, key, clock, due, row):  # type: ignore[no-untyped-def]
    groups, scratch = world.groups, world.scratch
    b = len(world.communities) + g
    members = world.people[world.blocks.start[b] : world.blocks.start[b] + world.blocks.count[b]]
    community = groups.community[g]
    luck, ring, ports = world.luck[: len(members)], scratch.ring[: len(members)], world.ports[: len(members)]
    fill_everyone(luck, world.words, members, key, community, clock.step)
    fill_members(luck, world.words, members, key, community, clock.step)
    conflict_draw, breach_draw, ends, reason = draw(key, groups.who[g], 0, community, clock.step, GROUP, 0)
    if len(world.events):
        _remember(members, scratch)
    if len(rules):
        reset(ports)
    _clear(members, groups, g)
    watch_losses(groups, g, world.losses, world.tally, clock)
    seat(ring, members, luck)
    held, departure, _, _ = draw(key, groups.who[g], 0, community, clock.step, UPKEEP, 0)
    if settings.work.enabled:
        work(members, groups, g, held, due, clock, settings.work)
    else:
        without_work(groups, g, due)
    call_rules(rules, WORK, g, key, clock)
    if settings.work.enabled:
        watch_work(members, groups, g, scratch.candidate, is_end_of_year(clock), world.tally, settings.work)
        watch_cover(groups, g, world.losses, world.tally, clock)
    if settings.attend.enabled:
        attend(members, groups, g, luck, ports, clock, settings.attend)
    call_rules(rules, ATTEND, g, key, clock)
    if settings.share.enabled:
        untaught = settings.bequeath.untaught
        share(members, groups, g, luck, ring, scratch, ports, settings.meetings_per_week, untaught, settings.share)
    call_rules(rules, SHARE, g, key, clock)
    if settings.supervise.enabled:
        supervise(groups, g, settings.help.training, settings.supervise)
    else:
        unsupervised(groups, g)
    call_rules(rules, SUPERVISE, g, key, clock)
    if settings.help.enabled:
        help_one_to_one(
            members,
            groups,
            g,
            luck,
            ring,
            scratch,
            ports,
            world.ties,
            world.handles,
            clock,
            settings.share.breadth,
            settings.bond.sponsor_calls,
            settings.help,
        )
    call_rules(rules, HELP, g, key, clock)
    if settings.bond.enabled:
        bond(members, groups, g, luck, ring, world.ties, world.handles, clock, settings.bond)
    call_rules(rules, BOND, g, key, clock)
    if settings.live.enabled:
        live(members, luck, ports, clock, settings.community.bleakness, settings.live)
    call_rules(rules, LIVE, g, key, clock)
    if settings.progress.enabled:
        progress(members, luck, clock, settings.progress)
    call_rules(rules, PROGRESS, g, key, clock)
    if settings.serve.enabled:
        able_at = settings.prepare.able_at if settings.prepare.enabled else 0.0
        serve(
            members,
            world.people,
            groups,
            g,
            luck,
            ports,
            world.ties,
            world.handles,
            departure,
            able_at,
            clock,
            settings.serve,
        )
    call_rules(rules, SERVE, g, key, clock)
    if settings.prepare.enabled:
        prepare(
            members,
            world.people,
            groups,
            g,
            luck,
            world.ties,
            world.handles,
            clock,
            settings.bequeath.record,
            settings.prepare,
            settings.serve,
        )
    call_rules(rules, PREPARE, g, key, clock)
    if settings.leave.enabled:
        sponsor, conflict = settings.bond.sponsor_holds, settings.quarrel.conflict_hazard
        leave_group(members, groups, g, luck, ports, world.ties, world.handles, sponsor, conflict, settings.leave)
    call_rules(rules, LEAVE, g, key, clock)
    if settings.quarrel.enabled:
        quarrel(groups, g, conflict_draw, settings.quarrel)
    else:
        at_peace(groups, g)
    call_rules(rules, QUARREL, g, key, clock)
    breached = False
    if settings.breach.enabled:
        breached = breach(members, groups, g, breach_draw, settings.breach)
    call_rules(rules, BREACH, g, key, clock)
    if settings.bequeath.enabled:
        bequeath(groups, g, settings.bequeath)
    call_rules(rules, BEQUEATH, g, key, clock)
    if settings.govern.enabled:
        govern(groups, g, clock, settings.govern)
    call_rules(rules, GOVERN, g, key, clock)
    if settings.found.enabled:
        splits, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, FOUNDING, 1)
        may_split(groups, g, splits, settings.found)
    call_rules(rules, FOUND, g, key, clock)
    if settings.close.enabled:
        close(groups, g, ends, reason, settings.quarrel.strife_hazard, settings.close)
    call_rules(rules, CLOSE, g, key, clock)
    note_meeting(world, g, clock.step, settings.attend.enabled, breached)
    watch_group(members, groups, g, world.tally, clock)
    if settings.prepare.enabled:
        watch_learning(members, world.tally)
    if groups.closing[g]:
        close_want(world.losses, g, world.tally)
    if len(row):
        add_group_to_series(groups, g, world.meter.focal[0], row)
    _watch(world, members, clock, row)


@kernel
def _meetings_due(pace, step):  # type: ignore[no-untyped-def]
    return max(1, int(pace * (step + 1)) - int(pace * step))


@kernel
def week(world, settings, rules, key, clock, row):  # type: ignore[no-untyped-def]
    """Let one step pass; `row` is this step's row of the series, empty if none is recorded, `rules` those beside it.

    `settings` are those of the scenario itself and of each form, as arrays (`mhsim.engine.world.Settings`).
    """
    let_arrive(world, settings, key, clock)
    _count_rolls(world)
    own = of_form(settings, 0)
    for community in range(len(world.communities)):
        rooms_count = _list_rooms(world, community, settings.arrive)
        world.communities.rooms[community] = rooms_count
        _outside(world, community, rooms_count, settings.of_form, own, rules, key, clock, row)
        g = world.communities.first_group[community]
        while g != NOWHERE:
            if world.groups.status[g] != CLOSED:
                form = world.groups.form[g]
                due = _meetings_due(settings.meetings_per_week[form] * clock.dt, clock.step)
                _in_group(world, g, of_form(settings, form), rules, key, clock, due, row)
                if len(row) and len(world.forms):
                    add_group_to_forms(world.groups, g, world.forms[clock.step])
            g = world.groups.next_group[g]
        close_groups(world, community, rooms_count, settings, key, clock)
        index = split_groups(world, community, settings, key, clock)
        if own.found.enabled and clock.step >= clock.opening:
            founds, _, _, _ = draw(key, 0, 0, community, clock.step, FOUNDING, 0)
            if may_found(world.communities, community, founds, own.found):
                found_group(world, community, index, settings, clock)
    call_rules(rules, END, 0, key, clock)
    move_people(world, settings, clock)

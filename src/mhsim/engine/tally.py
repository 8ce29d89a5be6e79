"""What is counted while a run goes on, so that its summary needs no second look at every life.

Cohorts hold people who came into need after the groups opened; starters and arrivals of the run-in are apart. All is
counted at the end of a step, before anybody is moved.
"""

from __future__ import annotations

import numpy as np

from mhsim.core.jit import kernel
from mhsim.core.params import WEEKS_PER_YEAR
from mhsim.engine.losses import ORDERS
from mhsim.schema import (
    ACCOMMODATION,
    BURNT_OUT,
    CLOSED,
    CLOSING,
    FORMER,
    GROUP_CLOSED,
    HELPER,
    IMPACT,
    LEFT_WITH_ROLE,
    MEMBER,
    MOST_REASONS,
    NEVER,
    NOWHERE,
    OUTSIDE,
    RECOIL,
    SNAPSHOT_WEEKS,
    STAYS,
)

RETENTION_WEEKS = (4, 13, 26, 52, 104)
YEAR, FIVE_YEARS, MONTHS = WEEKS_PER_YEAR, 5.0 * WEEKS_PER_YEAR, 12.0
OLDEST = 3
"""Class of age of a group of more than five years."""
CALM_WEEKS = 13.0
"""Without a crisis for so long: calm."""
LOW_DISTRESS = 0.4
"""Distress below which a measure calls it low."""
LOADS = 512
STRAINS = 50
"""Classes of strain, each a fiftieth wide."""
FOUR_WEEKS = 4.0
HIGH_DISTRESS = 0.7
"""Distress at arrival from which a measure calls it high."""
EVERYONE, JOINERS, NON_JOINERS = 0, 1, 2
TALLY = np.dtype(
    [
        # snapshots at 13, 26, 52, 104 weeks after arrival: everyone, joiners, non-joiners
        ("seen", "f8", (3, 4)),
        ("accommodated", "f8", (3, 4)),
        ("calm", "f8", (3, 4)),
        ("low_distress", "f8", (3, 4)),
        ("hope", "f8", (3, 4)),
        ("efficacy", "f8", (3, 4)),
        ("distress", "f8", (3, 4)),
        # k weeks after the first visit
        ("kept", "f8", (5,)),
        ("kept_in_group", "f8", (5,)),
        ("lost_to_closure", "f8", (5,)),
        ("exits", "f8", (MOST_REASONS,)),
        ("requests", "f8"),
        ("requests_unmet", "f8"),
        ("helper_steps", "f8"),
        ("member_steps", "f8"),
        ("burnouts", "f8"),
        ("stepped_down", "f8"),
        ("helpers_made", "f8"),
        ("steps_to_helping", "f8"),
        ("crises", "f8"),
        ("person_steps", "f8"),
        # tenure, sampled at the last step of each year: months 1 to 12 and, in class 0-2, <1, 1-5, >5 years
        ("roll_by_month", "f8", (12,)),
        ("roll_by_class", "f8", (3,)),
        ("meeting_by_class", "f8", (3,)),
        ("roll_helpers", "f8"),
        # visits to meetings, from the second year on, by month of tenure in the first year of who came later
        ("meeting_by_month", "f8", (12,)),
        ("visits", "f8"),
        ("steps_there", "f8"),
        ("meeting_helpers", "f8"),
        ("meeting_ever_helpers", "f8"),
        ("class_seen", "f8", (3,)),
        ("class_kept", "f8", (3,)),
        # complete careers of helpers who were not there at the start
        ("careers", "f8"),
        ("credit", "f8"),
        ("load", "f8", (LOADS,)),
        ("help_given", "f8", (LOADS,)),
        # circumstances of living group-steps by age: under 1, 1-2, 2-5, over 5 years; first column: group-steps
        ("living_with", "f8", (4, 6)),
        ("closed_with", "f8", (4, 6)),
        ("closed_for", "f8", (6,)),
        # helpers by strain: steps in the role and roles that ended
        ("helpers_by_strain", "f8", (STRAINS,)),
        ("ended_by_strain", "f8", (STRAINS,)),
        # first visitors by distress at arrival (low, middle, high): seen four weeks later, helped one to one by then;
        # helped for the first time, and the weeks that took
        ("need_seen", "f8", (3,)),
        ("need_met", "f8", (3,)),
        ("first_helps", "f8", (3,)),
        ("weeks_to_help", "f8", (3,)),
        # the same people by first request: seen four weeks later, helped by then; helped, and the weeks since it
        ("asked_seen", "f8", (3,)),
        ("asked_met", "f8", (3,)),
        ("waits", "f8", (3,)),
        ("weeks_waited", "f8", (3,)),
        # see `mhsim.engine.losses`
        ("losses", "f8", (ORDERS,)),
        ("following_helpers", "f8", (ORDERS,)),
        ("following_gone", "f8", (ORDERS,)),
        *((name, "f8") for name in ("quiet_helpers", "quiet_gone", "wants", "made_good", "weeks_of_want")),
        *((name, "f8") for name in ("covered_losses", "uncovered", "gaps", "covered_again", "weeks_uncovered")),
        # see `mhsim.engine.work_tally`
        *(
            (name, "f8")
            for name in ("work_steps", "hours_asked", "hours_done", "hours_covered", "meetings_due", "not_held")
        ),
        *((name, "f8") for name in ("must_go", "must_go_seen", "learning_steps", "apprentices")),
        *((name, "f8") for name in ("knowing_helpers", "know_how")),
    ]
)
HISTORY = np.dtype([("arrivals", "i4"), ("first_visits", "i4"), ("open_groups", "i4"), ("lineage", "i4")])
BY_FORM = np.dtype([(name, "i4") for name in ("open_groups", "members", "helpers", "newcomers", "attended")])
"""What is summed each step over the groups of each form, in a world of several."""
SERIES = np.dtype(
    [(name, "i4") for name in ("members", "outside", "former", "impact", "recoil", "accommodated", "helpers")]
    + [(name, "i4") for name in ("organisers", "newcomers", "attended", "requests", "requests_unmet", "open_groups")]
    + [(name, "i4") for name in ("focal_members", "focal_helpers", "focal_attended", "focal_newcomers")]
    + [("focal_held", "i4")]
    + [(name, "f8", (3,)) for name in ("hope", "self_efficacy", "distress")]
    + [(name, "f8") for name in ("belonging", "strain", "cohesion", "funds", "focal_cohesion", "focal_funds")]
    + [(name, "f8") for name in ("focal_hours_open", "focal_hours_done")]
)


@kernel
def watch_people(people, tally, clock):  # type: ignore[no-untyped-def]
    """Take snapshots and count who is still there."""
    for i in range(len(people)):
        tally.person_steps[0] += 1.0
        tally.crises[0] += people.in_crisis[i]
        age = (clock.step - people.arrived[i]) * clock.dt
        if age <= SNAPSHOT_WEEKS[-1]:
            for k in range(len(SNAPSHOT_WEEKS)):
                if age == SNAPSHOT_WEEKS[k]:
                    _snapshot(people, i, k, tally, clock)
        if (clock.step - people.first_asked[i]) * clock.dt == FOUR_WEEKS:
            _four_weeks_after_asking(people, i, tally, clock)
        if people.joined[i] != NEVER:
            since = (clock.step - people.joined[i]) * clock.dt
            if since <= RETENTION_WEEKS[-1] and people.starter[i] == 0 and people.joined[i] >= clock.opening:
                for k in range(len(RETENTION_WEEKS)):
                    if since == RETENTION_WEEKS[k]:
                        _retention(people, i, k, tally)
                        if k == 0:
                            _four_weeks_on(people, i, tally)


@kernel
def _snapshot(people, i, k, tally, clock):  # type: ignore[no-untyped-def]
    calm = people.last_crisis[i] == NEVER or (clock.step - people.last_crisis[i]) * clock.dt >= CALM_WEEKS
    people.snapshot_hope[i, k] = people.hope[i]
    people.snapshot_efficacy[i, k] = people.self_efficacy[i]
    people.snapshot_coping[i, k] = people.coping[i]
    people.snapshot_distress[i, k] = people.distress[i]
    people.snapshot_stage[i, k] = people.stage[i]
    people.snapshot_membership[i, k] = people.membership[i]
    people.snapshot_calm[i, k] = 1 if calm else 0
    if people.starter[i] or people.arrived[i] < clock.opening:
        return
    joiner = NON_JOINERS if people.joined[i] == NEVER else JOINERS
    for who in (EVERYONE, joiner):
        tally.seen[0, who, k] += 1.0
        tally.accommodated[0, who, k] += 1.0 if people.stage[i] == ACCOMMODATION else 0.0
        tally.calm[0, who, k] += 1.0 if calm else 0.0
        tally.low_distress[0, who, k] += 1.0 if people.distress[i] < LOW_DISTRESS else 0.0
        tally.hope[0, who, k] += people.hope[i]
        tally.efficacy[0, who, k] += people.self_efficacy[i]
        tally.distress[0, who, k] += people.distress[i]


@kernel
def _retention(people, i, k, tally):  # type: ignore[no-untyped-def]
    if people.membership[i] == MEMBER:
        tally.kept[0, k] += 1.0
        tally.kept_in_group[0, k] += people.first_group_stay[i]
    elif people.membership[i] == FORMER and people.last_reason[i] == GROUP_CLOSED:
        tally.lost_to_closure[0, k] += 1.0


@kernel
def _need_of(people, i):  # type: ignore[no-untyped-def]
    distress = people.arrival_distress[i]
    return 0 if distress < LOW_DISTRESS else 1 if distress < HIGH_DISTRESS else 2


@kernel
def _four_weeks_on(people, i, tally):  # type: ignore[no-untyped-def]
    need = _need_of(people, i)
    tally.need_seen[0, need] += 1.0
    tally.need_met[0, need] += 1.0 if people.help_received[i] > 0 else 0.0


@kernel
def _four_weeks_after_asking(people, i, tally, clock):  # type: ignore[no-untyped-def]
    if people.starter[i] == 0 and people.joined[i] >= clock.opening:
        need = _need_of(people, i)
        tally.asked_seen[0, need] += 1.0
        tally.asked_met[0, need] += 1.0 if people.help_received[i] > 0 else 0.0


@kernel
def _watch_first_help(members, i, tally, clock):  # type: ignore[no-untyped-def]
    first = members.helped_by[i] != NOWHERE and members.help_received[i] == 1 and members.starter[i] == 0
    if first and members.joined[i] >= clock.opening:
        need = _need_of(members, i)
        tally.first_helps[0, need] += 1.0
        tally.weeks_to_help[0, need] += (clock.step - members.joined[i]) * clock.dt
        tally.waits[0, need] += 1.0
        tally.weeks_waited[0, need] += (clock.step - members.first_asked[i]) * clock.dt


@kernel
def is_end_of_year(clock):  # type: ignore[no-untyped-def]
    """Tell whether this step is the last of a year since the opening."""
    weeks = (clock.step - clock.opening + 1) * clock.dt
    return weeks >= WEEKS_PER_YEAR and weeks - WEEKS_PER_YEAR * int(weeks / WEEKS_PER_YEAR) == 0.0


@kernel
def is_start_of_year(clock):  # type: ignore[no-untyped-def]
    """Tell whether this step is the first of a year since the opening."""
    weeks = (clock.step - clock.opening) * clock.dt
    return weeks >= 0.0 and weeks - WEEKS_PER_YEAR * int(weeks / WEEKS_PER_YEAR) == 0.0


@kernel
def begin_year(people):  # type: ignore[no-untyped-def]
    """At the end of the first step of a year: let the help given in the year be that of this step."""
    for i in range(len(people)):
        people.help_this_year[i] = people.load[i]


@kernel
def _watch_strain(members, i, tally):  # type: ignore[no-untyped-def]
    ended = members.role_end[i] == BURNT_OUT or members.role_end[i] == LEFT_WITH_ROLE
    if ended or members.role[i] == HELPER:
        strain = min(STRAINS - 1, int(members.strain[i] * STRAINS))
        tally.helpers_by_strain[0, strain] += 1.0
        if ended or members.leaving[i] != STAYS:
            tally.ended_by_strain[0, strain] += 1.0


@kernel
def watch_group(members, groups, g, tally, clock):  # type: ignore[no-untyped-def]
    """Count what happened in a group this step."""
    tally.requests[0] += groups.requests[g]
    tally.requests_unmet[0] += groups.requests_unmet[g]
    tally.member_steps[0] += len(members)
    tally.visits[0] += groups.visits[g]
    tally.steps_there[0] += groups.attended[g]
    settled = (clock.step - clock.opening) * clock.dt >= YEAR
    for i in range(len(members)):
        tenure = (clock.step - members.joined[i]) * clock.dt
        if settled and members.visits[i] > 0 and tenure < YEAR and members.starter[i] == 0:
            tally.meeting_by_month[0, int(tenure * MONTHS / YEAR)] += members.visits[i]
        if members.role_end[i] == BURNT_OUT:
            tally.burnouts[0] += 1.0
        elif members.role_end[i] == LEFT_WITH_ROLE:
            tally.stepped_down[0] += 1.0
        _watch_strain(members, i, tally)
        _watch_first_help(members, i, tally, clock)
        if members.role[i] == HELPER:
            tally.helper_steps[0] += 1.0
            tally.load[0, min(LOADS - 1, members.load[i])] += 1.0
            if members.first_helper[i] == clock.step and members.starter[i] == 0:
                tally.helpers_made[0] += 1.0
                tally.steps_to_helping[0] += clock.step - members.joined[i]
    age = (clock.step - groups.founded[g]) * clock.dt
    row = 0 if age < YEAR else 1 if age < 2.0 * YEAR else 2 if age < FIVE_YEARS else OLDEST
    tally.living_with[0, row, 0] += 1.0
    for k in range(1, len(CLOSING)):
        if groups.circumstances[g] & (1 << k):
            tally.living_with[0, row, k] += 1.0
            if groups.closing[g]:
                tally.closed_with[0, row, k] += 1.0
    if groups.closing[g]:
        tally.closed_with[0, row, 0] += 1.0
        tally.closed_for[0, groups.closing[g]] += 1.0


@kernel
def class_of(tenure):  # type: ignore[no-untyped-def]
    """Return the class of a tenure in weeks: 0 under a year, 1 under five years, 2 more."""
    return 0 if tenure < YEAR else 1 if tenure < FIVE_YEARS else 2


@kernel
def watch_year(people, tally, clock):  # type: ignore[no-untyped-def]
    """At the last step of a year: sample tenure on the roll and at the meeting, and see who stayed a year."""
    for i in range(len(people)):
        member = people.membership[i] == MEMBER
        before = people.class_last_year[i]
        if before > 0:
            tally.class_seen[0, before - 1] += 1.0
            tally.class_kept[0, before - 1] += 1.0 if member else 0.0
        people.class_last_year[i] = 0
        if member and people.joined[i] != NEVER:
            tenure = (clock.step - people.joined[i]) * clock.dt
            now = class_of(tenure)
            people.class_last_year[i] = now + 1
            tally.roll_by_class[0, now] += 1.0
            if tenure < YEAR:
                tally.roll_by_month[0, int(tenure * MONTHS / YEAR)] += 1.0
            tally.roll_helpers[0] += 1.0 if people.role[i] == HELPER else 0.0
            tally.meeting_by_class[0, now] += people.visits[i]
            tally.meeting_helpers[0] += people.visits[i] if people.role[i] == HELPER else 0.0
            tally.meeting_ever_helpers[0] += people.visits[i] if people.first_helper[i] != NEVER else 0.0


@kernel
def count_life(people, i, tally):  # type: ignore[no-untyped-def]
    """Count a life that ends, or that the end of the run cuts off, into careers and the distribution of helping."""
    if people.joined[i] != NEVER:
        tally.help_given[0, min(LOADS - 1, people.help_given[i])] += 1.0


@kernel
def count_career(people, i, tally):  # type: ignore[no-untyped-def]
    """Count the completed career of a helper who was not there at the start."""
    if people.first_helper[i] != NEVER and people.starter[i] == 0:
        tally.careers[0] += 1.0
        tally.credit[0] += people.credit[i]
    if people.class_last_year[i] > 0:
        tally.class_seen[0, people.class_last_year[i] - 1] += 1.0


@kernel
def add_to_series(people, row):  # type: ignore[no-untyped-def]
    """Add a tile of people to the sums of one row of the series."""
    for i in range(len(people)):
        membership = people.membership[i]
        row.outside[0] += 1 if membership == OUTSIDE else 0
        row.members[0] += 1 if membership == MEMBER else 0
        row.former[0] += 1 if membership == FORMER else 0
        row.impact[0] += 1 if people.stage[i] == IMPACT else 0
        row.recoil[0] += 1 if people.stage[i] == RECOIL else 0
        row.accommodated[0] += 1 if people.stage[i] == ACCOMMODATION else 0
        row.hope[0, membership] += people.hope[i]
        row.self_efficacy[0, membership] += people.self_efficacy[i]
        row.distress[0, membership] += people.distress[i]
        if membership == MEMBER:
            row.belonging[0] += people.belonging[i]
            row.strain[0] += people.strain[i]


@kernel
def add_group_to_forms(groups, g, row):  # type: ignore[no-untyped-def]
    """Add an open group to one row of the series of forms."""
    form = groups.form[g] - 1
    row.open_groups[form] += 1
    row.members[form] += groups.roll[g]
    row.helpers[form] += groups.helpers[g]
    row.newcomers[form] += groups.newcomers[g]
    row.attended[form] += groups.attended[g]


@kernel
def add_group_to_series(groups, g, focal, row):  # type: ignore[no-untyped-def]
    """Add an open group to one row of the series; `focal` is the number of the group looked at closely."""
    row.helpers[0] += groups.helpers[g]
    row.organisers[0] += groups.organisers[g]
    row.newcomers[0] += groups.newcomers[g]
    row.attended[0] += groups.attended[g]
    row.requests[0] += groups.requests[g]
    row.requests_unmet[0] += groups.requests_unmet[g]
    row.open_groups[0] += 1 if groups.status[g] != CLOSED else 0
    row.cohesion[0] += groups.cohesion[g]
    row.funds[0] += groups.funds[g]
    if g == focal:
        row.focal_cohesion[0] = groups.cohesion[g]
        row.focal_funds[0] = groups.funds[g]
        row.focal_members[0] = groups.roll[g]
        row.focal_helpers[0] = groups.helpers[g]
        row.focal_attended[0] = groups.attended[g]
        row.focal_newcomers[0] = groups.newcomers[g]
        row.focal_held[0] = groups.held[g]
        row.focal_hours_open[0] = groups.hours_open[g]
        row.focal_hours_done[0] = groups.hours_done[g]

"""Stewardship: members mind the group's future, pass its offices round, settle its ways and money; it may be nested.

Five rules, each by itself where the numbers of the others are 0. Sums over members are formed in the order of the ring,
starting from 0. `carriers` are the helpers and organisers on the roll when the step began. A person's own are `care`
and `in_office`, 0 at arrival, and `last_office`, never at first; they stay with the person from group to group. A
group's own are `nested` (not settled at first), `visitor`, `visits_lent`, `held_since`, `danger`, `raised`,
`concentration`, `suits` and `debt`, 0 at first, and `holder`, nobody at first; of these a group that splits off has
`nested` from its parent, and begins with the others as every group does.

**Nested or alone** (after `work`, first of all). A group that is not settled is nested in a larger body with chance
`nested_share` (word `nested` of its draw "steward" of this step is less than the share), else alone, for good. To a
nested group with fewer than `lends_below` carriers the body lends a helper for this step with hazard `lends` (word
`lent` of the same draw): every meeting due is held (``held = due``), all newcomers are met (``greeting = 1``),
`visits_lent` counts one more, and after `attend`, if anybody came, there was a helper at the meeting (`helpers_there`
at least 1). Such a visit is `visitor` = 1, else 0. After `attend` a nested group's funds get `parent_support`. Its
members have less to say (below), and after `govern`, first of all, ``formality += parent_forms * max(0, parent_rules -
formality)``.

**Care.** After `work`, on what the last step left of attendance and funds,

    want   = 1 - funds / money_wanted
    danger = max(1 - carriers / carriers_wanted, 1 - attendance / people_wanted, want)       each held within 0 to 1

and for each member ports are written: ``serve *= 1 + care_serves * care * danger``, ``attend += care_comes * care *
danger``. After `attend`, ``care += care_grows * (belonging - care)`` for who came; others keep theirs. It starts at 0.

**Money.** After `work`, once danger is known, ``effort = fundraise * want`` is taken from helping: ``free *= 1 -
effort``; the funds get ``money = raises * effort * sum of able * spare_time of those with the role of helper or
organiser``, added to `raised` too, and each of these gains ``know_how += builds * effort * (1 - know_how)``. Then each
member's ports: ``attend -= fee_parts * fee * access_barrier`` and ``serve *= exp(- fee_cools * fee)``; for people
outside, before they decide, ``come *= exp(- fee_keeps * fee * access_barrier)``. After `attend`, in this order: funds
get ``fee * visits``; then with `want` anew on what there is now, ``pledge * want * say_here * sum of care of those who
came`` (care as it was before this meeting); then what the parent gives. `govern` holds funds to its reserve.

**Offices** (after `prepare`; `office` other than "none"). A member can hold the office who is helper or organiser, or
accommodated with the role "member"; who is not marked as leaving, not resting, and has come for at least `office_after`
weeks of meetings (`meetings` times the length of a step). The office falls vacant when the holder is no longer a member
who can hold it, or, unless it is "fixed", after `office_weeks` since it began. A vacant office is filled at once:

    fixed      who joined first (starters before all others)
    rotating   who held it longest ago (who never did before all others)
    elected    who gets most votes; each member who came votes for the one, not oneself, to whom the tie is strongest,
               if there is any with a tie above 0

equals by arrival, for a vote as well. Under "elected" the one whose term just ended stands only if there is nobody
else. If nobody can, it stays vacant (`holder` nobody's). Then the holder, if there is one, gets one more of `in_office`
(counted in steps), `last_office` becomes this step, ``self_efficacy += office_gain (1 - .)``, ``belonging +=
office_belongs (1 - .)``, strain grows by `office_strain` to 1 at most, and the group's ``norms += upholds * able * (1 -
norms)``. `concentration` is the sum of squares of the roll's `in_office` over the square of their sum (0 where the sum
is 0). Each step after `work`, for who holds the office, ``attend += office_draws`` (after what care adds, before what
the fee takes), and for whoever has `in_office` above 0, ``serve *= 1 + office_readies`` (likewise); under "none"
neither.

**Ways** (after `govern`, formality done). The group's ways stand where its centre in the space of profiles is. After
`work`, last of all ports, ``drop *= exp(ways_hold * (0.6 - like))`` for each member, `like` being the likeness (breadth
1) to the centre. If anybody came, the centre moves on both axes by ``ways_drift * (1 - stiffens * formality) * (1 -
parent_rules [nested])`` of the way to ``say_here * mean of those who came + (1 - say_here) * mean of those with the
role of helper or organiser now`` (where there is none of these, the mean of those who came stands for theirs), with
``say_here = say * (1 - parent_rules [nested])``; then ``belonging += voice * say_here * (1 - .)`` of those who came,
and `suits` becomes the mean likeness of those who came to the centre as moved (else it stays).

Log: of the group `office`, naming who takes the office from anybody else or from nobody; `vacant` when it has a
holder no more and nobody takes it; `debt` in the first of the steps in which funds are under 0 after `govern` (`debt`
of the group is 1 in all of them, else 0).

Sources: E112 policy and purse, E114 rules that adapt, E115-E116 offices, E129 fees, E145 parent bodies, E156 caring,
E158 veterans who go, E160 fundraising, E161 autonomy or stability; V61, V62 money and help from outside. No size is
known: all are assumed.
"""

from __future__ import annotations

from typing import Literal

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, exp, happens
from mhsim.kernel_helpers import TYPICAL_FIT, carries_work, likeness
from mhsim.plugins import Column, Event, OwnMeasure, Purpose, Rule, draw, par, switch, tell_group
from mhsim.schema import ACCOMMODATION, NEVER, NOBODY, ORDINARY, STAYS
from mhsim.ties import strength_of

STEWARD = 1140
UNSETTLED, ALONE, NESTED = 0, 1, 2
"""Whether a group belongs to a larger body."""
NO_OFFICE, FIXED, ROTATING, ELECTED = 0, 1, 2, 3
OFFICE, VACANT, DEBT = 0, 1, 2


@kernel
def _want(funds, wanted):  # type: ignore[no-untyped-def]
    return clip(1.0 - funds / wanted)


@kernel
def _can_hold(members, i, clock, p):  # type: ignore[no-untyped-def]
    fit = carries_work(members.role[i]) or (members.role[i] == ORDINARY and members.stage[i] == ACCOMMODATION)
    stays = members.leaving[i] == STAYS and members.resting[i] == 0
    return fit and stays and members.meetings[i] * clock.dt >= p.office_after


@kernel
def _holds_before(members, own, votes, i, j, office):  # type: ignore[no-untyped-def]
    if office == FIXED and members.joined[i] != members.joined[j]:
        return members.joined[i] < members.joined[j]
    if office == ROTATING:
        one, other = own.last_office[members.slot[i]], own.last_office[members.slot[j]]
        if one != other:
            return one < other
    if office == ELECTED and votes[i] != votes[j]:
        return votes[i] > votes[j]
    return members.who[i] < members.who[j]


@kernel
def _vote(members, stands, ties, handles, votes):  # type: ignore[no-untyped-def]
    for i in range(len(members)):
        if members.attended[i]:
            choice = -1
            closest = 0.0
            for j in range(len(members)):
                if stands[j] and j != i:
                    strength = strength_of(ties, handles, members.slot[i], members.slot[j])
                    if strength > closest or (
                        choice >= 0 and strength == closest and members.who[j] < members.who[choice]
                    ):
                        choice, closest = j, strength
            if choice >= 0:
                votes[choice] += 1


@kernel
def _fill_office(members, scratch, own, ties, handles, term_of, clock, p):  # type: ignore[no-untyped-def]
    """Return who takes the office, a row, or -1; `term_of` is the row whose term just ended, or -1."""
    stands, votes = scratch.candidate, scratch.seeker
    number = 0
    for i in range(len(members)):
        votes[i] = 0
        stands[i] = 1 if _can_hold(members, i, clock, p) else 0
        number += stands[i]
    if p.office == ELECTED:
        if term_of >= 0 and number > 1:
            stands[term_of] = 0
        _vote(members, stands, ties, handles, votes)
    best = -1
    for i in range(len(members)):
        if stands[i] and (best < 0 or _holds_before(members, own, votes, i, best, p.office)):
            best = i
    return best


@kernel
def _row_of(members, who):  # type: ignore[no-untyped-def]
    if who != NOBODY:
        for i in range(len(members)):
            if members.who[i] == who:
                return i
    return -1


@kernel
def _say_here(ours, g, p):  # type: ignore[no-untyped-def]
    return p.say * (1.0 - p.parent_rules) if ours.nested[g] == NESTED else p.say


@kernel
def _be_lent(groups, g, ours, community, key, clock, p):  # type: ignore[no-untyped-def]
    nested, lent, _, _ = draw(key, groups.who[g], 0, community, clock.step, STEWARD, 0)
    if ours.nested[g] == UNSETTLED:
        ours.nested[g] = NESTED if nested < p.nested_share else ALONE
    ours.visitor[g] = 0
    short = groups.helpers[g] + groups.organisers[g] < p.lends_below
    if ours.nested[g] == NESTED and short and happens(lent, p.lends):
        ours.visitor[g] = 1
        ours.visits_lent[g] += 1
        groups.held[g] = groups.due[g]
        groups.greeting[g] = 1.0


@kernel
def _raise(members, groups, g, ours, ring, want, p):  # type: ignore[no-untyped-def]
    effort = p.fundraise * want
    groups.free[g] *= 1.0 - effort
    hands = 0.0
    for seat in range(len(members)):
        i = ring[seat]
        if carries_work(members.role[i]):
            hands += members.able[i] * members.spare_time[i]
            members.know_how[i] = clip(members.know_how[i] + p.builds * effort * (1.0 - members.know_how[i]))
    money = p.raises * effort * hands
    groups.funds[g] += money
    ours.raised[g] += money


@kernel
def _take_office(members, groups, g, own, ours, scratch, ties, handles, events, clock, p):  # type: ignore[no-untyped-def]
    holder = _row_of(members, ours.holder[g])
    if holder >= 0 and not _can_hold(members, holder, clock, p):
        holder = -1
    ended = -1
    if holder >= 0 and p.office != FIXED and (clock.step - ours.held_since[g]) * clock.dt >= p.office_weeks:
        ended, holder = holder, -1
    if holder < 0:
        holder = _fill_office(members, scratch, own, ties, handles, ended, clock, p)
        before = ours.holder[g]
        ours.holder[g] = NOBODY
        if holder < 0 and before != NOBODY:
            tell_group(events, VACANT, groups, g, 0)
        if holder >= 0:
            if members.who[holder] != before:
                tell_group(events, OFFICE, groups, g, members.who[holder])
            ours.holder[g] = members.who[holder]
            ours.held_since[g] = clock.step
    if holder >= 0:
        slot = members.slot[holder]
        own.in_office[slot] += 1
        own.last_office[slot] = clock.step
        efficacy, belonging = members.self_efficacy[holder], members.belonging[holder]
        members.self_efficacy[holder] = clip(efficacy + p.office_gain * (1.0 - efficacy))
        members.belonging[holder] = clip(belonging + p.office_belongs * (1.0 - belonging))
        members.strain[holder] = clip(members.strain[holder] + p.office_strain)
        groups.norms[g] += p.upholds * members.able[holder] * (1.0 - groups.norms[g])


@kernel
def _concentration(members, own):  # type: ignore[no-untyped-def]
    total = squares = 0.0
    for i in range(len(members)):
        weeks = 1.0 * own.in_office[members.slot[i]]
        total += weeks
        squares += weeks * weeks
    return squares / (total * total) if total > 0.0 else 0.0


@kernel
def _move_ways(members, groups, g, ours, ring, p):  # type: ignore[no-untyped-def]
    came = lead = 0
    came_x = came_y = lead_x = lead_y = 0.0
    for seat in range(len(members)):
        i = ring[seat]
        if members.attended[i]:
            came += 1
            came_x += members.profile_x[i]
            came_y += members.profile_y[i]
        if carries_work(members.role[i]):
            lead += 1
            lead_x += members.profile_x[i]
            lead_y += members.profile_y[i]
    if came == 0:
        return
    came_x, came_y = came_x / came, came_y / came
    lead_x = lead_x / lead if lead > 0 else came_x
    lead_y = lead_y / lead if lead > 0 else came_y
    say = _say_here(ours, g, p)
    pace = p.ways_drift * (1.0 - p.stiffens * groups.formality[g])
    if ours.nested[g] == NESTED:
        pace = pace * (1.0 - p.parent_rules)
    groups.profile_x[g] += pace * (say * came_x + (1.0 - say) * lead_x - groups.profile_x[g])
    groups.profile_y[g] += pace * (say * came_y + (1.0 - say) * lead_y - groups.profile_y[g])
    suits = 0.0
    for seat in range(len(members)):
        i = ring[seat]
        if members.attended[i]:
            members.belonging[i] = clip(members.belonging[i] + p.voice * say * (1.0 - members.belonging[i]))
            suits += _likeness_to_ways(members, i, groups, g)
    ours.suits[g] = suits / came


@kernel
def _likeness_to_ways(members, i, groups, g):  # type: ignore[no-untyped-def]
    return likeness(members.profile_x[i], members.profile_y[i], groups.profile_x[g], groups.profile_y[g], 1.0)


class Steward(Rule):
    """Parameters of stewardship."""

    after = "prepare"
    people = (
        Column("care", "f8", "0-1", "how far this person minds the group's future", shown="care"),
        Column("in_office", "u2", "steps", "time in the office", shown="in_office"),
        Column("last_office", "i2", "step", "when this person last held the office", start=NEVER),
    )
    groups = (
        Column("nested", "u1", "0/1/2", "0 not settled, 1 alone, 2 nested in a larger body", inherits=True),
        Column("visitor", "u1", "0/1", "a helper lent by the body came this step", shown="visitor"),
        Column("visits_lent", "i4", "times", "steps with a helper lent by the body", shown="visits_lent"),
        Column("holder", "u4", "identity", "who holds the office; nobody's if vacant", start=(NOBODY, NOBODY)),
        Column("held_since", "i4", "step", "when the holder took the office"),
        Column("danger", "f8", "0-1", "how far members see the group in danger", shown="danger"),
        Column("raised", "f8", "money", "money raised so far", shown="raised"),
        Column("concentration", "f8", "0-1", "how far the office has been one person's", shown="concentration"),
        Column("purse", "f8", "money", "funds when the step was through"),
        Column("debt", "u1", "0/1", "funds were under zero when the step was through", shown="debt"),
        Column("suits", "f8", "0-1", "how well the group's ways suit those who come", shown="suits"),
    )
    measures = (
        OwnMeasure("funds", "groups.purse", "groups", "money", "money in hand of a group"),
        OwnMeasure("in_debt", "groups.debt", "groups", "share", "of weeks of groups, in debt"),
        OwnMeasure(
            "concentration", "groups.concentration", "groups", "0-1", "how far the office has been one person's"
        ),
    )
    events = (
        Event(
            OFFICE,
            "office",
            "groups",
            {
                "en": (
                    "gave the chair to {other}",
                    "one group passed on the chair",
                    "{count} times a group passed on the chair",
                ),
                "de": (
                    "übergab den Vorsitz an {other}",
                    "eine Gruppe gab den Vorsitz weiter",
                    "{count}mal gab eine Gruppe den Vorsitz weiter",
                ),
            },
        ),
        Event(
            VACANT,
            "vacant",
            "groups",
            {
                "en": (
                    "had nobody to take the chair",
                    "one group had nobody to take the chair",
                    "{count} times a group had nobody to take the chair",
                ),
                "de": (
                    "hatte niemanden für den Vorsitz",
                    "eine Gruppe hatte niemanden für den Vorsitz",
                    "{count}mal hatte eine Gruppe niemanden für den Vorsitz",
                ),
            },
        ),
        Event(
            DEBT,
            "debt",
            "groups",
            {
                "en": ("ran out of money", "one group ran out of money", "{count} times a group ran out of money"),
                "de": (
                    "hatte kein Geld mehr",
                    "eine Gruppe hatte kein Geld mehr",
                    "{count}mal hatte eine Gruppe kein Geld mehr",
                ),
            },
        ),
    )
    purposes = (Purpose(STEWARD, "steward", "a group, each step", ("nested", "lent", "", "")),)
    writes = {
        "members": ("know_how", "self_efficacy", "belonging", "strain"),
        "groups": (
            *("held", "greeting", "free", "funds", "helpers_there", "norms", "formality"),
            *("profile_x", "profile_y"),
        ),
    }
    neutral = {
        "care_serves": 0.0,
        "care_comes": 0.0,
        "pledge": 0.0,
        "fundraise": 0.0,
        "fee": 0.0,
        "office_gain": 0.0,
        "office_belongs": 0.0,
        "office_strain": 0.0,
        "office_draws": 0.0,
        "office_readies": 0.0,
        "upholds": 0.0,
        "ways_drift": 0.0,
        "ways_hold": 0.0,
        "voice": 0.0,
        "nested_share": 0.0,
    }

    enabled: bool = switch("whether members mind the group's future, offices, ways and money", default=False)
    care_grows: float = par(0.02, 0, 1, unit="share/meeting", why="care moves toward belonging", source="assumed; E156")
    care_serves: float = par(5.0, 0, 100, unit="weight", why="care in danger makes helpers", source="assumed; E156")
    care_comes: float = par(0.5, 0, 10, unit="weight", why="care in danger draws people in", source="assumed; E156")
    carriers_wanted: float = par(
        3.0, 0.1, 100, unit="people", why="carriers below whom a group is seen in danger", source="assumed; V22"
    )
    people_wanted: float = par(
        6.0, 0.1, 1000, unit="people", why="attendance below which it is seen in danger", source="assumed; V64"
    )
    money_wanted: float = par(
        20.0, 0.1, 10000, unit="money", why="funds below which money is wanted", source="assumed; E141"
    )
    pledge: float = par(
        0.5, 0, 100, unit="money/week", why="given besides, at full care, say and want", source="assumed; E112 E113"
    )
    fundraise: float = par(
        0.0, 0, 1, unit="share", why="of helpers' free time, for money where it is wanted", source="assumed; E160"
    )
    raises: float = par(
        4.0, 0, 1000, unit="money/week", why="one who carries work raises by that alone", source="assumed; E160"
    )
    builds: float = par(
        0.01, 0, 1, unit="share/week", why="know-how gained by raising money alone", source="assumed; E160"
    )
    fee: float = par(0.0, 0, 100, unit="money", why="asked of each at each meeting, in usual gifts", source="E129")
    fee_keeps: float = par(0.5, 0, 10, unit="weight", why="a fee keeps people away", source="assumed; E129")
    fee_parts: float = par(0.5, 0, 10, unit="weight", why="a fee keeps members away", source="assumed; E129")
    fee_cools: float = par(0.3, 0, 10, unit="weight", why="who pays does not become a helper", source="assumed; E129")
    office: Literal["none", "fixed", "rotating", "elected"] = par(
        "elected", unit="choice", why="how the office of the chair is passed on", source="E115 E116"
    )
    office_weeks: float = par(52.0, 1, 5000, unit="weeks", why="term of an office", source="assumed; E116")
    office_after: float = par(
        13.0, 0, 500, unit="weeks", why="of meetings before one can hold the office", source="assumed; E116"
    )
    office_gain: float = par(
        0.004, 0, 1, unit="share/week", why="self-efficacy gained in office", source="assumed; E116", benefit=True
    )
    office_belongs: float = par(0.02, 0, 1, unit="share/week", why="belonging gained in office", source="assumed; E116")
    office_strain: float = par(0.02, 0, 1, unit="1/week", why="strain of the office", source="assumed; V47")
    office_draws: float = par(1.0, 0, 10, unit="weight", why="who is in office comes", source="assumed; E116")
    office_readies: float = par(
        1.0, 0, 100, unit="weight", why="who was in office becomes a helper more readily", source="assumed; E116"
    )
    upholds: float = par(
        0.005, 0, 1, unit="share/week", why="norms upheld by who is in office", source="assumed; E116 E154"
    )
    say: float = par(
        1.0, 0, 1, unit="share", why="of what is settled, by all who come; else by those in charge", source="E112"
    )
    voice: float = par(
        0.004, 0, 1, unit="share/week", why="belonging gained where one has a say", source="assumed; E112"
    )
    ways_drift: float = par(
        0.02, 0, 1, unit="share/week", why="how fast ways follow those who settle them", source="assumed; E114"
    )
    ways_hold: float = par(1.0, 0, 10, unit="weight", why="ways that suit hold people", source="assumed; E114 V12")
    stiffens: float = par(
        0.8, 0, 1, unit="share", why="of the change of ways, held up by formality", source="assumed; E161"
    )
    nested_share: float = par(
        0.0, 0, 1, unit="chance", why="a group belongs to a larger body", source="a choice of the form; E145"
    )
    parent_support: float = par(
        2.0, 0, 1000, unit="money/week", why="a parent body gives to a group", source="assumed; E145 V61"
    )
    parent_rules: float = par(
        0.5, 0, 1, unit="share", why="of what is settled, by the parent body", source="assumed; E145 E161"
    )
    parent_forms: float = par(
        0.02, 0, 1, unit="share/week", why="formality moves up to the parent's", source="assumed; E145 E106"
    )
    lends: float = par(
        0.5, 0, 10, unit="1/week", why="a parent lends a helper to a group in want of them", source="assumed; E145"
    )
    lends_below: float = par(1.0, 0, 100, unit="people", why="carriers below which it does", source="assumed; E145")

    @staticmethod
    def after_work(members, groups, g, own, ours, ring, ports, community, key, clock, p):  # type: ignore[no-untyped-def]
        """See in what danger the group is, and let everybody bear it in mind."""
        _be_lent(groups, g, ours, community, key, clock, p)
        want = _want(groups.funds[g], p.money_wanted)
        few = clip(1.0 - (groups.helpers[g] + groups.organisers[g]) / p.carriers_wanted)
        empty = clip(1.0 - groups.attendance[g] / p.people_wanted)
        danger = max(few, empty, want)
        ours.danger[g] = danger
        _raise(members, groups, g, ours, ring, want, p)
        cooled = exp(-p.fee_cools * p.fee)
        for i in range(len(members)):
            slot = members.slot[i]
            ports.serve[i] *= 1.0 + p.care_serves * own.care[slot] * danger
            ports.attend[i] += p.care_comes * own.care[slot] * danger
            if p.office != NO_OFFICE:
                if members.who[i] == ours.holder[g]:
                    ports.attend[i] += p.office_draws
                if own.in_office[slot] > 0:
                    ports.serve[i] *= 1.0 + p.office_readies
            ports.attend[i] -= p.fee_parts * p.fee * members.access_barrier[i]
            ports.serve[i] *= cooled
            ports.drop[i] *= exp(p.ways_hold * (TYPICAL_FIT - _likeness_to_ways(members, i, groups, g)))

    @staticmethod
    def outside_week(outside, ports, p):  # type: ignore[no-untyped-def]
        """Let a fee keep people away."""
        keeps = -p.fee_keeps * p.fee
        if keeps < 0.0:
            for i in range(len(outside)):
                ports.come[i] *= exp(keeps * outside.access_barrier[i])

    @staticmethod
    def after_attend(members, groups, g, own, ours, ring, p):  # type: ignore[no-untyped-def]
        """Take in money, and let care grow."""
        if ours.visitor[g] and groups.attended[g] > 0:
            groups.helpers_there[g] = max(1, groups.helpers_there[g])
        minded = 0.0
        for seat in range(len(members)):
            i = ring[seat]
            if members.attended[i]:
                slot = members.slot[i]
                minded += own.care[slot]
                own.care[slot] += p.care_grows * (members.belonging[i] - own.care[slot])
        groups.funds[g] += p.fee * groups.visits[g]
        groups.funds[g] += p.pledge * _want(groups.funds[g], p.money_wanted) * _say_here(ours, g, p) * minded
        if ours.nested[g] == NESTED:
            groups.funds[g] += p.parent_support

    @staticmethod
    def in_group(members, groups, g, own, ours, scratch, ties, handles, events, clock, p):  # type: ignore[no-untyped-def]
        """Fill the office and let its holder act."""
        if p.office != NO_OFFICE:
            _take_office(members, groups, g, own, ours, scratch, ties, handles, events, clock, p)
            ours.concentration[g] = _concentration(members, own)

    @staticmethod
    def after_govern(members, groups, g, ours, ring, events, p):  # type: ignore[no-untyped-def]
        """Settle the group's ways, and what is in the purse."""
        ours.purse[g] = groups.funds[g]
        if groups.funds[g] < 0.0 and ours.debt[g] == 0:
            tell_group(events, DEBT, groups, g, 0)
        ours.debt[g] = 1 if groups.funds[g] < 0.0 else 0
        if ours.nested[g] == NESTED:
            groups.formality[g] += p.parent_forms * max(0.0, p.parent_rules - groups.formality[g])
        _move_ways(members, groups, g, ours, ring, p)

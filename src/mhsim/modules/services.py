"""Services beside the groups: visits, referral both ways, professionals in groups, peers who are paid, the price.

People have of their own: ``hold`` (what care still holds), `waiting` (weeks since a crisis that no service has seen),
`sent` (sent to a service by the group), `case` (weeks that a peer specialist is still at one's side), `paid` (is a
peer specialist), `visits` so far; all start at 0. Communities have ``gap``, the power gap between services and
clients, which starts at the parameter `gap`, ``tension`` between services and groups (starts at 0), ``room`` (starts
at 1), `vacant`, ``free_cases``, and counts of the step. With p the parameters, per step:

At the start of the step, for each community, from the counts of the step before (0 before the first; `people` counts
everybody gone through below):

    room        = min(1, capacity * people / 100 / asked)                 1 where nobody asked
    vacant      = max(0, posts - employed) / posts                        0 where there are no posts
    free_cases  = min(1, max(0, caseload * employed - cases) / seen)      0 with nobody employed, else 1 with none seen
    crowded     = employed / (employed + members)                         0 where nobody is employed
    tension    += rub * let_down / members * (1 - tension) - min(1, mend + exchange_mends * exchange) * tension
    gap        += gap_returns * (p.gap - gap) - autonomy_spreads * seen_members / seen * gap

`let_down / members` and `seen_members / seen` being 0 where nobody is a member or was seen; p.gap is the parameter,
and the right side uses the values before. Then all counts are set to 0. What is read of a community below stays as it
is here until the next step.

Before people outside decide to come, and for members after the phase work: the port `crisis` is multiplied by ``1 -
hold_protects * hold``. For people outside the port `come` is multiplied by ``exp(turned_to_peers * disappointed)``,
where `disappointed` (0 to 1, starts at 0, a column, too) is how much services have let the person down; who has been
let down by half or more adds `unmet_founds` to `eager` of the community (see `found`).

In the clinic. `clinic` says how far groups meet in the rooms of a service, 0 to 1; that gives professionals no say in
them, which is `professionals`. The way is short and the rooms are lent, and who was let down stays away: the port
`come` of people outside is besides multiplied by ``exp(- clinic_deters * clinic * disappointed)``, and after govern
``funds`` and `lent` also gain ``clinic * rooms``.

Professionals. After work, for a group: with chance ``there = professionals + (1 - professionals) * invited``, the
second part only where no helper is on the roll (as the step began) or a member had the last crisis in the step
before, a professional is at the group in this step (``professional`` of the group is 1, else 0; word 0 of the draw
"professional comes"). Then every meeting due is held, the port `speak` of each member is multiplied by ``1 - hushes *
gap`` and those of `answer` and `serve` by ``1 - displaces``. Whether one is there or not, in the same pass: who is
paid has `answer` and `serve` multiplied by ``1 - busy``, everybody else `serve` by ``exp(- pay_crowds * crowded)``.

After help, for each member of a group: with a professional there, who came to the meeting has ``distress -= counsel *
distress``. After that, where a helper was at the meeting or a professional is there, a member who came or was helped
in this step, whose distress is `send_at` or more and who is not yet `sent`, is sent to a service with chance
``send_skill * (1 - tension)`` (word 0 of "sending").

Visits, for members after the phase live, for people outside after their week, by what they are then. Let a and b be
words 0 and 1 of "visits", block 0, and ``barrier = access_barrier * (1 - navigate [case > 0])``. A person asks for a
visit (a) with hazard

    (visits_per_year * exp(use_by_distress * (distress - 0.5)) + crisis_brings [waiting > 0]) * (1 - barrier)
        * exp(- keeps_off * disappointed) * service + sent_goes [sent]

`service` being the person's port as it stands then, and "case > 0" in brackets as it stands before 4 unless said. Who
asks is seen if ``b < room``, else turned away. Of visits, those with word 2 under `quality` are good. In this order:

1.  not seen: ``hold -= hold_fades * (1 - bridge [attended]) * hold`` (people outside have not attended);
2.  seen: `visits` goes up by one, waiting and sent become 0 and ``self_efficacy -= client_gap * gap * (1 - speaks_for
    [case > 0]) * self_efficacy``. Where it is good, ``distress -= relief * distress`` and ``hold = 1``. Where it is
    not, and for who is turned away, ``disappointed += disappoints * (1 - disappointed)``, and a member counts as
    `let_down`;
3.  otherwise (neither a visit that was not good nor turned away), ``disappointed -= forgiven * disappointed``;
4.  with ``case > 0``, ``coping += min(1, plan * (1 + standard)) * min(1, full_attention / caseload) * (1 - coping)``
    and case falls by the length of the step, to 0 at least. Otherwise, where seen and with word 3 under `free_cases`,
    ``case = case_weeks``;
5.  waiting: who had a crisis in this step and was not seen in it has ``waiting = length of the step`` if it was 0;
    who waited already and was not seen waits by the length of the step longer, and no more (0) beyond `crisis_weeks`;
6.  a person outside who was seen, is not accommodated, does not leave and does not yet go to a group is sent to one
    with chance ``refer * (1 - tension) * (1 + clinic_sends * clinic) * (1 + (1 - standard) [case > 0, as it stands
    after 4])`` (word 0 of "visits", block 1). The service looks whom it sends where if word 1 is under `accuracy`:
    then to the open group most alike (likeness to its centre with breadth 1, the first of the community's list among
    equals), but only where likeness is `suits_at` or more (else nowhere); otherwise to the open group at place
    ``floor(word 2 * number of open groups)`` of the list. Who is sent is marked `going_to` and counts as `referred`;
7.  who is paid leaves the post with hazard `post_left_per_year` (word 3 of the same).

Then the person is counted as they are now: `people`, `members`, `asked`, `seen`, `seen_members`, `turned`, `let_down`
(members), `employed` (paid), `cases` (case > 0), `late` (waiting > 0), `late_members`; `sent_on` counts whom groups
sent.

Posts. After serve, a member who is accommodated, not paid and not leaving takes a post with hazard ``hire_per_year *
vacant * willingness * self_efficacy`` (word 0 of "posts"); `posts` is what is aimed at: two may be taken on at once.

Exchange. After govern, with ``given = exchange * (1 - tension)``: ``funds += given * rooms``, and the know-how of
each helper grows by ``given * teaches * (1 - know_how)``; `lent` grows by ``given * rooms``, and `evenings` by one
where a professional was there.

The cost of a step is ``visit_cost * (seen + evenings) + wage * employed + lent``.

Results are held within 0 to 1. The contacts with services of `live` go on beside; a scenario that uses this sets
their rate, and the referral of `arrive`, to 0.

Log: `referred` of who is sent to a group, `sent_on` of who is sent to a service, `hired` and `post_left` of who takes
or leaves a post.

Sources: E104, E123-E124, E127-E128, E165, E182-E183, E185-E190, E192-E193, E195, E226; V17, V52, V53, V103.
"""

from __future__ import annotations

from mhsim.kernel_helpers import MIDPOINT, likeness
from mhsim.plugins import (
    Column,
    Event,
    OwnMeasure,
    Purpose,
    Rule,
    clip,
    draw,
    draw_words,
    exp,
    happens,
    kernel,
    par,
    switch,
    tell,
    uniform,
)
from mhsim.schema import ACCOMMODATION, CLOSED, HELPER, MEMBER, NOWHERE, STAYS

VISITS, POSTS, COMES, SENDS = 1160, 1161, 1162, 1163
A_HUNDRED = 100.0
"""Capacity is stated per hundred people in need."""


def _count(name: str, meaning: str) -> Column:
    return Column(name, "f8", "people", f"{meaning}, this step", shown=name)


REFERRED, SENT_ON, HIRED, POST_LEFT = 0, 1, 2, 3


class Services(Rule):
    """Parameters of services and of what they have to do with groups."""

    after = "start"
    people = (
        Column("hold", "f8", "0-1", "what care still holds", shown="hold"),
        Column("disappointed", "f8", "0-1", "how much services have let this person down", shown="disappointed"),
        Column("waiting", "f8", "weeks", "since a crisis that no service has seen", shown="waiting"),
        Column("case", "f8", "weeks", "that a peer specialist is still at this person's side", shown="case"),
        Column("visits", "i4", "times", "visits to services", shown="visits"),
        Column("sent", "u1", "0/1", "sent to a service by the group"),
        Column("paid", "u1", "0/1", "is a paid peer specialist", shown="paid"),
    )
    groups = (Column("professional", "u1", "0/1", "a professional is there this step", shown="professional"),)
    places = (
        Column("tension", "f8", "0-1", "between services and groups", shown="tension"),
        Column("gap", "f8", "0-1", "power gap between services and clients", start="gap", shown="gap"),
        Column("room", "f8", "0-1", "of those who ask, who can be seen", start=1),
        Column("vacant", "f8", "0-1", "of the posts, vacant"),
        Column("free_cases", "f8", "0-1", "of those seen, for whom a peer specialist has time"),
        Column("crowded", "f8", "0-1", "the paid among paid people and members"),
        Column("cost", "f8", "money", "cost of services, this step", shown="cost"),
        _count("people", "everybody in need"),
        _count("members", "members"),
        _count("asked", "who asked for a visit"),
        _count("seen", "who were seen"),
        _count("seen_members", "members who were seen"),
        _count("turned", "who were turned away"),
        _count("let_down", "members with a visit that was not good, or turned away"),
        _count("employed", "paid peer specialists"),
        _count("cases", "who have a peer specialist at their side"),
        _count("late", "who had a crisis that no service has seen"),
        _count("late_members", "members who had a crisis that no service has seen"),
        _count("referred", "sent to a group by services"),
        _count("sent_on", "members sent to services by their group"),
        _count("evenings", "professionals at groups"),
        Column("lent", "f8", "money", "worth of rooms lent, this step"),
    )
    measures = (
        OwnMeasure(
            "visits",
            "communities.seen",
            "communities.people",
            "1/year",
            "visits to services of a person in need, in a year",
            "yearly",
        ),
        OwnMeasure(
            "turned_away",
            "communities.turned",
            "communities.asked",
            "share",
            "of those who ask for a visit, turned away",
        ),
        OwnMeasure(
            "referred",
            "communities.referred",
            "communities.people",
            "1/year",
            "times that services send a person in need to a group, in a year",
            "yearly",
        ),
    )
    events = (
        Event(
            REFERRED,
            "referred",
            "people",
            {
                "en": (
                    "was referred to a group by a service",
                    "one person was referred to a group by a service",
                    "{count} people were referred to groups by services",
                ),
                "de": (
                    "bekam von einem Dienst eine Gruppe empfohlen",
                    "eine Person bekam von einem Dienst eine Gruppe empfohlen",
                    "{count} Personen bekamen von Diensten eine Gruppe empfohlen",
                ),
            },
        ),
        Event(
            SENT_ON,
            "sent_on",
            "people",
            {
                "en": (
                    "was advised in the group to see a service",
                    "one person was advised in the group to see a service",
                    "{count} people were advised in the group to see a service",
                ),
                "de": (
                    "bekam in der Gruppe den Rat, einen Dienst aufzusuchen",
                    "eine Person bekam in der Gruppe den Rat, einen Dienst aufzusuchen",
                    "{count} Personen bekamen in der Gruppe den Rat, einen Dienst aufzusuchen",
                ),
            },
        ),
        Event(
            HIRED,
            "hired",
            "people",
            {
                "en": (
                    "took a paid post as a peer specialist",
                    "one person took a paid post as a peer specialist",
                    "{count} people took paid posts as peer specialists",
                ),
                "de": (
                    "übernahm eine bezahlte Stelle als Peer",
                    "eine Person übernahm eine bezahlte Stelle als Peer",
                    "{count} Personen übernahmen bezahlte Stellen als Peers",
                ),
            },
        ),
        Event(
            POST_LEFT,
            "post_left",
            "people",
            {
                "en": ("gave up the paid post", "one person gave up a paid post", "{count} people gave up paid posts"),
                "de": (
                    "gab die bezahlte Stelle auf",
                    "eine Person gab eine bezahlte Stelle auf",
                    "{count} Personen gaben bezahlte Stellen auf",
                ),
            },
        ),
    )
    purposes = (
        Purpose(VISITS, "visits", "a person, each step; block 1: see text", ("asks", "seen", "good", "case")),
        Purpose(POSTS, "posts", "an accommodated member without a post, each step", ("hired", "", "", "")),
        Purpose(COMES, "professional comes", "a group, each step", ("there", "", "", "")),
        Purpose(SENDS, "sending", "a member whom the group may send on, each step", ("sent", "", "", "")),
    )
    writes = {
        "people": ("distress", "self_efficacy", "coping", "going_to"),
        "members": ("know_how",),
        "groups": ("held", "funds"),
        "communities": ("eager",),
    }
    neutral = {
        "visits_per_year": 0.0,
        "crisis_brings": 0.0,
        "sent_goes": 0.0,
        "professionals": 0.0,
        "invited": 0.0,
        "posts": 0.0,
        "exchange": 0.0,
    }

    enabled: bool = switch("whether there are services beside the groups", default=False)
    # visits
    visits_per_year: float = par(1.5, 0, 52, unit="1/year", why="visits, in middling distress", source="assumed; V103")
    use_by_distress: float = par(2.0, -10, 10, unit="weight", why="distress brings visits", source="assumed; E104")
    crisis_brings: float = par(0.15, 0, 10, unit="1/week", why="visits after a crisis", source="assumed; E104")
    crisis_weeks: float = par(8.0, 0, 500, unit="weeks", why="for which a crisis brings visits", source="assumed")
    capacity: float = par(10.0, 0, 1000, unit="people/week", why="seen, per hundred people in need", source="assumed")
    quality: float = par(0.7, 0, 1, unit="share", why="of visits that are good", source="assumed; E165")
    relief: float = par(0.06, 0, 1, unit="share", why="of distress, lifted by a good visit", source="assumed")
    hold_protects: float = par(0.3, 0, 1, unit="share", why="of crises, kept off by recent care", source="assumed")
    hold_fades: float = par(0.15, 0, 1, unit="share/week", why="of what care holds, lost", source="assumed; E183")
    bridge: float = par(
        0.5, 0, 1, unit="share", why="of that loss, spared by a meeting between visits", source="E183", benefit=True
    )
    gap: float = par(0.5, 0, 1, unit="share", why="power gap of services at the opening", source="assumed; E188")
    client_gap: float = par(
        0.01, 0, 1, unit="share", why="of self-efficacy, lost by a visit at full power gap", source="assumed; E188"
    )
    disappoints: float = par(0.4, 0, 1, unit="share", why="disappointment, by a bad visit", source="assumed; E165")
    forgiven: float = par(0.01, 0, 1, unit="share/week", why="of disappointment, got over", source="assumed")
    keeps_off: float = par(1.0, 0, 10, unit="weight", why="the disappointed ask less for visits", source="assumed")
    turned_to_peers: float = par(1.0, 0, 10, unit="weight", why="the disappointed come to groups", source="E165")
    unmet_founds: float = par(
        3.0, 0, 100, unit="weight", why="the let down count more in founding a group", source="assumed; E165"
    )
    # referral
    refer: float = par(0.05, 0, 1, unit="chance", why="sent to a group at a visit", source="assumed; V17 E190")
    accuracy: float = par(0.5, 0, 1, unit="share", why="of those sent, sent where it suits them", source="E189")
    suits_at: float = par(0.4, 0, 1, unit="share", why="likeness from which a group suits", source="assumed; E189")
    send_skill: float = par(0.3, 0, 1, unit="chance", why="a group sends who needs more", source="assumed; E190")
    send_at: float = par(0.75, 0, 1, unit="share", why="distress at which a group sends on", source="assumed; E190")
    sent_goes: float = par(
        0.5, 0, 10, unit="1/week", why="going to a service where the group said so", source="assumed", benefit=True
    )
    # meeting in a clinic
    clinic: float = par(0.0, 0, 1, unit="share", why="how far groups meet in the rooms of a service", source="E226")
    clinic_sends: float = par(
        2.0, 0, 100, unit="weight", why="sent more often down the corridor", source="assumed; E226 E190"
    )
    clinic_deters: float = par(
        3.0, 0, 10, unit="weight", why="who was let down by services does not go there", source="assumed; E226 E165"
    )
    # tension and exchange
    rub: float = par(0.5, 0, 1, unit="share", why="tension, where every member is let down", source="assumed; E185")
    mend: float = par(0.01, 0, 1, unit="share/week", why="of tension, got over", source="assumed; E185")
    exchange: float = par(0.0, 0, 1, unit="share", why="how far services and groups trade", source="E187")
    exchange_mends: float = par(0.05, 0, 1, unit="share/week", why="of tension, by full exchange", source="E187")
    rooms: float = par(
        2.0, 0, 1000, unit="money/week", why="worth of rooms lent at full exchange", source="assumed; E187"
    )
    teaches: float = par(0.02, 0, 1, unit="share/week", why="know-how that services teach helpers", source="E187 E192")
    gap_returns: float = par(0.01, 0, 1, unit="share/week", why="pull of the power gap to its level", source="assumed")
    autonomy_spreads: float = par(
        0.02, 0, 1, unit="share/week", why="of the gap, closed by clients who are members", source="E195", benefit=True
    )
    # professionals in groups
    professionals: float = par(0.0, 0, 1, unit="chance", why="a professional is at the group", source="E127 E186")
    invited: float = par(0.0, 0, 1, unit="chance", why="one is asked in when needed", source="E128 E186")
    hushes: float = par(0.5, 0, 1, unit="share", why="of voices, lost at full power gap", source="assumed; E127")
    displaces: float = par(0.3, 0, 1, unit="share", why="of answering and serving, left to one", source="E127")
    counsel: float = par(
        0.01,
        0,
        1,
        unit="share/meeting",
        why="of distress, lifted by a professional there",
        source="E127 E193",
        benefit=True,
    )
    # peer specialists
    posts: float = par(0.0, 0, 1000, unit="people", why="paid peer specialists wanted, each community", source="E123")
    caseload: float = par(10.0, 1, 200, unit="people", why="clients of one peer specialist", source="assumed; E124")
    full_attention: float = par(10.0, 1, 200, unit="people", why="clients one can do justice to", source="assumed; V53")
    case_weeks: float = par(26.0, 0, 500, unit="weeks", why="at one client's side", source="assumed; E124")
    hire_per_year: float = par(1.0, 0, 52, unit="1/year", why="taking a post, all vacant", source="assumed; E123")
    post_left_per_year: float = par(0.15, 0, 52, unit="1/year", why="leaving a post", source="V52 V53")
    navigate: float = par(
        0.5, 0, 1, unit="share", why="of barriers to services, removed", source="assumed; E124", benefit=True
    )
    speaks_for: float = par(
        0.5, 0, 1, unit="share", why="of the power gap, taken by one who speaks for one", source="E124", benefit=True
    )
    plan: float = par(
        0.006, 0, 1, unit="share/week", why="coping gained by a plan of one's own", source="E124", benefit=True
    )
    standard: float = par(0.0, 0, 1, unit="share", why="training to the common standard", source="E192")
    busy: float = par(0.7, 0, 1, unit="share", why="of help in the group, missing from who is paid", source="assumed")
    pay_crowds: float = par(
        5.0, 0, 50, unit="weight", why="where some are paid, fewer volunteer", source="assumed; E123"
    )
    # price
    visit_cost: float = par(10.0, 0, 1000, unit="money", why="of a visit, to the system", source="assumed; E182")
    wage: float = par(40.0, 0, 10000, unit="money/week", why="of a peer specialist", source="assumed; E182")

    @staticmethod
    def in_community(place, community, p):  # type: ignore[no-untyped-def]
        """Bring services in line with what happened in the step before."""
        members, seen = place.members[community], place.seen[community]
        employed, asked = place.employed[community], place.asked[community]
        can = p.capacity * place.people[community] / A_HUNDRED
        place.room[community] = min(1.0, can / asked) if asked > 0.0 else 1.0
        place.vacant[community] = max(0.0, p.posts - employed) / p.posts if p.posts > 0.0 else 0.0
        free = max(0.0, p.caseload * employed - place.cases[community])
        place.free_cases[community] = 0.0 if employed == 0.0 else min(1.0, free / seen) if seen > 0.0 else 1.0
        place.crowded[community] = employed / (employed + members) if employed > 0.0 else 0.0
        tension, gap = place.tension[community], place.gap[community]
        rub = p.rub * place.let_down[community] / members if members > 0.0 else 0.0
        mend = min(1.0, p.mend + p.exchange_mends * p.exchange)
        place.tension[community] = clip(tension + rub * (1.0 - tension) - mend * tension)
        own = place.seen_members[community] / seen if seen > 0.0 else 0.0
        place.gap[community] = clip(gap + p.gap_returns * (p.gap - gap) - p.autonomy_spreads * own * gap)
        _set_to_zero(place, community)

    @staticmethod
    def outside_week(outside, ports, own, communities, community, p):  # type: ignore[no-untyped-def]
        """Let care hold, and let disappointment with services bring people to groups, or to found one."""
        for i in range(len(outside)):
            slot = outside.slot[i]
            ports.crisis[i] *= 1.0 - p.hold_protects * own.hold[slot]
            ports.come[i] *= exp((p.turned_to_peers - p.clinic_deters * p.clinic) * own.disappointed[slot])
            if own.disappointed[slot] >= MIDPOINT:
                communities.eager[community] += p.unmet_founds

    @staticmethod
    def after_work(members, groups, g, ports, own, ours, place, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Settle whether a professional is at the group, and what that and pay do to who gives and speaks."""
        called = groups.helpers[g] == 0
        for i in range(len(members)):
            called = called or (members.crises[i] > 0 and members.last_crisis[i] == clock.step - 1)
        chance = p.professionals + ((1.0 - p.professionals) * p.invited if called else 0.0)
        u, _, _, _ = draw(key, groups.who[g], 0, community, clock.step, COMES, 0)
        there = u < chance
        ours.professional[g] = 1 if there else 0
        if there:
            groups.held[g] = groups.due[g]
        fewer = exp(-p.pay_crowds * place.crowded[community])
        for i in range(len(members)):
            slot = members.slot[i]
            ports.crisis[i] *= 1.0 - p.hold_protects * own.hold[slot]
            if there:
                ports.speak[i] *= 1.0 - p.hushes * place.gap[community]
                ports.answer[i] *= 1.0 - p.displaces
                ports.serve[i] *= 1.0 - p.displaces
            if own.paid[slot]:
                ports.answer[i] *= 1.0 - p.busy
                ports.serve[i] *= 1.0 - p.busy
            else:
                ports.serve[i] *= fewer

    @staticmethod
    def after_help(members, groups, g, own, ours, place, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let a professional who is there give counsel, and let the group send on who needs more."""
        counsel = p.counsel if ours.professional[g] else 0.0
        skilled = groups.helpers_there[g] > 0 or ours.professional[g] == 1
        for i in range(len(members)):
            slot = members.slot[i]
            if members.attended[i]:
                members.distress[i] = clip(members.distress[i] - counsel * members.distress[i])
            met = members.attended[i] == 1 or members.helped_by[i] >= 0
            if skilled and met and members.distress[i] >= p.send_at and own.sent[slot] == 0:
                u, _, _, _ = draw(key, members.who[i], 0, community, clock.step, SENDS, 0)
                if u < p.send_skill * (1.0 - place.tension[community]):
                    own.sent[slot] = 1
                    place.sent_on[community] += 1.0
                    tell(events, SENT_ON, members, i, 0)

    @staticmethod
    def after_live(members, groups, ports, own, place, communities, community, words, events, key, clock, p):  # type: ignore[no-untyped-def]
        """Let members visit services."""
        _visit(members, groups, ports, own, place, communities, community, words, events, key, clock, p)

    @staticmethod
    def outside_after(outside, groups, ports, own, place, communities, community, words, events, key, clock, p):  # type: ignore[no-untyped-def]
        """Let people outside visit services."""
        _visit(outside, groups, ports, own, place, communities, community, words, events, key, clock, p)

    @staticmethod
    def after_serve(members, own, place, events, community, key, clock, p):  # type: ignore[no-untyped-def]
        """Let members take posts."""
        if place.vacant[community] <= 0.0:
            return
        for i in range(len(members)):
            slot = members.slot[i]
            if members.stage[i] == ACCOMMODATION and own.paid[slot] == 0 and members.leaving[i] == STAYS:
                u, _, _, _ = draw(key, members.who[i], 0, community, clock.step, POSTS, 0)
                ready = members.willingness[i] * members.self_efficacy[i]
                if happens(u, p.hire_per_year * place.vacant[community] * ready):
                    own.paid[slot] = 1
                    tell(events, HIRED, members, i, 0)

    @staticmethod
    def after_govern(members, groups, g, ours, place, community, p):  # type: ignore[no-untyped-def]
        """Let services lend rooms and teach, and count what it costs them."""
        given = p.exchange * (1.0 - place.tension[community])
        groups.funds[g] += (given + p.clinic) * p.rooms
        place.lent[community] += (given + p.clinic) * p.rooms
        place.evenings[community] += 1.0 if ours.professional[g] else 0.0
        _reckon(place, community, p)
        for i in range(len(members)):
            if members.role[i] == HELPER:
                members.know_how[i] = clip(members.know_how[i] + given * p.teaches * (1.0 - members.know_how[i]))


@kernel
def _set_to_zero(place, community):  # type: ignore[no-untyped-def]
    place.cost[community] = place.people[community] = place.members[community] = 0.0
    place.asked[community] = place.seen[community] = place.seen_members[community] = place.turned[community] = 0.0
    place.let_down[community] = place.employed[community] = place.cases[community] = 0.0
    place.late[community] = place.late_members[community] = 0.0
    place.referred[community] = place.sent_on[community] = 0.0
    place.evenings[community] = place.lent[community] = 0.0


@kernel
def _visit(people, groups, ports, own, place, communities, community, words, events, key, clock, p):  # type: ignore[no-untyped-def]
    room, gap, free = place.room[community], place.gap[community], place.free_cases[community]
    learnt = min(1.0, p.plan * (1.0 + p.standard)) * min(1.0, p.full_attention / p.caseload)
    draw_words(words, len(people), key, community, clock.step, VISITS, 0)
    for i in range(len(people)):
        slot = people.slot[i]
        cared = own.case[slot] > 0.0
        asks = happens(uniform(words[0, i]), _wants(people, i, own, slot, ports, cared, p))
        seen = asks and uniform(words[1, i]) < room
        good = seen and uniform(words[2, i]) < p.quality
        _care(people, i, own, slot, gap, seen, good, cared, p)
        if asks and not good:
            own.disappointed[slot] += p.disappoints * (1.0 - own.disappointed[slot])
        else:
            own.disappointed[slot] -= p.forgiven * own.disappointed[slot]
        if cared:
            people.coping[i] = clip(people.coping[i] + learnt * (1.0 - people.coping[i]))
            own.case[slot] = max(0.0, own.case[slot] - clock.dt)
        elif seen and uniform(words[3, i]) < free:
            own.case[slot] = p.case_weeks
        _wait(people, i, own, slot, seen, clock, p)
        if asks:
            _count_visit(people, i, place, community, seen, good)
        if own.paid[slot] or (seen and people.membership[i] != MEMBER):
            _go_on(people, i, own, slot, groups, place, communities, community, seen, events, key, clock, p)
    _count_in(people, own, place, community, p)


@kernel
def _wants(people, i, own, slot, ports, cared, p):  # type: ignore[no-untyped-def]
    barrier = people.access_barrier[i] * (1.0 - (p.navigate if cared else 0.0))
    wants = p.visits_per_year * exp(p.use_by_distress * (people.distress[i] - MIDPOINT))
    wants += p.crisis_brings if own.waiting[slot] > 0.0 else 0.0
    wants = wants * (1.0 - barrier) * exp(-p.keeps_off * own.disappointed[slot]) * ports.service[i]
    return wants + (p.sent_goes if own.sent[slot] else 0.0)


@kernel
def _go_on(people, i, own, slot, groups, place, communities, community, seen, events, key, clock, p):  # type: ignore[no-untyped-def]
    send, look, where, quit = draw(key, people.who[i], 0, community, clock.step, VISITS, 1)
    if seen and people.membership[i] != MEMBER and _may_be_sent(people, i):
        told = 2.0 - p.standard if own.case[slot] > 0.0 else 1.0
        near = 1.0 + p.clinic_sends * p.clinic
        if send < p.refer * (1.0 - place.tension[community]) * near * told:
            _refer(people, i, groups, place, communities, community, events, look, where, p)
    if own.paid[slot] and happens(quit, p.post_left_per_year):
        own.paid[slot] = 0
        tell(events, POST_LEFT, people, i, 0)


@kernel
def _care(people, i, own, slot, gap, seen, good, cared, p):  # type: ignore[no-untyped-def]
    if not seen:
        spared = p.bridge if people.membership[i] == MEMBER and people.attended[i] else 0.0
        own.hold[slot] -= p.hold_fades * (1.0 - spared) * own.hold[slot]
        return
    own.visits[slot] += 1
    own.sent[slot] = 0
    lost = p.client_gap * gap * (1.0 - (p.speaks_for if cared else 0.0))
    people.self_efficacy[i] = clip(people.self_efficacy[i] - lost * people.self_efficacy[i])
    if good:
        people.distress[i] = clip(people.distress[i] - p.relief * people.distress[i])
        own.hold[slot] = 1.0


@kernel
def _wait(people, i, own, slot, seen, clock, p):  # type: ignore[no-untyped-def]
    if seen:
        own.waiting[slot] = 0.0
    elif own.waiting[slot] > 0.0:
        own.waiting[slot] += clock.dt
        if own.waiting[slot] > p.crisis_weeks:
            own.waiting[slot] = 0.0
    elif people.in_crisis[i]:
        own.waiting[slot] = clock.dt


@kernel
def _may_be_sent(people, i):  # type: ignore[no-untyped-def]
    return people.stage[i] != ACCOMMODATION and people.leaving[i] == STAYS and people.going_to[i] == NOWHERE


@kernel
def _refer(people, i, groups, place, communities, community, events, look, where, p):  # type: ignore[no-untyped-def]
    number = 0
    best, most = NOWHERE, -1.0
    g = communities.first_group[community]
    while g != NOWHERE:
        if groups.status[g] != CLOSED:
            number += 1
            like = likeness(people.profile_x[i], people.profile_y[i], groups.profile_x[g], groups.profile_y[g], 1.0)
            if like > most:
                best, most = g, like
        g = groups.next_group[g]
    if number == 0 or (look < p.accuracy and most < p.suits_at):
        return
    if look >= p.accuracy:
        left = int(where * number)
        g = communities.first_group[community]
        while left > 0 or groups.status[g] == CLOSED:
            left -= 1 if groups.status[g] != CLOSED else 0
            g = groups.next_group[g]
        best = g
    people.going_to[i] = best
    place.referred[community] += 1.0
    tell(events, REFERRED, people, i, 0)


@kernel
def _count_visit(people, i, place, community, seen, good):  # type: ignore[no-untyped-def]
    place.asked[community] += 1.0
    place.seen[community] += 1.0 if seen else 0.0
    place.turned[community] += 0.0 if seen else 1.0
    if people.membership[i] == MEMBER:
        place.seen_members[community] += 1.0 if seen else 0.0
        place.let_down[community] += 0.0 if good else 1.0


@kernel
def _count_in(people, own, place, community, p):  # type: ignore[no-untyped-def]
    members = cases = late = late_members = employed = 0
    for i in range(len(people)):
        slot = people.slot[i]
        member = people.membership[i] == MEMBER
        waits = own.waiting[slot] > 0.0
        members += 1 if member else 0
        late += 1 if waits else 0
        late_members += 1 if waits and member else 0
        cases += 1 if own.case[slot] > 0.0 else 0
        employed += 1 if own.paid[slot] else 0
    place.people[community] += len(people)
    place.members[community] += members
    place.late[community] += late
    place.late_members[community] += late_members
    place.cases[community] += cases
    place.employed[community] += employed
    _reckon(place, community, p)


@kernel
def _reckon(place, community, p):  # type: ignore[no-untyped-def]
    visits = place.seen[community] + place.evenings[community]
    place.cost[community] = p.visit_cost * visits + p.wage * place.employed[community] + place.lent[community]

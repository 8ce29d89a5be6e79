"""What exists: the fields of people, ties, groups and communities, with type, unit and meaning.

A new column is one line here: what it starts with, whether a group that splits off inherits it and by what name tables
show it stand in that line too, and nowhere else. People, groups and communities are rows of record arrays
(``people.hope[i]``); ties are rows of a table with `TIE_SLOTS` places per person. Times are steps since the world began
(`arrived`, `joined`, …).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

IMPACT, RECOIL, ACCOMMODATION = 0, 1, 2
STAGES = ("impact", "recoil", "accommodation")
OUTSIDE, MEMBER, FORMER = 0, 1, 2
MEMBERSHIPS = ("outside", "member", "former")
NO_ROLE, NEWCOMER, ORDINARY, HELPER, ORGANISER, APPRENTICE = 0, 1, 2, 3, 4, 5
ROLES = ("none", "newcomer", "member", "helper", "organiser", "apprentice")
RESILIENT, RECOVERING, CHRONIC = 0, 1, 2
CLASSES = ("resilient", "recovering", "chronic")

REASONS = (
    "none",
    "graduated",
    "dropped_out",
    "came_once",
    "relapsed",
    "burnt_out",
    "left_with_role",
    "conflict",
    "moved_away",
    "group_closed",
    "settled",
    "drifted_off",
)
"""Reasons of an exit; a new one is added at the end and has its measure, its words in stories and its test."""
STAYS, GRADUATED, DROPPED_OUT, CAME_ONCE, RELAPSED, BURNT_OUT = 0, 1, 2, 3, 4, 5
LEFT_WITH_ROLE, CONFLICT, MOVED_AWAY, GROUP_CLOSED, SETTLED, DRIFTED_OFF = 6, 7, 8, 9, 10, 11
MOST_REASONS = 16
"""Reasons for which a run has room to count."""
EXITS = tuple(name for name in REASONS if name not in ("none", "settled"))
"""Reasons for which members leave a group; people outside settle."""
OTHER_WORK_LEFT = len(REASONS)  # in role_end alone: an organiser stepped down
FORMING, ACTIVE, DORMANT, CLOSED = 0, 1, 2, 3
STATUSES = ("forming", "active", "dormant", "closed")
LOW_ATTENDANCE, NO_LEADER, NO_LONGER_NEEDED, STRIFE, MONEY = 1, 2, 3, 4, 5
CLOSING = ("open", "low_attendance", "no_leader", "no_longer_needed", "conflict", "money")
NO_TIE, ACQUAINTANCE, HELP_TIE, FRIEND, SPONSOR = 0, 1, 2, 3, 4
TIE_KINDS = ("none", "acquaintance", "help", "friend", "sponsor")

NAMES = {
    "STAGES": STAGES,
    "MEMBERSHIPS": MEMBERSHIPS,
    "ROLES": ROLES,
    "CLASSES": CLASSES,
    "REASONS": REASONS,
    "STATUSES": STATUSES,
    "CLOSING": CLOSING,
    "TIE_KINDS": TIE_KINDS,
}
"""What the codes of a column stand for, by its unit."""
FOUNDED, ESTABLISHED = 0, 1
"""How a group begins: new, or having met for years when the world opens."""
TIE_SLOTS = 8
LARGEST_COUNT, LARGEST_SMALL_COUNT = 65535, 255
"""The largest numbers that columns of two bytes and of one byte hold."""
NOT_REACHED = 255
"""In snapshots: not there yet."""
SNAPSHOT_WEEKS = (13, 26, 52, 104)
WHO_BITS, STARTERS_STEP = 20, 4095
"""An identity: the step of arrival, and the index in it in so many bits; starters bear a step that none reaches."""
NOBODY = 0xFFFFFFFF
"""An identity that is no person's: it stands in the log where something happened to a group."""
NEVER = -32768
NOWHERE = -1


WORD = 8
"""Bytes to which rows of tables are aligned."""


def label(community: int, who: int) -> str:
    """Return the name of a person in tables: community, step of arrival (4095 for starters), index in that step."""
    return f"{community}-{who >> WHO_BITS}-{who & ((1 << WHO_BITS) - 1)}"


class Column(NamedTuple):
    """One column of a table.

    Attributes
    ----------
    name, kind, unit, meaning : str
        Its name, NumPy type, unit and meaning.
    shape : tuple of int
        For the few that hold several values.
    start : number, str or tuple of two
        What it is for somebody who comes into need, or for a group that begins: a number or the path of a parameter.
        Two for groups: FOUNDED and ESTABLISHED.
    inherits : bool
        Whether a group that splits off takes it over.
    shown : str
        Its name in the tables of lives or groups; empty where they do not show it.
    """

    name: str
    kind: str
    unit: str
    meaning: str
    shape: tuple[int, ...] = ()
    start: float | str | tuple[float | str, float | str] = 0
    inherits: bool = False
    shown: str = ""


PEOPLE_COLUMNS = (
    # traits, fixed at arrival
    Column(
        "profile_x",
        "f8",
        "s.d.",
        "place in the space of problem, culture and life situation, first axis",
        shown="profile_x",
    ),
    Column("profile_y", "f8", "s.d.", "the same, second axis", shown="profile_y"),
    Column("severity", "f8", "s.d.", "how hard the trouble is, about 0", shown="severity"),
    Column("hope_baseline", "f8", "0-1", "hope this person returns to when left alone", shown="hope_baseline"),
    Column("efficacy_baseline", "f8", "0-1", "self-efficacy at arrival", shown="efficacy_baseline"),
    Column("shame_baseline", "f8", "0-1", "shame this person returns to when left alone", shown="shame_baseline"),
    Column("self_reliance", "f8", "0-1", "preference for managing alone", shown="self_reliance"),
    Column("willingness", "f8", "0-1", "willingness to help others", shown="willingness"),
    Column(
        "sharing_skill",
        "f8",
        "factor",
        "how readily and well this person speaks of it; 1 is typical",
        shown="sharing_skill",
    ),
    Column("kin_support", "f8", "0-1", "support from family and friends outside", shown="kin_support"),
    Column(
        "access_barrier",
        "f8",
        "0-1",
        "what stands in the way of coming: distance, time, money, body",
        shown="access_barrier",
    ),
    Column("belief_fit", "f8", "0-1", "how well the group's ideas suit this person", shown="belief_fit"),
    Column("propensity", "f8", "factor", "propensity to leave; 1 is typical", shown="propensity"),
    Column("motivation", "f8", "s.d.", "shared by joining, staying, helping and recovering", shown="motivation"),
    Column("spare_time", "f8", "factor", "time this person can give to the group; 1 is typical", shown="spare_time"),
    # state
    Column("hope", "f8", "0-1", "belief that it can be done", shown="hope"),
    Column("self_efficacy", "f8", "0-1", "belief that one can do it oneself", shown="self_efficacy"),
    Column("coping", "f8", "0-1", "workable ways of coping that one has", shown="coping"),
    Column("distress", "f8", "0-1", "distress now", shown="distress"),
    Column("shame", "f8", "0-1", "shame and self-blame", shown="shame"),
    Column("isolation", "f8", "0-1", "want of company"),
    Column("belonging", "f8", "0-1", "feeling part of the group", shown="belonging"),
    Column("trust", "f8", "0-1", "trust in the group", start="traits.trust"),
    Column("meaning", "f8", "0-1", "meaning found in what one went through"),
    Column("dependency", "f8", "0-1", "one-sided reliance on the group"),
    Column("strain", "f8", "0-1", "load carried by helping", shown="strain"),
    Column("identification", "f8", "0-1", "seeing oneself in others in the same position"),
    Column("commitment", "f8", "0-1", "attachment grown by attending"),
    Column("fit", "f8", "0-1", "how alike those heard have been, lately", start="traits.fit"),
    Column("unmet", "f8", "0-1", "requests that went unanswered, lately"),
    Column("know_how", "f8", "0-1", "how far one knows how the work of a group is done", shown="know_how"),
    Column("able", "f8", "0-1", "what one gets done, of what a seasoned and rested helper would", start=1),
    Column("loss", "f8", "0-1", "shaken by the leaving of somebody close, lately"),
    Column("tie_support", "f8", "0-1", "support standing in one's ties"),
    Column("met_alike", "f8", "0-1", "likeness of those heard at this step's meeting"),
    Column("credit", "f8", "people", "new helpers credited to this person, by shares of help received", shown="credit"),
    Column("community", "i4", "community", "the community this person belongs to", shown="community"),
    Column("slot", "i4", "handle", "this person's stable handle"),
    Column("group", "i4", "group", "the group this person belongs to, -1 for none", start=NOWHERE, shown="group"),
    Column("last_group", "i4", "group", "the group last belonged to, -1 for none", start=NOWHERE, shown="last_group"),
    Column(
        "going_to",
        "i4",
        "group",
        "mark: the group this person will enter at the end of the step, -1 for none",
        start=NOWHERE,
    ),
    Column("helped_by", "i4", "row", "who helped this step: place in the group's rows, -1 for nobody", start=NOWHERE),
    Column(
        "who", "u4", "identity", "step of arrival (12 bits) and index in it (20 bits); 4095 for starters", shown="who"
    ),
    Column("descent", "u4", "identity", "from whom one's help descends; nobody's for those without", start=NOBODY),
    Column("arrived", "i4", "step", "when need began; before the world began for starters", shown="arrived_week"),
    Column("help_given", "u4", "times", "times this person helped another", shown="help_given"),
    Column("help_received", "u4", "times", "times this person was helped", shown="help_received"),
    Column("unmet_requests", "u4", "times", "requests that went unanswered", shown="unmet_requests"),
    Column("joined", "i2", "step", "first attendance", start=NEVER, shown="joined_week"),
    Column(
        "first_contact",
        "i2",
        "step",
        "first time somebody in the group turned to this person",
        start=NEVER,
        shown="first_contact_week",
    ),
    Column("helper_since", "i2", "step", "when the role of helper was taken last", start=NEVER),
    Column("first_helper", "i2", "step", "when the role of helper was first taken", start=NEVER, shown="helper_week"),
    Column("role_left", "i2", "step", "when the role of helper was last left", start=NEVER),
    Column("apprentice_since", "i2", "step", "when preparing to help began last", start=NEVER),
    Column("first_asked", "i2", "step", "first request for help", start=NEVER),
    Column("first_sponsor", "i2", "step", "when a sponsor was first found", start=NEVER, shown="sponsored_week"),
    Column("first_left", "i2", "step", "first exit from a group", start=NEVER, shown="first_left_week"),
    Column("recoil_at", "i2", "step", "first entry to recoil", start=NEVER, shown="recoil_week"),
    Column("accommodated_at", "i2", "step", "first entry to accommodation", start=NEVER, shown="accommodated_week"),
    Column("left_at", "i2", "step", "last exit from a group", start=NEVER, shown="left_week"),
    Column("last_crisis", "i2", "step", "last crisis", start=NEVER),
    Column("steps_absent", "i2", "steps", "steps since last attendance, as a member"),
    Column("steps_helping", "u2", "steps", "time spent in the role of helper", shown="weeks_helping"),
    Column("meetings", "u2", "times", "steps in which a meeting was attended", shown="meetings"),
    Column("crises", "u2", "times", "crises so far", shown="crises"),
    Column("load", "u2", "people", "people helped this step"),
    Column("help_this_year", "u2", "times", "help given in the present year, counted from the opening"),
    Column("returns", "u1", "times", "times come back after leaving", shown="returns"),
    Column("stage", "u1", "STAGES", "impact, recoil, accommodation", shown="stage"),
    Column("membership", "u1", "MEMBERSHIPS", "outside, member, former", shown="membership"),
    Column("role", "u1", "ROLES", "role while a member", shown="role"),
    Column("resilience", "u1", "CLASSES", "class of natural recovery", shown="resilience"),
    Column("attended", "u1", "0/1", "came to a meeting of this step"),
    Column("visits", "u1", "times", "meetings of this step that one came to"),
    Column("in_crisis", "u1", "0/1", "had a crisis this step"),
    Column("leaving", "u1", "REASONS", "mark: leaves at the end of the step, for this reason"),
    Column("last_reason", "u1", "REASONS", "reason of the last exit from a group", shown="left_reason"),
    Column(
        "role_end",
        "u1",
        "REASONS",
        "why a role ended this step: burnt_out, left_with_role for any other end of helping; one more for an organiser",
    ),
    Column("starter", "u1", "0/1", "was there when the world opened", shown="starter"),
    Column("first_group_stay", "u1", "0/1", "still in the group first joined", start=1),
    Column("class_last_year", "u1", "class", "tenure class a year ago: 1 under a year, 2 under five, 3 more; 0 none"),
    Column("resting", "u1", "0/1", "stepped down burnt out and not yet rested"),
    Column("successor", "u1", "0/1", "prepared, or preparing, to follow a helper who goes"),
    Column("generation", "u1", "number", "steps of learning between this one and whom the help descends from"),
    Column("arrival_distress", "f4", "0-1", "distress at arrival", shown="arrival_distress"),
    Column("snapshot_hope", "f4", "0-1", "hope at 13, 26, 52 and 104 weeks after arrival", (4,)),
    Column("snapshot_coping", "f4", "0-1", "coping at those weeks", (4,)),
    Column("snapshot_efficacy", "f4", "0-1", "self-efficacy at those weeks", (4,)),
    Column("snapshot_distress", "f4", "0-1", "distress at those weeks", (4,)),
    Column("snapshot_stage", "u1", "STAGES", "stage at those weeks; 255 not reached", (4,), start=NOT_REACHED),
    Column(
        "snapshot_membership",
        "u1",
        "MEMBERSHIPS",
        "membership at those weeks; 255 not reached",
        (4,),
        start=NOT_REACHED,
    ),
    Column("snapshot_calm", "u1", "0/1", "no crisis in the 13 weeks before; 255 not reached", (4,), start=NOT_REACHED),
)

QUALITY = ("found.quality", "start.quality")
"""With what cohesion, norms, climate and legacy of a new and of an established group start."""
GROUP_COLUMNS = (
    Column("community", "i4", "community", "where the group meets", shown="community"),
    Column("who", "u4", "identity", "step of founding (12 bits) and index in it (20 bits)"),
    Column("parent", "i4", "group", "the group this one split from, -1 for none", start=NOWHERE, shown="parent"),
    Column("next_group", "i4", "group", "the next group of the community, -1 for none", start=NOWHERE),
    Column("lineage", "i4", "group", "the first group of this line of splits", shown="lineage"),
    Column("form", "u1", "form", "its form: 0 where all groups are alike, otherwise 1 for the first that is named"),
    Column("founded", "i4", "step", "when it opened", shown="founded_week"),
    Column("closed", "i4", "step", "when it closed, -1 while open", start=-1, shown="closed_week"),
    Column("with_room", "i4", "group", "entry k: the k-th group of this step's list of groups with room"),
    Column("status", "u1", "STATUSES", "forming, active, dormant, closed", shown="status"),
    Column("reason", "u1", "CLOSING", "the hazard that closed it", shown="reason"),
    Column("circumstances", "u1", "bits", "every circumstance present at closing: bit k for CLOSING[k]"),
    Column("closing", "u1", "CLOSING", "mark: closes at the end of the step, for this reason"),
    Column("splitting", "u1", "0/1", "mark: splits at the end of the step"),
    Column("roll", "i4", "people", "members now"),
    Column("helpers", "i4", "people", "helpers on the roll"),
    Column("organisers", "i4", "people", "organisers on the roll"),
    Column("seekers", "i4", "people", "members who are not accommodated"),
    Column("newcomers", "i4", "people", "first visits this step"),
    Column("attended", "i4", "people", "people who came to a meeting of this step"),
    Column("visits", "i4", "times", "their visits to meetings"),
    Column("helpers_there", "i4", "people", "helpers at this step's meeting"),
    Column("vacancies", "i4", "people", "places of helpers that fell vacant and were not yet taken"),
    Column("requests", "i4", "times", "requests for help this step"),
    Column("requests_unmet", "i4", "times", "of these, unanswered"),
    Column("due", "u1", "times", "meetings due in this step", start=1),
    Column("held", "u1", "times", "of these, held", start=1),
    Column("greeting", "f8", "0-1", "share of newcomers who are met", start=1),
    Column("free", "f8", "0-1", "share of helpers' time left for those who ask", start=1),
    Column("sharers", "f8", "factor", "hours that those in charge can give, over hours called for", start=1),
    Column("relief", "f8", "0-1", "share of the strain of helping that is left to those who help", start=1),
    Column("hours_asked", "f8", "hours/week", "hours that the group's work calls for"),
    Column("hours_open", "f8", "hours/week", "of these, for the meeting and the house behind it"),
    Column("hours_done", "f8", "hours/week", "hours' work that those in charge get done"),
    Column("attendance", "f8", "people", "attendance, smoothed over about 8 weeks", shown="attendance"),
    Column("inflow", "f8", "people/week", "first visits, smoothed over about 26 weeks"),
    Column("leaderless", "f8", "weeks", "weeks since a helper or organiser was last on the roll"),
    Column("unvisited", "f8", "weeks", "weeks since anybody came"),
    Column(
        "cohesion", "f8", "0-1", "how closely the group holds together", start=QUALITY, inherits=True, shown="cohesion"
    ),
    Column("norms", "f8", "0-1", "strength of the group's norms", start=QUALITY, inherits=True, shown="norms"),
    Column("climate", "f8", "0-1", "climate of trust", start=QUALITY, inherits=True, shown="climate"),
    Column(
        "legacy",
        "f8",
        "0-1",
        "quality and breadth of the methods handed down",
        start=QUALITY,
        inherits=True,
        shown="legacy",
    ),
    Column(
        "formality",
        "f8",
        "0-1",
        "from loose circle to organised body",
        start=(0, "start.formality"),
        inherits=True,
        shown="formality",
    ),
    Column(
        "funds",
        "f8",
        "money",
        "money in hand, in gifts of one member at one meeting",
        start=(0, "start.funds"),
        shown="funds",
    ),
    Column("profile_x", "f8", "s.d.", "the group's centre in the space of profiles, first axis"),
    Column("profile_y", "f8", "s.d.", "the same, second axis"),
    Column("conflict", "u1", "0/1", "an open conflict this step"),
    Column("helpers_made", "i4", "people", "members who first became helpers here", shown="helpers_made"),
    Column("helpers_lost", "i4", "times", "times a helper left the role here", shown="helpers_lost"),
    Column("first_visits", "i4", "people", "first visits so far", shown="first_visits"),
)

TIE_COLUMNS = (
    Column("strength", "f8", "0-1", "strength of the tie"),
    Column("other", "i4", "handle", "the other person's handle"),
    Column("generation", "u4", "count", "the handle's generation when the tie was made; another means it lapsed"),
    Column("given", "u2", "times", "times this person helped the other"),
    Column("received", "u2", "times", "times the other helped this person"),
    Column("kind", "u1", "TIE_KINDS", "none, acquaintance, help, friend, sponsor (the other sponsors this person)"),
)

COMMUNITY_COLUMNS = (
    Column("inflow_factor", "f8", "factor", "how much more need arises here than in the typical place"),
    Column("first_group", "i4", "group", "the community's first group, -1 for none"),
    Column("last_group", "i4", "group", "the community's newest group, -1 for none"),
    Column("arrivals", "i4", "people", "people who came into need this step"),
    Column("rooms", "i4", "groups", "how many groups this step's list of groups with room has"),
    Column("people", "i4", "people", "people in need, members or not, at the start of the step"),
    Column("open_groups", "i4", "groups", "open groups at the start of the step"),
    Column("members", "i4", "people", "members at the start of the step"),
    Column("helpers", "i4", "people", "helpers at the start of the step"),
    Column("eager", "f8", "people", "by whom people in need outside count as more, where a group may be founded"),
)


def record_type(columns: tuple[Column, ...]) -> np.dtype:
    """Return the NumPy record type of a table of columns, aligned for the processor, without a byte between or behind.

    The widest stand first, so that equal rows have equal bytes; up to seven bytes that nobody uses fill the last word.
    """
    fields = [(c.name, c.kind, c.shape) for c in sorted(columns, key=lambda c: -np.dtype(c.kind).itemsize)]
    fill = -sum(np.dtype((kind, shape)).itemsize for _, kind, shape in fields) % WORD
    return np.dtype(fields + ([("fill", "u1", (fill,))] if fill else []), align=True)


PEOPLE = record_type(PEOPLE_COLUMNS)
GROUPS = record_type(GROUP_COLUMNS)
TIES = record_type(TIE_COLUMNS)
COMMUNITIES = record_type(COMMUNITY_COLUMNS)
HANDLES = np.dtype([("row", "i4"), ("generation", "u4"), ("free", "i4"), ("mover", "i4")])
"""Handles by number: where the bearer is and which bearer it is; besides, lists of free handles and of who moves."""

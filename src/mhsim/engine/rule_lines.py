"""The lines of a rule's compiled function (`rule_code`), place by place of the step: what its functions ask for.

A person who came since is given what everybody starts with before the first function of a step that asks for columns of
people; who is in a group, and who outside, stays the same until a step ends.
"""

from __future__ import annotations

import inspect

import numpy as np

from mhsim.mechanisms import AFTER
from mhsim.plugins import SUMMED, Rule, phases_of, summed_columns

START, END = 0, len(AFTER)
OUTSIDE_BEFORE, OUTSIDE_AFTER = END + 1, END + 2
AMONG_OUTSIDE = {OUTSIDE_BEFORE: "outside_week", OUTSIDE_AFTER: "outside_after"}
IN_HAND = ("luck", "ports", "scratch")
"""Tables of the world with a row for each of those in hand, whose first rows they are."""


def places_of(rule: type[Rule]) -> list[int]:
    """Return the places of the step at which a rule is called."""
    places = {AFTER.index(rule.after)} if rule.in_group is not None or rule.after == "start" else set()
    places |= {AFTER.index(phase) for phase in phases_of(rule)}
    places |= {place for place, name in AMONG_OUTSIDE.items() if getattr(rule, name) is not None}
    if rule.groups:
        places.add(START)
    if rule.people or rule.groups or rule.measures or (rule.in_community is not None and rule.after != "start"):
        places.add(END)
    return sorted(places)


def functions_of(rule: type[Rule]) -> list[str]:
    """Return the names of the functions that a rule has."""
    names = ["in_group", "in_community", *AMONG_OUTSIDE.values(), *(f"after_{phase}" for phase in phases_of(rule))]
    return [name for name in names if getattr(rule, name) is not None]


def sum_names(rule: type[Rule]) -> list[str]:
    """Return what is added up for a rule's measures: members, groups, communities, and columns of its own."""
    return ["members", "groups", "communities", *(f"{table}_{name}" for table, name in summed_columns(rule))]


def lines_of(rule: type[Rule], kinds: dict[str, np.dtype]) -> list[str]:
    """Return the lines of the function of a rule, by what `at` may be; `kinds` are the types of the tables of its own.

    What they name and do not make, `rule_code` reads before.
    """
    size = kinds["parameters"].itemsize
    lines = ["if at == START:", *_indented(_at_start(rule, size))]
    lines += ["elif at == END:", *_indented([*_at_end(rule, kinds, size), *_summed(rule, size)])]
    for number, name in AMONG_OUTSIDE.items():
        if getattr(rule, name) is not None:
            lines += [f"elif at == {number}:", *_indented(_among_outside(rule, name))]
    for phase in AFTER[1:]:
        both = _functions_after(rule, phase)
        if both:
            lines += [f"elif at == {AFTER.index(phase)}:", *_indented(_in_one_group(rule, both, size))]
    return lines


def _functions_after(rule: type[Rule], phase: str) -> list[str]:
    names = [f"after_{phase}"] if phase in phases_of(rule) else []
    return names + (["in_group"] if rule.in_group is not None and rule.after == phase else [])


def _at_start(rule: type[Rule], size: int) -> list[str]:
    lines = []
    if rule.groups:
        lines += ["for new in range(meter.groups[0]):", "    if ours.known[new] == 0:"]
        lines += ["        parent = groups.parent[new]"]
        lines += ["        met = 1 if parent < 0 and groups.founded[new] == clock.opening else 0"]
        lines += ["        ours[new] = ours[len(ours) - h.starts + 2 * groups.form[new] + met]"]
        lines += ["        if parent >= 0:", "            pass"]
        lines += [f"            ours.{c.name}[new] = ours.{c.name}[parent]" for c in rule.groups if c.inherits]
        lines += ["        ours.known[new] = 1"]
    if rule.after == "start":
        lines += ["for community in range(len(communities)):", *_indented(_in_one_community(rule, size))]
        if rule.in_group is not None:
            lines += ["    g = communities.first_group[community]", "    while g != NOWHERE:"]
            lines += ["        if groups.status[g] != CLOSED:", *_indented(_in_one_group(rule, ["in_group"], size), 3)]
            lines += ["        g = groups.next_group[g]"]
    return lines or ["pass"]


def _at_end(rule: type[Rule], kinds: dict[str, np.dtype], size: int) -> list[str]:
    """Return the lines for the end of a step: one call for each community, sums for the series, lives that end."""
    lines = []
    if rule.after != "start" and rule.in_community is not None:
        lines += ["for community in range(len(communities)):", *_indented(_in_one_community(rule, size))]
    if "series" in kinds:
        lines += ["if h.series_rows > 0:", "    series = own_series_at(h.series, h.series_rows)"]
        lines += ["    for each in range(meter.groups[0]):"]
        lines += ["        if groups.status[each] != CLOSED or groups.closed[each] == clock.step:"]
        lines += [f"            series.{c.name}[clock.step] += ours.{c.name}[each]" for c in rule.groups if c.shown]
        if rule.people:
            lines += ["            first = blocks.start[len(communities) + each]"]
            lines += ["            for row in range(first, first + blocks.count[len(communities) + each]):"]
            lines += ["                know(own, handles, people.slot[row])"]
            lines += [
                f"                series.{c.name}[clock.step] += own.{c.name}[people.slot[row]]"
                for c in rule.people
                if c.shown
            ]
        lines += ["            pass"]
        for c in rule.places:
            if c.shown:
                lines += ["    for each in range(len(communities)):"]
                lines += [f"        series.{c.name}[clock.step] += place.{c.name}[each]"]
    if rule.people:
        lines += ["if len(lives):", "    gone = own_gone_at(h.gone, h.gone_rows)"]
        lines += ["    for k in range(meter.movers[0]):", "        slot = handles.mover[k]"]
        lines += ["        row = handles.row[slot]"]
        lines += ["        if people.leaving[row] == MOVED_AWAY or people.leaving[row] == SETTLED:"]
        lines += [
            "            know(own, handles, slot)",
            "            at = h.gone_count",
            "            h.gone_count = at + 1",
        ]
        lines += [
            "            gone.community[at] = people.community[row]",
            "            gone.who[at] = people.who[row]",
        ]
        lines += [f"            gone.{c.name}[at] = own.{c.name}[slot]" for c in rule.people]
    return lines or ["pass"]


def _summed(rule: type[Rule], size: int) -> list[str]:
    """Return the lines that add up what the rule's measures ask for: in row 1 this step, in row 0 since the opening.

    Members and groups count where the rule is on, from a group's first step with members on; communities where it is on
    in the scenario's own.
    """
    if not rule.measures:
        return []
    of = {table: [name for one, name in summed_columns(rule) if one == table] for table in SUMMED}
    people = [f"    sums.people_{name}[1] += own.{name}[people.slot[row]]" for name in of["people"]]
    within = ["sums.groups[1] += 1.0", "sums.members[1] += blocks.count[len(communities) + each]"]
    within += [f"sums.groups_{name}[1] += ours.{name}[each]" for name in of["groups"]]
    if people:
        within += ["first = blocks.start[len(communities) + each]"]
        within += ["for row in range(first, first + blocks.count[len(communities) + each]):"]
        within += ["    know(own, handles, people.slot[row])", *people]
    within = [f"if parameters_at(h.parameters + groups.form[each] * {size}).enabled:", *_indented(within)]
    met = "groups.founded[each] < clock.step or (clock.step == clock.opening and groups.parent[each] < 0)"
    within = [f"if {met}:", *_indented(within)]
    lines = [f"sums.{name}[1] = 0.0" for name in sum_names(rule)]
    lines += ["for each in range(meter.groups[0]):"]
    lines += ["    if groups.status[each] != CLOSED or groups.closed[each] == clock.step:", *_indented(within, 2)]
    lines += ["for each in range(len(communities)):", "    if parameters_at(h.parameters).enabled:"]
    lines += ["        sums.communities[1] += 1.0"]
    lines += [f"        sums.communities_{name}[1] += place.{name}[each]" for name in of["communities"]]
    lines += [f"sums.{name}[0] += sums.{name}[1]" for name in sum_names(rule)]
    return [
        "if h.sum_rows > 0 and clock.step >= clock.opening:",
        "    sums = own_sums_at(h.sums, h.sum_rows)",
        *_indented(lines),
    ]


def _in_one_community(rule: type[Rule], size: int) -> list[str]:
    if rule.in_community is None:
        return ["pass"]
    asked = inspect.signature(rule.in_community).parameters
    lines = ["first = blocks.start[community]", "outside = people[first : first + blocks.count[community]]"]
    lines = [*(lines if "outside" in asked or "own" in asked else []), "p = parameters_at(h.parameters)"]
    if rule.people and "blocks" in asked:
        passed_by = f"    if not parameters_at(h.parameters + groups.form[each] * {size}).enabled:"
        known = ["    for row in range(first, first + blocks.count[len(communities) + each]):"]
        known += ["        know(own, handles, people.slot[row])"]
        lines += ["each = communities.first_group[community]", "while each != NOWHERE:"]
        lines += ["    first = blocks.start[len(communities) + each]"]
        lines += [passed_by, *_indented(known)] if _first_to_ask(rule, "members") else known
        lines += ["    each = groups.next_group[each]"]
    knows = "own" in asked and (rule.after == "start" or _first_to_ask(rule, "outside") == "in_community")
    called = [*(_knowing(rule, "outside") if knows else []), _call_of(rule, "in_community")]
    return [*lines, "if p.enabled:", *_indented(called)]


def _among_outside(rule: type[Rule], name: str) -> list[str]:
    """Return the lines for one tile of people outside, whose first row is `g`."""
    lines = ["community = people.community[g]", "last = blocks.start[community] + blocks.count[community]"]
    lines += ["outside = people[g : min(last, g + TILE)]", *_rows_in_hand(rule, [name], "outside")]
    known = _knowing(rule, "outside") if _first_to_ask(rule, "outside") == name else []
    return [*lines, "if p.enabled:", *_indented([*known, _call_of(rule, name)])]


def _in_one_group(rule: type[Rule], functions: list[str], size: int) -> list[str]:
    lines = ["community = groups.community[g]"]
    if any("outside" in inspect.signature(getattr(rule, name)).parameters for name in functions):
        lines += ["first = blocks.start[community]", "outside = people[first : first + blocks.count[community]]"]
    lines += ["first = blocks.start[len(communities) + g]"]
    lines += ["members = people[first : first + blocks.count[len(communities) + g]]"]
    lines += _rows_in_hand(rule, functions, "members")
    lines += [f"p = parameters_at(h.parameters + groups.form[g] * {size})", "if p.enabled:"]
    known = _knowing(rule, "members") if _first_to_ask(rule, "members") in functions else []
    return [*lines, *_indented([*known, *(_call_of(rule, name) for name in functions)])]


def _first_to_ask(rule: type[Rule], whom: str) -> str:
    """Return the first function of a step that asks for columns of people; for people outside, after they arrived."""
    names = [*AMONG_OUTSIDE.values(), "in_community"]
    if whom == "members":
        names = ["in_group"] if rule.after == "start" else []
        names += [name for phase in AFTER[1:] for name in _functions_after(rule, phase)]
    given = (name for name in names if getattr(rule, name) is not None)
    return next((name for name in given if "own" in inspect.signature(getattr(rule, name)).parameters), "")


def _knowing(rule: type[Rule], whom: str) -> list[str]:
    return [f"for i in range(len({whom})):", f"    know(own, handles, {whom}.slot[i])"] if rule.people else []


def _rows_in_hand(rule: type[Rule], functions: list[str], whom: str) -> list[str]:
    asked = {name for function in functions for name in inspect.signature(getattr(rule, function)).parameters}
    lines = [f"{name} = all_{name}[: len({whom})]" for name in IN_HAND if name in asked]
    return lines + (["ring = all_scratch.ring[: len(members)]"] if "ring" in asked else [])


def _call_of(rule: type[Rule], name: str) -> str:
    return f"{name}({', '.join(inspect.signature(getattr(rule, name)).parameters)})"


def _indented(lines: list[str], levels: int = 1) -> list[str]:
    return [f"{'    ' * levels}{line}" for line in lines]

"""Calls to compiled rules beside the week: by address, so that the engine itself is never compiled anew.

A rule is compiled once in a process for the types of a world; code of the package's own modules is kept on disk. The
engine gets a table of addresses, a row for each place in the step where a rule acts: the place, where its code is, and
where the record is that leads to its parameters and to the columns that are its own (`mhsim.engine.own_columns`).
"""

from __future__ import annotations

import inspect
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.core.blocks import TILE  # noqa: F401 - named by the lines of a rule
from mhsim.core.built_code import built_rule
from mhsim.core.jit import WrittenInLlvm, kernel, kernel_of
from mhsim.core.kept_code import kept_source
from mhsim.engine.plugin_refusals import check_arguments, refusal
from mhsim.event_log import EventLog  # noqa: F401 - named by the lines of a rule
from mhsim.mechanisms import AFTER
from mhsim.plugins import SUMMED, Rule, phases_of, summed_columns
from mhsim.schema import CLOSED, MOVED_AWAY, NOWHERE, SETTLED  # noqa: F401 - named by the lines of a rule

START, END = 0, len(AFTER)
OUTSIDE_BEFORE, OUTSIDE_AFTER = END + 1, END + 2
AMONG_OUTSIDE = {OUTSIDE_BEFORE: "outside_week", OUTSIDE_AFTER: "outside_after"}
NO_RULES = np.zeros((0, 3), np.int64)
HOOK = np.dtype(
    [(name, "i8") for name in ("parameters", "people", "people_rows", "groups", "group_rows", "places", "place_rows")]
    + [(name, "i8") for name in ("gone", "gone_rows")]
    + [(name, "i8") for name in ("gone_count", "series", "series_rows", "starts", "sums", "sum_rows", "first_kind")],
    align=True,
)
"""What a rule is led to: addresses of its records (the scenario's own and those of its forms) and of the columns of
its own, how many rows these have, in how many ways groups start, and the code of its first kind of event."""
ASKED_FOR = (
    *("people", "members", "outside", "groups", "g", "communities", "community", "ties", "handles", "blocks", "ring"),
    *("luck", "ports", "own", "ours", "place", "key", "clock", "p", "scratch", "words", "world", "events"),
)
"""What functions of a rule ask for by name."""
_CODE: dict[type[Rule], tuple[Any, int]] = {}
"""By rule: what keeps its code in memory, and where the code is."""


call_at: Any = WrittenInLlvm("mhsim.engine.plugin_llvm", "call_at")


@kernel
def call_rules(rules, place, world, g, key, clock):  # type: ignore[no-untyped-def]
    """Call every rule that acts at a place of the step: START, after a phase for group g, or END.

    Before and after the week of people outside, `g` is the first row of the tile.
    """
    for k in range(len(rules)):
        if rules[k, 0] == place:
            call_at(rules[k, 1], world, place, g, key, clock, rules[k, 2])


def code_of(rule: type[Rule], world: Any, key: Any, kinds: dict[str, np.dtype]) -> int:
    """Return the address of a rule: as it was built beforehand, else compiled for the types of a world, once.

    Parameters
    ----------
    rule : subclass of Rule
        What is compiled.
    world, key
        What it will be called with.
    kinds : dict of dtype
        The types of its ``parameters`` and, where it has columns of its own, ``people``, ``groups``, ``gone``,
        ``series``, ``sums``.

    Raises
    ------
    InputError
        If it cannot be compiled; one line, with what and where.
    """
    if rule not in _CODE:
        name, text = text_of(rule, kinds)
        built = built_rule(name)
        _CODE[rule] = _compiled(rule, kinds, name, text, world, key) if built is None else (None, built)
    return _CODE[rule][1]


def _compiled(
    rule: type[Rule], kinds: dict[str, np.dtype], name: str, text: str, world: Any, key: Any
) -> tuple[Any, int]:
    from mhsim.core.with_numba import by_address
    from mhsim.engine.plugin_llvm import REFUSALS, types_of_a_call

    check_arguments(rule, _functions(rule), ASKED_FOR)
    file = kept_source(name, text) if name else None
    compiled = by_address(act_of(rule, kinds, text, file), cache=file is not None)
    try:
        compiled.compile(types_of_a_call(world, key))
    except REFUSALS as error:
        raise refusal(rule, error) from error
    result = next(iter(compiled.overloads.values()))
    return result, result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


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


def act_of(rule: type[Rule], kinds: dict[str, np.dtype], text: str, file: Path | None = None) -> Any:
    """Return the function that leads the engine's call to what the rule asks for: its text (`text_of`) made alive."""
    from mhsim.engine.plugin_llvm import array_reader, record_reader

    scope: dict[str, Any] = dict(globals())
    scope["hook_at"], scope["parameters_at"] = record_reader(HOOK), record_reader(kinds["parameters"])
    for name in ("people", "groups", "places", "gone", "series", "sums"):
        if name in kinds:
            scope[f"{name}_at"] = array_reader(kinds[name])
    for name in _functions(rule):
        scope[name] = kernel(getattr(rule, name))
    scope["know"] = _know(scope, f"know_{_own_name(rule)}")
    exec(compile(text, str(file or "<rule>"), "exec"), scope)
    return scope[f"act_{_own_name(rule)}"]


def text_of(rule: type[Rule], kinds: dict[str, np.dtype]) -> tuple[str, str]:
    """Return a name for the code of a rule, by all that it is made from, and the text of the function `act_of` makes.

    The name says what the source was when it was imported: a file that was edited since would give old code a new name.
    It is empty for rules from outside the package, since what they import may change without a trace.
    """
    size = kinds["parameters"].itemsize
    lines = ["h = hook_at(data)", "p = parameters_at(h.parameters)", "people, handles = world.people, world.handles"]
    lines += ["groups, communities, ties, blocks = world.groups, world.communities, world.ties, world.blocks"]
    lines += (
        ["words = world.words"]
        if any("words" in _asked(getattr(rule, name)).split(", ") for name in _functions(rule))
        else []
    )
    lines += ["own = people_at(h.people, h.people_rows)"] if rule.people else []
    lines += ["ours = groups_at(h.groups, h.group_rows)"] if rule.groups else []
    lines += ["place = places_at(h.places, h.place_rows)"] if rule.places else []
    lines += ["events = EventLog(world.events, world.meter, clock.step, h.first_kind)"] if rule.events else []
    lines += ["if at == START:", *_indented(_at_start(rule, size))]
    lines += ["elif at == END:", *_indented([*_at_end(rule, kinds), *_summed(rule, size)])]
    for number, name in AMONG_OUTSIDE.items():
        if getattr(rule, name) is not None:
            lines += [f"elif at == {number}:", *_indented(_among_outside(rule, name))]
    for phase in [*phases_of(rule), *([rule.after] if rule.in_group is not None and rule.after != "start" else [])]:
        both = _functions_after(rule, phase)
        if both:
            lines += [f"elif at == {AFTER.index(phase)}:", *_indented(_in_one_group(rule, both, size))]
    text = "\n    ".join([f"def act_{_own_name(rule)}(world, at, g, key, clock, data):", *lines])
    if not rule.__module__.startswith("mhsim.modules.") or not rule.source_digest:
        return "", text
    made_from = f"{rule.source_digest}\n{text}"
    return f"{rule.__module__.rpartition('.')[2]}_{sha256(made_from.encode()).hexdigest()[:16]}", text


def _own_name(rule: type[Rule]) -> str:
    """Return what tells the functions of one rule from another's.

    Code that was kept by two processes is told apart by the names of functions alone: without names of their own one
    rule would run another's where both are on.
    """
    return sha256(f"{rule.__module__}.{rule.__qualname__}".encode()).hexdigest()[:16]


def _functions(rule: type[Rule]) -> list[str]:
    names = ["in_group", "in_community", *AMONG_OUTSIDE.values(), *(f"after_{phase}" for phase in phases_of(rule))]
    return [name for name in names if getattr(rule, name) is not None]


def _functions_after(rule: type[Rule], phase: str) -> list[str]:
    names = [f"after_{phase}"] if phase in phases_of(rule) else []
    return names + (["in_group"] if rule.in_group is not None and rule.after == phase else [])


def _at_start(rule: type[Rule], size: int) -> list[str]:
    lines = []
    if rule.groups:
        lines += ["for new in range(world.meter.groups[0]):", "    if ours.known[new] == 0:"]
        lines += ["        parent = groups.parent[new]"]
        lines += ["        met = 1 if parent < 0 and groups.founded[new] == clock.opening else 0"]
        lines += ["        ours[new] = ours[len(ours) - h.starts + 2 * groups.form[new] + met]"]
        lines += ["        if parent >= 0:", "            pass"]
        lines += [f"            ours.{c.name}[new] = ours.{c.name}[parent]" for c in rule.groups if c.inherits]
        lines += ["        ours.known[new] = 1"]
    if rule.after == "start":
        lines += ["for community in range(len(communities)):", *_indented(_in_one_community(rule))]
        if rule.in_group is not None:
            lines += ["    g = communities.first_group[community]", "    while g != NOWHERE:"]
            lines += ["        if groups.status[g] != CLOSED:", *_indented(_in_one_group(rule, ["in_group"], size), 3)]
            lines += ["        g = groups.next_group[g]"]
    return lines or ["pass"]


def _at_end(rule: type[Rule], kinds: dict[str, np.dtype]) -> list[str]:
    """Return the lines for the end of a step: one call for each community, sums for the series, lives that end."""
    lines = []
    if rule.after != "start" and rule.in_community is not None:
        lines += ["for community in range(len(communities)):", *_indented(_in_one_community(rule))]
    if "series" in kinds:
        lines += ["if h.series_rows > 0:", "    series = series_at(h.series, h.series_rows)"]
        lines += ["    for each in range(world.meter.groups[0]):"]
        lines += ["        if groups.status[each] != CLOSED or groups.closed[each] == clock.step:"]
        lines += [f"            series.{c.name}[clock.step] += ours.{c.name}[each]" for c in rule.groups if c.shown]
        if rule.people:
            lines += ["            first = world.blocks.start[len(communities) + each]"]
            lines += ["            for row in range(first, first + world.blocks.count[len(communities) + each]):"]
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
        lines += ["if len(world.lives):", "    gone = gone_at(h.gone, h.gone_rows)"]
        lines += ["    for k in range(world.meter.movers[0]):", "        slot = handles.mover[k]"]
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
    within = ["sums.groups[1] += 1.0", "sums.members[1] += world.blocks.count[len(communities) + each]"]
    within += [f"sums.groups_{name}[1] += ours.{name}[each]" for name in of["groups"]]
    if people:
        within += ["first = world.blocks.start[len(communities) + each]"]
        within += ["for row in range(first, first + world.blocks.count[len(communities) + each]):"]
        within += ["    know(own, handles, people.slot[row])", *people]
    within = [f"if parameters_at(h.parameters + groups.form[each] * {size}).enabled:", *_indented(within)]
    met = "groups.founded[each] < clock.step or (clock.step == clock.opening and groups.parent[each] < 0)"
    within = [f"if {met}:", *_indented(within)]
    lines = [f"sums.{name}[1] = 0.0" for name in sum_names(rule)]
    lines += ["for each in range(world.meter.groups[0]):"]
    lines += ["    if groups.status[each] != CLOSED or groups.closed[each] == clock.step:", *_indented(within, 2)]
    lines += ["for each in range(len(communities)):", "    if parameters_at(h.parameters).enabled:"]
    lines += ["        sums.communities[1] += 1.0"]
    lines += [f"        sums.communities_{name}[1] += place.{name}[each]" for name in of["communities"]]
    lines += [f"sums.{name}[0] += sums.{name}[1]" for name in sum_names(rule)]
    return [
        "if h.sum_rows > 0 and clock.step >= clock.opening:",
        "    sums = sums_at(h.sums, h.sum_rows)",
        *_indented(lines),
    ]


def sum_names(rule: type[Rule]) -> list[str]:
    """Return what is added up for a rule's measures: members, groups, communities, and columns of its own."""
    return ["members", "groups", "communities", *(f"{table}_{name}" for table, name in summed_columns(rule))]


def _in_one_community(rule: type[Rule]) -> list[str]:
    lines = ["first = world.blocks.start[community]", "outside = people[first : first + world.blocks.count[community]]"]
    if rule.in_community is not None:
        lines += ["p = parameters_at(h.parameters)"]
        if rule.people and "blocks" in inspect.signature(rule.in_community).parameters:
            lines += ["each = communities.first_group[community]", "while each != NOWHERE:"]
            lines += ["    first = world.blocks.start[len(communities) + each]"]
            lines += ["    for row in range(first, first + world.blocks.count[len(communities) + each]):"]
            lines += ["        know(own, handles, people.slot[row])", "    each = groups.next_group[each]"]
        lines += [*_knowing(rule, "outside"), "if p.enabled:", f"    in_community({_asked(rule.in_community)})"]
    return lines


def _among_outside(rule: type[Rule], name: str) -> list[str]:
    """Return the lines for one tile of people outside, whose first row is `g`."""
    lines = ["community = people.community[g]", "last = world.blocks.start[community] + world.blocks.count[community]"]
    lines += ["outside = people[g : min(last, g + TILE)]", *_ROWS.format("outside").split("; ")]
    return [*lines, *_knowing(rule, "outside"), "if p.enabled:", f"    {name}({_asked(getattr(rule, name))})"]


_ROWS = "luck = world.luck[: len({0})]; ports = world.ports[: len({0})]; scratch = world.scratch[: len({0})]"


def _in_one_group(rule: type[Rule], functions: list[str], size: int) -> list[str]:
    lines = ["community = groups.community[g]", "first = world.blocks.start[community]"]
    lines += ["outside = people[first : first + world.blocks.count[community]]"]
    lines += ["first = world.blocks.start[len(communities) + g]"]
    lines += ["members = people[first : first + world.blocks.count[len(communities) + g]]"]
    lines += [*_ROWS.format("members").split("; "), "ring = world.scratch.ring[: len(members)]"]
    lines += [f"p = parameters_at(h.parameters + groups.form[g] * {size})", "if p.enabled:"]
    called = (f"{name}({_asked(getattr(rule, name))})" for name in functions)
    return [*lines, *_indented([*_knowing(rule, "members"), *called])]


def _knowing(rule: type[Rule], whom: str) -> list[str]:
    return [f"for i in range(len({whom})):", f"    know(own, handles, {whom}.slot[i])"] if rule.people else []


def _know(scope: dict[str, Any], name: str) -> Any:
    """Return the function that lets a person who came since start by the last row, which says how everybody does."""
    lines = ["if own.known[slot] != handles.generation[slot] + 1:", "    own[slot] = own[len(own) - 1]"]
    return kernel_of(name, "own, handles, slot", [*lines, "    own.known[slot] = handles.generation[slot] + 1"], scope)


def _asked(function: Any) -> str:
    return ", ".join(inspect.signature(function).parameters)


def _indented(lines: list[str], levels: int = 1) -> list[str]:
    return [f"{'    ' * levels}{line}" for line in lines]

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

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from mhsim.core.blocks import TILE  # noqa: F401 - named by the lines of a rule
from mhsim.core.jit import kept_source, kernel, kernel_of
from mhsim.kernel_helpers import Clock
from mhsim.mechanisms import AFTER
from mhsim.plugins import Rule, phases_of
from mhsim.schema import CLOSED, MOVED_AWAY, NOWHERE, SETTLED  # noqa: F401 - named by the lines of a rule

START, END = 0, len(AFTER)
OUTSIDE_BEFORE, OUTSIDE_AFTER = END + 1, END + 2
AMONG_OUTSIDE = {OUTSIDE_BEFORE: "outside_week", OUTSIDE_AFTER: "outside_after"}
NO_RULES = np.zeros((0, 3), np.int64)
HOOK = np.dtype(
    [(name, "i8") for name in ("parameters", "people", "people_rows", "groups", "group_rows", "places", "place_rows")]
    + [(name, "i8") for name in ("gone", "gone_rows")]
    + [(name, "i8") for name in ("gone_count", "series", "series_rows", "starts")],
    align=True,
)
"""What a rule is led to: addresses of its records (the scenario's own and those of its forms) and of the columns of
its own, how many rows these have, and in how many ways groups start."""
_CODE: dict[type[Rule], tuple[Any, int]] = {}


def _call(typingctx: Any, address: Any, world: Any, place: Any, g: Any, key: Any, clock: Any, data: Any) -> Any:
    """Call the compiled rule at an address."""
    signature = types.none(address, world, place, g, key, clock, data)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        passed = signature.args[1:]
        convention = context.call_conv
        kind = convention.get_function_type(types.none, passed)
        function = builder.inttoptr(args[0], kind.as_pointer())
        status, _ = convention.call_function(builder, function, types.none, passed, args[1:])
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return signature, code


call_at: Any = intrinsic(_call)


@kernel
def call_rules(rules, place, world, g, key, clock):  # type: ignore[no-untyped-def]
    """Call every rule that acts at a place of the step: START, after a phase for group g, or END.

    Before and after the week of people outside, `g` is the first row of the tile.
    """
    for k in range(len(rules)):
        if rules[k, 0] == place:
            call_at(rules[k, 1], world, place, g, key, clock, rules[k, 2])


def code_of(rule: type[Rule], world: Any, key: Any, kinds: dict[str, np.dtype]) -> int:
    """Return the address of a rule compiled for the types of a world; it stays compiled in this process.

    Parameters
    ----------
    rule : subclass of Rule
        What is compiled.
    world, key
        What it will be called with.
    kinds : dict of dtype
        The types of its ``parameters`` and, where it has columns of its own, ``people``, ``groups``, ``gone``,
        ``series``.
    """
    if rule not in _CODE:
        given = (numba.typeof(world), types.int64, types.int64, numba.typeof(key), numba.typeof(Clock(0, 1.0, 0)))
        act, kept = _act_of(rule, kinds)
        compiled: Any = numba.njit(nogil=True, error_model="numpy", cache=kept)(act)
        compiled.compile((*given, types.int64))
        result = next(iter(compiled.overloads.values()))
        _CODE[rule] = result, result.library.get_pointer_to_function(result.fndesc.llvm_func_name)
    return _CODE[rule][1]


def places_of(rule: type[Rule]) -> list[int]:
    """Return the places of the step at which a rule is called."""
    places = {AFTER.index(rule.after)} if rule.in_group is not None or rule.after == "start" else set()
    places |= {AFTER.index(phase) for phase in phases_of(rule)}
    places |= {place for place, name in AMONG_OUTSIDE.items() if getattr(rule, name) is not None}
    if rule.groups:
        places.add(START)
    if rule.people or rule.groups or (rule.in_community is not None and rule.after != "start"):
        places.add(END)
    return sorted(places)


def _act_of(rule: type[Rule], kinds: dict[str, np.dtype]) -> tuple[Any, bool]:
    """Return the function that leads the engine's call to what the rule asks for, and whether its code may be kept.

    It has a name of its own: code that was kept by two processes is told apart by its name alone, so that one rule
    would run another's where both are on.
    """
    scope: dict[str, Any] = dict(globals())
    scope["hook_at"], size = _record_reader(HOOK), kinds["parameters"].itemsize
    scope["parameters_at"] = _record_reader(kinds["parameters"])
    for name in ("people", "groups", "places", "gone", "series"):
        if name in kinds:
            scope[f"{name}_at"] = _array_reader(kinds[name])
    lines = ["h = hook_at(data)", "p = parameters_at(h.parameters)", "people, handles = world.people, world.handles"]
    lines += ["groups, communities, ties, blocks = world.groups, world.communities, world.ties, world.blocks"]
    lines += ["own = people_at(h.people, h.people_rows)"] if rule.people else []
    lines += ["ours = groups_at(h.groups, h.group_rows)"] if rule.groups else []
    lines += ["place = places_at(h.places, h.place_rows)"] if rule.places else []
    lines += ["if at == START:", *_indented(_at_start(rule, size)), "elif at == END:", *_indented(_at_end(rule, kinds))]
    for number, name in AMONG_OUTSIDE.items():
        if getattr(rule, name) is not None:
            lines += [f"elif at == {number}:", *_indented(_among_outside(rule, name))]
    for phase in [*phases_of(rule), *([rule.after] if rule.in_group is not None and rule.after != "start" else [])]:
        both = _functions_after(rule, phase)
        if both:
            lines += [f"elif at == {AFTER.index(phase)}:", *_indented(_in_one_group(rule, both, size))]
    for name in _functions(rule):
        scope[name] = kernel(getattr(rule, name))
    name = sha256(f"{rule.__module__}.{rule.__qualname__}".encode()).hexdigest()[:16]
    scope["know"] = _know(scope, f"know_{name}")
    text = "\n    ".join([f"def act_{name}(world, at, g, key, clock, data):", *lines])
    file = _source_file(rule, text)
    exec(compile(text, str(file or "<rule>"), "exec"), scope)
    return scope[f"act_{name}"], file is not None


def _source_file(rule: type[Rule], text: str) -> Path | None:
    """Return the file by which Numba keeps compiled code: named by all that the code is made from, written once.

    That is the source as it was imported: a file that was edited since would give old code a new name.
    None for rules from outside the package, since what they import may change without a trace.
    """
    if not rule.__module__.startswith("mhsim.modules.") or not rule.source_digest:
        return None
    made_from = f"{rule.source_digest}\n{text}"
    return kept_source(f"{rule.__module__.rpartition('.')[2]}_{sha256(made_from.encode()).hexdigest()[:16]}", text)


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


def _record_reader(kind: np.dtype) -> Any:
    record_kind = numba.from_dtype(kind)

    @intrinsic
    def record_at(typingctx: Any, address: Any) -> Any:
        """Return the record at an address."""

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(record_kind))

        return record_kind(address), code

    return record_at


def _array_reader(kind: np.dtype) -> Any:
    array_kind = types.Array(numba.from_dtype(kind), 1, "C")

    @intrinsic
    def array_at(typingctx: Any, address: Any, rows: Any) -> Any:
        """Return so many records at an address as an array."""

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = make_array(array_kind)(context, builder)
            size = context.get_constant(types.intp, kind.itemsize)
            data = builder.inttoptr(args[0], array.data.type)
            populate_array(array, data=data, shape=[args[1]], strides=[size], itemsize=size, meminfo=None)
            return array._getvalue()

        return array_kind(types.int64, types.int64), code

    return array_at

"""Calls to compiled rules from outside the package: by address, so that the engine itself is never compiled anew.

A rule is compiled once in a process for the types of a world. The engine gets a table of addresses, a row for each
rule: where its code is and where the record of its parameters is.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from mhsim.core.jit import kernel
from mhsim.core.params import record_of
from mhsim.engine.world import World
from mhsim.errors import InputError
from mhsim.kernel_helpers import Clock
from mhsim.plugins import Rule, UnloadedRule
from mhsim.scenario import Scenario
from mhsim.schema import CLOSED, NOWHERE

NO_RULES = np.zeros((0, 2), np.int64)
_CODE: dict[type[Rule], tuple[Any, int]] = {}


def _call(typingctx: Any, address: Any, world: Any, key: Any, clock: Any, parameters: Any) -> Any:
    """Call the compiled rule at an address."""
    signature = types.none(address, world, key, clock, parameters)

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


def table_of(scenario: Scenario, world: World, key: Any) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the addresses of a scenario's rules, int64, a row each, and the records that must live as long.

    Rules that are switched off are left out.

    Raises
    ------
    InputError
        If the code of a rule was not run when the scenario was read.
    """
    acting = [use.values for use in scenario.rules.values() if use.values.enabled]
    if not acting:
        return NO_RULES, []
    for name, use in scenario.rules.items():
        if use.values.enabled and isinstance(use.values, UnloadedRule):
            raise InputError(
                f"rules.{name}: the code of '{use.origin}' was not run when this scenario was read; to simulate it, "
                "read it with read_scenario, or name it to mhsim run"
            )
    rows, kept = [], []
    for values in acting:
        record = np.array([record_of(values, scenario.weeks_per_step, scenario.meetings_per_week)])
        rule = type(values)
        if rule not in _CODE:
            kinds = (numba.typeof(world), numba.typeof(key), numba.typeof(Clock(0, 1.0, 0)))
            _CODE[rule] = _compiled(rule, kinds, numba.typeof(record).dtype)
        rows.append((_CODE[rule][1], record.ctypes.data))
        kept.append(record)
    return np.array(rows, np.int64), kept


def _compiled(rule: type[Rule], kinds: Any, record_kind: Any) -> tuple[Any, int]:
    """Return a rule compiled for the types of a world, which must be kept, and its address."""
    parameters_at = _reader(record_kind)
    in_group = kernel(rule.in_group) if rule.in_group is not None else _nothing_in_group
    in_community = kernel(rule.in_community) if rule.in_community is not None else _nothing_in_community

    def act(world, key, clock, address):  # type: ignore[no-untyped-def]
        p = parameters_at(address)
        groups, communities = world.groups, world.communities
        for community in range(len(communities)):
            start = world.blocks.start[community]
            outside = world.people[start : start + world.blocks.count[community]]
            in_community(outside, groups, communities, community, key, clock, p)
            g = communities.first_group[community]
            while g != NOWHERE:
                if groups.status[g] != CLOSED:
                    first = world.blocks.start[len(communities) + g]
                    members = world.people[first : first + world.blocks.count[len(communities) + g]]
                    in_group(members, outside, groups, g, world.ties, world.handles, key, clock, p)
                g = groups.next_group[g]

    compiled: Any = numba.njit(nogil=True, error_model="numpy")(act)
    compiled.compile((*kinds, types.int64))
    result = next(iter(compiled.overloads.values()))
    return result, result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


def _reader(record_kind: Any) -> Any:
    @intrinsic
    def parameters_at(typingctx: Any, address: Any) -> Any:
        """Return the record at an address."""

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(record_kind))

        return record_kind(address), code

    return parameters_at


@kernel
def _nothing_in_group(members, outside, groups, g, ties, handles, key, clock, p):  # type: ignore[no-untyped-def]
    pass


@kernel
def _nothing_in_community(outside, groups, communities, community, key, clock, p):  # type: ignore[no-untyped-def]
    pass

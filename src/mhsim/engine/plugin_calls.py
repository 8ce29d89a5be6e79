"""Calls to compiled rules beside the week: by address, so that the engine itself is never compiled anew.

A rule is compiled once in a process; code of the package's own modules is kept on disk. The engine gets a table of
addresses, a row for each place in the step where a rule acts: where its code is, and where the record is that leads to
its parameters, to the columns that are its own (`mhsim.engine.own_columns`) and to the tables of the world. So a call
hands over six numbers, however many tables there are, and a rule reads those alone that its functions ask for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.core.built_code import built_rule
from mhsim.core.jit import WrittenInLlvm, kernel
from mhsim.core.kept_code import kept_source
from mhsim.engine.plugin_refusals import check_arguments, refusal
from mhsim.engine.rule_code import ASKED_FOR, LED_TO, TABLES, act_of, kinds_of_tables, text_of
from mhsim.engine.rule_lines import OUTSIDE_AFTER, functions_of
from mhsim.plugins import Rule

NO_RULES = np.zeros((0, 2), np.int64)
_CODE: dict[type[Rule], tuple[Any, int]] = {}
"""By rule: what keeps its code in memory, and where the code is."""


call_at: Any = WrittenInLlvm("mhsim.engine.plugin_llvm", "call_at")


@kernel
def call_rules(rules, place, g, key, clock):  # type: ignore[no-untyped-def]
    """Call every rule that acts at a place of the step: START, after a phase for group g, or END.

    Before and after the week of people outside, `g` is the first row of the tile. `rules` is made by `ordered`.
    """
    if len(rules):
        for k in range(rules[place, 0], rules[place, 1]):
            call_at(rules[k, 0], place, g, key, clock, rules[k, 1])


def ordered(calls: list[tuple[int, int, int]]) -> np.ndarray:
    """Return the table of calls, int64, shape (rows, 2), from (place, address of code, address of link) of each.

    A row for each place of the step says from which row on, and up to which, the calls made there stand; then come the
    calls, those of one place in the order given. Empty if there are none.
    """
    if not calls:
        return NO_RULES
    header: list[tuple[int, int]] = []
    rows: list[tuple[int, int]] = []
    for place in range(OUTSIDE_AFTER + 1):
        here = [(code, link) for at, code, link in calls if at == place]
        first = OUTSIDE_AFTER + 1 + len(rows)
        header.append((first, first + len(here)))
        rows += here
    return np.array(header + rows, np.int64)


def tables_of(world: Any) -> np.ndarray:
    """Return the record of where the tables of a world are, shape (1,); it holds until one of them grows."""
    tables = np.zeros(1, TABLES)
    for name in LED_TO:
        array = getattr(world, name)
        tables[name], tables[f"{name}_rows"], tables[f"{name}_columns"] = array.ctypes.data, *(*array.shape, 1)[:2]
    return tables


def code_of(rule: type[Rule], world: Any, key: Any, kinds: dict[str, np.dtype]) -> int:
    """Return the address of a rule: as it was built beforehand, else compiled for the types of a world, once.

    Parameters
    ----------
    rule : subclass of Rule
        What is compiled.
    world, key
        What it will act on, and be called with.
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
        tables = kinds_of_tables(world)
        _CODE[rule] = _compiled(rule, kinds, name, text, tables, key) if built is None else (None, built)
    return _CODE[rule][1]


def _compiled(
    rule: type[Rule], kinds: dict[str, np.dtype], name: str, text: str, tables: dict[str, np.dtype], key: Any
) -> tuple[Any, int]:
    from mhsim.core.with_numba import by_address
    from mhsim.engine.plugin_llvm import REFUSALS, types_of_a_call

    check_arguments(rule, functions_of(rule), ASKED_FOR)
    file = kept_source(name, text) if name else None
    compiled = by_address(act_of(rule, kinds, tables, text, file), cache=file is not None)
    try:
        compiled.compile(types_of_a_call(key))
    except REFUSALS as error:
        raise refusal(rule, error) from error
    result = next(iter(compiled.overloads.values()))
    return result, result.library.get_pointer_to_function(result.fndesc.llvm_func_name)

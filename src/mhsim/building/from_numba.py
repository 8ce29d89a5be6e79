"""From Numba's typing to one module of LLVM: all that Python calls, and every optional mechanism, not yet optimised.

Others see nothing but this: each function that Python calls (`mhsim.core.jit.EntryPoint`) as ``i64 NAME(i64* slots)``,
see `mhsim.core.built_code.BuiltFunction`; and for each optional mechanism ``i64 NAME()``, which gives the address of
its code, as the engine calls it. In WebAssembly an address is a place in the table of functions; nothing else differs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import llvmlite.binding as llvm
import llvmlite.ir as ir
import numba
import numpy as np
from numba import types
from numba.np.arrayobj import make_array, populate_array

from mhsim.core.jit import EntryPoint
from mhsim.core.numba_patches import take_shortcuts
from mhsim.core.rng import fill_philox
from mhsim.core.with_numba import inner
from mhsim.engine.interventions import lose_busiest
from mhsim.engine.loop import run
from mhsim.engine.own_columns import OwnColumns
from mhsim.engine.plugin_calls import NO_RULES
from mhsim.engine.plugin_llvm import REFUSALS, types_of_a_call
from mhsim.engine.plugin_refusals import check_arguments, refusal
from mhsim.engine.rule_code import ASKED_FOR, act_of, kinds_of_tables, text_of
from mhsim.engine.rule_lines import functions_of
from mhsim.engine.simulation import Simulation
from mhsim.modules import optional
from mhsim.plugins import Rule
from mhsim.scenario import Scenario

SLOT = ir.IntType(64)
SLOTS = ir.PointerType(SLOT)
NONE: Mapping[str, type[Rule]] = {}


class EngineCode(NamedTuple):
    """The module as text; what each function that Python calls takes; and the names of the optional mechanisms."""

    text: str
    entries: dict[str, list[str]]
    rules: list[str]


def engine_code(only: Collection[str] = (), own: Mapping[str, type[Rule]] = NONE) -> EngineCode:
    """Return the code of the whole engine, of every optional mechanism and of rules of one's own.

    Parameters
    ----------
    only : collection of str
        Names of functions and of optional mechanisms, to build no others.
    own : mapping of str to Rule
        Rules from outside the package by name, as in ``rules.NAME``.

    Raises
    ------
    InputError
        If a rule of one's own cannot be compiled.
    """
    take_shortcuts()
    module, entries, rules = llvm.parse_assembly(""), {}, []
    for entry, arguments in _called_with().items():
        if only and entry.__name__ not in only:
            continue
        result = _typed(entry.py_func, tuple(numba.typeof(argument) for argument in arguments))
        entries[entry.symbol] = [kind for each in result.fndesc.argtypes for kind in _kinds(each)]
        _link(module, result, _callable_with_slots(entry.symbol, result))
    world, key = _world()
    modules = {name: rule for name, rule in optional().items() if not only or name in only}
    for name, rule in {**modules, **own}.items():
        kinds = OwnColumns(name, rule()).kinds
        symbol, text = text_of(rule, kinds)
        symbol = symbol or f"{name}_{rule.source_digest}"
        try:
            check_arguments(rule, functions_of(rule), ASKED_FOR)
            result = _typed(act_of(rule, kinds, kinds_of_tables(world), text), types_of_a_call(key))
        except REFUSALS as error:
            raise refusal(rule, error) from error
        rules.append(symbol)
        _link(module, result, _address(symbol, result))
    _keep_inside(module, {*entries, *rules})
    text = _without_addresses(str(module))
    return EngineCode(_with_whole_records(_with_exact_roots(text)), entries, rules)


def _keep_inside(module: llvm.ModuleRef, exported: set[str]) -> None:
    """Let nothing but what is exported be seen, and number the rest: Numba's names count what was compiled before."""
    inside = [each for each in (*module.functions, *module.global_variables) if not each.is_declaration]
    for number, each in enumerate(each for each in inside if each.name not in exported):
        each.linkage = "internal"
        each.name = f"_{number}"


def _world() -> tuple[Any, Any]:
    simulation = Simulation(Scenario())
    return simulation.world, simulation.key


def _called_with() -> dict[Any, tuple[Any, ...]]:
    """Return each function of the engine that Python calls, and arguments such as it is called with."""
    s = Simulation(Scenario())
    words = np.zeros((1, 4), np.uint32)
    found: dict[Any, tuple[Any, ...]] = {
        fill_philox: (words, np.zeros((1, 2), np.uint32), words),
        lose_busiest: (s.world, 1, False),
        run: (s.world, s._settings, NO_RULES, s.key, s.last, s.opening, 1.0, s.control, True, False),
    }
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "mhsim"]
    missing = {value for module in modules for value in vars(module).values() if isinstance(value, EntryPoint)} - {
        *found
    }
    if missing:
        raise ValueError(f"{min(each.symbol for each in missing)} is called by Python: say here with what")
    return found


def _typed(function: Any, arguments: tuple[Any, ...]) -> Any:
    dispatcher = inner(function)
    dispatcher.compile(arguments)
    return next(iter(dispatcher.overloads.values()))


def _link(module: llvm.ModuleRef, result: Any, exported: ir.Module) -> None:
    for text in (str(result.library._final_module), str(exported)):
        module.link_in(llvm.parse_assembly(text))


def _kinds(kind: Any) -> list[str]:
    """Return how `mhsim.core.built_code` calls what stands for an argument of some type in the row of slots."""
    if isinstance(kind, types.BaseTuple):
        return [each for part in kind.types for each in _kinds(part)]  # type: ignore[attr-defined]
    if isinstance(kind, types.Array):
        return [f"array {kind.ndim} {_item_size(kind)}"]
    return ["float" if isinstance(kind, types.Float) else "int"]


def _item_size(kind: Any) -> int:
    return int(kind.dtype.size if isinstance(kind.dtype, types.Record) else kind.dtype.bitwidth // 8)


def _callable_with_slots(name: str, result: Any) -> ir.Module:
    """Return a module with a function that takes its arguments from a row of slots and calls the one compiled."""
    module = ir.Module(name=f"{name} from slots")
    function = ir.Function(module, ir.FunctionType(SLOT, [SLOTS]), name)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    context, description = result.target_context, result.fndesc
    taken = _Taken(context, builder, function.args[0])
    arguments = [taken.argument(kind) for kind in description.argtypes]
    callee = context.declare_function(module, description)
    status, value = context.call_conv.call_function(
        builder, callee, description.restype, description.argtypes, arguments
    )
    if description.restype not in (types.int64, types.intp):
        raise TypeError(f"{name} gives {description.restype}; what Python calls gives a whole number")
    builder.store(value, function.args[0])
    builder.ret(builder.sext(status.code, SLOT))
    return module


class _Taken:
    """Takes arguments, one after the other, from a row of slots."""

    def __init__(self, context: Any, builder: ir.IRBuilder, slots: ir.Value) -> None:
        self.context, self.builder, self.slots, self.place = context, builder, slots, 0

    def argument(self, kind: Any) -> Any:
        if isinstance(kind, types.BaseTuple):
            return self.context.make_tuple(self.builder, kind, [self.argument(part) for part in kind.types])  # type: ignore[attr-defined]
        if isinstance(kind, types.Array):
            return self.array(kind)
        slot = self.slot()
        if isinstance(kind, types.Float):
            return self.builder.bitcast(slot, ir.DoubleType())
        if isinstance(kind, types.Boolean):
            return self.builder.icmp_signed("!=", slot, ir.Constant(SLOT, 0))
        return slot if kind.bitwidth == SLOT.width else self.builder.trunc(slot, ir.IntType(kind.bitwidth))

    def slot(self) -> ir.Value:
        self.place += 1
        return self.builder.load(self.builder.gep(self.slots, [ir.Constant(SLOT, self.place)]))

    def array(self, kind: Any) -> Any:
        array, size = make_array(kind)(self.context, self.builder), ir.Constant(SLOT, _item_size(kind))
        data = self.builder.inttoptr(self.slot(), array.data.type)
        shape = [self.slot() for _ in range(kind.ndim)]
        strides = [size]
        for length in reversed(shape[1:]):
            strides.insert(0, self.builder.mul(strides[0], length))
        populate_array(array, data=data, shape=shape, strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()


def _address(name: str, result: Any) -> ir.Module:
    """Return a module with a function that gives the address of the one compiled."""
    module = ir.Module(name=f"{name} by address")
    callee = result.target_context.declare_function(module, result.fndesc)
    builder = ir.IRBuilder(ir.Function(module, ir.FunctionType(SLOT, []), name).append_basic_block("entry"))
    builder.ret(builder.ptrtoint(callee, SLOT))
    return module


def _without_addresses(text: str) -> str:
    """Return the code with what lies at an address of this process left open; nothing that is run reads it.

    Numba writes down where functions of Python are. Were one of them needed, emitting would refuse it by name.
    """
    return re.sub(r"= internal global ptr inttoptr \(i64 \d+ to ptr\)", "= external global ptr", text)


def _with_exact_roots(text: str) -> str:
    """Return the code with LLVM's own square root, which every machine has as one exact instruction."""
    return text.replace("@sqrt(", "@llvm.sqrt.f64(")


COPIED = re.compile(
    r"  (%[^ ]+) = load \[(\d+) x i8\], ptr ([^,]+), align \d+\n  store \[\2 x i8\] \1, ptr ([^,\n]+), align \d+\n"
)
"""A record that is copied: taken out whole, and put down whole."""
MOVE = "llvm.memmove.p0.p0.i64"


def _with_whole_records(text: str) -> str:
    """Return the code with records copied as stretches of memory: LLVM would take them apart byte by byte."""
    text = COPIED.sub(rf"  call void @{MOVE}(ptr \4, ptr \3, i64 \2, i1 false)\n", text)
    declared = re.search(rf"^declare [^@]*@{re.escape(MOVE)}\(", text, re.MULTILINE)
    return text if declared else f"{text}\ndeclare void @{MOVE}(ptr, ptr, i64, i1)\n"

"""Type each mechanism with every field it does not declare made read-only; print what is refused, as JSON.

Run as a script by `test_write_contract.py`. Numba refuses to assign to a read-only array when it works out types, so
nothing needs to be compiled further: a pipeline that stops after type inference takes under a second a mechanism. It
leaves kernels that cannot be run, hence a process of its own.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections import namedtuple
from collections.abc import Iterable
from types import ModuleType
from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import typing as numba_typing
from numba.core.compiler import CompilerBase, DefaultPassBuilder, compile_result
from numba.core.compiler_machinery import FunctionPass, PassManager, register_pass
from numba.core.errors import NumbaError
from numba.core.typed_passes import NopythonTypeInference

import mhsim.engine  # noqa: F401  (loads every mechanism)
from mhsim import kernel_helpers, roles, ties
from mhsim.core.blocks import BLOCKS
from mhsim.core.jit import Kernel
from mhsim.core.params import record_of
from mhsim.engine.own_columns import OwnColumns
from mhsim.engine.world import EVENT, METER, SCRATCH, settings_of
from mhsim.event_log import EventLog, note, tell, tell_group
from mhsim.kernel_helpers import Clock
from mhsim.mechanisms.arrive import OF_FORM
from mhsim.plugins import HOOKS, Rule, phases_of
from mhsim.ports import PORTS
from mhsim.random_streams import LUCK
from mhsim.scenario import Scenario
from mhsim.schema import COMMUNITIES, GROUPS, HANDLES, PEOPLE, TIES
from rules_of_the_week import MODULES, OPTIONAL, functions_of

SETTINGS = settings_of(Scenario())
PLAIN = {
    "g": types.int64,
    "community": types.int64,
    "rooms_count": types.int64,
    "count": types.int64,
    "row": types.int64,
    "held": types.float64,
    "due": types.int64,
    "forms": types.Array(numba.from_dtype(OF_FORM), 1, "C"),
    "meetings_per_week": types.float64,
    "departure": types.float64,
    "able_at": types.float64,
    "roles": numba.typeof(SETTINGS.serve),
    "breadth": types.float64,
    "training": types.float64,
    "untaught": types.float64,
    "record": types.float64,
    "conflict_hazard": types.float64,
    "strife_hazard": types.float64,
    "sponsor_calls": types.float64,
    "sponsor_holds": types.float64,
    "bleakness": types.float64,
    "conflict_draw": types.float64,
    "breach_draw": types.float64,
    "split_draw": types.float64,
    "found_draw": types.float64,
    "close_draw": types.float64,
    "reason_draw": types.float64,
    "ring": types.int32[:],
    "rooms": types.int32[:],
    "chosen": types.int32[:],
    "key": types.UniTuple(types.uint32, 2),
    "clock": numba.typeof(Clock(0, 1.0, 0)),
    "scratch": types.Array(numba.from_dtype(SCRATCH), 1, "C"),
    "luck": types.Array(numba.from_dtype(LUCK), 1, "C"),
    "ports": types.Array(numba.from_dtype(PORTS), 1, "C"),
    "blocks": types.Array(numba.from_dtype(BLOCKS), 1, "C"),
    "words": types.uint32[:, :],
    "events": numba.typeof(EventLog(np.zeros(1, EVENT), np.zeros(1, METER), 0, 0)),
}


@register_pass(mutates_CFG=False, analysis_only=True)
class Stop(FunctionPass):
    """Ends compiling once types are known."""

    _name = "stop_after_types"

    def __init__(self) -> None:
        FunctionPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Leave a result that holds the signature and nothing to run."""
        state["cr"] = compile_result(
            signature=numba_typing.signature(state.return_type, *state.args),
            entry_point=len,
            typing_context=state.typingctx,
            target_context=state.targetctx,
            objectmode=False,
        )
        return True


class TypesOnly(CompilerBase):
    """A compiler that only works out types."""

    def define_pipelines(self) -> list[PassManager]:
        """Return the usual passes up to type inference."""
        passes = PassManager("types_only")
        passes.passes.extend(DefaultPassBuilder.define_untyped_pipeline(self.state).passes)
        passes.add_pass(NopythonTypeInference, "types")
        passes.add_pass(Stop, "stop")
        passes.finalize()
        return [passes]


def columns(dtype: np.dtype, used: set[str], writable: Iterable[str], dimensions: int = 1) -> types.NamedTuple:
    """Return the type of a table as a named tuple of one array per field in use, read-only unless writable."""
    names = [name for name in dtype.names or () if name in used]
    arrays = [
        types.Array(
            numba.from_dtype(dtype[name].base), dimensions + len(dtype[name].shape), "A", readonly=name not in writable
        )
        for name in names
    ]
    return types.NamedTuple(arrays, namedtuple("Columns", names))  # type: ignore[misc]


def refusal(module: ModuleType, function: str, writes: dict[str, tuple[str, ...]]) -> str:
    """Return why Numba refuses a function under a declaration of writes; empty if it does not."""
    texts = [inspect.getsource(m) for m in (module, ties, roles, kernel_helpers)]
    used = {n.attr for text in texts for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Attribute)}
    tables = tables_of(used, writes)
    section = module.__name__.rsplit(".", 1)[-1]
    return refused(
        getattr(module, function).dispatcher, PLAIN | tables | {"p": numba.typeof(getattr(SETTINGS, section))}
    )


def tables_of(used: set[str], writes: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the types of all tables with the columns in use, read-only where nothing else is declared."""
    everybody = writes.get("people", ())
    return {
        "people": columns(PEOPLE, used, everybody),
        "members": columns(PEOPLE, used, (*everybody, *writes.get("members", ()))),
        "outside": columns(PEOPLE, used, (*everybody, *writes.get("outside", ()))),
        "groups": columns(GROUPS, used, writes.get("groups", ())),
        "ties": columns(TIES, used, writes.get("ties", ()), 2),
        "handles": columns(HANDLES, used, ()),
        "communities": columns(COMMUNITIES, used, writes.get("communities", ())),
    }


def refusal_of_rule(rule: type[Rule], writes: dict[str, tuple[str, ...]]) -> str:
    """Return why Numba refuses a rule beside the week under a declaration of writes; empty if it does not."""
    own = OwnColumns("own", rule())
    tables = tables_of({name for table in (PEOPLE, GROUPS, TIES, HANDLES, COMMUNITIES) for name in table.names}, writes)
    named = {"own": "people", "ours": "groups", "place": "places"}
    mine = {
        name: types.Array(numba.from_dtype(own.kinds[kind]), 1, "C")
        for name, kind in named.items()
        if kind in own.kinds
    }
    known = PLAIN | tables | mine | {"p": numba.typeof(record_of(rule(), 1.0))}
    texts = []
    for inner in (note, tell, tell_group):
        inner.dispatcher._compiler.pipeline_class = TypesOnly  # type: ignore[attr-defined]
    hooks = [*HOOKS, *(f"after_{phase}" for phase in phases_of(rule))]
    for function in (getattr(rule, name) for name in hooks):
        if function is not None:
            dispatcher = numba.njit(function)
            dispatcher._compiler.pipeline_class = TypesOnly
            texts.append(refused(dispatcher, known))
    return "".join(texts)


def refused(dispatcher: Any, known: dict[str, Any]) -> str:
    """Return why Numba refuses a function whose arguments have these types; empty if it does not."""
    try:
        dispatcher.compile(tuple(known[name] for name in inspect.signature(dispatcher.py_func).parameters))
    except NumbaError as error:
        return str(error)
    return ""


def main() -> None:
    """Print refusals under each declaration as it stands, and under each with its first field planted as undeclared."""
    for name, module in list(sys.modules.items()):
        if name.startswith("mhsim"):
            for value in vars(module).values():
                if isinstance(value, Kernel):
                    value.dispatcher._compiler.pipeline_class = TypesOnly
    declared, planted = {}, {}
    for name, module in MODULES.items():
        functions = functions_of(module)
        for function in functions:
            declared[f"{name}.{function}"] = refusal(module, function, module.WRITES)
        for table, fields in module.WRITES.items():
            if fields:
                less = module.WRITES | {table: fields[1:]}
                planted[f"{name}: {table}.{fields[0]}"] = [refusal(module, function, less) for function in functions]
    optional = {name: refusal_of_rule(rule, rule.writes) for name, rule in OPTIONAL}
    json.dump({"declared": declared, "planted": planted, "optional": optional}, sys.stdout)


if __name__ == "__main__":
    main()

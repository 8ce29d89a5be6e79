"""What compiles with Numba: the only place that imports it to compile the house's own functions, and only when it must.

`mhsim.core.jit` asks for it when a function has to be compiled that no object built beforehand holds.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numba
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.registry import cpu_target

from mhsim.core.numba_patches import take_shortcuts


class InnerLibrary(JITCodeLibrary):
    """Code of an inner function: linked into the entry that calls it, and optimised and emitted only there.

    Numba would otherwise optimise each function anew at every level of calls and emit machine code that nobody
    calls; without that, compiling takes a third of the time.
    """

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return the null address: nothing but compiled code calls an inner function."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """What Numba asks to set the environment of a function that Python calls: here nothing is set."""
        return SimpleNamespace(set_env=lambda name, environment: None)


class InnerCompiler(Compiler):
    """Numba's own pipeline, with an `InnerLibrary` to put the code in."""

    def __init__(self, typingctx: Any, targetctx: Any, library: Any, *others: Any) -> None:
        super().__init__(typingctx, targetctx, library or InnerLibrary(targetctx.codegen(), "inner"), *others)


INNER: Any = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "error_model": "numpy",
    "nogil": True,
    "_nrt": False,  # inner functions borrow arrays and make none: no counting of references
    "no_rewrites": True,  # of array expressions, of which there are none
    "pipeline_class": InnerCompiler,
}


def inner(function: Any, **others: Any) -> Any:
    """Return Numba's dispatcher of an inner function; whole numbers are passed to it as int64 (see `jit.kernel`)."""
    compiled = numba.njit(**INNER, **others)(function)
    template_for = compiled.get_call_template
    compiled.get_call_template = lambda args, kws: template_for(tuple(_plain(kind) for kind in args), kws)
    return compiled


def _plain(kind: Any) -> Any:
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) else kind


def as_given(function: Any, **others: Any) -> Any:
    """Return Numba's dispatcher of an inner function that is compiled for the very types it is called with."""
    return numba.njit(**INNER, **others)(function)


def outer(function: Any, *, cache: bool) -> Any:
    """Return Numba's dispatcher of a function that Python calls, free of the interpreter's lock while it runs."""
    take_shortcuts()
    return numba.njit(cache=cache, error_model="numpy", nogil=True)(function)


def by_address(function: Any, *, cache: bool) -> Any:
    """Return Numba's dispatcher of a function that compiled code calls by its address; like inner ones, it borrows."""
    take_shortcuts()
    borrows: Any = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    return numba.njit(cache=cache, error_model="numpy", nogil=True, **borrows)(function)


def type_of(value: Any) -> Any:
    """Return the type by which Numba knows a function."""
    cpu_target.typing_context.refresh()
    return cpu_target.typing_context.resolve_value_type(value)

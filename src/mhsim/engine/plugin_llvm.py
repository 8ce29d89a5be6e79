"""What no Python says: a call to the code at an address, and what lies at an address as a record or an array.

Written in LLVM's own words for Numba, and imported only when something that uses it is compiled.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numba import types
from numba.core import cgutils
from numba.core.errors import NumbaError
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array

from mhsim.kernel_helpers import Clock

REFUSALS = (NumbaError, KeyError)
"""What Numba raises where a function cannot be compiled; a parameter that there is not is a bare KeyError."""


def _call(typingctx: Any, address: Any, place: Any, g: Any, key: Any, clock: Any, data: Any) -> Any:
    """Call the compiled rule at an address."""
    signature = types.none(address, place, g, key, clock, data)

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


def types_of_a_call(key: Any) -> tuple[Any, ...]:
    """Return the types with which the engine calls a rule, with such a key."""
    return (types.int64, types.int64, numba.typeof(key), numba.typeof(Clock(0, 1.0, 0)), types.int64)


def record_reader(kind: np.dtype) -> Any:
    """Return a compiled function that gives the record at an address."""
    record_kind = numba.from_dtype(kind)

    @intrinsic
    def record_at(typingctx: Any, address: Any) -> Any:
        """Return the record at an address."""

        def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(record_kind))

        return record_kind(address), code

    return record_at


def array_reader(kind: np.dtype) -> Any:
    """Return a compiled function that gives so many records at an address as an array."""

    @intrinsic
    def array_at(typingctx: Any, address: Any, rows: Any) -> Any:
        """Return so many records at an address as an array."""
        return _reading_as(types.Array(numba.from_dtype(kind), 1, "C"), kind.itemsize)

    return array_at


def wide_reader(kind: np.dtype) -> Any:
    """Return a compiled function that gives so many rows and columns at an address as an array."""

    @intrinsic
    def array_at(typingctx: Any, address: Any, rows: Any, columns: Any) -> Any:
        """Return so many rows of so many columns at an address as an array."""
        return _reading_as(types.Array(numba.from_dtype(kind), 2, "C"), kind.itemsize)

    return array_at


def _reading_as(array_kind: Any, itemsize: int) -> tuple[Any, Any]:
    """Return the signature of a reader that makes such an array of an address and a shape, and what writes its code."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = make_array(array_kind)(context, builder)
        size = context.get_constant(types.intp, itemsize)
        strides = [builder.mul(args[2], size), size] if array_kind.ndim == 2 else [size]
        data = builder.inttoptr(args[0], array.data.type)
        populate_array(array, data=data, shape=args[1:], strides=strides, itemsize=size, meminfo=None)
        return array._getvalue()

    return array_kind(*(types.int64,) * (1 + array_kind.ndim)), code

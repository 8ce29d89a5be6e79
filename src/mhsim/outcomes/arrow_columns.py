"""Columns of Arrow made of NumPy's arrays as they lie, and of texts.

`pyarrow.array` does the same, but asks pandas first what it has been given: a second of importing that a run of one
history would wait for.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def numbers(values: np.ndarray, absent: np.ndarray | None = None) -> pa.Array:
    """Return numbers, or yes and no, as a column; null where `absent` says so, shape of both (n,)."""
    values = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(values.dtype)
    body = np.packbits(values, bitorder="little") if values.dtype == bool else values
    return pa.Array.from_buffers(kind, len(values), [_present(absent), pa.py_buffer(body)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """Return texts as a column, null for None."""
    written = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    absent = np.array([value is None for value in values], bool)
    buffers = [_present(absent if absent.any() else None), pa.py_buffer(ends), pa.py_buffer(b"".join(written))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _present(absent: np.ndarray | None) -> pa.Buffer | None:
    return None if absent is None else pa.py_buffer(np.packbits(~absent, bitorder="little"))

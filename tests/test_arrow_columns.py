"""Columns made without pyarrow's own way are what that way gives; and a run loads no library that it does not need."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

from mhsim.outcomes.arrow_columns import numbers, texts

KINDS = ("f8", "f4", "i8", "i4", "u4", "i2", "u2", "u1", "?")
LARGE = ("pandas", "scipy.stats", "numba", "matplotlib", "networkx", "mesa", "solara")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 1000])
def test_numbers_are_those_of_pyarrow(kind: str, length: int) -> None:
    """Every kind, with and without gaps, also as a column of a table that lies apart in memory."""
    draws = np.random.default_rng([length, KINDS.index(kind)])
    rows = np.zeros(length, np.dtype([("before", "u1"), ("it", kind)]))
    rows["it"] = draws.integers(0, 2 if kind == "?" else 100, length)
    absent = draws.random(length) < 0.3
    assert numbers(rows["it"]).equals(pa.array(rows["it"]))
    assert numbers(rows["it"], absent).equals(pa.array(rows["it"], mask=absent))


def test_a_missing_number_is_no_gap() -> None:
    """What could not be computed is told apart from what was not asked."""
    column = numbers(np.array([np.nan, 1.0]))
    assert column.null_count == 0
    assert np.isnan(column[0].as_py())


@pytest.mark.parametrize("values", [[], ["a"], ["", "ä", None, "two words"], [None]])
def test_texts_are_those_of_pyarrow(values: list[str | None]) -> None:
    """Letters of several bytes, empty texts and none at all."""
    assert texts(values).equals(pa.array(values, pa.string()))


def test_a_run_loads_no_library_it_does_not_need(tmp_path: object) -> None:
    """Somebody who types their first command waits for a history, not for libraries: pandas alone takes a second."""
    asked = (
        "import sys; from mhsim.cli import exit_code; "
        f"code = exit_code(['run', 'base', '--weeks', '60', '--out', r'{tmp_path}/run']); "
        f"print(code, [name for name in {LARGE!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []", done.stderr

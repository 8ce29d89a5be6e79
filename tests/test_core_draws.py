"""Draws: pure, independent of one another, uniform; a change of any key word changes the draw."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.core.rng import LARGEST_STEP, run_key, uniform
from mhsim.random_streams import EVERYONE, LUCK, MEMBERS, TABLE
from support import uniforms

KEY = run_key(5, 7)
PEOPLE = np.arange(50000, dtype=np.uint32)


def test_a_draw_is_a_pure_function() -> None:
    """The same key and counter give the same number, in any order of asking and whoever else is asked."""
    there = uniforms(KEY, PEOPLE, 1, 3, 2, 0)
    back = uniforms(KEY, PEOPLE[::-1].copy(), 1, 3, 2, 0)[::-1]
    assert np.array_equal(there, back)
    assert np.array_equal(there[17:18], uniforms(KEY, PEOPLE[17:18], 1, 3, 2, 0))


@given(st.integers(0, 2**32 - 1), st.integers(0, 4095), st.integers(0, LARGEST_STEP + 1), st.integers(1, 14))
def test_each_word_of_the_counter_counts(who: int, community: int, step: int, purpose: int) -> None:
    """Who, where, when and what for must each change the luck, or two draws of the model would be one."""
    people = np.array([who], np.uint32)
    base = uniforms(KEY, people, community, step, purpose, 0)
    others = (
        uniforms(KEY, np.array([who ^ 1], np.uint32), community, step, purpose, 0),
        uniforms(KEY, people, community ^ 1, step, purpose, 0),
        uniforms(KEY, people, community, step ^ 1, purpose, 0),
        uniforms(KEY, people, community, step, purpose ^ 1, 0),
        uniforms(KEY, people, community, step, purpose, 1),
        uniforms(run_key(5, 8), people, community, step, purpose, 0),
        uniforms(run_key(6, 7), people, community, step, purpose, 0),
    )
    assert all(not np.array_equal(base, other) for other in others)


def test_draws_are_uniform_and_uncorrelated() -> None:
    """All rates rest on it: mean 1/2, variance 1/12, no correlation of words, people or steps (4 standard errors)."""
    here, later = uniforms(KEY, PEOPLE, 0, 10, 1, 0), uniforms(KEY, PEOPLE, 0, 11, 1, 0)
    n = len(PEOPLE)
    assert np.all(np.abs(here.mean(axis=0) - 0.5) < 4 * np.sqrt(1 / 12 / n))
    assert np.all(np.abs(here.var(axis=0) - 1 / 12) < 4 * np.sqrt(1 / 180 / n))
    columns = np.column_stack([here, later, np.roll(here[:, 0], 1)])
    correlations = np.corrcoef(columns.T)[np.triu_indices(9, 1)]
    assert np.all(np.abs(correlations) < 4 / np.sqrt(n))


def test_draws_lie_strictly_between_0_and_1() -> None:
    """The ends would make a logarithm or a normal quantile infinite."""
    assert uniform.py_func(0) == 0.5 / 2**32  # type: ignore[attr-defined]
    assert uniform.py_func(2**32 - 1) == 1.0 - 0.5 / 2**32  # type: ignore[attr-defined]


def test_keys_of_runs_differ() -> None:
    """Replicates and seeds must not share luck: a thousand keys of each, none twice, and large seeds count in full."""
    keys = {tuple(map(int, run_key(seed, replicate))) for seed in range(40) for replicate in range(50)}
    assert len(keys) == 2000
    assert run_key(1, 0) != run_key(1 + 2**32, 0)
    assert run_key(1, 1) != run_key(1, 1 + 2**32)


def test_the_table_of_draws_is_complete_and_never_renumbered() -> None:
    """A renumbered purpose would change every result in silence; the numbers of all purposes are pinned here."""
    names = [purpose.name for purpose in sorted(TABLE)]
    assert [purpose.number for purpose in TABLE] == list(range(1, 16))
    assert names == (
        [
            "week outside",
            "parting",
            "meeting",
            "helping",
            "role",
            "choice of group",
            "traits at arrival",
            "arrivals",
            "place",
            "group",
            "moving on",
            "founding",
            "start",
            "season",
            "upkeep",
        ]
    )
    filled = [word for purpose in TABLE if purpose.who in (EVERYONE, MEMBERS) for word in purpose.words]
    assert tuple(filled) == LUCK.names
    assert len(filled) == len(set(filled)) == 20

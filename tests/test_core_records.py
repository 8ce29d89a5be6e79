"""Records: rows of a block lie side by side, and a handle finds its bearer after any number of moves."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.core.blocks import (
    BLOCKS,
    append,
    free_handle,
    grown,
    make_room,
    new_handle,
    rows_needed,
    set_apart,
    take_out,
)
from mhsim.core.jit import entry
from mhsim.schema import HANDLES

ROW = np.dtype([("slot", "i4"), ("payload", "f8")])
METER = np.dtype([("free", "i8"), ("handles", "i8"), ("tail", "i8")])
BLOCK_COUNT, CAPACITY = 4, 125


@entry
def add(rows, blocks, b, payload, handles, meter):  # type: ignore[no-untyped-def]
    """Add one row to a block, setting blocks apart where it lacks room; return its handle."""
    blocks.incoming[b] = 1
    make_room(rows, blocks, len(blocks), handles, meter)
    blocks.incoming[b] = 0
    slot = new_handle(handles, meter)
    row = append(rows, blocks, b)
    rows.slot[row] = slot
    rows.payload[row] = payload
    handles.row[slot] = row
    return slot


@entry
def remove(rows, blocks, b, slot, handles, meter):  # type: ignore[no-untyped-def]
    """Take the bearer of a handle out of a block and free the handle."""
    row = handles.row[slot]
    free_handle(handles, meter, slot)
    take_out(rows, blocks, b, row, handles)


@entry
def spread(rows, blocks, handles, meter):  # type: ignore[no-untyped-def]
    """Set all blocks apart."""
    set_apart(rows, blocks, len(blocks), handles, meter)


class Store:
    """The arrays of a small store."""

    def __init__(self) -> None:
        self.rows = np.zeros(rows_needed.py_func(CAPACITY, BLOCK_COUNT), ROW)
        self.blocks = np.zeros(BLOCK_COUNT, BLOCKS)
        self.handles = np.zeros(CAPACITY, HANDLES)
        self.meter = np.zeros(1, METER)


def assert_consistent(store: Store, model: dict[int, tuple[int, float]]) -> None:
    """Assert that the store holds exactly what the dictionary handle -> (block, payload) says."""
    place = 0
    for b in np.argsort(store.blocks["start"], kind="stable"):
        block = store.blocks[b]
        if block["room"] == 0:
            assert block["count"] == 0
            continue
        assert block["start"] >= place, "blocks overlap"
        assert block["count"] <= block["room"]
        place = block["start"] + block["room"]
        rows = store.rows[block["start"] : block["start"] + block["count"]]
        held = {int(row["slot"]): (b, float(row["payload"])) for row in rows}
        assert held == {slot: value for slot, value in model.items() if value[0] == b}
    assert place <= store.meter["tail"][0] <= len(store.rows)
    for slot, (b, payload) in model.items():
        row = store.handles["row"][slot]
        assert store.blocks["start"][b] <= row < store.blocks["start"][b] + store.blocks["count"][b]
        assert store.rows["payload"][row] == payload
    assert store.meter["handles"][0] - store.meter["free"][0] == len(model)


@given(st.lists(st.tuples(st.sampled_from(["add", "add", "remove", "spread"]), st.integers(0, 10**6)), max_size=120))
def test_a_store_is_a_dictionary_whatever_happens_to_it(steps: list[tuple[str, int]]) -> None:
    """People move between groups for centuries of runs: after any sequence nobody is lost, doubled or misnamed."""
    store, model = Store(), {}
    generations: dict[int, int] = {}
    for number, (what, choice) in enumerate(steps):
        if what == "add":
            b = choice % BLOCK_COUNT
            slot = add(store.rows, store.blocks, b, float(number), store.handles, store.meter)
            assert slot not in model, "a handle was given twice"
            model[slot] = (b, float(number))
            assert store.handles["generation"][slot] == generations.get(slot, 0)
        elif what == "remove" and model:
            slot = sorted(model)[choice % len(model)]
            b, _ = model.pop(slot)
            remove(store.rows, store.blocks, b, slot, store.handles, store.meter)
            generations[slot] = generations.get(slot, 0) + 1
            assert store.handles["row"][slot] == -1
            assert store.handles["generation"][slot] == generations[slot], "a freed handle must lapse"
        else:
            spread(store.rows, store.blocks, store.handles, store.meter)
        assert_consistent(store, model)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_rows_needed_suffices(counts: list[int]) -> None:
    """Growth happens in Python before a step; if its sum were too small, blocks would overlap in compiled code."""
    room = sum(count + count // 48 + 2 if count else 0 for count in counts)
    assert rows_needed.py_func(sum(counts), len(counts)) >= room


def test_grown_keeps_what_there_is() -> None:
    """A larger table holds the old rows unchanged and empty new ones; a table large enough is not copied."""
    table = np.arange(6, dtype=float).reshape(3, 2)
    larger = grown(table, 5)
    assert larger.shape == (5, 2)
    assert np.array_equal(larger[:3], table)
    assert not larger[3:].any()
    assert grown(table, 3) is table

"""Record arrays that grow and stay grouped: the rows of one group lie side by side, in blocks of one array.

Blocks lie in the order of their numbers. A block has a start, a count of rows and room for more; a row is taken out by
putting the block's last row in its place. When a block lacks room, all blocks are set apart anew inside the same
array. Nothing may depend on the order of rows in a block. Handles are stable: ``handles.row[slot]`` says where the
bearer of a handle is now, and a freed handle counts its generation up.
"""

from __future__ import annotations

import numpy as np

from mhsim.core.jit import kernel

TILE = 64
"""Rows that are taken through a step together: they fit in the processor's nearest cache."""
BLOCKS = np.dtype([("start", "i8"), ("count", "i8"), ("room", "i8"), ("incoming", "i8"), ("order", "i8")])


@kernel
def rows_needed(rows, blocks):  # type: ignore[no-untyped-def]
    """Return how many rows suffice for so many blocks with so many rows in all, those coming in among them.

    The sum of `room_for` over the blocks is at most that, and packed blocks reach no further.
    """
    return rows + rows // 48 + 2 * blocks


@kernel
def room_for(count):  # type: ignore[no-untyped-def]
    """Return the room a block of so many rows is given."""
    return count + count // 48 + 2 if count > 0 else 0


@kernel
def make_room(rows, blocks, number, handles, meter):  # type: ignore[no-untyped-def]
    """Give every block room for the rows coming in: a new place behind all others, or all set apart anew.

    There must be `rows_needed` rows for all in the blocks and all coming in: a row that moves from one block to another
    counts twice, since it is taken out of the old one only after it stands in the new. `meter.tail[0]` is the first
    row behind all blocks. A block that lacks room moves there, or grows where it stands
    is the last; only when that would take more than a little beyond what the rows need are all blocks packed, which
    costs a pass over every row.
    """
    total = 0
    for b in range(number):
        total += blocks.count[b] + blocks.incoming[b]
    limit = min(len(rows), total + total // 24 + 4 * number + 16)
    for b in range(number):
        wanted = blocks.count[b] + blocks.incoming[b]
        if wanted > blocks.room[b]:
            room = room_for(wanted)
            start = meter.tail[0]
            if blocks.start[b] + blocks.room[b] == start:
                start = blocks.start[b]
            if start + room > limit:
                set_apart(rows, blocks, number, handles, meter)
                return
            if start != blocks.start[b]:
                for k in range(blocks.count[b]):
                    rows[start + k] = rows[blocks.start[b] + k]
                    handles.row[rows.slot[start + k]] = start + k
            blocks.start[b] = start
            blocks.room[b] = room
            meter.tail[0] = start + room


@kernel
def set_apart(rows, blocks, number, handles, meter):  # type: ignore[no-untyped-def]
    """Pack all blocks, in the order in which they stand, each with room for its rows and those coming in."""
    _in_order_of_place(blocks, number)
    place = 0
    for n in range(number):
        b = blocks.order[n]
        start = blocks.start[b]
        if start != place:
            for k in range(blocks.count[b]):
                rows[place + k] = rows[start + k]
        blocks.start[b] = place
        place += blocks.count[b]
    end = 0
    for b in range(number):
        blocks.room[b] = room_for(blocks.count[b] + blocks.incoming[b])
        end += blocks.room[b]
    meter.tail[0] = end
    for n in range(number - 1, -1, -1):
        b = blocks.order[n]
        end -= blocks.room[b]
        start = blocks.start[b]
        for k in range(blocks.count[b] - 1, -1, -1):
            if end != start:
                rows[end + k] = rows[start + k]
            handles.row[rows.slot[end + k]] = end + k
        blocks.start[b] = end


@kernel
def _in_order_of_place(blocks, number):  # type: ignore[no-untyped-def]
    """Write into `blocks.order` the numbers of the blocks by where they start; empty ones anywhere."""
    for b in range(number):
        blocks.order[b] = b
    gap = number // 2
    while gap > 0:
        for n in range(gap, number):
            b = blocks.order[n]
            place = n
            while place >= gap and blocks.start[blocks.order[place - gap]] > blocks.start[b]:
                blocks.order[place] = blocks.order[place - gap]
                place -= gap
            blocks.order[place] = b
        gap //= 2


@kernel
def append(rows, blocks, b):  # type: ignore[no-untyped-def]
    """Take one more row at the end of a block that has room; return its place in the array."""
    row = blocks.start[b] + blocks.count[b]
    blocks.count[b] += 1
    return row


@kernel
def take_out(rows, blocks, b, row, handles):  # type: ignore[no-untyped-def]
    """Take a row out of its block; the block's last row moves into its place."""
    last = blocks.start[b] + blocks.count[b] - 1
    if row != last:
        rows[row] = rows[last]
        handles.row[rows.slot[row]] = row
    blocks.count[b] -= 1


@kernel
def new_handle(handles, meter):  # type: ignore[no-untyped-def]
    """Return a free handle; there must be one."""
    if meter.free[0] > 0:
        meter.free[0] -= 1
        return handles.free[meter.free[0]]
    slot = meter.handles[0]
    meter.handles[0] += 1
    return slot


@kernel
def free_handle(handles, meter, slot):  # type: ignore[no-untyped-def]
    """Free a handle: whoever still names it will find another generation."""
    handles.generation[slot] += 1
    handles.row[slot] = -1
    handles.free[meter.free[0]] = slot
    meter.free[0] += 1


def grown(array: np.ndarray, rows: int) -> np.ndarray:
    """Return a copy of an array with at least so many rows, the new ones empty; the array itself if it has them."""
    if array.shape[0] >= rows:
        return array
    larger = np.zeros((rows, *array.shape[1:]), array.dtype)
    larger[: array.shape[0]] = array
    return larger

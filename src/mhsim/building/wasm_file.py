"""From an object of WebAssembly to a file that a page can run, without a linker.

An object made of one module that imports no function has its indices final and its data from address 0 on, so nothing
in it has to be moved. What is done here: what only a linker reads goes; the memory, the table of functions and the
pointer to the stack, which an object imports, are made, as large as it needs; functions are exported by name. In memory
lie the data, then the stack, which grows down to them, then, from ``__heap_base`` on, what the host keeps there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

MAGIC = b"\0asm\1\0\0\0"
CUSTOM, TYPES, IMPORTS, FUNCTIONS, TABLES, MEMORIES, GLOBALS, EXPORTS, START, ELEMENTS, CODE, DATA, COUNT = range(13)
ORDER = (TYPES, FUNCTIONS, TABLES, MEMORIES, GLOBALS, EXPORTS, START, ELEMENTS, COUNT, CODE, DATA)
"""Kinds of sections, and the order in which those that are kept must stand."""
A_FUNCTION, A_TABLE, A_MEMORY, A_GLOBAL = range(4)
I32, FUNCREF, MUTABLE, FIXED, CONSTANT_I32, END = 0x7F, 0x70, 1, 0, 0x41, 0x0B
PAGE, ALIGNED = 65536, 16
STACK = 1 << 20
"""Bytes for the stack: tables of a world lie behind it, and nothing in the engine calls itself."""
SYMBOLS, UNDEFINED, NAMED = 8, 0x10, 0x40
OF_DATA, OF_SECTION = 1, 3
"""Of the section that tells a linker what is what: where its symbols stand, what is said of them, and their kinds."""


def runnable(made: bytes, exported: Sequence[str]) -> bytes:
    """Return a file that can be run, of an object that LLVM made.

    Parameters
    ----------
    made : bytes
        The object.
    exported : sequence of str
        The functions to export, by name.

    Raises
    ------
    ValueError
        If it is no such object, imports a function, or lacks a function to export.
    """
    if not made.startswith(MAGIC):
        raise ValueError("this is no object of WebAssembly")
    sections, names = {}, dict[str, int]()
    for kind, body in _sections(made):
        if kind != CUSTOM:
            sections[kind] = body
        elif _text(body, 0)[0] == "linking":
            names = _functions(body, _text(body, 0)[1])
    missing = [name for name in exported if name not in names]
    if missing:
        raise ValueError(f"the object has no function {missing[0]}")
    rows = 1 + _places_in_table(sections)
    heap = -(-_data_end(sections.get(DATA, _number(0))) // ALIGNED) * ALIGNED + STACK
    for kind, name in _imports(sections.get(IMPORTS, _number(0))):
        if (kind, name) not in KNOWN:
            raise ValueError(f"the object would import {name}, which nobody gives")
    sections[TABLES] = bytes([1, FUNCREF, 1]) + 2 * _number(rows)
    sections[MEMORIES] = bytes([1, 0]) + _number(-(-heap // PAGE))
    sections[GLOBALS] = b"\2" + _global(heap, MUTABLE) + _global(heap, FIXED)
    given = [("memory", A_MEMORY, 0), ("__heap_base", A_GLOBAL, 1)]
    given += [(name, A_FUNCTION, names[name]) for name in exported]
    sections[EXPORTS] = _number(len(given)) + b"".join(
        _named(name) + bytes([kind]) + _number(index) for name, kind, index in given
    )
    return MAGIC + b"".join(
        bytes([kind]) + _number(len(sections[kind])) + sections[kind] for kind in ORDER if kind in sections
    )


KNOWN = ((A_MEMORY, "__linear_memory"), (A_TABLE, "__indirect_function_table"), (A_GLOBAL, "__stack_pointer"))
"""What an object imports that is made here. There is one of each, so that their indices stay as they are."""


def _sections(made: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(MAGIC)
    while at < len(made):
        size, begin = _read(made, at + 1)
        yield made[at], made[begin : begin + size]
        at = begin + size


def _functions(linking: bytes, at: int) -> dict[str, int]:
    """Return the functions that the object defines, by name, from what it tells a linker."""
    found: dict[str, int] = {}
    _, at = _read(linking, at)
    while at < len(linking):
        kind = linking[at]
        size, begin = _read(linking, at + 1)
        at = begin + size
        if kind == SYMBOLS:
            found |= _named_functions(linking, begin)
    return found


def _named_functions(linking: bytes, at: int) -> dict[str, int]:
    found: dict[str, int] = {}
    count, at = _read(linking, at)
    for _ in range(count):
        kind = linking[at]
        flags, at = _read(linking, at + 1)
        if kind == OF_DATA:
            _, at = _text(linking, at)
            for _ in range(0 if flags & UNDEFINED else 3):
                _, at = _read(linking, at)
        elif kind == OF_SECTION:
            _, at = _read(linking, at)
        else:
            index, at = _read(linking, at)
            if not flags & UNDEFINED or flags & NAMED:
                name, at = _text(linking, at)
                if kind == A_FUNCTION and not flags & UNDEFINED:
                    found[name] = index
    return found


def _imports(body: bytes) -> Iterator[tuple[int, str]]:
    """Yield the kind and name of everything imported."""
    count, at = _read(body, 0)
    for _ in range(count):
        _, at = _text(body, at)
        name, at = _text(body, at)
        kind = body[at]
        at += 1
        if kind in (A_TABLE, A_MEMORY):
            limited, at = _read(body, at + 1 if kind == A_TABLE else at)
            for _ in range(1 + (limited & 1)):
                _, at = _read(body, at)
        elif kind == A_GLOBAL:
            at += 2
        else:
            _, at = _read(body, at)
        yield kind, name


def _places_in_table(sections: dict[int, bytes]) -> int:
    """Return how many functions are called by their place in the table; the first place stays empty."""
    body = sections.get(ELEMENTS, _number(0))
    count, at = _read(body, 0)
    if count == 0:
        return 0
    kind, at = _read(body, at)
    begin, at = _constant(body, at)
    if count != 1 or kind != 0 or begin != 1:
        raise ValueError("the object's table of functions is not one row from place 1 on")
    return _read(body, at)[0]


def _data_end(body: bytes) -> int:
    """Return the address behind all data."""
    end = 0
    count, at = _read(body, 0)
    for _ in range(count):
        kind, at = _read(body, at)
        if kind != 0:
            raise ValueError("the object's data have no place of their own")
        place, at = _constant(body, at)
        size, at = _read(body, at)
        at += size
        end = max(end, place + size)
    return end


def _constant(body: bytes, at: int) -> tuple[int, int]:
    """Return the number that a constant expression gives, and where it ends."""
    value, behind = _read(body, at + 1)
    if body[at] != CONSTANT_I32 or body[behind] != END:
        raise ValueError("the object's places are not constant")
    return value, behind + 1


def _global(value: int, mutable: int) -> bytes:
    return bytes([I32, mutable, CONSTANT_I32]) + _signed(value) + bytes([END])


def _read(body: bytes, at: int) -> tuple[int, int]:
    """Return a number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        value |= (body[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if body[at - 1] < 0x80:
            return value, at


def _text(body: bytes, at: int) -> tuple[str, int]:
    size, at = _read(body, at)
    return body[at : at + size].decode(), at + size


def _number(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def _signed(value: int) -> bytes:
    """Return a whole number from 0 on as one with a sign: its highest bit must not look like one."""
    found = b""
    while value > 0x3F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def _named(name: str) -> bytes:
    return _number(len(name.encode())) + name.encode()

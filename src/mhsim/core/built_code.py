"""Code built beforehand: found by the digest of its sources, loaded in milliseconds without Numba, called by address.

A wheel carries it in a folder of the package, `mhsim build` puts it into the folder of compiled code. Either holds an
object for each kind of machine and `built.json`, which says what the objects were made of and how they are called. An
object is taken only if the sources of the engine and of what builds it have the very digests that are written there: an
edit never runs old code.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import platform
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from mhsim.core.kept_code import PACKAGE, builder_digest, cache_folder, engine_digest, numba_version

IN_PACKAGE = PACKAGE / "built"
"""Where a wheel carries what was built."""
MANIFEST = "built.json"
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
SYSTEMS = {"darwin": "macos", "win32": "windows"}


class Built(NamedTuple):
    """What was built beforehand for this machine: its folder, what stands in `built.json`, and the object's file."""

    folder: Path
    about: dict[str, Any]
    object: Path


def this_machine() -> str:
    """Return the kind of machine this is, as objects are named by: such as x86_64-linux."""
    machine = platform.machine().lower()
    return f"{MACHINES.get(machine, machine)}-{SYSTEMS.get(sys.platform, sys.platform)}"


@cache
def built_code() -> Built | None:
    """Return what was built of these very sources for this machine, in the package or else in the cache; or None."""
    return _built_in(IN_PACKAGE) or _built_in(cache_folder())


def engine_in_use() -> str:
    """Return which engine this process uses, in words for people: built beforehand, or compiled by Numba."""
    built, engine = built_code(), f"engine {engine_digest()}"
    if built is not None:
        return f"{engine}, built beforehand for {this_machine()} ({built.folder})"
    folder = cache_folder()
    kept = f"loop.run-*.py{sys.version_info.major}{sys.version_info.minor}*.nbi"
    if folder is not None and any(folder.rglob(kept)):
        return f"{engine}, compiled by Numba {numba_version()} ({folder})"
    return f"{engine}, to be compiled by Numba {numba_version()} at its first use"


def _built_in(folder: Path | None) -> Built | None:
    try:
        about = json.loads(((folder or PACKAGE) / MANIFEST).read_text(encoding="utf-8"))
        fits = about["engine"] == engine_digest() and about["builder"] == builder_digest()
        made = about["files"][f"{this_machine()}.o"] if fits else ""
        file = (folder or PACKAGE) / f"{this_machine()}.o"
        return Built(file.parent, about, file) if hashlib.sha256(file.read_bytes()).hexdigest() == made else None
    except (OSError, ValueError, KeyError):
        return None


def built_function(symbol: str) -> Callable[..., Any] | None:
    """Return a function that Python calls, by its name in what was built; None if there is none."""
    built = built_code()
    if built is None or symbol not in built.about["entries"]:
        return None
    return BuiltFunction(symbol, built.about["entries"][symbol], _address_of(built.object, symbol))


def built_rule(name: str) -> int | None:
    """Return the address of a rule, by the name that says what it was made of; None if it was not built."""
    built = built_code()
    if built is None or name not in built.about["rules"]:
        return None
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(_address_of(built.object, name))())


class BuiltFunction:
    """A built function, called with one row of 64-bit slots: the first is for what it returns.

    Then, for each argument, those in tuples one by one: a number as it is; of an array where its rows are, and its
    shape.

    Parameters
    ----------
    name : str
        Its name.
    kinds : sequence of str
        What each argument must be: "int", "float", or an array such as "array 2 4", of 2 dimensions and 4 bytes each.
    address : int
        Where it is.
    """

    def __init__(self, name: str, kinds: Sequence[str], address: int) -> None:
        self.name, self.kinds = name, tuple(kinds)
        self._call = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p)(address)

    def __call__(self, *arguments: Any) -> int:
        """Call it, free of the interpreter's lock, and return its whole number.

        Raises
        ------
        TypeError
            If an argument is not of the kind it was built for.
        """
        flat, slots = tuple(_flat(arguments)), [0]
        if len(flat) != len(self.kinds):
            raise TypeError(f"{self.name}: {len(flat)} arguments; it was built for {len(self.kinds)}")
        for value, kind in zip(flat, self.kinds, strict=True):
            if kind == "float":
                slots.append(_BITS.unpack(_FLOAT.pack(value))[0])
            elif kind == "int":
                slots.append(int(value))
            else:
                if kind != f"array {value.ndim} {value.itemsize}" or not value.flags.c_contiguous:
                    raise TypeError(f"{self.name}: an array of {value.dtype}, shape {value.shape}; built for {kind}")
                slots += (value.ctypes.data, *value.shape)  # its array interface would describe every field each time
        row = (ctypes.c_int64 * len(slots))(*slots)
        status = self._call(ctypes.addressof(row))
        if status:
            raise RuntimeError(f"{self.name}: the compiled code stopped with status {status}")
        return row[0]


_LOADING = Lock()
_BITS, _FLOAT = struct.Struct("<q"), struct.Struct("<d")


def _flat(arguments: Sequence[Any]) -> Iterator[Any]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from _flat(argument)
        else:
            yield argument


def _address_of(file: Path, symbol: str) -> int:
    with _LOADING:
        address = int(_loaded(file).get_function_address(symbol))
    if not address:
        raise RuntimeError(f"{file} holds no {symbol}, which its {MANIFEST} names")
    return address


@cache
def _loaded(file: Path) -> Any:
    """Return LLVM's engine with the object in it; it stays for as long as the process."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple = llvm.get_process_triple() + ("-elf" if sys.platform == "win32" else "")
    machine = llvm.Target.from_triple(triple).create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(f'target triple = "{triple}"'), machine)
    engine.add_object_file(str(file))
    engine.finalize_object()
    return engine

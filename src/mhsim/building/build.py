"""Building: one module of LLVM, an object of it for each kind of machine, and `built.json`, which says what they are.

Nothing built is kept with the sources. It lies in the folder of compiled code, under the digest of all it is made of,
or in a wheel. Two builds of the same sources by the same Python, Numba and LLVM are the same, byte for byte, if each
begins in a process of its own; one that goes on from what was compiled has its parts in another order. Any Python runs
what another has built.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mhsim.building.from_numba import NONE, EngineCode, engine_code
from mhsim.building.offsets import layout_of
from mhsim.building.targets import TARGETS, WASM, emitted
from mhsim.building.wasm_file import runnable
from mhsim.core.built_code import MANIFEST, built_code, this_machine
from mhsim.core.kept_code import PACKAGE, builder_digest, cache_folder, engine_digest, sources_digest
from mhsim.errors import InputError
from mhsim.plugins import Rule
from mhsim.safe_files import whole_file

HERE = "here"
"""What stands for the kind of machine that builds."""


def build_engine(
    targets: Sequence[str],
    folder: Path,
    say: Callable[[str], None] = lambda _: None,
    *,
    fresh: bool = True,
    only: Collection[str] = (),
) -> None:
    """Build objects for some kinds of machines into a folder.

    What stands there or in the folder of compiled code already, of the same sources by the same means, is taken as it
    is.

    Parameters
    ----------
    targets : sequence of str
        Keys of `TARGETS`, or "here" for this machine.
    folder : Path
        Where they go; made if need be.
    say : callable
        Is told of each file.
    fresh : bool
        Whether nothing was compiled in this process before, so that it will be what every such build gives.
    only : collection of str
        Names of functions and of optional mechanisms, to build no others, and to take nothing that is there.

    Raises
    ------
    InputError
        If there is no such target.
    """
    names = list(dict.fromkeys(this_machine() if name == HERE else name for name in targets))
    for name in names:
        if name not in TARGETS:
            raise InputError(f"--target: given {name!r}; allowed: {HERE}, all, {', '.join(TARGETS)}")
    means: dict[str, Any] = {"engine": engine_digest(), "builder": builder_digest(), "only": sorted(only)}
    means["fresh"] = fresh
    means["modules"] = sources_digest(PACKAGE, ["modules"])
    means |= {name: version(name) for name in ("numba", "llvmlite")}
    means["python"] = f"{sys.version_info.major}.{sys.version_info.minor}"
    made, code = _Made(means), None
    for place in (folder, cache_folder()):
        made.take(place)
    for name in names:
        if not set(_files_of(name)) <= set(made.files):
            code = code or engine_code(only)
            made.entries, made.rules = code.entries, code.rules
            made.files |= _emitted(code, name)
            say(f"{name}: {', '.join(f'{file} {len(made.files[file]):,} bytes' for file in _files_of(name))}")
            made.put(folder)
    made.put(folder)
    built_code.cache_clear()


def engine_with(own: Mapping[str, type[Rule]], only: Collection[str] = ()) -> dict[str, bytes]:
    """Return the engine for pages with rules of one's own compiled into it: `engine.wasm` and `engine.json`.

    It is not kept, since what a rule imports may change without a trace; it takes about a minute.

    Parameters
    ----------
    own : mapping of str to Rule
        The rules by name, as in ``rules.NAME``.
    only : collection of str
        Names of functions and of optional mechanisms, to build no others.

    Raises
    ------
    InputError
        If a rule cannot be compiled, or calls what is not the same on every machine.
    """
    code = engine_code(only, own)
    try:
        return _emitted(code, WASM, own)
    except ValueError as error:
        raise InputError(
            f"{', '.join(own)}: this calls what is not the same on every machine ({error}); "
            "take exp, log and the like from mhsim.plugins"
        ) from error


class _Made:
    """What has been built by the same means so far: files by name, and how the code in them is called."""

    def __init__(self, means: dict[str, Any]) -> None:
        self.means = means
        self.files: dict[str, bytes] = {}
        self.entries: dict[str, list[str]] = {}
        self.rules: list[str] = []

    def take(self, folder: Path | None) -> None:
        """Take what stands in a folder, file by file, if it is what was put there."""
        try:
            about = json.loads(((folder or Path()) / MANIFEST).read_text(encoding="utf-8"))
            if {name: about.get(name) for name in self.means} != self.means:
                return
            self.entries, self.rules = about["entries"], about["rules"]
            for file, digest in about["files"].items():
                found = ((folder or Path()) / file).read_bytes()
                if hashlib.sha256(found).hexdigest() == digest:
                    self.files.setdefault(file, found)
        except (OSError, ValueError, KeyError):
            return

    def put(self, folder: Path) -> None:
        """Write everything into a folder, last of all what says what it is."""
        folder.mkdir(parents=True, exist_ok=True)
        for file, found in self.files.items():
            if not (folder / file).is_file() or (folder / file).read_bytes() != found:
                with whole_file(folder / file, checksum=False) as target:
                    target.write(found)
        about = self.means | {
            **{"entries": self.entries, "rules": self.rules},
            "files": {file: hashlib.sha256(found).hexdigest() for file, found in self.files.items()},
        }
        with whole_file(folder / MANIFEST, checksum=False) as target:
            target.write(_lines(about))


def _files_of(name: str) -> tuple[str, ...]:
    return ("engine.wasm", "engine.json") if name == WASM else (f"{name}.o",)


def _emitted(code: EngineCode, name: str, own: Mapping[str, type[Rule]] = NONE) -> dict[str, bytes]:
    made = emitted(code.text, name)
    if name != WASM:
        return {f"{name}.o": made}
    return {
        "engine.wasm": runnable(made, [*code.entries, *code.rules]),
        "engine.json": _lines(layout_of(code, own)),
    }


def _lines(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, sort_keys=True) + "\n").encode()

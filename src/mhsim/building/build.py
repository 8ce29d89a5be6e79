"""Building: one module of LLVM, an object of it for each kind of machine, and `built.json`, which says what they are.

Nothing built is kept with the sources. It lies in the folder of compiled code, under the digest of all it is made of,
or in a wheel; two builds of the same sources by the same Numba and LLVM are the same, byte for byte.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mhsim.building.from_numba import EngineCode, engine_code
from mhsim.building.targets import TARGETS, WASM, emitted
from mhsim.building.wasm_file import runnable
from mhsim.core.built_code import MANIFEST, this_machine
from mhsim.core.kept_code import builder_digest, engine_digest
from mhsim.errors import InputError
from mhsim.safe_files import whole_file

HERE = "here"
"""What stands for the kind of machine that builds."""


def build_engine(
    targets: Sequence[str], folder: Path, say: Callable[[str], None] = lambda _: None, *, only: Collection[str] = ()
) -> dict[str, Any]:
    """Build objects for some kinds of machines into a folder; return what `built.json` says of them.

    Parameters
    ----------
    targets : sequence of str
        Keys of `TARGETS`, or "here" for this machine.
    folder : Path
        Where they go; made if need be. What was built there before counts on if its sources were the same.
    say : callable
        Is told of each file.
    only : collection of str
        Names of functions and of optional mechanisms, to build no others.

    Raises
    ------
    InputError
        If there is no such target.
    """
    names = list(dict.fromkeys(this_machine() if name == HERE else name for name in targets))
    for name in names:
        if name not in TARGETS:
            raise InputError(f"--target: given {name!r}; allowed: {HERE}, {', '.join(TARGETS)}")
    code = engine_code(only)
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name in names:
        file, made = _made(code, name)
        with whole_file(folder / file, checksum=False) as target:
            target.write(made)
        files[file] = hashlib.sha256(made).hexdigest()
        say(f"{file}: {len(made):,} bytes, sha256 {files[file][:16]}")
    about: dict[str, Any] = {
        **{"engine": engine_digest(), "builder": builder_digest(), "numba": version("numba")},
        **{"llvmlite": version("llvmlite"), "entries": code.entries, "rules": code.rules},
    }
    about["files"] = _made_before(folder, about) | files
    with whole_file(folder / MANIFEST, checksum=False) as target:
        target.write((json.dumps(about, indent=1, sort_keys=True) + "\n").encode())
    return about


def _made_before(folder: Path, about: dict[str, Any]) -> dict[str, str]:
    """Return the files, and their digests, that were built into the folder of the same sources by the same means."""
    try:
        before = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files: dict[str, str] = before.pop("files")
    except (OSError, ValueError, KeyError):
        return {}
    return files if before == about else {}


def _made(code: EngineCode, name: str) -> tuple[str, bytes]:
    made = emitted(code.text, name)
    if name == WASM:
        return "engine.wasm", runnable(made, [*code.entries, *code.rules])
    return f"{name}.o", made

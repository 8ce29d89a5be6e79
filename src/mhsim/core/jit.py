"""How functions are compiled, and where what was compiled is kept.

Numba's cache does not notice an edit in a function that lives in another file. So the cache lies in a folder named
by the digest of all sources that compiled code is made of: a changed one means a new folder, an unchanged one a warm
start.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import numba
from numba import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

from mhsim.core.numba_patches import take_shortcuts

Function = TypeVar("Function", bound=Callable[..., Any])
PACKAGE = Path(__file__).resolve().parents[1]
NO_PART_IN_RESULTS = (
    *("__main__.py", "cli.py", "commands", "report", "studies", "stories", "model", "dashboard", "stats"),
    *("errors.py", "safe_files.py", "user_paths.py"),
)
"""Rooms that no result of a history depends on."""
NEVER_COMPILED = (*NO_PART_IN_RESULTS, "outcomes", "scenario_io", "evidence", "modules")
"""Rooms that the compiled engine takes nothing from, neither a function nor a number; modules are compiled alone."""

NO_CACHE_SAID = "MHSIM_NO_CACHE_SAID"
"""Set in the environment once it has been said that compiled code is not kept."""


def sources_digest(package: Path = PACKAGE, without: Sequence[str] = NO_PART_IN_RESULTS) -> str:
    """Return a digest of every source that results depend on; it changes with any edit to one of them.

    It is the same on every platform, whatever its line ends and the sign between the parts of its paths.
    """
    digest = hashlib.sha256()
    paths = (*package.rglob("*.py"), *package.rglob("*.csv"))
    for name, path in sorted((path.relative_to(package).as_posix(), path) for path in paths):
        if name.split("/")[0] not in without:
            digest.update(name.encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Return a folder for compiled code that can be written to, made if need be; None if there is none to trust.

    The last resort is a folder of the user's own among temporary files. What lies in it is code that will be run, so
    it is taken only if nobody else can have written to it.
    """
    version = f"mhsim-{sources_digest(PACKAGE, NEVER_COMPILED)}-numba-{numba.__version__}"
    for parent in (*_caches_of_user(), _private_folder()):
        if parent is None:
            continue
        folder = parent / "mhsim" / version
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


def _caches_of_user() -> list[Path]:
    """Return the folders that a user keeps caches in, the first choice first."""
    named = [Path(os.environ[name]) for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME") if os.environ.get(name)]
    try:
        return [*named, Path.home() / ".cache"]
    except RuntimeError:  # neither HOME nor an entry in the list of users
        return named


def _private_folder() -> Path | None:
    """Return a folder among temporary files that is this user's alone, made if need be; None if there is none."""
    try:
        shared = Path(tempfile.gettempdir())
        if not hasattr(os, "getuid"):
            return shared  # temporary files are each user's own there
        folder = shared / f"mhsim-{os.getuid()}"
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        facts = folder.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and not facts.st_mode & 0o077
    return folder if private else None


@cache
def use_cache() -> bool:
    """Point Numba at the folder of this very source, once; return whether there is one.

    Without one everything is compiled again in each process, which is said once.
    """
    folder = cache_folder()
    if folder is not None:
        numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    elif not os.environ.get(NO_CACHE_SAID):
        os.environ[NO_CACHE_SAID] = "1"  # processes that this one starts need not say it again
        sys.stderr.write("mhsim: no folder for compiled code can be written to; set NUMBA_CACHE_DIR to save a minute\n")
    return folder is not None


def kept_source(name: str, text: str) -> Path | None:
    """Return a file of the cache folder with this source, by which Numba keeps what is compiled of it.

    None if nothing can be kept. A file that is there is left as it is, since Numba goes by when it was written.
    """
    folder = cache_folder() if use_cache() else None
    if folder is None:
        return None
    file = folder / f"{name}.py"
    if not file.exists():
        unfinished = folder / f".{name}.{os.getpid()}"
        try:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(file)
        except OSError:
            return None
    return file


class InnerLibrary(JITCodeLibrary):
    """Code of an inner function: linked into the entry that calls it, and optimised and emitted only there.

    Numba would otherwise optimise each function anew at every level of calls and emit machine code that nobody
    calls; without that, compiling takes a third of the time.
    """

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return the null address: nothing but compiled code calls an inner function."""
        self._ensure_finalized()
        return 0

    @property
    def codegen(self) -> Any:
        """What Numba asks to set the environment of a function that Python calls: here nothing is set."""
        return SimpleNamespace(set_env=lambda name, environment: None)


class InnerCompiler(Compiler):
    """Numba's own pipeline, with an `InnerLibrary` to put the code in."""

    def __init__(self, typingctx: Any, targetctx: Any, library: Any, *others: Any) -> None:
        super().__init__(typingctx, targetctx, library or InnerLibrary(targetctx.codegen(), "inner"), *others)


INNER: Any = {
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "error_model": "numpy",
    "nogil": True,
    "_nrt": False,  # inner functions borrow arrays and make none: no counting of references
    "no_rewrites": True,  # of array expressions, of which there are none
    "pipeline_class": InnerCompiler,
}


def kernel(function: Function) -> Function:
    """Compile an inner function: called from compiled code only, so it needs no Python wrapper.

    Whole numbers are passed as int64, whatever their width and whether or not they are constants, so that a function
    called from many places is compiled once.
    """
    compiled = numba.njit(**INNER)(function)
    template_for = compiled.get_call_template
    compiled.get_call_template = lambda args, kws: template_for(tuple(_plain(kind) for kind in args), kws)
    return cast(Function, compiled)


def kernel_of(
    name: str, arguments: str, lines: Sequence[str], scope: dict[str, Any], *, as_written: bool = False
) -> Any:
    """Compile an inner function from its lines, which a table of columns or of draws gives.

    Parameters
    ----------
    name, arguments : str
        What stands in its ``def``.
    lines : sequence of str
        Its body.
    scope : dict
        The ``globals()`` of the module, where the lines find what else they name.
    as_written : bool
        Whether the lines stand in for each call before it is compiled: what is returned may then be records.
    """
    made: dict[str, Any] = {}
    exec("\n    ".join([f"def {name}({arguments}):", *(lines or ["pass"])]), scope, made)
    return numba.njit(inline="always", **INNER)(made[name]) if as_written else kernel(made[name])


def _plain(kind: Any) -> Any:
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) else kind


def raw_kernel(function: Function) -> Function:
    """Compile an inner function whose whole numbers keep their width, always in line so that loops run in lanes."""
    return cast(Function, numba.njit(forceinline=True, **INNER)(function))


def entry(function: Function) -> Function:
    """Compile a function that Python calls: cached on disk, free of the interpreter's lock while it runs."""
    take_shortcuts()
    return cast(Function, numba.njit(cache=use_cache(), error_model="numpy", nogil=True)(function))

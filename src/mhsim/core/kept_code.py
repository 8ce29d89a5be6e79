"""Where compiled code is kept, under the digest of all that it is made of.

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
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
OF_THE_ENGINE = (
    *("core", "engine", "mechanisms", "event_log.py", "forms.py", "kernel_helpers.py", "plugins.py", "population.py"),
    *("ports.py", "random_streams.py", "roles.py", "scenario.py", "schema.py", "ties.py"),
)
"""Rooms that the compiled engine takes functions or numbers from; modules are compiled alone."""
OF_RESULTS = (*OF_THE_ENGINE, "modules", "outcomes", "scenario_io")
"""Rooms that results of a history depend on."""

NO_CACHE_SAID = "MHSIM_NO_CACHE_SAID"
"""Set in the environment once it has been said that compiled code is not kept."""


def sources_digest(package: Path = PACKAGE, rooms: Sequence[str] = OF_RESULTS) -> str:
    """Return a digest of every source in some rooms, those that results depend on; it changes with any edit to one.

    It is the same on every platform, whatever its line ends and the sign between the parts of its paths.
    """
    digest = hashlib.sha256()
    paths = (path for room in map(package.joinpath, rooms) for path in (room.rglob("*") if room.is_dir() else [room]))
    for name, path in sorted((path.relative_to(package).as_posix(), path) for path in paths):
        if path.suffix in (".py", ".csv") and path.is_file():
            digest.update(name.encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


@cache
def engine_digest() -> str:
    """Return the digest of what the compiled engine is made of, as it stood when this process first asked."""
    return sources_digest(PACKAGE, OF_THE_ENGINE)


@cache
def builder_digest() -> str:
    """Return the digest of what builds objects of it."""
    return sources_digest(PACKAGE, ["building"])


def numba_version() -> str:
    """Return the version of Numba that is installed, without importing it; "none" if there is none."""
    try:
        return version("numba")
    except PackageNotFoundError:
        return "none"


def cache_folder() -> Path | None:
    """Return a folder for compiled code that can be written to, made if need be; None if there is none to trust.

    The last resort is a folder of the user's own among temporary files. What lies in it is code that will be run, so
    it is taken only if nobody else can have written to it.
    """
    name = f"mhsim-{engine_digest()}-{builder_digest()[:8]}-numba-{numba_version()}"
    for parent in (*_caches_of_user(), _private_folder()):
        if parent is None:
            continue
        folder = parent / "mhsim" / name
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
        import numba

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

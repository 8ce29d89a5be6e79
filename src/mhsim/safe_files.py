"""Files of results: there whole or not at all, with a checksum beside them, and read only if it still fits.

Every file that a run or a study leaves behind is written and read here. The SHA-256 of each is kept in
`checksums.sha256` in the folder of the run or study, in the format of ``sha256sum -c``. Parquet files are handed to
pyarrow open, never by name, since it reads names by rules of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from mhsim.errors import InputError, one_line

if TYPE_CHECKING:
    import pyarrow as pa

UNREADABLE = (OSError, ValueError, LookupError, TypeError, MemoryError, RecursionError)
"""What the libraries raise on a damaged file, besides errors of their own."""
DEEPEST = 50
"""How deep brackets may be nested in a YAML file of results; those that are written have a few."""
LEFTOVER = ".part"
"""How the name of a file ends that is still being written; it begins with a dot."""
HARMLESS = {".DS_Store", ".directory", ".gitignore", ".gitkeep", ".localized", "Thumbs.db", "desktop.ini"}
"""Files that may be in a new folder for results: systems put them there, and users may not even see them."""
PARQUET: dict[str, Any] = {"compression": "zstd", "version": "2.6", "use_dictionary": True, "write_statistics": True}
"""How every Parquet file is written unless it says otherwise; fixed, so that equal tables are equal files."""
CHECKSUMS = "checksums.sha256"
"""The file of checksums in a folder of results; it holds those of the files in folders right below as well."""


class StoreError(RuntimeError):
    """The disk refused; what was stored before is good. The message is one line."""


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the system refuses at a path into a StoreError of one line."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or " ".join(str(problem).split())
        raise StoreError(one_line(f"cannot write {path}: {reason}; what is stored so far is good")) from problem


@contextmanager
def whole_file(path: Path, *, checksum: bool = True) -> Iterator[BinaryIO]:
    """Open a file that appears at `path` only when the block ends well: written, flushed to disk, renamed.

    Its checksum is kept before it appears; so a kill at any moment leaves no file that does not fit. Files that users
    go on to edit need none.

    Raises
    ------
    StoreError
        If the disk is full, the folder read-only, or the like; nothing is left at or beside `path`.
    """
    unfinished = path.with_name(f".{path.name}{LEFTOVER}")
    with refusals(path):
        try:
            with unfinished.open("w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
                if checksum:
                    file.seek(0)
                    _keep_checksum(path, hashlib.file_digest(file, "sha256").hexdigest())
            unfinished.replace(path)
            flush_folder(path.parent)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise


def _keep_checksum(path: Path, checksum: str) -> None:
    """Add the checksum of a file to those of its folder, or of the folder of results right above."""
    above = path.parent.parent
    folder = above if path.parent.name and (above / CHECKSUMS).is_file() else path.parent
    with (folder / CHECKSUMS).open("ab") as checksums:
        checksums.write(_line(checksum, path.relative_to(folder).as_posix()))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; see `whole_file`."""
    with whole_file(path) as file:
        file.write(content)


def write_table(path: Path, table: pa.Table, **options: Any) -> None:
    """Write a table as a Parquet file, whole or not at all; `options` of pyarrow go before those of `PARQUET`."""
    import pyarrow.parquet as pq

    with whole_file(path) as file:
        pq.write_table(table, file, **{**PARQUET, **options})


def flush_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on disk; some systems do so by themselves and cannot be asked."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def leftovers(folder: Path) -> list[Path]:
    """Return the files in a folder and below it that a killed process did not finish."""
    return sorted(folder.rglob(f".*{LEFTOVER}"))


def contents_of(folder: Path) -> list[Path]:
    """Return what is in a folder, but files that systems and editors put there by themselves, and unfinished ones."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name not in HARMLESS and not (path.name.startswith(".") and path.name.endswith(LEFTOVER))
    ]


def named(paths: Sequence[Path]) -> str:
    """Return the names of the first few files, in words."""
    names = [path.name for path in paths[:3]] + ([f"{len(paths) - 3:,} more"] if len(paths) > 3 else [])
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]


def checksums_in(folder: Path) -> dict[str, list[str]]:
    """Return the checksums kept in a folder, by name of the file, the newest last; lines that are none are left out.

    A file that is written again may for a moment be the old one with the checksum of the new one beside it.
    """
    path = folder / CHECKSUMS
    try:
        about = path.stat()
        return _parsed(path, about.st_mtime_ns, about.st_size)
    except OSError:
        return {}


@lru_cache(maxsize=16)
def _parsed(path: Path, changed: int, size: int) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {}
    for line in path.read_bytes().splitlines():
        checksum, name = line[:64], line[66:]
        if len(checksum) == 64 and line[64:66] == b"  " and name:
            kept.setdefault(os.fsdecode(name), []).append(checksum.decode("latin-1"))
    return kept


def _kept_for(path: Path) -> list[str]:
    """Return the checksums that are kept for a file, in its folder or the one above."""
    place = path.absolute()
    here, above = checksums_in(place.parent), checksums_in(place.parent.parent)
    return here.get(place.name, []) + above.get(f"{place.parent.name}/{place.name}", [])


def tidy_checksums(folder: Path) -> None:
    """Leave one checksum for each file that is there, so that ``sha256sum -c`` passes; see `checksums_in`.

    A file that fits none of those kept for it keeps the newest, so as to be found out.
    """
    lines = []
    with refusals(folder):
        for name, known in sorted(checksums_in(folder).items()):
            if (folder / name).is_file():
                now = known[-1] if len(known) == 1 else checksum_of(folder / name)
                lines.append(_line(now if now in known else known[-1], name))
        unfinished = folder / f".{CHECKSUMS}{LEFTOVER}"
        unfinished.write_bytes(b"".join(lines))
        unfinished.replace(folder / CHECKSUMS)


def _line(checksum: str, name: str) -> bytes:
    """Return a line as ``sha256sum`` writes it."""
    return checksum.encode() + b"  " + os.fsencode(name) + b"\n"


def checksum_of(path: Path) -> str:
    """Return the SHA-256 of what a file holds, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def has_changed(path: Path) -> bool:
    """Return whether a checksum is kept for a file and its content fits none that is."""
    kept = _kept_for(path)
    return bool(kept) and checksum_of(path) not in kept


@contextmanager
def open_checked(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading whose content fits its checksum, if one is kept; what goes wrong with it is one line.

    Raises
    ------
    InputError
        If there is no such file, it is damaged, or what is read from it in the block turns out not to be what it
        should; one line that names the file.
    """
    import pyarrow as pa
    import yaml

    try:
        with path.open("rb") as file:
            kept = _kept_for(path)
            about = os.fstat(file.fileno())
            if kept and _checksum_at(path.absolute(), about.st_mtime_ns, about.st_size) not in kept:
                raise InputError(f"this file is damaged: its content does not fit {CHECKSUMS}", str(path))
            yield file
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError("there is no such file", str(path)) from None
    except (*UNREADABLE, yaml.YAMLError, pa.ArrowException) as problem:
        raise InputError(f"this file cannot be read: {_reason(problem)}", str(path)) from None


def _reason(problem: Exception) -> str:
    return getattr(problem, "strerror", None) or str(problem).strip().split("\n")[0] or type(problem).__name__


@lru_cache(maxsize=64)
def _checksum_at(path: Path, changed: int, size: int) -> str:
    """Return the checksum of a file; looked at again only when the file has changed."""
    return checksum_of(path)


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Return a Parquet file, or some of its columns; errors are those of `open_checked`."""
    import pyarrow.parquet as pq

    with open_checked(path) as file, pq.ParquetFile(file) as parquet:
        lacking = [name for name in columns or () if name not in parquet.schema_arrow.names]
        if lacking:
            raise ValueError(f"it has no column {lacking[0]}")
        return parquet.read(columns=None if columns is None else list(columns), use_threads=False)


def column_names(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file; errors are those of `open_checked`."""
    import pyarrow.parquet as pq

    with open_checked(path) as file, pq.ParquetFile(file) as parquet:
        return list(parquet.schema_arrow.names)


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON file that holds a mapping; errors are those of `open_checked`."""
    with open_checked(path) as file:
        return _mapping(json.loads(file.read()))


def read_yaml(path: Path) -> dict[str, Any]:
    """Return a YAML file that holds a mapping; errors are those of `open_checked`."""
    import yaml

    with open_checked(path) as file:
        return _mapping(yaml.load(file.read(), Loader=_yaml_loader()))


@cache
def _yaml_loader() -> Any:
    """Return a loader of plain YAML that refuses deep nesting at once: libyaml crashes on it, others take seconds."""
    import yaml

    class Loader(yaml.SafeLoader):
        def fetch_flow_collection_start(self, TokenClass: Any) -> None:  # noqa: N803 - named so by PyYAML
            if self.flow_level == DEEPEST:
                raise ValueError(f"its brackets are nested more than {DEEPEST} deep")
            super().fetch_flow_collection_start(TokenClass)

    return Loader


def _mapping(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise ValueError("it holds no mapping of names to values")
    return content


@contextmanager
def only_writer(folder: Path) -> Iterator[bool]:
    """Claim a folder for this process until the block ends or the process dies; yield whether it was free.

    Where the system or the file system has no such locks, the folder counts as free.
    """
    try:
        import fcntl
    except ImportError:
        yield True
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        except OSError:
            free = True
        yield free
    finally:
        os.close(handle)

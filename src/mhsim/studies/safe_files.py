"""Files that are there whole or not at all, and a folder that one process at a time may write to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

LEFTOVER = ".part"
"""How the name of a file ends that is still being written; it begins with a dot."""


class StoreError(RuntimeError):
    """The disk refused; what was stored before is good. The message is one line."""


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn what the system refuses at a path into a StoreError of one line."""
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or " ".join(str(problem).split())
        raise StoreError(f"cannot write {path}: {reason}; what is stored so far is good") from problem


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that appears at `path` only when the block ends well: written, flushed to disk, renamed.

    Raises
    ------
    StoreError
        If the disk is full, the folder read-only, or the like; nothing is left at or beside `path`.
    """
    unfinished = path.with_name(f".{path.name}{LEFTOVER}")
    with refusals(path):
        try:
            with unfinished.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
            flush_folder(path.parent)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; see `whole_file`."""
    with whole_file(path) as file:
        file.write(content)


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

"""Paths as a user gives them and as commands print them, so that a path means one thing wherever it is read.

Libraries disagree about `~`: pathlib takes it for a name, pyarrow for the home folder. It is expanded here, once, where
a path comes in; from then on it is a plain path to everybody.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from mhsim.errors import InputError


def user_path(given: str | Path) -> Path:
    """Return the path that a user means: ``~`` at the start is the home folder.

    Raises
    ------
    InputError
        If it starts with ``~`` and no home folder is known.
    """
    try:
        return Path(given).expanduser()
    except RuntimeError:
        raise InputError("the home folder that ~ stands for is not known; write the path in full", str(given)) from None


def command_text(*words: str | Path) -> str:
    """Return a command as one line that can be pasted into a shell; a `Path` is never taken for an option."""
    here = f".{os.sep}"
    texts = [here + str(word) if isinstance(word, Path) and str(word).startswith("-") else str(word) for word in words]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)

"""Where compiled code is kept: on hosts without a home, and never where somebody else could put code to be run."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mhsim.core.kept_code import cache_folder

pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="temporary files are each user's own there")


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A container whose user has neither HOME nor an entry in the list of users; return its temporary folder."""

    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", unknown)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path


def test_without_a_home_the_cache_is_private(no_home: Path) -> None:
    """Named by the user, readable by the user alone, and the same at the next start."""
    folder = cache_folder()
    assert folder is not None
    own = no_home / f"mhsim-{os.getuid()}"
    assert folder.is_relative_to(own)
    assert stat.S_IMODE(own.stat().st_mode) == 0o700
    assert cache_folder() == folder


def test_a_folder_that_others_can_write_to_is_not_taken(no_home: Path) -> None:
    """Numba runs what lies in its cache: no folder is better than somebody else's."""
    own = no_home / f"mhsim-{os.getuid()}"
    own.mkdir()
    own.chmod(0o777)
    assert cache_folder() is None
    assert not any(own.iterdir())
    own.rmdir()
    (no_home / "elsewhere").mkdir(mode=0o700)
    own.symlink_to(no_home / "elsewhere")
    assert cache_folder() is None


def test_a_named_cache_needs_no_home(no_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The home is not asked for where it is not needed."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(no_home / "named"))
    folder = cache_folder()
    assert folder is not None
    assert folder.is_relative_to(no_home / "named")


def test_without_any_folder_it_is_said_once_and_things_work(tmp_path: Path) -> None:
    """One line on standard error, also where processes start others."""
    code = (
        "import os, sys, tempfile, pathlib, subprocess\n"
        "from mhsim.core import jit, kept_code\n"
        "kept_code.cache_folder = lambda: None\n"
        "add = jit.entry(lambda a, b: a + b)\n"
        "assert add(1, 2) == 3\n"
        "kept_code.use_cache.cache_clear(); kept_code.use_cache()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("\n") == 1
    assert "set NUMBA_CACHE_DIR" in done.stderr

"""What goes into a wheel besides the sources: the engine, built beforehand for every kind of machine and for pages."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuiltEngine(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the engine and puts it where `mhsim.core.built_code` looks first; not for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build everything into a folder of its own; refuse to make a wheel without."""
        if version == "editable":
            return
        if find_spec("numba") is None or find_spec("pydantic") is None:
            raise SystemExit(
                "A wheel of mhsim carries its engine compiled, and that needs all that mhsim needs, Numba first: use "
                "`make wheel`, or install the sources to work on them with `pip install --editable .`"
            )
        self.folder = TemporaryDirectory()
        command = [sys.executable, "-m", "mhsim", "build", "--target", "all", "--out", self.folder.name]
        sources = str(Path(self.root) / "src")
        if subprocess.run(command, env={**os.environ, "PYTHONPATH": sources}, check=False).returncode:
            raise SystemExit("The engine could not be built (see above), so there is no wheel.")
        build_data["force_include"][self.folder.name] = "mhsim/built"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        if version != "editable":
            self.folder.cleanup()

"""Other Pythons than that of the tests: the digests of the baselines, built beforehand or compiled by each itself.

`python -m pythons python3.12 python3.13` (`make pythons`) makes an environment for each interpreter that is there,
once, and asks each what `python -m pythons` asks of the one that runs it: some ten histories, by the engine that the
tests' Python has built and by what Numba makes of the same sources there; and whether the command runs. One that is
not there is passed over, and that is said.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from baselines import differing, state_of, stored
from baselines.histories import tables_of_history
from engines import by_numba
from mhsim.core.built_code import built_code, engine_in_use

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = ROOT / ".venv" / "pythons"
BRIEF = (
    *("base", "growing tables", "half weeks, odd meetings", "five communities", "changes", "acts"),
    *("neediest first, no informal help", "twelve_step", "two_forms_compete", "mood_group"),
)
"""Histories that go through every way of calling the engine; one has an optional mechanism on, compiled by itself."""


def here() -> int:
    """Hold this Python's histories against the baselines; return how many ways of running the engine gave others."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numba", "numpy", "scipy", "pandas", "mesa"))
    print(f"Python {platform.python_version()} with {libraries}; {engine_in_use()}", flush=True)
    wrong = _told("built beforehand") if built_code() is not None else 0
    with by_numba():
        return wrong + _told("compiled by this Python")


def _told(how: str) -> int:
    before = stored("histories")
    before["cases"] = {name: before["cases"][name] for name in BRIEF}
    after = state_of({name: tables_of_history(name) for name in BRIEF}, before["columns"])
    others = differing(before, after)
    print(f"  {len(BRIEF)} histories {how}: {'; '.join(['other digests', *others]) if others else 'the same digests'}")
    return int(bool(others))


def elsewhere(python: str) -> int:
    """Ask the same of another interpreter, in an environment of its own; return 1 if anything fails there."""
    try:
        found = subprocess.run([python, "-c", "import sys; print(sys.version)"], capture_output=True, check=False)
    except OSError:
        found = None
    if found is None or found.returncode:
        print(f"{python}: not found on this machine, passed over", flush=True)
        return 0
    folder = ENVIRONMENTS / Path(python).name
    own = folder / "bin" / "python"
    installed, wanted = folder / "installed", [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    install = [own, "-m", "pip", "install", "--quiet", "--constraint", "constraints.txt", "--editable", ".", "pytest"]
    command = [own, "-m", "mhsim"]
    asks = [[*command, "--version"], [*command, "run", "base", "--weeks", "52"], [own, "-m", "pythons"]]
    if not installed.exists() or installed.stat().st_mtime < max(each.stat().st_mtime for each in wanted):
        asks = [[python, "-m", "venv", folder], install, ["touch", installed], *asks]
    settings = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    for ask in asks:
        said = subprocess.run(ask, env=settings, cwd=ROOT, capture_output=True, text=True, check=False)
        if said.returncode or ask[-1] == "pythons":
            print(said.stdout, said.stderr if said.returncode else "", sep="", end="", flush=True)
        if said.returncode:
            print(f"{python}: failed in {' '.join(map(str, ask))}", flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(sum(elsewhere(python) for python in sys.argv[1:]) if sys.argv[1:] else here())

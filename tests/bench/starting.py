"""How long until the first result: compiling from nothing, a first run from the cache, the help page."""

from __future__ import annotations

import sys
import tempfile
from importlib.util import find_spec
from subprocess import DEVNULL, run

from bench.figures import Figure, Measured, least_of, once
from bench.timing import Effort, apart, wall_seconds

COLD, COLD_IMPORT = "compiling from nothing, CPU", "importing the engine, CPU"
CACHED, LOADING = "first run from the cache, imports included, CPU", "loading compiled code from the cache, CPU"
HELP = "`mhsim --help`, wall"
MODEL = "importing mhsim.model, CPU"
FIGURES = (
    Figure(COLD, "s", at_most=15.0),
    Figure(CACHED, "s", at_most=0.3),
    Figure(COLD_IMPORT, "s"),
    Figure(LOADING, "s"),
    Figure(HELP, "s", at_most=0.3),
    Figure(MODEL, "s"),
)


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures; compiling from nothing only in the full run."""
    found = {HELP: least_of([wall_seconds(show_help) for _ in range(2 * effort.rounds)])}
    if effort.name == "tiny":
        return found
    with tempfile.TemporaryDirectory() as folder:
        if effort.long:
            found[COLD] = once(apart("start", cache=folder)["ready"])
        starts = [apart("start", cache=folder if effort.long else None) for _ in range(effort.rounds)]
    found[CACHED] = least_of([start["import"] + start["ready"] for start in starts])
    found[COLD_IMPORT] = least_of([start["import"] for start in starts])
    found[LOADING] = least_of([start["ready"] for start in starts])
    if find_spec("mhsim.model"):
        found[MODEL] = least_of([apart("model")["import"] for _ in range(effort.rounds)])
    return found


def show_help() -> None:
    """Ask the command line for its help."""
    run([sys.executable, "-m", "mhsim", "--help"], stdout=DEVNULL, check=True)

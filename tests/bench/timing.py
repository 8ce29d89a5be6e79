"""Clocks: CPU seconds of a call, contenders in turn, and work in a process of its own."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from bench import TESTS


class Effort(NamedTuple):
    """How much is measured: rounds of pairs, and whether what takes minutes is done at all."""

    name: str
    rounds: int
    long: bool


FULL = Effort("full", 5, True)
QUICK = Effort("quick", 2, False)
TINY = Effort("tiny", 1, False)


@contextmanager
def collector_off() -> Iterator[None]:
    """Switch the collector of cyclic garbage off, which only peers would feel, after a last round of it."""
    if not gc.isenabled():
        yield
        return
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def cpu_seconds(run: Callable[[], object]) -> float:
    """Return the CPU seconds of one call, without the collector."""
    with collector_off():
        began = time.process_time()
        run()
        return time.process_time() - began


def wall_seconds(run: Callable[[], object]) -> float:
    """Return the seconds by the clock on the wall of one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def in_turn(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Return what each contender took in each round; all take their turn in every round."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            taken[name].append(contender())
    return taken


def apart(what: str, *arguments: object, cache: str | None = None) -> dict[str, Any]:
    """Do one of the jobs of `bench.apart` in a fresh process and return what it found.

    Parameters
    ----------
    what : str
        The name of the job.
    *arguments : object
        Its arguments, as text.
    cache : str, optional
        A folder for compiled code in place of the usual one.

    Raises
    ------
    RuntimeError
        If the job failed; with what it wrote.
    """
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(TESTS), environment.get("PYTHONPATH")]))
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = cache
    command = [sys.executable, "-m", "bench.apart", what, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"`bench.apart {what}` failed:\n{done.stderr.strip()}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found

"""Jobs that need a process of their own, since they measure peak memory or a first start; see `timing.apart`.

`python -m bench.apart JOB ARGUMENT...` prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time

CHUNKS, CHUNK_WEEKS = 4, 13


def size(people: str) -> dict[str, object]:
    """Measure 52 weeks of a world of so many people: time in chunks, each paired with a world of 1,000; peak memory."""
    from bench.timing import cpu_seconds
    from bench.worlds import people_now, person_weeks, places
    from mhsim.engine import History

    def opened(number: int, replicate: int = 1) -> History:
        history = History(places(number, CHUNKS * CHUNK_WEEKS), replicate)
        history.live_until(history.opening + 1)
        return history

    def chunk(history: History) -> float:
        before = person_weeks(history)
        seconds = cpu_seconds(lambda: history.live_until(history.step + CHUNK_WEEKS))
        return 1e9 * seconds / (person_weeks(history) - before)

    def small() -> float:
        """Three places differ by luck, also in how many of their people are members: take many such threes."""
        histories = [opened(1_000, replicate) for replicate in range(1, 13)]
        before = sum(person_weeks(history) for history in histories)
        seconds = sum(
            cpu_seconds(lambda history=history: history.live_until(history.step + CHUNK_WEEKS)) for history in histories
        )
        return 1e9 * seconds / (sum(person_weeks(history) for history in histories) - before)

    history, ratios, cpu, wall, living = opened(int(people)), [], 0.0, 0.0, 0
    for _ in range(CHUNKS):
        before = small()
        weeks_before, began = person_weeks(history), time.perf_counter()
        cost = chunk(history)
        wall += time.perf_counter() - began
        cpu += 1e-9 * cost * (person_weeks(history) - weeks_before)
        ratios.append(2.0 * cost / (before + small()))
        living = max(living, people_now(history))
    return {"people": living, "ratios": ratios, "cpu": cpu, "wall": wall, "peak": peak_memory()}


def peak_memory() -> int:
    """Return this process's peak of memory in KiB.

    Linux counts what the process that started this one had into `ru_maxrss`; its own status page does not.
    """
    import resource
    from pathlib import Path

    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def sharded(people: str) -> dict[str, object]:
    """Measure one world in parts, in one thread and in two: seconds, cost against 1,000 people, memory, agreement."""
    from bench.timing import cpu_seconds
    from bench.worlds import places
    from mhsim.engine import live_through, simulate, warm

    warm()
    world, few = places(int(people), CHUNKS * CHUNK_WEEKS), places(1_000, CHUNKS * CHUNK_WEEKS)
    found, ratios = [], []
    wall: dict[int, float] = {}

    def small() -> float:
        runs = [live_through(few, replicate) for replicate in range(1, 13)]
        seconds = sum(
            cpu_seconds(lambda replicate=replicate: live_through(few, replicate)) for replicate in range(1, 13)
        )
        return 1e9 * seconds / sum(float(world.tally["person_steps"][0]) for world in runs)

    for jobs in (1, 2):
        before = small()
        began, spent = time.perf_counter(), time.process_time()
        run = simulate(world, 1, jobs=jobs)
        wall[jobs], cpu = time.perf_counter() - began, time.process_time() - spent
        found.append(run.summary)
        ratios.append(1e9 * cpu / run.extra["person_steps"] / before)
    return {
        "one": wall[1],
        "two": wall[2],
        "ratios": ratios,
        "peak": peak_memory(),
        "people": found[0]["people_at_end"],
        "same": found[0] == found[1],
    }


def start() -> dict[str, object]:
    """Measure a first run: CPU seconds of importing the engine, and of compiling or loading what a run needs."""
    began = time.process_time()
    from mhsim.engine import warm

    imported = time.process_time() - began
    began = time.process_time()
    warm()
    return {"import": imported, "ready": time.process_time() - began}


def model() -> dict[str, object]:
    """Measure the CPU seconds of importing `mhsim.model`."""
    import importlib

    began = time.process_time()
    importlib.import_module("mhsim.model")
    return {"import": time.process_time() - began}


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    print(json.dumps({"size": size, "sharded": sharded, "start": start, "model": model}[job](*arguments)))

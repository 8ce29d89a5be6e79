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
    from mhsim.engine import Simulation

    def opened(number: int, replicate: int = 1) -> Simulation:
        simulation = Simulation(places(number, CHUNKS * CHUNK_WEEKS), replicate)
        simulation.run_until(simulation.opening + 1)
        return simulation

    def chunk(simulation: Simulation) -> float:
        before = person_weeks(simulation)
        seconds = cpu_seconds(lambda: simulation.run_until(simulation.step + CHUNK_WEEKS))
        return 1e9 * seconds / (person_weeks(simulation) - before)

    def small() -> float:
        """Three places differ by luck, also in how many of their people are members: take many such threes."""
        histories = [opened(1_000, replicate) for replicate in range(1, 13)]
        before = sum(person_weeks(simulation) for simulation in histories)
        seconds = sum(
            cpu_seconds(lambda simulation=simulation: simulation.run_until(simulation.step + CHUNK_WEEKS))
            for simulation in histories
        )
        return 1e9 * seconds / (sum(person_weeks(simulation) for simulation in histories) - before)

    simulation, ratios, cpu, wall, living = opened(int(people)), [], 0.0, 0.0, 0
    for _ in range(CHUNKS):
        before = small()
        weeks_before, began = person_weeks(simulation), time.perf_counter()
        cost = chunk(simulation)
        wall += time.perf_counter() - began
        cpu += 1e-9 * cost * (person_weeks(simulation) - weeks_before)
        ratios.append(2.0 * cost / (before + small()))
        living = max(living, people_now(simulation))
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
    from mhsim import simulate, warm
    from mhsim.engine import run_world

    warm()
    world, few = places(int(people), CHUNKS * CHUNK_WEEKS), places(1_000, CHUNKS * CHUNK_WEEKS)
    found, ratios = [], []
    wall: dict[int, float] = {}

    def small() -> float:
        runs = [run_world(few, replicate) for replicate in range(1, 13)]
        seconds = sum(cpu_seconds(lambda replicate=replicate: run_world(few, replicate)) for replicate in range(1, 13))
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
    from mhsim import warm

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


TINY_GROUP = "weeks: 4\nstart:\n  members: 8\n  helpers: 2\n  run_in_weeks: 1\n"


def study(runs: str, jobs: str) -> dict[str, object]:
    """Measure a study of so many runs of a tiny group, stored and put together: seconds and peak memory."""
    import tempfile
    from pathlib import Path

    from mhsim import warm
    from mhsim.studies.design import Study
    from mhsim.studies.run_study import run_study

    warm()
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "tiny.yaml"
        base.write_text(TINY_GROUP, encoding="utf-8")
        points = {"serve.turnover_per_year": [0.1 * (k + 1) for k in range(10)]}
        asked = Study.model_validate({"base": str(base), "vary": points, "replicates": int(runs) // 10})
        began = time.perf_counter()
        outcome = run_study(asked, Path(folder) / "out", jobs=int(jobs))
        seconds = time.perf_counter() - began
    return {"seconds": seconds, "peak": peak_memory(), "done": outcome.done}


def through_scheduler(rounds: str) -> dict[str, object]:
    """Measure runs by one worker thread of a Dask scheduler: the shares of its time in which it did none."""
    from functools import partial

    from distributed import LocalCluster

    from bench.timing import wall_seconds
    from mhsim import warm
    from mhsim.scenario import Scenario
    from mhsim.studies.cluster import cluster_at
    from mhsim.studies.one_run import Task, run_one

    warm()
    work = partial(run_one, watch=("alive_at_end", "members_at_end"), record="runs")

    def tasks(number: int) -> list[Task]:
        scenario = Scenario()
        return [Task(0, replicate, scenario) for replicate in range(number)]

    shares = []
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as local,
        cluster_at(local.scheduler_address) as cluster,
    ):
        list(cluster.results(tasks(50), work))
        for _ in range(int(rounds)):
            before = cluster.busy
            seconds = wall_seconds(lambda: list(cluster.results(tasks(300), work)))
            shares.append(1.0 - (cluster.busy - before) / seconds)
    return {"shares": shares}


if __name__ == "__main__":
    job, *arguments = sys.argv[1:]
    jobs = {
        "size": size,
        "sharded": sharded,
        "start": start,
        "model": model,
        "study": study,
        "through_scheduler": through_scheduler,
    }
    print(json.dumps(jobs[job](*arguments)))

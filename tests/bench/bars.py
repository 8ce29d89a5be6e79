"""Measure the bars of the design in one run and print them: `python tests/bench/bars.py`.

Ratios come from pairs measured in turn in one process; each figure is the best of several, since other work on a
machine only ever adds time. Nothing here is a test.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mhsim.engine import ensemble, live_through
from mhsim.scenario import Scenario, with_values

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "verify"))

STILL = {
    "arrive.enabled": False,
    "leave.enabled": False,
    "found.enabled": False,
    "close.enabled": False,
    "start.run_in_weeks": 0,
}


def best(run: Callable[[], object], times: int = 5) -> float:
    """Return the least CPU seconds of several calls."""
    found = []
    for _ in range(times):
        began = time.process_time()
        run()
        found.append(time.process_time() - began)
    return min(found)


def per_person_week(scenario: Scenario, times: int = 5) -> float:
    """Return CPU nanoseconds per person and step."""
    steps = float(live_through(scenario, 1).tally["person_steps"][0])
    return 1e9 * best(lambda: live_through(scenario, 1), times) / steps


def members_and_outside() -> None:
    """A person outside costs at most a quarter of a member."""
    members = per_person_week(with_values(Scenario(), STILL | {"start.groups": 20, "start.members": 17, "weeks": 104}))
    outside = per_person_week(
        with_values(Scenario(), {"start.groups": 0, "community.arrivals_per_week": 5.0, "weeks": 208})
    )
    print(f"member {members:.0f} ns a week, outside {outside:.0f} ns: {outside / members:.2f} (bar 0.25)")


def sizes() -> None:
    """Cost per person-week within 20 per cent from 1,000 to 1,000,000 people, and memory per living person."""
    base = None
    for people in (1_000, 10_000, 100_000, 1_000_000):
        cost, memory = (float(x) for x in _apart("size", str(people)).split())
        base = base or (cost, memory)
        slope = 1024 * (memory - base[1]) / max(1, people - 1_000)
        print(
            f"{people:>9,} people: {cost:.0f} ns a person-week, {cost / base[0]:.2f} of that at 1,000; "
            f"{slope:.0f} bytes a person"
        )


def size(people: int) -> None:
    """Print cost and peak memory (KiB) of a world of so many people; run in a process of its own."""
    import resource

    communities = max(1, people // 250)
    scenario = with_values(
        Scenario(),
        {
            "community.count": communities,
            "start.members": 40,
            "start.helpers": 8,
            "community.arrivals_per_week": 210 / 104,
            "start.run_in_weeks": 104,
            "weeks": 8 if people > 100_000 else 26,
        },
    )
    live_through(Scenario(weeks=2), 0)
    began = time.process_time()
    world = live_through(scenario, 1)
    cost = 1e9 * (time.process_time() - began) / float(world.tally["person_steps"][0])
    print(cost, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def histories() -> None:
    """Two hundred ten-year histories of base in 2 s on 2 cores, the first 20 in 0.2 s, warm."""
    for number in (20, 200):
        began = time.perf_counter()
        list(ensemble(Scenario(), range(number), jobs=2))
        wall = time.perf_counter() - began
        print(f"{number} histories of base, 2 threads: {wall:.2f} s wall (bar {number / 100:.1f} s)")
    one = min(_wall(lambda: list(ensemble(Scenario(), range(60), jobs=1))) for _ in range(2))
    two = min(_wall(lambda: list(ensemble(Scenario(), range(60), jobs=2))) for _ in range(2))
    print(f"2 threads against 1: {one / two:.2f} times as fast")


def _wall(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def twin() -> None:
    """At least 30 times as fast as the same model in plain Mesa objects, at two sizes."""
    from twin_draws import PlainDraws
    from twin_model import TwinModel

    for groups in (8, 100):
        # Still worlds of members and people in need, so that both do the same work.
        scenario = with_values(
            Scenario(),
            {"start.groups": groups, "start.members": 20 if groups == 8 else 60, "weeks": 13}
            | {"community.arrivals_per_week": groups * 0.9 if groups == 8 else groups * 2.0, "arrive.room": 90}
            | {"start.run_in_weeks": 104},
        )
        steps = float(live_through(scenario, 1).tally["person_steps"][0])
        fast = best(lambda scenario=scenario: live_through(scenario, 1), 3)
        began = time.process_time()
        TwinModel(scenario, PlainDraws(1)).run()
        slow = time.process_time() - began
        print(
            f"{steps:,.0f} person-weeks: engine {fast:.3f} s, plain Mesa {slow:.1f} s: {slow / fast:.0f} times (bar 30)"
        )


def compiling() -> None:
    """Core under 15 s cold, 0.3 s cached."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in ("cold", "cached"):
            print(f"{name}: {_apart('warm', folder)}")


def warm(folder: str) -> None:
    """Print the CPU seconds of a first run with compiled code kept in a folder; run in a process of its own."""
    from mhsim.engine import warm as make_ready

    began = time.process_time()
    make_ready()
    print(f"{time.process_time() - began:.1f} s CPU in {folder and 'a fresh cache folder'}")


def _apart(what: str, argument: str) -> str:
    import os

    environment = dict(os.environ)
    if what == "warm":
        environment["NUMBA_CACHE_DIR"] = argument
    done = subprocess.run(
        [sys.executable, __file__, what, argument], env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def main() -> None:
    """Print every bar."""
    if len(sys.argv) == 3:
        {"size": lambda x: size(int(x)), "warm": warm}[sys.argv[1]](sys.argv[2])
        return
    live_through(Scenario(weeks=2), 0)
    members_and_outside()
    histories()
    sizes()
    compiling()
    twin()


if __name__ == "__main__":
    main()

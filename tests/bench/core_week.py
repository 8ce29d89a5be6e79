"""The same core week in four implementations: do they agree, and how fast is the engine against each?

The peers begin with the engine's own people after two weeks. Their main figure is the most favourable to them: luck is
ready-made, out of the time taken, while the engine draws all its luck, keeps its tallies and looks for people to move.
"""

from __future__ import annotations

import sys

from bench.figures import Figure, Measured, median_of, once
from bench.peers.agentpy_week import AgentpyWeek
from bench.peers.agreement import ALLOWED, largest_difference
from bench.peers.columns_week import ColumnsWeek
from bench.peers.common_start import Start, core_scenario, start_of
from bench.peers.engine_week import EngineWeek
from bench.peers.mesa_week import MesaWeek
from bench.timing import Effort

PEERS = (MesaWeek, AgentpyWeek, ColumnsWeek)
AGREEING_WEEKS = 26
SIZES = (1_000, 20_000)
WAYS = {"ready": "ready-made draws", "own": "its own random numbers", "keyed": "the engine's draws, drawn by itself"}


def agreement(peer: type) -> str:
    """Return the name of the figure of a peer's largest difference."""
    return f"core week, {peer.name}: largest difference from the engine after {AGREEING_WEEKS} weeks"  # type: ignore[attr-defined]


def against(peer: type, size: int, way: str) -> str:
    """Return the name of the figure of the engine's speed against a peer's."""
    return f"core week, engine against {peer.name}, {size:,} people, {WAYS[way]}"  # type: ignore[attr-defined]


def speed(size: int) -> str:
    """Return the name of the figure of the engine's own speed."""
    return f"core week, engine, {size:,} people"


FIGURES = (
    *(Figure(agreement(peer), "", at_most=ALLOWED) for peer in PEERS),
    *(Figure(against(peer, size, way), "times") for way in WAYS for size in SIZES for peer in PEERS),
    *(Figure(speed(size), "ns a person-week") for size in SIZES),
)


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures; the differences first, for a peer that disagrees is not worth timing.

    Raises
    ------
    Disagreement
        If a peer differs from the engine.
    """
    found = differences(1_000)
    for size in SIZES if effort.long else SIZES[:1]:
        weeks = 2 if effort.name == "tiny" else AGREEING_WEEKS if size < 10_000 else 4
        found |= race(size, weeks, effort)
    return found


def differences(people: int, weeks: int = AGREEING_WEEKS) -> dict[str, Measured]:
    """Return each peer's largest difference from the engine, and say it."""
    scenario = core_scenario(people, weeks)
    start, engine = start_of(scenario), EngineWeek(scenario)
    engine.seconds(weeks)
    found = {}
    for peer in PEERS:
        week = peer(start, "keyed")
        week.seconds(weeks)
        largest = largest_difference(engine.outcome(), week.outcome(), peer.name)
        found[agreement(peer)] = once(largest)
        print(
            f"{peer.name} agrees with the engine: {len(start.people)} people, {weeks} weeks, "
            f"largest difference {largest:.1e}",
            file=sys.stderr,
        )
    return found


def race(size: int, weeks: int, effort: Effort) -> dict[str, Measured]:
    """Return the engine's speed and its ratios to the peers; in each round each peer is paired with the engine."""
    scenario = core_scenario(size, weeks)
    start, engine = start_of(scenario), EngineWeek(scenario)
    ratios: dict[str, list[float]] = {}
    own: list[float] = []
    for turn in range(min(effort.rounds, 3)):
        for way in WAYS:
            if way == "keyed" and turn > 0:
                continue  # Philox in plain Python is slow, and its cost is not what is asked
            for peer in PEERS:
                ratio, seconds = pair(peer, way, start, engine, weeks)
                ratios.setdefault(against(peer, size, way), []).append(ratio)
                own.append(1e9 * seconds / (weeks * len(start.people)))
    return {name: median_of(values) for name, values in ratios.items()} | {speed(size): median_of(own)}


def pair(peer: type, way: str, start: Start, engine: EngineWeek, weeks: int) -> tuple[float, float]:
    """Return a peer's time over the engine's, measured before and after it, and the engine's seconds."""
    before = min(engine.seconds(weeks) for _ in range(2))
    slow = peer(start, way).seconds(weeks)
    fast = (before + min(engine.seconds(weeks) for _ in range(2))) / 2.0
    return slow / fast, fast

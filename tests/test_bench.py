"""What the bench compares is the same, and what it reports is whole; nothing here is timed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bench import core_week, cost
from bench.__main__ import main
from bench.figures import Figure, Measured
from bench.page import BEGIN, END, write_page
from bench.parts import PARTS, Line, measure_parts
from bench.peers.agreement import Disagreement, largest_difference
from bench.peers.columns_week import ColumnsWeek
from bench.peers.common_start import Start, core_scenario, start_of
from bench.peers.engine_week import EngineWeek
from bench.table import number
from bench.timing import TINY

ASKED = {
    "whole model, engine against plain Mesa, about 1,000 people": ">= 30",
    "whole model, engine against plain Mesa, about 20,000 people": ">= 30",
    "a person outside against a member": "<= 0.25",
    "cost per person-week, 10,000 people against 1,000": "<= 1.2",
    "cost per person-week, 100,000 people against 1,000": "<= 1.2",
    "cost per person-week, 1,000,000 people against 1,000": "<= 1.2",
    "memory per living person, ties and snapshots included (slope of the peak)": "<= 640",
    "200 ten-year histories of base, 2 threads, warm, wall": "<= 2",
    "the first 20 of them, wall": "<= 0.2",
    "compiling from nothing, CPU": "<= 15",
    "first run from the cache, imports included, CPU": "<= 0.3",
    "`mhsim --help`, wall": "<= 0.3",
    "variance of a difference of members at week 52, other seeds against the same seeds, 300 pairs": ">= 10",
}
"""The bars of the design; a part may ask more, never less."""
WEEKS, PEOPLE = 8, 200


@pytest.fixture(scope="module")
def start() -> Start:
    """Return a small town from which all four begin."""
    return start_of(core_scenario(PEOPLE, WEEKS))


@pytest.fixture(scope="module")
def expected(start: Start) -> dict[str, np.ndarray]:
    """Return what the engine makes of it."""
    engine = EngineWeek(start.scenario)
    engine.seconds(WEEKS)
    return engine.outcome()


@pytest.mark.parametrize("way", ["keyed", "ready"])
@pytest.mark.parametrize("peer", core_week.PEERS)
def test_the_four_agree(peer: type, way: str, start: Start, expected: dict[str, np.ndarray]) -> None:
    """Were they different models, comparing their speed would say nothing."""
    week = peer(start, way)
    week.seconds(WEEKS)
    assert largest_difference(expected, week.outcome(), week.name) < 1e-12


def test_the_core_week_is_not_idle(start: Start, expected: dict[str, np.ndarray]) -> None:
    """Agreement shows something only if people came, heard, moved on and had crises."""
    before = start.people
    assert (expected["meetings"] > before["meetings"]).any()
    assert (expected["stage"] > before["stage"]).any()
    assert expected["crises"].sum() > before["crises"].sum()
    members = before["group"] >= 0
    assert 0.4 < members.mean() < 0.6


@pytest.mark.parametrize("peer", core_week.PEERS)
def test_one_altered_number_is_seen(peer: type, start: Start, expected: dict[str, np.ndarray]) -> None:
    """A peer that begins with one person's hope a little off is reported, with its name and the column."""
    people = start.people.copy()
    people["hope"][3] += 1e-6
    week = peer(start._replace(people=people))
    week.seconds(WEEKS)
    with pytest.raises(Disagreement, match=rf"{week.name} disagrees with the engine in hope: person \d+ of"):
        largest_difference(expected, week.outcome(), week.name)


def test_not_a_number_is_a_disagreement(expected: dict[str, np.ndarray]) -> None:
    """A peer whose numbers are lost must not pass because nothing is larger than a lost number."""
    lost = expected | {"hope": np.full_like(expected["hope"], np.nan)}
    with pytest.raises(Disagreement, match="in hope"):
        largest_difference(expected, lost, "a peer")


def test_other_luck_gives_other_people(start: Start, expected: dict[str, np.ndarray]) -> None:
    """With its own random numbers a peer must differ, or the ways of drawing would not be what they are called."""
    week = ColumnsWeek(start, "own")
    week.seconds(WEEKS)
    with pytest.raises(Disagreement):
        largest_difference(expected, week.outcome(), week.name)


def test_no_bar_is_missing_or_eased() -> None:
    """Whatever else is measured, every bar of the design is asked, word for word and number for number."""
    figures = [figure for part in PARTS.values() for figure in part.FIGURES]
    asked = {figure.name: figure.asked for figure in figures}
    assert len(asked) == len(figures), "two figures have the same name"
    assert {name: asked.get(name) for name in ASKED} == ASKED


def test_json_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    """A machine reads it: every figure of the part, with its keys, numbers finite, nothing else on the stream."""
    assert main(["--tiny", "--json", "--only", "histories", "cost"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [f.name for part in ("histories", "cost") for f in PARTS[part].FIGURES]
    for row in rows:
        assert list(row) == ["name", "asked", "measured", "unit", "met", "spread", "command"]
        assert row["met"] is None, "a tiny run judges nothing"
        if row["measured"] is not None:
            assert row["spread"][0] <= row["measured"] <= row["spread"][1]
    assert sum(row["measured"] is not None for row in rows) >= 5


def test_a_disagreement_ends_the_bench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Speeds of different models are not shown beside one another."""

    def wrong(effort: object) -> None:
        raise Disagreement("AgentPy disagrees with the engine in hope")

    monkeypatch.setattr(core_week, "measure", wrong)
    assert main(["--tiny", "--only", "core_week"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "AgentPy disagrees with the engine in hope" in captured.err


def test_memory_is_a_slope_and_parts_are_held_against_a_thousand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory of interpreter and libraries must not count as people's, but that of a world in parts is all there is."""

    def apart(what: str, people: int) -> dict[str, object]:
        if what == "sharded":
            parts = {"one": 60.0, "two": 40.0, "ratios": [0.9, 1.0], "peak": 1000, "people": 2048, "same": True}
            return dict(parts)
        peak = 100_000 + people * 600 / 1024
        return {"people": people, "ratios": [1.0, 1.1, 1.3], "cpu": 20.0, "wall": 25.0, "peak": peak}

    monkeypatch.setattr(cost, "apart", apart)
    found = cost.sizes(cost.SIZES)
    assert found[cost.MEMORY].value == pytest.approx(600.0)
    assert found[cost.flatness(10_000)] == Measured(1.1, 1.0, 1.3)
    assert (found[cost.TWO].value, found[cost.GAIN].value) == (40.0, 1.5)
    assert (found[cost.PARTS_PEAK].value, found[cost.SAME].value) == (500.0, 1.0)


def test_a_part_measures_only_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A figure outside the list would be lost in silence."""
    monkeypatch.setattr(core_week, "measure", lambda effort: {"speed of light": Measured(1.0, 1.0, 1.0)})
    with pytest.raises(KeyError, match="speed of light"):
        list(measure_parts(["core_week"], TINY))


def test_a_bar_is_met_on_its_edge() -> None:
    """At least means at least, at most means at most, and nothing asked is nothing met."""
    at_least, at_most = Figure("fast", "times", at_least=30.0), Figure("small", "bytes", at_most=640.0)
    assert (at_least.is_met(30.0), at_least.is_met(29.9)) == (True, False)
    assert (at_most.is_met(640.0), at_most.is_met(640.1)) == (True, False)
    assert Figure("told", "s").is_met(1.0) is None


def test_numbers_are_short_and_keep_what_counts() -> None:
    """A ratio of 1.0 and a difference of 1e-16 must both be readable."""
    assert [number(x) for x in (1234.6, 62.04, 0.1201, 0.0, 1.1e-16)] == ["1,235", "62", "0.12", "0", "1.1e-16"]


def test_the_page_keeps_its_words(tmp_path: Path) -> None:
    """Writing replaces what stands between the markers, twice the same, and nothing else."""
    page = tmp_path / "performance.md"
    page.write_text(f"before\n\n{BEGIN}\nold\n{END}\n\nafter\n", encoding="utf-8")
    figure = Figure("fast", "times", at_least=30.0)
    line = Line("core_week", figure, Measured(46.0, 40.0, 50.0), "make bench")
    for _ in range(2):
        write_page([line], "full", page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n\n" + BEGIN)
    assert text.endswith(END + "\n\nafter\n")
    assert "old" not in text
    assert text.count("| fast | >= 30 times | 46 times | 40 to 50 | met |") == 1
    page.write_text("no markers", encoding="utf-8")
    with pytest.raises(ValueError, match="needs the lines"):
        write_page([line], "full", page)


@pytest.mark.slow
def test_the_week_in_phases_is_the_week_of_the_engine() -> None:
    """The bench's copy of the week falls behind when the engine's changes; then its times are those of another week.

    Gone through to the last phase, members are where the engine's own week leaves those who do not move.
    """
    from bench import part_of_week
    from bench.worlds import changed
    from mhsim.engine import Simulation
    from mhsim.engine.plugin_calls import NO_RULES
    from mhsim.engine.world import settings_by_form
    from mhsim.kernel_helpers import Clock
    from mhsim.outcomes.counts import living
    from mhsim.schema import ACCOMMODATION, HELPER, STAYS

    # Nobody comes or goes, so the rolls stand as they were.
    still = dict.fromkeys(("arrive.enabled", "leave.enabled", "found.enabled", "close.enabled"), False)
    town = changed(
        {**still, "community.count": 2, "serve.turnover_per_year": 0.0, "start.run_in_weeks": 0, "weeks": 10}
    )
    simulation, other = Simulation(town), Simulation(town)
    for each in (simulation, other):
        each.run_until(5)
    inside = living(simulation.world)
    for name, wanted in (("helpers", inside["role"] == HELPER), ("seekers", inside["stage"] != ACCOMMODATION)):
        counts = np.bincount(inside["group"][wanted & (inside["group"] >= 0)], minlength=2)
        simulation.world.groups[name][:2] = counts  # the engine counts anew before each week
    clock, settings = Clock(5, 1.0, 0), settings_by_form(town)
    part_of_week.go_through_groups(
        simulation.world, settings, NO_RULES, simulation.key, clock, len(part_of_week.MEMBER)
    )
    part_of_week.go_through_outside(
        simulation.world, settings, NO_RULES, simulation.key, clock, len(part_of_week.OUTSIDE)
    )
    mine = living(simulation.world)
    other.run_until(6)
    engine = {(int(p["community"]), int(p["who"])): p for p in living(other.world)}
    stayed = mine[(mine["leaving"] == STAYS) & (mine["going_to"] < 0) & (mine["group"] >= 0)]
    assert len(stayed) > 20
    for person in stayed:
        theirs = engine[int(person["community"]), int(person["who"])]
        for name in ("hope", "coping", "self_efficacy", "distress", "belonging", "strain", "stage", "role", "meetings"):
            assert person[name] == theirs[name], name

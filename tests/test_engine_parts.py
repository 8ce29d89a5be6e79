"""A large world in parts: the same people live the same lives, and the bits do not depend on the number of threads."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mhsim import simulate
from mhsim.engine import Stopped, run_world
from mhsim.outcomes.results import Run, result_of
from mhsim.outcomes.simulate import PART, simulate_in_parts
from mhsim.scenario import Change, Scenario, with_values

BUSY: dict[str, Any] = {
    **{"community.count": 2 * PART + 3, "weeks": 60, "start.groups": 2, "start.run_in_weeks": 20},
    **{"found.found_per_year": 3.0, "found.enough_groups": 4, "found.split_hazard": 0.05, "found.split_at": 15.0},
    **{"close.low_per_year": 5.0, "serve.turnover_per_year": 2.0},
}
GROUPS = ("group", "last_group", "parent", "lineage")


@pytest.fixture(scope="module")
def busy() -> Scenario:
    """Return a world of three parts in which groups begin, split and end."""
    return with_values(Scenario(changes=(Change(week=30, act="lose_busiest_helpers", count=1),)), BUSY)


@pytest.fixture(scope="module")
def whole(busy: Scenario) -> Run:
    """Return what is found where all communities live in one world."""
    return result_of(run_world(busy, 1, record="story"), busy, 1, "story")


@pytest.fixture(scope="module")
def in_parts(busy: Scenario) -> Run:
    """Return what is found in partition."""
    return simulate(busy, 1, record="story")


def assert_equal(one: Run, other: Run) -> None:
    """Assert that two runs are the same bit for bit."""
    assert one.summary == other.summary
    for name in ("series", "lives", "groups", "events"):
        assert getattr(one, name).equals(getattr(other, name)), name


def test_threads_change_no_bit(busy: Scenario, in_parts: Run) -> None:
    """Results must not depend on how many processors a machine has."""
    assert_equal(simulate(busy, 1, record="story", jobs=2), in_parts)
    assert simulate(busy, 1, jobs=3).summary == in_parts.summary


def test_everybody_lives_the_same_life_in_parts(whole: Run, in_parts: Run) -> None:
    """A part draws luck by the number of its community in the whole world; groups alone are numbered otherwise."""
    assert whole.lives is not None and in_parts.lives is not None
    assert len(whole.lives) > 1000
    for name in whole.lives.column_names:
        if name not in GROUPS:
            assert whole.lives[name].equals(in_parts.lives[name]), name
    for name in GROUPS[:2]:
        one, other = whole.lives[name].to_numpy(), in_parts.lives[name].to_numpy()
        pairs = set(zip(one.tolist(), other.tolist(), strict=True))
        assert len({a for a, _ in pairs}) == len(pairs) == len({b for _, b in pairs}), "one number for another"


def test_counts_are_the_same_and_means_all_but_the_last_digit(whole: Run, in_parts: Run) -> None:
    """Sums of decimals depend on their order in the last digit; whatever counts heads may not differ at all."""
    for name, value in whole.summary.items():
        other = in_parts.summary[name]
        assert other == (pytest.approx(value, rel=1e-12) if isinstance(value, float) else value), name
    assert whole.series is not None and in_parts.series is not None
    for name in whole.series.column_names:
        one, other = (np.asarray(run.series[name].to_numpy(), float) for run in (whole, in_parts))  # type: ignore[index]
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=0, err_msg=name)


def test_groups_and_events_are_all_there(whole: Run, in_parts: Run) -> None:
    """Merging must not lose, double or misplace a group or an event."""
    keys = ["community", "founded_week", "closed_week", "status", "reason", "first_visits", "roll"]
    frames = []
    for run in (whole, in_parts):
        assert run.groups is not None and run.events is not None
        frames.append(run.groups.select(keys).to_pandas().sort_values(keys, ignore_index=True))
        events = run.events.select(["week", "kind", "community", "who", "other", "reason"]).to_pandas()
        frames.append(events.sort_values(list(events.columns), ignore_index=True))
        assert run.groups["group"].to_pylist() == list(range(len(run.groups)))
    assert frames[0].equals(frames[2])
    assert frames[1].equals(frames[3])
    assert in_parts.groups is not None and in_parts.events is not None
    place = dict(zip(in_parts.groups["group"].to_pylist(), in_parts.groups["community"].to_pylist(), strict=True))
    for event in in_parts.events.to_pylist():
        if event["kind"] in ("first_visit", "became_helper", "coming", "moved_group", "came_back"):
            assert place[event["value"]] == event["community"], event


def test_a_wish_to_stop_reaches_every_part(busy: Scenario) -> None:
    """Ctrl-C in a world of a million people must not wait for its end."""
    control = np.array([0, 1], np.int64)
    with pytest.raises(Stopped):
        simulate(with_values(busy, {"weeks": 520}), 1, control=control, jobs=2)


def test_a_part_that_fails_fails_the_run(busy: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a world must never be taken for a whole one."""
    from mhsim.outcomes import simulate as whole_runs

    def failing(*args: Any) -> None:
        if args[3] == PART:
            raise RuntimeError("out of memory")
        return original(*args)

    original = whole_runs._run_part
    monkeypatch.setattr(whole_runs, "_run_part", failing)
    with pytest.raises(RuntimeError, match="out of memory"):
        simulate_in_parts(busy, 1, record="runs", control=None, jobs=2)

"""Many histories while somebody waits: first ones first, shared, stopped when stale, failures told, no thread left.

Histories here are made by a stand-in that waits for the test's word, so that every order is forced and none is timed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from threading import Condition, Event, Thread

import numpy as np
import pytest

from mhsim import simulate
from mhsim.dashboard.histories import Batch, Failure, Outcome
from mhsim.dashboard.histories import ask as ask_shared
from mhsim.dashboard.histories.cache import OutcomeCache
from mhsim.dashboard.histories.requests import Request
from mhsim.dashboard.histories.statistics import (
    alive_at_end,
    alive_by_time,
    difference_in_alive,
    half_closed,
    pair_counts,
    people,
    reasons,
)
from mhsim.dashboard.histories.workers import CHUNK, Workers
from mhsim.dashboard.scenario_state import digest_of
from mhsim.engine import Stopped
from mhsim.scenario import Community, Scenario, Start
from mhsim.stats import kaplan_meier

LONG = 30.0
"""Seconds after which a test that hangs fails."""


def scenario(seed: int = 1, **other) -> Scenario:
    return Scenario(seed=seed, weeks=30, start=Start(run_in_weeks=4, members=8, helpers=2), **other)


def outcome(alive: bool = True, weeks: float = 30.0, reason: str = "", hope: float | None = 0.5) -> Outcome:
    return Outcome(alive, weeks, reason, 5, 1, 20, 4, 10, 2, 0.3, hope, 0.4, 0.75, 1, 0, 0)


@dataclass
class Living:
    """A stand-in for simulating a history: notes who asks, waits while the gate is shut, stops when told to."""

    lived: list[tuple[int, int]] = field(default_factory=list)
    stopped: list[tuple[int, int]] = field(default_factory=list)
    fails: set[int] = field(default_factory=set)
    gate: Event = field(default_factory=Event)
    moved: Condition = field(default_factory=Condition)
    inside: int = 0

    def __call__(self, wanted: Scenario, replicate: int, control: np.ndarray) -> Outcome:
        with self.moved:
            self.inside += 1
            self.moved.notify_all()
        while not self.gate.wait(0.005):
            if control[1]:
                self._note(self.stopped, wanted, replicate)
                raise Stopped("as asked")
        self._note(self.lived, wanted, replicate)
        if replicate in self.fails:
            raise ZeroDivisionError("nobody there")
        return outcome()

    def _note(self, where: list[tuple[int, int]], wanted: Scenario, replicate: int) -> None:
        with self.moved:
            where.append((wanted.seed, replicate))
            self.inside -= 1
            self.moved.notify_all()

    def until(self, true) -> None:
        with self.moved:
            assert self.moved.wait_for(true, LONG)


class Listening:
    """Collects batches and knows when the last has come."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.done, self.any = Event(), Event()

    def __call__(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.any.set()
        if batch.done:
            self.done.set()


@pytest.fixture
def living():
    made = Living()
    yield made
    made.gate.set()


@pytest.fixture
def workers(living):
    made = Workers(OutcomeCache(), living, threads=1, patience=LONG)
    yield made
    made.stop()


def test_parts_grow_without_gaps_and_end_with_all(workers, living):
    """A page says '20 of 50 histories': never fewer after more, and always the first so many."""
    listening = Listening()
    Request(workers, scenario(), 50, listening, report_at=(20,))
    living.gate.set()
    assert listening.done.wait(LONG)
    sizes = [len(batch.outcomes) for batch in listening.batches]
    assert sizes == sorted(set(sizes)) and sizes[-1] == 50 and 20 in sizes
    assert all(batch.asked == 50 for batch in listening.batches)


def test_every_first_chunk_goes_before_any_second(workers, living):
    """Thirty students press at once: each sees something before anybody sees all."""
    answers = [Listening() for _ in range(3)]
    for seed, listening in enumerate(answers):
        Request(workers, scenario(seed), 3 * CHUNK, listening)
    living.gate.set()
    for listening in answers:
        assert listening.done.wait(LONG)
    chunks = list(dict.fromkeys((seed, replicate // CHUNK) for seed, replicate in living.lived))
    assert [number for _, number in chunks] == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_a_stale_question_is_stopped_in_the_middle_and_the_rest_of_it_never_begins(workers, living):
    listening = Listening()
    stale = Request(workers, scenario(1), 5 * CHUNK, listening)
    living.until(lambda: living.inside == 1)
    stale.stop()
    living.until(lambda: living.stopped == [(1, 0)])
    fresh = Listening()
    Request(workers, scenario(2), CHUNK, fresh)
    living.gate.set()
    assert fresh.done.wait(LONG)
    assert {seed for seed, _ in living.lived} == {2}
    assert not listening.batches


def test_two_who_ask_the_same_share_the_work_and_one_may_leave(workers, living):
    first, second = Listening(), Listening()
    leaving = Request(workers, scenario(), 2 * CHUNK, first)
    living.until(lambda: living.inside == 1)
    Request(workers, scenario(), 2 * CHUNK, second)
    leaving.stop()
    living.gate.set()
    assert second.done.wait(LONG)
    assert sorted(living.lived) == [(1, replicate) for replicate in range(2 * CHUNK)]
    assert not first.batches


def test_who_joins_a_chunk_that_runs_gets_what_it_has_already_lived(living):
    """The histories of the chunk that ended before the second question came must not be missing from its answer."""
    workers = Workers(OutcomeCache(), living, threads=1, patience=LONG)
    living.gate.set()
    entered, go_on = Event(), Event()
    first, second = Listening(), Listening()

    def in_the_middle(replicate_done: Batch) -> None:
        first(replicate_done)
        entered.set()
        go_on.wait(LONG)

    Request(workers, scenario(), CHUNK, in_the_middle, report_at=(3,))
    assert entered.wait(LONG)
    joining = Thread(target=lambda: Request(workers, scenario(), CHUNK, second))
    joining.start()
    joining.join(LONG)
    go_on.set()
    assert second.done.wait(LONG)
    assert len(living.lived) == CHUNK
    workers.stop()


def test_more_of_the_same_continues_instead_of_repeating(workers, living):
    living.gate.set()
    first, more, again = Listening(), Listening(), Listening()
    Request(workers, scenario(), 20, first)
    assert first.done.wait(LONG)
    Request(workers, scenario(), 50, more)
    assert more.done.wait(LONG)
    assert len(living.lived) == 50
    Request(workers, scenario(), 50, again)
    assert again.done.is_set(), "what is known is handed over before ask returns"
    assert len(living.lived) == 50


def test_a_failed_history_is_kept_in_its_place_and_told(workers, living, caplog):
    living.fails = {3}
    living.gate.set()
    listening = Listening()
    Request(workers, scenario(), 20, listening)
    assert listening.done.wait(LONG)
    last = listening.batches[-1]
    assert last.failed == 1
    assert last.outcomes[3] == Failure(3, "ZeroDivisionError: nobody there")
    assert alive_at_end(last.outcomes).cases == 19
    assert "history 3 failed" in caplog.text


def test_a_listener_that_breaks_does_not_take_the_others_with_it(workers, living, caplog):
    def broken(batch: Batch) -> None:
        raise RuntimeError("the page has gone")

    living.gate.set()
    Request(workers, scenario(1), CHUNK, broken)
    fine = Listening()
    Request(workers, scenario(2), CHUNK, fine)
    assert fine.done.wait(LONG)
    assert "the page has gone" in caplog.text


def test_no_thread_is_left_when_nobody_asks(living):
    workers = Workers(OutcomeCache(), living, threads=2, patience=0.0)
    living.gate.set()
    listening = Listening()
    Request(workers, scenario(), 4 * CHUNK, listening)
    assert listening.done.wait(LONG)
    with workers._changed:
        assert workers._changed.wait_for(lambda: workers._alive == 0, LONG)
    once_more = Listening()
    Request(workers, scenario(2), CHUNK, once_more)
    assert once_more.done.wait(LONG), "threads begin again when somebody asks again"


def test_what_was_used_longest_ago_is_forgotten_first():
    kept = OutcomeCache(most=6)
    for name in ("a", "b", "c"):
        for replicate in range(2):
            kept.put(name, replicate, outcome())
    kept.first("a", 2)
    kept.put("d", 0, outcome())
    assert kept.get("a", 0) and kept.get("c", 0) and kept.get("d", 0)
    assert kept.get("b", 0) is None
    assert len(kept) == 6


def test_scenarios_that_differ_in_anything_have_different_names():
    one = scenario()
    assert digest_of(one) == digest_of(scenario())
    assert digest_of(one) != digest_of(scenario(2))
    assert digest_of(one) != digest_of(scenario(community=Community(arrivals_per_week=0.7)))


def test_the_histories_are_those_of_the_engine():
    """Otherwise the story beside the numbers would not be one of them."""
    asked = scenario()
    listening = Listening()
    request = ask_shared(asked, 3, listening)
    assert listening.done.wait(300)
    request.stop()
    for replicate, found in enumerate(listening.batches[-1].outcomes):
        summary = simulate(asked, replicate).summary
        assert isinstance(found, Outcome)
        assert found._asdict() == {name: summary[name] for name in Outcome._fields}


GROUPS = [outcome(), outcome(False, 10.0, "money"), outcome(False, 26.0, "no_leader"), outcome(False, 10.0, "money")]


def test_the_curve_is_the_kaplan_meier_curve():
    """Counted plainly here, fitted in reports: the two must say the same."""
    alive = alive_by_time(GROUPS, 30.0)
    assert alive.weeks == [0.0, 13.0, 26.0, 30.0]
    assert alive.share == [100.0, 50.0, 25.0, 25.0]
    weeks = np.array([group.weeks_to_closure for group in GROUPS])
    fitted = kaplan_meier(weeks, np.array([not group.alive_at_end for group in GROUPS], float))
    assert fitted is not None
    for week, share in zip(alive.weeks, alive.share, strict=True):
        assert fitted.at(week).value * 100 == pytest.approx(share)
    assert all(a <= b <= c for a, b, c in zip(alive.low, alive.share, alive.high, strict=True))


def test_reasons_half_time_and_pairs_are_counted():
    assert reasons(GROUPS) == {"money": 2, "no_leader": 1}
    assert half_closed(GROUPS) == 10.0
    assert half_closed([outcome(), outcome()]) is None and half_closed([]) is None
    other = [outcome(), outcome(), outcome(False, 5.0, "money"), Failure(3, "x")]
    found = pair_counts(GROUPS, other)
    assert (found.both, found.first_only, found.second_only, found.neither, found.cases) == (1, 0, 1, 1, 3)
    assert difference_in_alive(GROUPS, other).value == pytest.approx(1 / 3)


def test_no_difference_at_all_is_still_uncertain():
    same = [outcome()] * 20
    difference = difference_in_alive(same, same)
    assert difference.identical and not difference.clear
    assert difference.low < 0 < difference.high < inf


def test_people_are_compared_pair_by_pair_and_what_is_missing_is_left_out():
    first = [outcome(hope=0.4), outcome(hope=None), Failure(2, "x"), outcome(hope=0.6)]
    second = [outcome(hope=0.5), outcome(hope=0.9), outcome(hope=0.9), outcome(hope=0.7)]
    told = {one.measure.name: one for one in people(first, second)}
    assert told["hope_at_52"].difference.cases == 2
    assert told["hope_at_52"].difference.value == pytest.approx(0.1)
    assert told["unmet"].means[0].value == pytest.approx(0.25)
    assert told["came"].means[1].value == pytest.approx(0.2)
    assert not people([], [])[0].difference.known

"""The coordinator's question: some helpers stop soon; what follows in one, three and ten years.

One situation is asked about, the group with its loss of helpers. The answers are the same group under several measures
taken from its first week on, side by side with doing nothing, all with the same chance events.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np

from mhsim.dashboard import histories
from mhsim.dashboard.histories import Failure, JointRequest, Outcomes
from mhsim.dashboard.histories.statistics import value_of
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.queries import HISTORIES
from mhsim.dashboard.turnover.sliders import (
    HELPERS,
    LEARNT,
    SUCCESSORS,
    loss_of,
    with_loss,
)
from mhsim.errors import InputError, shortened
from mhsim.scenario import Scenario, Value
from mhsim.stats import UNKNOWN, Estimate, mean, paired_differences, proportion

HORIZONS = (52, 156, 520)
"""Weeks after which the group is looked at: one, three and ten years."""
ORGANISING, ORGANISING_MORE, MOST_ORGANISING = "serve.organise_hazard", 5.0, 10.0
SUPERVISION, SUPERVISED = "supervise.supervision", 0.8
MOST_SUCCESSORS = 20


@dataclass(frozen=True)
class Remedy:
    """Something a group may do: its name, what the model takes it to be, and what it sets from the first week on."""

    name: str
    about: str
    settings: tuple[tuple[str, Value], ...] = ()


def opening() -> Situation:
    """Return the question as the page asks it at first: two of four helpers leave within a month."""
    return with_loss(Situation().with_values({HELPERS: 4, "weeks": HORIZONS[-1]}), 2, 4, True)


def measures(situation: Situation) -> tuple[Remedy, ...]:
    """Return what a group may do about it; the first is nothing."""
    return (
        Remedy("Do nothing", "the group goes on as it is"),
        *_successors(situation),
        Remedy(
            "Share the work",
            "members take on other work than helping, such as opening and leading, five times as readily",
            ((ORGANISING, min(MOST_ORGANISING, ORGANISING_MORE * float(situation.value(ORGANISING)))),),
        ),
        Remedy(
            "Get supervision",
            f"helpers get {100 * SUPERVISED:.0f} % of full supervision",
            ((SUPERVISION, max(SUPERVISED, float(situation.value(SUPERVISION)))),),
        ),
    )


def _successors(situation: Situation) -> tuple[Remedy, ...]:
    """Return what can be done to have successors, where helping has to be learnt: nobody has to prepare elsewhere."""
    if not situation.value(LEARNT):
        return ()
    now = int(situation.value(SUCCESSORS))
    more = "more " if now else ""
    one, two = (min(MOST_SUCCESSORS, now + many) for many in (1, 2))
    return (
        Remedy(
            "Bring on one now",
            f"the group keeps one {more}member learning to help, or ready to follow",
            ((SUCCESSORS, one),),
        ),
        Remedy(
            "Bring on two now",
            f"the group keeps two {more}members learning to help, or ready to follow",
            ((SUCCESSORS, two),),
        ),
    )


@dataclass(frozen=True)
class AnswerRow:
    """One row of the answer: its name, what it means, and the whole situation."""

    name: str
    about: str
    situation: Situation


def arms_of(situation: Situation) -> tuple[AnswerRow, ...]:
    """Return the rows of the answer: nothing done, each measure, and the same group if nobody stopped.

    Raises
    ------
    InputError
        If one of them is not allowed, such as too large a group.
    """
    arms = [AnswerRow(one.name, one.about, situation.with_values(dict(one.settings))) for one in measures(situation)]
    if loss_of(situation)[0]:
        arms.append(AnswerRow("If nobody stopped", "to compare: nothing done, and no loss", with_loss(situation, 0, 0)))
    return tuple(arms)


def until(situation: Situation, weeks: int) -> Scenario:
    """Return the situation's first so many weeks; what changes later is left out."""
    early = [change for change in situation.changes if change.week < weeks]
    return situation.with_values({"weeks": weeks}, early).scenario()


@dataclass(frozen=True)
class Horizon:
    """One horizon: after how many weeks, and the scenario of each arm."""

    weeks: int
    scenarios: tuple[Scenario, ...]


def parts_of(arms: Sequence[AnswerRow]) -> tuple[Horizon, ...]:
    """Return what has to be simulated, the shortest first; horizons before the loss are left out."""
    count, week = loss_of(arms[0].situation)
    later = [weeks for weeks in HORIZONS if not count or week < weeks]
    return tuple(Horizon(weeks, tuple(until(arm.situation, weeks) for arm in arms)) for weeks in later)


@dataclass(frozen=True)
class AnswerColumn:
    """Something seen at the end of a horizon: its name among outcomes, words, unit, scale and decimals."""

    name: str
    words: str
    unit: str
    scale: float
    digits: int


ALIVE = "alive_at_end"
COLUMNS = (
    AnswerColumn(ALIVE, "Groups still meeting", "of 100 groups", 100.0, 1),
    AnswerColumn("helpers_at_end", "Helpers then", "a group; 0 where it has closed", 1.0, 1),
    AnswerColumn("members_at_end", "Members then", "a group; 0 where it has closed", 1.0, 1),
    AnswerColumn("unmet", "Asked for help and found nobody free", "of 100 requests until then", 100.0, 1),
)


@dataclass(frozen=True)
class Cell:
    """One measure of one arm, and its difference from doing nothing; unknown for doing nothing itself."""

    column: AnswerColumn
    value: Estimate
    change: Estimate = UNKNOWN


def table_of(outcomes: Sequence[Outcomes]) -> list[list[Cell]]:
    """Return the cells of each arm; all differences of a horizon are judged together, pair by pair."""
    found = np.array([[[value_of(one, column.name) for one in arm] for column in COLUMNS] for arm in outcomes])
    yes_no = [column.name == ALIVE for column in COLUMNS]
    changes = (found[1:] - found[0]).reshape(-1, found.shape[2])
    judged = iter(paired_differences(changes, yes_no=yes_no * (len(found) - 1)))
    rows = []
    for k, arm in enumerate(found):
        values = [share(row) if kind else mean(row) for row, kind in zip(arm, yes_no, strict=True)]
        rows.append([Cell(COLUMNS[c], one, next(judged) if k else UNKNOWN) for c, one in enumerate(values)])
    return rows


def share(row: np.ndarray) -> Estimate:
    """Return the share of yes (1) among yes and no; missing ones are left out."""
    there = row[~np.isnan(row)]
    return proportion(int(there.sum()), len(there))


@dataclass(frozen=True)
class News:
    """What is known of a question: its parts, and of each the outcomes of all arms so far."""

    parts: tuple[Horizon, ...]
    outcomes: tuple[tuple[Outcomes, ...], ...] = ()

    def runs(self, part: int) -> int:
        """Return how many runs of each arm are there."""
        return len(self.outcomes[part][0]) if part < len(self.outcomes) else 0

    def done(self, part: int) -> bool:
        """Whether a part is there as a whole."""
        return self.runs(part) == HISTORIES

    def failed(self, part: int) -> int:
        """Return in how many runs at least one arm failed."""
        return sum(any(isinstance(one, Failure) for one in same) for same in zip(*self.outcomes[part], strict=True))


class Conversation:
    """The questions of one visitor, the newest counts; the parts of one are simulated one after the other.

    Parameters
    ----------
    on_news : callable
        Called with News as histories end, from other threads.
    """

    def __init__(self, on_news: Callable[[News], None]) -> None:
        self._on_news = on_news
        self._lock = Lock()
        self._number = 0
        self._open: JointRequest | None = None

    def ask(self, parts: tuple[Horizon, ...]) -> None:
        """Ask about all parts; any question before is stopped."""
        self._begin(self.stop(), News(parts))

    def stop(self) -> int:
        """Cancel whatever is asked; return the number that a next question has."""
        with self._lock:
            self._number += 1
            number, now, self._open = self._number, self._open, None
        if now is not None:
            now.stop()
        return number

    def _begin(self, number: int, before: News) -> None:
        if len(before.outcomes) == len(before.parts):
            return

        def take(outcomes: tuple[Outcomes, ...]) -> None:
            news = News(before.parts, (*before.outcomes, outcomes))
            with self._lock:
                if number != self._number:
                    return
            self._on_news(news)
            if news.done(len(before.outcomes)):
                self._begin(number, news)

        scenarios = before.parts[len(before.outcomes)].scenarios
        request = JointRequest(scenarios, HISTORIES, take, ask=histories.ask)
        with self._lock:
            if number != self._number:
                return
            self._open = request
        request.begin()
        with self._lock:
            overtaken = number != self._number
        if overtaken:  # stopped before it had asked for everything
            request.stop()


WEEKS_IN_YEAR, MONTHS_IN_YEAR = 52, 12
TIME = re.compile(r"\s*(?:(?P<unit>[a-z]+)\s*)?(?P<number>\d{1,4})(?:\s*(?P<after>[a-z]+))?\s*", re.IGNORECASE)


def week_of_month(months: int) -> int:
    """Return the week in which so many months have passed."""
    return round(months * WEEKS_IN_YEAR / MONTHS_IN_YEAR)


def read_time(text: str) -> int:
    """Return the week that a text such as "week 4", "4 weeks", "2 months" or "1 year" stands for.

    Raises
    ------
    InputError
        If it stands for none, or lies beyond the last horizon.
    """
    match = TIME.fullmatch(text)
    unit = "week"
    if match is not None and not (match["unit"] and match["after"]):
        unit = (match["unit"] or match["after"] or "week").lower().removesuffix("s")
    if match is None or unit not in ("week", "month", "year") or (match["unit"] and match["after"]):
        raise InputError(f"when: given '{shortened(text)}'; written as 4 weeks, 2 months or 1 year")
    number = int(match["number"])
    week = {"week": number, "month": week_of_month(number), "year": number * WEEKS_IN_YEAR}[unit]
    if week >= HORIZONS[-1]:
        raise InputError(f"when: given '{shortened(text)}'; allowed: before ten years have passed")
    return week


def time_in_words(week: int) -> str:
    """Return a week as it can be read back: in whole months or years where it is just that, else in weeks."""
    if week and week % WEEKS_IN_YEAR == 0:
        return _counted(week // WEEKS_IN_YEAR, "year")
    months = round(week * MONTHS_IN_YEAR / WEEKS_IN_YEAR)
    if months and week_of_month(months) == week:
        return _counted(months, "month")
    return _counted(week, "week")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

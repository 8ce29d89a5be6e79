"""The record of a run that stories need: the event log, lives and groups of a run, its folder or its history so far."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mhsim.errors import InputError, shown
from mhsim.safe_files import read_table
from mhsim.schema import NOBODY
from mhsim.user_paths import user_path

if TYPE_CHECKING:
    import pyarrow as pa

    from mhsim.engine import Simulation
    from mhsim.outcomes.results import Run
    from mhsim.scenario import Scenario, Start

HOW_TO_RECORD = 'this record keeps no event log; use record="story", or mhsim run with --record story'
NO_RUN = "this is not the folder of a run: it holds no"
NO_EVENTS = "this run kept no event log; run it again with: mhsim run ... --record story"
NAMES = "people are named community-step-index, such as 0-4095-2"


@dataclass(frozen=True)
class Entry:
    """One row of the event log; `other` is an identity, 0 where the kind knows no other person.

    `stage` is that after the event, `role` that before it; both are "" for events of groups.
    """

    week: float
    kind: str
    community: int
    who: int
    other: int
    value: int
    reason: str | None
    group: int
    stage: str
    role: str


@dataclass(frozen=True)
class Life:
    """The columns of the table of lives that stories need; weeks since the groups opened, None for never."""

    person: str
    community: int
    who: int
    starter: bool
    arrived_week: float
    resilience: str
    ended: str
    membership: str
    stage: str
    role: str
    group: int
    last_group: int
    joined_week: float | None
    first_contact_week: float | None
    helper_week: float | None
    left_week: float | None
    weeks_helping: float
    meetings: int
    help_given: int
    help_received: int
    crises: int


@dataclass(frozen=True)
class GroupRecord:
    """The columns of the table of groups that stories need."""

    group: int
    community: int
    parent: int
    founded_week: float
    closed_week: float | None
    status: str
    reason: str
    circumstances: str
    roll: int
    helpers: int
    first_visits: int
    helpers_made: int
    helpers_lost: int
    form: str = ""


ROWS = {"events": Entry, "lives": Life, "groups": GroupRecord}
TABLES = {name: [column.name for column in fields(row)] for name, row in ROWS.items()} | {"series": ["week"]}
TABLES["groups"].remove("form")  # only worlds of several forms have it
"""The tables that stories are told from, and the columns they need."""


class Chronicle:
    """Everything a story is told from, as it stood at one moment.

    Parameters
    ----------
    scenario : Scenario
        What was assumed at the start.
    week : float
        Weeks since the groups opened, at the end of the record.
    events, lives, groups : pyarrow.Table
        Tables as `mhsim.outcomes.output_tables` makes them.
    """

    def __init__(self, scenario: Scenario, week: float, events: pa.Table, lives: pa.Table, groups: pa.Table) -> None:
        self.scenario = scenario
        self.week = week
        self._lives = lives
        self._who, self._other, self._community, self._week, self._group = (
            events[name].to_numpy() for name in ("who", "other", "community", "week", "group")
        )
        named = [events[name].fill_null("") for name in ("stage", "role")]
        plain = [events[name] for name in TABLES["events"][: -len(named)]]
        self._columns = [column.to_pylist() for column in (*plain, *named)]
        identities = _identity(self._community, self._who)
        self._by_person = np.argsort(identities, kind="stable")
        self._identities = identities[self._by_person]
        self._is_help = np.array(events["kind"].to_pylist(), object) == "helped_by"
        kept = [*TABLES["groups"], *(["form"] if "form" in groups.column_names else [])]
        self.groups = tuple(GroupRecord(**row) for row in groups.select(kept).to_pylist())

    def start_of(self, group: GroupRecord) -> Start:
        """Return how a group that opened in week 0 started."""
        start: Start = (self.scenario.forms[group.form] if group.form else self.scenario).start
        return start

    @property
    def step_weeks(self) -> float:
        """Weeks in one step."""
        return float(self.scenario.weeks_per_step)

    @property
    def several_groups(self) -> bool:
        """Whether there has ever been more than one group, so that groups need their numbers."""
        return len(self.groups) > 1

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Names of all people of the record, by community and order of arrival."""
        return tuple(self._lives["person"].to_pylist())

    @cached_property
    def _life_columns(self) -> dict[str, list[Any]]:
        return {name: self._lives[name].to_pylist() for name in TABLES["lives"]}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {person: place for place, person in enumerate(self.people)}

    def life(self, person: str) -> Life:
        """Return one life; raise InputError, naming what is allowed, if there is no such person."""
        place = self._places.get(person)
        if place is None:
            first, last = (self.people[0], self.people[-1]) if self.people else ("none", "none")
            raise InputError(
                f"person: there is none like {shown(person)}; {NAMES}, and here there are {len(self.people):,}, "
                f"from {first} to {last}"
            )
        return Life(**{name: column[place] for name, column in self._life_columns.items()})

    def group(self, number: int) -> GroupRecord:
        """Return one group; raise InputError, naming what is allowed, if there is no such group."""
        if not self.groups:
            raise InputError("group: this record has no group yet")
        if not 0 <= number < len(self.groups):
            raise InputError(f"group: there is no group {number}; allowed are 0 to {len(self.groups) - 1}")
        return self.groups[number]

    def entries(self, life: Life) -> list[Entry]:
        """Return what happened to one person, in order."""
        identity = _identity(life.community, life.who)
        first, last = (int(np.searchsorted(self._identities, identity, side)) for side in ("left", "right"))
        return self._entries(self._by_person[first:last])

    def help_given(self, life: Life) -> list[Entry]:
        """Return when this person helped whom; the one who was helped is `who` of each entry."""
        wanted = self._is_help & (self._other == life.who) & (self._community == life.community)
        return self._entries(np.flatnonzero(wanted))

    def between(self, first: float, last: float) -> list[Entry]:
        """Return what happened to people from one week to another, both included, in order."""
        wanted = (self._week >= first) & (self._week <= last) & (self._who != NOBODY)
        return self._entries(np.flatnonzero(wanted))

    def entries_of_group(self, number: int) -> list[Entry]:
        """Return what happened to one group as a whole, in order."""
        return self._entries(np.flatnonzero((self._who == NOBODY) & (self._group == number)))

    def _entries(self, rows: np.ndarray) -> list[Entry]:
        return [Entry(*(column[k] for column in self._columns)) for k in rows.tolist()]


def _identity(community: Any, who: Any) -> Any:
    """Return one whole number, or one for each, that stands for a person of the record."""
    return np.asarray(community, np.int64) << 32 | np.asarray(who, np.int64)


def chronicle_of(record: Run | Simulation | Chronicle) -> Chronicle:
    """Return what is needed to tell stories of a record; make it once to tell many.

    Parameters
    ----------
    record : Run, Simulation or Chronicle
        A finished run or a history at the step it has reached, recorded as "story".

    Raises
    ------
    InputError
        If the record keeps no event log.
    """
    if isinstance(record, Chronicle):
        return record
    if hasattr(record, "world"):
        from mhsim.outcomes.output_tables import events_table, groups_table, lives_table

        simulation = cast("Simulation", record)
        if not len(simulation.world.events):
            raise InputError(HOW_TO_RECORD)
        tables = (table(simulation.world, simulation.assumed) for table in (events_table, lives_table, groups_table))
        return Chronicle(simulation.assumed, simulation.week, *tables)
    if record.events is None or record.lives is None or record.groups is None:
        raise InputError(HOW_TO_RECORD)
    week = (0 if record.series is None else record.series.num_rows) * record.scenario.weeks_per_step
    return Chronicle(record.scenario, week, record.events, record.lives, record.groups)


def chronicle_in(folder: Path) -> Chronicle:
    """Return what is needed to tell the stories of a run that was saved.

    Raises
    ------
    InputError
        If there is no such folder, it is not that of a run, it keeps no event log, or a table cannot be read.
    """
    folder = user_path(folder)
    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder))
    for name in ("scenario.yaml", "summary.json"):
        if not (folder / name).is_file():
            raise InputError(f"{NO_RUN} {name}", str(folder))
    if not (folder / "events.parquet").is_file():
        raise InputError(NO_EVENTS, str(folder))
    from mhsim.plugins import without_rule_code
    from mhsim.scenario_io.loader import read_scenario

    with without_rule_code():
        scenario = read_scenario(folder / "scenario.yaml")
    tables: dict[str, Any] = {}
    for name, columns in TABLES.items():
        path = folder / f"{name}.parquet"
        tables[name] = read_table(path)
        lacking = [column for column in columns if column not in tables[name].column_names]
        if lacking:
            raise InputError(f"this table lacks the column {lacking[0]}", str(path))
    week = tables["series"].num_rows * scenario.weeks_per_step
    return Chronicle(scenario, week, tables["events"], tables["lives"], tables["groups"])

"""The tables of a trial, made from the runs in its folder: estimates, the flow of people, how groups differ beforehand.

`analysis/estimates.parquet` has one row for each outcome, week and comparison, over all worlds; `by_world.parquet` the
same for each world; `flow.parquet` counts people from need to the end of the follow-up, and `beforehand.parquet` says
how the groups that are compared differ before anybody comes. The same runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from mhsim.schema import SNAPSHOT_WEEKS
from mhsim.studies.analysis import NUMBER, TEXT, WHOLE, Row, write_analysis
from mhsim.studies.columns import column
from mhsim.studies.data import StudyData, read_study
from mhsim.studies.trial.comparing import Columns, TrialContrast, TrialWorld, came, comparisons, helped, people_at
from mhsim.studies.trial.design import NOBODY_INVITED, TRIAL
from mhsim.studies.trial.enrolled import BEGINNINGS, PEOPLE
from mhsim.studies.trial.estimates import Sample, in_one_world, over_worlds

WHAT = (
    column("outcome", TEXT, "name", "what is compared: accommodated, hope, efficacy, distress or calm"),
    column("week", WHOLE, "weeks", "weeks after need arose at which it is compared"),
    column("comparison", TEXT, "name", "how it is compared"),
)
FOUND = (
    column("people", WHOLE, "people", "people in the comparison, with the outcome known"),
    column("value", NUMBER, "outcome", "the difference, a share or on the scale 0 to 1; null: it cannot be told"),
    column("error", NUMBER, "outcome", "standard error; null: it cannot be told"),
    column("low", NUMBER, "outcome", "lower end of the 95 % interval"),
    column("high", NUMBER, "outcome", "upper end of the 95 % interval"),
)
WORLD = column("replicate", WHOLE, "number", "which replicate")
OVER_ALL = pa.schema(
    [
        *WHAT,
        column("meaning", TEXT, "text", "who less whom"),
        column("whom", TEXT, "text", "whom it is about"),
        column("worlds", WHOLE, "worlds", "replicates in which all runs it needs ended well and anybody is in it"),
        *FOUND,
    ]
)
IN_EACH = pa.schema([WORLD, *WHAT, *FOUND])
FLOW = pa.schema(
    [
        WORLD,
        column("stage", TEXT, "name", "how far people got"),
        column("arm", TEXT, "name", "invited, waits, or everybody"),
        column("people", WHOLE, "people", "how many"),
    ]
)
BEFOREHAND = pa.schema(
    [
        column("trait", TEXT, "name", "what is compared: how people were when need arose"),
        column("groups", TEXT, "name", "arms of the trial; attended or helped, where nobody is invited"),
        column("people_one", WHOLE, "people", "invited, those who came, or helpers"),
        column("people_other", WHOLE, "people", "waiting, others, or other members"),
        column("mean_one", NUMBER, "trait", "mean of the first group"),
        column("mean_other", NUMBER, "trait", "mean of the other group"),
        column("difference", NUMBER, "s.d.", "difference of the means in standard deviations of both together"),
    ]
)

SCHEMAS = {"estimates": OVER_ALL, "by_world": IN_EACH, "flow": FLOW, "beforehand": BEFOREHAND}


def analyse(folder: Path) -> None:
    """Write the tables of a trial into the folder ``analysis``; it can be done again at any time.

    Raises
    ------
    InputError
        If the folder holds no finished trial; one line.
    StoreError
        If the disk refuses.
    """
    data = read_study(folder)
    study, worlds = data.study, read_worlds(data)
    weeks = [week for week in SNAPSHOT_WEEKS if study["enrol_after_weeks"] < week <= study["follow_up"]]
    over_all, in_each = estimated(worlds, study["outcomes"], weeks)
    rows = {
        "estimates": over_all,
        "by_world": in_each,
        "flow": [row for world in worlds for row in flow_of(world)],
        "beforehand": beforehand(worlds),
    }
    write_analysis(folder, SCHEMAS, rows)


def read_worlds(data: StudyData) -> list[TrialWorld]:
    """Return the worlds of a trial in the order of replicates."""
    latest, follow_up = float(data.lengths[0]) - data.study["follow_up"], float(data.study["follow_up"])
    points = range(len(data.points))
    return [
        TrialWorld(
            replicate,
            tuple(
                _read_people(data, point, replicate, latest) if data.done[point, replicate] else None
                for point in points
            ),
            follow_up,
        )
        for replicate in range(data.shape[1])
    ]


def _read_people(data: StudyData, point: int, replicate: int, latest: float) -> Columns:
    """Return the columns of those who came into need before `latest` weeks, NaN where a number is missing."""
    table = data.run_table(PEOPLE, point, replicate)
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    early = columns["arrived_week"] < latest
    return {name: values[early] for name, values in columns.items()}


def estimated(
    worlds: Sequence[TrialWorld], outcomes: Sequence[str], weeks: Sequence[int]
) -> tuple[list[Row], list[Row]]:
    """Return every comparison of every outcome at every week: rows over all worlds, and rows for each world."""
    over_all: list[Row] = []
    in_each: list[Row] = []
    for outcome in outcomes:
        for week in weeks:
            for comparison in comparisons():
                what = {"outcome": outcome, "week": week, "comparison": comparison.name}
                samples = [(world.replicate, _sample(comparison, world, f"{outcome}_at_{week}")) for world in worlds]
                there = [(replicate, sample) for replicate, sample in samples if sample is not None]
                words = {"meaning": comparison.meaning, "whom": comparison.people, "worlds": len(there)}
                total = over_worlds([sample for _, sample in there])
                people = sum(sample.people for _, sample in there)
                over_all.append({**what, **words, "people": people, **total._asdict()})
                in_each += [
                    {"replicate": replicate, **what, "people": sample.people, **in_one_world(sample)._asdict()}
                    for replicate, sample in there
                ]
    in_each.sort(key=lambda row: int(row["replicate"]))
    return over_all, in_each


def _sample(comparison: TrialContrast, world: TrialWorld, outcome: str) -> Sample | None:
    """Return the sample of a comparison; None if one of the runs it needs failed, or nobody is in it."""
    if any(world.points[point] is None for point in comparison.needs):
        return None
    return comparison.sample(world, outcome)


def flow_of(world: TrialWorld) -> Iterator[Row]:
    """Yield how many people got how far in the trial of one world; nothing if its run failed."""
    if world.points[TRIAL] is None:
        return
    people = people_at(world, TRIAL)
    enrolled, attended = people["enrolled"], came(people, world)
    lost = np.nan_to_num(people["gone_weeks"], nan=np.inf) < world.follow_up
    early = ~enrolled & ~np.isnan(people["came_weeks"])
    for stage, whom in (
        ("in_need", np.ones_like(enrolled)),
        ("came_before", early),
        ("gone_before", ~enrolled & ~early),
        ("enrolled", enrolled),
    ):
        yield _count(world, stage, "everybody", whom)
    for arm, ours in (("invited", enrolled & people["invited"]), ("waits", enrolled & ~people["invited"])):
        yield _count(world, "enrolled", arm, ours)
        yield _count(world, "takes_up", arm, ours & people["takes_up"] & (arm == "invited"))
        yield _count(world, "came", arm, ours & attended)
        yield _count(world, "helped", arm, ours & helped(people, world))
        yield _count(world, "lost", arm, ours & lost)
        yield _count(world, "followed", arm, ours & ~lost)


def _count(world: TrialWorld, stage: str, arm: str, whom: Any) -> Row:
    return {"replicate": world.replicate, "stage": stage, "arm": arm, "people": int(np.count_nonzero(whom))}


def beforehand(worlds: Sequence[TrialWorld]) -> Iterator[Row]:
    """Yield how the groups that are compared differ when need arises, the people of all worlds together."""
    for groups, point in (("arms", TRIAL), ("attended", NOBODY_INVITED), ("helped", NOBODY_INVITED)):
        there = [world for world in worlds if world.points[point] is not None]
        for trait in BEGINNINGS:
            one, other = [np.empty(0)], [np.empty(0)]
            for world in there:
                people = people_at(world, point)
                first = {"arms": people["invited"], "attended": came(people, world), "helped": helped(people, world)}
                whom = {
                    "arms": people["enrolled"],
                    "attended": ~first["arms"] | first["arms"],
                    "helped": came(people, world),
                }
                values = people[f"{trait}_before"]
                one.append(values[whom[groups] & first[groups]])
                other.append(values[whom[groups] & ~first[groups]])
            yield _difference(trait, groups, np.concatenate(one), np.concatenate(other))


def _difference(trait: str, groups: str, one: Any, other: Any) -> Row:
    row = {"trait": trait, "groups": groups, "people_one": len(one), "people_other": len(other)}
    if len(one) < 2 or len(other) < 2:
        return {**row, "mean_one": None, "mean_other": None, "difference": None}
    spread = sqrt((float(one.var(ddof=1)) + float(other.var(ddof=1))) / 2.0)
    difference = float(one.mean() - other.mean()) / spread if spread > 0.0 else None
    return {**row, "mean_one": float(one.mean()), "mean_other": float(other.mean()), "difference": difference}

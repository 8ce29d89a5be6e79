"""The tables of a trial, made from the runs in its folder: estimates, the flow of people, how groups differ beforehand.

`analysis/estimates.parquet` has one row for each outcome, week and comparison, over all worlds; `by_world.parquet` the
same for each world; `flow.parquet` counts people from need to the end of the follow-up, and `beforehand.parquet` says
how the groups that are compared differ before anybody comes. The same runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from mhsim.errors import InputError
from mhsim.schema import SNAPSHOT_WEEKS
from mhsim.studies.analysis import read_analysis, write_analysis
from mhsim.studies.columns import column
from mhsim.studies.trial.comparing import Columns, Comparison, World, came, comparisons, helped, people_at
from mhsim.studies.trial.design import NOBODY_INVITED, TRIAL
from mhsim.studies.trial.estimates import Estimate, Sample, in_one_world, over_worlds
from mhsim.studies.trial.people import BEGINNINGS, PEOPLE

if TYPE_CHECKING:
    import pandas as pd

NAMES = ("estimates", "by_world", "flow", "beforehand")
WHAT = (
    column("outcome", pa.string(), "name", "what is compared: accommodated, hope, efficacy, distress or calm"),
    column("week", pa.int64(), "weeks", "weeks after need arose at which it is compared"),
    column("comparison", pa.string(), "name", "how it is compared"),
)
FOUND = (
    column("people", pa.int64(), "people", "people in the comparison, with the outcome known"),
    column("value", pa.float64(), "outcome", "the difference, a share or on the scale 0 to 1; null: it cannot be told"),
    column("error", pa.float64(), "outcome", "standard error; null: it cannot be told"),
    column("low", pa.float64(), "outcome", "lower end of the 95 % interval"),
    column("high", pa.float64(), "outcome", "upper end of the 95 % interval"),
)
WORLD = column("replicate", pa.int64(), "number", "which luck")
OVER_ALL = pa.schema(
    [
        *WHAT,
        column("meaning", pa.string(), "text", "who less whom"),
        column("whom", pa.string(), "text", "whom it is about"),
        column("worlds", pa.int64(), "worlds", "replicates in which all runs it needs ended well and anybody is in it"),
        *FOUND,
    ]
)
IN_EACH = pa.schema([WORLD, *WHAT, *FOUND])
FLOW = pa.schema(
    [
        WORLD,
        column("stage", pa.string(), "name", "how far people got"),
        column("arm", pa.string(), "name", "invited, waits, or everybody"),
        column("people", pa.int64(), "people", "how many"),
    ]
)
BEFOREHAND = pa.schema(
    [
        column("trait", pa.string(), "name", "what is compared: how people were when need arose"),
        column("groups", pa.string(), "name", "arms of the trial; attended or helped, where nobody is invited"),
        column("people_one", pa.int64(), "people", "invited, those who came, or helpers"),
        column("people_other", pa.int64(), "people", "waiting, others, or other members"),
        column("mean_one", pa.float64(), "trait", "mean of the first group"),
        column("mean_other", pa.float64(), "trait", "mean of the other group"),
        column("difference", pa.float64(), "s.d.", "difference of the means in standard deviations of both together"),
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
    study, worlds = read_worlds(folder)
    weeks = [week for week in SNAPSHOT_WEEKS if study["enrol_after_weeks"] < week <= study["follow_up"]]
    over_all, in_each = estimated(worlds, study["outcomes"], weeks)
    made = {
        "estimates": pa.Table.from_pylist(over_all, OVER_ALL),
        "by_world": pa.Table.from_pylist(in_each, IN_EACH),
        "flow": pa.Table.from_pylist([row for world in worlds for row in flow_of(world)], FLOW),
        "beforehand": pa.Table.from_pylist(list(beforehand(worlds)), BEFOREHAND),
    }
    write_analysis(folder, made)


def tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a trial as data frames by name: estimates, by_world, flow, beforehand.

    Raises
    ------
    InputError
        If the folder holds no trial that was analysed; one line.
    """
    missing = f"there is no analysis here; mhsim trial STUDY --out {folder} --resume makes it"
    return read_analysis(folder, NAMES, missing)


def read_worlds(folder: Path) -> tuple[dict[str, Any], list[World]]:
    """Return what a trial's study file says, and its worlds in the order of replicates."""
    try:
        study = yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8"))
        with pq.ParquetFile(folder / "runs.parquet") as file:
            runs = file.read(["point", "replicate", "status"]).to_pylist()
        weeks = float(study["weeks"] or yaml.safe_load((folder / "base.yaml").read_text(encoding="utf-8"))["weeks"])
    except (OSError, KeyError, TypeError, yaml.YAMLError, pa.ArrowException) as problem:
        raise InputError(f"{folder} holds no finished trial: {problem}") from None
    done = {(run["point"], run["replicate"]) for run in runs if run["status"] == "done"}
    latest = weeks - study["follow_up"]
    worlds = []
    for replicate in range(int(study["replicates"])):
        points = tuple(
            _read_people(folder, point, replicate, latest) if (point, replicate) in done else None for point in range(4)
        )
        worlds.append(World(replicate, points, float(study["follow_up"])))
    return study, worlds


def _read_people(folder: Path, point: int, replicate: int, latest: float) -> Columns:
    """Return the columns of those who came into need before `latest` weeks, NaN where a number is missing."""
    path = folder / PEOPLE / f"point-{point:06d}-replicate-{replicate:06d}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            table = file.read()
    except (OSError, pa.ArrowException):
        raise InputError(f"{path} is missing or damaged; run the trial anew in another folder") from None
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    early = columns["arrived_week"] < latest
    return {name: values[early] for name, values in columns.items()}


def estimated(
    worlds: Sequence[World], outcomes: Sequence[str], weeks: Sequence[int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return every comparison of every outcome at every week: rows over all worlds, and rows for each world."""
    over_all: list[dict[str, Any]] = []
    in_each: list[dict[str, Any]] = []
    for outcome in outcomes:
        for week in weeks:
            for comparison in comparisons():
                what = {"outcome": outcome, "week": week, "comparison": comparison.name}
                samples = [(world.replicate, _sample(comparison, world, f"{outcome}_at_{week}")) for world in worlds]
                there = [(replicate, sample) for replicate, sample in samples if sample is not None]
                words = {"meaning": comparison.meaning, "whom": comparison.people, "worlds": len(there)}
                total = over_worlds([sample for _, sample in there])
                people = sum(sample.people for _, sample in there)
                over_all.append({**what, **words, "people": people, **_cells(total)})
                in_each += [
                    {"replicate": replicate, **what, "people": sample.people, **_cells(in_one_world(sample))}
                    for replicate, sample in there
                ]
    in_each.sort(key=lambda row: int(row["replicate"]))
    return over_all, in_each


def _sample(comparison: Comparison, world: World, outcome: str) -> Sample | None:
    """Return the sample of a comparison; None if one of the runs it needs failed, or nobody is in it."""
    if any(world.points[point] is None for point in comparison.needs):
        return None
    return comparison.sample(world, outcome)


def _cells(found: Estimate) -> dict[str, float | None]:
    """Return an estimate as cells, missing where it is not a number."""
    return {name: None if np.isnan(value) else value for name, value in found._asdict().items()}


def flow_of(world: World) -> Iterator[dict[str, Any]]:
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


def _count(world: World, stage: str, arm: str, whom: Any) -> dict[str, Any]:
    return {"replicate": world.replicate, "stage": stage, "arm": arm, "people": int(np.count_nonzero(whom))}


def beforehand(worlds: Sequence[World]) -> Iterator[dict[str, Any]]:
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


def _difference(trait: str, groups: str, one: Any, other: Any) -> dict[str, Any]:
    row = {"trait": trait, "groups": groups, "people_one": len(one), "people_other": len(other)}
    if len(one) < 2 or len(other) < 2:
        return {**row, "mean_one": None, "mean_other": None, "difference": None}
    spread = sqrt((float(one.var(ddof=1)) + float(other.var(ddof=1))) / 2.0)
    difference = float(one.mean() - other.mean()) / spread if spread > 0.0 else None
    return {**row, "mean_one": float(one.mean()), "mean_other": float(other.mean()), "difference": difference}

"""The tables of a trial, made from the runs in its folder: estimates, the flow of people, how groups differ beforehand.

`analysis/estimates.parquet` has one row for each outcome, week and comparison, over all worlds; `by_world.parquet` the
same for each world; `flow.parquet` counts people from need to the end of the follow-up, and `beforehand.parquet` says
how the groups that are compared differ before anybody comes. The same runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import sqrt
from pathlib import Path

import numpy as np

from mhsim.schema import SNAPSHOT_WEEKS
from mhsim.stats import spread_over_draws
from mhsim.studies.analysis import Row, knowledge_cells, schemas_of, write_analysis
from mhsim.studies.data import StudyData, read_study
from mhsim.studies.trial.design import NOBODY_INVITED, TRIAL
from mhsim.studies.trial.enrolled import BEGINNINGS, PEOPLE
from mhsim.studies.trial.estimates import Sample, in_one_world, over_worlds, pseudo_values
from mhsim.studies.trial.trial_contrasts import Columns, TrialContrast, TrialWorld, contrasts

SCHEMAS = schemas_of("mhsim.studies.trial")
GROUPS = {
    "arms": (TRIAL, "enrolled", "invited"),
    "attended": (NOBODY_INVITED, "everybody", "attended"),
    "helped": (NOBODY_INVITED, "attended", "helped"),
}
"""Groups that are compared beforehand: at which point, among whom, and who belongs to the first of the two."""


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
    drawn = [read_worlds(part) for part in data.drawn]
    over_all, in_each = estimated(worlds, study["outcomes"], weeks, drawn)
    flow = (row for replicate, world in enumerate(worlds) for row in flow_of(replicate, world[TRIAL]))
    rows = {"estimates": over_all, "by_world": in_each, "flow": flow, "beforehand": beforehand(worlds)}
    write_analysis(folder, SCHEMAS, rows)


def read_worlds(data: StudyData) -> list[TrialWorld]:
    """Return the worlds of a trial in the order of replicates."""
    points = range(len(data.points))
    return [
        tuple(_read_people(data, point, replicate) if data.done[point, replicate] else None for point in points)
        for replicate in range(data.shape[1])
    ]


def _read_people(data: StudyData, point: int, replicate: int) -> Columns:
    """Return those who can be followed to the end, by column, and what they did before the end of the follow-up.

    A number that is missing is NaN; weeks of what never happened are missing.
    """
    table, follow_up = data.run_table(PEOPLE, point, replicate), float(data.study["follow_up"])
    columns = {name: table[name].to_numpy(zero_copy_only=False) for name in table.column_names}
    early = columns["arrived_week"] < float(data.lengths[0]) - follow_up
    people = {name: values[early] for name, values in columns.items()}
    for name, weeks in (("attended", "came_weeks"), ("helped", "helper_weeks"), ("lost", "gone_weeks")):
        people[name] = np.nan_to_num(people[weeks], nan=np.inf) < follow_up
    return {**people, "everybody": np.ones_like(people["enrolled"])}


def estimated(
    worlds: Sequence[TrialWorld],
    outcomes: Sequence[str],
    weeks: Sequence[int],
    drawn: Sequence[Sequence[TrialWorld]] = (),
) -> tuple[list[Row], list[Row]]:
    """Return every comparison of every outcome at every week: rows over all worlds, and rows for each world.

    `drawn` are the same worlds with the values of each draw of what is not known.
    """
    over_all: list[Row] = []
    in_each: list[Row] = []
    for outcome, week, contrast in product(outcomes, weeks, contrasts()):
        what = {"outcome": outcome, "week": week, "comparison": contrast.name}
        column = f"{outcome}_at_{week}"
        there = _samples(contrast, worlds, column)
        spread = [pseudo_values(_samples(contrast, one, column), len(worlds)) for one in drawn]
        words = {"meaning": contrast.meaning, "whom": contrast.people, "worlds": len(there)}
        people = sum(sample.people for sample in there.values())
        cells = over_worlds(list(there.values()))._asdict()
        known = knowledge_cells(spread_over_draws(np.array(spread)) if spread else None)
        over_all.append({**what, **words, "people": people, **cells, **known})
        in_each += [
            {"replicate": replicate, **what, "people": sample.people, **in_one_world(sample)._asdict()}
            for replicate, sample in there.items()
        ]
    in_each.sort(key=lambda row: int(row["replicate"]))
    return over_all, in_each


def _samples(contrast: TrialContrast, worlds: Sequence[TrialWorld], column: str) -> dict[int, Sample]:
    """Return the people of a comparison by world; worlds in which nobody is in it are left out."""
    found = ((replicate, contrast.sample_in(world, column)) for replicate, world in enumerate(worlds))
    return {replicate: sample for replicate, sample in found if sample is not None}


def flow_of(replicate: int, people: Columns | None) -> Iterator[Row]:
    """Yield how many people got how far in the trial of one world; nothing if its run failed."""
    if people is None:
        return
    enrolled, early = people["enrolled"], ~people["enrolled"] & ~np.isnan(people["came_weeks"])
    counts = [
        ("in_need", "everybody", people["everybody"]),
        ("came_before", "everybody", early),
        ("gone_before", "everybody", ~enrolled & ~early),
        ("enrolled", "everybody", enrolled),
    ]
    for arm, ours in (("invited", enrolled & people["invited"]), ("waits", enrolled & ~people["invited"])):
        counts += [
            ("enrolled", arm, ours),
            ("takes_up", arm, ours & people["takes_up"] & (arm == "invited")),
            ("came", arm, ours & people["attended"]),
            ("helped", arm, ours & people["helped"]),
            ("lost", arm, ours & people["lost"]),
            ("followed", arm, ours & ~people["lost"]),
        ]
    for stage, arm, whom in counts:
        yield {"replicate": replicate, "stage": stage, "arm": arm, "people": int(np.count_nonzero(whom))}


def beforehand(worlds: Sequence[TrialWorld]) -> Iterator[Row]:
    """Yield how the groups that are compared differ when need arises, the people of all worlds together."""
    for (groups, (point, whom, group)), trait in product(GROUPS.items(), BEGINNINGS):
        there = [people for world in worlds if (people := world[point]) is not None]
        one, other = (
            np.concatenate(
                [np.empty(0), *(people[f"{trait}_before"][people[whom] & (people[group] == first)] for people in there)]
            )
            for first in (True, False)
        )
        row = {"trait": trait, "groups": groups, "people_one": len(one), "people_other": len(other)}
        if len(one) > 1 and len(other) > 1:
            means = {"mean_one": float(one.mean()), "mean_other": float(other.mean())}
            spread = sqrt((float(one.var(ddof=1)) + float(other.var(ddof=1))) / 2.0)
            row |= {**means, "difference": float(one.mean() - other.mean()) / spread if spread > 0.0 else None}
        yield row

"""What a study says under one alteration: its sentences, each a difference judged as its own report judges it.

The runs under one alteration are read as those of the study itself. Sentences of one alteration are judged together, as
in the report: those of a comparison all of them, those of a knock-out by form and measure, those of a sweep by measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from mhsim import stats
from mhsim.stats import Estimate
from mhsim.studies.columns import KINDS
from mhsim.studies.coming_and_going import CASCADE, MEASURE, Parts, about_helpers, contrasts
from mhsim.studies.compare.analysis import differences_of
from mhsim.studies.data import StudyData
from mhsim.studies.design import StudyBase
from mhsim.studies.knockout.analysis import KnockoutRuns, judged
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.plan import SCENARIO
from mhsim.studies.robustness.design import ALTERATION
from mhsim.studies.tipping.design import TippingPoint

MOST_MEASURES = 6
"""Measures of a sweep that sentences are made of, the first ones watched."""


class Sentence(NamedTuple):
    """One sentence: what it is about, its measure, the difference, and the points that it needs."""

    name: str
    measure: str
    found: Estimate
    points: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class AlteredData(StudyData):
    """The runs of a robustness study under one alteration, as if they were those of the study that is tried."""

    first: int = 0


def with_runs(data: StudyData, runs: pa.Table) -> StudyData:
    """Return a study with other runs in the place of those in its folder."""
    return replace(data, runs=runs, _table=runs, _columns={})


def altered_data(data: StudyData, asks: StudyBase, name: str, replicates: int | None = None) -> AlteredData:
    """Return the runs under one alteration, as the data of the study that is tried.

    Parameters
    ----------
    data : StudyData
        The folder of the robustness study.
    asks : StudyBase
        The study that is tried.
    name : str
        The alteration.
    replicates : int, optional
        How many replicates, at most; all unless given.
    """
    numbers = [number for number, point in enumerate(data.points) if point[ALTERATION] == name]
    first, last = numbers[0], numbers[-1] + 1
    point, replicate = (data.runs[column].to_numpy() for column in ("point", "replicate"))
    mine = (point >= first) & (point < last) & (replicate < (replicates or data.shape[1]))
    runs = data.runs.filter(pa.array(mine))
    runs = runs.set_column(runs.column_names.index("point"), "point", pa.array(point[mine] - first, pa.int64()))
    rows = [{path: value for path, value in data.points[number].items() if path != ALTERATION} for number in numbers]
    most = 1 + int(replicate[mine].max(initial=0))
    columns = {
        measure: data.numbers(measure)[first:last, :most] for measure in data.measures if KINDS[measure] != "text"
    }
    return AlteredData(
        data.folder,
        {**data.manifest, "kind": asks.kind},
        asks.model_dump(mode="json"),
        data.base,
        data.scenarios,
        tuple(rows),
        runs,
        _columns=columns,
        _table=data._table,
        first=first,
    )


def sentences(data: StudyData, asks: StudyBase) -> list[Sentence]:
    """Return what a study says of its runs."""
    return list(_makers(data)[asks.kind](data, asks))


def _makers(data: StudyData) -> dict[str, Callable[..., Iterator[Sentence]]]:
    return {
        "sweep": _helpers if about_helpers(data) else _sweep,
        "compare": _compare,
        "knockout": _knockout,
        "tipping-point": _tipping,
    }


def _helpers(data: StudyData, asks: StudyBase) -> Iterator[Sentence]:
    """Yield the claims of the page about helpers."""
    parts, every = Parts(data), tuple(range(len(data.points)))
    for name, found in contrasts(parts).items():
        yield Sentence(name, CASCADE if name == "cascade" else MEASURE, found(parts, {}), every)


def _compare(data: StudyData, asks: StudyBase) -> Iterator[Sentence]:
    names = [str(point[SCENARIO]) for point in data.points]
    for arm, measure, found in differences_of(data, len(names)):
        yield Sentence(f"{names[arm]} against {names[0]}", measure.name, found, (0, arm))


def _knockout(data: StudyData, asks: StudyBase) -> Iterator[Sentence]:
    study = Knockout.model_validate(asks.model_dump())
    runs = KnockoutRuns(study, data)
    for form, measure in runs.places:
        found = judged(runs.alone(measure, form), measure)
        for name, one in zip(study.knockouts, found, strict=True):
            where = (runs.point(form, ()), runs.point(form, (name,)))
            yield Sentence(f"{form}: {name}", measure, one, where)


def _sweep(data: StudyData, asks: StudyBase) -> Iterator[Sentence]:
    """Yield, for each measure, the highest value of a path less the lowest, the mean over all else that varies."""
    measures = [name for name in data.measures if KINDS[name] != "text"][:MOST_MEASURES]
    pairs = list(ends(data, asks))
    for measure in measures:
        yield from _between(data, measure, pairs)


def _tipping(data: StudyData, asks: TippingPoint) -> Iterator[Sentence]:
    """Yield the outcome at the highest value less that at the lowest, and from a strong start less from a weak one."""
    pairs = [(f"{asks.path} from {asks.low:g} to {asks.high:g}", [0], [1])]
    if asks.strong:
        pairs.append(("a strong start against a weak one", [3], [2]))
    yield from _between(data, asks.outcome, pairs)


Pair = tuple[str, list[int], list[int]]
"""What is compared, the points from which, and the points to which."""


def _between(data: StudyData, measure: str, pairs: Sequence[Pair]) -> Iterator[Sentence]:
    values, binary = data.numbers(measure), KINDS[measure] == "yes_no"
    rows = [stats.mean_over(values[there]) - stats.mean_over(values[first]) for _, first, there in pairs]
    single = [binary and len(first) == len(there) == 1 for _, first, there in pairs]
    for (name, first, there), found in zip(pairs, stats.paired_differences(np.array(rows), yes_no=single), strict=True):
        yield Sentence(name, measure, found, (*first, *there))


def ends(data: StudyData, asks: StudyBase) -> Iterator[Pair]:
    """Yield the lowest and the highest value of each path with the points at them; in each part of a study of parts."""
    parts = data.study.get("parts") or {"": {path: data.levels(path) for path in data.axes}}
    for name, part in parts.items():
        listed = {path: list(values) for path, values in part.items() if isinstance(values, (list, tuple))}
        points = [k for k, point in enumerate(data.points) if not name or _within(data, point, listed)]
        for path, values in listed.items():
            if len(values) > 1:
                first, last = (
                    (values[0], values[-1]) if name or isinstance(values[0], str) else (min(values), max(values))
                )
                low, high = ([k for k in points if data.points[k][path] == value] for value in (first, last))
                within = f" ({name})" if name else ""
                yield f"{path} from {first} to {last}{within}", low, high


def _within(data: StudyData, point: Mapping[str, object], part: Mapping[str, Sequence[object]]) -> bool:
    """Return whether a point belongs to a part: its values there, and those of the scenario elsewhere."""
    usual = data.points[0]
    return all(value in part[path] if path in part else value == usual[path] for path, value in point.items())

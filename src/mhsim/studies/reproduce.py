"""A finished study or run done again from what its folder holds, and its tables held against the new ones.

Nothing outside the folder is asked what the scenario was: `study.yaml`, `base.yaml` and `others.yaml` of a study, or
`scenario.yaml` of a run, hold every number. What the program itself is now stands beside what it was then.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from mhsim.core.kept_code import sources_digest
from mhsim.errors import InputError
from mhsim.outcomes.measures import BY_NAME
from mhsim.outcomes.results import Run
from mhsim.safe_files import read_json, read_table, read_yaml
from mhsim.scenario import Scenario, Value, with_values
from mhsim.studies import manifest
from mhsim.studies.data import INDEX, PER_RUN, RUNS, StudyData, read_study
from mhsim.studies.design import StudyBase
from mhsim.studies.draws import TABLE as DRAWS
from mhsim.studies.draws import kept_draws, with_these
from mhsim.studies.one_run import Task, run_one
from mhsim.studies.plan import SCENARIO, FormDraws, Plan
from mhsim.studies.points import value_at
from mhsim.studies.registry import KINDS, kind_named
from mhsim.studies.table_differences import TableDifference, table_difference

NOT_COMPARED = ("command",)
"""Columns of the runs that name files, which lie elsewhere now."""
RUN_TABLES = ("series", "lives", "groups", "events")


@dataclass(frozen=True)
class Finished:
    """A finished study, ready to be run again: what was found, and the study with the scenarios kept beside it."""

    data: StudyData
    study: StudyBase
    scenarios: dict[str, Scenario]

    @property
    def base(self) -> Scenario:
        """The base scenario."""
        return self.scenarios["base.yaml"]

    @cached_property
    def plan(self) -> Plan:
        """The plan of the study as this version makes it."""
        if self.study.kind == "compare":
            arms = {name: one for name, one in self.scenarios.items() if name != "base.yaml"}
            points = tuple((str(point[SCENARIO]),) for point in self.data.points)
            made = Plan.of(self.study, self.base, (SCENARIO,), points, others=arms)
        else:
            made = kind_named(self.study.kind).plan_of(self.study)
        if not self.study.draws:
            return made
        drawn = read_table(self.data.folder / DRAWS)
        about = self.data.manifest.get("draws") or {}
        return with_these(made, whole_as_such(kept_draws(drawn, about, self.study.base), self.base), self.study.draws)

    def scenario_of(self, point: int) -> Scenario:
        """Return the scenario of a point, from the plan where that has the point, or else from the point's values."""
        whole, plan = self.data.whole.points, self.plan
        if point < len(plan.points) and plan.values(point) == whole[point]:
            return plan.scenario_at(point)
        given = dict(whole[point])
        base = self.scenarios.get(str(given.pop(SCENARIO, "base.yaml")), self.base)
        return with_values(base, {**self.study.fixed, **given})


def whole_as_such(drawn: dict[str, FormDraws], base: Scenario) -> dict[str, FormDraws]:
    """Return draws with whole numbers where a scenario has such: the table of draws holds numbers of one kind."""

    def as_such(path: str, value: Value) -> Value:
        return round(float(value)) if isinstance(value_at(base, path), int) else value

    return {
        name: replace(one, values=tuple({path: as_such(path, v) for path, v in row.items()} for row in one.values))
        for name, one in drawn.items()
    }


def finished_in(folder: Path) -> Finished:
    """Read the folder of a finished study to run it again.

    Raises
    ------
    InputError
        If it is not finished, damaged, or says something that this version of mhsim does not know; one line.
    """
    data = read_study(folder)
    if not (folder / RUNS).is_file():
        raise InputError(f"this study is not finished; mhsim {data.kind} --resume goes on with it", str(folder))
    scenarios = {"base.yaml": scenario_of(data.base, folder / "base.yaml")}
    scenarios |= {name: scenario_of(one, folder / "others.yaml") for name, one in data.scenarios.items()}
    named = {name: one for name, one in scenarios.items() if name != "base.yaml"}
    content = read_yaml(folder / "study.yaml")
    kept = {str(data.study["base"]): _without_trial(scenarios["base.yaml"]), **named}
    tried = data.study.get("of") or {}
    if (
        tried
    ):  # a study of robustness: what it tries names its scenarios itself; arms are made of files by their settings
        kept = (
            {} if tried.get("kind") == "compare" else {str(tried.get("base", "base")): scenarios["base.yaml"], **named}
        )
    study = KINDS[data.kind].study.model_validate(content, context={"beside": folder, "scenarios": kept})
    return Finished(data, study, scenarios)


def _without_trial(base: Scenario) -> Scenario:
    """Return a base scenario without the rule of inviting, which a trial adds to it itself."""
    from mhsim.studies.trial.enrolled import RULE

    return base.model_copy(update={"rules": {name: use for name, use in base.rules.items() if name != RULE}})


def scenario_of(content: dict[str, Any], path: Path) -> Scenario:
    """Return a scenario written out in a folder; raise InputError if this version of mhsim does not know it.

    Its rules are loaded unless that is forbidden, see `mhsim.plugins.without_rule_code`.
    """
    from mhsim.plugins import UnloadedRule

    try:
        made = Scenario.model_validate(content, context={"load_rules": True})
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        place = ".".join(str(key) for key in first["loc"]) or "scenario"
        words = "this version of mhsim does not know this scenario and cannot run it again"
        raise InputError(f"{words}: {place}: {first['msg']}{_made_by(path.parent)}", str(path)) from None
    if any(isinstance(use.values, UnloadedRule) for use in made.rules.values()):
        raise InputError("its scenario has rules that are programs; --load-rules runs them again", str(path))
    return made


def _made_by(folder: Path) -> str:
    """Return which version made a folder, as its manifest says it; empty where it does not."""
    told = read_json(folder / "manifest.json")
    session: dict[str, Any] = (told.get("sessions") or [told])[-1]
    version, commit = (session.get("versions") or {}).get("mhsim"), (session.get("git") or {}).get("commit")
    at = f" at commit {commit}" if commit else ""
    return f"; it was made by mhsim {version}{at}, which can" if version else ""


def surroundings(kept: dict[str, Any], engine: str | None) -> list[str]:
    """Return in sentences what has changed in the program since: sources of the engine, and versions.

    Parameters
    ----------
    kept : dict
        Versions then, by name.
    engine : str, optional
        Digest of the engine's sources then.
    """
    now = manifest.versions()
    said = []
    if not engine:
        said.append("The folder does not say which engine made it.")
    elif engine != sources_digest():
        said.append(f"The engine is another: its sources had the digest {engine}, now {sources_digest()}.")
    changed = [f"{name} {kept[name]} then, {now[name]} now" for name in now if name in kept and kept[name] != now[name]]
    said += [f"Versions differ: {'; '.join(changed)}."] if changed else []
    return said or ["Engine, mhsim, Python and libraries are those that made it."]


def of_study(found: Finished) -> list[str]:
    """Return in sentences what has changed since a study was run, its scenario as this version reads it among that."""
    told = found.data.manifest
    identity = told.get("identity") or {}
    session: dict[str, Any] = (told.get("sessions") or [{}])[-1]
    said = surroundings(session.get("versions") or {}, identity.get("engine"))
    if identity.get("scenario") not in (None, manifest.digest(found.base.model_dump(mode="json"))):
        said.append("The scenario has other parameters in this version; those it did not have are at their defaults.")
    if identity.get("format") != manifest.FORMAT:
        said.append(f"The folder has the format {identity.get('format')}; this version writes {manifest.FORMAT}.")
    unknown = [name for name in _columns(found.data) if name not in BY_NAME]
    return said + ([f"Measures that this version does not know: {', '.join(unknown)}."] if unknown else [])


def _columns(data: StudyData) -> list[str]:
    names = read_table(data.folder / RUNS).column_names
    return [name for name in names if name not in (*INDEX, "seed", "error", "command")]


def rows_again(found: Finished, number: int) -> TableDifference:
    """Do some runs of a study again, picked evenly from all, and return how their rows differ."""
    table = read_table(found.data.folder / RUNS)
    picked = np.unique(np.linspace(0, len(table) - 1, min(number, len(table))).round().astype(np.int64))
    before = table.take(pa.array(picked))
    watch = tuple(found.data.measures)
    again = [_row_again(found, row["point"], row["replicate"], watch) for row in before.to_pylist()]
    columns = {name: [row.get(name) for row in again] for name in ("status", "error", *watch)}
    made = pa.table({name: pa.array(cells, before[name].type) for name, cells in columns.items()})
    return table_difference(RUNS, before.select(made.column_names), made)


def _row_again(found: Finished, point: int, replicate: int, watch: Sequence[str]) -> dict[str, Any]:
    """Return the row of one run, done again at the values that the folder holds for its point."""
    work = partial(run_one, watch=tuple(watch), simulate=found.plan.simulate)
    run = work(Task(point, replicate, found.scenario_of(point), found.study.record), np.zeros(2, np.int64))
    return {**run.measures, "status": "done" if run.error is None else "failed", "error": run.error}


def tables_of_study(folder: Path, again: Path) -> Iterator[TableDifference]:
    """Yield how the tables of a study, of every kind, differ from those of the same study done again."""
    names = [
        "points.parquet",
        RUNS,
        *([DRAWS] if (folder / DRAWS).is_file() else []),
        *(path.name for path in sorted(folder.glob("precision*.parquet"))),
    ]
    for name in names:
        yield table_difference(name, read_table(folder / name), read_again(again / name), NOT_COMPARED)
    for kind in ("analysis", *PER_RUN):
        for path in sorted((folder / kind).glob("*.parquet")):
            yield table_difference(f"{kind}/{path.name}", read_table(path), read_again(again / kind / path.name))


def read_again(path: Path) -> pa.Table:
    """Return a table of the study done again; one without rows where this version makes none of this name."""
    return read_table(path) if path.is_file() else pa.table({})


def record_of(folder: Path) -> str:
    """Return what was kept of a run, by the tables that are there."""
    there = [name for name in RUN_TABLES if (folder / f"{name}.parquet").is_file()]
    return "story" if "events" in there else "lives" if "lives" in there else "series" if there else "runs"


def tables_of_run(folder: Path, run: Run) -> Iterator[TableDifference]:
    """Yield how the summary and the tables of a run differ from those of the same run done again."""
    before, now = read_json(folder / "summary.json"), dict(run.summary)
    one, other = (pa.table({name: [value] for name, value in summary.items()}) for summary in (before, now))
    yield table_difference("summary.json", one, other)
    for name in RUN_TABLES:
        if (folder / f"{name}.parquet").is_file():
            table = getattr(run, name)
            yield table_difference(f"{name}.parquet", read_table(folder / f"{name}.parquet"), table)

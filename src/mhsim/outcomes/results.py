"""What was found: the summary of a run, its tables and its birth certificate; saving and loading."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mhsim.safe_files import contents_of, write_table, write_whole
from mhsim.scenario import Scenario
from mhsim.user_paths import user_path

if TYPE_CHECKING:
    import pyarrow as pa

    from mhsim.engine.own_columns import OwnTables
    from mhsim.engine.world import World
    from mhsim.outcomes.counts import Counts

Value = float | int | bool | str | None


@dataclass
class Run:
    """One history: what was assumed and what was found.

    Attributes
    ----------
    scenario : Scenario
        What was assumed.
    replicate : int
        Which history under the scenario's seed.
    summary : dict
        Every measure of `mhsim.outcomes.measures.MEASURES` by name; None where a measure has no case. In a world of
        several forms also what is counted of each, such as ``members_of_online``; where an optional mechanism is on,
        its own, such as ``sponsor_sponsored``.
    series, lives, groups, events : pyarrow.Table or None
        Weekly series, one row per life, one row per group, the event log; None where not recorded.
    extra : dict
        ``person_steps``: steps lived through by all people together, the work that was done. ``helpers_by_strain``:
        steps in the role of helper by strain, in fifty classes from 0 to 1; ``ended_by_strain``: those in which the
        role ended.
    """

    scenario: Scenario
    replicate: int
    summary: dict[str, Value]
    series: pa.Table | None = None
    lives: pa.Table | None = None
    groups: pa.Table | None = None
    events: pa.Table | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def save(self, folder: Path, *, manifest: dict[str, Any] | None = None, scenario_yaml: str | None = None) -> None:
        """Write `summary.json`, the tables as Parquet and, where given, the manifest and the scenario.

        Raises
        ------
        FileExistsError
            If the folder exists and is not empty.
        """
        folder = user_path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if contents_of(folder):
            raise FileExistsError(f"{folder} is not empty")
        for name in ("series", "lives", "groups", "events"):
            table = getattr(self, name)
            if table is not None:
                write_table(folder / f"{name}.parquet", table)
        if scenario_yaml is not None:
            write_whole(folder / "scenario.yaml", scenario_yaml.encode())
        if manifest is not None:
            write_whole(folder / "manifest.json", f"{json.dumps(manifest, indent=2)}\n".encode())
        write_whole(folder / "summary.json", f"{json.dumps(self.summary, indent=2)}\n".encode())


def result_of(
    world: World | None,
    scenario: Scenario,
    replicate: int,
    record: str,
    counts: Counts | None = None,
    own: Sequence[OwnTables] = (),
) -> Run:
    """Return what was found in a world at its end, with the tables that were recorded.

    `counts` are those of the world, where they have been taken already; the world itself is needed for them or for
    output_tables. `own` is what rules beside the week have kept of their own.
    """
    from mhsim.outcomes.counts import counts_of
    from mhsim.outcomes.summary import of_modules, summary_from

    if counts is None:
        assert world is not None, "a world or its counts are needed"
        counts = counts_of(world)
    summary = summary_from(counts, scenario) | of_modules(own, scenario)
    tally = counts.tally[0]
    extra: dict[str, Any] = {"person_steps": int(tally["person_steps"])}
    for name in ("helpers_by_strain", "ended_by_strain"):
        extra[name] = tally[name].tolist()
    if record == "runs" or world is None:
        return Run(scenario, replicate, summary, extra=extra)
    from mhsim.outcomes import output_tables

    return Run(
        scenario,
        replicate,
        summary,
        series=output_tables.series_table(world, scenario, own),
        groups=output_tables.groups_table(world, scenario, own),
        lives=output_tables.lives_table(world, scenario, own) if record in ("lives", "story") else None,
        events=output_tables.events_table(world, scenario) if record == "story" else None,
        extra=extra,
    )

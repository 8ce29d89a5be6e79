"""What the program knows of a throw-away mechanism that lies in a folder of fixtures; prints it as JSON.

Run as a script by `test_modules.py`: a module is found by its file alone, when the package is first imported.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import mhsim.modules

HERE = Path(__file__).parent
mhsim.modules.__path__.append(str(HERE / "fixtures" / "modules"))
sys.path.append(str(HERE / "verify"))

from mhsim.modules.confide import Confide  # type: ignore[import-not-found]  # noqa: E402
from twin_draws import PhiloxDraws  # noqa: E402
from twin_model import TwinModel  # noqa: E402
from twin_modules import FOLDERS  # noqa: E402
from twin_rows import compare  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

import check_writes  # noqa: E402
import rules_of_the_week as derived  # noqa: E402
from mhsim import simulate  # noqa: E402
from mhsim.cli import app  # noqa: E402
from mhsim.core.kept_code import cache_folder  # noqa: E402
from mhsim.engine.events import KINDS  # noqa: E402
from mhsim.outcomes.results import Run  # noqa: E402
from mhsim.report.run_page import what_happened  # noqa: E402
from mhsim.scenario import Scenario, with_values  # noqa: E402
from mhsim.schema import label  # noqa: E402
from mhsim.stories import chronicle_of, feed, group_story, life_story  # noqa: E402
from mhsim.studies.data import RunData  # noqa: E402
from mhsim.studies.knockout.design import Knockout, plan_of  # noqa: E402

FOLDERS.append(HERE / "fixtures" / "twins")
FORM = """
extends: base
confide: {enabled: true}
"""
WORLD = {"weeks": 104, "community.arrivals_per_week": 3.0, "found.split_at": 14.0, "found.split_hazard": 0.1}


def lived(values: dict[str, Any]) -> Run:
    """Return a recorded history of a world in which groups split and people move away."""
    return simulate(with_values(Scenario(), WORLD | values), 1, record="story")


def tables(run: Run) -> dict[str, dict[str, list[Any]]]:
    """Return the columns of the module in each table of a run, and what its tests need besides."""
    found = {}
    for name in ("series", "lives", "groups"):
        table = getattr(run, name)
        beside = [each for each in ("ended", "joined_week", "parent", "founded_week") if each in table.column_names]
        own = [each for each in table.column_names if each.startswith("confide_")]
        found[name] = {each: table.column(each).to_pylist() for each in (*own, *beside)}
    return found


def parted() -> str:
    """Return where engine and twin part with the module on; empty if they agree."""
    world = with_values(Scenario(), {**WORLD, "weeks": 80, "confide.enabled": True})
    twin = TwinModel(world, PhiloxDraws(world.seed, 1))
    twin.run()
    return compare(simulate(world, 1, record="story"), twin) or ("" if twin.modules.found else "the twin has no module")


def measured(run: Run) -> dict[str, Any]:
    """Return the measures of the module, and the same worked out from the tables of the run."""
    own = {name: value for name, value in run.summary.items() if name.startswith("confide_")}
    assert run.series is not None
    assert run.groups is not None
    week = {name: np.array(run.series[name].to_pylist(), float) for name in run.series.column_names}
    return own | {
        "openness": (week["confide_openness_members"] * week["members"]).sum() / week["members"].sum(),
        "leaks": 52.0 * sum(run.groups["confide_leaks"].to_pylist()) / week["open_groups"].sum(),
        "talk": week["confide_talk_communities"][-1],
        "told": [text for text in what_happened(RunData(run.summary, {}, {}, {})) if "dare to tell" in text],
    }


def told(run: Run) -> dict[str, Any]:
    """Return how often the log has each kind of the module, and what stories and feed say of them, in two languages."""
    record = chronicle_of(run)
    assert run.events is not None
    assert run.groups is not None
    rows = [row for row in run.events.to_pylist() if row["kind"].startswith("confide_")]
    first = next(row for row in rows if row["kind"] == "confide_betrayed")
    leaked = next(row for row in rows if row["kind"] == "confide_leaked")
    who = label(first["community"], first["who"])
    return {
        "kinds": {kind: sum(row["kind"] == kind for row in rows) for kind in ("confide_leaked", "confide_betrayed")},
        "leaks": sum(run.groups["confide_leaks"].to_pylist()),
        "other": label(first["community"], first["other"]),
        **{f"life {one}": life_story(record, who, one).text() for one in ("en", "de")},
        **{f"group {one}": group_story(record, leaked["group"], one).text() for one in ("en", "de")},
        "years": group_story(record, 0).text(),
        "feed": feed(record, leaked["week"], leaked["week"]).text(),
        "year": feed(record, 0, 103).text(),
    }


def knocked_out(folder: Path) -> dict[str, list[str]]:
    """Return what a knock-out study takes away where the module is off, and where it is on."""
    form = folder / "form.yaml"
    form.write_text(FORM, encoding="utf-8")
    found = {}
    for name in ("base", str(form)):
        study = Knockout.model_validate({"title": "a test", "base": name, "replicates": 2})
        plan = plan_of(study)
        found["on" if name == str(form) else "off"] = list(study.mechanisms)
        found["watched on" if name == str(form) else "watched off"] = [one for one in plan.watch if "confide" in one]
    return found


def main(folder: Path) -> None:
    """Print everything."""
    parameters = CliRunner().invoke(app, ["params", "--format", "json"])
    off, on = lived({}), lived({"confide.enabled": True})
    loud = lived({"confide.enabled": True, "confide.leaks_per_year": 12.0, "confide.upkeep": 0.0})
    still = lived({"confide.enabled": True, **{f"confide.{name}": value for name, value in Confide.neutral.items()}})
    many = {"community.count": 20, "weeks": 30, "community.arrivals_per_week": 0.6, "confide.enabled": True}
    parts, parts_with_twin = lived(many), parted()  # before kernels are left that cannot be run
    json.dump(
        {
            "parameters": [row["path"] for row in json.loads(parameters.stdout) if row["path"].startswith("confide.")],
            "written": {
                name: "confide" in Scenario.model_validate({"confide": {"enabled": name == "on"}}).model_dump()
                for name in ("off", "on")
            },
            "tables": tables(on),
            "tables off": tables(off),
            "measured": measured(loud),
            "measured off": [name for name in off.summary if name.startswith("confide_")],
            "told": told(loud),
            "told off": sorted(set(off.events["kind"].to_pylist()) - set(KINDS)),
            "parts measured": measured(parts),
            "parts": {name: {c: len(v) for c, v in table.items()} for name, table in tables(parts).items()},
            "same when neutral": off.summary == {name: still.summary[name] for name in off.summary},
            "differs when on": off.summary != {name: on.summary[name] for name in off.summary},
            "knockouts": knocked_out(folder),
            "refused": check_writes.refusal_of_rule(Confide, Confide.writes),
            "refused less": check_writes.refusal_of_rule(Confide, {}),
            "twin": parts_with_twin,
            "kept": sorted({file.suffix for file in (cache_folder() or folder).rglob("confide_*") if file.is_file()}),
            "bench": [name for name, _ in derived.OPTIONAL],
        },
        sys.stdout,
        default=lambda value: value.item() if isinstance(value, np.generic) else str(value),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

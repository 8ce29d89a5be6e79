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
from mhsim.outcomes.results import Run  # noqa: E402
from mhsim.scenario import Scenario, with_values  # noqa: E402
from mhsim.studies.knockout.design import Knockout, plan_of  # noqa: E402

FOLDERS.append(HERE / "fixtures" / "twins")
FORM = """
extends: base
confide: {enabled: true}
"""
WORLD = {"weeks": 104, "community.arrivals_per_week": 3.0, "found.split_at": 14.0, "found.split_hazard": 0.1}


def lived(values: dict[str, Any]) -> Run:
    """Return a recorded history of a world in which groups split and people move away."""
    return simulate(with_values(Scenario(), WORLD | values), 1, record="lives")


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


def knocked_out(folder: Path) -> dict[str, list[str]]:
    """Return what a knock-out study takes away where the module is off, and where it is on."""
    form = folder / "form.yaml"
    form.write_text(FORM, encoding="utf-8")
    found = {}
    for name in ("base", str(form)):
        study = Knockout.model_validate({"title": "a test", "base": name, "replicates": 2})
        plan_of(study)
        found["on" if name == str(form) else "off"] = list(study.mechanisms)
    return found


def main(folder: Path) -> None:
    """Print everything."""
    parameters = CliRunner().invoke(app, ["params", "--format", "json"])
    off, on = lived({}), lived({"confide.enabled": True})
    still = lived({"confide.enabled": True, **{f"confide.{name}": value for name, value in Confide.neutral.items()}})
    many = {"community.count": 20, "weeks": 30, "community.arrivals_per_week": 0.6, "confide.enabled": True}
    parts = lived(many)
    json.dump(
        {
            "parameters": [row["path"] for row in json.loads(parameters.stdout) if row["path"].startswith("confide.")],
            "written": {
                name: "confide" in Scenario.model_validate({"confide": {"enabled": name == "on"}}).model_dump()
                for name in ("off", "on")
            },
            "tables": tables(on),
            "tables off": tables(off),
            "parts": {name: {c: len(v) for c, v in table.items()} for name, table in tables(parts).items()},
            "same when neutral": off.summary == still.summary,
            "differs when on": off.summary != on.summary,
            "knockouts": knocked_out(folder),
            "refused": check_writes.refusal_of_rule(Confide, Confide.writes),
            "refused less": check_writes.refusal_of_rule(Confide, {}),
            "twin": parted(),
            "kept": sorted({file.suffix for file in (cache_folder() or folder).rglob("confide_*") if file.is_file()}),
            "bench": [name for name, _ in derived.OPTIONAL],
        },
        sys.stdout,
        default=lambda value: value.item() if isinstance(value, np.generic) else str(value),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

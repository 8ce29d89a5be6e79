"""What becomes of each shipped form in ten years: many runs of it, worked out, kept by form, and stale when it changes.

Of every form the groups that stand at the opening are followed, and everything that is open at the end is counted.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mhsim.evidence.ledger import ROOT
from mhsim.evidence.paired import histories, worlds_digest
from mhsim.evidence.sample import pooled
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.stats import Estimate, kaplan_meier

FOUND = ROOT / "docs" / "forms.csv"
"""What was found, by form."""
FEWEST_RUNS, FIRST_GROUPS, ARRIVALS, WEEKS = 200, 600, 750.0, 520
"""Runs of a form at least; more of a small form, up to so many groups at the opening and so many people a week who come
into need, of all runs together; and the length of each."""
MEASURED = {
    "still_open": "of groups that stood at the opening, open after ten years",
    "open": "groups open after ten years, in a run",
    "members": "members of an open group",
    "at_meeting": "people at a meeting of an open group, smoothed over some weeks",
    "helpers": "helpers of an open group",
}
"""What is worked out of each form."""


class Figures(NamedTuple):
    """What was found of a form: in which resolved scenario, runs, groups at the opening, and an estimate for each."""

    worlds: str
    runs: int
    groups: int
    found: dict[str, Estimate]


FiguresByForm = dict[str, Figures]


def world_of(form: str) -> Scenario:
    """Return a shipped form as it is followed here: as it is, for ten years."""
    return with_values(read_scenario(form), {"weeks": WEEKS})


def runs_of(world: Scenario) -> int:
    """Return how many runs make intervals of a form narrow at a fair price."""
    affordable = min(FIRST_GROUPS / max(1, world.start.groups), ARRIVALS / world.community.arrivals_per_week)
    return max(FEWEST_RUNS, int(affordable))


def figures_of(form: str, runs: int | None = None, jobs: int = 2) -> Figures:
    """Return what becomes of a form: replicates 0 and on, for ten years each."""
    world = world_of(form)
    runs = runs or runs_of(world)
    groups = histories([world], runs, _groups, record="lives", jobs=jobs)[0]
    first = [one["founded_week"] <= 0 for one in groups]
    which = np.repeat(np.arange(runs), [each.sum() for each in first])
    theirs = list(zip(groups, first, strict=True))
    weeks, closed = (np.concatenate([one[name][each] for one, each in theirs]) for name in ("weeks", "closed"))
    sums = np.array([[one["open"].sum(), *(one[name][one["open"]].sum() for name in COUNTED)] for one in groups])
    curve = kaplan_meier(weeks, closed, which)
    assert curve is not None
    return Figures(
        worlds_digest(world),
        runs,
        round(len(which) / runs),
        {
            "still_open": curve.at(WEEKS),
            "open": pooled(np.column_stack([sums[:, 0], np.ones(runs)]), lambda s: s[0] / s[1]),
            **{
                name: pooled(sums[:, [0, 1 + k]], lambda s: s[1] / s[0])
                for k, name in enumerate(("members", "at_meeting", "helpers"))
            },
        },
    )


COUNTED = ("roll", "attendance", "helpers")


def _groups(run: Run) -> dict[str, np.ndarray]:
    """Return what is asked of the groups of a run, by column."""
    table = run.groups
    assert table is not None
    closed = np.array(table["status"].to_pylist()) == "closed"
    numbers = {name: table[name].to_numpy().astype(float) for name in ("founded_week", "closed_week", *COUNTED)}
    weeks = np.where(closed, numbers["closed_week"] + 1.0, float(WEEKS)) - numbers["founded_week"]
    return numbers | {"open": ~closed, "closed": closed.astype(float), "weeks": weeks}


def stale(found: FiguresByForm) -> list[str]:
    """Return the shipped forms of which nothing is known, or only what an earlier state of their files gave."""
    return [name for name in shipped() if name not in found or found[name].worlds != worlds_digest(world_of(name))]


def read_figures(file: Path = FOUND) -> FiguresByForm:
    """Read what was found before; nothing if there is no such file."""
    if not file.exists():
        return {}
    found = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            runs = int(row["runs"])
            each = {
                name: Estimate(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]), runs)
                for name in MEASURED
            }
            found[row["form"]] = Figures(row["worlds"], runs, int(row["groups"]), each)
    return found


def write_figures(found: FiguresByForm, file: Path = FOUND) -> None:
    """Write what was found, by form, so that it can be read again."""
    numbers = [f"{name}{end}" for name in MEASURED for end in ("", "_low", "_high")]
    lines = [",".join(["form", "worlds", "runs", "groups", *numbers])]
    for form, one in sorted(found.items()):
        each = [one.found[name] for name in MEASURED]
        numbers = [f"{value:.4g}" for e in each for value in (e.value, e.low, e.high)]
        lines.append(",".join([form, one.worlds, str(one.runs), str(one.groups), *numbers]))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")

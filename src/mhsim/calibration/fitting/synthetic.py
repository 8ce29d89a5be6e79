"""Records of a simulated group, whose truth is known: examples of each kind of file, and truths to test a fit on."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from mhsim.calibration.fitting.likenesses import AHEAD, YEARS, Setting
from mhsim.calibration.fitting.observed import Design, Numbers
from mhsim.calibration.fitting.prior import group_alone, learnable
from mhsim.calibration.fitting.summaries import MONTH
from mhsim.errors import InputError
from mhsim.safe_files import whole_file
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import shipped
from mhsim.scenario_io.writer import as_yaml

FIRST = date(2022, 1, 3)
"""The Monday on which every simulated record begins."""
COMES, LEAVES = 2, 3
"""Days after the Monday of a week on which people come, and from which on they are no longer there."""
GAP = 0.04
"""Share of weeks without a count, as in real books."""
MOST_TRIES = 100
KINDS = ("members", "attendance", "newcomers", "roles")


def shipped_records() -> dict[str, Path]:
    """Return the examples that are shipped: name and file."""
    folder = next(iter(shipped().values())).parent / "records"
    return {path.stem: path for path in sorted(folder.glob("*.csv"))}


def write_records(scenario: Scenario, weeks: int, seed: int, folder: Path) -> list[Path]:
    """Write the records of a simulated group that was open at their end, and the truth beside them.

    Its parameters are drawn around the form's own values (see `prior`), not from its posterior, which changes with
    every new calibration; `seed` says which group it is.

    Raises
    ------
    InputError
        If a file is there already, or no group of the form lasts so long.
    """
    luck = np.random.default_rng([seed, weeks])
    counted = tuple(bool(noted) for noted in luck.random(weeks) >= GAP)
    start, tenure = scenario.start, scenario.start.tenure_weeks
    founded = start.kind == "founding"
    design = Design(weeks, KINDS, counted, start.members, start.helpers, None, tenure, founded, True)
    setting = Setting(group_alone(scenario, design, weeks + AHEAD), [], design, seed)
    for index in range(MOST_TRIES):
        found = setting.history(index)
        if found.closed >= weeks:
            break
    else:
        raise InputError(f"none of {MOST_TRIES} groups of {scenario.form} was open after {weeks} weeks")
    names = _names(found.seen.spells, found.seen.helping, founded, tenure, luck)
    texts = {
        "members.csv": _table(("member", "join", "leave"), names[0]),
        "roles.csv": _table(("member", "role", "from", "to"), names[1]),
        "attendance.csv": _table(("week", "present", "newcomers"), _counts(found.seen.present, found.seen.newcomers)),
        "truth.yaml": as_yaml(_truth(setting, index, found)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    there = [name for name in texts if (folder / name).exists()]
    if there:
        raise InputError(f"nothing is overwritten; here already: {', '.join(there)}", str(folder))
    for name, text in texts.items():
        with whole_file(folder / name, checksum=False) as file:
            file.write(text.encode())
    return [folder / name for name in texts]


def _names(spells: Numbers, helping: Numbers, founded: bool, tenure: float, luck: Any) -> tuple[list[Any], list[Any]]:
    """Return rows of members and of roles; who is who in both is not said, as in two books kept apart."""
    rows = []
    for begin, end in sorted(spells.tolist()):
        before = 0 if founded else 7 * (1 + int(luck.exponential(tenure)))
        joined = FIRST - timedelta(before) if begin < 0 else _day(begin, COMES)
        rows.append((joined, "" if np.isinf(end) else _day(end, LEAVES)))
    rows.sort(key=lambda row: (row[0], str(row[1])))
    roles = []
    for begin, end in sorted(helping.tolist()):
        since = FIRST if begin < 0 else _day(begin, COMES)
        roles.append(("helper", since, "" if np.isinf(end) else _day(end, LEAVES)))
    return [(f"m{k + 1:03d}", *row) for k, row in enumerate(rows)], [(f"h{k + 1:02d}", *r) for k, r in enumerate(roles)]


def _day(week: float, after: int) -> date:
    return FIRST + timedelta(7 * int(week) + after)


def _counts(present: Numbers, newcomers: Numbers) -> list[Any]:
    pairs = enumerate(zip(present, newcomers, strict=True))
    return [(_day(week, COMES), int(there), int(new)) for week, (there, new) in pairs if not np.isnan(there)]


def _table(head: tuple[str, ...], rows: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *rows])
    return text.getvalue()


def _truth(setting: Setting, index: int, found: Any) -> dict[str, Any]:
    """Return what the simulated group was made from, and what became of it."""
    values, weeks = setting.draw(index), setting.design.weeks
    after = {
        f"after_{ahead}_weeks": {
            "open": bool(found.closed >= weeks + ahead),
            "present": float(found.present[weeks + ahead - MONTH : weeks + ahead].mean()),
        }
        for ahead in YEARS
    }
    return {
        "about": "A simulated group: what it was made from, and what became of it after its record ends.",
        "form": setting.scenario.form,
        "weeks": weeks,
        "seed": setting.seed,
        "draw": index,
        "parameters": {one.path: float(f"{values[one.path]:.6g}") for one in learnable()},
        **after,
    }

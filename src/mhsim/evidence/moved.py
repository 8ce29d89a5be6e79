"""What each parameter moves: its lowest value against its double, in the same histories, form by form.

Where a rule is off in a form, its parameters are tried with the rule on, and what acts only beside another value is
tried beside it. Where no measure moves, the columns of a history's tables are looked at: the mean of each over weeks,
groups or people. Two worlds with the same seed share all chance events, so that a parameter which moves nothing leaves
every measure the same to the bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import ValidationError

from mhsim.core.kept_code import sources_digest
from mhsim.evidence.paired import SURELY, difference, histories
from mhsim.outcomes.measures import MEASURES
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, Value, parameter_rows, sections, with_values
from mhsim.scenario_io.loader import read_scenario

RUNS = {"base": 30, "bereavement_outreach": 30, "peer_participatory": 30, "twelve_step": 8}
"""Histories of each form under each value; fewer where one takes longer."""
WEEKS = 260
TOGETHER = {"work": ("work", "prepare"), "prepare": ("work", "prepare")}
"""Rules that are switched on together, each being of use to the other."""
FOUNDING: dict[str, Value] = {"start.kind": "founding"}
POOR: dict[str, Value] = {"govern.gift": 0.4}
LOSING: dict[str, Value] = {"serve.turnover_per_year": 3.0, "serve.organise_hazard": 0.0}
QUARRELLING: dict[str, Value] = {"quarrel.conflict_per_year": 8.0}
SPLITTING: dict[str, Value] = {"found.split_hazard": 0.1, "found.split_at": 10.0}
CLOSING: dict[str, Value] = {"close.low_at": 10.0}
MISSED: dict[str, Value] = {**CLOSING, "close.loss_harm": 1.0, "help.dependency_gain": 0.1}
BESIDE: dict[str, dict[str, Value]] = {
    **dict.fromkeys(("start.helper_weeks", "start.founding_recoil", "start.founder_know_how"), FOUNDING),
    **{"start.apprentice_know_how": {"start.apprentices": 4}},
    **{"start.founding_belonging": FOUNDING, "start.funds": POOR, "close.broke_per_year": POOR, "govern.reserve": POOR},
    **{"start.members": {"start.helpers": 0}, "start.inflow": {"close.needless_per_year": 10.0, "close.few_seek": 1.0}},
    **{"attend.leaderless_push": LOSING, "close.no_leader_per_year": LOSING},
    **{"attend.leaderless_weeks": {**LOSING, "attend.leaderless_push": 0.8}},
    **{"close.leaderless_weeks": {**LOSING, "close.no_leader_per_year": 1.0}},
    **{
        "supervise.supervision_relieves": {"supervise.supervision": 1.0},
        "supervise.forum_relieves": {"supervise.peer_forum": 1.0},
    },
    **{"serve.newcomer_weeks": {"serve.seasoning": 0, "progress.time_hazard": 10.0}},
    **{"serve.asking": {"start.helpers": 0, "start.members": 30}, "help.skill_eases": {"help.capacity_people": 0.5}},
    **{"help.dependency_gain": MISSED, "help.helper_freed": MISSED, "start.identification": {"arrive.enabled": False}},
    **{"serve.rested_at": {"serve.burnout_per_year": 1.0, "serve.rest_weeks": 0.0}},
    **{"prepare.ask_per_week": {"prepare.successors": 2}, "breach.breach_cost": {"breach.breach_per_year": 2.0}},
    **{"quarrel.conflict_per_year": {"quarrel.conflict_hazard": 1.0}},
    **dict.fromkeys(("quarrel.enabled", "quarrel.conflict_hazard", "quarrel.formality_calms"), QUARRELLING),
    **{"breach.enabled": {"breach.breach_per_year": 2.0}},
    **{"quarrel.strife_hazard": {"quarrel.conflict_per_year": 50.0}, "close.loss_harm": CLOSING},
    **{"close.cohesion_holds": CLOSING, "close.formality_holds": {**CLOSING, "start.formality": 0.8}},
    **{"found.split_share": SPLITTING, "found.split_shift": {**SPLITTING, "share.breadth": 0.3}},
    **{"found.split_funds": {**SPLITTING, "govern.gift": 0.6, "start.funds": 60.0, "close.broke_per_year": 20.0}},
    **{"found.quality": {"found.found_per_year": 5.0, "found.enough_groups": 4}},
}
"""Beside which other values a parameter is tried that acts only there."""
TWO_VALUES: dict[str, tuple[Value, Value]] = {"weeks_per_step": (0.5, 1.0), "start.apprentices": (0, 4)}
"""Values of parameters that may have few, or of which one more is too little to be seen after five years."""
NOT_OF_THE_MODEL = ("weeks", "seed")
SHOWN = 3
HIGHEST_FROM_NOTHING = 1.0
"""What a parameter that is 0 is raised to, or the highest it may be."""
MEASURED = tuple(one.name for one in MEASURES if one.kind != "text")
REASONS: dict[str, str] = {
    "start.identification": (
        "a state that starters have to begin with; what they hear at meetings takes its place before the first of them "
        "is asked about"
    ),
    "serve.newcomer_weeks": (
        "says who is called a newcomer (E73); `serve.seasoning`, which is longer, says who can take a role, so that it "
        "acts only where there is less of that"
    ),
    "quarrel.conflict_per_year": (
        "open conflict is rare at the rate shipped; at sixteen times that rate members leave over it: element 196 in "
        "the ledger of the elements"
    ),
}
"""Why a parameter stays that moves nothing anywhere, by path."""

Trial = dict[str, Any]


def paths() -> tuple[str, ...]:
    """Return the parameters that are tried."""
    return tuple(row["path"] for row in parameter_rows() if row["path"] not in NOT_OF_THE_MODEL)


def two_values(path: str, now: Value) -> tuple[Value, Value]:
    """Return the lowest and the higher value under which a parameter is tried.

    0, or the lowest it may be, against twice what it is in the form, or the highest it may be; from 0, one or the
    highest. Switches are off and on; of choices, what is set stands against the first other one.
    """
    if path in TWO_VALUES:
        return TWO_VALUES[path]
    row = next(row for row in parameter_rows() if row["path"] == path)
    if row["unit"] == "switch":
        return False, True
    if row["choices"]:
        return now, next(choice for choice in row["choices"] if choice != now)
    high = min(row["high"], 2 * float(now) if now else HIGHEST_FROM_NOTHING)
    whole = isinstance(row["default"], int)
    low = max(row["low"], 0)
    return (int(low), max(int(high), int(low) + 1)) if whole else (float(low), float(high))


def world_of(form: str, path: str) -> tuple[Scenario, bool]:
    """Return the form as the parameter is tried in it, and whether its rule had to be switched on."""
    scenario = with_values(read_scenario(form, {"weeks": WEEKS}), BESIDE.get(path, {}))
    section = path.split(".")[0]
    rule = sections().get(section)
    if rule is None or "enabled" not in rule.model_fields or getattr(scenario, section).enabled:
        return scenario, False
    return with_values(scenario, {f"{name}.enabled": True for name in TOGETHER.get(section, (section,))}), True


def tried(form: str, path: str, runs: int, jobs: int = 2) -> Trial:
    """Return what a parameter moves in a form: the measures it moves most first, `SHOWN` of them at most."""
    scenario, switched = world_of(form, path)
    section, _, name = path.rpartition(".")
    low, high = two_values(path, getattr(getattr(scenario, section) if section else scenario, name))
    found: Trial = {"form": form, "path": path, "low": low, "high": high, "runs": runs, "switched": switched}
    found["beside"] = BESIDE.get(path, {})
    try:
        worlds = [with_values(scenario, {path: value}) for value in (low, high)]
    except ValidationError as error:
        return found | {"refused": error.errors()[0]["msg"], "moved": [], "differs": False}

    lower, higher = (np.array(rows) for rows in histories(worlds, runs, _summary_of, jobs=jobs))
    found["moved"] = most_moved(lower, higher)
    found["differs"] = not np.array_equal(lower, higher, equal_nan=True)
    if not found["moved"]:
        tables = histories(worlds, runs, _columns_of, record="lives", jobs=jobs)
        names = sorted(set.intersection(*(set(one) for rows in tables for one in rows)))
        lower, higher = (np.array([[one[name] for name in names] for one in rows]) for rows in tables)
        found["columns"] = most_moved(lower, higher, names)
    return found


def _summary_of(run: Run) -> list[float]:
    return [np.nan if (value := run.summary[name]) is None else float(value) for name in MEASURED]


def _columns_of(run: Run) -> dict[str, float]:
    """Return the mean of each column of numbers in the tables of a history; NaN where there is no value."""
    means = {}
    for name in ("series", "groups", "lives"):
        table: Any = getattr(run, name)
        for field in table.schema:
            if pa.types.is_floating(field.type) or pa.types.is_integer(field.type):
                mean = pc.mean(table[field.name]).as_py()
                means[f"{name}:{field.name}"] = np.nan if mean is None else float(mean)
    return means


def most_moved(lower: np.ndarray, higher: np.ndarray, names: Sequence[str] = MEASURED) -> list[dict[str, Any]]:
    """Return the measures that move most, by paired differences, of those that move by more than chance.

    Parameters
    ----------
    lower, higher : array, shape (histories, measures)
        Measures of the same histories under both values; NaN where there is no case.
    names : sequence of str
        What they are called.

    Returns
    -------
    list of dict
        Name, mean difference, its standard error and its size in standard deviations of single histories, the largest
        size first. A difference that is the same in all histories, and not 0, is more than chance.
    """
    found: list[dict[str, Any]] = []
    for k, name in enumerate(names):
        low, high = lower[:, k], higher[:, k]
        found_here = difference(low, high)
        if not found_here.more_than_chance:
            continue
        both = ~np.isnan(low) & ~np.isnan(high)
        spread = float(np.sqrt(0.5 * (np.var(low[both], ddof=1) + np.var(high[both], ddof=1))))
        change, error = found_here.change, found_here.error
        size = abs(change) / spread if spread > 0.0 else float("inf")
        found.append({"measure": name, "change": change, "error": error, "size": size})
    return sorted(found, key=lambda row: float(row["size"]), reverse=True)[:SHOWN]


def try_all(
    store: Path, forms: Iterable[str], only: Sequence[str] = (), runs: int | None = None, jobs: int = 2
) -> list[Trial]:
    """Try parameters in forms, keeping each as it is done; what the same model has done before is not done again.

    Raises
    ------
    ValueError
        If what is kept comes from another version of the model.
    """
    made = f"{sources_digest()}, {WEEKS} weeks"
    kept = [json.loads(line) for line in store.read_text(encoding="utf-8").splitlines()] if store.exists() else []
    if any(row["made"] != made for row in kept):
        raise ValueError(f"{store} is of another version of the model: delete it to begin anew")
    done = {(row["form"], row["path"], row["runs"]) for row in kept}
    store.parent.mkdir(parents=True, exist_ok=True)
    with store.open("a", encoding="utf-8") as file:
        for form in forms:
            count = runs or RUNS.get(form, min(RUNS.values()))
            for path in only or paths():
                if (form, path, count) not in done:
                    row = tried(form, path, count, jobs) | {"made": made}
                    kept.append(row)
                    file.write(f"{json.dumps(row)}\n")
                    file.flush()
    return kept


TITLE = "# What each parameter moves"
HEAD = """Made by `python docs/make_moved.py`, from {made} of the model's sources. Each parameter is set to 0, or the
lowest it may be, and to twice its value in the form (from 0: to 1, or the highest it may be), the rest as in the form;
switches are off and on, choices as they are and the first other one. The same histories of {weeks} weeks under both
values share all chance events: {runs}. Shown is the form in which the parameter moves a measure most, and the three
measures it moves most there: mean difference (standard error; size in standard deviations of single histories), of
those that lie over {surely} standard errors. "on": the rule is off in that form and was switched on for this; what
stands behind "beside" is set under both values, since the parameter acts only there. Parameters of optional mechanisms
stand in the [ledger of the elements](coverage.md) instead. Parameters that are gone since are left out."""
LINES = ("| parameter | form | from | to | moves most |", "|---|---|---|---|---|")
COLUMNS = """Tables of a history have more columns than there are measures. Of these parameters no measure moves, in no
form, but the mean of a column does: over weeks (`series`), groups, or people (`lives`)."""


def page(rows: Sequence[Trial]) -> str:
    """Return the page in Markdown: what each parameter moves most, and which move nothing anywhere.

    Of what was tried more than once in a form the last counts; parameters that are gone are left out.
    """
    known = set(paths())
    last = {(row["path"], row["form"]): row for row in rows if row["path"] in known}
    by_path: dict[str, list[Trial]] = {}
    for (path, _), row in last.items():
        by_path.setdefault(path, []).append(row)
    counts: dict[str, set[int]] = {}
    for row in last.values():
        counts.setdefault(row["form"], set()).add(row["runs"])
    runs = "; ".join(f"{form} {' or '.join(map(str, sorted(many)))}" for form, many in sorted(counts.items()))
    versions = list(dict.fromkeys(row["made"].partition(",")[0] for row in last.values()))
    made = f"version{'s' if len(versions) > 1 else ''} {', '.join(f'`{one}`' for one in versions)}"
    moved = [_line(_best(tries, "moved"), "moved") for tries in by_path.values() if _best(tries, "moved")]
    columns: list[str] = []
    lists: dict[str, list[str]] = {"same": [], "chance": [], "refused": []}
    for path, tries in by_path.items():
        if _best(tries, "moved"):
            continue
        if found := _best(tries, "columns"):
            columns.append(_line(found, "columns"))
        elif all("refused" in row for row in tries):
            lists["refused"].append(f"- `{path}`: {tries[0]['refused']}")
        else:
            lists["chance" if any(row["differs"] for row in tries) else "same"].append(f"- `{path}`{_reason(path)}")
    head = fill(HEAD.format(made=made, runs=runs, weeks=WEEKS, surely=SURELY), 118, break_long_words=False)
    parts = [TITLE, head, "\n".join((*LINES, *moved))]
    if columns:
        told = "\n".join((*LINES, *columns))
        parts.append(f"## Moves a column of the tables, but no measure ({len(columns)})\n\n{COLUMNS}\n\n{told}")
    for title, key in (
        ("Moves nothing anywhere: every measure the same to the bit", "same"),
        ("Moves nothing by more than chance", "chance"),
        ("Could not be tried alone", "refused"),
    ):
        parts.append(f"## {title} ({len(lists[key])})\n\n" + ("\n".join(lists[key]) or "None."))
    return "\n\n".join(parts) + "\n"


def _best(tries: Sequence[Trial], what: str) -> Trial | None:
    """Return the form in which most is moved, if anything is."""
    some = [row for row in tries if row.get(what)]
    return max(some, key=lambda row: float(row[what][0]["size"])) if some else None


def _line(row: Trial | None, what: str) -> str:
    assert row is not None
    beside = ", ".join(f"{path} {_number(value)}" for path, value in row.get("beside", {}).items())
    form = row["form"] + (", on" if row["switched"] else "") + (f", beside {beside}" if beside else "")
    told = "; ".join(f"{m['measure']} {m['change']:+.3g} ({m['error']:.2g}; {m['size']:.2g})" for m in row[what])
    return f"| `{row['path']}` | {form} | {_number(row['low'])} | {_number(row['high'])} | {told} |"


def _number(value: Value) -> str:
    return str(value) if isinstance(value, (bool, str)) else f"{value:.3g}"


def _reason(path: str) -> str:
    return f": {REASONS[path]}" if path in REASONS else ": no reason written yet"

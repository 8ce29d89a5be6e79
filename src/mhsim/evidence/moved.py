"""What each parameter moves: its lowest value against its double, in the same histories, form by form.

Where a rule is off in a form, its parameters are tried with the rule on. Two worlds with the same seed share all chance
events, so that a parameter which moves nothing leaves every measure the same to the bit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from mhsim.core.jit import sources_digest
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
NOT_OF_THE_MODEL = ("weeks", "seed")
SHOWN = 3
HIGHEST_FROM_NOTHING = 1.0
"""What a parameter that is 0 is raised to, or the highest it may be."""
TRIED = tuple(one for one in MEASURES if one.kind != "text")
REASONS: dict[str, str] = {}
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
    scenario = read_scenario(form, {"weeks": WEEKS})
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
    try:
        worlds = [with_values(scenario, {path: value}) for value in (low, high)]
    except ValidationError as error:
        return found | {"refused": error.errors()[0]["msg"], "moved": [], "differs": False}

    def summary_of(run: Run) -> list[float]:
        return [np.nan if (value := run.summary[one.name]) is None else float(value) for one in TRIED]

    lower, higher = (np.array(rows) for rows in histories(worlds, runs, summary_of, jobs=jobs))
    differs = not np.array_equal(lower, higher, equal_nan=True)
    return found | {"moved": most_moved(lower, higher), "differs": differs}


def most_moved(lower: np.ndarray, higher: np.ndarray) -> list[dict[str, Any]]:
    """Return the measures that move most, by paired differences, of those that move by more than chance.

    Parameters
    ----------
    lower, higher : array, shape (histories, measures)
        Measures of the same histories under both values; NaN where there is no case.

    Returns
    -------
    list of dict
        Name, mean difference, its standard error and its size in standard deviations of single histories, the largest
        size first. A difference that is the same in all histories, and not 0, is more than chance.
    """
    found: list[dict[str, Any]] = []
    for k, one in enumerate(TRIED):
        low, high = lower[:, k], higher[:, k]
        found_here = difference(low, high)
        if not found_here.more_than_chance:
            continue
        both = ~np.isnan(low) & ~np.isnan(high)
        spread = float(np.sqrt(0.5 * (np.var(low[both], ddof=1) + np.var(high[both], ddof=1))))
        change, error, _ = found_here
        size = abs(change) / spread if spread > 0.0 else float("inf")
        found.append({"measure": one.name, "change": change, "error": error, "size": size})
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


HEAD = """# What each parameter moves

Made by `python docs/make_moved.py`{made}. Each parameter is set to 0, or the lowest it may be, and to twice its value
in the form (from 0: to 1, or the highest it may be), the rest as in the form; switches are off and on, choices as they
are and the first other one. The same {runs} histories of {weeks} weeks under both values share all chance events. Shown
is the form in which the parameter moves a measure most, and the three measures it moves most there: mean difference
(standard error; size in standard deviations of single histories), of those that lie over {surely} standard errors.
"on": the rule is off in that form and was switched on for this.

"""


def _number(value: Value) -> str:
    return str(value) if isinstance(value, (bool, str)) else f"{value:.3g}"


def _measures_text(moved: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"{m['measure']} {m['change']:+.3g} ({m['error']:.2g}; {m['size']:.2g})" for m in moved
    )  # fmt: skip


def page(rows: Sequence[Trial]) -> str:
    """Return the page in Markdown: what each parameter moves most, and which move nothing anywhere."""
    by_path: dict[str, list[Trial]] = {}
    for row in rows:
        by_path.setdefault(row["path"], []).append(row)
    runs = ", ".join(f"{form} {count}" for form, count in dict.fromkeys((row["form"], row["runs"]) for row in rows))
    made = f", from version `{rows[0]['made']}`" if rows else ""
    lines = ["| parameter | form | from | to | moves most |", "|---|---|---|---|---|"]
    still: list[str] = []
    chance: list[str] = []
    refused: list[str] = []
    for path, tries in by_path.items():
        best = max(tries, key=lambda row: row["moved"][0]["size"] if row["moved"] else -1.0)
        if best["moved"]:
            form = best["form"] + (", on" if best["switched"] else "")
            cells = (f"`{path}`", form, _number(best["low"]), _number(best["high"]), _measures_text(best["moved"]))
            lines.append(f"| {' | '.join(cells)} |")
        elif all("refused" in row for row in tries):
            refused.append(f"- `{path}`: {tries[0]['refused']}")
        elif any(row["differs"] for row in tries):
            chance.append(f"- `{path}`{_reason(path)}")
        else:
            still.append(f"- `{path}`{_reason(path)}")
    parts = [HEAD.format(made=made, runs=runs, weeks=WEEKS, surely=SURELY) + "\n".join(lines)]
    for title, what in (
        ("Moves nothing anywhere: every measure the same to the bit", still),
        ("Moves nothing by more than chance", chance),
        ("Could not be tried alone", refused),
    ):
        parts.append(f"## {title} ({len(what)})\n\n" + ("\n".join(what) or "None."))
    return "\n\n".join(parts) + "\n"


def _reason(path: str) -> str:
    return f": {REASONS[path]}" if path in REASONS else ": no reason written yet"

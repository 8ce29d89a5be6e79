"""Baselines: digests of some twenty histories and of a small study of each kind, so that no result changes unseen.

`python -m baselines WHY` (`make baselines WHY="..."`) works them out anew, writes what differs into the file of its
subject (`histories.json`, `sweep.json`, ...) and a line into CHANGELOG.md that names the new state, says whether
results changed and where, and why. `tests/test_baselines.py` fails where a result differs from its baseline, or where
a baseline has no such line. The idea is that of Starsim's `baseline.yaml`.

A table is digested by the columns that its baseline lists: a column more changes no result and fails no test, and is
taken in when the command is run. Histories are held to the bit; tables of studies to nine significant digits, since
NumPy and SciPy may differ in the last ones between machines.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from baselines.histories import HISTORIES, tables_of_history
from baselines.studies import STUDIES, tables_of_study

Columns = dict[str, list[Any]]
Tables = dict[str, Columns]
State = dict[str, Any]

FOLDER = Path(__file__).parent
CHANGELOG = FOLDER.parents[1] / "CHANGELOG.md"
SUBJECTS = ("histories", *STUDIES)


def tables_of(subject: str) -> dict[str, Tables]:
    """Return the tables of every case of a subject as they come out now, by case and name."""
    if subject == "histories":
        return {name: tables_of_history(name) for name in HISTORIES}
    return {subject: tables_of_study(subject)}


def stored(subject: str) -> State:
    """Return the baseline of a subject as it stands in its file; empty if there is none."""
    path = FOLDER / f"{subject}.json"
    found: State = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"columns": {}, "cases": {}}
    return found


def state_of(found: dict[str, Tables], columns: dict[str, list[str]]) -> State:
    """Return the baseline of cases by the columns given; a table without any is taken whole."""
    known = {name: list(table) for case in found.values() for name, table in case.items()} | columns
    cases = {
        case: {name: digest(table, known[name]) for name, table in tables.items()} for case, tables in found.items()
    }
    return {"columns": known, "cases": cases}


def digest(table: Columns, names: list[str]) -> str:
    """Return the number of rows and a digest of the named columns of a table."""
    total = hashlib.sha256()
    for name in names:
        total.update(f"{name}\n{table.get(name, 'there is no such column')!r}\n".encode())
    return f"{len(next(iter(table.values()), []))} rows {total.hexdigest()[:16]}"


def differing(before: State, after: State) -> list[str]:
    """Return each case and table whose digest in `before` is another, or gone, in `after`."""
    return [
        f"{case}: {name}"
        for case, tables in before["cases"].items()
        for name, value in tables.items()
        if after["cases"].get(case, {}).get(name) != value
    ]


def name_of(subject: str, state: State) -> str:
    """Return the name of a state as CHANGELOG.md has it: the subject and eight digits."""
    return f"{subject} {hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:8]}"


def fault(subject: str, state: State, changelog: str) -> str | None:
    """Return what is wrong with the lines of the changelog about a subject, None if nothing is.

    The newest section that speaks of the subject must name the state, in a line that says what became of results.
    """
    for section in re.split(r"^## ", changelog, flags=re.MULTILINE)[1:]:
        lines = [line for line in section.split("\n- ") if re.search(rf"`{subject} [0-9a-f]{{8}}`", line)]
        if lines:
            mine = [line for line in lines if f"`{name_of(subject, state)}`" in line]
            if not mine:
                break
            return None if "**Results:**" in mine[-1] else f"the line on {subject} does not say what results became"
    return f"no line of CHANGELOG.md names the baselines `{name_of(subject, state)}`: run make baselines WHY='...'"


def line_of(subject: str, before: State, after: State, found: dict[str, Tables], why: str) -> str:
    """Return the line for the changelog on a new state; `found` are the tables it was made of."""
    changed = differing(before, state_of(found, before["columns"]))
    if not before["cases"]:
        result = "first recorded"
    elif changed:
        result = "changed in " + ", ".join(changed)
    else:
        result = "unchanged, and more is held"
    return f"- Baselines `{name_of(subject, after)}`: {why}. **Results:** {result}.\n"


def with_line(changelog: str, line: str) -> str:
    """Return the changelog with a line at the end of "### Baselines" of its newest section, made if need be."""
    head, first, rest = re.split(r"(^## .*\n)", changelog, maxsplit=1, flags=re.MULTILINE)
    newest, *older = re.split(r"(?=^## )", rest, maxsplit=1, flags=re.MULTILINE)
    title = "### Baselines\n"
    if title not in newest:
        newest = f"{newest.rstrip()}\n\n{title}\n"
    before, after = newest.split(title)
    own, *others = re.split(r"(?=^### )", after, maxsplit=1, flags=re.MULTILINE)
    end = "\n" if others or older else ""
    return (
        head
        + first
        + before
        + title
        + "\n"
        + (own.strip() + "\n" if own.strip() else "")
        + line
        + end
        + "".join(others + older)
    )

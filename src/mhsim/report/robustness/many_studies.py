"""The sentences of many robustness studies side by side: rows that are kept in one file, and the page made of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from statistics import median
from typing import Any

from mhsim.evidence.markdown import markdown_table
from mhsim.report.formatting import capital, counted, plain
from mhsim.report.robustness.told import Robust, Tried
from mhsim.studies.data import read_study
from mhsim.studies.robustness.alterations import alteration_named
from mhsim.studies.robustness.standing import STANDINGS

NOT_STANDING: tuple[str, ...] = tuple(name for name in STANDINGS if name != "stands")
COLUMNS = (
    "study",
    "replicates",
    "weeks",
    "alterations",
    "sentence",
    "tried",
    "stands",
    *NOT_STANDING,
    "alike",
    "blind",
)
"""Columns of the file: under the names of standings the alterations, with semicolons; `alike`, those among the gone
where no pair of runs differs; `blind`, how large a difference may be without being clear: half of the interval, in the
middle over the alterations."""
MOST_SHOWN, MOST_NAMED, MOST_FALLS = 30, 12, 12
"""Sentences of a study, alterations of a sentence, and alterations of all, that the page shows; the file has all."""
KNOCKED_OUT = "knocked-out"
OF_ONE_RULE = ("assumed-by-rule", KNOCKED_OUT)
"""Groups of alterations whose names say what they are."""
Row = dict[str, str]


def rows_of(folder: Path, name: str) -> list[Row]:
    """Return a row for each sentence of a finished robustness study, those first under which fewest alterations hold.

    Sentences that are not clear as assumed were not tried; their rows say so. The first row names all alterations.
    """
    found = Robust(read_study(folder))
    shared = {
        "study": name,
        "replicates": str(found.data.shape[1]),
        "weeks": "; ".join(f"{weeks:g}" for weeks in sorted(set(found.data.lengths))),
        "alterations": "; ".join(str(row["alteration"]) for row in found.alterations),
    }
    standings: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in found.data.rows("standings"):
        standings.setdefault((row["sentence"], row["measure"]), []).append(row)
    tried = [shared | _tried(one, standings[one.row["sentence"], one.row["measure"]]) for one in found.tried]
    empty = dict.fromkeys((*NOT_STANDING, "alike", "blind"), "")
    untried = [shared | {"sentence": found.said(row), "tried": "0", "stands": "0", **empty} for row in found.untried]
    first, *rest = tried + untried
    return [first, *(row | {"alterations": ""} for row in rest)]


def _tried(one: Tried, rows: list[dict[str, Any]]) -> Row:
    halves = [(row["high"] - row["low"]) / 2.0 for row in rows if row["high"] is not None and not row["identical"]]
    half = median(halves) if halves else None
    by_standing = {name: [row for row in rows if row["standing"] == name] for name in NOT_STANDING}
    by_standing["alike"] = [row for row in by_standing["gone"] if row["identical"]]
    under = {name: "; ".join(row["alteration"] for row in chosen) for name, chosen in by_standing.items()}
    counts = {"tried": str(one.tried), "stands": str(one.stands)}
    return {"sentence": one.words, **counts, **under, "blind": one.scale.level(half)}


def read_rows(path: Path) -> list[Row]:
    """Return the rows of the file; none where there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write the rows into the file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def page_parts(rows: Sequence[Row]) -> dict[str, str]:
    """Return the generated parts of docs/robustness.md by name."""
    studies = {name: list(found) for name, found in groupby(rows, key=lambda row: row["study"])}
    return {
        "summary": markdown_table(SUMMARY, [_summary(name, found) for name, found in studies.items()]),
        "falls": _falls(rows),
        "studies": "\n\n".join(_study(name, found) for name, found in studies.items()),
        "alterations": _alterations(rows),
    }


WORST = ("turned", "gone", "not clear")
"""How a sentence can stand other than well, worst first."""
SUMMARY = ("study", "replicates, weeks", "alterations (of these no rule off)", "sentences tried", "clear under all",
           "may be chance under some", "gone under some", "turned under some", "not tried")  # fmt: skip
STUDY = ("sentence, as assumed", "tried", "stands", "may be chance", "gone", "turned", "when not", "blind to")


def _names(text: str) -> list[str]:
    return text.split("; ") if text else []


def _clear(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if int(row["tried"])]


def _summary(name: str, rows: Sequence[Row]) -> list[str]:
    tried = _clear(rows)
    worst = Counter(next((said for said in WORST if _not_off(row[said])), "stands") for row in tried)
    where = f"[{name}](../experiments/{name}/README.md)"
    asked = rows[0]["alterations"]
    first = [where, f"{rows[0]['replicates']}, {rows[0]['weeks']}", f"{len(_names(asked))} ({len(_not_off(asked))})"]
    counts = [worst[said] for said in ("stands", *reversed(WORST))]
    return [*first, str(len(tried)), *map(str, counts), str(len(rows) - len(tried))]


def _not_off(text: str) -> list[str]:
    """Return the alterations in a cell that are not a rule off."""
    return [name for name in _names(text) if alteration_named(name).group != KNOCKED_OUT]


def _study(name: str, rows: Sequence[Row]) -> str:
    tried, number = _clear(rows), len(_names(rows[0]["alterations"]))
    text = (
        f"### {name}\n\n{rows[0]['replicates']} replicates of {rows[0]['weeks']} weeks, {number} alterations. "
        f"{capital(counted(len(rows) - len(tried), 'sentence'))} not clear as assumed, and so not tried."
    )
    if not tried:
        return text
    rest = len(tried) - MOST_SHOWN
    if rest > 0:
        text += f" The {rest} that stand under most alterations are in [robustness.csv](robustness.csv) alone."
    return f"{text}\n\n{markdown_table(STUDY, [_sentence(row) for row in tried[:MOST_SHOWN]])}"


def _sentence(row: Row) -> list[str]:
    alike = _names(row["alike"])
    listed = {
        "turned": _names(row["turned"]),
        "gone": [name for name in _names(row["gone"]) if name not in alike],
        "no pair differs": alike,
        "may be chance": _names(row["not clear"]),
    }
    when = [f"{said}: {_listed(names)}" for said, names in listed.items() if names]
    counts = [str(len(_names(row[name]))) for name in NOT_STANDING]
    return [row["sentence"], row["tried"], row["stands"], *counts, "; ".join(when) or "never", f"± {row['blind']}"]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    shown = names[:MOST_NAMED] if more > 1 else names
    return ", ".join(f"`{name}`" for name in shown) + (f" and {more} more" if more > 1 else "")


def _falls(rows: Sequence[Row]) -> str:
    """Return a table of the alterations under which most sentences in a hundred are gone or turned, rules off last."""
    fell, stood = Counter[str](), Counter[str]()
    studies: dict[str, set[str]] = {}
    asked = {row["study"]: _names(row["alterations"]) for row in rows if row["alterations"]}
    for row in _clear(rows):
        names = {*_names(row["gone"]), *_names(row["turned"])}
        fell.update(names)
        stood.update(asked[row["study"]])
        for name in names:
            studies.setdefault(name, set()).add(row["study"])
    order = sorted(fell, key=lambda name: (-fell[name] / stood[name], name))
    off = [name for name in order if alteration_named(name).group == KNOCKED_OUT]
    order = [name for name in order if name not in off][:MOST_FALLS] + off[:MOST_FALLS]
    lines = [
        [f"`{name}`", f"{plain(100 * fell[name] / stood[name], 0)} of 100", f"{fell[name]} of {stood[name]}",
         ", ".join(sorted(studies[name]))]
        for name in order
    ]  # fmt: skip
    return markdown_table(("alteration", "gone or turned", "sentences", "in the studies"), lines)


def _alterations(rows: Sequence[Row]) -> str:
    names = dict.fromkeys(name for row in rows for name in _names(row["alterations"]))
    found = [alteration_named(name) for name in names]
    shown = sorted((one for one in found if one.group not in OF_ONE_RULE), key=lambda one: (one.group, one.name))
    return markdown_table(("alteration", "what it is"), [(f"`{one.name}`", one.words) for one in shown])

"""What shows that an element works: one measure in two worlds under the same luck, run and written down."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from mhsim.evidence.ledger import FOLDER, LedgerEntry, worlds_of
from mhsim.evidence.paired import Difference, difference, histories, worlds_digest
from mhsim.evidence.readings import reading

FOUND = FOLDER / "differences.csv"
"""What was found, by key, with what stands for the two worlds it was found in."""
KEPT = ("form", "set", "changes", "weeks", "runs", "change", "measure", "among", "less")
"""What of an entry decides what is found."""
Differences = dict[str, Difference]


def key_of(entry: LedgerEntry) -> str:
    """Return what stands for the run of an entry: the same for all that run the same."""
    data = entry.model_dump(mode="json", include=set(KEPT))
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]


def shown(entry: LedgerEntry, found: Difference | None) -> bool:
    """Whether a difference shows what an entry says: more than chance, and in its direction."""
    if found is None or not found.more_than_chance:
        return False
    return entry.direction == "moves" or (found.change > 0) == (entry.direction == "up")


def difference_of(entry: LedgerEntry, jobs: int = 2) -> Difference:
    """Return the paired difference that an entry names, simulated anew."""
    record, value = reading(entry.measure, entry.among, entry.less)
    worlds = worlds_of(entry)
    lower, higher = histories(worlds, entry.runs, value, record=record, jobs=jobs)
    return difference(np.array(lower), np.array(higher))._replace(worlds=worlds_digest(*worlds))


def is_stale(entry: LedgerEntry, found: Difference | None) -> bool:
    """Whether a difference is not known, or was found in worlds that a form's file no longer gives."""
    return found is None or found.worlds != worlds_digest(*worlds_of(entry))


def fresh(entries: Iterable[LedgerEntry], found: Differences) -> Differences:
    """Return, of what was found, what was found in the worlds that entries name today."""
    return {key: found[key] for entry in entries if not is_stale(entry, found.get(key := key_of(entry)))}


def run_all(
    entries: Iterable[LedgerEntry], known: Differences, jobs: int = 2
) -> Iterator[tuple[LedgerEntry, Difference]]:
    """Yield the difference of each entry that claims one, taking those known already from there."""
    found = dict(known)
    for entry in entries:
        if entry.change:
            key = key_of(entry)
            if key not in found:
                found[key] = difference_of(entry, jobs)
            yield entry, found[key]


def read_differences(file: Path = FOUND) -> Differences:
    """Read what was found before; nothing if there is no such file."""
    if not file.exists():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        return {
            row["key"]: Difference(
                float(row["change"]), float(row["error"]), int(row["pairs"]), row.get("worlds") or ""
            )
            for row in csv.DictReader(rows)
        }


def write_differences(found: Differences, file: Path = FOUND) -> None:
    """Write what was found, by key, so that it can be read again."""
    lines = [f"{key},{one.change:.6g},{one.error:.6g},{one.pairs},{one.worlds}" for key, one in sorted(found.items())]
    file.write_text("\n".join(["key,change,error,pairs,worlds", *lines]) + "\n", encoding="utf-8", newline="\n")

"""Simulate the differences that show what works, and write docs/coverage.md: `python docs/make_coverage.py`.

All differences take some minutes on two processors. ``--missing`` runs those alone that are new or were changed, in the
ledger or because a form's file gives another world now; ``--only`` those of some elements, by number, or of some files,
by name; ``--look`` writes nothing. ``--same`` takes over what is known as found in the worlds of today and runs only
what is new: for a parameter that was added, where baselines show that no history has changed. It ends with exit code 1
where a difference that is claimed is not there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter

from mhsim.evidence.coverage import fresh, key_of, read_differences, run_all, shown, write_differences
from mhsim.evidence.coverage_page import difference_text, page, verdict
from mhsim.evidence.ledger import problems, read_ledger, worlds_of
from mhsim.evidence.paired import worlds_digest

PAGE = Path(__file__).resolve().parent / "coverage.md"


def main() -> int:
    """Run the differences, tell each, and write them down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true")
    parser.add_argument("--only", nargs="+", default=())
    parser.add_argument("--look", action="store_true")
    parser.add_argument("--same", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    ledger = read_ledger()
    wrong = list(problems(ledger))
    print(*wrong, sep="\n")
    counting = ledger.counting()
    before = read_differences()
    by_key = {key_of(entry): entry for entry in counting if entry.change}
    found = {key: one for key, one in before.items() if key in by_key}
    if given.same:
        found = {key: one._replace(worlds=worlds_digest(*worlds_of(by_key[key]))) for key, one in found.items()}
    known = found if given.same else fresh(by_key.values(), found) if given.missing else {}
    files = {id(entry): file for file, entry in ledger.entries}
    asked = [one for one in counting if not given.only or {files[id(one)], *map(str, one.numbers)} & set(given.only)]
    began = perf_counter()
    failed = 0
    for entry, one in run_all(asked, known, given.jobs):
        found[key_of(entry)] = one
        failed += entry.status == "works" and not shown(entry, one)
        named = ", ".join(str(number) for number in entry.numbers)
        print(f"{named:>12}  {entry.measure:<40} {difference_text(one):>22}  {verdict(entry, one)}", flush=True)
    if not given.look:
        write_differences(found)
        PAGE.write_text(page(ledger, read_differences()), encoding="utf-8", newline="\n")
        print(f"written: {PAGE.name}")
    print(f"{perf_counter() - began:.0f} s; claimed and not shown: {failed}")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())

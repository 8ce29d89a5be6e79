"""Write docs/moved.md, what each parameter moves: `python docs/make_moved.py`, some twenty minutes on two processors.

It goes on where it was broken off. ``--only PATH ...`` tries some parameters, ``--forms FORM ...`` some forms; the page
is of what was tried, and ``--out`` writes it elsewhere. ``--also FILE ...`` shows with it what earlier versions of the
model had tried, where nothing newer is: the page names all versions it is from.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mhsim.evidence.moved import RUNS, page, try_all

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Try the parameters and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", default=())
    parser.add_argument("--forms", nargs="+", default=tuple(RUNS))
    parser.add_argument("--runs", type=int, default=None)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--store", type=Path, default=ROOT / "results" / "moved.jsonl")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "moved.md")
    parser.add_argument("--also", nargs="+", type=Path, default=())
    given = parser.parse_args()
    before = [json.loads(line) for file in given.also for line in file.read_text(encoding="utf-8").splitlines()]
    rows = before + try_all(given.store, given.forms, given.only, given.runs, given.jobs)
    given.out.write_text(page(rows), encoding="utf-8", newline="\n")
    print(f"written: {given.out}")


if __name__ == "__main__":
    main()

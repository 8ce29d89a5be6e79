"""`python -m bench` (in tests/) or `make bench`: measure, and show asked and measured in one table."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from rich.console import Console

from bench.page import PAGE, write_page
from bench.parts import PARTS, measure_parts
from bench.peers.agreement import Disagreement
from bench.table import object_of, table_of
from bench.timing import FULL, QUICK, TINY

PIPED_WIDTH = 170


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure how fast mhsim is.")
    efforts = parser.add_mutually_exclusive_group()
    efforts.add_argument("--quick", dest="effort", action="store_const", const=QUICK, help="a minute or two; not all")
    efforts.add_argument("--tiny", dest="effort", action="store_const", const=TINY, help="whether it works at all")
    parser.add_argument("--json", action="store_true", help="print JSON alone on standard output")
    parser.add_argument("--write", action="store_true", help=f"put the figures into docs/{PAGE.name}")
    parser.add_argument("--only", nargs="+", choices=sorted(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.set_defaults(effort=FULL)
    wanted = parser.parse_args(given)
    if wanted.write and wanted.only:
        parser.error("--write needs all parts; leave --only out")
    return wanted


def main(given: Sequence[str] | None = None) -> int:
    """Measure and show; return 0, or 1 if two implementations of the same week disagree."""
    wanted = arguments(given)
    lines = []
    try:
        for part in wanted.only or PARTS:
            print(f"measuring {part} ...", file=sys.stderr)
            lines += measure_parts([part], wanted.effort)
    except Disagreement as error:
        print(f"bench: {error}; speed is not compared", file=sys.stderr)
        return 1
    if wanted.json:
        print(json.dumps([object_of(line) for line in lines], indent=2, allow_nan=False))
    else:
        Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False).print(table_of(lines))
    if wanted.write:
        write_page(lines, wanted.effort.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())

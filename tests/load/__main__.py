"""`python -m load`: a class of students at a dashboard started for them; prints what it found, and saves it as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from browser.server import Server
from load.classroom import Student
from load.server import Look, Watching
from load.summing import BAR, by_action, lines, memory
from load.visitor import Visitor

FORGET = 20
"""Seconds after which the server forgets a laptop that was shut; half an hour otherwise."""
SETTLING = 15.0
"""Seconds after the first visitor in which idle threads may end, before the class is let in."""
LEFT = 60.0
"""Seconds to wait for the server to be as empty as before."""


async def class_of(students: int, minutes: float, server: Server, settling: float = SETTLING) -> dict[str, Any]:
    """Let a class visit a server; return what was found."""
    watching = Watching(server)
    before = await ready(watching, settling)
    looking = asyncio.create_task(watching.keep_looking())
    present = [Student(server, number + 1) for number in range(students)]
    began = before.seconds
    await asyncio.gather(*(student.attend(60.0 * minutes) for student in present))
    looking.cancel()
    during = list(watching.looks)
    last = await watching.look()
    after = await watching.empty(before.threads, FORGET + LEFT)
    answers = [answer for student in present for answer in student.answers]
    rows = by_action(answers)
    faults = [fault for student in present for fault in student.faults]
    whole = rows[-1]
    return {
        "students": students,
        "minutes": minutes,
        "processors": os.cpu_count(),
        "answers": rows,
        "memory": {**memory([*during, last]), "after": after.megabytes},
        "threads": {"before": before.threads, "most": max(look.threads for look in during), "after": after.threads},
        "sessions_left": after.sessions,
        "processor_share": (last.processor - before.processor) / max(0.1, last.seconds - began),
        "faults": faults,
        "met": bool(answers) and not faults and not whole["lost"] and whole.get("p95", BAR) < BAR,
        "looks": [vars(look) for look in watching.looks],
    }


async def ready(watching: Watching, settling: float) -> Look:
    """Let one visitor see a page, so that all is loaded and compiled; return a look at the server after that."""
    for page in ("explore", "turnover", "lessons"):
        async with Visitor(watching.server) as first:
            await first.open(f"/{page}")
    looked = await watching.settled(settling)
    watching.looks = [looked]
    return looked


def main() -> int:
    """Run it; return 0 if the bar was met."""
    parser = argparse.ArgumentParser(prog="python -m load", description="A class of students at the dashboard.")
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--out", type=Path, default=Path("load.json"), help="where the findings are saved, as JSON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = {"SOLARA_KERNEL_CULL_TIMEOUT": f"{FORGET}s"}
        with Server(Path(folder), environment=settings) as server:
            found = asyncio.run(class_of(given.students, given.minutes, server))
            found["said"] = server.said()[-4000:]
    given.out.write_text(json.dumps(found, indent=2) + "\n")
    print("\n".join(lines(found)))
    return 0 if found["met"] else 1


if __name__ == "__main__":
    sys.exit(main())

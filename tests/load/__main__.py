"""`python -m load`: a class of students at a dashboard started for them; prints what it found, and saves it as JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from browser.server import Server, surroundings
from load.classroom import FOLDER, Student
from load.pressing import Answer
from load.reading import read
from load.server import Look, Watching
from load.summing import by_action, is_met, lines, memory
from load.visitor import Visitor

FORGET = 20
"""Seconds after which the server forgets a laptop that was shut; half an hour otherwise."""
SETTLING = 15.0
"""Seconds after the first visitor in which idle threads may end, before the class is let in."""
STUDY = (
    "base: base\nweeks: 52\nvary:\n  serve.turnover_per_year: [0.2, 1.0]\n  prepare.successors: [0, 2]\nreplicates: 5\n"
)
"""What the class looks at in Results."""
LEFT = 60.0
"""Seconds to wait for the server to be as empty as before."""


def with_study(folder: Path) -> Path:
    """Return a folder in which a study was made, to start a server in."""
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    command = [sys.executable, "-m", "mhsim", "sweep", "study.yaml", "--out", FOLDER, "--jobs", "1"]
    subprocess.run(command, cwd=folder, env=surroundings(), check=True, capture_output=True)
    return folder


async def class_of(
    students: int, minutes: float, server: Server, settling: float = SETTLING, *, reading: bool = True
) -> dict[str, Any]:
    """Let a class visit a server, one of them in a real browser; return what was found."""
    watching = Watching(server)
    before = await ready(watching, settling)
    looking = asyncio.create_task(watching.keep_looking())
    present = [Student(server, number + 1) for number in range(students)]
    began = before.seconds
    visits = [student.attend(60.0 * minutes) for student in present]
    looked, *_ = await asyncio.gather(read(server, 60.0 * minutes) if reading else nobody(), *visits)
    looking.cancel()
    during = list(watching.looks)
    last = await watching.look()
    after = await watching.empty(before.threads, FORGET + LEFT)
    answers = [*looked, *(answer for student in present for answer in student.answers)]
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
        "met": bool(answers) and not faults and not whole["lost"] and all(map(is_met, rows)),
        "looks": [vars(look) for look in watching.looks],
    }


async def nobody() -> list[Answer]:
    """Return no answers, where there is no browser."""
    return []


async def ready(watching: Watching, settling: float) -> Look:
    """Let one visitor see results, so that all is loaded; return a look at the server after that."""
    async with Visitor(watching.server) as first:
        await first.open(f"/results?folder={FOLDER}")
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
        with Server(with_study(Path(folder)), environment=settings) as server:
            found = asyncio.run(class_of(given.students, given.minutes, server))
            found["said"] = server.said()[-4000:]
    given.out.write_text(json.dumps(found, indent=2) + "\n")
    print("\n".join(lines(found)))
    return 0 if found["met"] else 1


if __name__ == "__main__":
    sys.exit(main())

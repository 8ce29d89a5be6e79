"""What the lessons come to, as a page of text: ``python -m mhsim.dashboard.lessons [NAME ...] [--seed N]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from threading import Event

from mhsim.dashboard.lessons.evaluate import answers, verdict
from mhsim.dashboard.lessons.loader import lessons
from mhsim.dashboard.lessons.runs import Lived, Running
from mhsim.dashboard.lessons.schema import Lesson


def lived_through(lesson: Lesson, seed: int) -> Lived:
    """Return all histories of a lesson under a seed, lived through now."""
    told: list[Lived] = []
    over = Event()

    def take(lived: Lived) -> None:
        told.append(lived)
        if lived.done:
            over.set()

    Running(lesson, seed, take)
    over.wait()
    return told[-1]


def page_of(lesson: Lesson, seed: int) -> str:
    """Return what a lesson comes to under a seed, as Markdown."""
    lived = lived_through(lesson, seed)
    found = answers(lesson, lived)
    lines = [f"### {lesson.order}. {lesson.title}", "", lesson.question.strip(), ""]
    lines += [f"- **{answer.ask.title}** {answer.words} {answer.numbers} {answer.sure}" for answer in found]
    right = [choice.says for choice in lesson.choices if verdict(choice, found) == "as expected"]
    said = f"“{right[0]}”" if right else "none of those offered"
    return "\n".join([*lines, "", f"The choice that comes out: {said}. {lived.pairs} histories in each situation.", ""])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the lessons named, or all of them; `arguments` stand in for those of the command line."""
    reader = argparse.ArgumentParser(prog="python -m mhsim.dashboard.lessons", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help="lessons; all if none is named")
    reader.add_argument("--seed", type=int, default=1, help="seed of the luck")
    given = reader.parse_args(arguments)
    unknown = [name for name in given.names if name not in lessons()]
    if unknown:
        print(f"no lesson is named '{unknown[0]}'; there are {', '.join(lessons())}", file=sys.stderr)
        raise SystemExit(2)
    for name in given.names or lessons():
        print(page_of(lessons()[name], given.seed), flush=True)


if __name__ == "__main__":
    main()

"""The results of the lessons, as a page of text: ``python -m mhsim.dashboard.lessons [NAME ...] [--seed N]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from mhsim.dashboard.lessons.evaluate import answers, verdict
from mhsim.dashboard.lessons.lesson_file import lessons
from mhsim.dashboard.lessons.lesson_parts import Lesson
from mhsim.dashboard.lessons.runs import all_runs


def page_of(lesson: Lesson, seed: int) -> str:
    """Return the results of a lesson with a seed, as Markdown."""
    runs = all_runs(lesson, seed)
    found = answers(lesson, runs)
    lines = [f"### {lesson.order}. {lesson.title}", "", lesson.question.strip(), ""]
    lines += [f"- **{answer.ask.title}** {answer.words} {answer.numbers} {answer.uncertainty}" for answer in found]
    right = [choice.says for choice in lesson.choices if verdict(choice, found) == "as expected"]
    said = f"“{right[0]}”" if right else "none of those offered"
    return "\n".join([*lines, "", f"The right prediction: {said}. {lesson.pairs} runs of each situation.", ""])


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the lessons named, or all of them; `arguments` stand in for those of the command line."""
    reader = argparse.ArgumentParser(prog="python -m mhsim.dashboard.lessons", description=__doc__)
    reader.add_argument("names", nargs="*", metavar="NAME", help="lessons; all if none is named")
    reader.add_argument("--seed", type=int, default=1, help="random seed")
    given = reader.parse_args(arguments)
    unknown = [name for name in given.names if name not in lessons()]
    if unknown:
        print(f"no lesson is named '{unknown[0]}'; there are {', '.join(lessons())}", file=sys.stderr)
        raise SystemExit(2)
    for name in given.names or lessons():
        print(page_of(lessons()[name], given.seed), flush=True)


if __name__ == "__main__":
    main()

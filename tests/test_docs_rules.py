"""The page about rules is what people copy: its code runs, and it is the code of the worked example."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.S)


def body(text: str, start: str) -> list[str]:
    """Return the lines of a function from its first line on, without docstrings, comments and indentation."""
    lines = text[text.index(start) :].splitlines()
    return [line.strip() for line in lines if line.strip() and not line.strip().startswith(('"""', "#"))]


def test_the_code_of_the_page_runs() -> None:
    """One block after the other in one name space, as a reader would copy them."""
    space: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/rules.md", "exec"), space)
    assert space["BringAFriend"].in_group is not None  # type: ignore[attr-defined]


def test_the_page_shows_the_worked_example() -> None:
    """The page must not drift away from the files it speaks of."""
    folder = ROOT / "experiments" / "bring-a-friend"
    ways = (folder / "three_ways.py").read_text(encoding="utf-8")
    rule = (folder / "bring_a_friend.py").read_text(encoding="utf-8")
    loop = body(ways, "chance = 1 - exp")[:10]
    assert body(BLOCKS[0], "chance = 1 - exp")[:10] == loop
    columns = body(ways, "people = self.world.people")[:16]
    assert body(BLOCKS[1], "people = self.world.people")[: len(columns)][:16] == columns
    inside = body(rule, "for i in range(len(members))")
    shown = [
        line.replace("OWN_PURPOSES, 0)", "INVITING, 0)") for line in body(BLOCKS[2], "for i in range(len(members))")
    ]
    assert shown == inside

"""The words of pages in German: tables from the English text to the German one, a file for each page.

What is looked up stands in the modules as ``say("English text")`` or ``plural("one", "several", ...)``; `said_in` reads
it out of them, so that a test can hold both against one another.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from mhsim.dashboard import BROWSER_FILES

WORDS = BROWSER_FILES / "words"
LITERAL = r'"((?:[^"\\]|\\.)*)"'
SAID = re.compile(r"(?<![.\w])(?:say|plural)\(\s*(?=\")")
TEXT = re.compile(rf"\s*{LITERAL}((?:\s*\+\s*{LITERAL})*)")


def texts_of() -> dict[str, dict[str, str]]:
    """Return for each language besides English its texts by the English ones."""
    found: dict[str, str] = {}
    for path in sorted(WORDS.glob("*.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return {"de": found}


def said_in(path: Path) -> list[str]:
    """Return the English texts that a module looks up, in order."""
    module, found = path.read_text(encoding="utf-8"), []
    for call in SAID.finditer(module):
        at, several = call.end(), module[call.start() : call.end()].startswith("plural")
        for _ in range(2 if several else 1):
            text = TEXT.match(module, at)
            if text is None:
                break
            found.append("".join(re.findall(LITERAL, text[0])).replace('\\"', '"'))
            comma = re.compile(r"\s*,").match(module, text.end())
            at = comma.end() if comma else len(module)
    return found

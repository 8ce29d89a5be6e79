"""The evidence as a page: what each code such as V51 or E57 stands for, from docs/evidence.md."""

from __future__ import annotations

import importlib.resources
import re
from functools import lru_cache
from html import escape
from pathlib import Path

from mhsim.dashboard.elements import document

ROW = re.compile(r"^\| ([VE]\d+) \| (.+) \|$")
CODE = re.compile(r"\b[VE]\d+\b")
LINK = "get/evidence.html"


def evidence_html() -> str:
    """Return the page: every code with what it stands for and its source."""
    rows = "".join(
        f'<tr id="{code}"><th scope="row">{code}</th><td>{escape(" · ".join(cells))}</td></tr>'
        for code, cells in evidence().items()
    )
    return document(
        "Evidence",
        "<p>V-codes are published numbers, E-codes are ideas from the five source documents. Most numbers were seen in "
        "an abstract or a short excerpt only; quote the original, not this page.</p>"
        '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Code</th>'
        f'<th scope="col">What it is</th></tr></thead><tbody>{rows}</tbody></table></div>',
    )


@lru_cache(maxsize=1)
def evidence() -> dict[str, tuple[str, ...]]:
    """Return what each code stands for: the cells of its row in docs/evidence.md, but for the last one."""
    path = Path(str(importlib.resources.files("mhsim"))) / "evidence.md"
    if not path.is_file():  # in a clone the page lies in docs/
        path = Path(__file__).resolve().parents[3] / "docs" / "evidence.md"
    matches = (ROW.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return {match[1]: tuple(match[2].split(" | ")[:-1]) for match in matches if match}

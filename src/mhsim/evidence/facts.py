"""The published facts: one reader of the tables of docs/evidence.md, which stands in the package as evidence.md.

A fact is a row there; whether the model gives what it says is asked by the files in `mhsim.evidence.checks`.
"""

from __future__ import annotations

import importlib.resources
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

ROW = re.compile(r"^\| ([VEN]\d+) \| (.+) \|$")
CODE = re.compile(r"\b(?:[VE]\d+|N\d\d)\b")
"""A code as texts name it: V and N are published facts, E are elements of the source documents."""


class Fact(NamedTuple):
    """One published fact: code, what was found, numbers, source, reliability (A to D) and what it may be used for."""

    id: str
    statement: str
    numbers: str
    source: str
    reliability: str
    use: str


def evidence_text() -> str:
    """Return the page of the evidence, as packaged or, in a clone, from docs/."""
    path = Path(str(importlib.resources.files("mhsim"))) / "evidence.md"
    if not path.is_file():
        path = Path(__file__).resolve().parents[3] / "docs" / "evidence.md"
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def codes() -> dict[str, tuple[str, ...]]:
    """Return what each code stands for, facts and elements: the cells of its row but for the generated last one."""
    matches = (ROW.match(line) for line in evidence_text().splitlines())
    return {match[1]: tuple(match[2].split(" | ")[:-1]) for match in matches if match}


@lru_cache(maxsize=1)
def facts() -> dict[str, Fact]:
    """Return the published facts by code, in the order of the page; elements have no numbers and are not among them."""
    return {code: Fact(code, *cells) for code, cells in codes().items() if not code.startswith("E")}

"""Writing docs/performance.md: the figures go between two markers, the words around them stay."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from bench import TESTS
from bench.parts import Line
from bench.table import markdown_of

PAGE = TESTS.parent / "docs" / "performance.md"
BEGIN, END = "<!-- begin figures -->", "<!-- end figures -->"
PACKAGES = ("numba", "numpy", "Mesa", "agentpy")


def machine() -> str:
    """Return what was measured on, in one sentence without names of machines or dates."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Measured on {cores} cores of {processor()}; Python {platform.python_version()}, {packages}."


def processor() -> str:
    """Return the name of the processor's model, or of its architecture."""
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def write_page(lines: Sequence[Line], effort: str, page: Path = PAGE) -> None:
    """Put figures between the markers of the page.

    Raises
    ------
    ValueError
        If the page does not have both markers in their order.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page.name} needs the lines {BEGIN} and {END}, in this order")
    inner = f"{machine()} Effort: {effort}.\n\n{markdown_of(lines)}"
    page.write_text(f"{before}{BEGIN}\n\n{inner}\n\n{END}{after}", encoding="utf-8")

"""The page about Mesa: what it shows must run as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[1] / "docs" / "mesa.md"


def test_the_examples_run() -> None:
    """An example that fails is the first thing a reader meets; they are run in order, as one reads them."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"__name__": "examples"}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    assert len(blocks) >= 5
    assert names["newcomer"].membership == "member" and names["person"].last_reason == "graduated"
    assert names["town"].week == 52 and len(names["found"]) == 6
    assert len({row["people"] for row in names["found"]}) > 1

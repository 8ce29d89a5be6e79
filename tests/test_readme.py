"""The README is the first thing anybody copies from: its Python runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.S)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_of_python_runs(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Each block by itself, in a name space of its own, and it must say something."""
    exec(compile(BLOCKS[number], "README.md", "exec"), {})
    assert capsys.readouterr().out


def test_every_file_it_names_is_there() -> None:
    """A link that leads nowhere is worse than none."""
    links = re.findall(r"\]\(([^)#]+)\)", README)
    root = Path(__file__).resolve().parents[1]
    assert len(links) > 8
    assert [link for link in links if "://" not in link and not (root / link).exists()] == []

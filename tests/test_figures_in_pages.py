"""Pictures that a page draws are those of the dashboard: the same shapes, words and descriptions, place by place."""

from __future__ import annotations

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import asdict
from math import nan
from shutil import which
from typing import Any

import pytest

import mhsim.dashboard
from mhsim.dashboard.figures import ChartLine, Row, bars, both, curves

BROWSER = f"{mhsim.dashboard.__path__[0]}/browser"
PROGRAM = f"""
import {{ readFileSync }} from "node:fs";
import {{ both }} from "file://{BROWSER}/figures/canvas.js";
import {{ curves }} from "file://{BROWSER}/figures/curves.js";
import {{ bars }} from "file://{BROWSER}/figures/bars.js";
import {{ dots }} from "file://{BROWSER}/figures/dots.js";
const asked = JSON.parse(readFileSync(0)), number = (_, value) => (value === "gap" ? NaN : value);
const found = JSON.parse(JSON.stringify(asked), number).map(([kind, rows, series, given]) => {{
  if (kind === "dots") return dots(rows, given);
  const one = (settings) => (kind === "curves" ? curves(rows, settings) : bars(rows, series, settings));
  return both((width) => one({{ ...given, width }}));
}});
console.log(JSON.stringify(found));
"""
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ROUNDED = 0.11
"""Python and JavaScript round the tenth of a point each their way where two are as near."""


def drawn_in_node(asked: list[Any]) -> list[str]:
    if which("node") is None:
        pytest.skip("node is not here")
    command = ["node", "--input-type=module", "-e", PROGRAM]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def test_a_page_draws_the_pictures_of_the_dashboard() -> None:
    bad = '<script>alert("it\'s")</script> & more words than stand beside a bar'
    lines = [
        ChartLine("A: 41", [0, 0.25, 5.5, 10], [100, 99.5, 70, 41], [95, 90, 60, 30], [100, 100, 80, 52], steps=True),
        ChartLine("B", [0, 5, 10], [100, 41, 40.5], look=1),
        ChartLine(bad, [0, 5, 10], [1, nan, 3], [0, nan, 2], [2, nan, 4], look=2),
        *(ChartLine(f"look {k}", [0, 10], [k, 2 * k], look=k) for k in (3, 4, 5)),
    ]
    ways: list[dict[str, Any]] = [
        {"top": 100.0, "marks": [(2.0, "helpers stop (B)"), (9.9, "late")]}, {"top": None, "marks": []},
    ]  # fmt: skip
    rows = [Row("still meeting", (41.0, 12.5), ("41 of 100", "12.5 of 100")), Row(bad, (0.0, nan), ("0", "–"))]
    common = {"title": bad, "describe": "what it shows"}
    asked: list[Any] = []
    wanted = []
    for way in ways:
        given = {**common, "across": "years", "up": "of 100", **way}
        asked.append(["curves", [asdict(line) for line in lines], None, given])
        wanted.append(both(lambda width, given=given: curves(lines, width=width, **given)))  # type: ignore[misc]
    for series, top in ((("A", "B"), 100.0), (("A",), None)):
        asked.append(["bars", [asdict(row) for row in rows], series, {**common, "top": top}])
        wanted.append(both(lambda width, s=series, t=top: bars(rows, s, top=t, width=width, **common)))  # type: ignore[misc]
    found = drawn_in_node(json.loads(json.dumps(asked).replace("NaN", '"gap"')))
    for one, other in zip(found, wanted, strict=True):
        assert NUMBER.sub("#", one) == NUMBER.sub("#", other)
        places = [[float(number) for number in NUMBER.findall(text)] for text in (one, other)]
        assert places[0] == pytest.approx(places[1], abs=ROUNDED)


def test_a_hundred_dots_can_be_counted() -> None:
    (picture,) = drawn_in_node([["dots", 41.5, None, {"title": "A", "describe": "42 of 100 groups", "look": 1}]])
    parts = ElementTree.fromstring(picture)
    kinds = [part.get("class", "") for part in parts.iter() if part.get("class", "").startswith("dot")]
    assert len(kinds) == 100
    assert kinds.count("dot there look-1") == 42
    assert [part.text for part in list(parts)[:2]] == ["A", "42 of 100 groups"]

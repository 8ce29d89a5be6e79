"""Pictures say in words and shapes what they say in colour, are sound XML, and never let names lie on one another."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from math import nan
from typing import Any

import pytest

from page_modules import told_in_node

Lines = list[dict[str, Any]]
SVG = "{http://www.w3.org/2000/svg}"
LINE = 16
"""Height of a line of words."""
BAD = '<script>alert("it\'s")</script> & more words than stand beside a bar'
SCRIPT = """
import { apart, both, ticks } from "@/figures/canvas.js";
import { curves } from "@/figures/curves.js";
import { bars } from "@/figures/bars.js";
import { dots } from "@/figures/dots.js";
const twice = (lines, given) => both((width) => curves(lines, { ...given, width }));
const drawers = { curves, bars, dots, apart, ticks, both: twice };
const gaps = (_, value) => (value === "gap" ? NaN : value);
const found = JSON.parse(JSON.stringify(asked), gaps).map(([kind, ...given]) => drawers[kind](...given));
console.log(JSON.stringify(found));
"""
USUAL = {"title": "T", "across": "years", "up": "alive", "describe": "D", "top": 100.0}


def line(label: str, x: list[float], y: list[float], **other: Any) -> dict[str, Any]:
    kept = ["gap" if value != value else value for value in y]
    return {"label": label, "x": x, "y": kept, "low": None, "high": None, "look": 0, "steps": False, **other}


HEIGHTS = ((50, 50, 50, 50), (99, 99.5, 100, 100), (0, 0.1, 0.2, 0))
HIGHEST = (0.013, 3.0, 63.0, 99.0, 1234.0)
NOTHING: tuple[Lines, ...] = (
    [],
    [line("A", [], [])],
    [line("A", [0, 1], [nan, nan], low=["gap", "gap"], high=["gap", "gap"])],
)
PICTURES: dict[str, list[Any]] = {
    "bad": ["curves", [line(BAD, [0, 1], [1, 2])], {**USUAL, "title": BAD, "describe": BAD, "marks": [[0.5, BAD]]}],
    "bad bars": ["bars", [{"label": BAD, "values": [1], "texts": [BAD]}], [BAD], {"title": BAD, "describe": BAD}],
    **{
        f"ends {k}": ["curves", [line(f"line {n}", [0, 1], [100, y], look=n) for n, y in enumerate(heights)], USUAL]
        for k, heights in enumerate(HEIGHTS)
    },
    "six": ["curves", [line(str(k), [0, 1], [10 * k, 10 * k], look=k) for k in range(6)], USUAL],
    "steps": ["curves", [line("A", [0, 1, 2], [100, 50, 0], steps=True)], USUAL],
    "gap": ["curves", [line("A", [0, 1, 2, 3, 4], [5, 6, nan, 7, 8])], USUAL],
    **{f"nothing {k}": ["curves", lines, {**USUAL, "top": None}] for k, lines in enumerate(NOTHING)},
    "no bars": ["bars", [], ["A"], {"title": "T", "describe": "D"}],
    **{f"highest {y}": ["curves", [line("A", [0, 1], [0, y])], {**USUAL, "top": None}] for y in HIGHEST},
    "bars": [
        *("bars", [{"label": "few", "values": [25, 50], "texts": ["25 of 100", "50 of 100"]}], ["A", "B"]),
        {"title": "T", "describe": "D", "top": 100},
    ],
    "both": ["both", [line("A", [0, 1], [1, 2])], USUAL],
    "dots": ["dots", 41.5, {"title": "A", "describe": "42 of 100 groups", "look": 1}],
    **{f"ticks {k}": ["ticks", *given] for k, given in enumerate(((0, 100, 4), (0, 10, 5), (5, 5)))},
    "apart": ["apart", [10, 10, 10, 11], 5, 0, 100],
    "crowded": ["apart", [100, 100, 100], 5, 0, 100],
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """All that is drawn here, in one process."""
    return dict(zip(PICTURES, told_in_node(SCRIPT, list(PICTURES.values())), strict=True))


def of_class(picture: str, name: str) -> list[ElementTree.Element]:
    return [part for part in ElementTree.fromstring(picture).iter() if name in part.get("class", "").split()]


def test_words_of_a_picture_cannot_become_markup(found: dict[str, Any]) -> None:
    """Labels come from files and addresses of users; a picture is put into the page as it stands."""
    picture = ElementTree.fromstring(found["bad"])
    assert not list(picture.iter("script")) and not list(picture.iter(f"{SVG}script"))
    assert BAD in [text.text for text in picture.iter(f"{SVG}text")]
    assert "<script" not in found["bad bars"]


def test_a_picture_has_a_name_and_a_description_for_those_who_do_not_see_it(found: dict[str, Any]) -> None:
    picture = ElementTree.fromstring(found["six"])
    assert picture.get("role") == "img"
    assert [part.text for part in list(picture)[:2]] == ["T", "D"]


@pytest.mark.parametrize("place", range(len(HEIGHTS)))
def test_names_at_the_ends_of_lines_never_lie_on_one_another(found: dict[str, Any], place: int) -> None:
    """Lines that end together are the usual case: all groups alive, or none."""
    picture = found[f"ends {place}"]
    places = sorted(float(text.get("y", "")) for text in of_class(picture, "name"))
    assert len(places) == 4
    assert all(b - a >= LINE - 0.11 for a, b in itertools.pairwise(places))
    height = float(ElementTree.fromstring(picture).get("viewBox", "").split()[3])
    assert places[0] > 0 and places[-1] < height


def test_six_lines_differ_by_the_shape_at_their_end_and_not_by_colour_alone(found: dict[str, Any]) -> None:
    signs = of_class(found["six"], "sign")
    assert len({(part.tag, len((part.get("points") or "").split())) for part in signs}) > 1
    assert len({part.get("points", "disc") for part in signs}) == len(signs) == 6


def test_lines_say_when_they_are_level_and_where_nothing_is_known(found: dict[str, Any]) -> None:
    """A share of groups stays level until the next point, and what is missing is a gap and not a zero."""
    path = of_class(found["steps"], "line")[0].get("d", "")
    points = [tuple(float(part) for part in place.split()) for place in path[1:].split("L")]
    assert len(points) == 5
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(points))
    path = of_class(found["gap"], "line")[0].get("d", "")
    assert path.count("M") == 2 and not re.search("nan", path, re.IGNORECASE)


def test_pictures_without_any_case_are_still_pictures(found: dict[str, Any]) -> None:
    """The first moment of a page, or a study in which nothing ran."""
    for name in (*(f"nothing {k}" for k in range(len(NOTHING))), "no bars"):
        assert ElementTree.fromstring(found[name]).tag == f"{SVG}svg"


def test_the_highest_value_lies_within_the_picture_when_no_top_is_given(found: dict[str, Any]) -> None:
    for highest in HIGHEST:
        picture = found[f"highest {highest}"]
        end = float(of_class(picture, "sign")[0].get("cy", ""))
        levels = [float(rule.get("y1", "")) for rule in of_class(picture, "rule")]
        assert min(levels) - 0.1 <= end


def test_bars_are_as_long_as_their_values_and_say_them(found: dict[str, Any]) -> None:
    lengths = [float(bar.get("width", "")) for bar in of_class(found["bars"], "bar")]
    assert lengths[1] == pytest.approx(2 * lengths[0], rel=0.01)
    texts = {text.text for text in ElementTree.fromstring(found["bars"]).iter(f"{SVG}text")}
    assert {"25 of 100", "50 of 100", "A", "B", "few"} <= texts


def test_a_hundred_dots_can_be_counted(found: dict[str, Any]) -> None:
    parts = ElementTree.fromstring(found["dots"])
    kinds = [part.get("class", "") for part in parts.iter() if part.get("class", "").startswith("dot")]
    assert len(kinds) == 100
    assert kinds.count("dot there look-1") == 42
    assert [part.text for part in list(parts)[:2]] == ["A", "42 of 100 groups"]


def test_sizes_ticks_and_places_fit(found: dict[str, Any]) -> None:
    """Both sizes are there for the page to choose; ticks are round and within; places keep their order and bounds."""
    assert found["both"].count("picture-wide") == found["both"].count("picture-narrow") == 1
    assert [found[f"ticks {k}"] for k in range(3)] == [[0, 25, 50, 75, 100], [0, 2, 4, 6, 8, 10], [5]]
    assert found["apart"] == sorted(found["apart"]) and found["apart"][1] - found["apart"][0] == 5
    assert sorted(found["crowded"]) == [90, 95, 100]

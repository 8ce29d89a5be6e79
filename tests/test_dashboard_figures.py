"""Pictures say in words and shapes what they say in colour, are sound XML, and never let names lie on one another."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ElementTree
from math import nan

import pytest

from mhsim.dashboard.figures import ChartLine, Row, bars, both, curves
from mhsim.dashboard.figures.canvas import LINE, apart, ticks

SVG = "{http://www.w3.org/2000/svg}"


def drawn(lines, **other):
    settings = {"title": "T", "across": "years", "up": "alive", "describe": "D", "top": 100.0, **other}
    return ElementTree.fromstring(curves(lines, **settings))


def of_class(picture, name):
    return [part for part in picture.iter() if name in part.get("class", "").split()]


def test_words_of_a_picture_cannot_become_markup():
    """Labels come from files and addresses of users; a picture is put into the page as it stands."""
    bad = '<script>alert("1")</script>&'
    picture = drawn([ChartLine(bad, [0, 1], [1, 2])], title=bad, describe=bad, marks=[(0.5, bad)])
    assert not list(picture.iter("script")) and not list(picture.iter(f"{SVG}script"))
    assert bad in [text.text for text in picture.iter(f"{SVG}text")]
    assert "<script" not in bars([Row(bad, (1.0,), (bad,))], (bad,), title=bad, describe=bad)


def test_a_picture_has_a_name_and_a_description_for_those_who_do_not_see_it():
    picture = drawn([ChartLine("A", [0, 1], [1, 2])])
    assert picture.get("role") == "img"
    assert [part.text for part in list(picture)[:2]] == ["T", "D"]


@pytest.mark.parametrize("heights", [(50, 50, 50, 50), (99, 99.5, 100, 100), (0, 0.1, 0.2, 0)])
def test_names_at_the_ends_of_lines_never_lie_on_one_another(heights):
    """Lines that end together are the usual case: all groups alive, or none."""
    lines = [ChartLine(f"line {k}", [0, 1], [100, height], look=k) for k, height in enumerate(heights)]
    places = sorted(float(text.get("y")) for text in of_class(drawn(lines), "name"))
    assert all(b - a >= LINE - 0.11 for a, b in itertools.pairwise(places))
    height = float(drawn(lines).get("viewBox").split()[3])
    assert places[0] > 0 and places[-1] < height


def test_six_lines_differ_by_the_shape_at_their_end_and_not_by_colour_alone():
    picture = drawn([ChartLine(str(k), [0, 1], [10 * k, 10 * k], look=k) for k in range(6)])
    shapes = [(part.tag, len((part.get("points") or "").split())) for part in of_class(picture, "sign")]
    assert len(shapes) == 6
    directions = {part.get("points", "disc") for part in of_class(picture, "sign")}
    assert len(directions) == 6


def test_a_line_with_steps_stays_level_until_the_next_point():
    line = of_class(drawn([ChartLine("A", [0, 1, 2], [100, 50, 0], steps=True)]), "line")[0]
    points = [tuple(float(part) for part in place.split()) for place in line.get("d")[1:].split("L")]
    assert len(points) == 5
    assert all(a[0] == b[0] or a[1] == b[1] for a, b in itertools.pairwise(points))


def test_what_is_missing_is_a_gap_and_not_a_zero():
    line = of_class(drawn([ChartLine("A", [0, 1, 2, 3, 4], [5, 6, nan, 7, 8])]), "line")[0]
    assert line.get("d").count("M") == 2 and "nan" not in line.get("d")


def test_pictures_without_any_case_are_still_pictures():
    """The first moment of a page, or a study in which nothing ran."""
    drawn([])
    drawn([ChartLine("A", [], [])], top=None)
    drawn([ChartLine("A", [0, 1], [nan, nan], [nan, nan], [nan, nan])], top=None)
    ElementTree.fromstring(bars([], ("A",), title="T", describe="D"))


def test_the_highest_value_lies_within_the_picture_when_no_top_is_given():
    for highest in (0.013, 3.0, 63.0, 99.0, 1234.0):
        picture = drawn([ChartLine("A", [0, 1], [0, highest])], top=None)
        end = float(of_class(picture, "sign")[0].get("cy"))
        levels = [float(rule.get("y1")) for rule in of_class(picture, "rule")]
        assert min(levels) - 0.1 <= end


def test_bars_are_as_long_as_their_values_and_say_them():
    picture = ElementTree.fromstring(
        bars([Row("few", (25.0, 50.0), ("25 of 100", "50 of 100"))], ("A", "B"), title="T", describe="D", top=100.0)
    )
    lengths = [float(bar.get("width")) for bar in of_class(picture, "bar")]
    assert lengths[1] == pytest.approx(2 * lengths[0], rel=0.01)
    assert {"25 of 100", "50 of 100", "A", "B", "few"} <= {text.text for text in picture.iter(f"{SVG}text")}


def test_both_sizes_are_there_for_the_page_to_choose():
    found = both(lambda width: f"<b>{width}</b>")
    assert found.count("picture-wide") == found.count("picture-narrow") == 1


def test_ticks_are_round_and_within():
    assert ticks(0, 100, 4) == [0, 25, 50, 75, 100]
    assert ticks(0, 10, 5) == [0, 2, 4, 6, 8, 10]
    assert ticks(5, 5) == [5]


def test_places_moved_apart_keep_their_order_and_bounds():
    moved = apart([10, 10, 10, 11], 5, 0, 100)
    assert moved == sorted(moved) and moved[1] - moved[0] == 5
    crowded = apart([100, 100, 100], 5, 0, 100)
    assert sorted(crowded) == [90, 95, 100]

"""What is said in words follows from the numbers: where a fall is fastest, and how numbers read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

import mhsim
from mhsim.report.coming_and_going.falls import fall_of, place_words
from mhsim.report.formatting import GROUPS, duration, joined, plain, signed, trimmed, years
from mhsim.stats import Estimate

RATES = (0.0, 0.2, 1.0, 4.0)
FATES = (np.arange(100) * 37 % 100 + 0.5) / 100


def alive(*chances: float) -> Any:
    """Return who is alive at each rate: the same hundred fates, other chances."""
    return np.array([chance > FATES for chance in chances], dtype=float)


def said(*chances: float) -> str:
    """Return where the fall is fastest for chances at each rate, with plain spaces."""
    fall = fall_of(RATES[: len(chances)], alive(*chances))
    assert fall is not None
    return place_words(fall).replace("\u00a0", " ")


def test_a_fall_with_one_large_step_is_placed() -> None:
    """A fall with one large step is placed."""
    assert "The largest step is between 20 % and 100 % a year, by 60 of 100 groups" in said(0.95, 0.9, 0.3, 0.2)


def test_a_fall_with_two_like_steps_is_not_placed_for_certain() -> None:
    """A fall with two like steps is not placed for certain."""
    text = said(0.98, 0.66, 0.34, 0.33)
    assert "its place is not certain" in text
    assert "somewhere between 0 % and 100 % a year" in text


def test_a_gradual_fall_is_nowhere_clearly_faster() -> None:
    """A gradual fall is nowhere clearly faster."""
    luck = np.random.default_rng(4)
    chances = np.linspace(0.85, 0.35, 12)
    fall = fall_of(tuple(np.arange(12.0)), (luck.random((12, 60)) < chances[:, None]).astype(float))
    assert fall is not None
    assert fall.overall.falls
    assert "No single step" in place_words(fall)


def test_a_fall_everywhere_is_said() -> None:
    """A fall everywhere is said."""
    assert "It falls clearly at every step." in said(0.99, 0.7, 0.4, 0.1)


def test_two_rates_have_no_fastest_step() -> None:
    """One step cannot be larger than others."""
    assert said(0.9, 0.2).startswith("With two rates only")


def test_a_rate_without_runs_is_left_out() -> None:
    """A rate without runs is left out."""
    table = alive(0.95, 0.9, 0.3, 0.2)
    table[1] = np.nan
    fall = fall_of(RATES, table)
    assert fall is not None
    assert fall.rates == (0.0, 1.0, 4.0)
    assert fall_of(RATES, np.full((4, 50), np.nan)) is None


def test_numbers_read_well() -> None:
    """Numbers read well."""
    assert [plain(-0.04), signed(0.4), signed(-2.6), plain(np.nan), trimmed(2.50)] == ["0.0", "0", "−3", "–", "2.5"]
    assert [duration(520), duration(52), duration(26), duration(130)] == [
        "ten years",
        "one year",
        "26 weeks",
        "2.5 years",
    ]
    assert years(np.inf, 520) == "over 10"
    assert GROUPS.size(Estimate(0.01, -0.02, 0.03, 9)) == "+1 of 100 groups (−2 to +3)"
    assert GROUPS.change(Estimate(-0.2, -0.3, -0.1, 90, 0.0, 0.0)) == "−20 (−30 to −10) clear"
    assert joined(["a", "b", "c"]) == "a, b and c"


SOURCE = Path(mhsim.__file__).parent
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def shown_texts() -> Iterator[str]:
    """Yield what pages may show: the wordings, and texts in the code of reports that are no docstring."""
    for path in sorted((SOURCE / "report").rglob("*.yaml")):
        yield from path.read_text(encoding="utf-8").splitlines()
    for path, tree in TREES.items():
        if (SOURCE / "report") in path.parents:
            own = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in own)
            yield from (node.value for node in texts if isinstance(node.value, str) and " " in node.value)


def test_no_name_of_a_class_stands_in_what_a_reader_sees() -> None:
    """A class that was given another name by search and replace took a label of the page along with it."""
    classes = {node.name for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    joined_words = {name for name in classes if re.fullmatch(r"([A-Z][a-z]+){2,}", name)}
    texts = list(shown_texts())
    assert "TrialData" in joined_words and "Trial: invited now less waiting" in texts
    assert [text for text in texts if joined_words & set(re.findall(r"\w+", text))] == []

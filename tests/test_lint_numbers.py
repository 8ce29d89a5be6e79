"""No number outside the parameter system, read off the sources: a compiled rule holds 0, 1 and 2 and no other number.

Every other is a parameter with range, unit and source, or a named constant whose docstring says why it is none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import mhsim

PACKAGE = Path(mhsim.__path__[0])
PLAIN = (0, 1, 2)
FILES = sorted(path for room in ("mechanisms", "modules", "engine", ".") for path in (PACKAGE / room).glob("*.py"))
"""Whatever holds rules of the model; `core` holds arithmetic, whose coefficients are not assumptions."""
SIZES = {"loop.py"}
"""Files whose numbers are room in tables and no part of any result."""


def numbers(text: str) -> Iterator[tuple[int, float]]:
    """Yield line and value of each number in compiled functions, also of modules, that is none of the plain ones.

    Which of the four words of a draw is taken is no assumption: ``words[3, i]`` passes.
    """
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(name, ast.Name) and name.id in ("kernel", "entry", "raw_kernel", "staticmethod")
            for name in function.decorator_list
        ):
            words = {id(one) for node in ast.walk(function) if _of_words(node) for one in ast.walk(node)}
            for node in ast.walk(function):
                is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
                if is_number and node.value not in PLAIN and id(node) not in words:
                    yield node.lineno, node.value


def _of_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "words"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rules_hold_no_numbers_of_their_own(path: Path) -> None:
    """A number in a rule can neither be varied nor be told from a fact; nobody sees that it was assumed."""
    if path.name not in SIZES:
        assert not list(numbers(path.read_text(encoding="utf-8")))


def given_twice(text: str) -> list[str]:
    """Return the constants that a module names twice: the later number would silently stand for the earlier one."""
    targets = [each for node in ast.parse(text).body if isinstance(node, ast.Assign) for each in node.targets]
    names = [n.id for each in targets for n in ast.walk(each) if isinstance(n, ast.Name) and n.id.isupper()]
    return sorted({name for name in names if names.count(name) > 1})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_constant_is_named_once(path: Path) -> None:
    """An event once took the name of a draw, and so its number: another draw from then on, and nothing said so."""
    assert not given_twice(path.read_text(encoding="utf-8"))


def test_a_constant_named_twice_is_found() -> None:
    """The very slip, in the shapes it can have; what a function names inside is its own affair."""
    assert given_twice("FOUND, LOST = 1200, 1201\nclass Rule:\n    LOST = 2\nFOUND = 1\n") == ["FOUND"]


def test_every_rule_is_looked_at() -> None:
    """A list of files that misses the rules would find nothing in them."""
    with_rules = {path.name for path in FILES if "@kernel" in path.read_text(encoding="utf-8")}
    assert {"serve.py", "sponsor.py", "population.py", "groups.py", "week.py", "kernel_helpers.py"} <= with_rules


@pytest.mark.parametrize("line", ["x * 0.3", "x + 3", "x if x > 13.0 else 0.0", "f(x, -0.6)", "x[3] + words[3, 0]"])
def test_a_planted_number_is_found(line: str) -> None:
    """A lint that never complains proves nothing."""
    assert list(numbers(f"@kernel\ndef f(x):\n    return {line}\n"))


def test_plain_numbers_and_names_pass() -> None:
    """It must not cry wolf either."""
    assert not list(
        numbers("HALF = 0.5\n@kernel\ndef f(x, p):\n    return 1.0 - 2 * x / 2.0 + p.share * HALF - words[3, 1]\n")
    )

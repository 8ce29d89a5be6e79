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
    """Yield line and value of each number in compiled functions, also of modules, that is none of the plain ones."""
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef) and any(
            isinstance(name, ast.Name) and name.id in ("kernel", "entry", "raw_kernel", "staticmethod")
            for name in function.decorator_list
        ):
            for node in ast.walk(function):
                if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in PLAIN:
                    yield node.lineno, node.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_rules_hold_no_numbers_of_their_own(path: Path) -> None:
    """A number in a rule can neither be varied nor be told from a fact; nobody sees that it was assumed."""
    if path.name not in SIZES:
        assert not list(numbers(path.read_text(encoding="utf-8")))


def test_every_rule_is_looked_at() -> None:
    """A list of files that misses the rules would find nothing in them."""
    with_rules = {path.name for path in FILES if "@kernel" in path.read_text(encoding="utf-8")}
    assert {"serve.py", "sponsor.py", "population.py", "groups.py", "week.py", "kernel_helpers.py"} <= with_rules


@pytest.mark.parametrize("line", ["x * 0.3", "x + 3", "x if x > 13.0 else 0.0", "f(x, -0.6)"])
def test_a_planted_number_is_found(line: str) -> None:
    """A lint that never complains proves nothing."""
    assert list(numbers(f"@kernel\ndef f(x):\n    return {line}\n"))


def test_plain_numbers_and_names_pass() -> None:
    """It must not cry wolf either."""
    assert not list(numbers("HALF = 0.5\n@kernel\ndef f(x, p):\n    return 1.0 - 2 * x / 2.0 + p.share * HALF - 1\n"))

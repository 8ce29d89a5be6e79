"""The arithmetic contract, read off the sources: only operations that give the same bits on every machine.

In what is compiled: ``+ - * /`` (``//`` and ``%`` for whole numbers), comparison, abs, min, max, sqrt, and exp and log
of `mhsim.core.maths`. No power, no NumPy, no sum, no fast mathematics, no other source of luck.
"""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import mhsim
from mhsim import kernel_helpers, mechanisms, modules, population, ties
from mhsim.core import blocks, maths, rng, with_numba

DECORATORS = ("kernel", "raw_kernel", "entry", "staticmethod")
"""Of what is compiled; the functions of an optional mechanism are static ones of its class."""
FORBIDDEN_OPERATORS = (ast.Pow, ast.MatMult)
BUILTINS = {"abs", "min", "max", "len", "range", "int", "float"}
CASTS = {"uint32", "uint64"}
NUMPY_ALLOWED = {"rng": {"int64", "uint32", "uint64", "empty"}}
"""NumPy names a compiled function may use: in draws, casts of whole numbers and an array for results of tests."""
MATH_ALLOWED = {"sqrt"}
MODULES = [import_module(f"mhsim.mechanisms.{found.name}") for found in pkgutil.iter_modules(mechanisms.__path__)]
MODULES += [import_module(f"mhsim.modules.{found.name}") for found in pkgutil.iter_modules(modules.__path__)]
MODULES += [kernel_helpers, ties, population, maths, rng, blocks]


def faults(source: str, name: str) -> Iterator[str]:
    """Yield every breach of the contract in the text of a module."""
    tree = ast.parse(source)
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= {alias.asname or alias.name: node.module or "" for alias in node.names}
        names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
        yield from (f"line {node.lineno}: imports random" for n in names if n.split(".")[0] in ("random", "secrets"))
        if isinstance(node, ast.ImportFrom) and node.module == "math":
            yield from (f"line {node.lineno}: math.{n}" for n in names if n not in MATH_ALLOWED)
        if isinstance(node, ast.Import) and "math" in names:
            yield f"line {node.lineno}: imports math whole"
        if isinstance(node, ast.keyword) and node.arg in ("fastmath", "parallel"):
            yield f"line {node.value.lineno}: {node.arg}"
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        if any(isinstance(d, ast.Name) and d.id in DECORATORS for d in function.decorator_list):
            yield from _in_function(function, name, own, imported)


def _in_function(function: ast.FunctionDef, name: str, own: set[str], imported: dict[str, str]) -> Iterator[str]:
    body = [node for statement in function.body for node in ast.walk(statement)]
    for node in body:
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, FORBIDDEN_OPERATORS):
            yield f"line {node.lineno}: {type(node.op).__name__}"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np", "numpy"):
            yield from (f"line {node.lineno}: np.{n}" for n in {node.attr} - NUMPY_ALLOWED.get(name, set()))
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                if called.id not in BUILTINS | CASTS | own and not _from_the_house(called.id, imported):
                    yield f"line {node.lineno}: calls {called.id}"
            elif not (
                isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "np"
            ):
                yield f"line {node.lineno}: calls {ast.unparse(called)}"


def _from_the_house(called: str, imported: dict[str, str]) -> bool:
    source = imported.get(called, "")
    return source.startswith("mhsim.") or (source == "math" and called in MATH_ALLOWED)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_arithmetic_is_the_same_on_every_machine(module: object) -> None:
    """A single library call in a rule would make results differ in the last bit between machines, and then diverge."""
    source = inspect.getsource(module)  # type: ignore[arg-type]
    name = module.__name__.rsplit(".", 1)[-1]  # type: ignore[attr-defined]
    assert not list(faults(source, name))


def test_no_module_is_compiled_with_fast_mathematics_or_in_parallel() -> None:
    """Fast mathematics may reorder sums, and parallel loops add in any order; both would change results in silence."""
    for path in sorted(Path(mhsim.__path__[0]).rglob("*.py")):
        found = [fault for fault in faults(path.read_text(), path.stem) if "fastmath" in fault or "parallel" in fault]
        assert not found, (path.name, found)


def test_every_mechanism_takes_exp_and_log_from_the_house() -> None:
    """Only `mhsim.core.maths` has an exp and a log that are equal everywhere."""
    for module in MODULES:
        for function in ("exp", "log"):
            if hasattr(module, function):
                assert getattr(module, function) is getattr(maths, function), module.__name__


PLANTED = {
    "power": "@kernel\ndef f(x):\n    return x ** 2\n",
    "power in place": "@kernel\ndef f(x):\n    x **= 2\n    return x\n",
    "numpy": "import numpy as np\n@kernel\ndef f(x):\n    return np.exp(x)\n",
    "sum": "@kernel\ndef f(x):\n    return sum(x)\n",
    "pow": "@kernel\ndef f(x):\n    return pow(x, 2.0)\n",
    "round": "@kernel\ndef f(x):\n    return round(x)\n",
    "math.exp": "from math import exp\n@kernel\ndef f(x):\n    return exp(x)\n",
    "math.log by another name": "from math import log as l\n@kernel\ndef f(x):\n    return l(x)\n",
    "math whole": "import math\n@kernel\ndef f(x):\n    return math.exp(x)\n",
    "method sum": "@kernel\ndef f(x):\n    return x.sum()\n",
    "random": "import random\n@kernel\ndef f(x):\n    return random.random()\n",
    "numpy random": "import numpy as np\n@entry\ndef f(x):\n    return np.random.random()\n",
    "fastmath": "@numba.njit(fastmath=True)\ndef f(x):\n    return x\n",
    "power in a function of a module": "class A:\n    @staticmethod\n    def f(x):\n        return x ** 2\n",
    "dot product": "@kernel\ndef f(x, y):\n    return x @ y\n",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_lint_catches_planted_faults(fault: str) -> None:
    """A lint that lets everything through looks like one that finds nothing: each kind of fault must be caught."""
    assert list(faults(PLANTED[fault], "planted"))


def test_the_lint_lets_lawful_arithmetic_pass() -> None:
    """It must not cry wolf either."""
    lawful = (
        "from math import sqrt\nfrom mhsim.core.maths import exp\n@kernel\ndef f(x, y):\n"
        "    z = sqrt(abs(x)) + exp(min(x, y)) / (1.0 + max(0.0, y))\n    return z if x % 2 == 1 else -z\n"
    )
    assert not list(faults(lawful, "planted"))


def test_everything_is_compiled_by_the_same_rules() -> None:
    """Inner functions and entries share one error model and have no fast mathematics: inlined or called, same bits."""
    entries = [n for n in ast.walk(ast.parse(inspect.getsource(with_numba.outer))) if isinstance(n, ast.Call)]
    jitted = next(call for call in entries if ast.unparse(call.func) == "numba.njit")
    constants = {str(k.arg): k.value.value for k in jitted.keywords if isinstance(k.value, ast.Constant)}
    words = {str(keyword.arg): constants.get(str(keyword.arg)) for keyword in jitted.keywords}
    for options in (words, with_numba.INNER):
        assert options["error_model"] == "numpy"
        assert options["nogil"] is True
        assert not {"fastmath", "parallel"} & set(options)

"""The write contract: a mechanism changes only the fields it declares in WRITES.

Three looks, each of which sees what the others cannot: the text of the file; Numba's types with everything undeclared
read-only (every path through the code, and functions called in other files); and random states before and after.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from rules_of_the_week import MODULES, OPTIONAL
from support import CALLS, LIVELY, RULES, after, case, differing

TABLES = ("members", "people", "groups", "ties", "communities", "handles")
Writes = dict[str, tuple[str, ...]]


def writes_of(name: str) -> Writes:
    """Return what a mechanism file declares."""
    declared: Writes = import_module(f"mhsim.mechanisms.{name}").WRITES
    return declared


def assigned(source: str) -> Iterator[tuple[str, str]]:
    """Yield each (table, field) that is assigned anywhere in a text, as ``table.field[...]`` or whole."""
    for node in ast.walk(ast.parse(source)):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.For)):
            targets = [node.target]
        for target in targets:
            for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else (target,):
                inner = part.value if isinstance(part, ast.Subscript) else part
                if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.value.id in TABLES:
                    yield inner.value.id, inner.attr
                elif isinstance(part, ast.Subscript) and isinstance(inner, ast.Name) and inner.id in TABLES:
                    yield inner.id, "a whole row"


def undeclared(source: str, writes: Writes) -> list[tuple[str, str]]:
    """Return what is assigned without being declared; what is declared for people holds for members too."""
    allowed = {(table, field) for table, fields in writes.items() for field in fields}
    allowed |= {("members", field) for field in writes.get("people", ())}
    return sorted(set(assigned(source)) - allowed)


@pytest.mark.parametrize("name", MODULES)
def test_the_text_assigns_only_what_is_declared(name: str) -> None:
    """Whoever reads WRITES must be able to trust it: no assignment in the file goes beyond it."""
    assert not undeclared(inspect.getsource(import_module(f"mhsim.mechanisms.{name}")), writes_of(name))


PLANTED = {
    "another field": "def f(members, i):\n    members.hope[i] = 1.0\n",
    "in place": "def f(members, i):\n    members.hope[i] += 1.0\n",
    "among several": "def f(members, i):\n    a, members.hope[i] = 1.0, 2.0\n",
    "a whole row": "def f(people, i):\n    people[i] = people[0]\n",
    "of a group": "def f(groups, g):\n    groups.funds[g] = 0.0\n",
    "of people by a rule for members": "def f(people, i):\n    people.shame[i] = 0.0\n",
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_write_is_caught_in_the_text(fault: str) -> None:
    """A check that never complains proves nothing."""
    assert undeclared(PLANTED[fault], {"members": ("shame",), "people": (), "groups": ("norms",)})


@pytest.fixture(scope="module")
def refusals() -> dict[str, dict[str, object]]:
    """Return what Numba refuses with undeclared fields read-only (in another process, see `check_writes`)."""
    script = Path(__file__).parent / "check_writes.py"
    done = subprocess.run(
        [sys.executable, str(script)], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", MODULES)
def test_mechanisms_compile_with_all_else_read_only(name: str, refusals: dict[str, dict[str, object]]) -> None:
    """Every path through the code and through what it calls elsewhere writes only what is declared."""
    mine = {key: text for key, text in refusals["declared"].items() if key.split(".")[0] == name}
    assert mine
    assert not any(mine.values()), mine


@pytest.mark.parametrize("name", [name for name, _ in OPTIONAL])
def test_optional_mechanisms_compile_with_all_else_read_only(name: str, refusals: dict[str, dict[str, object]]) -> None:
    """The same holds for `writes` of a module and all that its functions call."""
    assert not refusals["optional"][name], refusals["optional"][name]


def test_a_planted_write_is_refused_by_the_types(refusals: dict[str, dict[str, object]]) -> None:
    """Taking one declared field away from each declaration must make Numba refuse: the check can fail."""
    assert len(refusals["planted"]) >= len(MODULES)
    for what, texts in refusals["planted"].items():
        assert any("readonly" in str(text).lower() for text in texts), what  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", CALLS)
def test_a_rule_changes_only_declared_fields_of_random_states(rule: str) -> None:
    """The same claim at run time, on states where much happens, for the compiled code that the engine really uses."""
    name = RULES[rule].py_func.__module__.rsplit(".", 1)[-1]
    writes = writes_of(name)
    allowed = {
        "people": {*writes.get("people", ()), *writes.get("members", ())},
        "communities": set(),
        "handles": set(),
    }
    allowed |= {"groups": set(writes.get("groups", ())), "ties": set(writes.get("ties", ()))}
    for seed in (11, 12, 13):
        state = case(rule, seed)
        done = after(rule, state, LIVELY)
        for table, fields in allowed.items():
            assert differing(getattr(state, table), getattr(done, table)) <= fields, (rule, table)


def test_a_planted_write_is_caught_at_run_time() -> None:
    """The comparison itself must see a change of one bit of one person's field."""
    people = case("live", 1).people
    other = people.copy()
    other["hope"][3] = np.nextafter(other["hope"][3], 2.0)
    assert differing(people, other) == {"hope"}


@pytest.mark.parametrize("name", MODULES)
def test_declared_fields_exist_and_are_written(name: str) -> None:
    """A declaration wider than the rule hides later faults: every declared field is written somewhere in the rule."""
    source = inspect.getsource(import_module(f"mhsim.mechanisms.{name}"))
    written = set(assigned(source))
    for shared, users in (("ties", ("bond",)), ("roles", ("serve", "prepare"))):
        written |= set(assigned(inspect.getsource(import_module(f"mhsim.{shared}")))) if name in users else set()
    for table, fields in writes_of(name).items():
        for field in fields:
            tables = ("members", "people") if table in ("members", "people") else (table,)
            assert any((t, field) in written for t in tables), (table, field)

"""The digest of the sources: the same on every platform, and another after every edit that compiled code depends on."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from mhsim.core.kept_code import OF_RESULTS, OF_THE_ENGINE, PACKAGE, sources_digest

COMPILING = {"kernel", "raw_kernel", "entry", "kernel_of"}


def sources(folder: Path, ends: bytes) -> Path:
    """Write a small package with the line ends given."""
    (folder / "core").mkdir(parents=True)
    (folder / "core" / "rules.py").write_bytes(b"A = 1" + ends + b"B = 2" + ends)
    (folder / "schema.py").write_bytes(b"C = 3" + ends)
    return folder


def test_the_digest_knows_no_line_ends(tmp_path: Path) -> None:
    """A clone of Windows could not resume a study, and workers of one cluster refused one another."""
    unix, windows = sources(tmp_path / "unix", b"\n"), sources(tmp_path / "windows", b"\r\n")
    assert sources_digest(unix) == sources_digest(windows)
    (windows / "schema.py").write_bytes(b"C = 4\r\n")
    assert sources_digest(unix) != sources_digest(windows)


def test_rooms_with_a_part_are_there() -> None:
    """A room that was renamed would no longer count, without anybody noticing."""
    assert [name for name in OF_RESULTS if not (PACKAGE / name).exists()] == []
    assert set(OF_THE_ENGINE) < set(OF_RESULTS)


def test_compiled_code_takes_nothing_from_rooms_that_its_digest_leaves_out() -> None:
    """An edit there must not change what is compiled, or an old machine code would be taken for the new one."""
    taken = {f"mhsim.{name.removesuffix('.py')}" for name in OF_THE_ENGINE}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        names = {ast.unparse(decorator) for function in functions for decorator in function.decorator_list}
        names |= {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)} & {"kernel_of"}
        first = path.relative_to(PACKAGE).parts[0]
        if not names & COMPILING or path.name == "jit.py":
            continue
        if first not in OF_THE_ENGINE:  # rules of a study are compiled in memory alone, modules kept by their source
            assert first in ("studies", "modules"), path
            if first == "studies":
                continue
        for node in ast.walk(tree):
            room = ".".join(node.module.split(".")[:2]) if isinstance(node, ast.ImportFrom) and node.module else ""
            if room.startswith("mhsim.") and room not in taken:
                for alias in node.names:
                    assert isinstance(getattr(import_module(node.module), alias.name), type), (path, alias.name)

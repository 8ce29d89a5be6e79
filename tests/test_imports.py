"""What is imported when: the command line and the engine must not wait for what only the faces of the model need."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import mhsim

HEAVY = ("mesa", "pandas", "matplotlib", "solara", "networkx")


@pytest.mark.parametrize(
    "does",
    [
        "import mhsim.engine",
        "import mhsim.cli; import contextlib, io\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        "    import sys; sys.argv = ['mhsim', '--help']; mhsim.cli.main()",
    ],
    ids=["engine", "help"],
)
def test_nothing_heavy_is_imported(does: str) -> None:
    """Mesa takes most of a second and changes how Python starts processes; each worker would pay for it."""
    script = f"{does}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_model_does_not_import_the_page() -> None:
    """Solara is needed for the page alone; a script on a server without it must run."""
    script = (
        "import sys, mhsim.model\nprint(*[name for name in ('solara', 'matplotlib.pyplot') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_every_module_stands_behind_a_wall() -> None:
    """The contract on layers names every room and every module beside them, and is told to miss none."""
    contract = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
        "importlinter"
    ]["contracts"][0]
    assert contract["exhaustive"]
    named = {name.strip(" ()") for layer in contract["layers"] for name in layer.split(":")}
    package = Path(mhsim.__file__).parent
    there = {path.name for path in package.iterdir() if (path / "__init__.py").is_file()}
    there |= {path.stem for path in package.glob("*.py")} - {"__init__", *contract["exhaustive_ignores"]}
    assert named == there


def test_public_names_are_imported_when_they_are_used() -> None:
    """``from mhsim import simulate`` works; ``import mhsim`` alone imports nothing else of the package."""
    script = "import sys, mhsim; print(*[name for name in sys.modules if name.startswith('mhsim.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
    for name in mhsim.__all__:
        assert getattr(mhsim, name).__name__ == name
    with pytest.raises(AttributeError, match="no_such_name"):
        mhsim.no_such_name  # noqa: B018

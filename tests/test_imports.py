"""What is imported when: the command line and the engine must not wait for what only the faces of the model need."""

from __future__ import annotations

import subprocess
import sys

import pytest

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

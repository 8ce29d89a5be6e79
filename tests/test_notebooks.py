"""The notebooks: each runs from top to bottom in a fresh kernel and is committed without what it printed.

They are run by the kernel that ipykernel brings to this very environment, in a folder of their own, and import the
package that is under test here.
"""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

import mhsim
from mhsim import warm

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = sorted(path.name for path in FOLDER.glob("*.ipynb"))
LONGEST = 240
"""Seconds a notebook may take: two minutes on two cores at rest, and as much again for a machine at work."""
FIGURES = {
    "first_run_and_a_life.ipynb": 7,
    "helper_turnover_and_the_edge.ipynb": 5,
    "adding_a_rule.ipynb": 4,
    "trial_against_observation.ipynb": 4,
    "which_mechanism_for_whom.ipynb": 3,
    "fitting_ones_own_group.ipynb": 4,
}
"""How many pictures a reader must see at least."""


def cells_of(name: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook as they stand in the file."""
    content = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert (content["nbformat"], content["nbformat_minor"]) == (4, 5), "cell ids came with format 4.5"
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    found: list[dict[str, Any]] = content["cells"]
    return found


def test_all_notebooks_are_known() -> None:
    """A notebook that no test runs goes out of date unseen."""
    assert sorted(FIGURES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_no_output_is_committed(name: str) -> None:
    """Committed outputs would show the results of some older version as if they were today's."""
    for cell in cells_of(name):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, cell["id"]
        assert "attachments" not in cell and cell["metadata"] == {}, cell["id"]


@pytest.mark.parametrize("name", NAMES)
def test_cells_have_names_that_stay(name: str) -> None:
    """Ids drawn anew at each save would make every change look like a change of everything."""
    ids = [cell["id"] for cell in cells_of(name)]
    assert len(set(ids)) == len(ids)
    for each in ids:
        assert each.replace("-", "").isalpha() and each == each.lower(), f"{each} is not a word that tells what it is"


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's first cell that fails is often the last; and a figure that is not drawn shows nothing."""
    monkeypatch.setenv("PYTHONPATH", str(Path(mhsim.__file__).resolve().parents[1]))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    warm()
    began = monotonic()
    executed = run_through(FOLDER / name, tmp_path)
    assert monotonic() - began < LONGEST
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == [], "a warning is a question"
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(drawn) >= FIGURES[name]


def run_through(path: Path, folder: Path) -> Any:
    """Return the notebook with its outputs, run in a folder of its own; a cell that fails raises."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(folder)}}
    return NotebookClient(notebook, timeout=LONGEST, kernel_name="python3", resources=where).execute()

"""Pages of results: one self-contained HTML file from a results folder; nothing is simulated here, and no code run.

`page_of` finds the page: `run_page` for one run, `mhsim.report.KIND.page` for a study of a kind, and for a group's own
record with `fit` as the kind.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mhsim.studies.data import StudyData

__all__ = ["page_of", "page_of_study", "write_report"]


def write_report(folder: Path, out: Path | None = None) -> Path:
    """Write the page of a run or a study; where it lies in the folder, the run crate there names it, too.

    Parameters
    ----------
    folder : Path
        What `mhsim run`, `mhsim sweep` or another kind of study left behind; a study need not be finished.
    out : Path, optional
        The file, or the folder in which `report.html` is written; the results folder itself if not given.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    mhsim.errors.InputError
        If the folder holds neither a run nor a study, something in it is damaged, or the page cannot be written.
    """
    from mhsim.errors import InputError
    from mhsim.studies.run_crate import NAME, write_crate
    from mhsim.user_paths import user_path

    folder = user_path(folder)
    text = page_of(folder)
    target = folder if out is None else user_path(out)
    if out is None or target.is_dir():
        target = target / "report.html"
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as problem:
        words = "" if out is not None else "; --out FILE writes it elsewhere"
        raise InputError(f"the report cannot be written: {problem.strerror or problem}{words}", str(target)) from None
    if target.parent == folder and (folder / NAME).is_file():
        write_crate(folder)
    return target


def page_of(folder: Path) -> str:
    """Return the page of a results folder as HTML; raise InputError, one line, if it holds no results."""
    from mhsim.studies.data import read_run, read_study

    if (folder / "summary.json").is_file():
        from mhsim.report.run_page import run_page

        return run_page(read_run(folder))
    if (folder / "fit.json").is_file():
        from mhsim.report.fit.page import fit_page
        from mhsim.safe_files import read_json

        return fit_page(read_json(folder / "fit.json"))
    return page_of_study(read_study(folder))


def page_of_study(data: StudyData) -> str:
    """Return the page of a study that has been read as HTML; raise InputError if its analysis is missing."""
    text: str = import_module(f"mhsim.report.{data.kind.replace('-', '_')}.page").page_of(data)
    return text

"""Pages of what was found: one self-contained HTML file from a results folder; never sees a model run."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_report"]


def write_report(folder: Path) -> Path:
    """Write `report.html` into the folder of a run or a finished study.

    Parameters
    ----------
    folder : Path
        What `mhsim run` or `mhsim sweep` left behind.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    mhsim.errors.InputError
        If the folder holds neither a run nor a finished study, or the page cannot be written; one line.
    """
    from mhsim.errors import InputError
    from mhsim.plugins import without_rule_code
    from mhsim.report.dispatch import page_of

    folder = Path(folder)
    with without_rule_code():
        text = page_of(folder)
    target = folder / "report.html"
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise InputError(f"the report cannot be written: {problem}", str(target)) from None
    return target

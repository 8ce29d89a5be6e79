"""Which page a folder gets: that of a run, of a kind of study, of helper turnover, or of any other sweep."""

from __future__ import annotations

from pathlib import Path

from mhsim.report.run_data import read_history
from mhsim.report.study_data import read_study


def page_of(folder: Path) -> str:
    """Return the page of a results folder as HTML; raise InputError if it holds no results."""
    if (folder / "summary.json").is_file():
        from mhsim.report.run_page import run_page

        return run_page(read_history(folder))
    found = read_study(folder)
    if found.manifest.get("kind") == "knockout":
        from mhsim.report.knockout.page import knockout_page

        return knockout_page(found, folder)
    if found.manifest.get("kind") == "compare":
        from mhsim.report.compare.page import compare_page

        return compare_page(folder, found)
    if found.manifest.get("kind") == "tipping-point":
        from mhsim.report.tipping.page import tipping_point_page

        return tipping_point_page(found, folder)
    if found.manifest.get("kind") == "sensitivity":
        from mhsim.report.sensitivity.page import sensitivity_page

        return sensitivity_page(found, folder)
    if found.manifest.get("kind") == "trial":
        from mhsim.report.trial.page import trial_page

        return trial_page(found, folder)
    from mhsim.report.turnover.layout import about_turnover

    if about_turnover(found):
        from mhsim.report.turnover.page import turnover_page

        return turnover_page(found)
    from mhsim.report.sweep_page import sweep_page

    return sweep_page(found)

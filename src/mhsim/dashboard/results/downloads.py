"""Downloads: tables as CSV or Parquet, figures as SVG or PNG, the whole report as a page; all by the address."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pyarrow.csv
import pyarrow.parquet as pq
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mhsim.dashboard.responses import attachment, refused_in_words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.parts import Keys
from mhsim.dashboard.results.print_figures import FORMATS, printed
from mhsim.dashboard.results.results_folder import ResultsFolder, numeric_measures, open_folder, run_in, study_in
from mhsim.dashboard.results.run_page import series_of, series_plate
from mhsim.dashboard.results.selection import chosen, points_kept
from mhsim.dashboard.results.sheets import SUMMARY, summary_file, whole
from mhsim.dashboard.results.study import analysis_of, is_analysed
from mhsim.errors import InputError, shortened
from mhsim.report.figures import Plate
from mhsim.safe_files import read_table

TABLE_FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FIGURES = ("measure", "survival", "reasons", "series", "analysis")


def routes() -> list[Route]:
    """Return the routes of all downloads of results; each is asked for by the keys of its address and its ending."""
    makers = {"table": table_file, "figure": figure_file, "report": report_page}
    return [Route(f"/get/results/{name}.{{ending}}", endpoint=_answered(maker)) for name, maker in makers.items()]


def _answered(maker: Callable[[Keys, str], Response]) -> Callable[[Request], Response]:
    return refused_in_words(lambda request: maker(dict(request.query_params), str(request.path_params["ending"])))


def table_file(keys: Keys, ending: str) -> Response:
    """Return a known table of the folder as CSV or Parquet; the key ``table`` names it."""
    kind = _format(ending, TABLE_FORMATS)
    opened = open_folder(keys.get("folder", ""))
    name = keys.get("table", "")
    if name == SUMMARY and not opened.is_run:
        data = study_in(opened)
        choice = chosen(keys, data, numeric_measures(data))
        table = summary_file(data, choice.measure, points_kept(data, choice.kept))
    elif name in opened.tables:
        table = read_table(opened.tables[name])
    else:
        known = ", ".join([*([] if opened.is_run else [SUMMARY]), *opened.tables])
        raise InputError(f"table: there is none named '{shortened(name)}' in this folder; there are {known}")
    content = BytesIO()
    if ending == "csv":
        pyarrow.csv.write_csv(table, content)
    else:
        pq.write_table(table, content, compression="zstd")
    return attachment(content.getvalue(), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def figure_file(keys: Keys, ending: str) -> Response:
    """Return a figure as SVG or PNG; the key ``view`` names it, as in ``survival`` or ``analysis-2``."""
    kind = _format(ending, FORMATS)
    opened = open_folder(keys.get("folder", ""))
    name = keys.get("view", "")
    plate = plate_of(opened, name, keys)
    if plate is None:
        raise InputError(f"view: there is no figure named '{shortened(name)}' here; there are {', '.join(FIGURES)}")
    return attachment(printed(plate, ending), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def plate_of(opened: ResultsFolder, name: str, keys: Keys) -> Plate | None:
    """Return a figure of a folder by its name; None if there is none of that name."""
    if opened.is_run:
        series = series_of(run_in(opened), keys.get("watch", "")) if name == "series" else None
        return series_plate(series) if series else None
    data = study_in(opened)
    choice = chosen(keys, data, numeric_measures(data))
    if name.startswith("analysis-") and is_analysed(opened):
        plates = analysis_of(opened, keys.get("measure", "")).plates
        number = whole(name.removeprefix("analysis-"), 0)
        return plates[number - 1] if 0 < number <= len(plates) else None
    if name == "measure" and choice.measure:
        return measure_view.plate(measure_view.measure_view(data, choice))
    if name in ("survival", "reasons"):
        axis = keys.get("axis", "")
        made = survival.survival_view(data, choice, axis if axis in data.axes else choice.across)
        return survival.survival_plate(made, name) if made else None
    return None


def report_page(keys: Keys, ending: str) -> Response:
    """Return the report of a folder, the page that `mhsim report` writes."""
    from mhsim.report import page_of

    _format(ending, {"html": ""})
    opened = open_folder(keys.get("folder", ""))
    return HTMLResponse(page_of(opened.folder))


def _format(ending: str, known: dict[str, str]) -> str:
    if ending not in known:
        raise InputError(f"there is no format named '{shortened(ending)}'; there are {', '.join(known)}")
    return known[ending]

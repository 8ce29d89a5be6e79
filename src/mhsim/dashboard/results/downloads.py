"""Downloads: tables as CSV or Parquet, figures as SVG or PNG, the whole report as a page; all by the address."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mhsim.dashboard.responses import attachment, refused_in_words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.analysis import ANALYSED, analysis_of
from mhsim.dashboard.results.history import history_of, series_of, series_plate
from mhsim.dashboard.results.paging import whole
from mhsim.dashboard.results.points_table import SUMMARY, summary_file
from mhsim.dashboard.results.print_figures import FORMATS, printed
from mhsim.dashboard.results.results_folder import ResultsFolder, open_folder
from mhsim.dashboard.results.runs import read_columns, runs_of
from mhsim.dashboard.results.selection import chosen, points_kept
from mhsim.errors import InputError, shortened
from mhsim.report.figures import Plate

Keys = dict[str, str]
TABLE_FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FIGURES = ("measure", "survival", "reasons", "series", "analysis")


def routes() -> list[Route]:
    """Return the routes of all downloads of results."""
    return [
        Route("/get/results/table.{ending}", endpoint=answered(table_file)),
        Route("/get/results/figure.{ending}", endpoint=answered(figure_file)),
        Route("/get/results/report.{ending}", endpoint=answered(report_page)),
    ]


def answered(maker: Callable[[Keys, str], Response]) -> Callable[[Request], Response]:
    """Return the endpoint of a download, which is asked for by the keys of its address and its ending."""
    return refused_in_words(lambda request: maker(dict(request.query_params), str(request.path_params["ending"])))


def table_file(keys: Keys, ending: str) -> Response:
    """Return a known table of the folder as CSV or Parquet; the key ``table`` names it."""
    kind = _format(ending, TABLE_FORMATS)
    opened = open_folder(keys.get("folder", ""))
    name = keys.get("table", "")
    if name == SUMMARY and not opened.is_run:
        table = _summary(opened, keys)
    elif name in opened.tables:
        table = read_columns(opened.tables[name])
    else:
        known = ", ".join([*([] if opened.is_run else [SUMMARY]), *opened.tables])
        raise InputError(f"table: there is none named '{shortened(name)}' in this folder; there are {known}")
    content = BytesIO()
    if ending == "csv":
        pyarrow.csv.write_csv(table, content)
    else:
        pq.write_table(table, content, compression="zstd")
    return attachment(content.getvalue(), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def _summary(opened: ResultsFolder, keys: Keys) -> pa.Table:
    runs = runs_of(opened)
    choice = chosen(keys, runs.found, runs.measures)
    return summary_file(runs.found, choice.measure, points_kept(runs.found, choice.kept))


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
        series = series_of(history_of(opened), keys.get("watch", "")) if name == "series" else None
        return series_plate(series) if series else None
    bare = runs_of(opened)
    choice = chosen(keys, bare.found, bare.measures)
    if name.startswith("analysis-") and opened.kind in ANALYSED:
        plates = analysis_of(opened, keys.get("measure", "")).plates
        number = whole(name.removeprefix("analysis-"), 0)
        return plates[number - 1] if 0 < number <= len(plates) else None
    if name == "measure" and choice.measure:
        return measure_view.plate(measure_view.measure_view(bare.found, choice))
    if name in ("survival", "reasons"):
        axis = keys.get("axis", "")
        made = survival.survival_view(bare.found, choice, axis if axis in bare.found.axes else choice.across)
        return None if made is None else survival.survival_plate(made, name)
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

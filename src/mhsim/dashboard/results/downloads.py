"""Downloads: tables as CSV or Parquet, figures as SVG or PNG, the whole report as a page; all by the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.history import history_of, series_of, series_plate
from mhsim.dashboard.results.paging import whole
from mhsim.dashboard.results.points_table import SUMMARY, summary_file
from mhsim.dashboard.results.print_figures import FORMATS, printed
from mhsim.dashboard.results.results_folder import Opened, open_folder
from mhsim.dashboard.results.runs import read_columns, runs_of
from mhsim.dashboard.results.selection import chosen, points_kept
from mhsim.dashboard.results.study_kinds import ANALYSED, analysis_of
from mhsim.errors import InputError, shortened
from mhsim.report.figures import Plate

Keys = dict[str, str]
TABLE_FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FIGURES = ("measure", "survival", "reasons", "series", "analysis")
FOREIGN = "this is asked for by a page of another place; open it from the dashboard"


def routes() -> list[Route]:
    """Return the routes of all downloads of results."""
    return [
        Route("/get/results/table.{ending}", endpoint=answered(table_file)),
        Route("/get/results/figure.{ending}", endpoint=answered(figure_file)),
        Route("/get/results/report.{ending}", endpoint=answered(report_page)),
    ]


def answered(maker: Callable[[Keys, str], Response]) -> Callable[[Request], Response]:
    """Return an endpoint; wrong input gives one line and 400, a page from elsewhere 403."""

    def endpoint(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return PlainTextResponse(f"{FOREIGN}\n", status_code=403)
        try:
            return maker(dict(request.query_params), str(request.path_params["ending"]))
        except InputError as error:
            return PlainTextResponse(f"{error}\n", status_code=400)

    return endpoint


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
    return _attached(content.getvalue(), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def _summary(opened: Opened, keys: Keys) -> pa.Table:
    runs = runs_of(opened)
    choice = chosen(keys, runs.found, runs.measures)
    return summary_file(runs.found, choice.measure, points_kept(runs.found, choice))


def figure_file(keys: Keys, ending: str) -> Response:
    """Return a figure as SVG or PNG; the key ``view`` names it, as in ``survival`` or ``analysis-2``."""
    kind = _format(ending, FORMATS)
    opened = open_folder(keys.get("folder", ""))
    name = keys.get("view", "")
    plate = plate_of(opened, name, keys)
    if plate is None:
        raise InputError(f"view: there is no figure named '{shortened(name)}' here; there are {', '.join(FIGURES)}")
    return _attached(printed(plate, ending), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def plate_of(opened: Opened, name: str, keys: Keys) -> Plate | None:
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
        laid = measure_view.laid(runs_of(opened).found, choice)
        return measure_view.plate(laid)
    if name in ("survival", "reasons"):
        found = runs_of(opened).found
        axis = keys.get("axis", "")
        made = survival.lasting(found, choice, axis if axis in found.axes else choice.across)
        if made is not None:
            return survival.survival_plate(made) if name == "survival" else survival.reasons_plate(made)
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


def _attached(content: bytes, name: str, kind: str) -> Response:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "results"
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)

"""Downloads: tables as CSV or Parquet, figures as SVG or PNG, the whole report as a page; all by the address.

Figures are for papers: drawn by Matplotlib on white, words as words, sizes in millimetres, no title.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pyarrow.csv
import pyarrow.parquet as pq
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mhsim.dashboard.responses import attachment, refused_in_words
from mhsim.dashboard.results import measure_view, survival
from mhsim.dashboard.results.paging import SUMMARY, summary_file, whole
from mhsim.dashboard.results.parts import Keys
from mhsim.dashboard.results.results_folder import ResultsFolder, numeric_measures, open_folder, run_in, study_in
from mhsim.dashboard.results.run_view import series_of, series_spec
from mhsim.dashboard.results.selection import chosen, points_kept
from mhsim.dashboard.results.study import analysis_of, is_analysed
from mhsim.errors import InputError, shortened
from mhsim.report.figures import INK, RULE, SETTINGS, FigureSpec, drawing, place
from mhsim.safe_files import read_table

TABLE_FORMATS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
FIGURE_FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
PIXELS_PER_INCH = 300
PRINTED: dict[str, Any] = {
    name: "#000000" if value == INK else "#cccccc" if value == RULE else value for name, value in SETTINGS.items()
}
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
    kind = _format(ending, FIGURE_FORMATS)
    opened = open_folder(keys.get("folder", ""))
    name = keys.get("view", "")
    spec = spec_of(opened, name, keys)
    if spec is None:
        raise InputError(f"view: there is no figure named '{shortened(name)}' here; there are {', '.join(FIGURES)}")
    return attachment(printed(spec, ending), f"{opened.folder.resolve().name}-{name}.{ending}", kind)


def spec_of(opened: ResultsFolder, name: str, keys: Keys) -> FigureSpec | None:
    """Return a figure of a folder by its name; None if there is none of that name."""
    if opened.is_run:
        series = series_of(run_in(opened), keys.get("watch", "")) if name == "series" else None
        return series_spec(series) if series else None
    data = study_in(opened)
    choice = chosen(keys, data, numeric_measures(data))
    if name.startswith("analysis-") and is_analysed(opened):
        specs = analysis_of(opened, keys.get("measure", "")).specs
        number = whole(name.removeprefix("analysis-"), 0)
        return specs[number - 1] if 0 < number <= len(specs) else None
    if name == "measure" and choice.measure:
        return measure_view.figure_spec(measure_view.measure_view(data, choice))
    axis = keys.get("axis", "")
    views = survival.curves_views(data, choice, axis if axis in data.axes else choice.across)
    return survival.curves_spec(views[name]) if name in views else None


def printed(spec: FigureSpec, file_format: str) -> bytes:
    """Return a figure as SVG or PNG; the same figure is the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {**PRINTED, "svg.hashsalt": spec.title}
    content = BytesIO()
    with drawing(settings):
        figure = Figure(figsize=spec.size)
        canvas = FigureCanvasSVG if file_format == "svg" else FigureCanvasAgg
        canvas(figure)
        axes = figure.add_subplot()
        spec.draw(axes)
        place(figure, axes)
        _black(figure)
        date: dict[str, Any] = {"Date": None} if file_format == "svg" else {}
        figure.savefig(
            content, format=file_format, dpi=PIXELS_PER_INCH, metadata=date, bbox_inches="tight", pad_inches=0.04
        )
    return content.getvalue()


def _black(figure: Any) -> None:
    """Give what was drawn in the page's ink the ink of paper."""
    from matplotlib.colors import same_color

    for artist in figure.findobj():
        for part in ("color", "edgecolor", "facecolor"):
            read, write = getattr(artist, f"get_{part}", None), getattr(artist, f"set_{part}", None)
            if read is None or write is None:
                continue
            colour = read()
            if isinstance(colour, (str, tuple)) and same_color(colour, INK):
                write("#000000")


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

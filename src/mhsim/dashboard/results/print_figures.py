"""Figures for papers: drawn by Matplotlib on white, words as words, sizes in millimetres, no title."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mhsim.dashboard.results.selection import Panel
from mhsim.report.figures import INK, RULE, SETTINGS, Plate, drawing, place

PIXELS_PER_INCH = 300
MILLIMETRES_PER_INCH = 25.4
WIDTH, HEIGHT = 160.0, 100.0
"""Of a figure, in millimetres, unless it needs another height."""
FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
PRINTED: dict[str, Any] = {
    name: "#000000" if value == INK else "#cccccc" if value == RULE else value for name, value in SETTINGS.items()
}


def inches(wide: float = WIDTH, high: float = HEIGHT) -> tuple[float, float]:
    """Return a size in millimetres as inches."""
    return wide / MILLIMETRES_PER_INCH, high / MILLIMETRES_PER_INCH


def panel_axes(axes: Any, panels: Sequence[Panel]) -> list[Any]:
    """Return axes within axes, two beside each other, each under the name of its panel; all of it for a single one."""
    if len(panels) == 1:
        return [axes.inset_axes((0.0, 0.0, 1.0, 1.0))]
    deep = -(-len(panels) // 2)
    made = []
    for k, panel in enumerate(panels):
        lines = panel.name.count(", ") + 1
        room = 1.0 / deep
        made.append(axes.inset_axes((0.54 * (k % 2), 1.0 - room * (k // 2 + 1), 0.46, room * (0.68 - 0.06 * lines))))
        made[-1].set_title(panel.name.replace(", ", "\n"), fontsize=8, fontweight="normal")
    return made


def printed(plate: Plate, file_format: str) -> bytes:
    """Return a figure as SVG or PNG; the same figure is the same bytes."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    settings: Any = {**PRINTED, "svg.hashsalt": plate.title}
    content = BytesIO()
    with drawing(settings):
        figure = Figure(figsize=plate.size)
        canvas = FigureCanvasSVG if file_format == "svg" else FigureCanvasAgg
        canvas(figure)
        axes = figure.add_subplot()
        plate.draw(axes)
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

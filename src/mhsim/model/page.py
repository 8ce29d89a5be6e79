"""A page in the browser, made of Mesa's own visualisation: ``solara run mhsim.model.page``.

It needs Solara and Altair besides this package. Sliders take hold with Reset, as Mesa does it.
"""

from __future__ import annotations

from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from mhsim.model.model import MutualHelpModel
from mhsim.model.plot import draw_group
from mhsim.scenario import parameter_rows

OFFERED = {
    "serve.turnover_per_year": "turnover a year",
    "serve.departures_per_year": "leave a year",
    "prepare.successors": "prepared",
    "community.arrivals_per_week": "need a week",
    "start.groups": "groups",
}
"""Parameters that have a slider, and its label: Mesa sets it beside the slider, so a long one leaves no room for it."""
SHOWN = {"members": "#0072b2", "helpers": "#000000"}
AROUND = {"people": "#777777", "accommodated": "#009e73"}


def parameters() -> dict[str, Any]:
    """Return what the page lets one change, by the names that `MutualHelpModel` takes.

    Each slider has the useful range that the parameter declares for pages, and begins at its default.
    """
    rows = {row["path"]: row for row in parameter_rows()}
    sliders = {
        path.replace(".", "__"): Slider(label, rows[path]["default"], *rows[path]["slider"])
        for path, label in OFFERED.items()
    }
    return sliders | {"seed": {"type": "InputText", "value": "1", "label": "seed: a whole number"}}


def first_open(model: MutualHelpModel) -> int | None:
    """Return the number of the first open group; that of the first of all if none is, None if there never was one."""
    numbers = [group.number for group in model.groups if group.alive]
    return min(numbers, default=0 if len(model.groups) else None)


@solara.component  # type: ignore[untyped-decorator]
def GroupPicture(model: MutualHelpModel) -> None:  # noqa: N802
    """Show the first open group."""
    update_counter.get()
    figure = Figure()
    axes = figure.add_subplot()
    number = first_open(model)
    if number is None:
        axes.set_axis_off()
        axes.set_title("There is no group")
    else:
        draw_group(model.group(number), axes)
    solara.FigureMatplotlib(figure, format="png", bbox_inches="tight")


class PageModel(MutualHelpModel):
    """The model as the page makes it: a text field gives the seed as text."""

    def __init__(self, *, seed: str | int | None = None, **kwargs: Any) -> None:
        super().__init__(seed=None if seed in (None, "") else int(seed), **kwargs)


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:  # noqa: N802
    """Show the whole page."""
    model = solara.use_memo(PageModel, [])
    plots = [make_plot_component(SHOWN), make_plot_component(AROUND), make_plot_component("open_groups")]
    SolaraViz(model, components=[GroupPicture, *plots], model_params=parameters(), name="Mutual help groups")

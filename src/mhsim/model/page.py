"""A page in the browser, made of Mesa's own visualisation: ``solara run mhsim.model.page``.

It needs Solara and Altair besides this package. Sliders take hold with Reset, as Mesa does it.
"""

from __future__ import annotations

from typing import Any

import solara
from matplotlib.figure import Figure
from mesa.visualization import Slider, SolaraViz, make_plot_component
from mesa.visualization.utils import update_counter

from mhsim.errors import InputError
from mhsim.model.model import MutualHelpModel
from mhsim.model.plot import draw_group
from mhsim.scenario import parameter_rows

SHOWN = {"members": "#0072b2", "helpers": "#000000"}
AROUND = {"people": "#777777", "accommodated": "#009e73"}


def slider(path: str, label: str, low: float, high: float, step: float) -> Slider:
    """Return a slider for one parameter, beginning at its default; short labels leave room for the slider.

    Raises
    ------
    InputError
        If there is no such path or the range goes beyond what the parameter allows.
    """
    for row in parameter_rows():
        if row["path"] == path:
            if row["low"] is None or not row["low"] <= low < high <= row["high"]:
                raise InputError(f"{path}: given {low} to {high}; allowed: {row['low']} to {row['high']}")
            return Slider(label, row["default"], low, high, step)
    raise InputError(f"{path}: no such path")


def parameters() -> dict[str, Any]:
    """Return what the page lets one change, by the names that `MutualHelpModel` takes."""
    return {
        "serve__turnover_per_year": slider("serve.turnover_per_year", "turnover a year", 0.0, 4.0, 0.1),
        "serve__leaves_with_role": slider("serve.leaves_with_role", "leave with role", 0.0, 1.0, 0.05),
        "serve__succession": slider("serve.succession", "succession", 0.0, 1.0, 0.05),
        "community__arrivals_per_week": slider("community.arrivals_per_week", "need a week", 0.0, 3.0, 0.1),
        "start__groups": slider("start.groups", "groups", 1, 6, 1),
        "seed": {"type": "InputText", "value": "1", "label": "seed: a whole number"},
    }


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

"""The page, rendered without a browser: controls step and reset the model, sliders hold, the picture is drawn."""

from __future__ import annotations

from typing import Any

import pytest
from matplotlib.figure import Figure

from mhsim import palette
from mhsim.model.plot import draw_group
from mhsim.schema import STAGES
from model_cases import lived

WARNED = "ignore:.*:UserWarning:solara.*"


def test_the_picture_shows_each_member_once() -> None:
    """Whom the picture leaves out, or shows in a wrong stage, the eye cannot correct."""
    model = lived(12)
    axes = Figure().add_subplot()
    draw_group(model.group(0), axes)
    stages = model.group(0).members.groupby("stage").count()
    for k, stage in enumerate(STAGES):
        assert len(axes.collections[k].get_offsets()) == stages.get(stage, 0)
    colours, shapes = zip(*palette.STAGES.values(), strict=True)
    assert len(set(colours)) == len(set(shapes)) == len(STAGES)
    assert len(axes.lines) == model.network(0, directed=False).number_of_edges()
    shown = [text.get_text() for text in axes.get_legend().get_texts()]
    assert f"helper: {len(model.group(0).helpers)}" in shown
    model.group(0).close()
    model.step()
    draw_group(model.group(0), axes)
    assert axes.get_title() == "Group 0: closed"


def rendered() -> Any:
    """Return the page's render context; skip where the page's own packages are not installed."""
    pytest.importorskip("solara")
    pytest.importorskip("altair")
    import solara

    from mhsim.model.page import Page

    return solara.render(solara.AppLayout(children=[Page()]), handle_error=False)


def steps_shown(widget: Any) -> str:
    """Return what the page says of the step: the first such text in the tree of widgets."""
    for child in getattr(widget, "children", None) or []:
        found = child if isinstance(child, str) and child.startswith("Step:") else ""
        found = found or ("" if isinstance(child, str) else steps_shown(child))
        if found:
            return found
    return ""


@pytest.mark.filterwarnings(WARNED, "ignore::DeprecationWarning")
def test_the_page_steps_and_makes_the_model_anew() -> None:
    """Mesa makes a new model at each reset, from the sliders; our constructor must take what they give."""
    box, context = rendered()
    import ipyvuetify

    try:
        buttons = {w.children[0]: w for w in context.find(ipyvuetify.Btn).widgets if w.children}
        assert steps_shown(box) == "Step: 0"
        buttons["Step"].click()
        buttons["Step"].click()
        assert steps_shown(box) == "Step: 2"
        sliders = {w.label: w for w in context.find(ipyvuetify.Slider).widgets}
        sliders["turnover a year"].v_model = 3.0
        buttons["Reset"].click()
        assert steps_shown(box) == "Step: 0"
        buttons["Step"].click()
        assert steps_shown(box) == "Step: 1"
        assert len(context.find(ipyvuetify.Alert).widgets) == 0
    finally:
        context.close()


@pytest.mark.filterwarnings(WARNED, "ignore::DeprecationWarning")
def test_what_the_page_offers_is_what_the_model_takes() -> None:
    """A slider for a parameter that is gone or has no range for pages must fail here and not in the browser."""
    pytest.importorskip("solara")
    pytest.importorskip("altair")
    from mhsim.model.page import PageModel, first_open, parameters

    values = {name: each["value"] if isinstance(each, dict) else each.value for name, each in parameters().items()}
    model = PageModel(**values, start__run_in_weeks=3, weeks=5)
    assert first_open(model) == 0
    assert first_open(PageModel(start__groups=0, weeks=5)) is None, "a place may have no group"

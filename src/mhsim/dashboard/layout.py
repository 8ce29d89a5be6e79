"""What stands around every page: the name, the other pages, light or dark, and what the model is not."""

from __future__ import annotations

from typing import Any

import anywidget
import solara

from mhsim.dashboard.elements import element, link, words
from mhsim.dashboard.visit import use_visit
from mhsim.dashboard.widgets.browser import module

RESULTS = "/results"
"""The page in this frame; the others live in the browser and have their own."""
PAGES = (
    ("/explore", "Explore", "why a group lives or dies"),
    ("/turnover", "Turnover", "what helpers coming and going does"),
    ("/lessons", "Lessons", "predict, run, see"),
    ("/class", "Class", "predictions of a class, collected and counted"),
    ("/results", "Results", "studies and runs you have made"),
)


NOT = (
    "This is a model, not a finding about your group. Two thirds of its parameters are assumed, and it leaves out much "
    "of what people do for one another. It gives no medical advice and no forecast for any person or group; it shows "
    "what follows if groups worked as it assumes."
)


class ThemeWidget(anywidget.AnyWidget):
    """The switch between light, dark and the browser's own choice."""

    _esm = module("theme_switch.js")


@solara.component  # type: ignore[untyped-decorator]
def Layout(children: list[Any] | None = None) -> None:  # noqa: N802
    """Show a page in its frame."""
    query = use_visit().address.query()
    with element("div", class_="frame"):
        link("To the content", "#content", class_="skip")
        with element("header", class_="top"):
            words("mhsim", "span", class_="name")
            with element("nav", aria_label="Pages"):
                for path, label, _ in PAGES:
                    link(label, f"{path}?{query}", aria_current="page" if path == RESULTS else None)
            ThemeWidget.element()
        with element("main", id="content", tabindex="-1"):
            for child in children or []:
                solara.display(child)
        with element("footer"):
            words(NOT)
            with element("p"):
                link("Every parameter with its source", "/get/parameters.html", target="_blank", rel="noopener")

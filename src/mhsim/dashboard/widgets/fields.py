"""Labelled native inputs: the choices and the text that the page Results asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import solara
import traitlets

from mhsim.dashboard.widgets.browser import MessageWidget, module, use_latest
from mhsim.scenario import Value

OnChange = Callable[[str, Value, bool], None]
"""Called with a new value: its name, the value, and whether it is final (a slider let go) or passing (still moving)."""


@dataclass(frozen=True)
class InputField:
    """One input.

    Attributes
    ----------
    name : str
        What it sets: usually a path of a scenario.
    label : str
        Its visible name.
    kind : {"range", "number", "switch", "choice", "text"}
        What is shown.
    value : float, int, bool or str
        The value shown.
    low, high, step : float, optional
        The range of numbers.
    choices : tuple of (value, label)
        For a choice.
    unit, help : str
        Shown beside and below; help says what it means.
    source : str
        The link to where its value comes from, if there is one.
    words : tuple of (value, str)
        Words shown for special values, such as (0, "never").
    """

    name: str
    label: str
    kind: str
    value: Value
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[tuple[Value, str], ...] = ()
    unit: str = ""
    help: str = ""
    source: str = ""
    words: tuple[tuple[Value, str], ...] = ()


class FieldsWidget(MessageWidget):
    """A group of inputs in the browser."""

    _esm = module("fields.js")
    fields = traitlets.List().tag(sync=True)
    legend = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    look = traitlets.Unicode().tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)

    def hear(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Pass on a new value of a field that there is."""
        known = {field["name"] for field in self.fields}
        try:
            if self.handler is not None and content.get("name") in known:
                self.handler(str(content["name"]), content["value"], bool(content.get("final")))
        finally:
            self.heard += 1  # the browser sends the next passing value only now, so that none queue up


@solara.component  # type: ignore[untyped-decorator]
def Fields(  # noqa: N802
    fields: Sequence[InputField], on_change: OnChange, *, legend: str, about: str = "", look: str = ""
) -> None:
    """Show a group of inputs under a legend.

    Parameters
    ----------
    fields : sequence of InputField
        The inputs, in order. A value given again is shown unless the user is just moving that input.
    on_change : callable
        Called with name, value and whether it is final.
    legend, about : str
        The name of the group and a line on it.
    look : str
        Further classes.
    """
    FieldsWidget.element(
        fields=[asdict(field) for field in fields], legend=legend, about=about, look=look, handler=use_latest(on_change)
    )

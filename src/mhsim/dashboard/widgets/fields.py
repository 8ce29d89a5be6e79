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
"""Called with a new value: its name, the value, and whether it is final; only sliders have values that are not."""


@dataclass(frozen=True)
class InputField:
    """One input.

    Attributes
    ----------
    name : str
        What it sets: usually a key of the address.
    label : str
        Its visible name.
    kind : {"choice", "text"}
        What is shown.
    value : float, int, bool or str
        The value shown.
    choices : tuple of (value, label)
        For a choice.
    help : str
        Shown below; says what it means.
    """

    name: str
    label: str
    kind: str
    value: Value
    choices: tuple[tuple[Value, str], ...] = ()
    help: str = ""


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
            self.heard += 1  # until now the page is marked as working


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

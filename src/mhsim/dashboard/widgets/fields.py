"""Labelled native inputs: sliders, numbers, switches, choices and text for settings, and one that opens a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import solara
import traitlets

from mhsim.dashboard.describe import SLIDER_UNITS, label_of
from mhsim.dashboard.scenario_state import Situation, parameters
from mhsim.dashboard.widgets.browser import MessageWidget, module, use_latest
from mhsim.report.formatting import capital
from mhsim.scenario import Value

OnChange = Callable[[str, Value, bool], None]
"""Called with a new value: its name, the value, and whether it is final (a slider let go) or passing (still moving)."""
SOURCES = "get/parameters.html"
ARRIVALS = "community.arrivals_per_week"
"""Its usual value differs from form to form by more than its slider holds."""
LARGEST = 1_000_001
"""Bytes of a file taken at most; one more than a scenario file may have, so that too large a one is told as such."""


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


def field_of(path: str, situation: Situation) -> InputField:
    """Return the input of one parameter, with the label, slider and words that stand at the parameter.

    The slider is the useful part of the range; a value beyond it widens it, so does twice the form's own value.
    """
    row = parameters()[path]
    value = situation.value(path)
    label, means = label_of(path), f"{capital(str(row['meaning']))}."
    common: dict[str, Any] = {"help": means, "source": f"{SOURCES}#{path}"}
    if isinstance(value, bool):
        return InputField(path, label, "switch", value, **common)
    if isinstance(value, str):
        allowed = tuple((one, str(one).replace("_", " ")) for one in row.get("choices") or (value,))
        return InputField(path, label, "choice", value, choices=allowed, **common)
    if row["slider"] is None:
        return InputField(path, label, "number", value, row["low"], row["high"], 1, **common)
    low, high, step = row["slider"]
    usual = situation.form_value(path)
    high = max(high, value, min(row["high"], 2 * float(usual)) if path == ARRIVALS else 0)
    words = tuple((one, str(said)) for one, said in row["special"])
    unit = SLIDER_UNITS.get(row["unit"], row["unit"])
    return InputField(path, label, "range", value, min(low, value), high, step, (), unit, words=words, **common)


class UploadWidget(MessageWidget):
    """A file input in the browser; what is opened comes as its name and its first bytes."""

    _esm = module("upload.js")
    label = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode().tag(sync=True)
    largest = traitlets.Int(LARGEST).tag(sync=True)

    def hear(self, content: dict[str, Any], buffers: list[Any]) -> None:
        """Pass on the name and the bytes of a file."""
        if self.handler is not None and buffers:
            self.handler(str(content.get("name", "")), bytes(buffers[0])[:LARGEST])


@solara.component  # type: ignore[untyped-decorator]
def Upload(label: str, opened: Callable[[str, bytes], None], *, accept: str = "") -> None:  # noqa: N802
    """Show a file input; `opened` is told the name and the bytes of a file."""
    UploadWidget.element(label=label, accept=accept, handler=use_latest(opened))

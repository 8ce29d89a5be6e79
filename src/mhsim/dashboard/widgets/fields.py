"""Labelled native inputs for settings: sliders, numbers, switches, choices, text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import anywidget
import solara
import traitlets

from mhsim.dashboard.scenario_state import Situation, parameters
from mhsim.dashboard.widgets.modules import module
from mhsim.scenario import Value

Told = Callable[[str, Value, bool], None]
"""Told of a new value: its name, the value, and whether it is final (a slider let go) or passing (still moving)."""


@dataclass(frozen=True)
class Field:
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
        Shown beside and below; help says what it means and where it comes from.
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
    words: tuple[tuple[Value, str], ...] = ()


class FieldsWidget(anywidget.AnyWidget):
    """A group of inputs in the browser."""

    _esm = module("fields.js")
    fields = traitlets.List().tag(sync=True)
    legend = traitlets.Unicode().tag(sync=True)
    about = traitlets.Unicode().tag(sync=True)
    look = traitlets.Unicode().tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)

    def __init__(self, told: Told | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.told = told
        self.on_msg(self._hear)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        known = {field["name"] for field in self.fields}
        try:
            if self.told is not None and content.get("name") in known:
                self.told(str(content["name"]), content["value"], bool(content.get("final")))
        finally:
            self.heard += 1  # the browser sends the next passing value only now, so that none queue up


@solara.component  # type: ignore[untyped-decorator]
def Fields(  # noqa: N802
    fields: Sequence[Field], told: Told, *, legend: str, about: str = "", look: str = ""
) -> None:
    """Show a group of inputs under a legend.

    Parameters
    ----------
    fields : sequence of Field
        The inputs, in order. A value given anew is shown unless the user is just moving that input.
    told : callable
        Called with name, value and whether it is final.
    legend, about : str
        The name of the group and a line on it.
    look : str
        Further classes.
    """
    shown = [asdict(field) for field in fields]
    latest = solara.use_ref(told)
    latest.current = told
    FieldsWidget.element(
        fields=shown, legend=legend, about=about, look=look, told=lambda *heard: latest.current(*heard)
    )


def field_of(
    path: str,
    situation: Situation,
    label: str,
    *,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
    unit: str | None = None,
    words: tuple[tuple[Value, str], ...] = (),
) -> Field:
    """Return the slider, switch or choice of one parameter, with the meaning and source that stand at the parameter.

    The range may be narrower than what is allowed, so that a slider is useful; a value beyond it widens it.
    """
    row = parameters()[path]
    value = situation.value(path)
    means = f"{row['meaning']}. Source: {row['source']}."
    if isinstance(value, bool):
        return Field(path, label, "switch", value, help=means)
    if isinstance(value, str):
        allowed = tuple((one, str(one).replace("_", " ")) for one in row.get("choices") or (value,))
        return Field(path, label, "choice", value, choices=allowed, help=means)
    lowest = min(row["low"] if low is None else low, value)
    highest = max(row["high"] if high is None else high, value)
    width = step or (1 if isinstance(value, int) else 0.01)
    return Field(path, label, "range", value, lowest, highest, width, (), unit or row["unit"], means, words)

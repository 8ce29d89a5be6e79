"""A parameter is written once: value, range, unit, meaning and source stand in one line.

From that line come the checks on YAML, the table in the documentation, the sliders of the dashboard and the bounds
of a sensitivity analysis. `source` is compulsory; "assumed" is an honest source.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import sqrt
from typing import Any, Literal, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

WEEKS_PER_YEAR = 52.0
"""A year of the model, in weeks."""

UNITS = {
    "1/week": "a hazard per week",
    "1/year": "a hazard per year of 52 weeks",
    "share/week": "a share moved each week",
    "share/meeting": "a share moved at each meeting heard",
    "share/help": "a share moved each time help is given",
    "share": "a proportion",
    "chance": "a probability, once",
    "weight": "a coefficient or a factor without unit",
    "people": "a number of people",
    "people/week": "people per week",
    "hours/week": "hours per week",
    "groups": "a number of groups",
    "communities": "a number of communities",
    "people a week": "people per week to compare with, whatever the step",
    "log-odds": "a place on the logistic scale: 0 is one half, 1 is 0.73",
    "weeks": "a time in weeks",
    "meetings/week": "meetings per week",
    "money/week": "gifts of one member at one meeting, per week",
    "money": "one member's usual gift at one meeting",
    "s.d.": "standard deviation, in logs where the text says so",
    "distance": "standard deviations of the profile space",
    "choice": "one of the named values",
    "switch": "on or off",
    "number": "a whole number",
}
"""The units in use. `per_step` turns those with a time in them into what one step of the engine needs."""


def par(
    default: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    unit: str,
    why: str,
    source: str,
    benefit: bool = False,
    harm: bool = False,
    label: str = "",
    slider: tuple[float, float, float] | None = None,
    special: tuple[tuple[float, str], ...] = (),
) -> Any:
    """Declare one parameter of a mechanism.

    Parameters
    ----------
    default : float, int, bool or str
        The value of `configs/base.yaml` unless that file says otherwise.
    low, high : float, optional
        The range allowed, both ends included; a switch or a choice has none.
    unit : str
        A key of `UNITS`.
    why : str
        The meaning, for a reader who knows the field and not the code.
    source : str
        An evidence code such as "V51", an element such as "E57", or "assumed".
    benefit, harm : bool
        Whether a group does people good or ill by it. Zero must mean "not at all".
    label : str
        What pages call it, for a reader who does not know the field; empty where no page offers it.
    slider : (low, high, step), optional
        The useful part of the range, for a slider; in the unit of the parameter.
    special : tuple of (value, words)
        Values that a page names instead of writing the number, such as (0, "never").

    Raises
    ------
    ValueError
        If the unit is unknown, the source is empty, or a slider goes beyond the range or has no label.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}; allowed: {', '.join(UNITS)}")
    if not source:
        raise ValueError("a parameter needs a source; 'assumed' is an honest one")
    if slider and (not label or low is None or high is None or not low <= slider[0] < slider[1] <= high):
        raise ValueError(f"a slider needs a label and lies within the range of its parameter; given {slider}")
    extra: dict[str, Any] = {"unit": unit, "source": source, "benefit": benefit, "harm": harm}
    extra |= {"label": label, "slider": list(slider) if slider else None, "special": [list(pair) for pair in special]}
    bounds: dict[str, Any] = {} if low is None else {"ge": low, "le": high, "allow_inf_nan": False}
    if low is not None:
        extra |= {"low": low, "high": high}
    return Field(default=default, description=why, json_schema_extra=extra, **bounds)


def switch(why: str, default: bool = True) -> Any:
    """Declare the switch of a mechanism or of a rule in it."""
    return par(default, unit="switch", why=why, source="a switch of the model")


class Parameters(BaseModel):
    """The parameters of one mechanism: frozen, checked, no unknown names."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, validate_default=True)


def plain(value: Any) -> Any:
    """Return a number or switch of NumPy as that of Python; everything else as it is."""
    return value.item() if isinstance(value, np.generic) else value


def facts(field: FieldInfo) -> dict[str, Any]:
    """Return unit, source, marks and, where there is one, the range of a declared parameter."""
    extra = field.json_schema_extra
    return dict(extra) if isinstance(extra, dict) else {}


def choices(field: FieldInfo) -> tuple[str, ...]:
    """Return the names a choice allows; empty for every other parameter."""
    annotation = field.annotation
    return tuple(str(name) for name in get_args(annotation)) if _is_literal(annotation) else ()


def _is_literal(annotation: Any) -> bool:
    return getattr(annotation, "__origin__", None) is Literal


def power(base: float, exponent: float) -> float:
    """Return a base of 0 to 1 to the power of an exponent of at least 0, with the same bits on every machine.

    Whole powers by multiplication, the rest by square roots, each exactly rounded; the C library's `pow` differs in
    the last bit between platforms.
    """
    whole = int(exponent)
    result, root, rest = 1.0, base, exponent - whole
    for _ in range(whole):
        result *= base
    while rest > 0.0:
        root, rest = sqrt(root), 2.0 * rest
        if rest >= 1.0:
            result, rest = result * root, rest - 1.0
    return result


def per_step(value: float, unit: str, dt: float) -> float:
    """Turn a value per week or year into what one step of `dt` weeks needs.

    A hazard is multiplied by the length of the step; a share s, also one per meeting (with one a week), becomes
    ``1 - (1 - s) ** length``, so that two half weeks do what one week does. Values in other units pass unchanged.
    """
    if unit in ("1/week", "people/week", "money/week"):
        return value * dt
    if unit == "1/year":
        return value * dt / WEEKS_PER_YEAR
    if unit in ("share/week", "share/meeting"):
        return 1.0 - power(1.0 - value, dt)
    return value


@lru_cache(maxsize=4096)
def record_of(parameters: Parameters, dt: float) -> np.record:
    """Pack parameters into one flat record for compiled code, per step of `dt` weeks.

    Numbers become float64, choices their position among the allowed names, switches a bool. The record is kept for
    the next run with the same parameters: it is to be read only.
    """
    names: list[str] = []
    kinds: list[str] = []
    values: list[float] = []
    for name, field in type(parameters).model_fields.items():
        value = getattr(parameters, name)
        names.append(name)
        if isinstance(value, bool):
            kinds.append("?")
            values.append(value)
        elif isinstance(value, str):
            kinds.append("i8")
            values.append(choices(field).index(value))
        else:
            kinds.append("f8")
            values.append(per_step(float(value), facts(field)["unit"], dt))
    array = np.zeros(1, np.dtype(list(zip(names, kinds, strict=True)), align=True)).view(np.recarray)
    for name, value in zip(names, values, strict=True):
        array[name] = value
    record: np.record = array[0]
    return record


def rows(section: str, model: type[Parameters]) -> Iterator[dict[str, Any]]:
    """Yield one plain row per parameter: path, default, range, unit, meaning, source, marks, choices, label, slider."""
    for name, field in model.model_fields.items():
        known = facts(field)
        yield {
            "path": f"{section}.{name}" if section else name,
            "default": field.default,
            "low": known.get("low"),
            "high": known.get("high"),
            "unit": known.get("unit", ""),
            "meaning": field.description or "",
            "source": known.get("source", ""),
            "benefit": known.get("benefit", False),
            "harm": known.get("harm", False),
            "choices": list(choices(field)),
            "label": known.get("label", ""),
            "slider": known.get("slider"),
            "special": known.get("special", []),
        }

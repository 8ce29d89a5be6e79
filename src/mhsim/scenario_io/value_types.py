"""Numbers, switches and text are not mixed up: what pydantic would quietly turn into another kind is refused here."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mhsim.core.params import facts
from mhsim.scenario_io.source_map import Keys

THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{3})+")
AMBIGUOUS = "given {}; a whole number is written without a point, such as 1000"


def kind_of(value: Any) -> str:
    """Return whether a plain value is a "switch", a "number" or a "text"."""
    if isinstance(value, bool):
        return "switch"
    return "number" if isinstance(value, (int, float)) else "text"


def options(annotation: Any) -> tuple[Any, ...]:
    """Return the alternatives of a type: the parts of a union, or the type itself; None is left out."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(kind for part in get_args(annotation) for kind in options(part))
    return () if annotation is type(None) else (annotation,)


def kinds(annotation: Any) -> set[str]:
    """Return the kinds of plain value that a type takes; empty if it takes none."""
    found = set()
    for option in options(annotation):
        if get_origin(option) is Literal:
            found |= {kind_of(name) for name in get_args(option)}
        elif option in (bool, int, float, str):
            found.add({bool: "switch", int: "number", float: "number", str: "text"}[option])
    return found


def ambiguous(text: str, annotation: Any) -> bool:
    """Whether a whole number is written with a point that may stand for thousands, such as ``1.000``."""
    return bool(THOUSANDS.fullmatch(text)) and int in options(annotation) and float not in options(annotation)


def inside(annotation: Any, key: str | int) -> tuple[FieldInfo | None, Any]:
    """Return field and type of what stands at a key in a type; (None, None) if the type has no such key."""
    for option in options(annotation):
        if isinstance(option, type) and issubclass(option, BaseModel) and key in option.model_fields:
            field = option.model_fields[str(key)]
            return field, field.annotation
        origin, parts = get_origin(option), get_args(option)
        if isinstance(key, str) and origin in (dict, Mapping) and len(parts) == 2:
            return None, parts[1]
        if isinstance(key, int) and origin in (list, tuple) and parts:
            return None, parts[0]
    return None, None


def find(model: type[BaseModel], keys: Keys) -> tuple[FieldInfo | None, Any]:
    """Return field and type of what stands at a path of a model; (None, None) if there is no such path."""
    field: FieldInfo | None = None
    annotation: Any = model
    for key in keys:
        field, annotation = inside(annotation, key)
    return field, annotation


def mixed_up(data: Any, annotation: Any, keys: Keys = ()) -> Iterator[Keys]:
    """Yield the path of each plain value that is of another kind than its type asks for."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from mixed_up(value, inside(annotation, key)[1], (*keys, key))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from mixed_up(value, inside(annotation, position)[1], (*keys, position))
    elif data is not None:
        allowed_kinds = kinds(annotation)
        if allowed_kinds and kind_of(data) not in allowed_kinds:
            yield keys


def allowed(field: FieldInfo | None, annotation: Any) -> str:
    """Return what may stand somewhere, in words: a range with its unit, names, a section with its keys."""
    known = facts(field) if field else {}
    low, high = _bounds(field)
    words = []
    for option in options(annotation):
        if get_origin(option) is Literal:
            words.append("one of " + ", ".join(str(name) for name in get_args(option)))
        elif isinstance(option, type) and issubclass(option, BaseModel):
            names = list(option.model_fields)
            words.append("a section with the keys " + ", ".join(names[:8]) + (" …" if len(names) > 8 else ""))
        else:
            words.append(_plain_words(option))
    text = " or ".join(dict.fromkeys(words))
    if low is not None or high is not None:
        text += _range_words(low, high)
    unit = known.get("unit")
    return text + (f" ({unit})" if unit and unit not in ("choice", "switch", "number") else "")


def _plain_words(option: Any) -> str:
    names: dict[Any, str] = {bool: "on or off", int: "a whole number", float: "a number", str: "text"}
    names |= {dict: "a section of keys", list: "a list", tuple: "a list"}
    return names.get(option) or names.get(get_origin(option)) or "another kind of value"


def _bounds(field: FieldInfo | None) -> tuple[float | None, float | None]:
    """Return the lowest and highest value of a field, where it has them."""
    low = high = None
    for rule in field.metadata if field else ():
        low = getattr(rule, "ge", None) if low is None else low
        high = getattr(rule, "le", None) if high is None else high
    return low, high


def _range_words(low: float | None, high: float | None) -> str:
    """Return a range in words."""
    start = "" if low is None else f" from {number_text(low)}"
    return start + ("" if high is None else f" {'to' if start else 'up to'} {number_text(high)}")


def number_text(value: float) -> str:
    """Return a number with every digit of a whole one."""
    return str(int(value)) if float(value).is_integer() else str(value)

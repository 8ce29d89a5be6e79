"""Reading and writing one attribute of many people and groups at once, through columns where it is a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.model.identity import number_of_group, rows_of_keys, unique_ids_of_keys
from mhsim.model.view import field_of

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel

AT_ALL = object()
"""Stands for "no default": what is missing is an error."""


def values_of(model: MutualHelpModel | None, keys: np.ndarray, name: str, fallback: Any = AT_ALL) -> list[Any]:
    """Return one attribute of each, in the order of the keys.

    Parameters
    ----------
    model : MutualHelpModel or None
        The model; None only for no keys.
    keys : ndarray of int64
        Living people and groups.
    name : str
        The attribute; one with dots leads on, as in ``"group.number"``.
    fallback : object, optional
        What stands for an attribute that is not there.

    Raises
    ------
    AttributeError
        If somebody has no such attribute and there is no fallback.
    """
    if model is None or not len(keys):
        return []
    people = keys >= 0
    if people.all() or not people.any():
        return _of_one_kind(model, keys, name, fallback)
    values: list[Any] = [None] * len(keys)
    for part in (np.flatnonzero(people), np.flatnonzero(~people)):
        for place, value in zip(part.tolist(), _of_one_kind(model, keys[part], name, fallback), strict=True):
            values[place] = value
    return values


def _of_one_kind(model: MutualHelpModel, keys: np.ndarray, name: str, fallback: Any) -> list[Any]:
    field = field_of(model.class_of(keys[0]), name)
    if field is not None:
        return field.values(field.array(model)[_rows(model, keys)])
    if name == "unique_id":
        found: list[Any] = unique_ids_of_keys(model.world, keys).tolist()
        return found
    first, *others = name.split(".")
    values = []
    for view in model.views_of(keys):
        value = getattr(view, first) if fallback is AT_ALL else getattr(view, first, fallback)
        for each in others:
            value = getattr(value, each)
        values.append(value)
    return values


def write(model: MutualHelpModel | None, keys: np.ndarray, name: str, value: Any) -> None:
    """Set one attribute of each to the same value; nothing is written if the value is not allowed."""
    if model is None:
        return
    for part in (keys[keys >= 0], keys[keys < 0]):
        if len(part):
            field = field_of(model.class_of(part[0]), name)
            if field is not None and field.plain:
                field.array(model)[_rows(model, part)] = field.stored(value)
            else:
                for view in model.views_of(part):
                    setattr(view, name, value)


def _rows(model: MutualHelpModel, keys: np.ndarray) -> np.ndarray:
    rows: np.ndarray = rows_of_keys(model.world, keys) if keys[0] >= 0 else np.asarray(number_of_group(keys))
    return rows

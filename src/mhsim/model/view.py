"""What a person and a group have in common: Mesa agents that hold no state but look into the tables.

One attribute of many of them is read and written at once, through the column where it is a column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import mesa
import numpy as np

from mhsim.model.attributes import Field, unknown_name
from mhsim.model.identity import number_of_group, rows_of_keys, unique_ids_of_keys

if TYPE_CHECKING:
    from mhsim.engine.world import World
    from mhsim.model.model import MutualHelpModel

AT_ALL = object()
"""Stands for "no default": what is missing is an error."""


class View(mesa.Agent):  # type: ignore[misc]
    """An agent that is a row of a table; made when it is looked at, and equal to every other view of the same row.

    A view is never registered one by one and holds nothing of its own: what is set on it stands in the tables.

    Attributes
    ----------
    model : MutualHelpModel
        The model it belongs to.
    unique_id : int
        Unique in the model, people and groups together; stable.
    key : int
        What agent sets hold; see `mhsim.model.identity`.
    """

    model: MutualHelpModel
    unique_id: int
    key: int

    def __init__(self, model: Any = None, *args: Any, **kwargs: Any) -> None:
        kind = type(self).__name__
        raise TypeError(f"{kind} is not made by hand: the engine brings people and groups; take one from model.agents")

    @classmethod
    def seen(cls, model: MutualHelpModel, key: int, unique_id: int) -> Self:
        """Return a view of the row with this key."""
        view = object.__new__(cls)
        view.__dict__.update(model=model, key=key, unique_id=unique_id)
        return view

    @property
    def world(self) -> World:
        """Everything that exists now."""
        return self.model.simulation.world

    @property
    def row(self) -> int:
        """The row of the table now; raises LookupError for a person who is gone."""
        raise NotImplementedError

    @property
    def pos(self) -> None:
        """No place: the model has communities and groups, not a Mesa space."""

    def __getattr__(self, name: str) -> Any:
        raise unknown_name(name, type(self))

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("model", "unique_id", "key", "pos"):
            raise AttributeError(f"{name} cannot be set: it is settled once and for all")
        if not hasattr(type(self), name):
            raise unknown_name(name, type(self))
        object.__setattr__(self, name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, View) and self.key == other.key and self.model is other.model

    def __hash__(self) -> int:
        return hash(self.key)


def field_of(cls: type, name: str) -> Field | None:
    """Return the column that an attribute of a class shows; None if it is anything but a column."""
    found = getattr(cls, name, None)
    return found if isinstance(found, Field) else None


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

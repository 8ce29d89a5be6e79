"""What a person and a group have in common: Mesa agents that hold no state but look into the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import mesa

from mhsim.model.column_attributes import Field, unknown_name

if TYPE_CHECKING:
    from mhsim.engine.world import World
    from mhsim.model.model import MutualHelpModel


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
        return self.model.history.world

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

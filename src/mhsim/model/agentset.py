"""Sets of people and groups with every call of Mesa's AgentSet, kept as an array of keys instead of objects.

A set is either *live*, such as ``model.agents``: it shows who is there whenever it is asked; or it *holds* its people,
such as ``model.agents.select(...)``: it keeps them in its own order and drops those who are gone. What changes a live
set in place makes it hold what it then has. Attributes that are columns are read and written for all at once; functions
are given views made on the way.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from mesa.agent import AgentSet, GroupBy

from mhsim.model.identity import NOBODY, keys_by_words, still_here
from mhsim.model.view import AT_ALL, View, values_of, write

if TYPE_CHECKING:
    from mhsim.model.model import MutualHelpModel

ENDLESS = float("inf")


class AgentRows(AgentSet):  # type: ignore[misc]
    """An ordered set of people and groups of one model; see Mesa's `AgentSet` for what each call means.

    Parameters
    ----------
    agents : iterable of Person or Group
        Who is in it.
    random : random.Random, optional
        What shuffles; that of the model of the first agent unless given.
    """

    def __init__(self, agents: Iterable[View] = (), random: Random | None = None) -> None:
        held = dict.fromkeys(agents)
        for agent in held:
            if not isinstance(agent, View):
                raise TypeError(f"a set of people and groups cannot hold {agent!r}")
        self.model: MutualHelpModel | None = next(iter(held)).model if held else None
        if random is None and self.model is None:
            warnings.warn("an empty set without a random number generator is not reproducible", stacklevel=2)
        self.random: Random = random or (self.model.random if self.model else Random())
        self._live: tuple[Any, ...] | None = None
        self._held = np.array([agent.key for agent in held], np.int64)

    @classmethod
    def of(cls, model: MutualHelpModel | None, keys: Any, random: Random, live: tuple[Any, ...] | None = None) -> Self:
        """Return the set of those with these keys, or a live one by the words for `keys_by_words`."""
        found = cls.__new__(cls)
        found.model, found.random, found._live = model, random, live
        found._held = np.asarray(keys, np.int64)
        return found

    def keys(self) -> np.ndarray:
        """Return the keys of those who are in the set now, int64, in order."""
        if self.model is None:
            return NOBODY
        if self._live is not None:
            return keys_by_words(self.model, *self._live)
        return still_here(self.model.simulation.world, self._held)

    def _with(self, keys: Any) -> AgentRows:
        return type(self).of(self.model, keys, self.random)

    def _hold(self, keys: Any) -> Self:
        self._live, self._held = None, np.asarray(keys, np.int64)
        return self

    def _update(self, agents: Iterable[View]) -> Self:
        return self._hold([agent.key for agent in agents])

    @property
    def _agents(self) -> dict[View, None]:
        return dict.fromkeys(self)

    def views(self) -> list[View]:
        """Return a view of everybody who is in the set now."""
        return self.model.views_of(self.keys()) if self.model else []

    def __len__(self) -> int:
        return len(self.keys())

    def __iter__(self) -> Iterator[View]:
        return self._walk(self.views())

    def _walk(self, views: Iterable[View]) -> Iterator[View]:
        """Yield views, but not of people who have gone since the walk began."""
        began = self.model.simulation.step if self.model else 0
        for view in views:
            if view.key < 0 or view.model.simulation.step == began or view.alive:  # type: ignore[attr-defined]
                yield view

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, View) and agent.model is self.model and bool((self.keys() == agent.key).any())

    def __getitem__(self, item: Any) -> Any:
        keys = self.keys()[item]
        views = self.model.views_of(np.atleast_1d(keys)) if self.model else []
        return views if isinstance(item, slice) else views[0]

    def __reversed__(self) -> Iterator[View]:
        return reversed(self.views())

    def __copy__(self) -> AgentRows:
        return self._with(self.keys())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self)} agents)"

    @classmethod
    def _from_iterable(cls, agents: Iterable[View]) -> AgentRows:
        held = list(agents)
        return cls(held) if held else cls.of(None, NOBODY, Random())

    def select(  # noqa: D102
        self,
        filter_func: Callable[[Any], bool] | None = None,
        at_most: float = ENDLESS,
        inplace: bool = False,
        agent_type: type | None = None,
        **columns: Any,
    ) -> AgentRows:
        keys = self.keys()
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = len(keys) * at_most
        most = max(0, int(min(at_most, len(keys))))
        for name, wanted in columns.items():
            keys = keys[[value == wanted for value in values_of(self.model, keys, name)]]
        if agent_type and self.model:
            fits = [issubclass(kind, agent_type) for kind in self.model.agent_types]
            keys = keys[np.where(keys >= 0, *fits)]
        if filter_func and self.model:
            fitting = (view.key for view in self._walk(self.model.views_of(keys)) if filter_func(view))
            keys = np.array(list(islice(fitting, most)), np.int64)
        return self._hold(keys[:most]) if inplace else self._with(keys[:most])

    def shuffle(self, inplace: bool = False) -> AgentRows:  # noqa: D102
        keys = self.keys().tolist()
        self.random.shuffle(keys)
        return self._hold(keys) if inplace else self._with(keys)

    def sort(  # noqa: D102
        self, key: Callable[[Any], Any] | str, ascending: bool = False, inplace: bool = False
    ) -> AgentRows:
        keys = self.keys()
        worth = values_of(self.model, keys, key) if isinstance(key, str) else [key(view) for view in self]
        order = sorted(range(len(worth)), key=worth.__getitem__, reverse=not ascending)
        return self._hold(keys[order]) if inplace else self._with(keys[order])

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:  # noqa: D102
        self.map(method, *args, **kwargs)
        return self

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:  # noqa: D102
        self.shuffle().map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:  # noqa: D102
        if isinstance(method, str):
            return [getattr(view, method)(*args, **kwargs) for view in self]
        return [method(view, *args, **kwargs) for view in self]

    def get(  # noqa: D102
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing: given {handle_missing!r}; allowed: 'error', 'default'")
        fallback = AT_ALL if handle_missing == "error" else default_value
        keys = self.keys()
        if isinstance(attr_names, str):
            return values_of(self.model, keys, attr_names, fallback)
        columns = [values_of(self.model, keys, name, fallback) for name in attr_names]
        return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _ in keys]

    def set(self, attr_name: str, value: Any) -> Self:  # noqa: D102
        write(self.model, self.keys(), attr_name, value)
        return self

    def add(self, agent: View) -> None:  # noqa: D102
        if not isinstance(agent, View) or (self.model is not None and agent.model is not self.model):
            raise TypeError(f"a set of people and groups of one model cannot hold {agent!r}")
        self.model = agent.model
        if agent not in self:
            self._hold([*self.keys().tolist(), agent.key])

    def discard(self, agent: View) -> None:  # noqa: D102
        if agent in self:
            self.remove(agent)

    def remove(self, agent: View) -> None:  # noqa: D102
        if agent not in self:
            raise KeyError(agent)
        keys = self.keys()
        self._hold(keys[keys != agent.key])

    def __getstate__(self) -> dict[str, Any]:
        return dict(self.__dict__)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def groupby(self, by: Callable[[Any], Hashable] | str, result_type: str = "agentset") -> Grouped:  # noqa: D102
        keys = self.keys()
        values = values_of(self.model, keys, by) if isinstance(by, str) else self.map(by)
        parts: dict[Hashable, list[int]] = defaultdict(list)
        for key, value in zip(keys.tolist(), values, strict=True):
            parts[value].append(key)
        sets = {value: self._with(part) for value, part in parts.items()}
        return Grouped(sets if result_type == "agentset" else {value: part.views() for value, part in sets.items()})


class Grouped(GroupBy):  # type: ignore[misc]
    """Mesa's GroupBy, reading columns for whole groups at once."""

    def agg(self, attr_name: str, func: Callable[[list[Any]], Any]) -> dict[Hashable, Any]:  # noqa: D102
        return {
            name: func(
                part.get(attr_name) if isinstance(part, AgentRows) else [getattr(view, attr_name) for view in part]
            )
            for name, part in self.groups.items()
        }

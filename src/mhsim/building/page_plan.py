"""The plan of one history: what a host that is not Python needs to live it, and what it does in which order."""

from __future__ import annotations

from typing import Any

import numpy as np

from mhsim.building.offsets import text_of_bytes
from mhsim.engine.own_columns import OwnColumns, acting
from mhsim.engine.plugin_calls import tables_of
from mhsim.engine.simulation import Simulation
from mhsim.scenario import Change, Scenario


def plan_of(scenario: Scenario, replicate: int = 0, record: str = "series") -> dict[str, Any]:
    """Return what `browser/engine/history.js` lives a history from, as JSON can say it.

    Returns
    -------
    dict
        ``world``, the shape of each table at the beginning and, unless all is zero, its bytes; ``does``, what is done,
        as pairs of a word and what is said of it: "settle" new values, let steps "pass", "lose" the busiest helpers;
        ``key``, ``opens`` (the step in which groups open), ``dt`` and whether a series is ``recorded``.
    """
    planned = _Planned(scenario, replicate, record=record)
    planned.run_to_end()
    return {
        **{"world": planned.begins, "does": planned.does, "key": [int(word) for word in planned.key]},
        **{"opens": planned.opening, "dt": scenario.weeks_per_step, "recorded": record != "runs"},
    }


class _Planned(Simulation):
    """A simulation that only notes what it would do."""

    def __init__(self, scenario: Scenario, replicate: int, *, record: str) -> None:
        super().__init__(scenario, replicate, record=record)
        self.begins: dict[str, Any] = {}
        self.does: list[tuple[str, dict[str, Any]]] = []
        self._noted: Scenario | None = None

    def _pass(self, step: int, open_now: bool = False) -> None:
        if not self.begins:
            self.begins = {name: _begins(array) for name, array in self.world._asdict().items()}
        settings = self._settle()
        if self._noted is not self.scenario:
            self._noted = self.scenario
            arrays: list[Any] = [*settings]
            given = [{"item": each.dtype.itemsize, "given": text_of_bytes(each)} for each in arrays]
            starts = {name: text_of_bytes(getattr(self.world, name)) for name in ("empty", "empty_groups")}
            self.does.append(("settle", {"settings": given, "starts": starts, "rules": self._rules()}))
        self.does.append(("pass", {"until": step, "opening": open_now}))
        self.world.meter["step"] = max(self.step, step)

    def _lose_busiest(self, change: Change) -> None:
        self.does.append(("lose", {"count": change.count, "leave": change.leave}))

    def _rules(self) -> dict[str, Any]:
        found = {}
        for name, each in acting(self.scenario).items():
            own = OwnColumns(name, each[0])
            hook = own.hook(each, self.world, self.scenario, self.record != "runs", tables_of(self.world))
            starts, first_kind = int(hook["starts"][0]), int(hook["first_kind"][0])
            behind = {"parameters": 0, "people": -1, "groups": -starts, "places": 0}
            rows = {part: text_of_bytes(own.rows[part][first:]) for part, first in behind.items() if part in own.rows}
            found[name] = {**rows, "starts": starts, "first_kind": first_kind}
        return found


def _begins(array: np.ndarray) -> dict[str, Any]:
    begins: dict[str, Any] = {"shape": list(array.shape)}
    return begins | {"given": text_of_bytes(array)} if array.tobytes().strip(b"\0") else begins

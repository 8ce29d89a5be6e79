"""What is believed of a group before its record is looked at: what is usual in its form, and how groups differ.

A draw takes one row of the form's posterior (`mhsim.calibration`), so that what the published facts leave open stays
open together, and moves the parameters of `parameters.yaml` from there by as much as groups of one form differ. Where
a form has no posterior its own values stand in the place of the row, and the spread is wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, hypot
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from mhsim.calibration.fitting.observed import Design, Numbers
from mhsim.scenario import Scenario, Value, parameter_rows, with_values

WEATHER = "week_to_week"
"""The observation's own parameter: how much weather, holidays and the like move a week's attendance, in logs."""
MOST_WEATHER = 0.35
TURNOUT = (0.5, 0.95)
"""Of the members on a roll, how many are there on average: from, to; where the roll is not known."""
FEWER_HELPERS, MORE_HELPERS = 0.5, 1.5
"""Helpers at the start where no record tells: from, to, as a multiple of what is usual in the form."""


@dataclass(frozen=True)
class Learnable:
    """A parameter that a group's record may speak of.

    Attributes
    ----------
    path, words, scale : str
        Its address, what it means, and "log" or "plain".
    spread, unknown : float
        Standard deviations between groups, and of what is usual where no facts were fitted.
    low, high : float
        The range that is allowed.
    """

    path: str
    words: str
    scale: str
    spread: float
    unknown: float
    low: float
    high: float

    def moved(self, value: float, by: float) -> float:
        """Return a value moved by so much on the parameter's scale, kept in its range."""
        found = value * exp(by) if self.scale == "log" else value + by
        return min(self.high, max(self.low, found))

    def on_scale(self, values: Numbers) -> Numbers:
        """Return values as they are estimated: logs where the scale is log."""
        return np.log(np.maximum(values, 1e-9)) if self.scale == "log" else values

    def from_scale(self, values: Numbers) -> Numbers:
        """Return what `on_scale` made, as values again, kept in the range."""
        return np.clip(np.exp(values) if self.scale == "log" else values, self.low, self.high)


@cache
def learnable() -> tuple[Learnable, ...]:
    """Return the parameters of `parameters.yaml`, and last the one of the observation."""
    listed = yaml.safe_load(Path(__file__).with_name("parameters.yaml").read_text(encoding="utf-8"))
    ranges = {
        row["path"]: (float(row["low"]), float(row["high"])) for row in parameter_rows() if row["low"] is not None
    }
    found = [Learnable(low=ranges[each["path"]][0], high=ranges[each["path"]][1], **each) for each in listed]
    words = "how much a week's attendance is moved by weather, holidays and the like"
    return (*found, Learnable(WEATHER, words, "plain", 0.0, 0.0, 0.0, MOST_WEATHER))


def posterior_rows(form: str) -> list[dict[str, Value]]:
    """Return the draws of a form's posterior, rows of addresses and values; none where the form has no posterior."""
    from mhsim.calibration.posterior import posterior_of
    from mhsim.errors import InputError

    try:
        return [dict(row) for row in posterior_of(form).draws]
    except InputError:
        return []


def drawn(scenario: Scenario, rows: list[dict[str, Value]], design: Design, seed: int, index: int) -> dict[str, Any]:
    """Return one draw from what is believed beforehand: values by address, those of the start and of weeks included.

    The same seed and index give the same draw, whatever else is drawn.
    """
    luck = np.random.default_rng([seed, index])
    values: dict[str, Any] = dict(rows[int(luck.integers(len(rows)))]) if rows else {}
    for one in learnable():
        steps = float(luck.standard_normal())
        if one.path == WEATHER:
            continue
        usual = float(values.get(one.path, value_at(scenario, one.path)))
        spread = one.spread if one.path in values else hypot(one.spread, one.unknown)
        values[one.path] = one.moved(usual, spread * steps)
    values[WEATHER] = float(luck.uniform(0.0, MOST_WEATHER))
    return values | _start(scenario, design, luck)


def _start(scenario: Scenario, design: Design, luck: np.random.Generator) -> dict[str, Any]:
    """Return who is there at the start: as the record says, else drawn."""
    turnout, helping = luck.uniform(*TURNOUT), luck.uniform(FEWER_HELPERS, MORE_HELPERS)
    members = design.members
    if members is None:
        assert design.present is not None, "a record tells of members or of attendance"
        members = max(1, round(design.present / turnout))
    usual = scenario.start.helpers / max(1, scenario.start.members)
    helpers = round(usual * helping * members) if design.helpers is None else design.helpers
    helpers = min(helpers, members)
    start: dict[str, Any] = {"start.members": members, "start.helpers": helpers}
    start["start.apprentices"] = min(scenario.start.apprentices, members - helpers)
    if design.tenure_weeks is not None:
        start["start.tenure_weeks"] = min(design.tenure_weeks, scenario.start.longest_weeks)
    return start


def value_at(scenario: Scenario, path: str) -> Any:
    """Return the value of a scenario at an address."""
    found: Any = scenario
    for name in path.split("."):
        found = getattr(found, name)
    return found


def group_alone(scenario: Scenario, design: Design, weeks: int) -> Scenario:
    """Return the scenario with one group that starts as the record does, in a place that is no draw of its own."""
    return with_values(
        scenario,
        {
            "weeks": weeks,
            "start.groups": 1,
            "start.kind": "founding" if design.founded else "established",
            "community.count": 1,
            "community.place_sd": 0.0,
        },
    )


def with_draw(scenario: Scenario, values: dict[str, Any]) -> Scenario:
    """Return the scenario with the values of a draw."""
    return with_values(scenario, {path: value for path, value in values.items() if path != WEATHER})

"""What a study of a tipping point says: one path, its range, the outcome and level, and perhaps two starts.

The value is looked for in rounds. The first round spreads a few values over the whole range; each later one spans half
of the round before, around where all runs so far put the crossing. All rounds share their seeds. Each is a plain sweep
in a folder of its own, so that a finished one is never done again; what a round tries depends on the runs before it
alone, so that the same study gives the same bytes, stopped and resumed or not.
"""

from __future__ import annotations

from math import exp, log
from typing import Literal, Self

from pydantic import Field, model_validator

from mhsim.scenario import Value
from mhsim.studies.columns import KINDS
from mhsim.studies.design import OWN_KEYS, NumericMeasure, StudyBase, check_range


class TippingPoint(StudyBase):
    """A search for the critical value of one path."""

    kind: Literal["tipping-point"] = Field(default="tipping-point", description="kind of study")
    path: str = Field(min_length=1, description="path of the scenario whose critical value is asked for")
    low: float = Field(description="lowest value tried")
    high: float = Field(description="highest value tried")
    scale: Literal["linear", "log"] = Field(default="linear", description="how values lie between low and high")
    outcome: NumericMeasure = Field(default="alive_at_end", description="measure that crosses the level")
    level: float = Field(default=0.5, description="level to be crossed: a share of runs, or the mean of a number")
    points: int = Field(default=5, ge=3, le=50, description="values in each round")
    rounds: int = Field(default=4, ge=1, le=12, description="rounds at most")
    tolerance: float | None = Field(default=None, gt=0, description="stop when the interval is no wider than this")
    strong: dict[str, Value] = Field(default_factory=dict, description="paths and values of a strong start")
    weak: dict[str, Value] = Field(default_factory=dict, description="the same paths, with values of a weak start")

    @model_validator(mode="after")
    def _range_and_level(self) -> Self:
        """Refuse a range or a level that cannot be."""
        check_range(self.low, self.high, self.scale)
        if self.path in OWN_KEYS:
            raise ValueError(f"path cannot be {self.path}, which is a key of the study itself")
        if self.outcome not in self.watch:
            raise ValueError(f"outcome {self.outcome} is not among the measures under watch")
        if KINDS[self.outcome] == "yes_no" and not 0 < self.level < 1:
            raise ValueError(f"level is {self.level:g}; for {self.outcome} it is a share of runs between 0 and 1")
        return self

    @model_validator(mode="after")
    def _starts(self) -> Self:
        """Refuse two starts that cannot be compared, and paths given twice."""
        for path in sorted(set(self.strong) ^ set(self.weak)):
            raise ValueError(f"strong and weak must name the same paths; {path} stands in one of them only")
        for name, start in (("set", self.set), ("strong and weak", self.strong)):
            if self.path in start:
                raise ValueError(f"{self.path} is given twice, as path and under {name}")
        for path in self.strong:
            if path in self.set or path in OWN_KEYS:
                raise ValueError(f"{path} cannot stand under strong and weak: it is given elsewhere in the study")
        if self.strong and self.strong == self.weak:
            raise ValueError("strong and weak are the same start")
        return self


def place_of(value: float, scale: str) -> float:
    """Return where a value lies on a scale."""
    return log(value) if scale == "log" else value


def value_of(place: float, scale: str) -> float:
    """Return the value at a place of a scale."""
    return exp(place) if scale == "log" else place

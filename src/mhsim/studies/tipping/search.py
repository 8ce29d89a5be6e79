"""A tipping point: the value of one path at which an outcome crosses a level, and whether the start decides there.

The value is looked for in rounds. The first round spreads a few values over the whole range; each later one spans half
of the round before, around where all runs so far put the crossing. All rounds share their luck. Each is a plain sweep
in a folder of its own, so that a finished one is never done again; what a round tries depends on the runs before it
alone, so that the same study gives the same bytes, stopped and resumed or not.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from mhsim.errors import InputError
from mhsim.scenario import Value, with_values
from mhsim.scenario_io.overrides import WHOLESALE
from mhsim.studies.columns import KINDS
from mhsim.studies.design import OWN_KEYS, NumericMeasure, Study, StudyBase
from mhsim.studies.plan import Plan
from mhsim.studies.plan import plan_of as sweep_plan_of
from mhsim.studies.points import value_at
from mhsim.studies.tipping.refine import planned_values, whole

if TYPE_CHECKING:
    from mhsim.studies.run import StudyOutcome


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
        if self.low >= self.high:
            raise ValueError(f"low is {self.low:g}, not below high, {self.high:g}")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"a log scale needs low above 0; it is {self.low:g}")
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


STUDY = TippingPoint


def plan_of(study: TippingPoint) -> Plan:
    """Turn a study into a plan of as many points as there can be, each an allowed scenario.

    Which values later rounds try is known only when the earlier ones are done. The plan has them where they would lie
    if the crossing were a little below the middle of the range; both ends of the range and both starts are in it.

    Raises
    ------
    InputError
        If the base does not exist or a point is not allowed; the message is one line and names the point.
    """
    base = sweep_plan_of(sweep_of(study, [], []))
    try:
        present = value_at(base.scenario, study.path)
    except KeyError:
        present = 0.0
    if isinstance(present, (bool, str)):
        raise InputError(f"{study.path}: a tipping point is looked for among numbers")
    tried = planned_values(study, isinstance(present, int))
    if len(tried) < 2:
        raise InputError(f"{study.path}: fewer than two whole numbers lie between {study.low:g} and {study.high:g}")
    firsts = planned_values(study.model_copy(update={"rounds": 1}), isinstance(present, int))
    starts = [*firsts, tried[len(tried) // 2]] if study.strong else []
    sweep_plan_of(sweep_of(study, starts, []))
    return sweep_plan_of(sweep_of(study, starts, tried))


def sweep_of(study: TippingPoint, starts: list[float], tried: list[float]) -> Study:
    """Return the sweep of some values as the scenario is (`tried`), then of others from both starts (`starts`)."""
    vary: dict[str, list[Value]] = {study.path: [*tried, *(value for value in starts for _ in range(2))]}
    own = _own_values(study) if tried and starts else {}
    for path in study.strong if starts else ():
        pair = [study.strong[path], study.weak[path]]
        vary[path] = [*(own[path] for _ in tried), *(pair * len(starts))]
    common = {name: getattr(study, name) for name in StudyBase.model_fields if name != "kind"}
    if not (tried or starts):
        return Study.model_validate(common, context={"beside": study.beside})
    return Study.model_validate({**common, "design": "list", "vary": vary}, context={"beside": study.beside})


def _own_values(study: TippingPoint) -> dict[str, Value]:
    """Return what the scenario itself has at the paths of the two starts."""
    plan = sweep_plan_of(sweep_of(study, [], []))
    scenario = with_values(plan.scenario, plan.fixed)
    return {path: value_at(scenario, path) for path in study.strong if path not in WHOLESALE} | {
        path: 1.0 for path in study.strong if path in WHOLESALE
    }


def whole_path(study: TippingPoint) -> bool:
    """Return whether the path takes whole numbers only."""
    return whole(sweep_plan_of(sweep_of(study, [], [])).scenario, study.path)


def run(study: TippingPoint, out: Path, **how: Any) -> StudyOutcome:
    """Run the search into a folder, in the place of `run_study`, whose parameters and errors it has."""
    from mhsim.studies.tipping.rounds import search_in

    return search_in(study, out, **how)


def analyse(folder: Path) -> None:
    """Write the tables of the analysis of a finished study into its folder `analysis`."""
    from mhsim.studies.tipping.tables import write_tables

    write_tables(folder)

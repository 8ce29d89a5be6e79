"""What a study file may say: which question, from which scenario, what is varied, how often, what is watched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from mhsim.errors import InputError, shortened, suggestion
from mhsim.outcomes.measures import BY_NAME, MEASURES
from mhsim.scenario import Scenario, Value
from mhsim.scenario_io.loader import find_scenario, read_scenario
from mhsim.studies.preregistration import Preregistration

MOST_STEPS = 10_000
OWN_KEYS = ("seed", "weeks")
"""Paths of the scenario that are keys of the study, so that nobody gives them twice."""
SAMPLES = ("lhs", "sobol")
"""Designs whose points are a sample."""


def given_once(names: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return names, or numbers; raise ValueError if one is given twice."""
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name!r} is given twice")
    return names


def known_measure(name: str) -> str:
    """Return the name of a measure; raise ValueError if there is none."""
    if name not in BY_NAME:
        raise ValueError(f"no measure {name!r}{suggestion(name, BY_NAME)}")
    return name


def numeric_measure(name: str) -> str:
    """Return the name of a measure that is a number or yes and no; raise ValueError if it is none."""
    if BY_NAME[known_measure(name)].kind == "text":
        raise ValueError(f"{name!r} is words; name a measure that is a number or yes and no")
    return name


def check_range(low: float, high: float, scale: str) -> None:
    """Raise ValueError if a range is upside down, or does not fit on a log scale."""
    if low >= high:
        raise ValueError(f"low is {low:g}, not below high, {high:g}")
    if scale == "log" and low <= 0:
        raise ValueError(f"a log scale needs low above 0; it is {low:g}")


Names = Annotated[tuple[str, ...], AfterValidator(given_once)]
Measures = Annotated[tuple[Annotated[str, AfterValidator(known_measure)], ...], AfterValidator(given_once)]
NumericMeasure = Annotated[str, AfterValidator(numeric_measure)]
NumericMeasures = Annotated[tuple[NumericMeasure, ...], AfterValidator(given_once)]


class Variation(BaseModel):
    """The values that one path takes: a list of them, or a range."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    values: tuple[Value, ...] | None = Field(default=None, max_length=MOST_STEPS)
    low: float | None = Field(default=None, description="lowest value, included")
    high: float | None = Field(default=None, description="highest value, included")
    scale: Literal["linear", "log"] = Field(default="linear", description="how values lie between low and high")
    steps: int | None = Field(default=None, ge=2, le=MOST_STEPS, description="how many values, for grid and list")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, given: Any) -> Any:
        """Read a plain list as its values."""
        if isinstance(given, (list, tuple)):
            if not given:
                raise ValueError("a list needs at least one value")
            return {"values": given}
        if not isinstance(given, (Mapping, Variation)):
            raise ValueError("give a list of values or a range such as {low: 0, high: 1}")
        if isinstance(given, Mapping) and given and not set(given) & set(cls.model_fields):
            raise ValueError(f"write the path in one line with dots, as SECTION.{next(iter(given))}: [...]")
        return given

    @model_validator(mode="after")
    def _list_or_range(self) -> Variation:
        """Refuse what is neither a list nor a range."""
        if self.values is not None:
            if self.model_fields_set != {"values"}:
                raise ValueError("give either a list of values or low and high, not both")
            return self
        if self.low is None or self.high is None:
            raise ValueError("a range needs both low and high")
        check_range(self.low, self.high, self.scale)
        return self

    @model_serializer
    def _as_written(self) -> Any:
        """Write a list as a list and a range as a range."""
        if self.values is not None:
            return list(self.values)
        parts = {"low": self.low, "high": self.high, "scale": self.scale, "steps": self.steps}
        return {name: value for name, value in parts.items() if value is not None}


def _plain(given: Any) -> Any:
    """Return data with plain numbers and lists in the place of those of NumPy."""
    if isinstance(given, (np.generic, np.ndarray)):
        return given.tolist()
    if isinstance(given, Mapping):
        return {key: _plain(value) for key, value in given.items()}
    return type(given)(map(_plain, given)) if type(given) in (list, tuple) else given


class StudyBase(BaseModel):
    """What studies of every kind say: the question, the scenario, how often, what is watched and kept."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    grows_by: ClassVar[tuple[str, ...]] = ("replicates", "draws")
    """Keys that may change when a study in a folder is gone on with, as long as every point stays a point."""
    without_draws: ClassVar[str] = ""
    """Why studies of this kind cannot be run over draws; empty if they can."""

    kind: str = Field(default="", description="kind of study")
    title: str = Field(default="", max_length=200, description="one line for people")
    question: str = Field(default="", max_length=4000, description="what the study is to answer")
    base: str = Field(default="base", min_length=1, description="name of a scenario, or path of its file")
    replicates: int = Field(default=20, ge=1, le=1_000_000, description="runs per point, each with its own random seed")
    seed: int = Field(default=1, ge=0, le=2**53, description="random seed of the study, and of a sample of points")
    weeks: int | None = Field(default=None, ge=1, le=3600, description="length of the runs, if not the scenario's")
    set: dict[str, Value] = Field(default_factory=dict, description="paths with one other value at all points")
    watch: Measures = Field(
        default=tuple(measure.name for measure in MEASURES), min_length=1, description="measures to keep"
    )
    record: Literal["runs", "series", "lives"] = Field(
        default="runs", description="what to keep of a run: its summary; also its weekly series; also the lives in it"
    )
    plan: Preregistration | None = Field(
        default=None, description="what was meant before the first run: measures, claims and their decision rules"
    )

    draws: int = Field(
        default=0, ge=0, le=10_000, description="draws of the values that are not known; 0: only as shipped"
    )

    _beside: Path = PrivateAttr(default_factory=Path)
    _kept: dict[str, Scenario] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:
        """Note the folder of the file that the study was read from: relative paths in it start there.

        Where a study is run again from a folder of results, note the scenarios kept there, by name.
        """
        self._beside = Path((context or {}).get("beside", ""))
        self._kept = dict((context or {}).get("scenarios", {}))

    @property
    def beside(self) -> Path:
        """Folder that relative paths of scenarios start from: that of the study's file, or the working folder."""
        return self._beside

    @property
    def kept(self) -> dict[str, Scenario]:
        """Scenarios kept with results, by name, that go before files of that name; none but where it is run again."""
        return self._kept

    @property
    def fixed(self) -> dict[str, Value]:
        """Values that are the same at all points: the seed, what stands under `set`, and the length if it is given."""
        return {"seed": self.seed, **self.set} | ({} if self.weeks is None else {"weeks": self.weeks})

    def scenario_named(self, key: str, name: str) -> Scenario:
        """Return a scenario that the study names under a key: a shipped one, or a file beside the study's own.

        One that was kept with results goes before both.

        Raises
        ------
        InputError
            If there is no such file, or the scenario is wrong; one line.
        """
        if name in self._kept:
            return self._kept[name]
        try:
            path = find_scenario(name, self.beside)
        except InputError as error:
            raise InputError(f"{key}: {error}") from None
        if not path.is_file():
            here = "" if path == Path(name) or not Path(name).is_file() else "; there is one in the working folder"
            folder = "the working folder" if self.beside == Path() else f"the folder of the study, {self.beside}"
            start = "" if path.is_absolute() else f" in {folder}{here}"
            raise InputError(f"{key}: there is no file '{shortened(name)}'{start}")
        return read_scenario(name, beside=self.beside)

    @property
    def unused(self) -> tuple[str, ...]:
        """Keys that are not written where they say nothing, so that studies are written as ever."""
        return (*(("plan",) if self.plan is None else ()), *(() if self.draws else ("draws",)))

    @model_serializer(mode="wrap")
    def _without_unused(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is not used."""
        found: dict[str, Any] = written(self)
        return {name: value for name, value in found.items() if name not in self.unused}

    @model_validator(mode="before")
    @classmethod
    def _plain_values(cls, given: Any) -> Any:
        """Take numbers of NumPy as what they are, and refuse a switch where a count or a seed belongs."""
        given = _plain(given)
        for name in ("seed", "replicates", "weeks", "samples", "most_replicates", "draws"):
            if isinstance(given, dict) and isinstance(given.get(name), bool):
                raise ValueError(f"{name} is {given[name]}; give a whole number")
        return given

    @model_validator(mode="after")
    def _own_keys(self) -> Self:
        """Refuse keys of the study under `set`."""
        for path in OWN_KEYS:
            if path in self.set:
                raise ValueError(f"{path} is a key of the study itself and cannot stand under set")
        return self

    @model_validator(mode="after")
    def _draws_can_be_told_from_chance(self) -> Self:
        """Refuse draws in a kind of study that cannot carry them, and too few draws or replicates to see a spread."""
        if self.draws and self.without_draws:
            raise ValueError(f"draws: {self.without_draws}")
        if self.draws == 1:
            raise ValueError("draws is 1; one draw has no spread: give 0 for none, or at least 2")
        if self.draws and self.replicates < 2:
            raise ValueError("replicates is 1; draws need at least 2, or chance cannot be told from what is not known")
        return self


class Study(StudyBase):
    """A sweep: one scenario at many points, every point with the same random seeds."""

    kind: Literal["sweep"] = Field(default="sweep", description="kind of study")
    vary: dict[str, Variation] = Field(default_factory=dict, description="path of the scenario: its values")
    parts: dict[str, dict[str, Variation]] = Field(
        default_factory=dict, description="for design parts: name of a part: path: its values, a grid of its own"
    )
    series_of: Names = Field(default=(), description="for design parts: parts whose weekly series are kept as well")
    design: Literal["grid", "list", "lhs", "sobol", "parts"] = Field(
        default="grid",
        description="all combinations; columns side by side; a Latin hypercube; a Sobol sequence; several grids",
    )
    samples: int | None = Field(default=None, ge=1, le=1_000_000, description="points of a sample")
    until: dict[str, float] = Field(
        default_factory=dict, description="measure: half width of its 95 % interval at which it is known well enough"
    )
    most_replicates: int | None = Field(
        default=None, ge=1, le=1_000_000, description="runs per point at most, if more are done until"
    )

    grows_by: ClassVar[tuple[str, ...]] = (
        "replicates",
        "draws",
        "vary",
        "parts",
        "samples",
        "until",
        "most_replicates",
    )

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that varies, in the order in which they are first named."""
        return tuple(dict.fromkeys(path for path, _ in self.variations))

    @property
    def variations(self) -> tuple[tuple[str, Variation], ...]:
        """Every path with what it varies over; in several parts the same path may stand several times."""
        return tuple(pair for columns in (self.vary, *self.parts.values()) for pair in columns.items())

    @model_validator(mode="after")
    def _fits_together(self) -> Study:
        """Refuse paths given twice and designs that lack something."""
        if "seed" in self.paths:
            raise ValueError("seed cannot vary: all points share their random seeds; ask for more replicates instead")
        if "weeks" in self.paths and self.weeks is not None:
            raise ValueError("weeks is given twice, under vary and by itself")
        for path in self.vary:
            if path in self.set:
                raise ValueError(f"{path} is given twice, under vary and under set")
        self._check_design()
        self._check_parts()
        self._check_until()
        return self

    @property
    def unused(self) -> tuple[str, ...]:
        """Keys that are not written where they say nothing: those of all studies, and of `until` and parts."""
        until = () if self.until else ("until", "most_replicates")
        return (*super().unused, *until, *(() if self.parts else ("parts", "series_of")))

    def _check_design(self) -> None:
        """Raise ValueError if the design and what is varied do not go together."""
        sampled = self.design in SAMPLES
        if sampled:
            if self.samples is None:
                raise ValueError(f"design {self.design} needs samples, the number of points")
        elif self.samples is not None:
            raise ValueError(f"samples belongs to design lhs or sobol; a {self.design} takes its points from vary")
        if self.design == "sobol" and self.samples is not None and self.samples & (self.samples - 1):
            below = 1 << (self.samples.bit_length() - 1)
            raise ValueError(f"design sobol needs a power of two of samples, such as {below} or {2 * below}")
        if not self.vary and self.design not in ("grid", "parts"):
            raise ValueError(f"design {self.design} needs at least one path under vary")
        for path, variation in self.variations:
            if variation.values is None and sampled == (variation.steps is not None):
                need = "takes no steps; samples says how many" if sampled else "needs steps"
                raise ValueError(f"{path}: a range in design {self.design} {need}")
            values = variation.values or ()
            if path == "scenario" and not (values and all(isinstance(value, str) for value in values)):
                raise ValueError("scenario: give a list of scenarios, by name or file")
            if self.design in ("grid", "parts") and len(dict.fromkeys(values)) < len(values):
                raise ValueError(f"{path}: a value is given twice")

    def _check_parts(self) -> None:
        """Raise ValueError if parts stand where there can be none, or one of them is not as it should be."""
        if self.design != "parts":
            if self.parts or self.series_of:
                raise ValueError(f"{'parts' if self.parts else 'series_of'} belongs to design parts, not {self.design}")
            return
        if self.vary:
            raise ValueError("design parts takes its values from parts; leave vary away")
        if not self.parts:
            raise ValueError("design parts needs parts, each with paths and their values")
        for name, columns in self.parts.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
                raise ValueError(f"{name!r} is no name of a part: small letters, digits and _, at most 40")
            if not columns:
                raise ValueError(f"parts: {name} varies nothing; give paths and their values")
            if "scenario" in columns or "weeks" in columns:
                raise ValueError(f"parts: {name}: scenario and weeks are the same in all parts")
        for name in self.series_of:
            if name not in self.parts:
                raise ValueError(f"series_of: no part {name!r}{suggestion(name, self.parts)}")
        if self.series_of and self.record != "runs":
            raise ValueError(f"series_of names parts, but record: {self.record} keeps the series of all runs")

    def _check_until(self) -> None:
        """Raise ValueError if it is not clear when to stop."""
        if not self.until:
            if self.most_replicates is not None:
                raise ValueError("most_replicates belongs to until; without it every point has replicates runs")
            return
        for name, half_width in self.until.items():
            if name not in self.watch:
                raise ValueError(f"until: {name!r} is not watched{suggestion(name, self.watch)}")
            if BY_NAME[name].kind == "text":
                raise ValueError(f"until: {name} is words; name a measure that is a number or yes or no")
            if half_width <= 0:
                raise ValueError(f"until: the half width of {name} is {half_width:g}; give one above 0")
        if self.most_replicates is None:
            raise ValueError("until needs most_replicates, at which to stop in any case")
        if self.most_replicates < self.replicates:
            raise ValueError(f"most_replicates is {self.most_replicates}, below replicates, {self.replicates}")

"""What a study of sensitivity may say: by which method, over which parameters and ranges, for which outcomes."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from mhsim.errors import suggestion
from mhsim.scenario import sections
from mhsim.studies.design import OWN_KEYS, Measures, Names, NumericMeasures, StudyBase, check_range

FEWEST = {"morris": 2, "sobol": 8, "pawn": 50}
"""Samples of each method at least: trajectories, blocks, points."""


class Range(BaseModel):
    """The range of one parameter; without low and high it comes from the parameter or from around its value."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    low: float | None = Field(default=None, description="lowest value, included")
    high: float | None = Field(default=None, description="highest value, included")
    scale: Literal["linear", "log"] = Field(default="linear", description="how values lie between low and high")

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        """Refuse half a range and one that is upside down."""
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both low and high, or neither")
        if self.low is not None and self.high is not None:
            check_range(self.low, self.high, self.scale)
        return self


class Sensitivity(StudyBase):
    """A study of which parameters move the outcomes most."""

    without_draws: ClassVar[str] = (
        "a study of sensitivity moves the values itself, each over its whole range, so draws of them would be moved "
        "away again; run it without draws, or a sweep with them"
    )

    kind: Literal["sensitivity"] = Field(default="sensitivity", description="kind of study")
    method: Literal["morris", "sobol", "pawn"] = Field(
        default="morris", description="elementary effects; shares of variance; distances between distributions"
    )
    samples: int = Field(ge=2, le=100_000, description="trajectories of Morris, blocks of Sobol', points of PAWN")
    parameters: dict[str, Range] = Field(default_factory=dict, description="paths, or paths with their ranges")
    sections: Names = Field(default=(), description="sections whose numbers all vary")
    around: float | None = Field(
        default=None,
        gt=1,
        le=1000,
        description="where no range is given: from the value divided by this to its product",
    )
    outcomes: NumericMeasures = Field(min_length=1, description="measures whose sensitivity is asked for")
    watch: Measures = Field(default=(), description="other measures to keep")

    @field_validator("parameters", mode="before")
    @classmethod
    def _from_list(cls, given: Any) -> Any:
        """Read a list of paths as paths without ranges of their own."""
        if isinstance(given, (list, tuple)):
            for path in given:
                if not isinstance(path, str):
                    raise ValueError("a list under parameters holds paths; ranges need {path: {low, high}}")
                if given.count(path) > 1:
                    raise ValueError(f"{path} is given twice")
            return {path: {} for path in given}
        return {path: {} if one is None else one for path, one in given.items()} if isinstance(given, dict) else given

    @field_validator("sections")
    @classmethod
    def _known_sections(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse sections that do not exist or stand there twice."""
        for name in given:
            if name not in sections():
                raise ValueError(f"no section {name!r}{suggestion(name, sections())}")
        return given

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        """Refuse a study without parameters, with paths given twice, or with a sample its method cannot use."""
        if not self.parameters and not self.sections:
            raise ValueError("give parameters, or sections, or both")
        for path in self.parameters:
            if path in OWN_KEYS:
                raise ValueError(f"{path} cannot vary: it is a key of the study itself")
            if path in self.set:
                raise ValueError(f"{path} is given twice, under parameters and under set")
        least = FEWEST[self.method]
        if self.samples < least:
            raise ValueError(f"samples is {self.samples}; {self.method} needs at least {least}")
        if self.method == "sobol" and self.samples & (self.samples - 1):
            below = 1 << (self.samples.bit_length() - 1)
            raise ValueError(f"samples is {self.samples}; sobol needs a power of two, such as {below} or {2 * below}")
        return self

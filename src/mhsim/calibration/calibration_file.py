"""What a calibration file says: a form, the parameters that are sought with their ranges, and the facts they meet."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from mhsim.errors import InputError, suggestion
from mhsim.evidence.checks import Check, checks
from mhsim.scenario import parameter_rows
from mhsim.scenario_io.loader import check, read_scenario
from mhsim.scenario_io.yaml_reader import read_yaml

Numbers = NDArray[np.float64]
MORE = 4
"""How many times as many replicates a checked draw has: a point of the design need not be exact, a check has to."""


class Sought(BaseModel):
    """The range in which a parameter is sought: all of it equally likely before any fact is known.

    Attributes
    ----------
    low, high : float
        Ends of the range, inside of the parameter's own.
    log : bool
        Whether it is even in the logarithm: for rates of which only the size is known.
    why : str
        Why so wide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: float
    high: float
    log: bool = False
    why: str

    @model_validator(mode="after")
    def _ordered(self) -> Sought:
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError("a range in logarithms begins above 0")
        return self

    def value(self, at: Numbers) -> Numbers:
        """Return the values at places from 0 (low) to 1 (high)."""
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** at)
        return np.asarray(self.low + (self.high - self.low) * at)

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 (low) to 1 (high)."""
        if self.log:
            return float(np.log(value / self.low) / np.log(self.high / self.low))
        return float((value - self.low) / (self.high - self.low))


class Calibration(BaseModel):
    """One calibration file.

    Attributes
    ----------
    form : str
        Shipped scenario whose values are sought.
    about : str
        What it rests on, in a sentence or two.
    parameters : dict
        Addresses, each with its range.
    facts : list of str
        Codes of facts: all of their checks on this form that values may be tuned to.
    also : list of Check
        Further checks, for a form of which the scoreboard holds too little.
    points : int
        Points of the design, a power of two where the sequence is to fill space best.
    replicates : int
        Runs of the form at a point.
    replicates_elsewhere : int
        The same where a check changes the form, such as a founding start.
    pool : int
        Replicates that points draw on in turn: numbers 0 to pool - 1, those that the scoreboard has.
    points_again : int
        Points of a second wave, drawn from what the first one leaves.
    checked : int
        Draws of the posterior that are run by the engine, with `MORE` times as many replicates.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["calibration"] = "calibration"
    form: str
    about: str
    parameters: dict[str, Sought] = Field(min_length=1)
    facts: list[str] = Field(default_factory=list)
    also: list[Check] = Field(default_factory=list)
    points: int = Field(256, ge=32, le=100_000)
    replicates: int = Field(4, ge=2, le=1000)
    replicates_elsewhere: int = Field(4, ge=2, le=1000)
    pool: int = Field(60, ge=2, le=100_000)
    points_again: int = Field(48, ge=0, le=100_000)
    checked: int = Field(20, ge=2, le=200)

    @property
    def names(self) -> tuple[str, ...]:
        """Addresses of the parameters, in order."""
        return tuple(self.parameters)

    @property
    def checks(self) -> list[Check]:
        """The checks whose numbers are sought to be met."""
        mine = [one for one in checks() if one.form == self.form and one.use == "calibrate" and one.fact in self.facts]
        return mine + self.also

    @property
    def for_checks(self) -> Calibration:
        """The same, with the replicates of checked draws."""
        more = {name: min(self.pool, MORE * getattr(self, name)) for name in ("replicates", "replicates_elsewhere")}
        return self.model_copy(update=more)

    def values(self, places: Numbers) -> list[dict[str, float]]:
        """Return the values at places in the unit cube, shape (points, parameters), rounded to six digits."""
        columns = [sought.value(places[:, k]) for k, sought in enumerate(self.parameters.values())]
        return [
            dict(zip(self.names, (float(f"{value:.6g}") for value in row), strict=True))
            for row in zip(*columns, strict=True)
        ]

    def places(self, values: dict[str, float]) -> Numbers:
        """Return where values lie in the unit cube, shape (parameters,)."""
        return np.array([sought.place(values[name]) for name, sought in self.parameters.items()])

    def shipped_values(self) -> dict[str, float]:
        """Return the values that the form has as shipped."""
        scenario: Any = read_scenario(self.form)
        found = {}
        for name in self.names:
            value = scenario
            for part in name.split("."):
                value = getattr(value, part)
            found[name] = float(value)
        return found


def folder() -> Path:
    """Return the folder of the shipped calibration files."""
    inside = Path(str(files("mhsim"))) / "configs" / "calibration"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "configs" / "calibration"


def forms() -> list[str]:
    """Return the forms that have a calibration file."""
    return sorted(path.stem for path in folder().glob("*.yaml"))


def read_calibration(name: str) -> Calibration:
    """Return the calibration of a shipped form, or of a file; raise InputError, one line, if anything is wrong."""
    path = folder() / f"{name}.yaml" if name in forms() else Path(name)
    if path.suffix != ".yaml" or not path.is_file():
        known = forms()
        raise InputError(f"no calibration file for '{name}'{suggestion(name, known)}; there are {', '.join(known)}")
    document = read_yaml(path)
    found = check(document, Calibration)
    _check_parameters(found, str(path))
    if not found.checks:
        raise InputError(
            f"none of the facts {', '.join(found.facts)} has a check on {found.form} to tune to", str(path)
        )
    for fact in found.facts:
        if not any(one.fact == fact for one in found.checks):
            raise InputError(f"{fact} has no check on {found.form} that values may be tuned to", str(path))
    return found


def _check_parameters(found: Calibration, file: str) -> None:
    """Raise InputError for an unknown address, or a range beyond the parameter's own."""
    rows = {row["path"]: row for row in parameter_rows()}
    for name, sought in found.parameters.items():
        if name not in rows:
            raise InputError(f"no parameter {name}{suggestion(name, rows)}", file)
        low, high = rows[name]["low"], rows[name]["high"]
        if low is None or sought.low < low or sought.high > high:
            raise InputError(
                f"{name}: {sought.low:g} to {sought.high:g} is not within its own range, {low} to {high}", file
            )

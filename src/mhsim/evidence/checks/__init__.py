"""The checks: which facts are held against the model, on which form, by which observable, within which band.

One YAML file for each family of facts stands beside this file. Every fact that has a number or a direction is in one
of them; what cannot be observed has no observable (``observable: none``) and says why.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Use = Literal["calibrate", "check", "direction"]
NONE = "none"


class Check(BaseModel):
    """One check of one fact.

    Attributes
    ----------
    fact : str
        Code of the fact in docs/evidence.md.
    check : str
        What is looked at, in a few words; distinct among the checks of a fact on a form.
    form : str
        Shipped scenario that the fact is about.
    values : dict
        Paths and values changed in the form, such as a founding start.
    observable : str
        Name in `mhsim.evidence.observables.OBSERVABLES`, or "none".
    arguments : dict
        What the observable is called with.
    low, high : float or None
        The band; None where it is open at that end. A direction is a band from or to 0.
    use : {"calibrate", "check", "direction"}
        Whether values may be tuned to it, or only compared, or only the sign is held against it.
    must : bool
        Whether the command fails when it is missed.
    reason : str
        Why it is outside, or cannot be observed, where that is known.
    runs : int or None
        Runs of its own, where those of the form leave an interval wider than the band; never fewer than these.
    family : str
        The file it stands in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fact: str
    check: str
    form: str
    values: dict[str, Any] = Field(default_factory=dict)
    observable: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    band: tuple[float | None, float | None] | None = None
    direction: Literal["positive", "negative"] | None = None
    use: Use
    must: bool = False
    reason: str = ""
    runs: int | None = Field(None, ge=2, le=10_000)
    family: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Check:
        if self.observable == NONE:
            if not self.reason or self.must:
                raise ValueError("a check without an observable needs a reason and cannot be a must")
        elif (self.band is None) == (self.direction is None):
            raise ValueError("either a band or a direction is needed")
        return self

    @property
    def low(self) -> float | None:
        """Lower end of the band; None where it is open."""
        return (0.0 if self.direction == "positive" else None) if self.band is None else self.band[0]

    @property
    def high(self) -> float | None:
        """Upper end of the band; None where it is open."""
        return (0.0 if self.direction == "negative" else None) if self.band is None else self.band[1]


class Family(BaseModel):
    """One file of checks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    checks: list[Check]


def read_family(path: Path) -> list[Check]:
    """Return the checks of a file; raise InputError with file and line if anything is wrong."""
    from mhsim.scenario_io.loader import check
    from mhsim.scenario_io.yaml_reader import read_yaml

    family = check(read_yaml(path), Family)
    return [one.model_copy(update={"family": path.stem}) for one in family.checks]


@lru_cache(maxsize=1)
def checks() -> tuple[Check, ...]:
    """Return all checks, by family."""
    return tuple(one for path in sorted(Path(__file__).parent.glob("*.yaml")) for one in read_family(path))

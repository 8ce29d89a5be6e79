"""The posterior of a form: which values fit the facts, as draws that all else reads, and what the facts leave open.

Two files beside each other in `configs/posteriors`: FORM.csv, equally weighted draws, a row each, a column for each
address; FORM.yaml, how they were made and what was learnt of each parameter. Reading them needs nothing heavy.
"""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from mhsim.errors import InputError, suggestion
from mhsim.safe_files import whole_file
from mhsim.scenario_io.yaml_reader import read_yaml

DRAWS = 200
"""Draws of a posterior."""
WEAK = 0.2
"""Share of the prior's variance below which a value counts as not fixed by the facts."""


@dataclass(frozen=True)
class Learnt:
    """What the facts say of one parameter.

    Attributes
    ----------
    low_before, high_before : float
        The range in which it was sought.
    shipped : float
        The value the form has, when the posterior was made.
    middle : float
        The median of the posterior.
    low, high : float
        Its 95 % interval.
    learnt : float
        Share of the prior's variance that the facts take away, on the scale of the range; 0 to 1.
    twins : tuple of str
        Addresses it cannot be told apart from: more of one can be made up for by the other.
    predicted : float
        Share of its variance that a regression on the simulated patterns explains, out of sample; 0 to 1.
    by : tuple of str
        The patterns that tell most of it, the first most.
    covered : float
        Share of synthetic truths that lie in their 95 % intervals; NaN if that was not looked at.
    """

    low_before: float
    high_before: float
    shipped: float
    middle: float
    low: float
    high: float
    learnt: float
    twins: tuple[str, ...] = ()
    predicted: float = float("nan")
    by: tuple[str, ...] = ()
    covered: float = float("nan")

    @property
    def is_weak(self) -> bool:
        """Whether the facts leave the value about as open as it was."""
        return self.learnt < WEAK


@dataclass(frozen=True)
class Posterior:
    """The posterior of one form.

    Attributes
    ----------
    form : str
        The shipped scenario.
    parameters : dict
        What was learnt of each address.
    draws : list of dict
        Equally likely sets of values: address to value.
    made : dict
        How it was made: command, day, version, facts, runs, method.
    """

    form: str
    parameters: dict[str, Learnt]
    draws: list[dict[str, float]]
    made: dict[str, Any] = field(default_factory=dict)

    @property
    def learnt(self) -> dict[str, float]:
        """Share of the prior's variance that the facts take away, by address."""
        return {name: one.learnt for name, one in self.parameters.items()}

    @property
    def middle(self) -> dict[str, float]:
        """The median of each parameter, by address."""
        return {name: one.middle for name, one in self.parameters.items()}

    @property
    def twins(self) -> dict[str, tuple[str, ...]]:
        """Addresses that each parameter cannot be told apart from."""
        return {name: one.twins for name, one in self.parameters.items()}

    @property
    def weak(self) -> list[str]:
        """Addresses whose values these facts cannot fix."""
        return [name for name, one in self.parameters.items() if one.is_weak]


def folder() -> Path:
    """Return the folder of the shipped posteriors."""
    inside = Path(str(files("mhsim"))) / "configs" / "posteriors"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "configs" / "posteriors"


def fitted_forms() -> list[str]:
    """Return the forms that have a posterior, by name."""
    return sorted(path.stem for path in folder().glob("*.csv"))


def posterior_of(form: str, place: Path | None = None) -> Posterior:
    """Return the posterior of a form.

    Parameters
    ----------
    form : str
        A shipped scenario that was calibrated.
    place : Path, optional
        Another folder that holds FORM.csv and FORM.yaml.

    Raises
    ------
    InputError
        If the form has none, or a file is damaged; one line.
    """
    place = folder() if place is None else place
    path = place / f"{form}.csv"
    if not path.is_file() or not path.with_suffix(".yaml").is_file():
        known = sorted(one.stem for one in place.glob("*.csv"))
        there = f"there are {', '.join(known)}" if known else "no form was calibrated yet"
        raise InputError(f"'{form}' has no posterior{suggestion(form, known)}; {there}; mhsim calibrate makes one")
    said = read_yaml(path.with_suffix(".yaml"))
    try:
        parameters = {name: _learnt(row) for name, row in said.data["parameters"].items()}
        made = {key: value for key, value in said.data.items() if key not in ("form", "parameters")}
    except (KeyError, TypeError, AttributeError) as problem:
        raise InputError(f"this is no posterior: {problem}", str(path.with_suffix(".yaml"))) from None
    return Posterior(form, parameters, _draws(path, list(parameters)), made)


def _learnt(row: dict[str, Any]) -> Learnt:
    return Learnt(**{**row, "twins": tuple(row.get("twins", ())), "by": tuple(row.get("by", ()))})


def _draws(path: Path, names: list[str]) -> list[dict[str, float]]:
    """Return the rows of a file of draws; raise InputError with the line of what is no number."""
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    if not rows or rows[0] != names:
        raise InputError("the columns are not the addresses that the file beside it names", str(path), 1)
    found = []
    for number, row in enumerate(rows[1:], 2):
        try:
            found.append({name: float(value) for name, value in zip(names, row, strict=True)})
        except ValueError as problem:
            raise InputError(f"a number for each address is wanted: {problem}", str(path), number) from None
    if not found:
        raise InputError("this file holds no draw", str(path))
    return found


def write_posterior(posterior: Posterior, place: Path) -> tuple[Path, Path]:
    """Write FORM.csv and FORM.yaml into a folder and return their paths."""
    place.mkdir(parents=True, exist_ok=True)
    names = list(posterior.parameters)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([[f"{draw[name]:.6g}" for name in names] for draw in posterior.draws])
    parameters = {name: _plain(asdict(one)) for name, one in posterior.parameters.items()}
    said = {"form": posterior.form, **posterior.made, "parameters": parameters}
    paths = place / f"{posterior.form}.csv", place / f"{posterior.form}.yaml"
    dumped = yaml.safe_dump(said, sort_keys=False, width=118, allow_unicode=True)
    for path, content in zip(paths, (text.getvalue(), dumped), strict=True):
        with whole_file(path, checksum=False) as file:
            file.write(content.encode())
    return paths


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as YAML writes it: numbers to four digits, what is not known left out."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, float):
            if value == value:
                found[key] = float(f"{value:.4g}")
        else:
            found[key] = list(value)
    return found

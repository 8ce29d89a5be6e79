"""What a model assumes: from what its constructor is given to one checked scenario, and which history of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mesa import batchrunner

from mhsim.core.rng import replicate_number
from mhsim.errors import InputError
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario
from mhsim.scenario_io.overrides import with_settings


def assumed(
    scenario: Scenario | str | Path | None, values: Mapping[str, Any] | None, named: Mapping[str, Any], seed: int | None
) -> Scenario:
    """Return the scenario with other values at some paths.

    Parameters
    ----------
    scenario : Scenario, str, Path or None
        A scenario, the name of a shipped one, the path of a file; None for the defaults of the model.
    values : mapping or None
        Paths and their values.
    named : mapping
        The same, with two underscores for the dot: ``serve__turnover_per_year``. They come last.
    seed : int or None
        What replaces the seed of the scenario.

    Raises
    ------
    InputError
        If a path does not exist, with the nearest that does, or a value is not allowed.
    TypeError
        If the scenario is none of these.
    """
    if not isinstance(scenario, Scenario | str | Path | None):
        raise TypeError(f"scenario: given {scenario!r}; allowed: a Scenario, the name of a shipped one, a path, None")
    found = Scenario() if scenario is None else scenario if isinstance(scenario, Scenario) else read_scenario(scenario)
    paths = {name.replace("__", "."): value for name, value in named.items()}
    both = sorted(set(paths) & set(values or {}))
    if both:
        raise InputError(f"{both[0]} is given twice, in values and as {both[0].replace('.', '__')}")
    wanted = {**(values or {}), **paths} | ({} if seed is None else {"seed": seed})
    return with_settings(found, wanted)


def which_replicate(replicate: int | None) -> int:
    """Return which history is meant: the one given, or else the iteration of a batch run, or else the first.

    Mesa's `batch_run` makes the model of every iteration with the same arguments, so all would live the same history.
    The number of the iteration is known only to its function that calls the constructor; it is read there.
    """
    if replicate is None:
        return _iteration()
    return replicate_number(replicate)


def _iteration() -> int:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code is batchrunner._model_run_func.__code__:
            return int(frame.f_locals["run"][1])
        frame = frame.f_back  # type: ignore[assignment]
    return 0

"""Each form does what its comments say, at the values it ships with: between forms, or paired with a rule off.

One test for each form. A form also has to live: most of its groups are open after ten years, with members in them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mhsim import read_scenario, simulate
from mhsim.outcomes.results import Run
from mhsim.scenario import with_values

RUNS, TEN_YEARS = 20, 520


@cache
def lived(form: str, values: tuple[tuple[str, Any], ...] = ()) -> tuple[Run, ...]:
    """Return histories of ten years of a form, some values changed."""
    world = with_values(read_scenario(form), {"weeks": TEN_YEARS, **dict(values)})
    return tuple(simulate(world, replicate, record="series") for replicate in range(RUNS))


def each(form: str, measure: str, **values: Any) -> np.ndarray:
    """Return a measure of each history of a form; ``SECTION__NAME=value`` changes a value."""
    runs = lived(form, tuple((name.replace("__", "."), value) for name, value in values.items()))
    return np.array([np.nan if run.summary[measure] is None else float(run.summary[measure] or 0) for run in runs])


def over_time(form: str, column: str) -> np.ndarray:
    """Return a column of the weekly series, its mean over histories in which a group is open."""
    return np.asarray(np.nanmean([np.array(run.series[column].to_pylist(), float) for run in lived(form)], axis=0))


def assert_lives(form: str, members: tuple[float, float], still_open: float = 0.75) -> None:
    """Assert that most groups are open after ten years, and of a believable size."""
    assert np.mean(each(form, "open_groups_at_end") > 0) >= still_open
    assert members[0] <= over_time(form, "members")[-52:].mean() <= members[1]


def test_disease_specific_tells_what_helps_and_writes_it_down() -> None:
    """Members stay on with the illness, learn most of what their group knows, and have fewer setbacks for it."""
    form = "disease_specific"
    assert_lives(form, (11.0, 20.0))
    assert np.nanmean(each(form, "distress_at_104_joiners")) > 0.0
    known, diversity = (over_time(form, f"repertoire_{name}") for name in ("known_members", "diversity_groups"))
    assert known[-1] > 1.4 * known[0]
    assert known[-1] > 0.5 * diversity[-1]
    setbacks = each(form, "crises_per_person_year") - each(form, "crises_per_person_year", repertoire__enabled=False)
    assert setbacks.mean() < -4.0 * setbacks.std(ddof=1) / np.sqrt(RUNS)
    assert np.nanmean(each(form, "exits_graduated")) < np.nanmean(each("base", "exits_graduated"))

"""Every optional mechanism, whoever wrote it: neutral it changes nothing, unmarked it does nobody good or ill."""

from __future__ import annotations

from typing import Any

import pytest

from mhsim import simulate
from mhsim.modules import optional
from mhsim.outcomes.results import Run
from mhsim.scenario import Scenario, with_values
from support import OUTCOMES, core_measures, differing, lives

LIVELY: dict[str, Any] = {"weeks": 104, "community.arrivals_per_week": 2.0, "start.groups": 2, "found.split_at": 14.0}
UNMARKED: dict[str, Any] = {"benefits": 0, "harms": 0, "arrive.uptake": 0.086, "community.arrivals_per_week": 3.0}
ALONE = {"start.groups": 0, "start.members": 0, "start.helpers": 0}


def core(run: Run, table: str, name: str) -> dict[str, Any]:
    """Return a table of a run without the columns of a mechanism."""
    found = getattr(run, table)
    return {each: found[each].to_pylist() for each in found.column_names if not each.startswith(f"{name}_")}


@pytest.mark.parametrize("name", optional())
def test_on_and_neutral_only_its_own_columns_change(name: str) -> None:
    """What is neutral by declaration must leave every number of everybody as it is, bit for bit."""
    world = with_values(Scenario(), LIVELY)
    neutral = {f"{name}.{leaf}": value for leaf, value in optional()[name].neutral.items()}
    assert neutral
    off = simulate(world, 2, record="lives")
    still = simulate(with_values(world, {f"{name}.enabled": True, **neutral}), 2, record="lives")
    assert core_measures(off) == core_measures(still)
    for table in ("series", "lives", "groups"):
        assert repr(core(off, table, name)) == repr(core(still, table, name)), table


@pytest.mark.parametrize("name", optional())
def test_at_its_own_values_it_changes_something(name: str) -> None:
    """Else the test above would hold of anything."""
    world = with_values(Scenario(), LIVELY)
    on = simulate(with_values(world, {f"{name}.enabled": True}), 2, record="lives")
    off = simulate(world, 2, record="lives")
    assert any(repr(core(on, table, name)) != repr(core(off, table, name)) for table in ("lives", "groups"))


@pytest.mark.parametrize("replicate", range(2))
@pytest.mark.parametrize("name", optional())
def test_with_no_marks_groups_change_nobodys_life(name: str, replicate: int) -> None:
    """What groups do to outcomes is marked, all of it: with all marks at 0 a world without groups is the same."""
    world = {**UNMARKED, f"{name}.enabled": True, "start.run_in_weeks": 0}
    grouped, alone = (
        people[people["starter"] == 0] for people in (lives(world, replicate), lives(world | ALONE, replicate))
    )
    assert grouped["help_received"].sum() > 20
    assert not differing(grouped, alone) & {*OUTCOMES, "coping", "shame", "isolation", "in_crisis"}

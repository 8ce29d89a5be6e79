"""Who was enrolled in a trial and what became of them: one small table for each run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mhsim.core.rng import draws_for, run_key
from mhsim.engine import live_through
from mhsim.engine.events import LEFT
from mhsim.engine.simulation import steps_of
from mhsim.engine.world import World
from mhsim.outcomes.counts import living
from mhsim.outcomes.results import Run, result_of
from mhsim.scenario import Scenario
from mhsim.schema import ACCOMMODATION, CLASSES, MOVED_AWAY, NEVER, SETTLED, SNAPSHOT_WEEKS
from mhsim.studies.columns import column
from mhsim.studies.trial.randomise import INVITING, Inviting

RULE = "inviting"
"""The name of the rule in a scenario."""
PEOPLE = "people"
"""The name of the table, and of the folder it is kept in."""

BEGINNINGS = {
    "severity": ("severity", "s.d.", "how hard the trouble is"),
    "hope": ("hope_baseline", "0-1", "hope when need arose"),
    "efficacy": ("efficacy_baseline", "0-1", "self-efficacy when need arose"),
    "shame": ("shame_baseline", "0-1", "shame when need arose"),
    "motivation": ("motivation", "s.d.", "motivation, which nobody but the model knows"),
}
"""What people differ in beforehand: name in the table, and column, unit and meaning in the state."""


def simulate(
    scenario: Scenario, replicate: int = 0, *, record: str = "runs", control: NDArray[np.int64] | None = None
) -> Run:
    """Return what was found in one history, with the table of people under ``extra["tables"]``.

    The arguments are those of `mhsim.simulate`.

    Raises
    ------
    mhsim.engine.Stopped
        If it was asked to stop.
    """
    world = live_through(scenario, replicate, record="story", control=control)
    run = result_of(world, scenario, replicate, record)
    run.extra["tables"] = {PEOPLE: people_table(world, scenario, replicate)}
    return run


def people_table(world: World, scenario: Scenario, replicate: int) -> pa.Table:
    """Return one row for everybody who came into need after the groups opened, by community and order of arrival.

    Parameters
    ----------
    world : World
        A world at its end that kept its lives and its events.
    scenario : Scenario
        What it lived by; it must have the rule of inviting.
    replicate : int
        Which history it was: the draws of the arms are made again from it.
    """
    opening = steps_of(scenario.start.run_in_weeks, scenario)
    rule = scenario.rules[RULE].values
    assert isinstance(rule, Inviting)
    people = np.concatenate([world.lives[: world.meter["lives"][0]], living(world)])
    people = people[(people["starter"] == 0) & (people["arrived"] >= opening)]
    people = people[np.lexsort((people["who"], people["community"]))]
    dt, arrived = scenario.weeks_per_step, people["arrived"].astype(np.int64)
    gone = gone_steps(world, people)
    key = run_key(scenario.seed, replicate)
    draws = draws_for(key, people["who"].astype(np.int64), people["community"], 0, INVITING)
    enrolling = arrived + steps_of(rule.enrol_after_weeks, scenario)
    not_yet = (people["joined"] == NEVER) | (people["joined"] > enrolling)
    enrolled = not_yet & (gone >= enrolling) & (enrolling < int(world.meter["step"][0]))
    table = {
        column("community", pa.int32(), "community", "the community this person belongs to"): people["community"],
        column("who", pa.uint32(), "identity", "who this is, the same in every scenario"): people["who"],
        column("arrived_week", pa.float64(), "weeks", "from the opening until need arose"): (arrived - opening) * dt,
        column("enrolled", pa.bool_(), "yes/no", "was enrolled in the trial"): enrolled,
        column("invited", pa.bool_(), "yes/no", "the arm by lot: invited now, else waits"): (
            (draws[:, 0] < rule.share_invited) != rule.swapped
        ),
        column("takes_up", pa.bool_(), "yes/no", "would take an invitation up"): draws[:, 1] < rule.uptake,
        column("came_weeks", pa.float64(), "weeks", "from need to the first visit; null: never"): since(
            people["joined"], arrived, dt
        ),
        column("helper_weeks", pa.float64(), "weeks", "from need to first being a helper; null: never"): since(
            people["first_helper"], arrived, dt
        ),
        column("gone_weeks", pa.float64(), "weeks", "from need to leaving the community; null: still there"): pa.array(
            (gone - arrived) * dt, mask=gone == np.iinfo(np.int64).max
        ),
        column("resilience", pa.string(), "class", "class of natural recovery"): pa.array(
            [CLASSES[code] for code in people["resilience"].tolist()], pa.string()
        ),
    }
    for name, (source, unit, meaning) in BEGINNINGS.items():
        table[column(f"{name}_before", pa.float64(), unit, meaning)] = people[source]
    table |= outcomes(people)
    arrays = [
        pa.array(values, field.type) if isinstance(values, np.ndarray) else values for field, values in table.items()
    ]
    return pa.table(arrays, schema=pa.schema(list(table)))


def outcomes(people: NDArray[Any]) -> dict[pa.Field, pa.Array]:
    """Return how people were at 13, 26, 52 and 104 weeks after need arose; null for those who were not there."""
    found = {}
    for k, week in enumerate(SNAPSHOT_WEEKS):
        missing = people["snapshot_stage"][:, k] == 255
        values = {
            "accommodated": (people["snapshot_stage"][:, k] == ACCOMMODATION, "yes/no", "in accommodation"),
            "hope": (people["snapshot_hope"][:, k], "0-1", "hope"),
            "efficacy": (people["snapshot_efficacy"][:, k], "0-1", "self-efficacy"),
            "distress": (people["snapshot_distress"][:, k], "0-1", "distress"),
            "calm": (people["snapshot_calm"][:, k] == 1, "yes/no", "no crisis in the 13 weeks before"),
        }
        for name, (numbers, unit, meaning) in values.items():
            field = column(f"{name}_at_{week}", pa.float64(), unit, f"{meaning}, {week} weeks after need arose")
            found[field] = pa.array(numbers.astype(float), mask=missing)
    return found


def since(steps: NDArray[Any], arrived: NDArray[np.int64], dt: float) -> pa.Array:
    """Return steps as weeks since need arose, null for never."""
    return pa.array((steps.astype(np.int64) - arrived) * dt, mask=steps == NEVER)


def gone_steps(world: World, people: NDArray[Any]) -> NDArray[np.int64]:
    """Return the step at whose end each person left the community; the largest whole number for who did not."""
    events = world.events[: world.meter["events"][0]]
    last = events[(events["kind"] == LEFT) & np.isin(events["value"], (MOVED_AWAY, SETTLED))]
    left = {(c, w): s for c, w, s in zip(*(last[n].tolist() for n in ("community", "who", "step")), strict=True)}
    never = np.iinfo(np.int64).max
    identities = zip(people["community"].tolist(), people["who"].tolist(), strict=True)
    return np.array([left.get(identity, never) for identity in identities], np.int64)

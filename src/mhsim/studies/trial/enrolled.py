"""Who was enrolled in a trial and what became of them: one small table for each run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mhsim.core.rng import draws_for, run_key
from mhsim.engine import Simulation
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
OUTCOMES = {
    "accommodated": ("stage", ACCOMMODATION, "yes/no", "in accommodation"),
    "hope": ("hope", None, "0-1", "hope"),
    "efficacy": ("efficacy", None, "0-1", "self-efficacy"),
    "distress": ("distress", None, "0-1", "distress"),
    "calm": ("calm", 1, "yes/no", "no crisis in the 13 weeks before"),
}
"""How people were at some weeks after need arose, missing for those who were not there: name in the table, and column,
value that counts as yes, unit and meaning in the state.
"""


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
    simulation = Simulation(scenario, replicate, record="story", control=control)
    world = simulation.run_to_end()
    run = result_of(world, scenario, replicate, record, own=simulation.own_tables(living))
    run.extra["tables"] = {PEOPLE: people_table(world, scenario, replicate)}
    return run


def people_table(world: World, scenario: Scenario, replicate: int) -> pa.Table:
    """Return one row for everybody who came into need after the groups opened, by community and order of arrival.

    Parameters
    ----------
    world : World
        A world at its end that kept its lives and its events.
    scenario : Scenario
        Its scenario; it must have the rule of inviting.
    replicate : int
        Which replicate it was: the draws of the arms are made again from it.
    """
    opening = steps_of(scenario.start.run_in_weeks, scenario)
    rule = scenario.rules[RULE].values
    assert isinstance(rule, Inviting)
    people = np.concatenate([world.lives[: world.meter["lives"][0]], living(world)])
    people = people[(people["starter"] == 0) & (people["arrived"] >= opening)]
    people = people[np.lexsort((people["who"], people["community"]))]
    dt, arrived = scenario.weeks_per_step, people["arrived"].astype(np.int64)
    gone = gone_steps(world, people)

    def since(name: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Return a step as weeks since need arose, and where it never came."""
        return (people[name].astype(np.int64) - arrived) * dt, people[name] == NEVER

    key = run_key(scenario.seed, replicate)
    draws = draws_for(key, people["who"].astype(np.int64), people["community"], 0, INVITING)
    enrolling = arrived + steps_of(rule.enrol_after_weeks, scenario)
    not_yet = (people["joined"] == NEVER) | (people["joined"] > enrolling)
    enrolled = not_yet & (gone >= enrolling) & (enrolling < int(world.meter["step"][0]))
    invited = (draws[:, 0] < rule.share_invited) != rule.swapped
    classes = [CLASSES[code] for code in people["resilience"].tolist()]
    weeks_gone = ((gone - arrived) * dt, gone == np.iinfo(np.int64).max)
    number, flag = pa.float64(), pa.bool_()
    cells: list[tuple[Any, ...]] = [
        ("community", pa.int32(), "community", "the community this person belongs to", people["community"]),
        ("who", pa.uint32(), "identity", "who this is, the same in every scenario", people["who"]),
        ("arrived_week", number, "weeks", "from the opening until need arose", (arrived - opening) * dt),
        ("enrolled", flag, "yes/no", "was enrolled in the trial", enrolled),
        ("invited", flag, "yes/no", "the arm by lot: invited now, else waits", invited),
        ("takes_up", flag, "yes/no", "would take an invitation up", draws[:, 1] < rule.uptake),
        ("came_weeks", number, "weeks", "from need to the first visit; null: never", *since("joined")),
        ("helper_weeks", number, "weeks", "from need to first being a helper; null: never", *since("first_helper")),
        ("gone_weeks", number, "weeks", "from need to leaving the community; null: still there", *weeks_gone),
        ("resilience", pa.string(), "class", "class of natural recovery", classes),
    ]
    for name, (source, unit, meaning) in BEGINNINGS.items():
        cells.append((f"{name}_before", number, unit, meaning, people[source]))
    for k, week in enumerate(SNAPSHOT_WEEKS):
        missing = people["snapshot_stage"][:, k] == 255
        for name, (source, code, unit, meaning) in OUTCOMES.items():
            values = people[f"snapshot_{source}"][:, k]
            values = values if code is None else values == code
            about = f"{meaning}, {week} weeks after need arose"
            cells.append((f"{name}_at_{week}", number, unit, about, values.astype(float), missing))
    arrays = [pa.array(values, kind, mask=next(iter(mask), None)) for _, kind, _, _, values, *mask in cells]
    return pa.table(arrays, schema=pa.schema([column(*cell[:4]) for cell in cells]))


def gone_steps(world: World, people: NDArray[Any]) -> NDArray[np.int64]:
    """Return the step at whose end each person left the community; the largest whole number for who did not."""
    events = world.events[: world.meter["events"][0]]
    last = events[(events["kind"] == LEFT) & np.isin(events["value"], (MOVED_AWAY, SETTLED))]
    left = {(c, w): s for c, w, s in zip(*(last[n].tolist() for n in ("community", "who", "step")), strict=True)}
    never = np.iinfo(np.int64).max
    identities = zip(people["community"].tolist(), people["who"].tolist(), strict=True)
    return np.array([left.get(identity, never) for identity in identities], np.int64)

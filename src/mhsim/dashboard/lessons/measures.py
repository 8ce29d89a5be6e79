"""Measures of lessons: measures of the model, and how people who became helpers compare with others."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mhsim.engine import run_world
from mhsim.engine.world import World
from mhsim.outcomes.counts import living
from mhsim.outcomes.measures import names_of_forms
from mhsim.outcomes.results import result_of
from mhsim.scenario import Scenario
from mhsim.schema import NEVER

COUNTED = (
    *("alive_at_end", "weeks_to_closure", "closed", "members_at_end", "helpers_at_end", "members_in_world_at_end"),
    *("open_groups_at_end", "reciprocity", "calm_at_52_joiners", "burnouts_per_helper_year", "distress_at_104_joiners"),
    *("first_visits", "helpers_made", "burnouts", "requests_met", "helping_gini", "helping_top_1_percent"),
    *("retention_at_13", "retention_at_26", "retention_at_52", "exits_graduated", "exits_group_closed"),
    *("accommodated_at_52", "accommodated_at_52_joiners", "accommodated_at_52_non_joiners"),
    *("low_distress_at_52", "low_distress_at_52_joiners", "low_distress_at_52_non_joiners"),
    *("hope_at_52_joiners", "hope_at_52_non_joiners", "efficacy_at_52_joiners", "distress_at_52_joiners"),
)
"""Measures of `mhsim.outcomes.measures` that lessons may name."""
OF_PEOPLE = ("efficacy_of_helpers", "efficacy_of_other_members")
"""Self-efficacy, when last seen in need, of people who came to a group after it opened: those who ever were helpers,
and those who never were."""
MEASURES = (*COUNTED, *OF_PEOPLE)


def measures_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the measures that a history of a scenario has: in a world of several forms also those of each."""
    return (*MEASURES, *names_of_forms(scenario.forms))


class LessonOutcome(NamedTuple):
    """The outcome of one history: the values of `measures_of` its scenario, NaN where there is no case."""

    values: tuple[float, ...]
    forms: tuple[str, ...] = ()

    def value(self, measure: str) -> float:
        """Return a measure by its name."""
        return self.values[(*MEASURES, *names_of_forms(self.forms)).index(measure)]


def outcome_of(scenario: Scenario, replicate: int) -> LessonOutcome:
    """Simulate one history and return its outcome."""
    world = run_world(scenario, replicate, record="lives")
    summary = result_of(world, scenario, replicate, "runs").summary
    counted = tuple(np.nan if summary[name] is None else float(summary[name]) for name in COUNTED)  # type: ignore[arg-type]
    of_forms = tuple(float(summary[name]) for name in names_of_forms(scenario.forms))  # type: ignore[arg-type]
    return LessonOutcome((*counted, *helpers_and_others(world), *of_forms), tuple(scenario.forms))


def helpers_and_others(world: World) -> tuple[float, float]:
    """Return the mean self-efficacy of helpers and of other members; see `OF_PEOPLE`."""
    people: NDArray[Any] = np.concatenate([world.lives[: world.meter["lives"][0]], living(world)])
    came = people[(people["starter"] == 0) & (people["joined"] != NEVER)]
    helped = came["first_helper"] != NEVER
    efficacy = came["self_efficacy"]
    return _mean(efficacy[helped]), _mean(efficacy[~helped])


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else float("nan")

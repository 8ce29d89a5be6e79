"""Stories to begin with: what happens to a group, as a few settings laid over any form.

None is chosen for how it ends; how it ends depends on the luck. A story is only a start: everything can be changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mhsim.dashboard.scenario_state import Situation
from mhsim.scenario import Change, Value

OWN = "own"
"""Stands for what a visitor has made, which is none of these."""


@dataclass(frozen=True)
class Tale:
    """One story: its name, what it is about in a sentence, and its settings."""

    name: str
    title: str
    about: str
    settings: dict[str, Value] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()

    def told_of(self, form: str, seed: Value) -> Situation:
        """Return the situation that the story makes of a form, under a seed."""
        situation = Situation(form).with_values({"seed": seed, **self.settings})
        for change in self.changes:
            situation = situation.with_change(change)
        return situation


TALES = (
    Tale("plain", "As the form is", "No special events."),
    Tale(
        "turnover",
        "Helpers come and go",
        "Most helpers step down within a year, and some leave the group with the role.",
        {"serve.turnover_per_year": 1.5, "serve.leaves_with_role": 0.3},
    ),
    Tale(
        "prepared",
        "Helpers come and go, successors are prepared",
        "Helpers step down as often and stay as members; mostly somebody is ready to take over.",
        {"serve.turnover_per_year": 1.5, "serve.leaves_with_role": 0.0, "serve.succession": 0.8},
    ),
    Tale(
        "new",
        "A new group",
        "Eight people in the middle of it and two who have come through begin a group.",
        {"start.kind": "founding", "start.members": 8, "start.helpers": 2},
    ),
    Tale(
        "lost",
        "The busiest helpers stop helping at once",
        "After two years the three who help most give up the role in one week; they stay as members.",
        {},
        (Change(week=104, act="lose_busiest_helpers", count=3),),
    ),
    Tale(
        "dry",
        "Hardly anybody new comes into need",
        "After two years need becomes rare in this town: good news for people, hard on a group.",
        {},
        (Change(week=104, set={"community.arrivals_per_week": 0.05}),),
    ),
    Tale(
        "load",
        "One helper, many in need",
        "Much need, one helper, people ask often, and leading wears.",
        {
            "start.helpers": 1,
            "community.arrivals_per_week": 1.5,
            "help.ask_per_week": 5.0,
            "help.lead_strain": 0.15,
        },
    ),
    Tale(
        "done",
        "Those who have found their way move on",
        "Those who have come through leave soon for other things, as many do after bereavement.",
        {"leave.graduate_hazard": 0.05},
    ),
)


def tale_of(situation: Situation) -> Tale | None:
    """Return the story that a situation tells as it was written, None for one of the visitor's own."""
    seed = situation.value("seed")
    return next((tale for tale in TALES if tale.told_of(situation.form, seed) == situation), None)


def choices(situation: Situation) -> tuple[tuple[Value, str], ...]:
    """Return the stories to choose from; "your own" only where it is one."""
    own: tuple[tuple[Value, str], ...] = () if tale_of(situation) else ((OWN, "Your own"),)
    return (*own, *((tale.name, tale.title) for tale in TALES))

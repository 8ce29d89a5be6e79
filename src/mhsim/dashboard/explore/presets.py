"""Stories to begin with: what happens to a group, as a few settings laid over any type of group.

None is chosen for how it ends; that depends on chance. A story is only a start: everything can be changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mhsim.dashboard.scenario_state import Situation
from mhsim.scenario import Change, Value

OWN = "own"
"""Stands for what a visitor has made, which is none of these."""


@dataclass(frozen=True)
class Preset:
    """One story.

    Attributes
    ----------
    name, title : str
        Its name in the page, and the name shown.
    about : str
        What it is about, in a sentence, where the town starts with one group.
    about_several : str
        The same for a town of several groups; empty if nothing changes.
    settings, changes
        What it lays over a type of group.
    """

    name: str
    title: str
    about: str
    settings: dict[str, Value] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    about_several: str = ""

    def situation(self, form: str, seed: Value) -> Situation:
        """Return the situation that the story makes of a type of group, under a seed."""
        return Situation(form).with_values({"seed": seed, **self.settings}, self.changes)

    def description(self, situation: Situation) -> str:
        """Return what the story is about in a situation."""
        several = situation.value("start.groups") != 1
        return self.about_several if several and self.about_several else self.about


PRESETS = (
    Preset("plain", "Default", "No special events."),
    Preset(
        "turnover",
        "Helpers come and go",
        "Most helpers step down within a year, and every other year a helper leaves the group as well.",
        {"serve.turnover_per_year": 1.0, "serve.departures_per_year": 0.5},
        (),
        "Most helpers step down within a year, and every other year a helper leaves each group as well.",
    ),
    Preset(
        "prepared",
        "Helpers come and go, and others are prepared",
        "Helpers stop and leave just as often, and the group always keeps two members learning to follow.",
        {"serve.turnover_per_year": 1.0, "serve.departures_per_year": 0.5, "prepare.successors": 2},
    ),
    Preset(
        "new",
        "A new group",
        "Eight people start a group: six in the thick of it, and two who have found their footing again.",
        {"start.kind": "founding", "start.members": 8, "start.helpers": 2},
        (),
        "Several groups start at once, each with eight people: six in the thick of it, and two who have found their "
        "footing again.",
    ),
    Preset(
        "lost",
        "The busiest helpers stop at once",
        "After two years the three helpers who help most give up the role in the same week; they stay as members.",
        {},
        (Change(week=104, act="lose_busiest_helpers", count=3),),
        "After two years, in every group, the three helpers who help most give up the role in the same week; they stay "
        "as members.",
    ),
    Preset(
        "dry",
        "Hardly any new people need help",
        "After two years few new people need help in this town: good news for people, hard on a group.",
        {},
        (Change(week=104, set={"community.arrivals_per_week": 0.05}),),
        "After two years few new people need help in this town: good news for people, hard on groups.",
    ),
    Preset(
        "load",
        "One helper, many in need",
        "Many people in need, one helper, frequent requests for help, and leading the group is tiring.",
        {
            "start.helpers": 1,
            "community.arrivals_per_week": 1.5,
            "help.ask_per_week": 5.0,
            "help.lead_strain": 0.15,
        },
        (),
        "Many people in need, one helper in each group, frequent requests for help, and leading a group is tiring.",
    ),
    Preset(
        "done",
        "People move on once they are better",
        "People who have found a way to live with it soon move on to other things, as many do after a bereavement.",
        {"leave.graduate_hazard": 0.05},
    ),
)


def preset_of(situation: Situation) -> Preset | None:
    """Return the story that a situation is, unchanged; None for one of the visitor's own."""
    seed = situation.value("seed")
    return next((one for one in PRESETS if one.situation(situation.form, seed) == situation), None)


def choices(situation: Situation) -> tuple[tuple[Value, str], ...]:
    """Return the stories to choose from; "your own" only where it is one."""
    own: tuple[tuple[Value, str], ...] = () if preset_of(situation) else ((OWN, "Your own"),)
    return (*own, *((one.name, one.title) for one in PRESETS))

"""What is watched: names, units and definitions of every measure of a run, in one list.

Denominators, once and for all. The focal group is group 0; its lineage is it and the groups split from it. A cohort
"at k weeks" holds those who came into need (or first visited) after the groups opened and at least k weeks before the
end; who moved away before k is not in a snapshot, whether member or not. Joining is the first attendance.
"""

from __future__ import annotations

from typing import NamedTuple

from mhsim.schema import EXITS

OF_HUNDRED = {"share": "of 100", "yes/no": "of 100 groups", "0-1": "points of 100"}
"""Units that are shown of a hundred, and how they are written then."""


class Measure(NamedTuple):
    """One watched quantity: its name, kind (number, whole, yes_no, text), unit and definition."""

    name: str
    kind: str
    unit: str
    meaning: str

    @property
    def label(self) -> str:
        """The name as a heading has it."""
        return self.name[:1].upper() + self.name[1:].replace("_", " ")

    @property
    def scale(self) -> float:
        """Factor by which values are shown: shares, yes and no, and scales from 0 to 1 are shown of a hundred."""
        return 100.0 if self.unit in OF_HUNDRED else 1.0

    @property
    def shown_unit(self) -> str:
        """Unit in which values are shown: "of 100", "of 100 groups", "points of 100", or the unit itself."""
        return OF_HUNDRED.get(self.unit, self.unit)


def _snapshots() -> tuple[Measure, ...]:
    found = []
    for k in (13, 26, 52, 104):
        for tail, whom in (("", "people in need"), ("_joiners", "joiners"), ("_non_joiners", "non-joiners")):
            found.append(
                Measure(
                    f"accommodated_at_{k}{tail}", "number", "share", f"{whom} in accommodation {k} weeks after arrival"
                )
            )
    for k in (52, 104):
        for tail, whom in (("", "people in need"), ("_joiners", "joiners"), ("_non_joiners", "non-joiners")):
            found += [
                Measure(
                    f"calm_at_{k}{tail}", "number", "share", f"{whom} without crisis in the 13 weeks before week {k}"
                ),
                Measure(f"low_distress_at_{k}{tail}", "number", "share", f"{whom} with distress under 0.4 in week {k}"),
                Measure(f"hope_at_{k}{tail}", "number", "0-1", f"mean hope of {whom}, {k} weeks after arrival"),
                Measure(f"efficacy_at_{k}{tail}", "number", "0-1", f"mean self-efficacy of {whom}, week {k}"),
                Measure(f"distress_at_{k}{tail}", "number", "0-1", f"mean distress of {whom}, week {k}"),
                Measure(f"seen_at_{k}{tail}", "whole", "people", f"{whom} seen {k} weeks after arrival"),
            ]
    return tuple(found)


def _retention() -> tuple[Measure, ...]:
    found = []
    for k in (4, 13, 26, 52, 104):
        found += [
            Measure(
                f"retention_at_{k}",
                "number",
                "share",
                f"of first visitors, still a member of some group of the community {k} weeks later; closure is an exit",
            ),
            Measure(f"retention_in_group_at_{k}", "number", "share", "the same, in the very group first visited"),
            Measure(
                f"retention_closure_censored_at_{k}",
                "number",
                "share",
                "the same as retention_at, leaving out those out of a group because theirs had closed",
            ),
        ]
    return tuple(found)


MEASURES = (
    Measure("alive_at_end", "yes_no", "yes/no", "the focal group is open at the end"),
    Measure(
        "weeks_to_closure", "number", "weeks", "age at which the focal group closed; the length of the run if open"
    ),
    Measure("closed", "yes_no", "yes/no", "whether weeks_to_closure is a closure (else it is censored)"),
    Measure("closure_reasons", "text", "reasons", "the hazard that closed the focal group; empty if open"),
    Measure("closure_circumstances", "text", "reasons", "every circumstance present when it closed, joined by +"),
    Measure("lineage_alive_at_end", "yes_no", "yes/no", "the focal group or one split from it is open at the end"),
    Measure("open_groups_at_end", "whole", "groups", "open groups in the world at the end"),
    Measure("groups_ever", "whole", "groups", "groups that ever opened"),
    Measure("members_at_end", "whole", "people", "members of the focal group at the end, 0 when it is closed"),
    Measure("helpers_at_end", "whole", "people", "helpers of the focal group at the end"),
    Measure("members_in_world_at_end", "whole", "people", "members of all groups at the end"),
    Measure("people_at_end", "whole", "people", "people in need in the world at the end"),
    Measure("arrivals", "whole", "people", "people who came into need after the groups opened"),
    Measure("first_visits", "whole", "people", "people who came to a group for the first time"),
    *_snapshots(),
    *_retention(),
    Measure(
        "retention_month_12_over_month_1",
        "number",
        "share",
        "members in their twelfth month over members in their first, on rolls at the end of each year (as V01, V02)",
    ),
    Measure("stayed_another_year_under_1", "number", "share", "of members under a year, still members a year on (V05)"),
    Measure("stayed_another_year_1_to_5", "number", "share", "the same, one to five years"),
    Measure("stayed_another_year_over_5", "number", "share", "the same, over five years"),
    Measure("meeting_share_under_1", "number", "share", "of those at meetings, under a year, sampled yearly (as V16)"),
    Measure("meeting_share_1_to_5", "number", "share", "the same, one to five years"),
    Measure("meeting_share_over_5", "number", "share", "the same, over five years"),
    Measure("roll_share_under_1", "number", "share", "of the roll, under a year, sampled yearly"),
    Measure("helper_share_of_roll", "number", "share", "helpers among members, sampled yearly"),
    Measure("helper_share_at_meeting", "number", "share", "helpers among those at meetings, sampled yearly"),
    Measure("ever_helper_share_at_meeting", "number", "share", "who ever helped among those at meetings (V41)"),
    Measure("helper_share_of_starters", "number", "share", "new helpers per first visitor"),
    Measure("weeks_to_helping", "number", "weeks", "mean weeks from first visit to the role of helper"),
    Measure("helpers_made", "whole", "people", "people who first became helpers after the opening"),
    Measure("stepped_down", "whole", "times", "helpers leaving the role by turnover or term"),
    Measure("burnouts", "whole", "times", "helpers burning out"),
    Measure("burnouts_per_helper_year", "number", "1/year", "burnouts per year of helping"),
    Measure("turnover_per_helper_year", "number", "1/year", "roles left by turnover or term per year of helping"),
    Measure("load_median", "number", "people/week", "median people helped in a step by helpers who helped any"),
    Measure("load_mean", "number", "people/week", "mean people helped per helper and step, idle ones included"),
    Measure("idle_helper_share", "number", "share", "helper-steps in which nobody was helped"),
    Measure("requests_met", "number", "share", "of requests for help"),
    Measure("helping_gini", "number", "0-1", "Gini of help given over everybody who ever joined"),
    Measure("helping_top_1_percent", "number", "share", "of all help given, by the most active hundredth"),
    Measure(
        "helper_reproduction",
        "number",
        "people",
        "new helpers credited to a helper by shares of help received; complete careers, founders apart",
    ),
    Measure("reciprocity", "number", "share", "of ties with help, those in which it went both ways, at the end"),
    Measure("crises_per_person_year", "number", "1/year", "crises per year of need, everybody"),
    *(Measure(f"exits_{name}", "whole", "times", f"exits from groups: {name.replace('_', ' ')}") for name in EXITS),
)
"""Every measure of a run, in the order of the tables."""

NAMES = tuple(measure.name for measure in MEASURES)
BY_NAME = {measure.name: measure for measure in MEASURES}

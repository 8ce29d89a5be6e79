"""The tables of a trial as its page reads them, and its numbers in words."""

from __future__ import annotations

from math import isnan, nan

from mhsim.report.formatting import PEOPLE, POINTS, Scale
from mhsim.stats import UNKNOWN, Estimate
from mhsim.studies.analysis import knowledge_in
from mhsim.studies.data import Row, StudyData

SHARES = ("accommodated", "calm")
NAMES = {
    "accommodated": "living with it (accommodation)",
    "hope": "hope",
    "efficacy": "self-efficacy",
    "distress": "distress",
    "calm": "without a crisis in the last 13 weeks",
}
LABELS = {
    "trial": "Trial: invited now less waiting",
    "complier": "Trial: for those who came because invited",
    "truth_exchanged": "Truth: same people, arms exchanged",
    "truth_enrolled": "Truth: all invited less nobody invited",
    "truth_came": "Truth: for those who came because invited",
    "attended_observed_crude": "Observer: who came less others, as they are",
    "attended_observed_known": "Observer: adjusted for what can be known",
    "attended_observed_all": "Adjusted also for what only the model knows",
    "attended_in_trial_crude": "In the trial: who came less others, as they are",
    "attended_in_trial_known": "In the trial: adjusted for what can be known",
    "attended_in_trial_all": "In the trial: adjusted for all of it",
    "helped_observed_crude": "Observer: helpers less other members, as they are",
    "helped_observed_known": "Observer: helpers, adjusted for what can be known",
    "helped_observed_all": "Helpers, adjusted also for what only the model knows",
    "helped_in_trial_crude": "In the trial: helpers less other members",
    "helped_in_trial_known": "In the trial: helpers, adjusted for what can be known",
    "helped_in_trial_all": "In the trial: helpers, adjusted for all of it",
}
"""What each comparison is called on the page, in the order in which they are shown."""


class TrialData:
    """A finished trial: the study, and the rows of its tables."""

    def __init__(self, data: StudyData) -> None:
        """Read the analysis; raise InputError if it is missing."""
        self.data, self.study = data, data.study
        self.by_world, self.flow, self.beforehand = (data.rows(name) for name in ("by_world", "flow", "beforehand"))
        self.estimates = {
            (row["outcome"], row["week"], row["comparison"]): _estimate(row) for row in data.rows("estimates")
        }

    @property
    def outcomes(self) -> list[str]:
        """What was compared, in the order of the study."""
        return [str(name) for name in self.study["outcomes"]]

    @property
    def end(self) -> int:
        """The week after need arose in which the trial ends for a person."""
        return int(self.study["follow_up"])

    @property
    def weeks(self) -> list[int]:
        """The weeks at which outcomes were compared."""
        return sorted({week for _, week, _ in self.estimates})

    def at_end(self, outcome: str, comparison: str) -> Estimate:
        """Return an estimate at the end of the follow-up."""
        return self.estimates.get((outcome, self.end, comparison), UNKNOWN)

    def people(self, stage: str, arm: str) -> int:
        """Return how many people got so far, in all worlds together."""
        return sum(int(row["people"]) for row in self.flow if (row["stage"], row["arm"]) == (stage, arm))

    def held(self, outcome: str) -> tuple[int, int]:
        """Return in how many worlds the interval of that world's trial held its truth, and in how many it is known."""
        rows = [row for row in self.by_world if (row["outcome"], row["week"]) == (outcome, self.end)]
        truth = {row["replicate"]: row["value"] for row in rows if row["comparison"] == "truth_exchanged"}
        known = [r for r in rows if r["comparison"] == "trial" and r["low"] is not None and r["replicate"] in truth]
        return sum(row["low"] <= truth[row["replicate"]] <= row["high"] for row in known), len(known)


def _estimate(row: Row) -> Estimate:
    value, low, high = (nan if row[key] is None else float(row[key]) for key in ("value", "low", "high"))
    return Estimate(value, low, high, 0 if isnan(value) else int(row["people"]), knowledge=knowledge_in(row))


def leaves_out_zero(found: Estimate) -> bool:
    """Return whether the interval of an estimate leaves zero out."""
    return found.low > 0.0 or found.high < 0.0


def scale(outcome: str) -> Scale:
    """Return how differences of an outcome are written."""
    return PEOPLE if outcome in SHARES else POINTS

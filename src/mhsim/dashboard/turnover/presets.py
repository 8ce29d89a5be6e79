"""Ready-made pairs of situations to begin with; each is a question, and the page gives the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.sliders import USUAL_WEEK, with_loss
from mhsim.scenario import Value

RATE, LEAVES, SUCCESSION = "serve.turnover_per_year", "serve.leaves_with_role", "serve.succession"
SEED = 14
"""Seed of the page as it opens: one under which the story shown is worth telling."""


@dataclass(frozen=True)
class Example:
    """A question with its two situations, laid over a type of group.

    Attributes
    ----------
    label : str
        The question in few words.
    both, second : mapping
        Settings of A and B, and those of B alone.
    lost : int
        Busiest helpers who stop helping at once in B, after two years.
    """

    label: str
    both: Mapping[str, Value] = field(default_factory=dict)
    second: Mapping[str, Value] = field(default_factory=dict)
    lost: int = 0

    def situations(self, form: str, seed: int) -> tuple[Situation, Situation]:
        """Return the two situations."""
        first = Situation(form).with_values({"seed": seed, **self.both})
        return first, with_loss(first.with_values(self.second), self.lost, USUAL_WEEK)


EXAMPLES = (
    Example("Trained successors", {RATE: 2.0, LEAVES: 0.0}, {SUCCESSION: 1.0}),
    Example("Trained successors, but helpers leave for good", {RATE: 1.0, LEAVES: 1.0}, {SUCCESSION: 1.0}),
    Example("Helpers who step down stay as members", {RATE: 1.0, LEAVES: 1.0}, {LEAVES: 0.0}),
    Example("Two helpers stop at once", {}, {}, lost=2),
    Example("Fewer people need help", {"community.arrivals_per_week": 0.6}, {"community.arrivals_per_week": 0.2}),
    Example("Terms of half a year", {}, {"serve.term_weeks": 26}),
    Example(
        "One helper for many, with supervision",
        {"community.arrivals_per_week": 2.0, "start.helpers": 1, "serve.become_hazard": 0.008},
        {"help.supervision": 0.8},
    ),
)


def opening() -> tuple[Situation, Situation]:
    """Return what the page shows where its address says nothing."""
    return EXAMPLES[0].situations("base", SEED)

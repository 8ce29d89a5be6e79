"""Ready-made pairs of situations to begin with; each is a question, and the page gives the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.sliders import with_loss
from mhsim.scenario import Value

RATE, LEAVES, SUCCESSION = "serve.turnover_per_year", "serve.leaves_with_role", "serve.succession"
SEED = 14
"""Seed of the page as it opens: one under which the story shown is worth telling."""


@dataclass(frozen=True)
class Example:
    """A question with its two situations, laid over a form.

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
        return first, with_loss(first.with_values(self.second), self.lost, 2)


EXAMPLES = (
    Example("Successors are prepared", {RATE: 2.0, LEAVES: 0.0}, {SUCCESSION: 1.0}),
    Example("The same, where helpers leave for good", {RATE: 1.0, LEAVES: 1.0}, {SUCCESSION: 1.0}),
    Example("Who steps down stays as a member", {RATE: 1.0, LEAVES: 1.0}, {LEAVES: 0.0}),
    Example("Two helpers stop helping at once", {}, {}, lost=2),
    Example("Fewer people come", {"community.arrivals_per_week": 0.6}, {"community.arrivals_per_week": 0.2}),
    Example("Terms of half a year", {}, {"serve.term_weeks": 26}),
    Example(
        "One helper for many, looked after",
        {"community.arrivals_per_week": 2.0, "start.helpers": 1, "serve.become_hazard": 0.008},
        {"help.supervision": 0.8},
    ),
)


def opening() -> tuple[Situation, Situation]:
    """Return what the page shows where its address says nothing."""
    return EXAMPLES[0].situations("base", SEED)

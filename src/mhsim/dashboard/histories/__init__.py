"""Many histories of a situation, answered while somebody waits: asked for, shared, stopped when stale, kept.

`ask` returns at once; parts come as histories end, always as the first so many replicates, so that two situations can
be held against each other pair by pair and no part is coloured by which histories end sooner.
"""

from mhsim.dashboard.histories.outcome import Failure, Outcome
from mhsim.dashboard.histories.requests import Part, Request, ask, known, stop_all

__all__ = ["Failure", "Outcome", "Part", "Request", "ask", "known", "stop_all"]

"""Many histories of a situation, answered while somebody waits: requested, shared, cancelled when stale, cached.

`ask` returns at once; batches come as histories end, always as the first so many replicates, so that two situations can
be compared pair by pair and no batch is coloured by which histories end sooner.
"""

from mhsim.dashboard.histories.cache import Failure, Outcome
from mhsim.dashboard.histories.requests import Batch, JointRequest, Outcomes, Request, ask, known, stop_all

__all__ = ["Batch", "Failure", "JointRequest", "Outcome", "Outcomes", "Request", "ask", "known", "stop_all"]

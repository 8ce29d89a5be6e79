"""The engine: compiles the week of `mhsim.mechanisms.WEEK` and runs worlds to their end; knows no outcomes, no Mesa."""

from mhsim.engine.simulation import History, Stopped
from mhsim.engine.whole_run import live_through

__all__ = ["History", "Stopped", "live_through"]

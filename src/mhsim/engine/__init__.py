"""The engine: compiles the week of `mhsim.mechanisms.WEEK` and runs worlds to their end; knows no outcomes, no Mesa."""

from mhsim.engine.run import live_through
from mhsim.engine.simulation import History, Stopped

__all__ = ["History", "Stopped", "live_through"]

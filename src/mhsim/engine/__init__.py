"""The engine: compiles the week of `mhsim.mechanisms.WEEK`; runs one history or many side by side; knows no Mesa."""

from mhsim.engine.run import ensemble, live_through, simulate, warm
from mhsim.engine.simulation import History, Stopped

__all__ = ["History", "Stopped", "ensemble", "live_through", "simulate", "warm"]

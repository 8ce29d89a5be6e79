"""The engine: compiles the week of `mhsim.mechanisms.WEEK`; runs one history or many side by side; knows no Mesa."""

from mhsim.engine.run import Stopped, ensemble, live_through, simulate, warm

__all__ = ["Stopped", "ensemble", "live_through", "simulate", "warm"]

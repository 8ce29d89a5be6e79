"""The engine: compiles the week of `mhsim.mechanisms.WEEK` and runs worlds to their end; knows no outcomes, no Mesa."""

from mhsim.engine.simulation import Simulation, Stopped, run_world

__all__ = ["Simulation", "Stopped", "run_world"]

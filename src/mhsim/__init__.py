"""mhsim: an agent-based simulation of mutual help groups.

When does a group last, and whom does it help? Nothing is imported here, so that the command line starts at once; see
`mhsim.scenario_io.loader.read_scenario`, `mhsim.engine.simulate` and `mhsim.outcomes.results.Run`.
"""

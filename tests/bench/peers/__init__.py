"""The same core week four times: the engine, plain Mesa, AgentPy, NumPy columns; with the very same luck."""

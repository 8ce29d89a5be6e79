"""Studies: many runs of one scenario, kept on disk as they finish.

Data flows one way: `design` (what a study file says) -> `points`, `plan` (what is to be run) -> `runner` (side by
side) -> `one_run` (as a worker does it) -> `store` (results on disk). `sweep` is the kind of study that uses them.
"""

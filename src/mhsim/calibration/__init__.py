"""Calibration: what published facts say about the values of a form, and what they leave open.

Data flows one way: `plan` (the YAML of a form: parameters with ranges, facts, replicates) -> `targets` (each fact as a
number with a width) -> `runs` (a space-filling design, kept row by row) -> `emulator` (what the engine would give
elsewhere) -> `inference` (history matching, posterior) -> `coverage`, `learning` (whether intervals hold, what can be
learnt) -> `posterior` (the files that all else reads) -> `page`.
"""

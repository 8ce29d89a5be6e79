"""Calibration: what published facts say about the values of a form, and what they leave open.

Data flows one way: `calibration_file` (the YAML of a form: parameters with ranges, facts, replicates) -> `fact_targets`
(each fact as a number with a width) -> `runs` (a space-filling design, kept row by row) -> `emulator` (what the engine
would give elsewhere) -> `inference` (history matching, posterior) -> `interval_coverage`, `learning` (whether intervals
hold, what can be learnt) -> `form_fit` (all of it in turn) -> `posterior` (the files that all else reads) ->
`plain_words`, `identifiability_page`. Groups of their own are fitted in `fitting`.
"""

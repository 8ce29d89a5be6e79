"""A group's own record becomes a scenario with what is not known of it: reading, simulating, estimating, looking ahead.

`record` reads, `observed` counts by the week, `summaries` makes numbers of it, `prior` says what was believed before,
`likenesses` keeps simulated histories of the kind, `posterior_sample` picks and adjusts those most like the record,
`outlook` lets them go on, `trust` measures how often all this is right, and `fit` puts it together.
"""

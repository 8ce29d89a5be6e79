"""The page of a sweep: every measure along what was varied; a sweep of helper turnover has a page of its own."""

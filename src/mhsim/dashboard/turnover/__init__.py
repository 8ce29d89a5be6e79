"""The page Turnover."""

"""The page about helper turnover: how long groups last when helpers leave, and what that means for people."""

"""The page of a robustness study: which sentences survive which alterations."""

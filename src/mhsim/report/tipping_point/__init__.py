"""The page of a search for a tipping point."""

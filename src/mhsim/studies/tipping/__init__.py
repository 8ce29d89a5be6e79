"""Tipping point: the value of one path at which an outcome crosses a level, searched for in rounds."""

"""Lessons: what they ask, and what their runs answer."""

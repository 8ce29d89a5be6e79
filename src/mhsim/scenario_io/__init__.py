"""Scenarios in and out: YAML with the place of every key, readable messages, overrides, loading, writing."""

"""Outcomes: what is counted of a world, the measures made of it, and the tables and folders of a run."""

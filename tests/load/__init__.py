"""A class of students at the dashboard: how soon it answers each, and what is left when they have gone."""

"""What happens: one file per mechanism; they never import one another."""

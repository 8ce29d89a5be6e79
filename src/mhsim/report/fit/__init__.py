"""The page of a group fitted to its own record."""

"""The page of a knock-out: what is lost when a thing is taken away, by form."""

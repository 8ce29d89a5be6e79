"""The page Explore: one history of one town, played week by week."""

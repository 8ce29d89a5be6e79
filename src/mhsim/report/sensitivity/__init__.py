"""The page of a study of sensitivity: which parameters move the outcomes most, and how sure that is."""

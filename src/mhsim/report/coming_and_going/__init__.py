"""The page about the coming and going of helpers: a study of several parts, each of which answers a question."""

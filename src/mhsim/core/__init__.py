"""Machinery that knows nothing of mutual help: parameters, luck, arithmetic, compiling, growing records."""

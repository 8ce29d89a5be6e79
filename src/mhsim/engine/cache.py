"""Importing this module points the cache of compiled code at the folder of this very source."""

from mhsim.core.compiling import use_cache

FOLDER = use_cache()

"""Building beforehand: the engine and every optional mechanism as objects that need neither Numba nor a linker."""

"""A folder of documents. Numba looks for a package of this name, and would find it where a script of docs/ is run."""

raise ImportError("docs/coverage holds documents and is no package")

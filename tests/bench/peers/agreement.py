"""Whether two implementations tell the same: the largest difference of any person in any compared column."""

from __future__ import annotations

import numpy as np

ALLOWED = 1e-9


class Disagreement(Exception):
    """Two implementations of the same week give different people."""


def largest_difference(expected: dict[str, np.ndarray], found: dict[str, np.ndarray], name: str) -> float:
    """Return the largest difference from what is expected, over all people and columns.

    Raises
    ------
    Disagreement
        If it exceeds `ALLOWED`, or numbers of people or columns differ; says where.
    """
    if expected.keys() != found.keys():
        raise Disagreement(f"{name} has the columns {sorted(found)}, the engine {sorted(expected)}")
    largest = 0.0
    for column, values in expected.items():
        if len(values) != len(found[column]):
            raise Disagreement(f"{name} has {len(found[column])} people in {column}, the engine {len(values)}")
        apart = np.abs(values - found[column])
        worst = int(np.argmax(apart)) if len(apart) else 0
        if len(apart) and not apart[worst] <= ALLOWED:
            raise Disagreement(
                f"{name} disagrees with the engine in {column}: person {worst} of {len(apart)} has "
                f"{found[column][worst]!r}, the engine {values[worst]!r}; at most {ALLOWED:g} apart is allowed"
            )
        largest = max(largest, float(apart[worst]) if len(apart) else 0.0)
    return largest

"""Ties between members as spans of time: from when to when two people had a tie of one kind and strength."""

from __future__ import annotations

import numpy as np

SPAN = np.dtype([("one", "i4"), ("other", "i4"), ("kind", "u1"), ("strong", "u1"), ("first", "i4"), ("last", "i4")])
"""Two people, kind, whether strong, first and last step (both included)."""


def spans_of(ties: np.ndarray, who: np.ndarray, every: int, last: int) -> np.ndarray:
    """Return the spans of ties that were seen at looks `every` steps apart, by first step.

    Parameters
    ----------
    ties : array of `watching.TIE`
        Ties as seen, from both sides.
    who : array of uint32
        Identities of all people, in order.
    every : int
        Steps between two looks; a tie lasts to the step before the look at which it is no longer seen.
    last : int
        The last step of the record.

    Returns
    -------
    array of SPAN
        Each pair once, the person who comes first in the list of people as `one`.
    """
    if not len(ties):
        return np.empty(0, SPAN)
    mine, theirs = (np.searchsorted(who, ties[name]).astype(np.int64) for name in ("who", "other"))
    one, other = np.minimum(mine, theirs), np.maximum(mine, theirs)
    pair, kind, strong, look = _once(one * len(who) + other, ties["kind"], ties["strong"], ties["step"] // every)
    new = np.ones(len(pair), bool)
    same = (pair[1:] == pair[:-1]) & (kind[1:] == kind[:-1]) & (strong[1:] == strong[:-1])
    new[1:] = ~(same & (look[1:] == look[:-1] + 1))
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(pair)) - 1
    spans = np.empty(len(begins), SPAN)
    spans["one"], spans["other"] = np.divmod(pair[begins], len(who))
    spans["kind"], spans["strong"] = kind[begins], strong[begins]
    spans["first"] = look[begins] * every
    spans["last"] = np.minimum(last, (look[ends] + 1) * every - 1)
    return spans[np.argsort(spans["first"], kind="stable")]


def _once(
    pair: np.ndarray, kind: np.ndarray, strong: np.ndarray, look: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return each pair once a look, with the closest kind and the greater strength of its two sides."""
    order = np.lexsort((kind, look, pair))
    pair, kind, strong, look = pair[order], kind[order], strong[order], look[order]
    last = np.ones(len(pair), bool)
    last[:-1] = (pair[1:] != pair[:-1]) | (look[1:] != look[:-1])
    begins = np.flatnonzero(np.append(True, last[:-1])) if len(pair) else np.empty(0, np.int64)
    return pair[last], kind[last], np.maximum.reduceat(strong, begins), look[last]

"""Ties between two people: a bounded number of places per person, addressed by stable handles.

A tie names the other's handle and its generation; when the other person is gone, the generation has moved on and the
tie has lapsed. A new tie takes the first free place or, if there is none, that of the weakest tie (the first among
equals).
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.schema import ACQUAINTANCE, NO_TIE, SPONSOR, TIE_SLOTS


@kernel
def place_of(ties, handles, slot, other):  # type: ignore[no-untyped-def]
    """Return the place of a living tie from one handle to another, -1 if there is none."""
    for k in range(TIE_SLOTS):
        if ties.kind[slot, k] != NO_TIE and ties.other[slot, k] == other:
            if ties.generation[slot, k] == handles.generation[other]:
                return k
    return -1


@kernel
def strength_of(ties, handles, slot, other):  # type: ignore[no-untyped-def]
    """Return the strength of the tie from one handle to another, 0 if there is none."""
    k = place_of(ties, handles, slot, other)
    return ties.strength[slot, k] if k >= 0 else 0.0


@kernel
def strengthen(ties, handles, slot, other, share):  # type: ignore[no-untyped-def]
    """Move a tie up by a share of what is missing to one, made first if need be; return its place."""
    k = place_of(ties, handles, slot, other)
    if k < 0:
        k = _place_for_new(ties, handles, slot)
        ties.other[slot, k] = other
        ties.generation[slot, k] = handles.generation[other]
        ties.strength[slot, k] = 0.0
        ties.given[slot, k] = 0
        ties.received[slot, k] = 0
        ties.kind[slot, k] = ACQUAINTANCE
    ties.strength[slot, k] += share * (1.0 - ties.strength[slot, k])
    return k


@kernel
def _place_for_new(ties, handles, slot):  # type: ignore[no-untyped-def]
    weakest = 0
    for k in range(TIE_SLOTS):
        if ties.kind[slot, k] == NO_TIE or ties.generation[slot, k] != handles.generation[ties.other[slot, k]]:
            return k
        if ties.strength[slot, k] < ties.strength[slot, weakest]:
            weakest = k
    return weakest


@kernel
def has_sponsor(ties, handles, slot):  # type: ignore[no-untyped-def]
    """Tell whether somebody sponsors the person of this handle."""
    for k in range(TIE_SLOTS):
        if ties.kind[slot, k] == SPONSOR and ties.generation[slot, k] == handles.generation[ties.other[slot, k]]:
            return True
    return False


@kernel
def forget(ties, slot):  # type: ignore[no-untyped-def]
    """Empty all places of a handle."""
    for k in range(TIE_SLOTS):
        ties.kind[slot, k] = NO_TIE

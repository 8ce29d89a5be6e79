"""Ties: bounded in number, named by handles that lapse, the weakest giving way to the new."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhsim.core.jit import entry
from mhsim.schema import ACQUAINTANCE, HANDLES, NO_TIE, TIE_SLOTS, TIES
from mhsim.ties import forget, place_of, strength_of, strengthen

PEOPLE = 14


@entry
def call_strengthen(ties, handles, slot, other, share):  # type: ignore[no-untyped-def]
    """Call `strengthen`."""
    return strengthen(ties, handles, slot, other, share)


@entry
def call_strength(ties, handles, slot, other):  # type: ignore[no-untyped-def]
    """Call `strength_of` and `place_of`."""
    return strength_of(ties, handles, slot, other), place_of(ties, handles, slot, other)


@entry
def call_forget(ties, slot):  # type: ignore[no-untyped-def]
    """Call `forget`."""
    forget(ties, slot)


def nobody_tied() -> tuple[np.ndarray, np.ndarray]:
    """Return empty ties and fresh handles."""
    return np.zeros((PEOPLE, TIE_SLOTS), TIES), np.zeros(PEOPLE, HANDLES)


OPS = st.lists(
    st.tuples(
        st.sampled_from(["strengthen"] * 6 + ["gone", "forget"]), st.integers(1, PEOPLE - 1), st.floats(0.01, 0.9)
    ),
    max_size=80,
)


@given(OPS)
def test_ties_are_a_bounded_dictionary_that_drops_the_weakest(ops: list[tuple[str, int, float]]) -> None:
    """One person's ties after any history equal a dictionary of at most eight, from which the weakest falls out."""
    ties, handles = nobody_tied()
    model: dict[int, float] = {}
    for what, other, share in ops:
        if what == "gone":
            handles["generation"][other] += 1
            model.pop(other, None)
        elif what == "forget":
            call_forget(ties, 0)
            model.clear()
        else:
            if other not in model and len(model) == TIE_SLOTS:
                weakest = min(model.values())
                assert sum(value == weakest for value in model.values()) >= 1
                gone = {k for k, value in model.items() if value == weakest}
                call_strengthen(ties, handles, 0, other, share)
                kept = {k for k in gone if call_strength(ties, handles, 0, k)[1] >= 0}
                assert len(gone - kept) == 1, "exactly one of the weakest gives way"
                del model[(gone - kept).pop()]
                model[other] = share
            else:
                call_strengthen(ties, handles, 0, other, share)
                before = model.get(other, 0.0)
                model[other] = before + share * (1.0 - before)
        held = {
            k: call_strength(ties, handles, 0, k)[0]
            for k in range(PEOPLE)
            if call_strength(ties, handles, 0, k)[1] >= 0
        }
        assert held == model
        assert not ties["kind"][1:].any(), "nobody else's ties were touched"


def test_a_new_tie_is_an_acquaintance_without_history() -> None:
    """A place taken over from a former tie must not inherit its strength, its counts of help or its kind."""
    ties, handles = nobody_tied()
    for other in range(1, TIE_SLOTS + 1):
        call_strengthen(ties, handles, 0, other, 0.5)
    ties["given"][0], ties["received"][0], ties["kind"][0] = 3, 4, 3
    ties["strength"][0, 2] = 0.1
    place = call_strengthen(ties, handles, 0, TIE_SLOTS + 1, 0.25)
    new = ties[0, place]
    assert place == 2, "the weakest place is taken"
    assert (new["strength"], new["given"], new["received"], new["kind"]) == (0.25, 0, 0, ACQUAINTANCE)


def test_among_equals_the_first_place_gives_way() -> None:
    """The rule for equals must be fixed, or results would depend on the compiler."""
    ties, handles = nobody_tied()
    for other in range(1, TIE_SLOTS + 1):
        call_strengthen(ties, handles, 0, other, 0.5)
    assert call_strengthen(ties, handles, 0, TIE_SLOTS + 1, 0.5) == 0


def test_a_tie_lapses_when_its_handle_is_given_to_somebody_else() -> None:
    """A newcomer who gets a freed handle may not inherit the friends of whoever had it before."""
    ties, handles = nobody_tied()
    call_strengthen(ties, handles, 0, 5, 0.7)
    handles["generation"][5] += 1
    assert call_strength(ties, handles, 0, 5) == (0.0, -1)
    place = call_strengthen(ties, handles, 0, 5, 0.2)
    assert ties["strength"][0, place] == 0.2
    assert (ties["kind"][0] != NO_TIE).sum() == 1, "the lapsed place is used again"

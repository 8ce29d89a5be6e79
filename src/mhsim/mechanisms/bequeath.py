"""Legacy: what members before have worked out is told on, and stays with the group when they have left.

    legacy += legacy_memory * (1 - legacy) if a helper was at the meeting, else - legacy_memory * legacy

A new group starts with the legacy of `found.quality`, an established one with that of `start.quality`; one that splits
off takes over that of the old one. What a legacy does is two numbers that others read, whether this rule is on or not:
without any, hearing somebody teaches `untaught` of what it does with all (in `share`), and who learns to help with
nobody to learn from has `record` of it written down (in `prepare`). What a person hands on to another is not this:
know-how is learnt beside a helper (`prepare`), coping is taught by one (`help`).

Sources: E109 founders leave a legacy of methods, E107-E108, E82 collective history, E159 what is written down.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import drift

WRITES = {"groups": ("legacy",)}
NEUTRAL = {"legacy_memory": 0.0, "untaught": 1.0, "record": 0.0}


class Bequeath(Parameters):
    """Parameters of legacy."""

    enabled: bool = switch("whether methods are built up and forgotten")
    legacy_memory: float = par(0.01, 0, 1, unit="share/week", why="methods built up or forgotten", source="E109")
    untaught: float = par(
        0.5, 0, 1, unit="share", why="of teaching, left without methods handed down", source="assumed; E109"
    )
    record: float = par(
        0.2, 0, 1, unit="share", why="how far the group's methods are written down to learn from", source="E109 E159"
    )


@kernel
def bequeath(groups, g, p):  # type: ignore[no-untyped-def]
    """Let a group's methods be told on by helpers at its meeting, or be forgotten."""
    retold = 1.0 if groups.helpers_there[g] > 0 else 0.0
    groups.legacy[g] = drift(groups.legacy[g], retold, p.legacy_memory)

"""Confidentiality: what was said in the group is told outside it, and whoever hears of that trusts the group less.

A breach of confidence happens with hazard ``breach_per_year * roll / 15 * (1 - norms)``; climate loses `breach_cost` of
itself, and so does each member's trust. Norms hold it off; helpers and organisers repeat them (see `govern`). What
people dare to tell, and what becomes of it, is the optional mechanism `disclose`, which reads climate and trust.

Sources: E152-E154 confidentiality.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import happens
from mhsim.core.params import Parameters, par, switch
from mhsim.kernel_helpers import disorder

WRITES = {"members": ("trust",), "groups": ("climate",)}
NEUTRAL = {"breach_per_year": 0.0}


class Breach(Parameters):
    """Parameters of breaches of confidence."""

    enabled: bool = switch("whether confidences are breached")
    breach_per_year: float = par(
        0.2, 0, 52, unit="1/year", why="breach of confidence: 15 members, no norms", source="E153 E154"
    )
    breach_cost: float = par(0.3, 0, 1, unit="share", why="of trust, lost by a breach", source="assumed")


@kernel
def breach(members, groups, g, breach_draw, p):  # type: ignore[no-untyped-def]
    """Let a confidence be breached, or not; tell which."""
    if not happens(breach_draw, p.breach_per_year * disorder(groups, g)):
        return False
    groups.climate[g] -= p.breach_cost * groups.climate[g]
    for i in range(len(members)):
        members.trust[i] -= p.breach_cost * members.trust[i]
    return True

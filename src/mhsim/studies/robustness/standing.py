"""Whether a sentence stands under an alteration: the same sign and clear, not clear, gone, or turned."""

from __future__ import annotations

from typing import Literal

from mhsim.stats import Estimate

Standing = Literal["stands", "not clear", "gone", "turned"]
STANDS: Standing = "stands"
STANDINGS: dict[Standing, str] = {
    "stands": "the same sign, and clear",
    "not clear": "the same sign, but it may be chance",
    "gone": "no pair of runs differs, there is none, or the sign is the other one but may be chance",
    "turned": "the other sign, and clear",
}
"""How a sentence can stand, from best to worst, each in words."""


def standing(usual: Estimate, found: Estimate) -> Standing:
    """Return how a sentence that is clear as assumed stands where something is altered."""
    if not found.known or found.identical:
        return "gone"
    same = (found.value > 0) == (usual.value > 0) and found.value != 0
    if found.clear:
        return "stands" if same else "turned"
    return "not clear" if same else "gone"

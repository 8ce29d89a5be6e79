"""A short name of all that a scenario assumes, by which pure results of it are kept."""

from __future__ import annotations

import hashlib

from mhsim.scenario import Scenario


def digest_of(scenario: Scenario) -> str:
    """Return a short name of everything a history of this scenario depends on."""
    return hashlib.sha256(scenario.model_dump_json().encode()).hexdigest()[:24]

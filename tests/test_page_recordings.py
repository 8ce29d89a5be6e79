"""What a page draws of a history that it lives itself: what the server made of it, to the last byte."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from engines import ready_built
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recording import record
from mhsim.dashboard.scenario_state import Situation
from mhsim.scenario import Change
from page_modules import asked_in_node, asked_of

ACTS = (
    Change(week=0, act="lose_busiest_helpers", count=1),
    Change(week=26, set={"serve.turnover_per_year": 2.0}),
    Change(week=26, act="lose_busiest_helpers", count=2, leave=True),
    Change(week=30, act="lose_busiest_helpers", count=2),
)
SITUATIONS: dict[str, tuple[str, dict[str, Any], tuple[Change, ...], str]] = {
    "one group": ("base", {"weeks": 520}, (), "en"),
    "acts and changes": ("base", {"weeks": 60}, ACTS, "de"),
    "closes": ("base", {"weeks": 300, "serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0}, (), "en"),
    "a town": ("twelve_step", {"weeks": 80}, (), "en"),
    "half weeks": ("base", {"weeks": 30, "weeks_per_step": 0.5}, (), "en"),
    "several towns": ("twelve_step", {"weeks": 20, "community.count": 3, "start.groups": 2}, (), "en"),
    "mechanisms that tell": ("recovery_fellowship", {"weeks": 60, "start.groups": 1}, (), "de"),
    "several forms": ("two_forms_compete", {"weeks": 60}, (), "de"),
    "nobody at the start": ("base", {"weeks": 52, "start.groups": 0}, (), "en"),
}
"""Form, settings, what comes later, and the language of the words."""


def situation_of(name: str) -> Situation:
    form, settings, changes, _ = SITUATIONS[name]
    return Situation(form).with_values(settings, changes)


def _asked(name: str) -> dict[str, Any]:
    return asked_of(situation_of(name).scenario(), 0, "story") | {"language": SITUATIONS[name][-1]}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a page makes of every situation."""
    built = ready_built().folder
    asked = [_asked(name) for name in SITUATIONS]
    files = [built / "engine.wasm", built / "engine.json"]
    return dict(zip(SITUATIONS, asked_in_node("recordings", asked, files), strict=True))


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_draws_the_history_that_the_server_drew(answers: dict[str, Any], name: str) -> None:
    """A student must see what `mhsim run` finds; a slip of one week or one person would tell a wrong cause."""
    payload = payload_of(record(situation_of(name).scenario()), "A", language=SITUATIONS[name][-1])
    found = answers[name]
    assert found["about"] == payload["about"]
    assert found["types"] == payload["types"]
    assert found["arrays"] == {k: hashlib.sha256(data).hexdigest() for k, data in payload["arrays"].items()}

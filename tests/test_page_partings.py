"""Where two histories part in a page: the week, the person and the words that a comparison in Python finds."""

from __future__ import annotations

from typing import Any

from engines import ready_built
from mhsim.dashboard.replay.divergence import divergence_of
from mhsim.dashboard.replay.recording import record
from mhsim.dashboard.scenario_state import Situation
from mhsim.scenario import Change, Scenario
from page_modules import asked_in_node, asked_of

LOSS = (Change(week=30, act="lose_busiest_helpers", count=2, leave=True),)
PAIRS: tuple[tuple[str, dict[str, Any], dict[str, Any], tuple[Change, ...]], ...] = (
    ("base", {"weeks": 60}, {}, LOSS),
    ("base", {"weeks": 60, "serve.turnover_per_year": 2.0}, {"prepare.successors": 2}, ()),
    ("base", {"weeks": 40}, {}, (Change(week=20, set={"community.arrivals_per_week": 3.0}),)),
    ("base", {"weeks": 40}, {"start.helpers": 1}, ()),
    ("twelve_step", {"weeks": 12, "community.count": 2, "start.groups": 2}, {"sponsor.enabled": False}, ()),
    ("base", {"weeks": 20}, {"found.enabled": False}, ()),
)
"""Form, what both have, what the second has besides, and what comes later in it."""


def two(form: str, both: dict[str, Any], own: dict[str, Any], later: tuple[Change, ...]) -> tuple[Scenario, Scenario]:
    first = Situation(form).with_values(both)
    return first.scenario(), first.with_values(own, later).scenario()


def test_two_histories_part_in_a_page_where_they_part_in_python() -> None:
    """A page that named another week or person would tell another cause of what became of the group."""
    pairs = [two(*pair) for pair in PAIRS]
    built = ready_built().folder
    asked = [[asked_of(scenario, 0, "story") for scenario in pair] for pair in pairs]
    found = asked_in_node("partings", asked, [built / "engine.wasm", built / "engine.json"])
    for pair, said in zip(pairs, found, strict=True):
        wanted = divergence_of(record(pair[0]), record(pair[1]))
        assert said == (wanted and {"week": wanted.week, "words": wanted.words})
    assert None in found and len({said["words"] for said in found if said}) >= 4

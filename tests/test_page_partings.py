"""Where two histories part in a page: the week, the person and the thing that a comparison in Python finds."""

from __future__ import annotations

import re
from typing import Any

from engines import ready_built
from mhsim import simulate
from mhsim.dashboard.scenario_state import Situation
from mhsim.scenario import Change, Scenario
from mhsim.studies.compare.divergence import HistoryDivergence, compare_histories, named
from page_modules import asked_in_node, asked_of
from page_names import invented

LOSS = (Change(week=30, act="lose_busiest_helpers", count=2, leave=True),)
PAIRS: tuple[tuple[str, dict[str, Any], dict[str, Any], tuple[Change, ...]], ...] = (
    ("base", {"weeks": 60}, {}, LOSS),
    ("base", {"weeks": 60, "serve.turnover_per_year": 2.0}, {"prepare.successors": 2}, ()),
    ("base", {"weeks": 40}, {}, (Change(week=20, set={"community.arrivals_per_week": 3.0}),)),
    ("base", {"weeks": 40}, {"start.helpers": 1}, ()),
    ("twelve_step", {"weeks": 12, "community.count": 2, "start.groups": 2}, {"sponsor.enabled": False}, ()),
    ("base", {"weeks": 20, "start.run_in_weeks": 4}, {"help.unmet_fade": 0.55}, ()),
    ("base", {"weeks": 20}, {"found.enabled": False}, ()),
)
"""Form, what both have, what the second has besides, and what comes later in it."""
TOLD = {
    **{"group": "is in (no|the|a) .*group", "role": "is .* in A and .* in B", "stage": "is in .* in A and in .* in B"},
    **{"in_crisis": "had a crisis in", "attended": "came to the meeting in"},
    **{
        name: f"has a little more {name.replace('_', '-')} in"
        for name in ("hope", "self_efficacy", "distress", "strain", "shame", "coping", "belonging", "trust")
    },
    "isolation": "has a little more isolation in",
}
"""Columns that have words, in the order in which they are told, and these."""


def two(form: str, both: dict[str, Any], own: dict[str, Any], later: tuple[Change, ...]) -> tuple[Scenario, Scenario]:
    first = Situation(form).with_values(both)
    return first.scenario(), first.with_values(own, later).scenario()


def sentence(found: HistoryDivergence, pair: tuple[Scenario, Scenario]) -> str:
    """Return a pattern of what is to be said of a parting: when, who, and what differs."""
    assert found.week is not None and found.moment is not None
    key = found.moment.first_key
    there = {who for one in pair for who in simulate(one, 0, record="lives").lives["person"].to_pylist()}
    names = invented(who for who in there if who.startswith("0-"))
    who = names.get(named(key), "Somebody in another community")
    when = f"Week {found.week:g}" if found.week >= 0 else "Before the groups opened"
    if found.moment.rows_of(key) is None:
        here, gone = "AB" if key in found.moment.alone_in_first else "BA"
        what = f"is there in {here} and not in {gone}"
    else:
        differing = found.moment.columns_of(key)
        what = next((TOLD[name] for name in TOLD if name in differing), "is not quite the same in A and in B")
    return f"{when}: {re.escape(who)} {what}.*\\."


def test_two_histories_part_in_a_page_where_they_part_in_python() -> None:
    """A page that named another week or person would tell another cause of what became of the group."""
    pairs = [two(*pair) for pair in PAIRS]
    built = ready_built().folder
    asked = [[asked_of(scenario, 0, "story") for scenario in pair] for pair in pairs]
    found = asked_in_node("partings", asked, [built / "engine.wasm", built / "engine.json"])
    for pair, said in zip(pairs, found, strict=True):
        wanted = compare_histories(*pair, 0, looking=False)
        assert (said and said["week"]) == wanted.week
        if said:
            assert re.fullmatch(sentence(wanted, pair), said["words"]), said
    assert None in found and len({said["words"] for said in found if said}) >= 4

"""From a world at its end to the measures of `mhsim.measures`: every ratio with its denominator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mhsim.core.params import WEEKS_PER_YEAR
from mhsim.engine.tally import LOADS, RETENTION_WEEKS
from mhsim.measures import NAMES
from mhsim.scenario import Scenario
from mhsim.state import CLOSED, CLOSING, MEMBER, NEVER, NO_TIE, REASONS, SNAPSHOT_WEEKS

if TYPE_CHECKING:
    from mhsim.engine.world import World

Value = float | int | bool | str | None


def summary_of(world: World, scenario: Scenario) -> dict[str, Value]:
    """Return every measure of a run by name; None where there is no case."""
    tally = world.tally[0]
    groups = world.groups[: world.meter["groups"][0]]
    people = living(world)
    found: dict[str, Value] = {}
    found |= _focal(groups, scenario)
    found |= _at_the_end(world, groups, people, scenario)
    found |= _snapshots(tally)
    found |= _retention(world, tally, scenario)
    found |= _tenure(tally)
    found |= _helping(world, tally, people, scenario)
    found |= {f"exits_{REASONS[k]}": int(tally["exits"][k]) for k in range(1, 10)}
    return {name: found[name] for name in NAMES}


def living(world: World) -> np.ndarray:
    """Return the rows of all people in the world now, in order of community and arrival."""
    number = len(world.communities) + int(world.meter["groups"][0])
    blocks = world.blocks[:number]
    parts = [world.people[b["start"] : b["start"] + b["count"]] for b in blocks if b["count"]]
    if not parts:
        return world.people[:0]
    people = np.concatenate(parts)
    return people[np.lexsort((people["who"], people["community"]))]


def ratio(part: float, whole: float) -> float | None:
    """Return part over whole, None for an empty whole."""
    return float(part) / float(whole) if whole > 0 else None


def reasons_in(bits: int) -> str:
    """Return the names of the circumstances in a bit mask, joined by a plus sign."""
    return "+".join(CLOSING[k] for k in range(1, len(CLOSING)) if bits & (1 << k))


def _focal(groups: np.ndarray, scenario: Scenario) -> dict[str, Value]:
    if not len(groups):
        names = ("alive_at_end", "weeks_to_closure", "closed", "closure_reasons", "closure_circumstances")
        return dict.fromkeys(names) | {"lineage_alive_at_end": None, "members_at_end": 0, "helpers_at_end": 0}
    focal = groups[0]
    is_open = bool(focal["status"] != CLOSED)
    lineage = groups[(groups["lineage"] == 0) & (groups["status"] != CLOSED)]
    weeks = float(scenario.weeks)
    if not is_open:
        weeks = float(focal["closed"] + 1 - focal["founded"]) * scenario.weeks_per_step
    return {
        "alive_at_end": is_open,
        "weeks_to_closure": weeks,
        "closed": not is_open,
        "closure_reasons": "" if is_open else CLOSING[focal["reason"]],
        "closure_circumstances": "" if is_open else reasons_in(int(focal["circumstances"])),
        "lineage_alive_at_end": bool(len(lineage)),
    }


def _at_the_end(world: World, groups: np.ndarray, people: np.ndarray, scenario: Scenario) -> dict[str, Value]:
    opening = round(scenario.start.run_in_weeks / scenario.weeks_per_step)
    in_focal = people[people["group"] == 0]
    return {
        "members_at_end": len(in_focal),
        "helpers_at_end": int((in_focal["role"] == 3).sum()),
        "open_groups_at_end": int((groups["status"] != CLOSED).sum()),
        "groups_ever": len(groups),
        "members_in_world_at_end": int((people["membership"] == MEMBER).sum()),
        "people_at_end": len(people),
        "arrivals": int(world.history["arrivals"][opening:].sum()),
        "first_visits": int(world.history["first_visits"][opening:].sum()),
    }


def _snapshots(tally: np.void) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for k, week in enumerate(SNAPSHOT_WEEKS):
        for who, tail in enumerate(("", "_joiners", "_non_joiners")):
            seen = tally["seen"][who, k]
            for name in ("accommodated", "calm", "low_distress", "hope", "efficacy", "distress"):
                found[f"{name}_at_{week}{tail}"] = ratio(tally[name][who, k], seen)
            found[f"seen_at_{week}{tail}"] = int(seen)
    return found


def _retention(world: World, tally: np.void, scenario: Scenario) -> dict[str, Value]:
    dt = scenario.weeks_per_step
    opening, last = round(scenario.start.run_in_weeks / dt), int(world.meter["step"][0])
    found: dict[str, Value] = {}
    for k, week in enumerate(RETENTION_WEEKS):
        visitors = float(world.history["first_visits"][opening : max(opening, last - round(week / dt))].sum())
        found[f"retention_at_{week}"] = ratio(tally["kept"][k], visitors)
        found[f"retention_in_group_at_{week}"] = ratio(tally["kept_in_group"][k], visitors)
        found[f"retention_closure_censored_at_{week}"] = ratio(tally["kept"][k], visitors - tally["lost_to_closure"][k])
    return found


def _tenure(tally: np.void) -> dict[str, Value]:
    months, roll, meeting = tally["roll_by_month"], tally["roll_by_class"], tally["meeting_by_class"]
    seen, kept = tally["class_seen"], tally["class_kept"]
    return {
        "retention_month_12_over_month_1": ratio(months[11], months[0]),
        "stayed_another_year_under_1": ratio(kept[0], seen[0]),
        "stayed_another_year_1_to_5": ratio(kept[1], seen[1]),
        "stayed_another_year_over_5": ratio(kept[2], seen[2]),
        "meeting_share_under_1": ratio(meeting[0], meeting.sum()),
        "meeting_share_1_to_5": ratio(meeting[1], meeting.sum()),
        "meeting_share_over_5": ratio(meeting[2], meeting.sum()),
        "roll_share_under_1": ratio(roll[0], roll.sum()),
        "helper_share_of_roll": ratio(tally["roll_helpers"], roll.sum()),
        "helper_share_at_meeting": ratio(tally["meeting_helpers"], meeting.sum()),
        "ever_helper_share_at_meeting": ratio(tally["meeting_ever_helpers"], meeting.sum()),
    }


def _helping(world: World, tally: np.void, people: np.ndarray, scenario: Scenario) -> dict[str, Value]:
    dt = scenario.weeks_per_step
    years = float(tally["helper_steps"]) * dt / WEEKS_PER_YEAR
    load, sizes = tally["load"], np.arange(LOADS)
    busy = load[1:].sum()
    given = tally["help_given"].copy()
    joined = people[people["joined"] != NEVER]
    np.add.at(given, np.minimum(joined["help_given"], LOADS - 1), 1.0)
    visits = float(world.history["first_visits"].sum())
    return {
        "helper_share_of_starters": ratio(tally["helpers_made"], visits),
        "weeks_to_helping": ratio(tally["steps_to_helping"] * dt, tally["helpers_made"]),
        "helpers_made": int(tally["helpers_made"]),
        "stepped_down": int(tally["stepped_down"]),
        "burnouts": int(tally["burnouts"]),
        "burnouts_per_helper_year": ratio(tally["burnouts"], years),
        "turnover_per_helper_year": ratio(tally["stepped_down"], years),
        "load_median": float(1 + np.searchsorted(np.cumsum(load[1:]), 0.5 * busy)) if busy > 0 else None,
        "load_mean": ratio((load * sizes).sum(), load.sum()),
        "idle_helper_share": ratio(load[0], load.sum()),
        "requests_met": ratio(tally["requests"] - tally["requests_unmet"], tally["requests"]),
        "helping_gini": gini(given),
        "helping_top_1_percent": top_share(given, 0.01),
        "helper_reproduction": ratio(tally["credit"], tally["careers"]),
        "reciprocity": _reciprocity(world, people),
        "crises_per_person_year": ratio(tally["crises"], float(tally["person_steps"]) * dt / WEEKS_PER_YEAR),
    }


def gini(counts: np.ndarray) -> float | None:
    """Return the Gini coefficient of a quantity 0, 1, 2, ... held by so many people each; None if nobody has any."""
    values = np.arange(len(counts))
    people, total = counts.sum(), (counts * values).sum()
    if people <= 0 or total <= 0:
        return None
    below = np.cumsum(counts) - 0.5 * counts + 0.5
    return float(2.0 * (counts * values * below).sum() / (people * total) - (people + 1.0) / people)


def top_share(counts: np.ndarray, share: float) -> float | None:
    """Return the share of a quantity 0, 1, 2, ... that the top share of its holders has; None if nobody has any."""
    values = np.arange(len(counts))
    total = (counts * values).sum()
    if total <= 0:
        return None
    left, found = share * counts.sum(), 0.0
    for value in values[::-1]:
        taken = min(left, counts[value])
        found += taken * value
        left -= taken
    return float(found / total)


def _reciprocity(world: World, people: np.ndarray) -> float | None:
    ties: Any = world.ties[people["slot"]]
    alive = (ties["kind"] != NO_TIE) & (ties["generation"] == world.handles["generation"][ties["other"]])
    helped = alive & ((ties["given"] > 0) | (ties["received"] > 0))
    both = alive & (ties["given"] > 0) & (ties["received"] > 0)
    return ratio(float(both.sum()), float(helped.sum()))

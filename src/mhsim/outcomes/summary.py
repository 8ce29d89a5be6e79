"""From a world at its end to the measures of `mhsim.outcomes.measures`: every ratio with its denominator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mhsim.core.params import WEEKS_PER_YEAR
from mhsim.engine.tally import LOADS, RETENTION_WEEKS
from mhsim.modules import modules_in, optional
from mhsim.outcomes.counts import Counts
from mhsim.outcomes.measures import NAMES, OF_A_FORM
from mhsim.outcomes.results import Value
from mhsim.plugins import HEADS, OwnMeasure
from mhsim.scenario import Scenario
from mhsim.schema import CLOSED, CLOSING, EXITS, REASONS, SNAPSHOT_WEEKS

if TYPE_CHECKING:
    from mhsim.engine.own_columns import OwnTables

TENURES = ("under_1", "1_to_5", "over_5")
"""Classes of tenure in years, as the tally counts them."""


def summary_from(counts: Counts, scenario: Scenario) -> dict[str, Value]:
    """Return every measure by name, from what was counted; None where there is no case."""
    tally = counts.tally[0]
    found = _focal(counts, scenario) | _at_the_end(counts, scenario) | _snapshots(tally) | _tenure(tally)
    found |= _retention(counts, tally, scenario) | _helping(counts, tally, scenario)
    found |= _work(tally, scenario) | _family(counts) | _losses(tally) | _waiting(tally)
    found |= {f"exits_{name}": int(tally["exits"][REASONS.index(name)]) for name in EXITS}
    of_forms = {
        f"{name}_of_{form}": int(counts.by_form[name][k])
        for k, form in enumerate(scenario.forms, start=1)
        for name in OF_A_FORM
    }
    return {name: found[name] for name in NAMES} | of_forms


def of_modules(own: Sequence[OwnTables], scenario: Scenario) -> dict[str, Value]:
    """Return the measures of every optional mechanism that is on at some time, from what it has kept of its own."""
    kept = {table.name: table for table in own}
    return {
        f"{module}_{measure.name}": _of_module(measure, kept[module], scenario) if module in kept else None
        for module in modules_in((scenario,))
        for measure in optional()[module].measures
    }


def _of_module(measure: OwnMeasure, kept: OwnTables, scenario: Scenario) -> Value:
    """Return a measure of an optional mechanism; see `mhsim.plugins.OwnMeasure`."""
    sums = kept.sums[1 if measure.when == "end" else 0]

    def total(name: str) -> float:
        table, _, column = name.partition(".")
        if measure.when == "so_far" and column:
            return float(kept.groups[column].sum())
        return float(sums[f"{table}_{column}" if column else table])

    over = (measure.over,) if isinstance(measure.over, str) else measure.over
    whole = sum(total(name) for name in over)
    if measure.when == "yearly" or (measure.when == "so_far" and measure.over in HEADS):
        whole *= scenario.weeks_per_step / WEEKS_PER_YEAR
    return ratio(total(measure.of), whole)


def ratio(part: float, whole: float) -> float | None:
    """Return part over whole, None for an empty whole."""
    return float(part) / float(whole) if whole > 0 else None


def reasons_in(bits: int) -> str:
    """Return the names of the circumstances in a bit mask, joined by a plus sign."""
    return "+".join(CLOSING[k] for k in range(1, len(CLOSING)) if bits & (1 << k))


def _focal(counts: Counts, scenario: Scenario) -> dict[str, Value]:
    if not len(counts.focal):
        names = ("alive_at_end", "weeks_to_closure", "closed", "closure_reasons", "closure_circumstances")
        return dict.fromkeys(names) | {"lineage_alive_at_end": None, "members_at_end": 0, "helpers_at_end": 0}
    focal = counts.focal[0]
    is_open = bool(focal["status"] != CLOSED)
    weeks = float(scenario.weeks)
    if not is_open:
        weeks = float(focal["closed"] + 1 - focal["founded"]) * scenario.weeks_per_step
    return {
        "alive_at_end": is_open,
        "weeks_to_closure": weeks,
        "closed": not is_open,
        "closure_reasons": "" if is_open else CLOSING[focal["reason"]],
        "closure_circumstances": "" if is_open else reasons_in(int(focal["circumstances"])),
        "lineage_alive_at_end": counts.lineage_alive,
    }


def _at_the_end(counts: Counts, scenario: Scenario) -> dict[str, Value]:
    opening = round(scenario.start.run_in_weeks / scenario.weeks_per_step)
    return {
        "members_at_end": counts.focal_members,
        "helpers_at_end": counts.focal_helpers,
        "open_groups_at_end": counts.open_groups,
        "groups_ever": counts.groups_ever,
        "members_in_world_at_end": counts.members,
        "people_at_end": counts.people,
        "arrivals": int(counts.history["arrivals"][opening:].sum()),
        "first_visits": int(counts.history["first_visits"][opening:].sum()),
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


def _retention(counts: Counts, tally: np.void, scenario: Scenario) -> dict[str, Value]:
    dt = scenario.weeks_per_step
    opening, last = round(scenario.start.run_in_weeks / dt), counts.step
    found: dict[str, Value] = {}
    for k, week in enumerate(RETENTION_WEEKS):
        visitors = float(counts.history["first_visits"][opening : max(opening, last - round(week / dt))].sum())
        found[f"retention_at_{week}"] = ratio(tally["kept"][k], visitors)
        found[f"retention_in_group_at_{week}"] = ratio(tally["kept_in_group"][k], visitors)
        found[f"retention_closure_censored_at_{week}"] = ratio(tally["kept"][k], visitors - tally["lost_to_closure"][k])
    return found


def _tenure(tally: np.void) -> dict[str, Value]:
    months, roll, meeting = tally["roll_by_month"], tally["roll_by_class"], tally["meeting_by_class"]
    at_meetings = tally["meeting_by_month"]
    seen, kept = tally["class_seen"], tally["class_kept"]
    return {
        "retention_month_12_over_month_1": ratio(months[11], months[0]),
        **{f"stayed_another_year_{name}": ratio(kept[k], seen[k]) for k, name in enumerate(TENURES)},
        **{f"meeting_month_{k}_over_1": ratio(at_meetings[k - 1], at_meetings[0]) for k in (2, 3, 6, 12)},
        "meeting_month_12_over_4": ratio(at_meetings[11], at_meetings[3]),
        **{f"meeting_share_{name}": ratio(meeting[k], meeting.sum()) for k, name in enumerate(TENURES)},
        "roll_share_under_1": ratio(roll[0], roll.sum()),
        "helper_share_of_roll": ratio(tally["roll_helpers"], roll.sum()),
        "helper_share_at_meeting": ratio(tally["meeting_helpers"], meeting.sum()),
        "ever_helper_share_at_meeting": ratio(tally["meeting_ever_helpers"], meeting.sum()),
    }


def _helping(counts: Counts, tally: np.void, scenario: Scenario) -> dict[str, Value]:
    dt = scenario.weeks_per_step
    years = float(tally["helper_steps"]) * dt / WEEKS_PER_YEAR
    load, sizes = tally["load"], np.arange(LOADS)
    busy = load[1:].sum()
    given = tally["help_given"] + counts.given
    visits = float(counts.history["first_visits"].sum())
    return {
        "meetings_a_week": ratio(tally["visits"], tally["steps_there"] * dt),
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
        "reciprocity": ratio(counts.mutual, counts.tied),
        "crises_per_person_year": ratio(tally["crises"], float(tally["person_steps"]) * dt / WEEKS_PER_YEAR),
    }


def _work(tally: np.void, scenario: Scenario) -> dict[str, Value]:
    """Return measures of the group's work and of those who learn it; None where these rules are off."""
    weeks = tally["work_steps"]
    return {
        "hours_needed": ratio(tally["hours_asked"], weeks),
        "hours_done": ratio(tally["hours_done"], weeks),
        "hours_covered": ratio(tally["hours_covered"], tally["hours_asked"]),
        "meetings_cancelled": ratio(tally["not_held"], tally["meetings_due"]),
        "helpers_who_must_go": ratio(tally["must_go"], tally["must_go_seen"]),
        "apprentices_per_group": ratio(tally["apprentices"], tally["learning_steps"]),
        "know_how_of_helpers": ratio(tally["know_how"], tally["knowing_helpers"]),
    }


def _family(counts: Counts) -> dict[str, Value]:
    """Return measures of the family tree of help; None where nobody learns from anybody."""
    groups, effective, largest, helpers, generations, helping, effective_by_help, largest_by_help = counts.family
    if counts.tally["learning_steps"][0] == 0:
        groups = helpers = helping = 0.0
    return {
        "founders_of_help": ratio(effective, groups),
        "help_from_one_founder": ratio(largest, groups),
        "generations_of_help": ratio(generations, helpers),
        "founders_of_help_given": ratio(effective_by_help, helping),
        "help_given_from_one_founder": ratio(largest_by_help, helping),
    }


def _losses(tally: np.void) -> dict[str, Value]:
    found: dict[str, Value] = {
        "helper_losses_made_good": ratio(tally["made_good"], tally["wants"]),
        "weeks_to_recover": ratio(tally["weeks_of_want"], tally["made_good"]),
        "losses_that_uncover": ratio(tally["uncovered"], tally["covered_losses"]),
        "work_covered_again": ratio(tally["covered_again"], tally["gaps"]),
        "weeks_to_cover_work": ratio(tally["weeks_uncovered"], tally["covered_again"]),
    }
    usual = ratio(tally["quiet_gone"], tally["quiet_helpers"])
    for k, name in enumerate(("first", "second", "third")):
        followed = tally["following_gone"][k]
        expected = 0.0 if usual is None else usual * tally["following_helpers"][k]
        more = ratio(followed - expected, tally["losses"][k])
        found[f"losses_after_{name}"] = ratio(followed, tally["losses"][k])
        found[f"losses_after_{name}_beyond_expected"] = None if usual is None else more
    return found


def _waiting(tally: np.void) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for k, need in enumerate(("low", "middle", "high")):
        found[f"helped_at_4_{need}_distress"] = ratio(tally["need_met"][k], tally["need_seen"][k])
        found[f"weeks_to_help_{need}_distress"] = ratio(tally["weeks_to_help"][k], tally["first_helps"][k])
        found |= _after_asking(tally, f"_{need}_distress", slice(k, k + 1))
    return found | _after_asking(tally, "", slice(None))


def _after_asking(tally: np.void, tail: str, needs: slice) -> dict[str, Value]:
    asked_met, asked_seen, waits, weeks = (
        float(tally[name][needs].sum()) for name in ("asked_met", "asked_seen", "waits", "weeks_waited")
    )
    return {
        f"helped_4_weeks_after_asking{tail}": ratio(asked_met, asked_seen),
        f"weeks_from_asking_to_help{tail}": ratio(weeks, waits),
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
    above = np.cumsum(counts[::-1])[::-1] - counts
    taken = np.clip(share * counts.sum() - above, 0.0, counts)
    return float((taken * values).sum() / total)

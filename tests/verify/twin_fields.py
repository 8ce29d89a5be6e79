"""The twin's people and groups against the tables of the engine's world, field by field (ODD section 2)."""

from __future__ import annotations

from typing import Any

from twin_model import TwinModel
from twin_rows import same
from twin_terms import SNAPSHOT_WEEKS

from mhsim.engine.world import World
from mhsim.outcomes.counts import living

NUMBERS = ["spare_time", "know_how", "able", "loss", "tie_support", "belonging", "trust", "strain", "dependency"]
NUMBERS += ["arrival_distress", "commitment", "fit", "unmet", "meaning", "identification", "isolation", "credit"]
COUNTS = ["descent", "generation", "successor", "resting", "role", "stage", "membership", "help_given", "steps_helping"]
COUNTS += ["attended", "visits", "load", "help_received", "unmet_requests", "meetings", "crises", "returns"]
COUNTS += ["help_this_year"]
TIMES = ["joined", "first_contact", "helper_since", "first_helper", "role_left", "apprentice_since", "first_asked"]
TIMES += ["first_sponsor", "first_left", "left_at", "last_crisis"]
OF_GROUPS = ["due", "held", "greeting", "free", "sharers", "hours_asked", "hours_open", "hours_done", "vacancies"]
OF_GROUPS += ["inflow", "leaderless", "unvisited", "status", "conflict"]
OF_GROUPS += ["attended", "visits", "helpers_there", "newcomers"]


def compare_fields(world: World, model: TwinModel) -> str:
    """Return where people, dead or alive, and groups of both part in the fields above; empty if nowhere."""
    rows = [*living(world), *world.lives[: world.meter["lives"][0]]]
    engine = {(int(row["community"]), int(row["who"])): row for row in rows}
    people = model.gone + [person for place in model.communities for person in place.everybody]
    wrong = []
    for person in people:
        key = person.community.number, person.who
        parts = person_parts(engine[key], person)
        wrong += [f"(community, who) {key}: {', '.join(parts)}"] if parts else []
    for number, group in enumerate(model.groups):
        parts = parting(OF_GROUPS, world.groups[number], group)
        wrong += [f"group {number}: {', '.join(parts)}"] if parts else []
    return f"{len(wrong)} differ in their fields; first:\n  " + "\n  ".join(wrong[:5]) if wrong else ""


def parting(names: list[str], row: Any, thing: Any) -> list[str]:
    """Return the fields in which a row of the engine and a thing of the twin part."""
    pairs = {name: (row[name].item(), getattr(thing, name)) for name in names}
    return [f"{name} engine {a!r} twin {b!r}" for name, (a, b) in pairs.items() if not same(name, a, b)]


def person_parts(row: Any, person: Any) -> list[str]:
    """Return the fields in which a person of both parts, coping along the way among them."""
    parts = parting(NUMBERS + COUNTS + TIMES, row, person)
    for place, weeks in enumerate(SNAPSHOT_WEEKS):
        taken = person.snapshots.get(weeks)
        if taken and not same("coping_at_", row["snapshot_coping"][place].item(), taken["coping"]):
            parts.append(f"snapshot_coping {weeks}")
    return parts

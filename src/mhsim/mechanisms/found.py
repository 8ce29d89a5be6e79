"""How groups begin: a large group splits, or people in need found one.

Splitting. A group with two helpers or more splits with hazard ``split_hazard * logistic((roll - split_at) /
split_width)``; each member goes to the new group with chance `split_share`. The new group takes over cohesion, norms,
climate, formality and legacy, and `split_funds` of the funds; its centre lies `split_shift` s.d. times a standard
normal draw from the old one on each axis.

Founding. In a community with fewer than `enough_groups` open groups, a group is founded with hazard ``found_per_year
* (people in need outside + eager) / 100``, where `eager`, 0 at the start of every step, is what optional mechanisms
add for people who are readier than others. The `founders` who come together are those outside, not in impact, with
the highest ``willingness * self_efficacy`` (equals by arrival); the first two take the role of helper. Nobody who is
marked as coming or leaving is among them, and there must be at least `fewest_founders`. The group's centre is the
mean of theirs; it starts with cohesion, climate, norms and legacy at `quality`, no formality and no funds.

Sources: E137 copying the recipe, E164-E167, E175 founding; V48, V58.
"""

from __future__ import annotations

from mhsim.core.jit import kernel
from mhsim.core.maths import happens, logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.schema import IMPACT, NOWHERE, STAYS

WRITES = {"groups": ("splitting",), "people": ()}
NEUTRAL = {"split_hazard": 0.0, "found_per_year": 0.0}
A_HUNDRED = 100.0
"""Founding is stated per hundred people in need."""


class Found(Parameters):
    """Parameters of beginnings."""

    enabled: bool = switch("whether groups split or are founded")
    split_hazard: float = par(0.005, 0, 10, unit="1/week", why="splitting of a large group", source="assumed; V58")
    split_at: float = par(30.0, 2, 100000, unit="people", why="roll at which a split is half as likely", source="V21")
    split_width: float = par(3.0, 0.1, 1000, unit="people", why="how gradually splits set in", source="assumed")
    split_share: float = par(0.35, 0, 1, unit="share", why="of the members, going with a split", source="assumed")
    split_funds: float = par(0.5, 0, 1, unit="share", why="of the money, going with a split", source="assumed")
    split_shift: float = par(0.3, 0, 5, unit="s.d.", why="how far apart the two are in profile", source="assumed; E137")
    found_per_year: float = par(
        0.0, 0, 52, unit="1/year", why="founding, per hundred people in need outside", source="assumed; E165"
    )
    founders: int = par(5, 3, 50, unit="people", why="people who found a group together", source="assumed; V48")
    fewest_founders: int = par(3, 1, 50, unit="people", why="founders needed at least", source="assumed")
    quality: float = par(
        0.3, 0, 1, unit="share", why="cohesion, climate, norms and legacy of a new group", source="assumed; E101"
    )
    enough_groups: int = par(
        1, 0, 100000, unit="groups", why="open groups at which nobody founds more", source="assumed"
    )


@kernel
def may_split(groups, g, split_draw, p):  # type: ignore[no-untyped-def]
    """Mark a group that splits at the end of this step."""
    hazard = p.split_hazard * logistic((groups.roll[g] - p.split_at) / p.split_width)
    groups.splitting[g] = 1 if groups.helpers[g] >= 2 and happens(split_draw, hazard) else 0


@kernel
def may_found(communities, community, found_draw, p):  # type: ignore[no-untyped-def]
    """Tell whether a group is founded in a community in this step."""
    if communities.open_groups[community] >= p.enough_groups:
        return False
    outside = communities.people[community] - communities.members[community] + communities.eager[community]
    return happens(found_draw, p.found_per_year * outside / A_HUNDRED)


@kernel
def choose_founders(people, chosen, count):  # type: ignore[no-untyped-def]
    """Fill `chosen` with the rows of the readiest people outside, best first; return how many there are."""
    found = 0
    for i in range(len(people)):
        if people.leaving[i] == STAYS and people.stage[i] != IMPACT and people.going_to[i] == NOWHERE:
            place = found
            while place > 0 and _readier(people, i, chosen[place - 1]):
                if place < count:
                    chosen[place] = chosen[place - 1]
                place -= 1
            if place < count:
                chosen[place] = i
                found = min(count, found + 1)
    return found


@kernel
def _readier(people, i, j):  # type: ignore[no-untyped-def]
    ready = people.willingness[i] * people.self_efficacy[i]
    other = people.willingness[j] * people.self_efficacy[j]
    if ready != other:
        return ready > other
    return people.who[i] < people.who[j]

"""One rule in three ways: as a loop over agents, on columns with NumPy, and compiled; all give the same history."""

from math import exp

import numpy as np
from bring_a_friend import INVITING

from mhsim.model import MutualHelpModel
from mhsim.schema import ACCOMMODATION, NOWHERE


class LoopOverAgents(MutualHelpModel):
    """Way 1: a loop over people, as in any Mesa model. The plainest to read, and slow."""

    invites_per_year = 2.0

    def step(self):
        """Let members bring friends, then let the week pass."""
        chance = 1 - exp(-self.invites_per_year / 52)
        for group in self.groups:
            for member in group.members:
                if member.attended and member.luck(INVITING)[0] < chance:
                    near = [p for p in self.people if p.group is None and p.community == member.community]
                    friends = [p for p in near if p.stage != "accommodation"]
                    friend = min(friends, key=lambda p, m=member: distance(m, p), default=None)
                    if friend is not None and friend.going_to == NOWHERE:
                        friend.enter(group, even_if_full=True)
        super().step()


def distance(one, other):
    """Return how far two people's profiles lie apart, squared."""
    dx, dy = one.profile_x - other.profile_x, one.profile_y - other.profile_y
    return dx * dx + dy * dy


class OnColumns(MutualHelpModel):
    """Way 2: NumPy on the engine's columns. No agent is made; only the few who bring somebody are looped over."""

    invites_per_year = 2.0

    def step(self):
        """Let members bring friends, then let the week pass."""
        people = self.world.people
        members = self.rows(membership="member", attended=1)
        luck = self.luck(members, INVITING)[:, 0]
        bringing = members[luck < 1 - exp(-self.invites_per_year / 52)]
        outside = self.rows(group=NOWHERE)
        outside = outside[people["stage"][outside] != ACCOMMODATION]
        for member in bringing[np.argsort(people["group"][bringing], kind="stable")]:
            near = outside[people["community"][outside] == people["community"][member]]
            if len(near):
                dx = people["profile_x"][member] - people["profile_x"][near]
                dy = people["profile_y"][member] - people["profile_y"][near]
                friend = near[np.argmin(dx * dx + dy * dy)]
                if people["going_to"][friend] == NOWHERE:
                    people["going_to"][friend] = people["group"][member]
        super().step()


# Way 3 is bring_a_friend.py with scenario.yaml: compiled once, then part of the engine's week.

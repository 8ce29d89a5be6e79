"""Members bring a friend: whoever was at the last meeting may bring somebody from outside who is in the same position.

The friend is the person outside, not yet in accommodation, whose profile is nearest to the member's. The more alike
two people are, the likelier they know each other; who is thought of first is taken to be the one most alike. Nobody who
is brought along is turned away, even where the group is full.
"""

from mhsim.plugins import OWN_PURPOSES, Rule, draw, happens, par
from mhsim.schema import ACCOMMODATION, NOWHERE, STAYS

INVITING = OWN_PURPOSES


class BringAFriend(Rule):
    """Parameters of bringing a friend."""

    invites_per_year: float = par(
        0.5, 0, 52, unit="1/year", why="how often a member who comes to meetings brings somebody", source="assumed"
    )

    @staticmethod
    def in_group(members, outside, groups, g, ties, handles, key, clock, p):
        """Let each member who was at the last meeting bring the most alike of those outside, now and then."""
        for i in range(len(members)):
            if members.attended[i]:
                invites, _, _, _ = draw(key, members.who[i], 0, groups.community[g], clock.step, INVITING, 0)
                if happens(invites, p.invites_per_year):
                    friend = -1
                    nearest = 1e300
                    for j in range(len(outside)):
                        if outside.stage[j] != ACCOMMODATION and outside.leaving[j] == STAYS:
                            dx = members.profile_x[i] - outside.profile_x[j]
                            dy = members.profile_y[i] - outside.profile_y[j]
                            if dx * dx + dy * dy < nearest:
                                friend = j
                                nearest = dx * dx + dy * dy
                    if friend >= 0 and outside.going_to[friend] == NOWHERE:
                        outside.going_to[friend] = g

"""What the going of helpers brings after it, counted group by group: whether others follow, and when it is made good.

Looked at where a group's step begins, when everybody who left is gone: helpers on the roll now, and how many left the
role since the step before. Nothing in a world reads what is kept here.

A cascade. Each loss is watched for a year, or until the group closes or the run ends. It is the first, second or a
later one by how many losses were being watched when it came (several in one step count on from one another, and not as
following one another). Roles left by others in that time are set against those that would be expected by the rate
at which roles are left where no loss is being watched.

Recovery. A loss that leaves fewer helpers than there were opens a time of want; it ends when as many help again. After
a year, or when the group closes, it counts as not made good. Helpers who go with a group that splits off lower the
number that is waited for.

Cover. Where the group's work takes time (`work`), it is covered if those in charge get done at least the hours that the
meeting and the house behind it call for (`hours_open`). A loss uncovers it if it was covered in the step before and is
not in the step in which the loss is felt first; the gap ends when it is covered again, whoever it is that does it.
After a year, or when the group closes, it counts as not covered again.
"""

from __future__ import annotations

import numpy as np

from mhsim.core.jit import kernel
from mhsim.core.params import WEEKS_PER_YEAR

WATCHED = 8
"""Losses of one group that are watched at a time; later ones are counted with nobody's."""
ORDERS = 3
"""First, second, third and later losses."""
LOSSES = np.dtype(
    [(name, "i4") for name in ("helpers", "lost", "wanted", "wanting", "since", "watched")]
    + [(name, "i4") for name in ("gone", "short", "gap", "gap_since")]
    + [("loss_at", "i4", (WATCHED,)), ("order", "i4", (WATCHED,))]
)
"""For each group: helpers and losses when last looked at; helpers it had before a time of want, whether there is one,
and since when; losses watched, with the step and the order of each, the oldest first; who has just gone, whether the
work was not covered in the last step, whether a loss has uncovered it, and since when."""


@kernel
def watch_losses(groups, g, losses, tally, clock):  # type: ignore[no-untyped-def]
    """Count who left the role since the step before, what followed earlier losses, and what was made good."""
    gone = groups.helpers_lost[g] - losses.lost[g]
    losses.lost[g] = groups.helpers_lost[g]
    losses.gone[g] = gone
    _forget_old(losses, g, clock)
    _count_following(losses, g, gone, tally)
    already = losses.watched[g]
    for k in range(gone):
        order = min(ORDERS, already + k + 1) - 1
        tally.losses[0, order] += 1.0
        if losses.watched[g] < WATCHED:
            losses.loss_at[g, losses.watched[g]] = clock.step
            losses.order[g, losses.watched[g]] = order
            losses.watched[g] += 1
    _watch_want(groups, g, losses, gone, tally, clock)
    losses.helpers[g] = groups.helpers[g]


@kernel
def _forget_old(losses, g, clock):  # type: ignore[no-untyped-def]
    kept = 0
    for k in range(losses.watched[g]):
        if (clock.step - losses.loss_at[g, k]) * clock.dt <= WEEKS_PER_YEAR:
            losses.loss_at[g, kept] = losses.loss_at[g, k]
            losses.order[g, kept] = losses.order[g, k]
            kept += 1
    losses.watched[g] = kept


@kernel
def _count_following(losses, g, gone, tally):  # type: ignore[no-untyped-def]
    """Add who left, and who could have: the helpers there were when last looked at."""
    if losses.watched[g] == 0:
        tally.quiet_helpers[0] += losses.helpers[g]
        tally.quiet_gone[0] += gone
    for k in range(losses.watched[g]):
        tally.following_helpers[0, losses.order[g, k]] += losses.helpers[g]
        tally.following_gone[0, losses.order[g, k]] += gone


@kernel
def _watch_want(groups, g, losses, gone, tally, clock):  # type: ignore[no-untyped-def]
    fewer = losses.helpers[g] - groups.helpers[g]
    if losses.wanting[g]:
        if gone == 0 and fewer > 0:
            losses.wanted[g] -= fewer
        weeks = (clock.step - losses.since[g]) * clock.dt
        if groups.helpers[g] >= losses.wanted[g]:
            tally.wants[0] += 1.0
            tally.made_good[0] += 1.0
            tally.weeks_of_want[0] += weeks
            losses.wanting[g] = 0
        elif weeks >= WEEKS_PER_YEAR:
            tally.wants[0] += 1.0
            losses.wanting[g] = 0
    elif gone > 0 and fewer > 0:
        losses.wanting[g] = 1
        losses.wanted[g] = losses.helpers[g]
        losses.since[g] = clock.step


@kernel
def watch_cover(groups, g, losses, tally, clock):  # type: ignore[no-untyped-def]
    """Count losses that leave the work uncovered, and when it is covered again; called when the work has been done."""
    covered = groups.hours_done[g] >= groups.hours_open[g]
    if losses.gap[g]:
        weeks = (clock.step - losses.gap_since[g]) * clock.dt
        if covered:
            tally.covered_again[0] += 1.0
            tally.weeks_uncovered[0] += weeks
        if covered or weeks >= WEEKS_PER_YEAR:
            tally.gaps[0] += 1.0
            losses.gap[g] = 0
    elif losses.gone[g] > 0 and losses.short[g] == 0:
        tally.covered_losses[0] += 1.0
        if not covered:
            tally.uncovered[0] += 1.0
            losses.gap[g] = 1
            losses.gap_since[g] = clock.step
    losses.short[g] = 0 if covered else 1


@kernel
def close_want(losses, g, tally):  # type: ignore[no-untyped-def]
    """Count a time of want and a gap that a group's end cuts off: they were not made good."""
    if losses.wanting[g]:
        tally.wants[0] += 1.0
        losses.wanting[g] = 0
    if losses.gap[g]:
        tally.gaps[0] += 1.0
        losses.gap[g] = 0

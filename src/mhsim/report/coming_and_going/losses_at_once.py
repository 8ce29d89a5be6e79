"""Once: the helpers who do most stop, and stay as members or leave; how many groups are open some time later."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.report.coming_and_going.claims import Standing
from mhsim.report.figures import Line, estimates_figure
from mhsim.report.formatting import GROUPS, capital, duration, joined, small
from mhsim.report.html import NOTHING, figures, items, paragraphs, section, table
from mhsim.stats import Estimate, Numbers
from mhsim.studies.coming_and_going import GONE_LOST, PLAN, STAY_LOST, Parts, Where

WAYS = {"loss_stepping_down": (STAY_LOST, "and stay as members"), "loss_leaving": (GONE_LOST, "and leave the group")}
LATER = (52, 156, 416)
"""Weeks after the loss at which is looked whether the group is open."""


def lost_week(parts: Parts) -> int:
    """Return the week of the loss."""
    return int(parts.data.base["changes"][0]["week"])


def open_later(parts: Parts, where: Where, later: int) -> Numbers:
    """Return for groups open at the loss whether they are open so many weeks later; NaN for groups closed before."""
    week = lost_week(parts)
    weeks, closed = parts.values("weeks_to_closure", where), parts.values("closed", where)
    there = ~np.isnan(weeks) & ((closed == 0) | (weeks > week))
    horizon = min(week + later, parts.data.weeks)
    found: Numbers = np.where(there, ((closed == 0) | (weeks > horizon)).astype(float), np.nan)
    return found


def horizons(parts: Parts) -> list[int]:
    """Return the weeks after the loss that lie within the runs."""
    rest = parts.data.weeks - lost_week(parts)
    return [week for week in LATER if week <= rest]


def compared(parts: Parts, name: str, plan: int, later: int) -> tuple[list[int], list[Estimate], list[Estimate]]:
    """Return the numbers lost, the shares open later, and the differences from no loss, all but the first."""
    path, _ = WAYS[name]
    numbers = [int(number) for number in parts.levels(name, path)]
    rows = np.stack([open_later(parts, {path: number, PLAN: plan}, later) for number in numbers])
    shares = [stats.share(row) for row in rows]
    return numbers, shares, stats.paired_differences(rows[1:] - rows[0], yes_no=True)


def in_words(parts: Parts, standing: dict[str, Standing]) -> list[str]:
    """Return a sentence for each way: from how many lost at once on, with nobody prepared, fewer groups are open."""
    texts = []
    for name, (_, words) in WAYS.items():
        if name not in parts.names or not horizons(parts):
            continue
        if name == "loss_leaving" and "loss" in standing and not standing["loss"].holds:
            continue
        later = horizons(parts)[-1]
        numbers, _, found = compared(parts, name, 0, later)
        least = [number for number, one in zip(numbers[1:], found, strict=True) if one.falls]
        start = f"When those who do most stop {words}, all at once, with nobody prepared"
        if least:
            number = least[0]
            one = found[numbers.index(number) - 1]
            who = "the one who does most" if number == 1 else f"the {small(number)} who do most"
            texts.append(
                f"{start}: from {who} on, fewer groups are open {duration(later)} later, as assumed: by "
                f"{GROUPS.size(one)}."
            )
        else:
            sizes = joined([f"{small(n)}: {GROUPS.change(one)}" for n, one in zip(numbers[1:], found, strict=True)])
            texts.append(f"{start}: no clear difference {duration(later)} later, of 100 groups ({sizes}).")
    return texts


def losses_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the section: several helpers lost at once."""
    there = [name for name in WAYS if name in parts.names]
    if not there or not horizons(parts):
        return NOTHING
    last, drawn, tables = horizons(parts)[-1], [], []
    for name in there:
        _, words = WAYS[name]
        lines, rows = [], []
        for plan, prepared in ((0, "nobody prepared"), (parts.plan, f"{small(parts.plan)} kept prepared")):
            numbers, shares, _ = compared(parts, name, plan, last)
            lines.append(Line(prepared, range(len(numbers)), shares))
            by_week = [compared(parts, name, plan, later) for later in horizons(parts)]
            for k, number in enumerate(numbers):
                cells = [
                    GROUPS.estimate(each[1][k])
                    if k == 0
                    else f"{GROUPS.estimate(each[1][k])}; {GROUPS.change(each[2][k - 1])}"
                    for each in by_week
                ]
                rows.append([f"{capital(small(number)) if number else 'Nobody'}, {prepared}", *cells])
        title = f"They stop {words}"
        told = "; ".join(f"{line.label}: {', '.join(GROUPS.number(e.value) for e in line.estimates)}" for line in lines)
        drawn.append(
            estimates_figure(
                lines,
                title,
                f"Of 100 groups open at the loss, open {duration(last)} later: {told}.",
                GROUPS,
                "helpers lost at once",
                ticks=[str(number) for number in numbers],
                limits=(0, 104),
            )
        )
        head = ["Lost at once", *(f"Open {duration(later)} later" for later in horizons(parts))]
        caption = (
            f"Those who do most stop {words}: of 100 groups open then, open later; and the difference from no loss"
        )
        tables.append(table(head, rows, caption))
    week = duration(lost_week(parts))
    explanation = (
        f"After {week}, in every group that is still open, the helpers who have given most help so far stop all at "
        "once. Until then the groups are the same, person by person."
    )
    return section(
        "When those who do most stop at once",
        paragraphs(explanation),
        items([*in_words(parts, standing), *(one.words() for name, one in standing.items() if name == "loss")]),
        figures(drawn, f"Of 100 groups that were open at the loss, those open {duration(last)} later."),
        *tables,
        key="losses",
    )

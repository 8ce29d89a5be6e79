"""What can be seen half a year before a group closes, and how often the same is seen in groups that do not close.

Every half year each open group is looked at: the mean of the quarter behind it, and whether it closes within the half
year after. A sign is an alarm where that mean lies on the wrong side of a threshold. Of all closings, the share
with an alarm before them is how much a sign sees; of all alarms, the share after which no group closed is how often it
deceives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from markupsafe import Markup

from mhsim import stats
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, legend_below, picture
from mhsim.report.formatting import Scale, hundred, trimmed
from mhsim.report.html import NOTHING, figures, items, paragraphs, section, table
from mhsim.stats import Estimate, Numbers
from mhsim.studies.coming_and_going import Parts

PART = "signs"
AHEAD = 26
"""Weeks within which a group closes, and weeks between one look and the next."""
BEHIND = 13
"""Weeks whose mean is looked at."""
OF_HUNDRED = Scale(100.0, "of 100", 0)
FEWEST = 10
"""Closings below which nothing is said."""
MOST_RUNS = 1000


@dataclass(frozen=True)
class Sign:
    """A sign: its name, how it is called, the series whose sum stands above and below, and the thresholds of the table.

    An alarm is a mean under the threshold.
    """

    name: str
    words: str
    above: str
    below: str = ""
    thresholds: tuple[float, ...] = ()
    of_hundred: bool = False

    def label(self, threshold: float) -> str:
        """Return an alarm in words."""
        size = f"{hundred(threshold)} of 100" if self.of_hundred else trimmed(threshold, 2)
        return f"{self.words}: under {size}"


SIGNS = (
    Sign("attendance", "people at a week’s meetings", "focal_attended", thresholds=(4.0, 6.0, 8.0)),
    Sign("helpers", "helpers", "focal_helpers", thresholds=(0.5, 1.0, 2.0)),
    Sign("inflow", "newcomers on the roll", "focal_newcomers", thresholds=(0.1, 0.5, 1.0)),
    Sign(
        "hours",
        "hours of the meeting and the house that are covered",
        "focal_hours_done",
        "focal_hours_open",
        (0.25, 0.5, 0.9),
        of_hundred=True,
    ),
    Sign("held", "meetings held a week", "focal_held", thresholds=(0.6, 0.75, 0.9)),
)


@dataclass(frozen=True)
class Looks:
    """All looks at open groups: the replicate of each, whether the group closes soon, and the value of every sign."""

    replicate: Numbers
    closes: Numbers
    values: dict[str, Numbers]
    replicates: int

    @property
    def closings(self) -> int:
        """How many looks were followed by a closing."""
        return int(self.closes.sum())


@dataclass(frozen=True)
class Warned:
    """What an alarm is worth: the share of closings it came before, and the share of alarms that deceived."""

    seen: Estimate
    deceived: Estimate
    alarms: int


def looks_at(parts: Parts) -> Looks | None:
    """Return all looks of the part about signs; None if its series were not kept."""
    return _looks(parts.data.folder, parts) if PART in (parts.data.study.get("series_of") or ()) else None


@lru_cache(maxsize=2)
def _looks(folder: object, parts: Parts) -> Looks:
    weeks, closed = parts.data.numbers("weeks_to_closure"), parts.data.numbers("closed")
    replicate, closes = [], []
    values: dict[str, list[float]] = {}
    for point in signs_points(parts):
        for number in np.flatnonzero(parts.data.done[point]).tolist():
            series = parts.data.run_table("series", point, number)
            columns = {name: series[name].to_numpy().astype(float) for name in wanted(series.column_names)}
            end = weeks[point, number] if closed[point, number] else np.inf
            for week in range(AHEAD, min(parts.data.weeks - AHEAD, len(series)) + 1, AHEAD):
                if end > week:
                    replicate.append(number)
                    closes.append(float(end <= week + AHEAD))
                    for sign in SIGNS:
                        if sign.above in columns and (not sign.below or sign.below in columns):
                            values.setdefault(sign.name, []).append(value_at(sign, columns, week))
    arrays = {name: np.array(listed) for name, listed in values.items()}
    return Looks(np.array(replicate), np.array(closes), arrays, parts.data.shape[1])


def wanted(names: list[str]) -> list[str]:
    """Return the columns of a series that some sign needs."""
    needed = {name for sign in SIGNS for name in (sign.above, sign.below)}
    return [name for name in names if name in needed]


def value_at(sign: Sign, columns: dict[str, Numbers], week: int) -> float:
    """Return the mean of a sign in the quarter before a week, or the ratio of two sums in it."""
    behind = slice(max(0, week - BEHIND), week)
    above = columns[sign.above][behind]
    if not sign.below:
        return float(above.mean())
    whole = float(columns[sign.below][behind].sum())
    return float(above.sum()) / whole if whole > 0 else np.nan


def signs_points(parts: Parts) -> list[int]:
    """Return the points of the part about signs."""
    from itertools import product

    columns = parts.data.study["parts"][PART]
    found = [parts.at(dict(zip(columns, values, strict=True))) for values in product(*columns.values())]
    return [point for point in found if point is not None]


def warned(looks: Looks, sign: Sign, threshold: float) -> Warned:
    """Return what an alarm at a threshold is worth; replicates are drawn again together with all of their looks."""
    value = looks.values[sign.name]
    alarm = value < threshold
    sums = [
        np.bincount(looks.replicate.astype(int), weights=flags, minlength=looks.replicates)
        for flags in (alarm * looks.closes, looks.closes, alarm * (1.0 - looks.closes), alarm.astype(float))
    ]
    hits, closings, false, alarms = (stats.counts(looks.replicates) @ each for each in sums)
    return Warned(
        _ratio(hits, closings, int(looks.closes.sum())), _ratio(false, alarms, int(alarm.sum())), int(alarm.sum())
    )


def _ratio(part: Numbers, whole: Numbers, cases: int) -> Estimate:
    if not cases:
        return stats.UNKNOWN
    drawn = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    low, high = stats.percentiles(drawn[1:])
    return Estimate(float(drawn[0]), low, high, cases)


def best(looks: Looks, sign: Sign) -> float:
    """Return the threshold of the table at which closings and other looks differ most (Youden's index)."""
    others = max(1.0, len(looks.closes) - looks.closings)

    def index(threshold: float) -> float:
        found = warned(looks, sign, threshold)
        alarms_else = found.alarms - found.seen.value * looks.closings
        return found.seen.value - alarms_else / others

    return max(sign.thresholds, key=index)


def in_words(parts: Parts) -> list[str]:
    """Return what the signs see and how often they deceive, in words."""
    looks = looks_at(parts)
    if looks is None:
        return []
    if looks.closings < FEWEST:
        return [f"Only {looks.closings} groups closed where weekly series were kept: too few to speak of signs."]
    base = hundred(looks.closings / len(looks.closes), 1)
    texts = [f"In any half year {base} of 100 open groups close, in the worlds in which this was looked at."]
    for sign in (one for one in SIGNS if one.name in looks.values):
        threshold = best(looks, sign)
        found = warned(looks, sign, threshold)
        texts.append(
            f"{sign.label(threshold)[:1].upper()}{sign.label(threshold)[1:]} was seen before "
            f"{OF_HUNDRED.estimate(found.seen)} of 100 closings; of 100 such alarms "
            f"{OF_HUNDRED.estimate(found.deceived)} deceived: the group was still open half a year later."
        )
    return texts


def signs_section(parts: Parts) -> Markup:
    """Return the section: what can be seen before a group closes."""
    looks = looks_at(parts)
    if looks is None:
        return NOTHING
    title = "What can be seen half a year before a group closes"
    if looks.closings < FEWEST:
        return section(title, paragraphs(*in_words(parts)), key="signs")
    shown = [sign for sign in SIGNS if sign.name in looks.values]
    rows = []
    for sign in shown:
        for threshold in sign.thresholds:
            found = warned(looks, sign, threshold)
            name = sign.label(threshold)
            rows.append(
                [
                    name[:1].upper() + name[1:],
                    OF_HUNDRED.estimate(found.seen),
                    OF_HUNDRED.estimate(found.deceived),
                    f"{found.alarms:,}",
                ]
            )
    explanation = (
        f"Every half year each open group was looked at, {len(looks.closes):,} looks in all, {looks.closings:,} of "
        "them at groups that closed within the next half year. The value of a sign is its mean in the quarter before "
        "the look. A sign that sees much deceives often, and the other way round; where it is put is a choice."
    )
    head = ["Alarm", "Of 100 closings, seen before", "Of 100 alarms, deceived", "Alarms"]
    return section(
        title,
        paragraphs(explanation),
        items(in_words(parts)),
        figures(
            [_figure(looks, shown)],
            "Each line runs through all thresholds of one sign; good signs lie high up and to the left.",
        ),
        table(head, rows, "What each sign sees, and how often it deceives (with the 95 % range)"),
        key="signs",
    )


def _figure(looks: Looks, shown: list[Sign]) -> Markup:
    curves = {sign.words: curve(looks, sign) for sign in shown}

    def draw(axes) -> None:  # type: ignore[no-untyped-def]
        for k, (name, (deceived, seen)) in enumerate(curves.items()):
            look = {"color": COLOURS[k % 7], "linestyle": DASHES[k % 7]}
            axes.plot(100 * deceived, 100 * seen, label=name, linewidth=1.6, **look)
        axes.set_xlim(0, 104)
        axes.set_ylim(0, 104)
        axes.set_xlabel("of 100 alarms, deceived")
        axes.set_ylabel("of 100 closings, seen before")
        legend_below(axes, 1)

    drawn: Callable[..., None] = draw
    told = "; ".join(f"{name}: {len(points[0])} thresholds" for name, points in curves.items())
    return picture(drawn, "What signs see, and how often they deceive", f"{told}. The table has numbers.", (4.7, 4.6))


def curve(looks: Looks, sign: Sign) -> tuple[Numbers, Numbers]:
    """Return the shares deceived and seen along thresholds, strictest first."""
    value = looks.values[sign.name]
    known = ~np.isnan(value)
    order = np.argsort(value[known], kind="stable")
    ranked, hits = value[known][order], np.cumsum(looks.closes[known][order])
    alarms = np.arange(1, len(ranked) + 1)
    last = np.append(ranked[1:] != ranked[:-1], True)
    return 1.0 - (hits / alarms)[last], (hits / max(1.0, looks.closes.sum()))[last]

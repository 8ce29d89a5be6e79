"""How many helpers a group of a size needs: survival by the number of places for helpers, and where the curve bends."""

from __future__ import annotations

import re

from markupsafe import Markup

from mhsim import stats
from mhsim.report.figures import Line, estimates_figure
from mhsim.report.formatting import GROUPS, Scale, duration, joined, plain
from mhsim.report.html import NOTHING, figures, folded, items, paragraphs, section, table
from mhsim.stats import Bend, Estimate, Numbers
from mhsim.studies.coming_and_going import HELPERS, Parts, Where

MEAN = Scale(decimals=1)


def sizes(parts: Parts) -> dict[int, str]:
    """Return the parts that are about groups of a size, by the size."""
    found = {name: re.fullmatch(r"size_(\d+)", name) for name in parts.names}
    return {int(match[1]): name for name, match in found.items() if match}


def places(parts: Parts, name: str) -> list[int]:
    """Return the numbers of places for helpers that were tried."""
    return [int(number) for number in parts.levels(name, HELPERS)]


def matrix(parts: Parts, name: str, measure: str) -> Numbers:
    """Return a measure along the numbers of places, shape (places, replicates)."""
    fixed: Where = {path: values[0] for path, values in parts.data.study["parts"][name].items() if len(values) == 1}
    return parts.rows(measure, [{**fixed, HELPERS: number} for number in places(parts, name)])


def bend(parts: Parts, name: str) -> tuple[Bend, Estimate]:
    """Return where survival stops rising with the number of places, and how far it rises in all."""
    rows = matrix(parts, name, "alive_at_end")
    return stats.bend_of(places(parts, name), rows), stats.paired_difference(rows[-1] - rows[0], yes_no=True)


def words(parts: Parts, size: int, name: str) -> str:
    """Return where the curve of a size bends, or that it does not."""
    found, rise = bend(parts, name)
    most = places(parts, name)[-1]
    start = f"A group of about {size}"
    if not rise.rises:
        return f"{start}: no clear difference between {places(parts, name)[0]} and {most} places, {GROUPS.size(rise)}."
    if not found.place.known:
        return f"{start}: too few runs to say how many it needs."
    at = f"{plain(found.place.value, 1)} (95 % range {plain(found.place.low, 1)} to {plain(found.place.high, 1)})"
    wide = found.place.high - found.place.low > most / 2
    if wide or not found.inside:
        return (
            f"{start}: more places for helpers let more groups survive, by {GROUPS.size(rise)} from none to {most}; "
            f"how many are enough is not certain: {at}."
        )
    return (
        f"{start}: survival rises with places for helpers up to {at} and hardly beyond; there "
        f"{GROUPS.number(found.level)} of 100 groups last {duration(parts.data.weeks)}."
    )


def in_words(parts: Parts) -> list[str]:
    """Return a sentence for every size."""
    return [words(parts, size, name) for size, name in sizes(parts).items()]


def needed_section(parts: Parts) -> Markup:
    """Return the section: how many helpers a group needs."""
    if not sizes(parts):
        return NOTHING
    lines, columns, steps = [], {}, {}
    for size, name in sizes(parts).items():
        rows = matrix(parts, name, "alive_at_end")
        shares = [stats.share(row) for row in rows]
        lines.append(Line(f"about {size} members", [float(k) for k in places(parts, name)], shares))
        columns[f"Of {size}: still meeting"] = [GROUPS.estimate(one) for one in shares]
        if parts.data.has("helpers_at_end"):
            there = [
                stats.mean(row[alive == 1])
                for row, alive in zip(matrix(parts, name, "helpers_at_end"), rows, strict=True)
            ]
            columns[f"Of {size}: helpers at the end"] = [MEAN.estimate(one) for one in there]
        found = stats.paired_differences(rows[1:] - rows[:-1], yes_no=True)
        steps[f"Of {size}"] = ["–", *(GROUPS.change(one) for one in found)]
    each = places(parts, next(iter(sizes(parts).values())))
    body = [[str(number), *(cells[k] for cells in columns.values())] for k, number in enumerate(each)]
    more = [[str(number), *(cells[k] for cells in steps.values())] for k, number in enumerate(each)]
    told = "; ".join(f"{line.label}: {', '.join(GROUPS.number(e.value) for e in line.estimates)}" for line in lines)
    drawn = estimates_figure(
        lines,
        "Still meeting, by places for helpers",
        f"Of 100 groups, {told}.",
        GROUPS,
        "places for helpers",
        limits=(0, 104),
    )
    explanation = (
        "Each group has a fixed number of places for helpers. Nobody else becomes a helper, and each place that falls "
        "vacant is filled again by a member who has been prepared for it. More people come into need where groups are "
        "larger. The place where a curve bends is that of the line that fits best, rising up to there and flat beyond; "
        "its range says where it lies in 95 of 100 resamples of the runs."
    )
    caption = f"Of 100 groups, still meeting after {duration(parts.data.weeks)}, and helpers in those still meeting"
    return section(
        f"How many helpers a group of {joined([str(size) for size in sizes(parts)], 'or')} needs",
        paragraphs(explanation),
        items(in_words(parts)),
        figures([drawn], "Of 100 groups; the bars are 95 % ranges."),
        table(["Places for helpers", *columns], body, caption),
        folded(
            "What each further place changes",
            table(["Places for helpers", *steps], more, "Of 100 groups, more or fewer than with one place less"),
        ),
        key="needed",
    )

"""How often: survival by the rate at which helpers step down or leave, with nobody prepared and with a plan."""

from __future__ import annotations

from markupsafe import Markup

from mhsim import stats
from mhsim.report.coming_and_going.claims import Standing
from mhsim.report.coming_and_going.falls import fall_of, place_words
from mhsim.report.figures import Line, estimates_figure
from mhsim.report.formatting import GROUPS, UNKNOWN, Scale, capital, counted, duration, plain, trimmed
from mhsim.report.html import figures, items, paragraphs, section, table
from mhsim.stats import Estimate, Numbers
from mhsim.studies.coming_and_going import PLAN, STEPPING, WAYS, Parts, WayOfGoing, persons_resampled

HOURS = "hours_needed"
HOURS_A_WEEK = Scale(1.0, "hours a week", 2)


def rate_label(way: WayOfGoing, rate: float) -> str:
    """Return a rate of a way of going as a table has it."""
    return f"{trimmed(100 * rate, 1)}\u00a0% of helpers" if way.path == STEPPING else f"{trimmed(rate, 1)} persons"


def plans(parts: Parts) -> dict[int, str]:
    """Return the numbers of members kept prepared, in words."""
    return {0: "nobody prepared", parts.plan: f"{counted(parts.plan, 'member')} kept prepared"}


def matrix(parts: Parts, way: WayOfGoing, plan: int, measure: str) -> Numbers:
    """Return a measure along the rates of a way, shape (rates, replicates)."""
    return parts.rows(measure, [way.where(rate, plan) for rate in way.rates(parts)])


def persons(parts: Parts, way: WayOfGoing, plan: int) -> list[float]:
    """Return how many persons went in a year in which the group was open, at each rate; NaN where not counted."""
    wheres = [way.where(rate, plan) for rate in way.rates(parts)]
    return [float(number) for number in persons_resampled(parts, way, wheres)[0]]


def alive(parts: Parts, way: WayOfGoing, plan: int) -> list[Estimate]:
    """Return the share of groups still meeting at the end, at each rate."""
    shares = [stats.share(row) for row in matrix(parts, way, plan, "alive_at_end")]
    return stats.over_draws(shares, [matrix(part, way, plan, "alive_at_end") for part in parts.drawn])


def in_words(parts: Parts, standing: dict[str, Standing]) -> list[str]:
    """Return a sentence for each way: from the lowest to the highest rate, as far as the claim holds."""
    texts = []
    for way in WAYS:
        shares = alive(parts, way, 0)
        one, rates = standing[way.name], way.rates(parts)
        start = (
            f"{capital(way.words)}, nobody prepared: of 100 groups {GROUPS.number(shares[0].value)} were still meeting "
            f"after {duration(parts.data.weeks)} at {rate_label(way, rates[0])} a year, "
            f"{GROUPS.number(shares[-1].value)} at "
            f"{rate_label(way, rates[-1])}."
        )
        fall = fall_of(rates, matrix(parts, way, 0, "alive_at_end"))
        if not one.holds or fall is None or not fall.overall.falls:
            start = f"{start} {one.words()}"
        elif way.path == STEPPING:
            start = f"{start} {place_words(fall)}"
        texts.append(start)
    return texts


def rates_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the section: survival by how often helpers go."""
    long = duration(parts.data.weeks)
    drawn, tables = [], []
    for way in WAYS:
        rates, lines, columns = way.rates(parts), [], {}
        for plan, words in plans(parts).items():
            along = alive(parts, way, plan)
            lines.append(Line(words, range(len(rates)), along))
            columns[f"Still meeting, {words}"] = [GROUPS.estimate(one) for one in along]
            went = [plain(number, 2) for number in persons(parts, way, plan)]
            columns[f"Persons who went, a year, {words}"] = went
        told = "; ".join(
            f"{line.label}: {', '.join(GROUPS.number(one.value) for one in line.estimates)}" for line in lines
        )
        ticks = [trimmed(100 * rate if way.path == STEPPING else rate, 1) for rate in rates]
        axis = "of 100 helpers, a year" if way.path == STEPPING else "persons of a group, a year"
        drawn.append(
            estimates_figure(
                lines, capital(way.words), f"Of 100 groups, {told}.", GROUPS, axis, ticks=ticks, limits=(0, 104)
            )
        )
        head = ["Rate a year", *columns]
        rows = [[rate_label(way, rate), *(cells[k] for cells in columns.values())] for k, rate in enumerate(rates)]
        caption = (
            f"{capital(way.words)}: of 100 groups, still meeting after {long}; and persons who went in a year open"
        )
        tables.append(table(head, rows, caption))
    explanation = (
        "A helper who steps down gives up the role and stays as a member. Who leaves is gone from the group. Stepping "
        "down is a rate of each helper, leaving is counted in persons of the group, so that whoever follows brings no "
        "more of it; the rates stand for the same share of three helpers. Where a plan keeps members prepared, they "
        "have learnt beside a helper, which costs hours, and take over when a place is vacant."
    )
    return section(
        f"How often helpers go: still meeting after {long}",
        paragraphs(explanation),
        items(in_words(parts, standing)),
        figures(drawn, "Of 100 groups; the bars are 95 % ranges. The rates stand at equal distances."),
        *tables,
        key="rates",
    )


def price(parts: Parts) -> str:
    """Return how many more hours a week are called for where members are kept prepared; nothing where not counted."""
    if not parts.data.has(HOURS):
        return ""
    with_it, without = (parts.values(HOURS, {PLAN: plan}) for plan in (parts.plan, 0))
    found = stats.paired_difference(with_it - without)
    if not found.clear:
        return f"What it costs in hours is not clear: {HOURS_A_WEEK.size(found)}."
    more = "more" if found.value > 0 else "fewer"
    size = f"{HOURS_A_WEEK.size(found)} {more}"
    return f"At the rates of the scenario a group’s work calls for {size} where others are prepared."


def plan_section(parts: Parts, standing: dict[str, Standing]) -> Markup:
    """Return the section: what keeping members prepared does, rate by rate."""
    columns: dict[str, list[str]] = {}
    for way in WAYS:
        with_it, without = (matrix(parts, way, plan, "alive_at_end") for plan in (parts.plan, 0))
        found = stats.paired_differences(with_it - without, yes_no=True)
        columns[capital(way.words)] = [GROUPS.change(one) for one in found]
    labels = [
        " / ".join(rate_label(way, rates[k]) for way, rates in zip(WAYS, each, strict=True) if k < len(rates))
        for each in ([way.rates(parts) for way in WAYS],)
        for k in range(max(map(len, each)))
    ]
    rows = [
        [label, *(cells[k] if k < len(cells) else UNKNOWN for cells in columns.values())]
        for k, label in enumerate(labels)
    ]
    caption = "Of 100 groups, more or fewer still meeting with members kept prepared than with nobody prepared"
    texts = [one.words() for name, one in standing.items() if name.startswith("preparing")]
    explanation = (
        "Where others are prepared there is more often a helper who can go, so at one and the same rate more persons "
        "go. So survival is compared twice: at the same rate, and at the same number of persons who go in a year that "
        "the group is open, read off between the rates tried."
    )
    return section(
        "What preparing others changes",
        paragraphs(explanation, price(parts)),
        items(texts),
        table(["Rate a year", *columns], rows, caption),
        key="plan",
    )

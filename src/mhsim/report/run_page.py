"""The page of one history: what happened to the group, who came and went, and how many helped."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np

from mhsim.report.figures import BLUE, GREEN, RED, legend_below, picture
from mhsim.report.formatting import UNKNOWN, capital, duration, joined, plain
from mhsim.report.html import Markup, element, figures, items, note, page, paragraphs, section, table, together
from mhsim.report.provenance import facts_table, session_facts
from mhsim.report.run_data import History, Numbers
from mhsim.report.turnover.reasons import CIRCUMSTANCES, REASONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXITS = {
    "exits_graduated": "left because they were done",
    "exits_dropped_out": "dropped out",
    "exits_came_once": "came once and not again",
    "exits_relapsed": "left in a crisis",
    "exits_burnt_out": "left burnt out",
    "exits_left_with_role": "left with their role",
    "exits_conflict": "left in a conflict",
    "exits_moved_away": "moved away or died",
    "exits_group_closed": "had no group any more",
}
SHARES = ("accommodated_at_52", "accommodated_at_104", "retention_at_13", "retention_at_52", "requests_met")


def run_page(history: History) -> str:
    """Return the page of one history as HTML."""
    title = str(history.scenario.get("title") or history.manifest.get("title") or "One history of a group")
    replicate = history.manifest.get("replicate")
    kicker = "One history of a group" + ("" if replicate is None else f", number {replicate}")
    answer = together([element("h2", "What happened", id="answer"), items(told(history))])
    parts = [
        element("section", answer, class_="answer", aria_labelledby="answer"),
        note("This is one history of a model. Another one under the same assumptions may end quite differently."),
        _over_time(history),
        _exits(history),
        _people(history),
        _provenance(history),
    ]
    return page(title, kicker, parts)


def told(history: History) -> list[str]:
    """Return what happened to the group, in words."""
    weeks = history.number("weeks_to_closure")
    texts = [_fate(history, weeks)]
    for name, what in (("members_at_end", "members"), ("helpers_at_end", "helpers")):
        number = history.number(name)
        if not isnan(number):
            texts.append(f"At the end it had {plain(number, 0)} {what}.")
    visits, arrivals = history.number("first_visits"), history.number("arrivals")
    if not isnan(visits) and not isnan(arrivals):
        texts.append(
            f"{plain(arrivals, 0)} people came into need; {plain(visits, 0)} came to a group for the first time."
        )
    return texts


def _fate(history: History, weeks: float) -> str:
    alive = history.summary.get("alive_at_end")
    if alive is None or isnan(weeks):
        return "There was no group to follow."
    if alive:
        return f"The group was still meeting after {duration(weeks)}."
    reason = REASONS.get(str(history.summary.get("closure_reasons")), "a reason that was not kept")
    found = str(history.summary.get("closure_circumstances") or "").split("+")
    present = [CIRCUMSTANCES[name] for name in found if name in CIRCUMSTANCES]
    also = f" When it closed this was the case: {joined(present)}." if present else ""
    return f"The group closed after {duration(weeks)}: {reason}.{also}"


def _over_time(history: History) -> Markup:
    series = history.series
    if "week" not in series or not len(series["week"]):
        return section("Over time", paragraphs("The weekly series was not kept."), key="time")
    wanted = (
        ("Members of the group", "people", (("focal_members", "members"), ("focal_attended", "at the meeting"))),
        ("Helpers of the group", "people", (("focal_helpers", "helpers"), ("focal_newcomers", "newcomers"))),
        ("Hope of members and others", "0 to 1", (("hope_members", "members"), ("hope_outside", "others in need"))),
        ("Distress of members and others", "0 to 1", (("distress_members", "members"), ("distress_outside", "others"))),
    )
    pictures = [
        lines_picture(series["week"] / 52.0, [(label, series[name]) for name, label in lines if name in series], *about)
        for *about, lines in wanted
        if any(name in series for name, _ in lines)
    ]
    return section("Over time", figures(pictures, "Smoothed over eight weeks."), key="time")


def lines_picture(years: Numbers, lines: list[tuple[str, Numbers]], title: str, ylabel: str) -> str:
    """Return a picture of weekly series."""
    smoothed = [(label, _smoothed(values)) for label, values in lines]

    def draw(axes: Axes) -> None:
        for (label, values), colour, dash in zip(smoothed, (BLUE, RED, GREEN), ("-", (0, (5, 1.5)), ":"), strict=False):
            axes.plot(years, values, color=colour, linestyle=dash, linewidth=1.6, label=label)
        axes.set_xlabel("years")
        axes.set_ylabel(ylabel)
        axes.set_ylim(bottom=0)
        legend_below(axes, 2)

    ends = "; ".join(f"{label}: {_ends(values)}" for label, values in smoothed)
    return picture(draw, title, f"First and last: {ends}.")


def _smoothed(values: Numbers, width: int = 8) -> Numbers:
    """Return the mean of the last weeks at each week, weeks without a value left out."""
    there = ~np.isnan(values)
    totals = np.convolve(np.where(there, values, 0.0), np.ones(width))[: len(values)]
    cases = np.convolve(there.astype(float), np.ones(width))[: len(values)]
    mean: Numbers = np.divide(totals, cases, out=np.full(len(values), np.nan), where=(cases > 0.5) & there)
    return mean


def _ends(values: Numbers) -> str:
    there = values[~np.isnan(values)]
    return f"{plain(float(there[0]))} and {plain(float(there[-1]))}" if len(there) else "no values"


def _exits(history: History) -> Markup:
    rows = [
        [capital(words), plain(history.number(name), 0)]
        for name, words in EXITS.items()
        if not isnan(history.number(name))
    ]
    if not rows:
        return Markup("")
    rows.sort(key=lambda row: -float(row[1]))
    caption = "Exits from groups, by reason; somebody who returns can leave more than once"
    return section("Why people left", table(["Reason", "Times"], rows, caption), key="exits")


def _people(history: History) -> Markup:
    from mhsim.outcomes.measures import MEASURES

    meanings = {measure.name: measure.meaning for measure in MEASURES}
    rows = []
    for name in SHARES:
        value = history.number(name)
        rows.append([capital(meanings[name]), UNKNOWN if isnan(value) else plain(100 * value, 0)])
    return section("How people fared", table(["What", "Of 100"], rows, "Shares, of a hundred"), key="people")


def _provenance(history: History) -> Markup:
    manifest = history.manifest
    facts = [("Seed", str(manifest.get("seed", ""))), ("History", str(manifest.get("replicate", "")))]
    facts += [(f"Digest of the {name}", str(manifest.get(name, ""))) for name in ("scenario", "engine")]
    command = str(manifest.get("command") or "")
    repeat = element("p", together(["The same history comes from:", element("code", command)])) if command else ""
    return section("Where this comes from", repeat, facts_table(facts + session_facts(manifest)), key="provenance")

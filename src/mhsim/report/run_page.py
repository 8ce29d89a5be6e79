"""The page of one run: what happened to the group, who came and went, and how many helped."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME
from mhsim.palette import COLOURS
from mhsim.report.figures import DASHES, legend_below, picture
from mhsim.report.formatting import CIRCUMSTANCES, REASONS, capital, counted, duration, joined, plain, scale_of, small
from mhsim.report.html import (
    NOTHING,
    answer_box,
    element,
    figures,
    items,
    note,
    page,
    paragraphs,
    section,
    table,
    together,
)
from mhsim.report.study_page import facts_table, session_facts
from mhsim.stats import Numbers
from mhsim.studies.data import RunData

if TYPE_CHECKING:
    from matplotlib.axes import Axes

EXIT_WORDS = {
    "exits_graduated": "left because they were done",
    "exits_dropped_out": "dropped out",
    "exits_drifted_off": "were well and came no more",
    "exits_came_once": "came once and not again",
    "exits_relapsed": "left in a crisis",
    "exits_burnt_out": "left burnt out",
    "exits_left_with_role": "left with their role",
    "exits_conflict": "left in a conflict",
    "exits_moved_away": "moved away or died",
    "exits_group_closed": "lost their group when it closed",
}
SHARES = ("accommodated_at_52", "accommodated_at_104", "retention_at_13", "retention_at_52", "requests_met")


def run_page(data: RunData) -> str:
    """Return the page of one run as HTML."""
    title = str(data.scenario.get("title") or data.manifest.get("title") or "One run of a group")
    replicate = data.manifest.get("replicate")
    parts = [
        answer_box(items(what_happened(data)), title="What happened"),
        note("This is one run of a model. Another one under the same assumptions may end quite differently."),
        _over_time(data),
        _exits(data),
        _people(data),
        _provenance(data),
    ]
    return page(title, "One run of a group" + ("" if replicate is None else f", replicate {replicate}"), parts)


def what_happened(data: RunData) -> list[str]:
    """Return what happened to the group, in words."""
    weeks = data.number("weeks_to_closure")
    texts = [_fate(data, weeks)]
    members, helpers = data.number("members_at_end"), data.number("helpers_at_end")
    if not isnan(members) and not isnan(helpers):
        texts.append(
            f"At the end it had {counted(int(members), 'member')}, {counted(int(helpers), 'helper')} among them."
        )
    visits, arrivals = data.number("first_visits"), data.number("arrivals")
    if not isnan(visits) and not isnan(arrivals):
        came = f"{_somebody(int(visits))} came to a group for the first time"
        texts.append(f"{capital(_somebody(int(arrivals)))} came into need; {came}.")
    return texts + [_of_form(data, form) for form in _forms(data)]


def _forms(data: RunData) -> list[str]:
    """Return the names of the forms of a world of several, in their order."""
    first = "groups_ever_of_"
    return [name.removeprefix(first) for name in data.summary if name.startswith(first)]


def _of_form(data: RunData, form: str) -> str:
    """Return what became of the groups of one form, in words."""
    ever, still, members, helpers, visits = (
        int(data.number(f"{name}_of_{form}"))
        for name in ("groups_ever", "open_groups", "members", "helpers", "first_visits")
    )
    had = f"{counted(members, 'member')}, {counted(helpers, 'helper')} among them"
    open_now = f"{small(still)} of {counted(ever, 'group')} still open, with {had}" if still else "no group still open"
    return f"Form {form}: {open_now}; {_somebody(visits)} came there for the first time."


def _somebody(number: int) -> str:
    return {0: "nobody", 1: "one person"}.get(number, f"{small(number)} people")


def _fate(data: RunData, weeks: float) -> str:
    alive = data.summary.get("alive_at_end")
    if alive is None or isnan(weeks):
        return "There was no group to follow."
    if alive:
        return f"The group was still meeting after {duration(weeks)}."
    reason = REASONS.get(str(data.summary.get("closure_reasons")), "a reason that was not recorded")
    found = str(data.summary.get("closure_circumstances") or "").split("+")
    present = [CIRCUMSTANCES[name] for name in found if name in CIRCUMSTANCES]
    also = f" When it closed this was the case: {joined(present)}." if present else ""
    return f"The group closed after {duration(weeks)}: {reason}.{also}"


def _over_time(data: RunData) -> Markup:
    series = data.series
    if "week" not in series or not len(series["week"]):
        return section("Over time", paragraphs("The weekly series was not recorded."), key="time")
    wanted = (
        ("Members of the group", "people", (("focal_members", "members"), ("focal_attended", "at the meeting"))),
        ("Helpers of the group", "people", (("focal_helpers", "helpers"), ("focal_newcomers", "newcomers"))),
        (
            "Members by form",
            "people",
            tuple((f"members_of_{form}", form) for form in _forms(data)),
        ),
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
        for (label, values), colour, dash in zip(smoothed, COLOURS, DASHES, strict=False):
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


def _exits(data: RunData) -> Markup:
    counts = {words: data.number(name) for name, words in EXIT_WORDS.items()}
    rows = [[capital(words), plain(count, 0)] for words, count in counts.items() if not isnan(count)]
    if not rows:
        return NOTHING
    rows.sort(key=lambda row: -float(row[1]))
    caption = "Exits from groups, by reason; somebody who returns can leave more than once"
    return section("Why people left", table(["Reason", "Times"], rows, caption), key="exits")


def _people(data: RunData) -> Markup:
    known = [BY_NAME[name] for name in SHARES]
    rows = [[capital(one.meaning), scale_of(one.name).number(data.number(one.name))] for one in known]
    return section("How people fared", table(["What", "Of 100"], rows, "Shares, of a hundred"), key="people")


def _provenance(data: RunData) -> Markup:
    manifest = data.manifest
    facts = [("Seed", manifest.get("seed")), ("Replicate", manifest.get("replicate"))]
    facts += [(f"Digest of the {name}", manifest.get(name)) for name in ("scenario", "engine")]
    command = str(manifest.get("command") or "")
    repeat = element("p", together(["The same run comes from:", element("code", command)])) if command else NOTHING
    return section("Where this comes from", repeat, facts_table(facts + session_facts(manifest)), key="provenance")

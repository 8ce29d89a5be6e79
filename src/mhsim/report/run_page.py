"""The page of one run: what happened to the group, who came and went, and how many helped."""

from __future__ import annotations

from math import isnan

import numpy as np
from markupsafe import Markup

from mhsim.outcomes.measures import BY_NAME, OF_MODULES, Measure
from mhsim.report import groups_by_form
from mhsim.report.figures import lines_picture
from mhsim.report.formatting import (
    CIRCUMSTANCES,
    REASONS,
    capital,
    counted,
    duration,
    hundred,
    joined,
    plain,
    scale_of,
    small,
    span,
    value_text,
)
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
from mhsim.report.rests import form_parts
from mhsim.report.study_page import facts_table, session_facts
from mhsim.report.wording import Wording
from mhsim.stats import percentiles
from mhsim.studies.data import RunData

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


AGAIN = ("alive_at_end", "weeks_to_closure", "members_at_end", "helpers_at_end", "hope_at_52", "distress_at_52")
"""Measures, besides those shares, that are looked at with other values."""
WORDS = Wording()


def run_page(data: RunData) -> str:
    """Return the page of one run as HTML."""
    title = str(data.scenario.get("title") or data.manifest.get("title") or "One run of a group")
    replicate = data.manifest.get("replicate")
    parts = [
        answer_box(items(what_happened(data)), title="What happened"),
        note("This is one run of a model. Another one under the same assumptions may end quite differently."),
        _over_time(data),
        groups_by_form.run_section(data),
        _exits(data),
        _people(data),
        _with_other_values(data),
        WORDS.section("rests", *form_parts(str(data.scenario.get("form") or "base"))),
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
    texts += [_of_form(data, form) for form in groups_by_form.forms_among(data.summary)]
    own = [measure for each in OF_MODULES.values() for measure in each if measure.name in data.summary]
    return texts + [_of_mechanism(data, measure) for measure in own]


def _of_form(data: RunData, form: str) -> str:
    """Return what became of the groups of one form, in words."""
    ever, still, members, helpers, visits = (
        int(data.number(f"{name}_of_{form}"))
        for name in ("groups_ever", "open_groups", "members", "helpers", "first_visits")
    )
    had = f"{counted(members, 'member')}, {counted(helpers, 'helper')} among them"
    open_now = f"{small(still)} of {counted(ever, 'group')} still open, with {had}" if still else "no group still open"
    return f"Form {groups_by_form.in_words(form)}: {open_now}; {_somebody(visits)} came there for the first time."


def _of_mechanism(data: RunData, measure: Measure) -> str:
    """Return what a measure of an optional mechanism is in this run, in words."""
    scale = scale_of(measure.name)
    value = data.number(measure.name)
    return f"{capital(measure.meaning)}: {'no case' if isnan(value) else f'{scale.number(value)} {scale.unit}'}."


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
        ("Hope of members and others", "0 to 1", (("hope_members", "members"), ("hope_outside", "others in need"))),
        ("Distress of members and others", "0 to 1", (("distress_members", "members"), ("distress_outside", "others"))),
    )
    pictures = [
        lines_picture(series["week"] / 52.0, [(label, series[name]) for name, label in lines if name in series], *about)
        for *about, lines in wanted
        if any(name in series for name, _ in lines)
    ]
    return section("Over time", figures(pictures, "Smoothed over eight weeks."), key="time")


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


def _with_other_values(data: RunData) -> Markup:
    """Return the section: the same history with other values that fit as well; nothing if it was not lived again."""
    rows = [row for row in data.drawn if not row.get("error")]
    if not rows:
        return NOTHING
    listed = []
    for name in (*AGAIN, *SHARES):
        scale, yes_no = scale_of(name), BY_NAME[name].kind == "yes_no"
        found = [float(row[name]) for row in rows if row.get(name) is not None]
        if found:
            low, high = percentiles(np.array(found))
            share = f"{hundred(float(np.mean(found)))} of 100 times"
            ends = share if yes_no else span(scale.number(low), scale.number(high))
            here = value_text(data.summary.get(name)) if yes_no else scale.number(data.number(name))
            listed.append([capital(BY_NAME[name].meaning), scale.unit, here, ends])
    return WORDS.section("again", WORDS.table("again", listed), draws=len(rows))


def _provenance(data: RunData) -> Markup:
    manifest = data.manifest
    facts = [("Seed", manifest.get("seed")), ("Replicate", manifest.get("replicate"))]
    facts += [(f"Digest of the {name}", manifest.get(name)) for name in ("scenario", "engine")]
    command = str(manifest.get("command") or "")
    repeat = element("p", together(["The same run comes from:", element("code", command)])) if command else NOTHING
    return section("Where this comes from", repeat, facts_table(facts + session_facts(manifest)), key="provenance")

"""What a study does not say: what was assumed, what was borrowed, and that nothing here is clinical advice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from mhsim.report.formatting import joined, value_text
from mhsim.report.html import folded, items, paragraphs, section, table
from mhsim.studies.data import StudyData

CARRYING = ("serve", "leave", "close", "arrive", "help")
"""Mechanisms that carry a result about helpers and the life of a group."""
PUBLISHED = (
    "Helper turnover in mutual help has no good published number. Formal volunteers of all kinds lose over a third of "
    "their number in a year, paid peer specialists some 7 to 20 of 100, and of helpers in AA 94 of 100 went on "
    "helping over 15 months. So the rates here are a lever that was moved, not a finding about how often helpers "
    "really change."
)
BORROWED = (
    "How long members of the base scenario stay is borrowed from surveys of AA, for want of figures of its own kind. "
    "Other kinds of group, above all those that people leave because they are done, may behave otherwise."
)


def limits_section(data: StudyData, asked: Sequence[str], *, turnover: bool = False) -> Markup:
    """Return the section: what the study does not say.

    Parameters
    ----------
    data : StudyData
        The study.
    asked : sequence of str
        The paths it is about; whatever else was assumed is listed.
    turnover : bool
        Whether it is about helper turnover.
    """
    from mhsim.scenario import parameter_rows

    rows = parameter_rows()
    guessed = [row for row in rows if row["source"].startswith("assumed")]
    carrying = [row for row in guessed if row["path"].split(".")[0] in CARRYING and row["path"] not in asked]
    texts = [
        "It is not a clinical statement: it says nothing about any real person or group, nor whether anybody should "
        "join or leave one.",
        PUBLISHED if turnover else "",
        BORROWED if "base" in data.values("form") else "",
        f"Of the {len(rows)} numbers and choices in the model, {len(guessed)} are assumed: no source gives them. "
        f"{len(carrying)} of these stand in the mechanisms that matter most for how long a group lasts (taking and "
        "leaving roles, leaving, closing, coming to a group, helping). If a result leans on one of them and it is "
        "wrong, so is the result. They were not varied here.",
        _veterans(data),
    ]
    head = ["Assumed", "Value", "What it stands for"]
    body = [[row["path"], _value(data, row), row["meaning"]] for row in carrying]
    caption = "Assumed, without a source, in the mechanisms that matter most here"
    return section(
        "What it does not say",
        items(texts),
        folded(f"The {len(carrying)} assumed numbers behind the result", table(head, body, caption)) if body else "",
        paragraphs("The command mhsim params lists every number with its source."),
        key="limits",
    )


def _value(data: StudyData, row: dict[str, Any]) -> str:
    """Return every value that a parameter has in the study."""
    return ", ".join(value_text(value) for value in data.values(row["path"]) or (row["default"],))


def _veterans(data: StudyData) -> str:
    path = "share.needs_veteran"
    values = data.values(path)
    if path in data.axes or not values:
        return ""
    return (
        "How far hope depends on seeing somebody who has made it is not known; here it was taken as "
        f"{joined([value_text(value) for value in values])} (0 means not at all, 1 means altogether), and other values "
        "were not tried."
    )

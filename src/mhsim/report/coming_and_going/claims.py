"""What the page claims, and whether each claim holds when a value that is only assumed is a third, or three times.

A claim is the sign of one paired difference of survival. It is made where the difference is clear at the values assumed
and its sign is the same in every row of the table; where a row has the other sign, the page says on what the answer
depends instead. Nothing of this is settled beforehand: it is worked out from the runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from mhsim.report.formatting import GROUPS, Scale, capital, counted, joined, small, value_text
from mhsim.report.html import folded, items, paragraphs, section, table
from mhsim.scenario import Value, parameter_rows
from mhsim.stats import WHY, Estimate
from mhsim.studies.coming_and_going import ASKED, ROBUST, Found, Parts, contrasts, middle, same

CHANCE = 0.05
"""How likely chance alone may be for a row to be told where nothing is clear as assumed, all rows together."""
MOST_NAMED = 3
"""Rows that a sentence names; where more are not clear it says how many."""
MARGIN = 0.1
"""Differences smaller than this, interval and all, are told as none that matters."""


class Claim(NamedTuple):
    """One contrast: its name, its subject as a sentence begins, its head in a table, and what works it out."""

    name: str
    subject: str
    head: str
    found: Found
    rises: str = "lets more groups survive"
    falls: str = "lets fewer groups survive"
    neither: str = "makes no clear difference"
    scale: Scale = GROUPS


class OtherValue(NamedTuple):
    """Another value of what is assumed: its path, the value, how many times the usual one it is, and the contrast."""

    path: str
    value: Value
    times: float
    found: Estimate


@dataclass(frozen=True)
class Standing:
    """A claim with its difference at the values assumed and in every row of the table."""

    claim: Claim
    usual: Estimate
    rows: tuple[OtherValue, ...]

    @cached_property
    def turned(self) -> tuple[OtherValue, ...]:
        """The rows in which the difference has the other sign, or is none at all."""
        sign = np.sign(self.usual.value)
        return tuple(row for row in self.rows if row.found.known and np.sign(row.found.value) != sign)

    @cached_property
    def unclear(self) -> tuple[OtherValue, ...]:
        """The rows of the same sign in which the difference is not clear."""
        return tuple(row for row in self.rows if row.found.known and row not in self.turned and not row.found.clear)

    @property
    def holds(self) -> bool:
        """Whether the difference is clear as assumed and has one sign throughout."""
        return self.usual.clear and not self.turned

    def words(self) -> str:
        """Return what can be said: the claim, that there is none, or on what it depends."""
        if not self.usual.known:
            return f"{self.claim.subject}: there are no pairs of runs to compare."
        if not self.usual.clear:
            return self._none()
        what = self.claim.rises if self.usual.value > 0 else self.claim.falls
        if self.turned:
            return (
                f"Whether {_small(self.claim.subject)} {what} depends on what is only assumed: as assumed it does, by "
                f"{self.claim.scale.size(self.usual)}, but not with {_listed(self.turned)}."
            )
        return f"{self.claim.subject} {what}: {self.claim.scale.size(self.usual)}.{self._how_far()}"

    def _none(self) -> str:
        """Return that no difference is clear, and whether a large one can be ruled out."""
        if self.claim.scale == GROUPS and self.usual.within(MARGIN):
            most = round(100 * max(abs(self.usual.low), abs(self.usual.high)))
            text = f"{self.claim.subject} makes little difference to survival: at most {most} of 100 groups"
        else:
            text = f"{self.claim.subject} {self.claim.neither}: {self.claim.scale.size(self.usual)}"
            text += f" ({WHY[self.usual.verdict]})"
        moved = [row for row in self.rows if row.found.clear and row.found.p * len(self.rows) <= CHANCE]
        return f"{text}, as assumed, but otherwise with {_listed(moved)}." if moved else f"{text}."

    def _how_far(self) -> str:
        """Return in which rows the direction is the same but may be chance."""
        if not self.unclear:
            return ""
        if len(self.unclear) > MOST_NAMED:
            return f" It may be chance in {small(len(self.unclear))} of {small(len(self.rows))} rows of the table."
        return f" It may be chance with {_listed(self.unclear)}."


def _listed(rows: tuple[OtherValue, ...] | list[OtherValue]) -> str:
    means = {row["path"]: f" ({row['meaning']})" for row in parameter_rows()}
    return joined(
        [f"{_times(row.times)} {'of ' if row.times < 1 else ''}{row.path}{means.get(row.path, '')}" for row in rows],
        "or",
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def claims_of(parts: Parts) -> tuple[Claim, ...]:
    """Return the contrasts of the page: at 100 % a year of stepping down and at the same rate in persons leaving."""
    rate, persons = middle(parts)
    each, many = f"at {100 * rate:.0f} % a year", f"{persons:g} persons a year"
    keeping = f"Keeping {counted(parts.plan, 'member')} prepared to follow"
    words = {
        "stepping_down": (f"Stepping down {each}, against none,", f"Stepping down {each}, against none"),
        "leaving": (f"Helpers leaving the group, {many}, against none,", f"Leaving, {many}, against none"),
        "leaving_more": (
            f"Leaving the group, {many}, against stepping down {each} and staying,",
            "Leaving, against stepping down",
        ),
        "preparing_stepping": (
            f"{keeping}, where helpers step down {each},",
            "Preparing, where they step down, same rate",
        ),
        "preparing_stepping_persons": (
            f"{keeping}, at the same number of persons who step down,",
            "Preparing, where they step down, same persons",
        ),
        "preparing_leaving": (
            f"{keeping}, where {many} leave if there is a helper,",
            "Preparing, where they leave, same rate",
        ),
        "preparing_leaving_persons": (
            f"{keeping}, at the same number of persons who leave,",
            "Preparing, where they leave, same persons",
        ),
        "loss": (
            "The loss, once, of the two helpers who do most, who leave the group,",
            "The two who do most leave, once",
        ),
        "cascade": (
            "A first loss, at the rates of the scenario,",
            "Further losses after a first, beyond what is expected",
        ),
    }
    more = {
        "cascade": (
            "is followed within a year by more losses of helpers than expected",
            "is followed within a year by fewer losses of helpers than expected",
            "is followed within a year by about as many losses of helpers as expected",
            Scale(1.0, "helpers", 2),
        )
    }
    found = contrasts(parts)
    return tuple(Claim(name, *words[name], one, *more.get(name, ())) for name, one in found.items())


def tried(parts: Parts) -> list[tuple[str, Value, float]]:
    """Return the assumed values that were tried: path, value, and how many times the usual one it is."""
    found: dict[tuple[str, Value], float] = {}
    for name in parts.names:
        if name.startswith(ROBUST):
            for path, values in parts.data.study["parts"][name].items():
                for value in values if path not in ASKED else ():
                    usual = float(parts.usual[path])
                    if not same(value, usual):
                        found[path, value] = float(value) / usual if usual else np.inf
    return [(path, value, times) for (path, value), times in found.items()]


def standings(parts: Parts) -> dict[str, Standing]:
    """Return every claim with its difference as assumed and at every other value tried."""
    found = {}
    for claim in claims_of(parts):
        rows = (
            OtherValue(path, value, times, claim.found(parts, {path: value})) for path, value, times in tried(parts)
        )
        found[claim.name] = Standing(claim, claim.found(parts, {}), tuple(rows))
    return found


def proviso(found: dict[str, Standing]) -> str:
    """Return for what else the directions hold, in a sentence."""
    rows = next(iter(found.values())).rows
    if not rows:
        return "How far these directions lean on what is only assumed was not tried in this study."
    number = counted(len({row.path for row in rows}), "value")
    were = "was" if number.startswith("one") else "were"
    return (
        f"{capital(number)} that no source gives {were} set to a third and to three times, one at a time. A "
        "direction is given here only if it is the same in all of these rows; the table stands further below."
    )


def robust_section(parts: Parts) -> Markup:
    """Return the section: the claims, and whether they hold at other values of what is only assumed."""
    title = "Do the answers hold where other things are assumed?"
    found = list(standings(parts).values())
    if not found[0].rows:
        text = "No assumed value was varied in this study, so how far the answers lean on them cannot be told."
        return section(title, paragraphs(text), items(one.words() for one in found), key="robust")
    explanation = (
        "Each value below is assumed: no source gives it. It was set to a third and to three times, one at a time, and "
        "the same groups were followed again. What this page says in its sentences is only what keeps its direction in "
        "every row; where a row has another direction, the sentence says on what the answer depends. Other steps, "
        "sizes, starts and rules, and all assumed values of a rule at once, are tried by mhsim robustness; "
        "docs/robustness.md has what it found."
    )
    meanings = {row["path"]: row["meaning"] for row in parameter_rows()}
    head = ["Assumed", *(one.claim.head for one in found)]
    rows = [["As assumed", *(_cell(one, one.usual) for one in found)]]
    for k, row in enumerate(found[0].rows):
        name = f"{capital(meanings.get(row.path, row.path))} ({row.path}): {value_text(row.value)}, {_times(row.times)}"
        rows.append([name, *(_cell(one, one.rows[k].found) for one in found)])
    caption = (
        "Of 100 groups, more or fewer still meeting at the end, unless it says otherwise; “turned” marks a direction "
        "other than as assumed"
    )
    drawn = table(head, rows, caption)
    return section(
        title, paragraphs(explanation), items(one.words() for one in found), folded("The table", drawn), key="robust"
    )


def _cell(one: Standing, found: Estimate) -> str:
    text = one.claim.scale.change(found)
    opposite = one.usual.clear and found.known and np.sign(found.value) != np.sign(one.usual.value)
    return f"{text} turned" if opposite else text


def _times(times: float) -> str:
    if times > 1:
        return f"{times:.3g} times" if abs(times - 3) > 0.01 else "three times"
    return "a third" if abs(times - 1 / 3) < 0.01 else f"{times:.3g}"

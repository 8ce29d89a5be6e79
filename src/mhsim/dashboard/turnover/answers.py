"""The answers to the coordinator's question in words and tables: what is done beside nothing done, by horizon."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mhsim.dashboard.describe import change_in_words
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.question import ALIVE, COLUMNS, HORIZONS, AnswerRow, Cell, time_in_words
from mhsim.dashboard.turnover.sliders import APPRENTICES, HELPERS, LEARNT, MEMBERS, loss_of
from mhsim.dashboard.turnover.wording import halves, meaning, with_sign
from mhsim.report.formatting import capital, counted, duration, joined, plain, signed, small, span

JUDGED = (
    "In brackets stands the range that chance leaves open. Differences are taken from doing nothing, run by run, with "
    "the same chance events. One is called clear only if it stands out among all of its table. Less than 1 of 100 is "
    "called small."
)


def question_in_words(situation: Situation) -> str:
    """Return what is asked, in one sentence or two."""
    members, helpers = int(situation.value(MEMBERS)), int(situation.value(HELPERS))
    group = f"A group of {counted(members, 'member')}, {_of_them(helpers)}"
    learning = int(situation.value(APPRENTICES)) if situation.value(LEARNT) else 0
    group += f", {small(learning)} more learning to help" if learning else ""
    act = next((change for change in situation.changes if change.act), None)
    if act is None:
        return f"{group}. No helpers stop at once. What happens in the next year, in three, in ten?"
    several = int(situation.value("start.groups")) > 1
    does = change_in_words(act.model_copy(update={"set": {}}), several=several)
    when = f"After {time_in_words(act.week)} (week {act.week})" if act.week else "In the first week"
    return f"{group}. {when} {does}. What happens in the next year, in three, in ten?"


def _of_them(helpers: int) -> str:
    return "none of them a helper" if helpers == 0 else f"{counted(helpers, 'helper')} among them"


def not_yet(situation: Situation) -> str:
    """Return which horizons are left out because the loss comes later; empty if none is."""
    count, week = loss_of(situation)
    before = [duration(weeks) for weeks in HORIZONS if count and week >= weeks]
    if not before:
        return ""
    return f"Nothing is said of the group after {joined(before)}: the helpers stop later than that."


def already(arm: AnswerRow, situation: Situation) -> bool:
    """Whether what an arm does holds in the situation as it is."""
    return arm.situation == situation


def waiting(runs: int, asked: int) -> str:
    """Return what is said of a horizon while its runs are not all there."""
    return f"Calculating… {runs} of {asked} runs of each answer are done; too early to say."


def sentences(arms: Sequence[AnswerRow], weeks: int, rows: Sequence[Sequence[Cell]]) -> list[str]:
    """Return what a table says in plain words: doing nothing, then what stands out from it."""
    base = rows[0][0].value
    if not base.known:
        return ["There is no group to follow."]
    said = [
        f"After {duration(weeks)}, with nothing done, {_of_100(base.value)} of 100 groups are still meeting "
        f"({span(_of_100(base.low), _of_100(base.high))})."
    ]
    own = [(arm, row) for arm, row in zip(arms[1:], rows[1:], strict=True) if not already(arm, arms[0].situation)]
    if not any(row[0].change.clear for _, row in own):
        said.append("Nothing in the table below changes clearly how many groups still meet.")
    for c, column in enumerate(COLUMNS):
        up = [_with_change(arm, row[c]) for arm, row in own if row[c].change.rises and not _is_small(row[c])]
        down = [_with_change(arm, row[c]) for arm, row in own if row[c].change.falls and not _is_small(row[c])]
        for which, names in (("more", up), ("fewer", down)):
            if names:
                said.append(f"{capital(_what(column.name, which))} than with nothing done: {joined(names)}.")
    return said


def _what(name: str, which: str) -> str:
    return {
        ALIVE: f"clearly {which} groups still meeting",
        "helpers_at_end": f"clearly {which} helpers then",
        "members_at_end": f"clearly {which} members then",
        "unmet": f"clearly {which} requests for which nobody was free",
    }[name]


def _is_small(cell: Cell) -> bool:
    limit = 1.0 if cell.column.scale > 1.0 else 0.1
    return abs(cell.column.scale * cell.change.value) < limit


def _with_change(arm: AnswerRow, cell: Cell) -> str:
    return f"“{arm.name}” ({change_text(cell)})"


def _of_100(share: float) -> str:
    return halves(share)


def value_text(cell: Cell) -> str:
    """Return a value with its interval."""
    if not cell.value.known:
        return "no case"
    scale, digits = cell.column.scale, cell.column.digits
    if cell.column.name == ALIVE:
        return f"{halves(cell.value.value)} ({span(halves(cell.value.low), halves(cell.value.high))})"
    value, low, high = (plain(scale * part, digits) for part in (cell.value.value, cell.value.low, cell.value.high))
    return f"{value} ({span(low, high)})"


def change_text(cell: Cell) -> str:
    """Return a difference from doing nothing with its interval."""
    scale, change = cell.column.scale, cell.change
    if not change.known:
        return ""
    if cell.column.name == ALIVE:
        return f"{with_sign(change.value)}, {span(with_sign(change.low), with_sign(change.high))}"
    digits = cell.column.digits + (abs(scale * change.value) < 1)
    ends = span(signed(scale * change.low, digits), signed(scale * change.high, digits))
    return f"{signed(scale * change.value, digits)}, {ends}"


def answers_table(arms: Sequence[AnswerRow], weeks: int, rows: Sequence[Sequence[Cell]]) -> str:
    """Return the answers of one horizon side by side, as markup."""
    head = "".join(
        f'<th scope="col">{escape(column.words)} <small>{escape(column.unit)}</small></th>' for column in COLUMNS
    )
    body = []
    for arm, row in zip(arms, rows, strict=True):
        same = arm is not arms[0] and already(arm, arms[0].situation)
        about = "it is so already: the same as doing nothing" if same else arm.about
        cells = "".join(f'<td data-name="{escape(cell.column.words)}">{_cell(cell, same)}</td>' for cell in row)
        body.append(f'<tr><th scope="row">{escape(arm.name)} <small>{escape(about)}</small></th>{cells}</tr>')
    about = "averages over runs, and below each the difference from doing nothing"
    caption = f"<caption>After {duration(weeks)}: {about}</caption>"
    return (
        f'<table class="turnover-people turnover-asked">{caption}<thead><tr><th scope="col">What is done</th>{head}'
        f"</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _cell(cell: Cell, same: bool) -> str:
    value = escape(value_text(cell))
    if same or not cell.change.known:
        return value
    means = meaning(cell.change, cell.column.scale)
    change = "no difference" if cell.change.identical else f"{change_text(cell)}: {means}"
    return f"{value} <small>{escape(change)}</small>"

"""Reading a group's own record from CSV: who came and left when, how many were at meetings, who helped from when on.

Which of the three it is, the header says. Every row that cannot be used is told with its line; identifiers of persons
are compared with one another while a file is read, and kept nowhere.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from mhsim.calibration.fitting.record import Record, Spell, WeekCount
from mhsim.errors import InputError, shown

HEADERS = {
    "members": ("member", "join", "leave"),
    "attendance": ("week", "present"),
    "roles": ("member", "role", "from", "to"),
}
"""The columns each kind of record needs; attendance may have `date` in the place of `week`, and `newcomers`."""
ROLES = ("helper", "organiser")
MOST_ROWS, MOST_PRESENT = 200_000, 5000
MOST_TOLD = 36
"""Bad rows that are told one by one."""
EARLIEST = date(1900, 1, 1)
Row = dict[str, str]


class BadRows(InputError):
    """Rows of a record that cannot be used; `problems` holds one error for each, with its line."""

    def __init__(self, file: str, problems: list[InputError], rows: int) -> None:
        told = "" if len(problems) <= MOST_TOLD else f"; the first {MOST_TOLD} are told"
        super().__init__(f"{len(problems)} of {rows} rows cannot be used{told}; nothing was fitted", file)
        self.problems = problems[:MOST_TOLD]


@dataclass
class _Reading:
    """A file that is being read, and what was wrong in it so far."""

    file: str
    problems: list[InputError] = field(default_factory=list)

    def wrong(self, line: int, text: str) -> None:
        self.problems.append(InputError(text, self.file, line))


def read_record(path: Path) -> Record:
    """Return the record in a file.

    Raises
    ------
    BadRows
        If rows cannot be used; it holds an error for each.
    InputError
        If the file cannot be read, or its header is none that is known.
    """
    header, rows = _table(path)
    kind = _kind_of(header, path)
    reading = _Reading(str(path))
    makers: dict[str, Callable[[list[tuple[int, Row]], _Reading], Record]]
    makers = {"members": _members, "attendance": _attendance, "roles": _roles}
    record = makers[kind](rows, reading)
    if reading.problems:
        raise BadRows(str(path), sorted(reading.problems, key=lambda problem: problem.line or 0), len(rows))
    if not record.spells and not record.counts:
        raise InputError("it has a header and no row that can be used", str(path))
    return record


def _table(path: Path) -> tuple[list[str], list[tuple[int, Row]]]:
    """Return the header and the rows with their lines; comma, semicolon or tab stand between the fields."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("this is no text in UTF-8; save it as CSV UTF-8", str(path)) from None
    except OSError as problem:
        raise InputError(f"this file cannot be read: {problem.strerror or problem}", str(path)) from None
    first = text.split("\n", 1)[0]
    between = max(",;\t", key=first.count)
    lines = csv.reader(text.splitlines(), delimiter=between)
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        rows = []
        for cells in lines:
            if any(cell.strip() for cell in cells):
                values = [cell.strip() for cell in cells] + [""] * (len(header) - len(cells))
                rows.append((lines.line_num, dict(zip(header, values, strict=False))))
    except csv.Error as problem:
        raise InputError(f"this is no table: {problem}", str(path), lines.line_num) from None
    if len(rows) > MOST_ROWS:
        raise InputError(f"it has {len(rows)} rows; allowed: up to {MOST_ROWS}", str(path))
    return header, rows


def _kind_of(header: list[str], path: Path) -> str:
    """Return the kind of record a header stands for."""
    names = {"week" if name == "date" else name for name in header}
    kinds = [kind for kind, needed in HEADERS.items() if names.issuperset(needed)]
    if len(kinds) == 1:
        return kinds[0]
    allowed = "; ".join(f"{', '.join(needed)} ({kind})" for kind, needed in HEADERS.items())
    given = ", ".join(header) if any(header) else "nothing"
    raise InputError(
        f"the header is {shown(given)}; allowed: {allowed}; date may stand for week, and newcomers may follow present",
        str(path),
        1,
    )


def _day(text: str, line: int, name: str, reading: _Reading) -> date | None:
    """Return a day as ISO 8601 writes it, or the Monday of a week such as 2024-W05; None if it is neither."""
    try:
        week_of = name == "week" and "W" in text and len(text) <= len("2024-W05")
        day = date.fromisoformat(f"{text}-1" if week_of and "-" in text else text)
    except ValueError:
        also = ", or as 2024-W05" if name == "week" else ""
        reading.wrong(line, f"{name}: given {shown(text or None)}; allowed: a day as 2024-01-31{also}")
        return None
    if day < EARLIEST:
        reading.wrong(line, f"{name}: given {text}; allowed: from {EARLIEST} on")
        return None
    return day


def _spells(rows: list[tuple[int, Row]], begin: str, end: str, reading: _Reading) -> list[Spell]:
    """Return the spells of rows; of one person they may follow one another but not overlap."""
    by_person: dict[str, list[tuple[date, date | None, int]]] = defaultdict(list)
    for line, row in rows:
        if not row["member"]:
            reading.wrong(line, "member: given nothing; allowed: any word or number that is always the same person's")
            continue
        first = _day(row[begin], line, begin, reading)
        last = _day(row[end], line, end, reading) if row[end] else None
        if first is None or (row[end] and last is None):
            continue
        if last is not None and last < first:
            reading.wrong(line, f"{end}: {last} lies before {begin}, {first}")
            continue
        by_person[row["member"]].append((first, last, line))
    found = []
    for spells in by_person.values():
        spells.sort(key=lambda spell: (spell[0], spell[2]))
        for (first, last, before), (again, until, line) in pairwise(spells):
            if (first, last) == (again, until):
                reading.wrong(line, f"the same row stands in line {before}")
            elif last is None or again < last:
                until_then = "has no end" if last is None else f"ends {last}"
                reading.wrong(line, f"{begin}: {again} lies in the spell of line {before}, which {until_then}")
        found += [Spell(first, last) for first, last, _ in spells]
    return found


def _members(rows: list[tuple[int, Row]], reading: _Reading) -> Record:
    return Record("members", tuple(_spells(rows, "join", "leave", reading)))


def _roles(rows: list[tuple[int, Row]], reading: _Reading) -> Record:
    for line, row in rows:
        if row["role"].lower() not in ROLES:
            reading.wrong(line, f"role: given {shown(row['role'] or None)}; allowed: {', '.join(ROLES)}")
    helping = [(line, row) for line, row in rows if row["role"].lower() == "helper"]
    others = sum(row["role"].lower() == "organiser" for _, row in rows)
    notes = (f"{others} rows of organisers were left aside: what is fitted is helping",) if others else ()
    return Record("roles", tuple(_spells(helping, "from", "to", reading)), notes=notes)


def _whole(text: str, most: int, line: int, name: str, reading: _Reading) -> int | None:
    """Return a whole number from 0 to `most`; None if it is none."""
    if text.isascii() and text.isdigit() and int(text[:9]) <= most:
        return int(text)
    reading.wrong(line, f"{name}: given {shown(text or None)}; allowed: a whole number from 0 to {most}")
    return None


def _attendance(rows: list[tuple[int, Row]], reading: _Reading) -> Record:
    found: dict[date, WeekCount] = {}
    lines: dict[date, int] = {}
    for line, row in rows:
        column = "week" if "week" in row else "date"
        day = _day(row[column], line, column, reading)
        present = _whole(row["present"], MOST_PRESENT, line, "present", reading)
        noted = row.get("newcomers", "")
        newcomers = _whole(noted, MOST_PRESENT, line, "newcomers", reading) if noted else None
        if day is None or present is None or (noted and newcomers is None):
            continue
        monday = day - timedelta(day.weekday())
        if newcomers is not None and newcomers > present:
            reading.wrong(line, f"newcomers: {newcomers} of {present} present; newcomers are counted among them")
        elif monday in found:
            reading.wrong(line, f"{column}: the week of {monday} stands in line {lines[monday]} already")
        else:
            found[monday], lines[monday] = WeekCount(monday, present, newcomers), line
    return Record("attendance", counts=tuple(found[day] for day in sorted(found)))

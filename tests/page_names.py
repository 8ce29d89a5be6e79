"""Invented names of people and groups as the guide promises them, worked out here and not by a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_uppercase

from mhsim.export.page_facts import DAYS, FIRST_NAMES, TIMES
from mhsim.schema import STARTERS_STEP


def invented(people: Iterable[str]) -> dict[str, str]:
    """Return the names: in order of arrival, starters first; from the second round on with one more initial."""

    def order(person: str) -> tuple[int, int, int]:
        community, step, index = (int(part) for part in person.split("-"))
        return community, -1 if step == STARTERS_STEP else step, index

    found = {}
    for place, person in enumerate(sorted(people, key=order)):
        again, number = divmod(place, len(FIRST_NAMES))
        assert again < len(ascii_uppercase), "two initials are asked of nobody here"
        found[person] = FIRST_NAMES[number] + (f" {ascii_uppercase[again]}." if again else "")
    return found


def group_name(number: int, form: str = "") -> str:
    """Return what a group is called where there are several: "the Tuesday group", "the Tuesday online group"."""
    time, day = divmod(number, len(DAYS))
    form = f" {form}" if form else ""
    return f"the {DAYS[day]}{TIMES[time]}{form} group" if time < len(TIMES) else f"{form} group {number}".strip()


def with_names(text: str, names: dict[str, str]) -> str:
    """Return a text with these names in place of community-step-index, and of "group 3"."""
    named = re.sub(r"\b\d+-\d+-\d+\b", lambda match: names.get(match[0], match[0]), text)

    def called(match: re.Match[str]) -> str:
        name = group_name(int(match[2]))
        return name[:1].upper() + name[1:] if match[1] == "G" else name

    return re.sub(r"\b([Gg])roup (\d+)\b", called, named)

"""Invented names for the people and groups of a history, so that a story reads like one.

A name says nothing about anybody: names are given in order, people who were there at the start first. When all first
names are given they start again with an initial: "Ada", then "Ada B." Groups are called by when they meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from string import ascii_uppercase

from mhsim.schema import STARTERS_STEP

FIRST_NAMES = tuple((Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").split())
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TIMES = ("", " evening", " morning", " lunchtime", " late", " early")
PERSON = re.compile(r"\b\d+-\d+-\d+\b")
GROUP = re.compile(r"\b([Gg])roup (\d+)\b")


def invented(people: Iterable[str]) -> dict[str, str]:
    """Return an invented name for each person, given as community-step-index."""
    order = sorted(people, key=_order)
    return {person: _name(place) for place, person in enumerate(order)}


def group_name(number: int, form: str = "") -> str:
    """Return what a group is called where there are several: "the Tuesday group", "the Tuesday online group"."""
    form = f" {form}" if form else ""
    time, day = divmod(number, len(DAYS))
    if time >= len(TIMES):
        return f"{form[1:]} group {number}".lstrip()
    return f"the {DAYS[day]}{TIMES[time]}{form} group"


def with_names(text: str, names: dict[str, str]) -> str:
    """Return a text with invented names in place of community-step-index, and of the numbers of groups."""
    named = PERSON.sub(lambda match: names.get(match.group(), match.group()), text)
    return GROUP.sub(_named_group, named)


def _named_group(match: re.Match[str]) -> str:
    name = group_name(int(match.group(2)))
    return name[:1].upper() + name[1:] if match.group(1) == "G" else name


def _order(person: str) -> tuple[int, int, int]:
    community, step, index = (int(part) for part in person.split("-"))
    return community, -1 if step == STARTERS_STEP else step, index


def _name(place: int) -> str:
    again, number = divmod(place, len(FIRST_NAMES))
    initials = ""
    while again:
        again, letter = divmod(again, len(ascii_uppercase))
        initials = f" {ascii_uppercase[letter]}.{initials}"
    return FIRST_NAMES[number] + initials

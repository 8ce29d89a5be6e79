"""Invented first names for the people of a history, so that a life reads like one.

A name says nothing about anybody: names are given in order, those who were there at the opening first. When all names
are given they start again with a number: "Ada", then "Ada 2".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

FIRST_NAMES = tuple((Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").split())
STARTED = 4095
"""The step in the names of people who were there at the opening."""
PERSON = re.compile(r"\b\d+-\d+-\d+\b")


def invented(people: Iterable[str]) -> dict[str, str]:
    """Return an invented name for each person, given as community-step-index."""
    order = sorted(people, key=_order)
    return {person: _name(place) for place, person in enumerate(order)}


def with_names(text: str, names: dict[str, str]) -> str:
    """Return a text with the invented names in place of community-step-index."""
    return PERSON.sub(lambda found: names.get(found.group(), found.group()), text)


def _order(person: str) -> tuple[int, int, int]:
    community, step, index = (int(part) for part in person.split("-"))
    return community, -1 if step == STARTED else step, index


def _name(place: int) -> str:
    again, number = divmod(place, len(FIRST_NAMES))
    return FIRST_NAMES[number] if not again else f"{FIRST_NAMES[number]} {again + 1}"

"""The events of optional mechanisms in stories: which there are, and their words beside those of a language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mhsim.plugins import Event

ANOTHER = "{other}"
SPOKEN = "en"
"""The language that stands in where an event has no words of one."""


@cache
def own_events() -> dict[str, Event]:
    """Return the events of optional mechanisms by their kind in the log, as ``sponsor_taken``."""
    from mhsim.modules import optional

    return {f"{name}_{event.name}": event for name, rule in optional().items() for event in rule.events}


def own_kinds(of: str) -> tuple[str, ...]:
    """Return the kinds that are about "people" or about "groups"."""
    return tuple(kind for kind, event in own_events().items() if event.of == of)


def names_another(kind: str) -> bool:
    """Tell whether an event of an optional mechanism names another person."""
    return kind in own_events() and ANOTHER in own_events()[kind].words[SPOKEN][0]


def with_own_words(data: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the sentences of a language together with those of optional mechanisms."""
    found = data | {section: dict(data[section]) for section in ("life", "group", "feed")}
    for kind, event in own_events().items():
        told, one, several = event.words.get(language, event.words[SPOKEN])
        found["feed"][kind] = {"one": one, "other": several}
        if event.of == "people":
            found["life"][kind], found["group"][kind] = told, found["feed"][kind]
        else:
            found["group"][kind] = told
    return found

"""Notable lives of a group, chosen by rule and never by how well they make a point.

Of one group: the first to become a helper; the first to leave within 13 weeks of the first visit, whatever the reason;
the first to leave having found what was needed. "First" is by week, then by arrival. Nobody is named twice: who is
already named gives place to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mhsim.stories.histories import GroupHistory, group_history
from mhsim.stories.narrator import Narrator
from mhsim.stories.records import Chronicle, chronicle_of

if TYPE_CHECKING:
    from mhsim.engine import Simulation
    from mhsim.outcomes.results import Run

EARLY_WEEKS = 13
RULES = ("first_helper", "left_early", "done")


@dataclass(frozen=True)
class NotableLife:
    """A life chosen by one of the rules.

    Attributes
    ----------
    rule : str
        By which rule: "first_helper", "left_early" or "done".
    person : str or None
        The person's name; None if there is nobody yet.
    text : str
        The same in a sentence.
    """

    rule: str
    person: str | None
    text: str


def notable_lives(
    record: Run | Simulation | Chronicle, group: int | None = None, language: str = "en"
) -> tuple[NotableLife, ...]:
    """Return up to three notable lives of one group, the focal one unless given, chosen by the rules above.

    Raises
    ------
    InputError
        If the record keeps no event log, or there is no such group or language.
    """
    chronicle = chronicle_of(record)
    voice = Narrator(chronicle, language)
    past = group_history(chronicle, chronicle.scenario.focal_group if group is None else group)
    chosen: dict[str, str | None] = {}
    for rule in RULES:
        taken = set(chosen.values())
        chosen[rule] = next((person for person in _candidates(past, rule) if person not in taken), None)
    return tuple(NotableLife(rule, person, _told(voice, rule, person)) for rule, person in chosen.items())


def _candidates(past: GroupHistory, rule: str) -> Iterator[str]:
    """Yield the people to whom a rule applies, in order of weeks and arrival."""
    visited: dict[str, float] = {}
    for person, one in past.named:
        if one.kind == "first_visit":
            visited[person] = one.week
        early = one.kind == "left" and person in visited and one.week - visited[person] <= EARLY_WEEKS
        applies = {
            "first_helper": one.kind == "became_helper",
            "left_early": early,
            "done": one.kind == "left" and one.reason == "graduated",
        }
        if applies[rule]:
            yield person


def _told(voice: Narrator, rule: str, person: str | None) -> str:
    weeks = voice.say("words.weeks", number=EARLY_WEEKS)
    says = voice.say(f"worth.{rule}", weeks=weeks)
    return voice.say("worth.line", person=person, rule=says) if person else voice.say("worth.nobody", rule=says)

"""How a story speaks: the sentences of one language, and what groups, people, times and events are called in them.

A sentence is looked up by name, with the right plural, and with numbers as that language writes them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from mhsim.errors import InputError, shown
from mhsim.stories.histories import NO_GROUP, Occurrence, course_of
from mhsim.stories.own_words import with_own_words
from mhsim.stories.records import Chronicle

CLAUSE_BY_REASON = ("left", "ended")
FOLDER = Path(__file__).parent / "languages"
PLURALS: dict[str, Callable[[int], str]] = {
    "one_other": lambda count: "one" if count == 1 else "other",
    "one_below_two": lambda count: "one" if count < 2 else "other",
    "other": lambda count: "other",
}
"""Ways to choose a plural form; a language file names one under `plural`."""


class Catalogue:
    """The sentences of one language.

    Parameters
    ----------
    language : str
        Its name, such as "en".
    data : dict
        What its file holds: settings, and sentences in sections.
    """

    def __init__(self, language: str, data: dict[str, Any]) -> None:
        self.language = language
        self.data = data
        self.plural = PLURALS[data["plural"]]

    def say(self, key: str, number: int | None = None, **values: Any) -> str:
        """Return a sentence with its values filled in.

        Parameters
        ----------
        key : str
            Section and name, such as "life.crisis".
        number : int, optional
            What decides between plural forms; the sentence may show it as {count}.
        **values
            Text, or numbers that are written as the language does.
        """
        template = self.template(key)
        if isinstance(template, dict):
            form = str(number) if str(number) in template else self.plural(number or 0)
            template = template[form]
        if number is not None:
            values["count"] = self.counted(number)
        filled = {name: value if isinstance(value, str) else self.number(value) for name, value in values.items()}
        return str(template.format_map(filled))

    def template(self, key: str) -> Any:
        """Return what stands under a name, not yet filled in: text, or a mapping of plural forms."""
        found: Any = self.data
        for part in key.split("."):
            found = found[part]
        return found

    def counted(self, number: int) -> str:
        """Return a small number as a word, a larger one in digits."""
        words: list[str] = self.data["number_words"]
        return words[number] if 0 <= number < len(words) else self.number(number)

    def number(self, value: float) -> str:
        """Return a number in digits, with at most one decimal, as this language writes it."""
        text = f"{value:,.1f}".removesuffix(".0")
        signs = {",": self.data["thousands"], ".": self.data["decimal"], "-": "−"}
        return "".join(signs.get(sign, sign) for sign in text)

    def with_subject(self, subject: str, clause: str) -> str:
        """Return a whole sentence from who it is about and what happened."""
        return self.say("words.sentence", subject=subject, clause=clause)

    def listed(self, parts: list[str]) -> str:
        """Return parts as one list: "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("words.last_of_list", rest=", ".join(parts[:-1]), last=parts[-1])


@cache
def languages() -> tuple[str, ...]:
    """Return the names of the languages there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the sentences of a language.

    Raises
    ------
    InputError
        If there is no such language; the message names those there are.
    """
    if language not in languages():
        raise InputError(f"language: there is none like {shown(language)}; allowed are {', '.join(languages())}")
    with (FOLDER / f"{language}.toml").open("rb") as stream:
        return Catalogue(language, with_own_words(tomllib.load(stream), language))


class Narrator(Catalogue):
    """The sentences of one language, about the people and groups of one chronicle.

    Parameters
    ----------
    chronicle : Chronicle
        What there is to tell.
    language : str
        In which language.
    """

    def __init__(self, chronicle: Chronicle, language: str) -> None:
        super().__init__(language, catalogue(language).data)
        self.chronicle = chronicle
        self._courses: dict[str, list[Occurrence]] = {}

    def group(self, number: int, inside: str = "") -> str:
        """Return what a group is called ("the group" where there is only one), or the words for being `inside` it."""
        if number == NO_GROUP:
            return self.say(f"words.{inside}no_group")
        if not self.chronicle.several_groups:
            return self.say(f"words.{inside}the_group")
        return self.say(f"words.{inside}group", label=number)

    def times(self, number: int) -> str:
        """Return how often: "once", "twice", "three times"."""
        return self.say("words.times", number=number)

    def when(self, week: float, until: float | None = None) -> str:
        """Return a time, or a span of time, in words; weeks before the opening are counted back from it."""
        if until is None or until == week:
            return self.say("when.week", week=week) if week >= 0 else self._before("when.before", -week)
        if week >= 0:
            return self.say("when.weeks", first=week, last=until)
        if until < 0:
            return self.say("when.before_span", first=-week, last=-until)
        return self.say("when.to_after", first=-week, last=until)

    def now(self) -> str:
        """Return the end of the record in words."""
        week = self.chronicle.week
        return self._before("when.now" if week >= 0 else "when.now_before", abs(week))

    def _before(self, key: str, weeks: float) -> str:
        return capitalised(self.say(key, number=int(weeks) if weeks == int(weeks) else 2, weeks=weeks))

    def person(self, name: str, week: float) -> str:
        """Return a person with the role held in a week."""
        role = next((o.role for o in self.course(name) if o.week >= week), None) or self.chronicle.life(name).role
        return self.say("words.person_role", person=name, role=self.say(f"role.{role}"))

    def place_words(self, group: int, stage: str) -> dict[str, Any]:
        """Return the words for a group, for being in it, and for a stage."""
        return {"group": self.group(group), "in_group": self.group(group, "in_"), "stage": self.say(f"stage.{stage}")}

    def course(self, person: str) -> list[Occurrence]:
        """Return the course of one life; it is worked out once."""
        if person not in self._courses:
            self._courses[person] = course_of(self.chronicle, self.chronicle.life(person))
        return self._courses[person]

    def clause(self, occurrence: Occurrence) -> str:
        """Return what happened as a sentence without subject, time and full stop."""
        kind, values = occurrence.kind, self.place_words(occurrence.group, occurrence.stage)
        if kind in CLAUSE_BY_REASON:
            return self.say(f"{kind}.{occurrence.reason or 'none'}", **values)
        if kind == "role_ended":
            burnt_out = occurrence.reason == "burnt_out"
            return self.say("role_ended.burnt_out" if burnt_out else "role_ended.left_with_role")
        if occurrence.learnt:
            return self.say(f"prepared.{kind}")
        if kind == "set_back":
            return self.say(f"set_back.{occurrence.stage}")
        if kind == "crisis":
            return self.say("crisis.once")
        if kind == "moved_group":
            values["origin"] = self.group(occurrence.origin)
            return self.say(f"moved_group.{self._why_moved(occurrence)}", **values)
        if kind == "helped_by":
            return self.say("helped_by.once", other=self.person(str(occurrence.other), occurrence.week))
        if kind == "arrived":
            return self.say("life.need_arose")
        if kind == "founded" and occurrence.role == "helper":
            return self.say("life.founded_as_helper", **values)
        if occurrence.other is not None:
            values["other"] = self.person(occurrence.other, occurrence.week)
        return self.say(f"life.{kind}", **values)

    def _why_moved(self, occurrence: Occurrence) -> str:
        groups = self.chronicle.groups
        if occurrence.origin != NO_GROUP and groups[occurrence.origin].closed_week == occurrence.week:
            return "closed"
        target = groups[occurrence.group]
        split = target.parent == occurrence.origin and target.founded_week == occurrence.week
        return "split" if split else "other"


def finished(text: str) -> str:
    """Return a sentence with its full stop."""
    return text if text.endswith(".") else text + "."


def most_often(names: Sequence[str]) -> tuple[str, int, int]:
    """Return the commonest name (the first of equals), how often it occurs and how many different ones there are."""
    counts = Counter(names)
    best, times = counts.most_common(1)[0]
    return best, times, len(counts)


def capitalised(text: str) -> str:
    """Return a text with its first letter large."""
    return text[:1].upper() + text[1:]

"""The sentences of stories: complete in every language, filled in without gaps, and fair to the people they tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest

from mhsim.engine.events import KINDS
from mhsim.errors import InputError
from mhsim.report.run_page import EXIT_WORDS
from mhsim.schema import CLASSES, CLOSING, EXITS, REASONS, ROLES, STAGES, STATUSES
from mhsim.stories import languages
from mhsim.stories.feed import MOST_TELLING_FIRST, NOT_NEWS
from mhsim.stories.narrator import PLURALS, catalogue

NOT_SAID = {
    "en": (
        *("addict", "patient", "victim", "fail", "relaps", "junkie", "abuse", "suffer", "clean", "dirty", "cure"),
        *("normal", "crazy", "disorder", "illness", "weak", "client", "case", "deserve", "he", "she", "his", "her"),
    ),
    "de": (
        *("süchtig", "sucht", "patient", "opfer", "versag", "scheiter", "rückfall", "leiden", "krank", "geheilt"),
        *("normal", "verrückt", "störung", "schwach", "klient", "fall", "helferin", "helfer", "er", "ihm", "ihn"),
    ),
}
"""What is never said of people; short words are looked for as whole words, longer ones as parts of words."""


def sentences(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the plural form ("" for none) and the text of every sentence of a language."""
    for section, entries in catalogue(language).data.items():
        if isinstance(entries, dict):
            for name, entry in entries.items():
                forms = entry if isinstance(entry, dict) else {"": entry}
                for form, text in forms.items():
                    yield f"{section}.{name}", form, text


def places(text: str) -> set[str]:
    """Return the names of the places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def places_by_name(language: str) -> dict[str, set[str]]:
    """Return for every sentence the places it has in any of its forms."""
    found: dict[str, set[str]] = {}
    for name, _, text in sentences(language):
        found.setdefault(name, set()).update(places(text))
    return found


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same(language: str) -> None:
    """A sentence missing in one language, or a name lost in translating, would show only when somebody reads it."""
    ours, theirs = places_by_name(language), places_by_name("en")
    assert ours.keys() == theirs.keys()
    times = {"weeks", "count"}  # a language may say "one week" without the number
    for name in ours:
        assert ours[name] | times == theirs[name] | times, name


@pytest.mark.parametrize("language", languages())
def test_plural_forms_are_complete(language: str) -> None:
    """A number must never meet a form that is not there, nor a plural form without its number."""
    words = catalogue(language)
    needed = {PLURALS[words.data["plural"]](count) for count in range(200)}
    forms: dict[str, dict[str, str]] = {}
    for name, form, text in sentences(language):
        if form:
            forms.setdefault(name, {})[form] = text
    assert forms
    for name, texts in forms.items():
        covered = {int(form) for form in texts if form.isdigit()}
        assert needed <= texts.keys() | {PLURALS[words.data["plural"]](count) for count in covered}, name
        assert places(texts["other"]) & {"count", "weeks"}, name


@pytest.mark.parametrize("language", languages())
def test_everything_the_model_knows_has_words(language: str) -> None:
    """A new kind of event, reason or stage without words would end a story in an error."""
    data = catalogue(language).data
    assert set(REASONS) == set(data["left"]) == set(data["ended"]) == set(data["replay_left"])
    assert set(CLOSING) == set(data["closing"]) and set(STATUSES) == set(data["status"])
    assert set(ROLES) == set(data["role"]) == set(data["as_role"])
    assert set(STAGES) == set(data["stage"]) and set(CLASSES) == set(data["course"])
    for kind in KINDS:
        if kind.startswith("group_") or kind in NOT_NEWS:
            continue
        has_clause = kind in data["life"] or kind in data
        assert has_clause, kind
        assert kind == "none" or kind in data["feed"], kind
        assert kind == "none" or kind in MOST_TELLING_FIRST, kind


def test_the_report_of_a_run_has_words_for_every_exit() -> None:
    """A new reason without words would be left out of the table of exits without a sign."""
    assert set(EXIT_WORDS) == {f"exits_{reason}" for reason in EXITS}


@pytest.mark.parametrize("language", languages())
def test_every_sentence_can_be_filled_in(language: str) -> None:
    """Whatever the number, a sentence given its names leaves no bracket behind and says all of them."""
    words, known = catalogue(language), places_by_name(language)
    for name, wanted in known.items():
        values: dict[str, Any] = {place: f"<{place}>" for place in wanted - {"count"}}
        has_forms = isinstance(words.template(name), dict)
        for number in (0, 1, 2, 13, 1234) if has_forms else (None,):
            text = words.say(name, number, **values)
            assert text and "{" not in text and "}" not in text and "  " not in text, name


@pytest.mark.parametrize("language", languages())
def test_words_that_must_not_occur(language: str) -> None:
    """People in need are not named by a label, blamed, or assumed to be men or women."""
    assert language in NOT_SAID, "a language needs its list of words that must not occur"
    for name, _, text in sentences(language):
        for word in re.findall(r"\w+", re.sub(r"\{.*?\}", "", text.lower())):
            for banned in NOT_SAID[language]:
                assert not (word == banned if len(banned) <= 3 else banned in word), (name, text)


def test_numbers_as_each_language_writes_them() -> None:
    """A German reader takes 1,234 for a little more than one."""
    english, german = catalogue("en"), catalogue("de")
    assert [english.number(value) for value in (3, 1234, 12.5, -4.0)] == ["3", "1,234", "12.5", "−4"]
    assert [german.number(value) for value in (3, 1234, 12.5)] == ["3", "1.234", "12,5"]
    assert [english.say("words.times", number=n) for n in (1, 2, 3, 13)] == ["once", "twice", "three times", "13 times"]
    assert [german.say("words.times", number=n) for n in (1, 2, 13)] == ["einmal", "zweimal", "13mal"]
    assert english.listed(["a"]) == "a" and english.listed(["a", "b", "c"]) == "a, b and c"


def test_unknown_language() -> None:
    """The message names the languages there are."""
    with pytest.raises(InputError, match="language: there is none like the text 'fr'; allowed are de, en"):
        catalogue("fr")

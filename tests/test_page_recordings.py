"""What a page draws and tells of a history that it lives itself: what Python makes of it, to the last byte and word."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from engines import ready_built
from mhsim.dashboard.explore.counterfactuals import group_ending
from mhsim.dashboard.explore.life import course_of, met_by
from mhsim.dashboard.pseudonyms import with_names
from mhsim.dashboard.replay.payload import payload_of
from mhsim.dashboard.replay.recording import Recording, record
from mhsim.dashboard.scenario_state import Situation
from mhsim.export.words import texts_of
from mhsim.scenario import Change
from mhsim.stories import group_story, life_story, notable_lives
from page_modules import asked_in_node, asked_of

ACTS = (
    Change(week=0, act="lose_busiest_helpers", count=1),
    Change(week=26, set={"serve.turnover_per_year": 2.0}),
    Change(week=26, act="lose_busiest_helpers", count=2, leave=True),
    Change(week=30, act="lose_busiest_helpers", count=2),
)
SITUATIONS: dict[str, tuple[str, dict[str, Any], tuple[Change, ...], str]] = {
    "one group": ("base", {"weeks": 312}, (), "en"),
    "acts and changes": ("base", {"weeks": 60}, ACTS, "de"),
    "closes": ("base", {"weeks": 300, "serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0}, (), "en"),
    "a town": ("twelve_step", {"weeks": 56}, (), "en"),
    "half weeks": ("base", {"weeks": 30, "weeks_per_step": 0.5}, (), "en"),
    "several towns": ("twelve_step", {"weeks": 20, "community.count": 3, "start.groups": 2}, (), "en"),
    "mechanisms that tell": ("recovery_fellowship", {"weeks": 60, "start.groups": 1}, (), "de"),
    "several forms": ("two_forms_compete", {"weeks": 60}, (), "de"),
    "nobody at the start": ("base", {"weeks": 52, "start.groups": 0}, (), "en"),
}
"""Form, settings, what comes later, and the language of the words."""
EACH, FIRST = 23, 3
"""One life in so many is told, and of so many groups."""


@cache
def recorded(name: str) -> Recording:
    form, settings, changes, _ = SITUATIONS[name]
    return record(Situation(form).with_values(settings, changes).scenario())


def _asked(name: str) -> dict[str, Any]:
    language = SITUATIONS[name][-1]
    words = {"language": language, "texts": texts_of().get(language), "each": EACH, "first": FIRST}
    return asked_of(recorded(name).scenario, 0, "story") | words


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a page makes of every situation."""
    built = ready_built().folder
    asked = [_asked(name) for name in SITUATIONS]
    files = [built / "engine.wasm", built / "engine.json"]
    return dict(zip(SITUATIONS, asked_in_node("recordings", asked, files), strict=True))


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_draws_the_history_that_the_server_drew(answers: dict[str, Any], name: str) -> None:
    """A student must see what `mhsim run` finds; a slip of one week or one person would tell a wrong cause."""
    payload, found = payload_of(recorded(name), "A", language=SITUATIONS[name][-1]), answers[name]
    assert found["about"] == payload["about"]
    assert found["types"] == payload["types"]
    assert found["arrays"] == {k: hashlib.sha256(data).hexdigest() for k, data in payload["arrays"].items()}


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_tells_lives_in_the_words_of_the_stories(answers: dict[str, Any], name: str) -> None:
    """What a page says of a person is what `mhsim story` says, or readers of both would hear of two lives."""
    recording, found, language = recorded(name), answers[name], SITUATIONS[name][-1]
    told = {
        person: [one.line for one in life_story(recording.chronicle, person, language)] for person in found["stories"]
    }
    assert found["stories"] == told and told
    for life in found["lives"]:
        person, names = life["person"], recording.called
        assert {key: life[key] for key in asdict(course_of(recording, person))} == asdict(course_of(recording, person))
        met = met_by(recording, person)
        assert life["by"] == [[who, times, names[who]] for who, times in met.by]
        assert life["to"] == [[who, times, names[who]] for who, times in met.to]
        shown = [with_names(one.text, names) for one in life_story(recording.chronicle, person, language)]
        assert [one["text"] for one in life["moments"]] == shown


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_tells_groups_in_the_words_of_the_stories(answers: dict[str, Any], name: str) -> None:
    """Why a group closed is the question of the page: sentence, turning points and story are those of Python."""
    recording, found, language = recorded(name), answers[name], SITUATIONS[name][-1]
    numbers, chronicle = recording.own_groups[:FIRST], recording.chronicle
    assert found["groups"] == [[one.line for one in group_story(chronicle, number, language)] for number in numbers]
    expected = group_ending(recording)
    if expected is None:
        assert found["ending"] is None
        return
    assert found["notable"] == {one.rule: one.person for one in notable_lives(chronicle)}
    ending = found["ending"]
    assert ending["closed_week"] == expected.closed_week
    for part, moments in (("because", expected.because), ("whole", expected.whole)):
        assert [(one["week"], one["kind"]) for one in ending[part]] == [(one.week, one.kind) for one in moments]
        if language == "en":
            shown = [(one.when, with_names(one.text, recording.called)) for one in moments]
            assert [(one["when"], one["text"]) for one in ending[part]] == shown
    if language == "en":
        assert ending["sentence"] == expected.sentence
    else:
        assert ending["sentence"].startswith("So ging es diesmal: ") and "{" not in ending["sentence"]

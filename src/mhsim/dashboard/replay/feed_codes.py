"""What the feed of the picture tells, as codes: the browser puts the sentences of the stories in at the week shown."""

from __future__ import annotations

import numpy as np

from mhsim.dashboard.replay.recorder import COMMUNITY
from mhsim.dashboard.replay.recording import Recording
from mhsim.engine.events import INTERVENTION, KINDS
from mhsim.schema import LEFT_WITH_ROLE, REASONS, ROLES, STAGES
from mhsim.stories.narrator import Catalogue, catalogue
from mhsim.stories.own_words import names_another, own_events, own_kinds

TOLD = (
    *("first_visit", "became_helper", "role_ended", "became_organiser", "left", "moved_group", "came_back"),
    *("began_learning", "prepared"),
)
TOLD_OF_MEMBERS = ("recoil", "accommodation", "set_back", "crisis")
NEWS = np.dtype([("step", "i4"), ("kind", "i4"), ("person", "i4"), ("group", "i4"), ("value", "i4")])
"""One thing that happened to a member: kind of `kinds`, place of the person, group it belongs to, and the reason, the
group, or the place of the other person. What an optional mechanism wrote of a group has no person (-1)."""
ROLE_ENDED = KINDS.index("role_ended")
COUNTED = ("first_visit", "became_helper", "role_ended")
"""Kinds that are counted in the sentence on a week for those who hear the page."""
NUMBERS = ("members", "helpers")
"""What is counted each week; of these there may be none."""
MOST_IN_WORDS = 13
"""Numbers below this are written as words, as in the stories."""


def kinds() -> list[str]:
    """Return the kinds of news by code: those of the log, then those of optional mechanisms."""
    return [*KINDS, *own_events()]


def news_of(recording: Recording) -> np.ndarray:
    """Return what happened to members, in order of weeks: rows of NEWS."""
    events, weeks = recording.run.events, recording.weeks
    assert events is not None, "a recording keeps its log"
    if not len(weeks.members):
        return np.empty(0, NEWS)
    dt = recording.scenario.weeks_per_step
    step = np.rint(events["week"].to_numpy() / dt).astype(np.int64)
    codes = {kind: code for code, kind in enumerate(kinds())}
    kind = np.array([codes[name] for name in events["kind"].to_pylist()], np.int64)
    wanted = np.isin(kind, [codes[name] for name in (*TOLD, *TOLD_OF_MEMBERS, *own_events())]) & (step >= 0)
    wanted &= events["community"].to_numpy() == COMMUNITY
    step, kind = step[wanted], kind[wanted]
    who, other, group, value = (events[name].to_numpy()[wanted] for name in ("who", "other", "group", "value"))
    of_group = np.isin(kind, [codes[name] for name in own_kinds("groups")])
    person = np.where(of_group, 0, np.searchsorted(weeks.who, who))
    rows, inside = _rows_of_members(weeks.members, len(weeks.who), step, person)
    entering = np.isin(kind, [codes["came_back"]])
    named = np.isin(kind, [codes[name] for name in own_events() if names_another(name)])
    news = np.empty(len(step), NEWS)
    news["step"], news["kind"], news["person"] = step, kind, np.where(of_group, -1, person)
    news["value"] = np.where(named, np.searchsorted(weeks.who, other), value)
    news["group"] = np.where(of_group, group, np.where(inside, weeks.members["group"][rows], value))
    news = news[(inside | entering | of_group) & ~_said_by_leaving(news)]
    news["value"][(news["kind"] == ROLE_ENDED) & (news["value"] == INTERVENTION)] = LEFT_WITH_ROLE
    ordered: np.ndarray = news[np.argsort(news["step"], kind="stable")]
    return ordered


def _rows_of_members(
    members: np.ndarray, people: int, step: np.ndarray, person: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the row of each person among the members of a step, and whether there is one."""
    keys = members["step"].astype(np.int64) * people + members["person"]
    wanted = step * people + person
    place = np.minimum(np.searchsorted(keys, wanted), max(0, len(keys) - 1))
    return place, (keys[place] == wanted if len(keys) else np.zeros(len(step), bool))


def _said_by_leaving(news: np.ndarray) -> np.ndarray:
    """Tell which roles ended by leaving for the same reason, which the leaving says better."""
    ended, left = news["kind"] == ROLE_ENDED, news["kind"] == KINDS.index("left")
    exits = set(zip(*(news[name][left].tolist() for name in ("step", "person", "value")), strict=True))
    cases = zip(*(news[name].tolist() for name in ("step", "person", "value")), strict=True)
    said: np.ndarray = ended & np.array([case in exits for case in cases], bool)
    return said


def sentences(language: str = "en") -> dict[str, str]:
    """Return the sentences of a language that feed and spoken sentence are made of, by name.

    {group}, {origin}, {other}, {parent}, {reason} and {week} are open. What is counted stands under its name and the
    number, as in "members.3", and from `MOST_IN_WORDS` on under "members.other" with {count} open.
    """
    words = catalogue(language)
    plain = ("became_helper", "became_organiser", "recoil", "accommodation", "began_learning", "prepared")
    found = {kind: words.template(f"life.{kind}") for kind in plain}
    found |= {kind: words.template(f"life.{kind}") for kind in own_kinds("people")}
    found |= {kind: words.template(f"group.{kind}") for kind in own_kinds("groups")}
    found |= {"crisis": words.template("crisis.once"), "moved_group": words.template("moved_group.other")}
    found |= words.template("replay") | {"week": words.template("when.week"), "decimal": words.template("decimal")}
    found |= {f"set_back.{stage}": words.template(f"set_back.{stage}") for stage in STAGES[:2]}
    found |= {f"left.{reason}": words.template(f"left.{reason}") for reason in REASONS}
    found |= {f"role_ended.{k}": text for k, text in words.template("role_ended").items()}
    found |= {f"stage.{stage}": words.template(f"stage.{stage}") for stage in STAGES}
    found |= {f"role.{role}": words.template(f"role.{role}") for role in ROLES}
    found |= _counted(words, {f"feed.{kind}": f"feed.{kind}" for kind in COUNTED})
    found |= _counted(words, {f"left_counted.{reason}": f"replay_left.{reason}" for reason in REASONS})
    found |= _counted(words, {name: f"words.{name}" for name in NUMBERS})
    found |= {f"{name}.0": words.say(f"words.{name}", 0) for name in NUMBERS}
    return found | {name: words.template(f"words.{name}") for name in ("the_group", "no_group")}


def _counted(words: Catalogue, keys: dict[str, str]) -> dict[str, str]:
    """Return sentences for each small number and for larger ones, so that the browser knows no rules of plurals."""
    found = {}
    for name, key in keys.items():
        for number in range(1, MOST_IN_WORDS):
            found[f"{name}.{number}"] = words.say(key, number, group="{group}")
        found[f"{name}.other"] = words.template(key)["other"]
    return found

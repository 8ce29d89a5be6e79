"""What the feed of the picture tells, as codes: the browser puts the sentences of the stories in at the week shown."""

from __future__ import annotations

import numpy as np

from mhsim.dashboard.replay.recorder import COMMUNITY
from mhsim.dashboard.replay.recording import Recording
from mhsim.engine.events import INTERVENTION, KINDS
from mhsim.schema import LEFT_WITH_ROLE, REASONS, ROLES, STAGES
from mhsim.stories.narrator import catalogue

TOLD = ("first_visit", "became_helper", "role_ended", "became_organiser", "left", "moved_group", "came_back")
TOLD_OF_MEMBERS = ("recoil", "accommodation", "set_back", "crisis")
NEWS = np.dtype([("step", "i4"), ("kind", "i4"), ("person", "i4"), ("group", "i4"), ("value", "i4")])
"""One thing that happened to a member: kind of `KINDS`, place of the person, group it belongs to, reason or group."""
ROLE_ENDED = KINDS.index("role_ended")
COUNTED = ("first_visit", "became_helper", "role_ended")
"""Kinds that are counted in the sentence on a week for those who hear the page."""


def news_of(recording: Recording) -> np.ndarray:
    """Return what happened to members, in order of weeks: rows of NEWS."""
    events, weeks = recording.run.events, recording.weeks
    assert events is not None, "a recording keeps its log"
    if not len(weeks.members):
        return np.empty(0, NEWS)
    dt = recording.scenario.weeks_per_step
    step = np.rint(events["week"].to_numpy() / dt).astype(np.int64)
    kinds = np.array([KINDS.index(kind) for kind in events["kind"].to_pylist()], np.int64)
    wanted = np.isin(kinds, [KINDS.index(kind) for kind in (*TOLD, *TOLD_OF_MEMBERS)]) & (step >= 0)
    wanted &= events["community"].to_numpy() == COMMUNITY
    step, kinds = step[wanted], kinds[wanted]
    person = np.searchsorted(weeks.who, events["who"].to_numpy()[wanted])
    rows, inside = _rows_of_members(weeks.members, len(weeks.who), step, person)
    value = events["value"].to_numpy()[wanted]
    entering = np.isin(kinds, [KINDS.index("came_back")])
    news = np.empty(len(step), NEWS)
    news["step"], news["kind"], news["person"], news["value"] = step, kinds, person, value
    news["group"] = np.where(inside, weeks.members["group"][rows], value)
    news = news[(inside | entering) & ~_said_by_leaving(news)]
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
    """Return what feed and spoken sentence need, by kind and reason, with {group}, {origin}, {stage}, {count} open."""
    words = catalogue(language)
    plain = ("first_visit", "came_back", "became_helper", "became_organiser", "recoil", "accommodation")
    found = {kind: str(words.template(f"life.{kind}")) for kind in plain}
    found["crisis"] = str(words.template("crisis.once"))
    found["moved_group"] = str(words.template("moved_group.other"))
    found |= {f"set_back.{stage}": str(words.template(f"set_back.{stage}")) for stage in STAGES[:2]}
    found |= {f"left.{reason}": str(words.template(f"left.{reason}")) for reason in REASONS}
    found |= {f"role_ended.{k}": str(words.template(f"role_ended.{k}")) for k in ("burnt_out", "left_with_role")}
    found |= {f"stage.{stage}": str(words.template(f"stage.{stage}")) for stage in STAGES}
    found |= {f"role.{role}": str(words.template(f"role.{role}")) for role in ROLES}
    for kind in COUNTED:
        found |= {f"feed.{kind}.{form}": str(text) for form, text in words.template(f"feed.{kind}").items()}
    found |= {f"number.{k}": word for k, word in enumerate(words.template("number_words"))}
    return found | {name: str(words.template(f"words.{name}")) for name in ("group", "the_group")}

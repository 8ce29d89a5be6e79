"""What the browser needs to play a recording: a few plain values, weekly series of each group, and arrays as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mhsim.dashboard.pseudonyms import group_name
from mhsim.dashboard.replay.feed_codes import COUNTED, kinds, news_of, sentences
from mhsim.dashboard.replay.recording import Recording
from mhsim.engine.events import KINDS
from mhsim.schema import CLOSING, HELPER, ORGANISER, REASONS, ROLES, STAGES, TIE_KINDS
from mhsim.stories.narrator import catalogue
from mhsim.stories.own_words import names_another, own_events

PER_GROUP = ("members", "helpers", "organisers", "attended", "newcomers", "hope", "self_efficacy", "requests", "unmet")
"""Counts, and for hope and self-efficacy the sum over members, so that groups can be added up."""


def series_of(recording: Recording, groups: int) -> np.ndarray:
    """Return counts and sums by series, group and step, shape (len(PER_GROUP), groups, steps + 1)."""
    members, steps = recording.weeks.members, recording.last + 1
    place = np.zeros(len(recording.groups), np.int64)
    place[recording.own_groups] = np.arange(groups)
    cell = place[members["group"]] * steps + members["step"]
    new = _first_visits(recording)
    weights = (
        np.ones(len(members)),
        members["role"] == HELPER,
        members["role"] == ORGANISER,
        members["attended"],
        new,
        members["hope"],
        members["self_efficacy"],
    )
    found = np.zeros((len(PER_GROUP), groups, steps))
    for row, weight in enumerate(weights):
        found[row] = np.bincount(cell, weights=weight, minlength=groups * steps).reshape(groups, steps)
    asked = recording.asked
    at = place[asked["group"]] * steps + asked["step"]
    for row, name in ((-2, "requests"), (-1, "requests_unmet")):
        found[row] = np.bincount(at, weights=asked[name], minlength=groups * steps).reshape(groups, steps)
    _forget_closed(recording, found)
    return found


def _first_visits(recording: Recording) -> np.ndarray:
    """Tell which rows of members are first visits: a first meeting after the opening, of somebody who came then."""
    weeks, members = recording.weeks, recording.weeks.members
    met = weeks.people["group"] >= 0
    first: np.ndarray = (
        (members["attended"] == 1) & (weeks.people["meetings"][met] == 0) & (members["step"] < recording.last)
    )
    return first


def _forget_closed(recording: Recording, found: np.ndarray) -> None:
    """Take requests of closed groups out: their last row stands in the table for ever."""
    for place, number in enumerate(recording.own_groups):
        closed = recording.closed_step(number)
        if closed is not None:
            found[-2:, place, closed + 1 :] = 0.0


def outside_of(recording: Recording) -> np.ndarray:
    """Return how many people of the community were in need and in no group at the start of each step."""
    outside = recording.weeks.people["group"] < 0
    counts: np.ndarray = np.bincount(recording.weeks.step[outside], minlength=recording.last + 1)
    return counts


NOBODY = 65535
"""Stands for no person where people are numbers."""


def payload(recording: Recording, label: str = "A") -> dict[str, Any]:
    """Return a recording for the browser, made once and shared by all who ask; see `payload_of`."""
    if label not in recording.payloads:
        recording.payloads[label] = payload_of(recording, label)
    return recording.payloads[label]


def payload_of(
    recording: Recording, label: str, called: Mapping[str, str] | None = None, language: str = "en"
) -> dict[str, Any]:
    """Return a recording for the browser; `called` gives people other invented names than the recording does.

    Returns
    -------
    dict
        ``about`` holds plain values; ``arrays`` bytes by name, little-endian, of the types in ``types`` ("u1" and so
        on). People are numbers, places in ``about["people"]``, which holds whoever was a member after the opening.
    """
    members, numbers = recording.weeks.members, recording.own_groups
    ever = np.unique(members["person"])
    local = np.full(len(recording.weeks.who), NOBODY, np.int64)
    local[ever] = np.arange(len(ever))
    group = np.full(len(recording.groups) + 1, 255, np.int64)
    group[numbers] = np.arange(len(numbers))
    arrays = {
        **_of_members(recording, members, local, group),
        **_of_help(recording, local),
        **_of_ties(recording, local),
        **_of_news(recording, local, group),
        **_of_series(recording, len(numbers)),
    }
    return {
        "about": _about(recording, label, called or recording.called, ever, numbers, language),
        "types": {name: array.dtype.str[1:] for name, array in arrays.items()},
        "arrays": {name: array.tobytes() for name, array in arrays.items()},
    }


def _about(
    recording: Recording,
    label: str,
    called: Mapping[str, str],
    ever: np.ndarray,
    numbers: list[int],
    language: str,
) -> dict[str, Any]:
    scenario = recording.scenario
    return {
        "label": label,
        "title": scenario.title,
        "steps": recording.last,
        "step_weeks": float(scenario.weeks_per_step),
        "seed": int(scenario.seed),
        "people": [recording.names[k] for k in ever.tolist()],
        "called": [called[recording.names[k]] for k in ever.tolist()],
        "groups": [_group(recording, number, language) for number in numbers],
        "communities": int(scenario.community.count),
        "stages": list(STAGES),
        "roles": list(ROLES),
        "reasons": list(REASONS),
        "tie_kinds": list(TIE_KINDS),
        "kinds": kinds(),
        "series": list(PER_GROUP),
        "counted": list(COUNTED),
        "sentences": sentences(language),
    }


def _group(recording: Recording, number: int, language: str) -> dict[str, Any]:
    """Return one group: number, first and last step, why it closed; invented names of groups are English."""
    words = catalogue(language)
    row = recording.groups[number]
    form = ("", *recording.scenario.forms)[int(row["form"])].replace("_", " ")
    called = group_name(number, form)
    if language != "en":
        called = words.say("words.group", label=number) + (f" ({form})" if form else "")
    reason = CLOSING[int(row["reason"])]
    return {
        "number": number,
        "name": called if len(recording.own_groups) > 1 else words.say("words.the_group"),
        "founded": max(0, int(row["founded"]) - recording.opening),
        "parent": int(row["parent"]),
        "closed": recording.closed_step(number),
        "reason": reason,
        "words": words.say(f"closing.{reason}"),
    }


def _offsets(steps: np.ndarray, last: int) -> np.ndarray:
    """Return where the rows of each step begin, and where the last ends."""
    places: np.ndarray = np.searchsorted(steps, np.arange(last + 2)).astype("<u4")
    return places


def _byte(values: np.ndarray) -> np.ndarray:
    """Return numbers from 0 to 1 as 0 to 255."""
    found: np.ndarray = np.rint(np.clip(values, 0.0, 1.0) * 255.0).astype("u1")
    return found


def _of_members(
    recording: Recording, members: np.ndarray, local: np.ndarray, group: np.ndarray
) -> dict[str, np.ndarray]:
    flags = members["stage"] | members["role"] << 2 | members["attended"] << 5 | members["in_crisis"] << 6
    return {
        "member_at": _offsets(members["step"], recording.last),
        "member_person": local[members["person"]].astype("<u2"),
        "member_group": group[members["group"]].astype("u1"),
        "member_hope": _byte(members["hope"]),
        "member_flags": flags.astype("u1"),
        "member_leaving": members["leaving"].astype("u1"),
    }


def _of_help(recording: Recording, local: np.ndarray) -> dict[str, np.ndarray]:
    step, helper, helped = recording.weeks.helped.T
    pairs = np.stack([local[helper], local[helped]], axis=1)
    known = (pairs != NOBODY).all(axis=1)
    return {"help_at": _offsets(step[known], recording.last), "help_pair": pairs[known].astype("<u2")}


def _of_ties(recording: Recording, local: np.ndarray) -> dict[str, np.ndarray]:
    ties = recording.ties
    spans = np.stack([local[ties["one"]], local[ties["other"]], ties["first"], ties["last"]], axis=1)
    known = (spans[:, :2] != NOBODY).all(axis=1)
    kind = (ties["kind"] | ties["strong"] << 4)[known]
    return {"tie_span": spans[known].astype("<u2"), "tie_kind": kind.astype("u1")}


def _of_news(recording: Recording, local: np.ndarray, group: np.ndarray) -> dict[str, np.ndarray]:
    news = news_of(recording)
    names_group = np.isin(news["kind"], [KINDS.index("moved_group"), KINDS.index("came_back")])
    value = np.where(names_group, group[np.minimum(news["value"], len(group) - 1)], news["value"])
    another = np.isin(news["kind"], [kinds().index(kind) for kind in own_events() if names_another(kind)])
    value = np.where(another, local[np.where(another, news["value"], 0)], value)
    person = np.where(news["person"] < 0, NOBODY, local[news["person"]])
    rows = [news["kind"], person, group[news["group"]], value]
    return {"news_at": _offsets(news["step"], recording.last), "news": np.stack(rows, axis=1).astype("<u2")}


def _of_series(recording: Recording, groups: int) -> dict[str, np.ndarray]:
    return {"series": series_of(recording, groups).astype("<f4"), "outside": outside_of(recording).astype("<u4")}

"""What a page draws and tells of a history that it lives itself is the history of `mhsim run`, week by week.

The same history is lived here by `Simulation`, which is stopped and looked at in every week; its tables, its log and
its stories are those of the package. Nothing a page shows is held to another page.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from engines import ready_built
from mhsim import palette, simulate
from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.scenario_state import Situation
from mhsim.engine import Simulation
from mhsim.export.words import texts_of
from mhsim.outcomes.counts import living, living_ties
from mhsim.outcomes.results import Run
from mhsim.report.formatting import duration
from mhsim.scenario import Change, Scenario
from mhsim.schema import HELP_TIE, ORDINARY, REASONS, ROLES, STAGES, label
from mhsim.stories import Chronicle, chronicle_of, group_story, life_story, notable_lives
from mhsim.stories.narrator import catalogue
from page_modules import asked_in_node, asked_of
from page_names import group_name, invented, with_names

ACTS = (
    Change(week=0, act="lose_busiest_helpers", count=1),
    Change(week=26, set={"serve.turnover_per_year": 2.0}),
    Change(week=26, act="lose_busiest_helpers", count=2, leave=True),
    Change(week=30, act="lose_busiest_helpers", count=2),
)
SITUATIONS: dict[str, tuple[str, dict[str, Any], tuple[Change, ...], str]] = {
    "one group": ("base", {"weeks": 156}, (), "en"),
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
BETWEEN_TIES = 4
"""Weeks between two looks at ties."""
NOBODY, NO_GROUP = 65535, 255
SEEN = ["who", "group", "stage", "role", "hope", "self_efficacy", "distress"]
TURNING = ("without_helper", "year", "closed")


class Lived(NamedTuple):
    """A history as Python lives it: its run, everybody of the first community in each week, and who was tied."""

    run: Run
    chronicle: Chronicle
    states: list[np.ndarray]
    ties: dict[int, set[tuple[str, str]]]

    @property
    def steps(self) -> int:
        return len(self.states) - 1

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Rows of the log of one kind after the opening, of the first community, with the step and labels."""
        step, found = float(self.run.scenario.weeks_per_step), []
        for row in self.run.events.to_pylist():
            if row["kind"] == kind and row["community"] == 0 and row["week"] >= 0:
                labels = {name: label(0, row[name]) for name in ("who", "other") if row[name] is not None}
                found.append({**row, **labels, "step": round(row["week"] / step)})
        return found


class Drawn(NamedTuple):
    """What a page is given to draw: plain values, and arrays."""

    about: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def at(self, name: str, step: int) -> slice:
        offsets = self.arrays[f"{name}_at"]
        return slice(int(offsets[step]), int(offsets[step + 1]))


def scenario_of(name: str) -> Scenario:
    form, settings, changes, _ = SITUATIONS[name]
    return Situation(form).with_values(settings, changes).scenario()


@cache
def lived(name: str) -> Lived:
    scenario = scenario_of(name)
    simulation, states, ties = Simulation(scenario, record="story"), [], {}
    every = max(1, round(BETWEEN_TIES / scenario.weeks_per_step))
    simulation.open_groups()
    for step in range(simulation.last - simulation.opening + 1):
        simulation.run_until(simulation.opening + step)
        rows = living(simulation.world)
        rows = rows[rows["community"] == 0]
        states.append(np.sort(rows[SEEN].copy(), order="who"))
        if step % every == 0:
            ties[step] = ties_in(simulation.world, rows)
    run = simulate(scenario, 0, record="story")
    return Lived(run, chronicle_of(run), states, ties)


def ties_in(world: Any, rows: np.ndarray) -> set[tuple[str, str]]:
    """Who is tied to whom by more than acquaintance, both being members."""
    mine = rows[rows["group"] >= 0]
    ties, alive = living_ties(world, mine["slot"])
    name = {int(row["slot"]): label(0, int(row["who"])) for row in mine}
    places = zip(*np.nonzero(alive & (ties["kind"] >= HELP_TIE)), strict=True)
    pairs = ((name[int(mine["slot"][k])], name.get(int(ties["other"][k, tie]))) for k, tie in places)
    return {(min(pair), max(pair)) for pair in pairs if pair[1] is not None}  # type: ignore[type-var]


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a page makes of every situation."""
    built, asked = ready_built().folder, []
    for name, (*_, language) in SITUATIONS.items():
        words = {"language": language, "texts": texts_of().get(language), "each": EACH, "first": FIRST}
        asked.append(asked_of(scenario_of(name), 0, "story") | words)
    files = [built / "engine.wasm", built / "engine.json"]
    return dict(zip(SITUATIONS, asked_in_node("recordings", asked, files), strict=True))


@pytest.fixture(scope="module")
def drawn(answers: dict[str, Any]) -> dict[str, Drawn]:
    def array(found: dict[str, Any], name: str) -> np.ndarray:
        return np.frombuffer(base64.b64decode(found["arrays"][name]), np.dtype("<" + found["types"][name]))

    return {
        name: Drawn(found["about"], {key: array(found, key) for key in found["arrays"]})
        for name, found in answers.items()
    }


@pytest.mark.parametrize("name", SITUATIONS)
def test_who_is_drawn_in_a_week_is_who_was_there(drawn: dict[str, Drawn], name: str) -> None:
    """Everybody in every week: group and role as it began, hope and stage at its end, and why they left.

    A slip of one week or one person would tell a wrong cause.
    """
    (about, arrays), there = drawn[name], lived(name)
    known = dict(zip(there.run.lives["person"].to_pylist(), there.run.lives["who"].to_pylist(), strict=True))
    people = np.array([known[person] for person in about["people"]], np.int64)
    numbers = np.array([group["number"] for group in about["groups"]], np.int64)
    left = {(row["step"], known[row["who"]]): REASONS.index(row["reason"]) for row in there.events("left")}
    ended = [row for row in there.events("role_ended") if row["reason"] == "intervention"]
    taken = {(row["step"], known[row["who"]]) for row in ended}
    for step, state in enumerate(there.states):
        rows, members = drawn[name].at("member", step), state[state["group"] >= 0]
        who, flags = people[arrays["member_person"][rows]], arrays["member_flags"][rows]
        np.testing.assert_array_equal(who, members["who"])
        np.testing.assert_array_equal(numbers[arrays["member_group"][rows]], members["group"])
        assert arrays["member_leaving"][rows].tolist() == [left.get((step, one), 0) for one in who.tolist()]
        role = [ORDINARY if (step, one["who"]) in taken else one["role"] for one in members]
        assert (flags >> 2 & 7).tolist() == role
        after = there.states[min(step + 1, there.steps)]
        place = np.minimum(np.searchsorted(after["who"], who), len(after) - 1)
        stayed = after["who"][place] == who
        np.testing.assert_array_equal((flags & 3)[stayed], after["stage"][place][stayed])
        hope = np.rint(after["hope"][place].astype(np.float32).clip(0, 1) * np.float32(255))
        np.testing.assert_array_equal(arrays["member_hope"][rows][stayed], hope[stayed])
        assert arrays["outside"][step] == len(state) - len(members)
    assert bool(taken) == (name == "acts and changes")


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != "several towns"])
def test_weekly_series_are_those_of_the_run(drawn: dict[str, Drawn], name: str) -> None:
    """The curves below the picture and the tables of `mhsim run` show one history."""
    about, arrays = drawn[name]
    run, names = lived(name).run, about["series"]
    shape = (len(names), len(about["groups"]), about["steps"] + 1)
    found, series = arrays["series"].reshape(shape).sum(axis=1), run.series
    pairs = {name: name for name in ("members", "helpers", "organisers", "attended", "newcomers", "requests")}
    for shown, told in {**pairs, "unmet": "requests_unmet"}.items():
        np.testing.assert_array_equal(found[names.index(shown)][:-1], series[told].to_numpy(), shown)
    for shown in ("hope", "self_efficacy"):
        mean = series[f"{shown}_members"].to_numpy(zero_copy_only=False)
        total = np.where(np.isnan(mean), 0.0, mean) * series["members"].to_numpy()
        np.testing.assert_allclose(found[names.index(shown)][:-1], total, rtol=1e-5)
    assert int(found[names.index("members")][-1]) == run.summary["members_in_world_at_end"]
    for reason, count in Counter(REASONS[k] for k in arrays["member_leaving"]).items():
        if f"exits_{reason}" in run.summary:
            assert count == run.summary[f"exits_{reason}"], reason


@pytest.mark.parametrize("name", SITUATIONS)
def test_groups_and_people_are_named_and_placed(drawn: dict[str, Drawn], name: str) -> None:
    """When a group began and closed, of which form it is and why it ended; everybody by one name."""
    about, there, language = drawn[name].about, lived(name), SITUATIONS[name][-1]
    step, words = float(there.run.scenario.weeks_per_step), catalogue(language)
    groups = [row for row in there.run.groups.to_pylist() if row["community"] == 0]
    assert [group["number"] for group in about["groups"]] == [row["group"] for row in groups]
    for group, row in zip(about["groups"], groups, strict=True):
        form = str(row.get("form") or "").replace("_", " ") if there.run.scenario.forms else ""
        known = group_name(row["group"], form) if language == "en" else words.say("words.group", label=row["group"])
        called = known + (f" ({form})" if form and language != "en" else "")
        assert group["name"] == (called if len(groups) > 1 else words.say("words.the_group"))
        assert group["founded"] == max(0, round(row["founded_week"] / step))
        closed = row["closed_week"]
        assert group["closed"] == (None if closed is None or np.isnan(closed) else round(closed / step))
        assert (group["reason"], group["words"]) == (row["reason"], words.say(f"closing.{row['reason']}"))
    everybody = [row["person"] for row in there.run.lives.to_pylist() if row["community"] == 0]
    ever = np.unique(np.concatenate([state["who"][state["group"] >= 0] for state in there.states]))
    assert about["people"] == [label(0, who) for who in ever.tolist()]
    assert dict(zip(about["people"], about["called"], strict=True)).items() <= invented(everybody).items()


@pytest.mark.parametrize("name", SITUATIONS)
def test_help_ties_and_news_are_those_of_the_log(drawn: dict[str, Drawn], name: str) -> None:
    """An arrow for each time somebody helped, a line for each tie, and what the feed tells happened just then."""
    about, arrays = drawn[name]
    there, people = lived(name), about["people"]
    known, every = set(people), max(1, round(BETWEEN_TIES / there.run.scenario.weeks_per_step))
    helped = Counter((row["step"], row["other"], row["who"]) for row in there.events("helped_by"))
    told: Counter[tuple[int, str, str]] = Counter()
    for step in range(there.steps + 1):
        rows = arrays["help_pair"].reshape(-1, 2)[drawn[name].at("help", step)]
        told.update((step, people[helper], people[other]) for helper, other in rows.tolist())
    assert told == Counter({one: times for one, times in helped.items() if {one[1], one[2]} <= known})
    spans = arrays["tie_span"].reshape(-1, 4).tolist()
    for step, tied in there.ties.items():
        there_then = [sorted((people[a], people[b])) for a, b, first, last in spans if first <= step <= last]
        assert {(a, b) for a, b in there_then} == tied, step
    assert all(first % every == 0 and first <= last <= there.steps for _, _, first, last in spans)
    news, inside = arrays["news"].reshape(-1, 4), set()
    for step in range(there.steps + 1):
        inside |= {(step, people[who]) for who in arrays["member_person"][drawn[name].at("member", step)].tolist()}
    for kind in ("first_visit", "left", "became_helper", "sponsor_taken"):
        if kind not in about["kinds"]:
            continue
        shown = Counter(
            (step, people[who])
            for step in range(there.steps + 1)
            for code, who, _, _ in news[drawn[name].at("news", step)].tolist()
            if about["kinds"][code] == kind
        )
        logged = [row for row in there.events(kind) if (row["step"], row["who"]) in inside]
        assert shown == Counter((row["step"], row["who"]) for row in logged), kind
    for code, person, group, value in news.tolist():
        kind, texts = about["kinds"][code], about["sentences"]
        key = f"left.{REASONS[value]}" if kind == "left" else kind
        assert key in texts or f"{kind}.left_with_role" in texts or f"{kind}.recoil" in texts, key
        assert person < len(people) or person == NOBODY
        assert group < len(about["groups"]) or group == NO_GROUP


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_tells_lives_in_the_words_of_the_stories(answers: dict[str, Any], name: str) -> None:
    """What a page says of a person is what `mhsim story` says, or readers of both would hear of two lives."""
    there, found, language = lived(name), answers[name], SITUATIONS[name][-1]
    chronicle, step = there.chronicle, float(there.run.scenario.weeks_per_step)
    told = {person: [one.line for one in life_story(chronicle, person, language)] for person in found["stories"]}
    assert found["stories"] == told and told
    names = invented(row["person"] for row in there.run.lives.to_pylist() if row["community"] == 0)
    known = dict(zip(there.run.lives["person"].to_pylist(), there.run.lives["who"].to_pylist(), strict=True))
    helped = there.events("helped_by")
    for life in found["lives"]:
        person = life["person"]
        places = [np.flatnonzero(state["who"] == known[person]) for state in there.states]
        weeks = [k for k, found_at in enumerate(places) if len(found_at)]
        rows = [there.states[k][places[k][0]] for k in weeks]
        assert (life["name"], life["weeks"]) == (names[person], [k * step for k in weeks])
        for column in ("hope", "self_efficacy", "distress"):
            assert life[column] == pytest.approx([float(row[column]) for row in rows], abs=0.0005001), column
        assert life["stage"] == [STAGES[row["stage"]] for row in rows]
        assert life["role"] == [ROLES[row["role"]] for row in rows]
        assert life["group"] == [int(row["group"]) if row["group"] >= 0 else None for row in rows]
        for side, mine, theirs in (("by", "who", "other"), ("to", "other", "who")):
            times = Counter(row[theirs] for row in helped if row[mine] == person)
            assert {who: often for who, often, _ in life[side]} == times
            assert [often for _, often, _ in life[side]] == sorted(times.values(), reverse=True)
            assert all(called == names[who] for who, _, called in life[side])
        shown = [with_names(one.text, names) for one in life_story(chronicle, person, language)]
        assert [one["text"] for one in life["moments"]] == shown


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_page_tells_groups_in_the_words_of_the_stories(answers: dict[str, Any], name: str) -> None:
    """Why a group closed is the question of the page: sentence, turning points and story are those of Python."""
    there, found, language = lived(name), answers[name], SITUATIONS[name][-1]
    chronicle, run = there.chronicle, there.run
    numbers = [group["number"] for group in found["about"]["groups"][:FIRST]]
    assert found["groups"] == [[one.line for one in group_story(chronicle, number, language)] for number in numbers]
    if not chronicle.groups:
        assert found["ending"] is None
        return
    assert found["notable"] == {one.rule: one.person for one in notable_lives(chronicle)}
    ending, number = found["ending"], run.scenario.focal_group
    whole, about = list(group_story(chronicle, number)), chronicle.group(number)
    last = [[one for one in whole if one.kind == kind][-1:] for kind in TURNING]
    because = sorted((one for kind in last for one in kind), key=lambda one: one.week)
    assert ending["closed_week"] == about.closed_week
    names = invented(row["person"] for row in run.lives.to_pylist() if row["community"] == 0)
    for part, moments in (("because", because), ("whole", whole)):
        assert [(one["week"], one["kind"]) for one in ending[part]] == [(one.week, one.kind) for one in moments]
        if language == "en":
            shown = [(one.when, with_names(one.text, names)) for one in moments]
            assert [(one["when"], one["text"]) for one in ending[part]] == shown
    if language != "en":
        assert ending["sentence"].startswith("So ging es diesmal: ") and "{" not in ending["sentence"]
    elif about.closed_week is not None:
        end = next(one for one in whole if one.kind == "closed").text
        assert ending["sentence"].startswith(f"In this run the group {end[:1].lower()}{end[1:]}")
    else:
        kept = f" was still meeting after {duration(run.scenario.weeks)}, with {about.roll} members, "
        assert kept in ending["sentence"]
        assert f"{about.helpers} helpers among them." in ending["sentence"]


def test_each_form_of_a_town_is_counted_by_itself(answers: dict[str, Any]) -> None:
    """Open groups and members of each form along the years are those of the weekly series."""
    series, found = lived("several forms").run.series, answers["several forms"]["byForm"]
    assert found["weeks"] == series["week"].to_pylist()
    assert [form["name"] for form in found["forms"]] == ["circle", "online"]
    for form in found["forms"]:
        for counted in ("open_groups", "members"):
            assert form[counted] == series[f"{counted}_of_{form['name']}"].to_pylist()
    assert [name for name in SITUATIONS if answers[name]["byForm"] is not None] == ["several forms"]


def test_the_spoken_sentence_has_no_words_of_its_own(answers: dict[str, Any]) -> None:
    """Reasons for leaving stood in the browser's code beside the catalogue, in other words and in English alone."""
    script = (BROWSER_FILES / "replay" / "voice.js").read_text(encoding="utf-8")
    assert not [reason for reason in REASONS[1:] if reason in script or reason.replace("_", " ") in script]
    for name in ("one group", "several forms"):
        about = answers[name]["about"]
        texts = about["sentences"]
        wanted = {f"feed.{kind}" for kind in about["counted"]} | {f"left_counted.{reason}" for reason in REASONS}
        wanted |= {"members", "helpers"}
        assert {f"{key}.{number}" for key in wanted for number in (1, 2, 12, "other")} <= set(texts)
        assert all(texts[f"{key}.other"].count("{count}") == 1 for key in wanted)
        assert not [key for key, text in texts.items() if "{stage}" in text]


def test_every_reason_for_leaving_has_one_door() -> None:
    """Somebody who leaves for a reason without a door vanishes from the picture."""
    script = (BROWSER_FILES / "replay" / "reading.js").read_text(encoding="utf-8")
    doors = re.findall(r"label: \(\) => say\(\"(.+?)\"\), reasons: \[(.+?)\]", script)
    reasons = [reason for _, listed in doors for reason in re.findall(r"\w+", listed)]
    assert sorted(reasons) == sorted(REASONS[1:])
    assert len({label for label, _ in doors}) == len(doors)


@pytest.mark.parametrize("dark", [False, True])
def test_a_stage_has_one_colour_in_every_picture(dark: bool) -> None:
    """Blue was recoil on the pages and accommodation in Mesa's picture: the pages must show the palette's colours."""
    theme = (BROWSER_FILES / "style.css").read_text(encoding="utf-8").split('[data-theme="dark"]')[int(dark)]
    dark_of = {hue.light: hue.dark for hue in palette.HUES}
    for stage, (colour, _) in palette.STAGES.items():
        assert f"--stage-{stage}: {dark_of[colour] if dark else colour};" in theme

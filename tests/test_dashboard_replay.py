"""A recording must be the very history that everything else tells of, or the picture lies."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mhsim
from mhsim import dashboard, palette, simulate
from mhsim.dashboard.explore.controls import story_fields
from mhsim.dashboard.explore.counterfactuals import group_ending
from mhsim.dashboard.explore.life import course_of, met_by
from mhsim.dashboard.replay.divergence import divergence_of, payloads_of_pair
from mhsim.dashboard.replay.feed_codes import COUNTED, kinds, news_of, sentences
from mhsim.dashboard.replay.payload import payload as payload_for
from mhsim.dashboard.replay.recording import Recording, RecordingCache, record
from mhsim.dashboard.replay.widget import ReplayWidget
from mhsim.dashboard.scenario_state import Situation, worlds
from mhsim.dashboard.turnover.stories import story_pair
from mhsim.engine.events import KINDS
from mhsim.engine.simulation import Stopped
from mhsim.errors import InputError
from mhsim.report import write_report
from mhsim.scenario import Change, Scenario, with_values
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.schema import HELPER, REASONS, ROLES, label
from mhsim.stories import group_story, languages
from mhsim.studies.compare import Compare, tables
from mhsim.studies.run_study import run_study

ACT = (Change(week=30, act="lose_busiest_helpers", count=2),)
SITUATIONS: dict[str, Scenario] = {
    "one group": read_scenario("base", {"weeks": 156}),
    "loses helpers at once": read_scenario("base", {"weeks": 60}).model_copy(update={"changes": ACT}),
    "closes": read_scenario("base", {"weeks": 300, "serve.turnover_per_year": 4.0, "serve.leaves_with_role": 1.0}),
    "a town": read_scenario("twelve_step", {"weeks": 60}),
    "half weeks": read_scenario("base", {"weeks": 30, "weeks_per_step": 0.5}),
    "several towns": read_scenario("twelve_step", {"weeks": 20, "community.count": 3, "start.groups": 2}),
    "mechanisms that tell": read_scenario("recovery_fellowship", {"weeks": 40, "start.groups": 1}),
    "nobody at the start": read_scenario("base", {"weeks": 52, "start.groups": 0}),
}


@pytest.fixture(scope="module")
def recordings() -> dict[str, Recording]:
    return {name: record(scenario) for name, scenario in SITUATIONS.items()}


def array(payload: dict[str, Any], name: str) -> np.ndarray:
    return np.frombuffer(payload["arrays"][name], np.dtype("<" + payload["types"][name]))


@pytest.mark.parametrize("name", list(SITUATIONS))
def test_looking_on_changes_nothing(recordings: dict[str, Recording], name: str) -> None:
    """The story shown must be that of `mhsim run`, to the last bit, although it is lived through week by week."""
    run, shown = simulate(SITUATIONS[name], 0, record="story"), recordings[name].run
    assert repr(shown.summary) == repr(run.summary)
    for table in ("series", "lives", "groups", "events"):
        assert getattr(shown, table).equals(getattr(run, table)), table


@pytest.mark.parametrize("name", [name for name in SITUATIONS if name != "several towns"])
def test_the_picture_agrees_with_the_series(recordings: dict[str, Recording], name: str) -> None:
    """Who is drawn in a week is who the tables count in it; a slip of one week would tell a wrong cause."""
    recording = recordings[name]
    payload, series = payload_for(recording), recording.run.series
    assert series is not None
    names = payload["about"]["series"]
    shape = (len(names), len(payload["about"]["groups"]), payload["about"]["steps"] + 1)
    drawn = array(payload, "series").reshape(shape).sum(axis=1)
    pairs = {name: name for name in ("members", "helpers", "organisers", "attended", "newcomers", "requests")}
    for shown, told in {**pairs, "unmet": "requests_unmet"}.items():
        np.testing.assert_array_equal(drawn[names.index(shown)][:-1], series[told].to_numpy(), shown)
    hope = series["hope_members"].to_numpy(zero_copy_only=False)
    counted = np.where(np.isnan(hope), 0.0, hope) * series["members"].to_numpy()
    np.testing.assert_allclose(drawn[names.index("hope")][:-1], counted, rtol=1e-5)
    assert int(drawn[names.index("members")][-1]) == recording.run.summary["members_in_world_at_end"]


def test_rows_of_members_are_the_series_of_members(recordings: dict[str, Recording]) -> None:
    """The browser draws rows and the server counts series: both must hold the same people."""
    payload = payload_for(recordings["a town"])
    at, group = array(payload, "member_at"), array(payload, "member_group")
    drawn = array(payload, "series").reshape(len(payload["about"]["series"]), len(payload["about"]["groups"]), -1)
    for step in (0, 17, payload["about"]["steps"]):
        counts = np.bincount(group[at[step] : at[step + 1]], minlength=drawn.shape[1])
        np.testing.assert_array_equal(counts, drawn[0, :, step])
    role = array(payload, "member_flags") >> 2 & 7
    assert set(role.tolist()) <= set(range(len(ROLES)))


@pytest.mark.parametrize("name", ["one group", "closes", "a town"])
def test_everybody_leaves_by_the_door_of_their_reason(recordings: dict[str, Recording], name: str) -> None:
    """The counts at the doors are those of the run: an exit lost or told twice would be a false reason."""
    recording = recordings[name]
    members = recording.weeks.members
    counts = np.bincount(members["leaving"], minlength=len(REASONS))
    for reason, count in zip(REASONS, counts.tolist(), strict=True):
        if f"exits_{reason}" in recording.run.summary:
            assert count == recording.run.summary[f"exits_{reason}"], reason


def test_a_closed_group_says_when_and_why(recordings: dict[str, Recording]) -> None:
    """Why the group closed is the question of the page, so week and reason are those of the run."""
    recording = recordings["closes"]
    about = payload_for(recording)["about"]["groups"][0]
    assert about["closed"] == recording.closed_step(0)
    assert about["closed"] + 1 == recording.run.summary["weeks_to_closure"]
    assert about["reason"] == recording.run.summary["closure_reasons"]
    assert about["words"] and "{" not in about["words"]
    assert (recording.weeks.members["step"] <= about["closed"]).all()


def test_roles_taken_by_an_act_are_seen_and_told(recordings: dict[str, Recording]) -> None:
    """What an act in mid-life takes away, the picture and its feed show in its very week."""
    recording = recordings["loses helpers at once"]
    members, news = recording.weeks.members, news_of(recording)
    in_week = [set(members["person"][(members["step"] == w) & (members["role"] == HELPER)]) for w in (29, 30)]
    lost = in_week[0] - in_week[1]
    told = news[(news["step"] == 30) & (news["kind"] == KINDS.index("role_ended"))]
    assert len(lost) >= 2
    assert set(told["person"]) == lost


def test_the_feed_can_say_all_that_happens(recordings: dict[str, Recording]) -> None:
    """A kind or reason without a sentence would leave a hole in the feed."""
    words = sentences()
    for recording in recordings.values():
        for row in news_of(recording):
            kind = kinds()[row["kind"]]
            key = f"left.{REASONS[row['value']]}" if kind == "left" else kind
            assert key in words or f"{kind}.left_with_role" in words or f"{kind}.recoil" in words, key


def test_the_feed_tells_what_optional_mechanisms_did(recordings: dict[str, Recording]) -> None:
    """Who took a sponsor, and whom: what the page draws of it must not stay dumb."""
    payload = payload_for(recordings["mechanisms that tell"])
    about, news = payload["about"], array(payload, "news").reshape(-1, 4)
    told = news[news[:, 0] == about["kinds"].index("sponsor_taken")]
    assert len(told)
    assert "{other}" in about["sentences"]["sponsor_taken"]
    log = recordings["mechanisms that tell"].run.events.to_pylist()
    taken = [row for row in log if row["kind"] == "sponsor_taken" and row["week"] >= 0]
    pairs = {(label(row["community"], row["who"]), label(row["community"], row["other"])) for row in taken}
    assert {(about["people"][who], about["people"][other]) for _, who, _, other in told.tolist()} == pairs


def test_the_spoken_sentence_has_no_words_of_its_own() -> None:
    """Reasons for leaving stood in the browser's code beside the catalogue, in other words and in English alone."""
    script = (Path(dashboard.__file__).parent / "browser" / "replay" / "voice.js").read_text(encoding="utf-8")
    assert not [reason for reason in REASONS[1:] if reason in script or reason.replace("_", " ") in script]
    wanted = {f"feed.{kind}" for kind in COUNTED} | {f"left_counted.{reason}" for reason in REASONS}
    wanted |= {"members", "helpers"}
    for language in languages():
        words = sentences(language)
        assert {f"{name}.{number}" for name in wanted for number in (1, 2, 12, "other")} <= set(words)
        assert all(words[f"{name}.other"].count("{count}") == 1 for name in wanted)
        assert not [name for name, text in words.items() if "{stage}" in text]


def test_every_reason_for_leaving_has_one_door() -> None:
    """Doors are drawn by the browser; somebody who leaves for a reason without a door vanishes from the picture."""
    script = (Path(dashboard.__file__).parent / "browser" / "replay" / "reading.js").read_text(encoding="utf-8")
    doors = re.findall(r"label: \(\) => say\(\"(.+?)\"\), reasons: \[(.+?)\]", script)
    reasons = [reason for _, listed in doors for reason in re.findall(r"\w+", listed)]
    assert sorted(reasons) == sorted(REASONS[1:])
    assert len({label for label, _ in doors}) == len(doors)


def test_ties_and_help_join_people_who_are_there(recordings: dict[str, Recording]) -> None:
    """A line to nobody would be drawn to the corner of the picture."""
    payload = payload_for(recordings["a town"])
    people = len(payload["about"]["people"])
    spans = array(payload, "tie_span").reshape(-1, 4)
    assert len(spans) > 0
    assert (spans[:, :2] < people).all()
    assert (spans[:, 0] != spans[:, 1]).all()
    assert (spans[:, 2] <= spans[:, 3]).all()
    pairs = array(payload, "help_pair").reshape(-1, 2)
    assert (pairs < people).all()
    helped = recordings["a town"].run.events["kind"].to_pylist().count("helped_by")
    assert 0 < len(pairs) <= helped


def test_the_payload_is_small(recordings: dict[str, Recording]) -> None:
    """Ten years of one group must travel at once: about 120 kB, so three years at most 40."""
    payload = payload_for(recordings["one group"])
    assert sum(len(data) for data in payload["arrays"].values()) < 40_000


def test_the_payload_is_made_once(recordings: dict[str, Recording]) -> None:
    """A class of thirty looks at one history: its bytes must be in memory once, not thirty times."""
    recording = recordings["one group"]
    first, again = payload_for(recording), payload_for(recording)
    assert all(again["arrays"][name] is data for name, data in first["arrays"].items())


def test_a_life_is_followed_in_and_out_of_groups(recordings: dict[str, Recording]) -> None:
    """A person who came and left is shown before, during and after, as the table of lives has it."""
    recording = recordings["one group"]
    lives = recording.run.lives.to_pandas()
    life = lives[(lives.left_week > 0) & (lives.joined_week > 5)].iloc[0]
    course = course_of(recording, life.person)
    inside = [week for week, member in zip(course.weeks, course.member, strict=True) if member]
    assert min(inside) <= life.joined_week
    assert max(inside) == life.left_week
    assert course.weeks == sorted(course.weeks)


def test_who_helped_is_counted_on_both_sides(recordings: dict[str, Recording]) -> None:
    """Help given and help received are one thing seen from two ends."""
    recording = recordings["one group"]
    helper = max(recording.names, key=lambda name: sum(times for _, times in met_by(recording, name).to))
    other, times = met_by(recording, helper).to[0]
    assert (helper, times) in met_by(recording, other).by
    life = recording.chronicle.life(helper)
    assert sum(times for _, times in met_by(recording, helper).to) == life.help_given


def test_an_unknown_person_is_an_error_in_words(recordings: dict[str, Recording]) -> None:
    with pytest.raises(InputError, match="there is none like"):
        course_of(recordings["one group"], "0-1-999999")


@pytest.mark.parametrize(
    ("form", "weeks", "values", "change"),
    [
        ("base", 20, {"start.run_in_weeks": 4}, {"help.unmet_fade": 0.55}),
        ("twelve_step", 10, {"community.count": 3, "start.groups": 2}, {"serve.turnover_per_year": 2.0}),
    ],
)
def test_two_histories_part_in_one_week_on_every_page(
    form: str, weeks: int, values: dict[str, Any], change: dict[str, Any], tmp_path: Path
) -> None:
    """The page of two stories and the report of a comparison must name the same week and the same person of one pair.

    The page once looked at a few columns of the first community alone: in the first pair it found no difference to the
    end where somebody's wishes are forgotten sooner from week 1 on, in the second the first is in another community.
    """
    one = read_scenario(form, {**values, "weeks": weeks})
    asked = {"scenarios": {"one": form, "other": {"base": form, "set": change}}, "weeks": weeks, "set": values}
    run_study(Compare.model_validate({**asked, "replicates": 2, "parting": [0]}), tmp_path / "out")
    row = tables(tmp_path / "out")["parting"].iloc[0]
    other = with_values(one, change)
    pair, found = story_pair(one, other), divergence_of(record(one), record(other))
    assert found is not None and pair.divergence is not None
    assert (found.week, found.person) == (row["week"], row["person"])
    assert pair.divergence["week"] == found.week and found.words in pair.parted
    report = re.sub("<[^>]+>", " ", write_report(tmp_path / "out").read_text())
    assert f"first in week {found.week:g} (replicate 0, other), where person {found.person} is the first" in report
    assert found.week == 0 or f"Up to week {found.week:g} both runs are the same" in pair.parted
    assert "in A" in found.words and "in B" in found.words


def test_people_go_by_one_name_in_both_pictures() -> None:
    """More need in B must not rename everybody: who is Ada on the left is Ada on the right."""
    one = SITUATIONS["one group"]
    a, b = record(one), record(with_values(one, {"community.arrivals_per_week": 1.5}))
    names = [dict(zip(p["about"]["people"], p["about"]["called"], strict=True)) for p in payloads_of_pair(a, b)]
    assert len(names[1]) > len(names[0])
    assert all(names[1].get(person, called) == called for person, called in names[0].items())
    assert len(set(names[1].values())) == len(names[1])


def test_the_same_situation_never_parts(recordings: dict[str, Recording]) -> None:
    assert divergence_of(recordings["one group"], record(SITUATIONS["one group"])) is None


def test_a_branch_keeps_its_past() -> None:
    """What comes later must not change what was: the branch parts in its own week and not before."""
    one = SITUATIONS["one group"]
    branch = one.model_copy(update={"changes": (Change(week=80, set={"serve.turnover_per_year": 3.0}),)})
    found = divergence_of(record(one), record(branch))
    assert found is not None
    assert found.week >= 80


def test_a_stale_recording_can_be_stopped() -> None:
    control = np.array([0, 1], np.int64)
    with pytest.raises(Stopped):
        record(SITUATIONS["one group"], control=control)


def test_a_page_drawn_again_does_not_throw_its_viewer_back(recordings: dict[str, Recording]) -> None:
    """Solara sets every value anew at each drawing; only another week is a wish, and an echo is none."""
    widget = ReplayWidget(week=60.0)
    first = widget.wish
    assert first["week"] == 60.0
    for week in (61.0, 62.0, 0.0):
        widget.hear({"kind": "week", "week": week}, [])
    widget.week = 60.0
    assert widget.wish == first, "the page holds on to the week it began with"
    widget.week = 62.0
    widget.week = 0.0
    assert widget.wish == first, "weeks that the browser told come back from the page"
    widget.week = 30.0
    widget.week = 0.0
    assert widget.wish == {"week": 0.0, "number": first["number"] + 2}, "a new beginning is a wish"


def test_several_who_ask_at_once_wait_for_one_recording(recordings: dict[str, Recording]) -> None:
    """A class of thirty opens the same address: it must be computed once."""
    made, gate = [], threading.Event()

    def make(scenario: Scenario) -> Recording:
        made.append(scenario)
        gate.wait(10)
        return recordings["one group"]

    kept = RecordingCache(make=make)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(kept.recording, SITUATIONS["one group"]) for _ in range(4)]
        gate.set()
        found = [future.result(10) for future in asked]
    assert len(made) == 1
    assert all(one is recordings["one group"] for one in found)


def test_kept_recordings_stay_within_their_memory(recordings: dict[str, Recording]) -> None:
    """A long evening of sliders must not fill the memory; the newest stays in any case."""
    one = recordings["one group"]
    kept = RecordingCache(most_bytes=one.nbytes + 1, make=lambda scenario: one)
    first, second = (with_values(SITUATIONS["one group"], {"seed": seed}) for seed in (1, 2))
    kept.recording(first)
    kept.recording(second)
    assert kept.has(second)
    assert not kept.has(first)


def test_a_failure_is_not_kept(recordings: dict[str, Recording]) -> None:
    """Whoever asks again after a failure gets a new try."""
    answers: list[Any] = [RuntimeError("no"), recordings["one group"]]

    def make(scenario: Scenario) -> Recording:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    kept = RecordingCache(make=make)
    with pytest.raises(RuntimeError):
        kept.recording(SITUATIONS["one group"])
    assert kept.recording(SITUATIONS["one group"]) is recordings["one group"]


@pytest.mark.parametrize("dark", [False, True])
def test_a_stage_has_one_colour_in_every_picture(dark: bool) -> None:
    """Blue was recoil on the pages and accommodation in Mesa's picture: the pages must show the palette's colours."""
    style = (Path(mhsim.__file__).parent / "dashboard/browser/style.css").read_text(encoding="utf-8")
    theme = style.split('[data-theme="dark"]')[int(dark)]
    dark_of = {hue.light: hue.dark for hue in palette.HUES}
    for stage, (colour, _) in palette.STAGES.items():
        assert f"--stage-{stage}: {dark_of[colour] if dark else colour};" in theme


def test_each_group_says_its_form_where_there_are_several() -> None:
    recording = record(read_scenario("two_forms_compete", {"weeks": 4}))
    ending = group_ending(recording)
    groups = payload_for(recording)["about"]["groups"]
    assert ending is not None and groups[0]["name"] in ending.sentence
    for language in ("en", "de"):
        assert (
            f"({recording.chronicle.group(0).form.replace('_', ' ')})"
            in group_story(recording.chronicle, 0, language).title
        )
    forms = recording.run.groups["form"].to_pylist()
    assert len(set(forms)) == 2
    assert all(f" {form.replace('_', ' ')} group" in group["name"] for form, group in zip(forms, groups, strict=True))


def test_every_shipped_scenario_can_be_chosen_forms_before_worlds() -> None:
    """A world is known by what is in it, so that one shipped later stands where it belongs; forms come first."""
    choices = story_fields(Situation())[0].choices
    assert {name for name, _ in choices} == set(shipped())
    said = [title.startswith("World: ") for _, title in choices]
    assert said == sorted(said) and sum(said) == len(worlds())
    assert {"town", "two_forms_compete", "two_troubles", "families", "federation", "washingtonians"} <= worlds()
    assert not {"base", "twelve_step", "professional_led", "bereaved_parents", "online_community"} & worlds()

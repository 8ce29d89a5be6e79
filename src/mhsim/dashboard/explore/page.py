"""The page Explore: watch one made-up town with a mutual help group, open lives, change something, see what follows."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara

from mhsim.dashboard.describe import change_in_words
from mhsim.dashboard.elements import Button, PageLink, element, moments, trusted, words
from mhsim.dashboard.explore.by_form import ByForm
from mhsim.dashboard.explore.controls import (
    now_fields,
    set_from,
    start_fields,
    story_fields,
    with_helpers_lost,
    without_late_changes,
)
from mhsim.dashboard.explore.counterfactuals import group_ending, moment_asked_about, questions
from mhsim.dashboard.explore.life import Life
from mhsim.dashboard.explore.presets import OWN, PRESETS, preset_of
from mhsim.dashboard.replay.payload import payload
from mhsim.dashboard.replay.recording import Recording, recording_of
from mhsim.dashboard.replay.widget import ReplayWidget
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.upload_scenario import situation_from_file
from mhsim.dashboard.url_state import Address, address_of
from mhsim.dashboard.visit import use_visit
from mhsim.dashboard.widgets.fields import Fields, Upload
from mhsim.errors import InputError, shortened
from mhsim.report.formatting import small
from mhsim.scenario import Change, Value

Attempt = Callable[..., None]
MOST_LOST = 9
DOCUMENTS = (
    ("The scenario, to repeat with mhsim run", "scenario.yaml"),
    ("Weekly series (CSV)", "series.csv"),
    ("Lives (CSV)", "lives.csv"),
    ("Groups (CSV)", "groups.csv"),
    ("Everything that happened (CSV)", "events.csv"),
)
ABOUT = (
    "One made-up town with people in need, and a group that meets every week. Press play, click a person to read their "
    "life, change something and see what follows. Nobody here is real."
)
ABOUT_SEVERAL = ABOUT.replace("a group that meets", "groups that meet")


@solara.component  # type: ignore[untyped-decorator]
def Explore() -> None:  # noqa: N802
    """Show the page."""
    visit = use_visit()
    wrong, set_wrong = solara.use_state("")
    week = solara.use_reactive(visit.address.week())
    situation = visit.address.first
    recording = solara.use_memo(lambda: recording_of(situation.scenario()), [situation])
    names = recording.called
    person = visit.address.other("person") or None

    def go(to: Situation, **others: Any) -> None:
        set_wrong("")
        visit.go(address_of(to, None, {"week": week.value or None, "person": person, **others}))

    def attempt(make: Callable[[], Situation], *, from_start: bool = False) -> None:
        """Go to another situation, from the first week if it starts again; say so where it is not allowed."""
        try:
            to = without_late_changes(make())
        except InputError as error:
            set_wrong(str(error))
            return
        if from_start:
            week.set(0.0)
        go(to, **({"week": None, "person": None} if from_start else {}))

    element("h1", "Why does a group live or die?")
    words(ABOUT if len(recording.groups) < 2 else ABOUT_SEVERAL)
    if wrong or visit.wrong:
        words(wrong or visit.wrong, class_="wrong", role="alert")
    _Story(situation, attempt)
    with element("div", class_="explore"):
        with element("div", class_="stage-and-life"):
            _Picture(recording, week, person, lambda who: go(situation, person=who))
            with element("div"):
                if person is not None and person in names:
                    Life(recording, person, names, lambda who: go(situation, person=who))
                elif person is not None:
                    words(f"There is no person {shortened(person)} in this run.", class_="wrong", role="alert")
            ByForm(recording)
            _Ending(recording, situation, names)
        with element("div", class_="panel"):
            _Now(situation, recording, week, attempt)
            _Start(situation, attempt)
    _Files(visit.address, attempt)


@solara.component  # type: ignore[untyped-decorator]
def _Story(situation: Situation, attempt: Attempt) -> None:  # noqa: N802
    """Show the choice of type, story and seed, and the button for another run."""
    preset = preset_of(situation)

    def change(name: str, value: Value, final: bool) -> None:
        seed = situation.value("seed")
        if name == "form":
            attempt(lambda: (preset or PRESETS[0]).situation(str(value), seed), from_start=True)
        elif name == "story" and value != OWN:
            chosen = next(one for one in PRESETS if one.name == value)
            attempt(lambda: chosen.situation(situation.form, seed), from_start=True)
        elif name == "seed":
            attempt(lambda: situation.with_value("seed", int(value)), from_start=True)

    def next_seed() -> None:
        seed = int(situation.value("seed"))
        attempt(lambda: situation.with_value("seed", seed + 1 if seed < 2**53 else 0), from_start=True)

    with element("div", class_="side bar"):
        Fields(story_fields(situation), change, legend="Type of group and seed", look="bar")
        Button("Try another run", next_seed, description="Try another run: the same settings with another random seed")
    words(preset.description(situation) if preset else "Settings of your own.", class_="quiet tale")


@solara.component  # type: ignore[untyped-decorator]
def _Ending(recording: Recording, situation: Situation, names: dict[str, str]) -> None:  # noqa: N802
    """Show how it ended and why, and what one may ask next."""
    ending = solara.use_memo(lambda: group_ending(recording), [id(recording)])
    if ending is None:
        words("No group opened in this run.", class_="outcome")
        return
    closed, week = ending.closed_week is not None, moment_asked_about(situation)
    with element("section", class_="card outcome", aria_label="How it went"):
        words(ending.sentence, class_="large", aria_live="polite")
        with element("details"):
            words("Why did the group close?" if closed else "How is the group doing?", "summary")
            for change in situation.changes:
                words(f"Your change: {_listed(change, recording)}.", class_="quiet")
            moments(ending.because, names)
            with element("details"):
                words("The whole story of the group", "summary")
                moments(ending.whole, names)
        since = f"from week {week} on" if week else "from the start"
        words(f"Ask about this run again, with the same chance events and something changed {since}:", class_="quiet")
        with element("ul", class_="questions"):
            for question, path in questions(situation, closed=closed):
                with element("li"):
                    PageLink(question, path)


@solara.component  # type: ignore[untyped-decorator]
def _Picture(  # noqa: N802
    recording: Recording, week: Any, person: str | None, choose: Any
) -> None:
    """Show the moving picture."""
    payloads = solara.use_memo(lambda: [payload(recording)], [id(recording)])

    def on_message(content: dict[str, Any]) -> None:
        if content["kind"] == "week":
            week.set(float(content["week"]))
        elif content["person"] != person:
            choose(content["person"])

    latest = solara.use_ref(on_message)
    latest.current = on_message
    ReplayWidget.element(
        recordings=payloads,
        week=float(week.value),
        chosen={"which": 0, "person": person} if person else None,
        handler=lambda content: latest.current(content),
    )


@solara.component  # type: ignore[untyped-decorator]
def _Now(situation: Situation, recording: Recording, week: Any, attempt: Attempt) -> None:  # noqa: N802
    """Show what can be changed from the week shown on, and what has been changed."""
    count, set_count = solara.use_state(1)
    now = float(week.value)
    where = " in each group" if recording.groups_open(now) > 1 else ""

    def change(name: str, value: Value, final: bool) -> None:
        if final:
            attempt(lambda: set_from(situation, name, value, now))

    since = f"week {int(now)} on" if now >= 1 else "the start"
    helpers = "The busiest helper" if count == 1 else f"The {small(count)} busiest helpers"
    with element("section", class_="card", aria_label="From this week on"):
        Fields(
            now_fields(situation, now),
            change,
            legend=f"From {since}",
            about="The past stays as it was; the future changes. Pause or move the week slider to choose the week.",
            look="plain",
        )
        with element("div", class_="side"):
            Button(
                f"{helpers}{where} {'stops' if count == 1 else 'stop'} now",
                lambda: attempt(lambda: with_helpers_lost(situation, count, now)),
            )
            Button(
                f"{helpers}{where} {'leaves' if count == 1 else 'leave'} the group now",
                lambda: attempt(lambda: with_helpers_lost(situation, count, now, leave=True)),
            )
            for label, step in (("one fewer", -1), ("one more", 1)):
                to = min(MOST_LOST, max(1, count + step))
                Button(label, lambda to=to: set_count(to), look="quiet", description=f"{label} helper to stop")
        with element("div", hidden=None if situation.changes else "hidden"):
            element("h2", "What you have changed", class_="minor")
            with element("ul", class_="changes"):
                for position, one in enumerate(situation.changes):
                    with element("li"):
                        words(_listed(one, recording), "span")
                        Button(
                            "undo",
                            lambda position=position: attempt(lambda: situation.without_change(position)),
                            look="quiet",
                            description=f"Undo: {_listed(one, recording)}",
                        )


def _listed(change: Change, recording: Recording) -> str:
    """Return a change with its week: "Week 104: the busiest helper stops helping at once and stays as a member"."""
    words = change_in_words(change, several=recording.groups_open(change.week) > 1)
    return f"Week {change.week}: {words}"


@solara.component  # type: ignore[untyped-decorator]
def _Start(situation: Situation, attempt: Attempt) -> None:  # noqa: N802
    """Show what starts the run again."""

    def change(name: str, value: Value, final: bool) -> None:
        if final:
            attempt(lambda: situation.with_value(name, value), from_start=True)

    with element("details", class_="card"):
        words("Restart with different starting conditions", "summary")
        Fields(
            start_fields(situation),
            change,
            legend="Starting conditions",
            about="A change here starts the run again from its first week, with the same random seed.",
            look="plain",
        )
        Button("Reset to defaults", lambda: attempt(lambda: Situation(situation.form), from_start=True))


@solara.component  # type: ignore[untyped-decorator]
def _Files(address: Address, attempt: Attempt) -> None:  # noqa: N802
    """Show what can be downloaded and uploaded."""
    query = address.query()
    with element("details", class_="card"):
        words("Download or upload", "summary")
        rows = (f'<li><a href="./get/{name}?{escape(query)}">{label}</a></li>' for label, name in DOCUMENTS)
        trusted("".join(rows), "ul")
        Upload(
            "Open a scenario file",
            lambda name, content: attempt(lambda: situation_from_file(name, content), from_start=True),
            accept=".yaml,.yml",
        )
        words("The address of this page holds everything: type of group, settings, seed, week. Share it or save it.")

"""The page Explore: watch one made-up town with a mutual help group, open lives, change something, see what follows."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara

from mhsim.dashboard.explore.controls import (
    changed,
    check_end,
    in_words,
    lost,
    now_fields,
    start_fields,
    story_fields,
)
from mhsim.dashboard.explore.counterfactuals import outcome, questions
from mhsim.dashboard.explore.life import Life
from mhsim.dashboard.explore.presets import OWN, TALES, tale_of
from mhsim.dashboard.html import Button, PageLink, element, moments, trusted, words
from mhsim.dashboard.replay.cache import recording_of
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.replay.widget import ReplayWidget
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.upload_scenario import carried_in
from mhsim.dashboard.url_state import Address, address_of
from mhsim.dashboard.visit import use_visit
from mhsim.dashboard.widgets.fields import Fields
from mhsim.dashboard.widgets.upload import Upload
from mhsim.errors import InputError
from mhsim.scenario import Value

Attempt = Callable[..., None]
DOCUMENTS = (
    ("The scenario, to repeat with mhsim run", "scenario.yaml"),
    ("Weekly series (CSV)", "series.csv"),
    ("Lives (CSV)", "lives.csv"),
    ("Groups (CSV)", "groups.csv"),
    ("Everything that happened (CSV)", "events.csv"),
)
ABOUT = (
    "One made-up town with people in need and a group that meets every week. Press play, click a person to read their "
    "life, change something and see what follows. Nobody here is real."
)


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

    def attempt(make: Callable[[], Situation], *, anew: bool = False) -> None:
        """Go to another situation, from the first week if it starts anew; say so where it is not allowed."""
        try:
            to = check_end(make())
        except InputError as error:
            set_wrong(str(error))
            return
        if anew:
            week.set(0.0)
        go(to, **({"week": None, "person": None} if anew else {}))

    element("h1", "Why does a group live or die?")
    words(ABOUT)
    if wrong or visit.wrong:
        words(wrong or visit.wrong, class_="wrong", role="alert")
    _Story(situation, attempt)
    with element("div", class_="explore"):
        with element("div", class_="stage-and-life"):
            _Picture(recording, week, person, lambda who: go(situation, person=who))
            with element("div"):
                if person is not None and person in names:
                    Life(recording, person, names, lambda who: go(situation, person=who))
            _Outcome(recording, situation, names)
        with element("div", class_="panel"):
            _Now(situation, week, attempt)
            _Start(situation, attempt)
    _Carrying(visit.address, attempt)


@solara.component  # type: ignore[untyped-decorator]
def _Story(situation: Situation, attempt: Attempt) -> None:  # noqa: N802
    """Show the choice of form, story and seed, and the button for new luck."""
    tale = tale_of(situation)

    def told(name: str, value: Value, final: bool) -> None:
        seed = situation.value("seed")
        if name == "form":
            attempt(lambda: (tale or TALES[0]).told_of(str(value), seed), anew=True)
        elif name == "story" and value != OWN:
            chosen = next(one for one in TALES if one.name == value)
            attempt(lambda: chosen.told_of(situation.form, seed), anew=True)
        elif name == "seed":
            attempt(lambda: situation.with_value("seed", int(value)), anew=True)

    def new_luck() -> None:
        seed = int(situation.value("seed"))
        attempt(lambda: situation.with_value("seed", seed + 1 if seed < 2**53 else 0), anew=True)

    with element("div", class_="side bar"):
        Fields(story_fields(situation), told, legend="Form and luck", look="bar")
        Button("New luck", new_luck, description="New luck: the same assumptions with another seed")
    words(tale.about if tale else "A situation of your own.", class_="quiet tale")


@solara.component  # type: ignore[untyped-decorator]
def _Outcome(recording: Recording, situation: Situation, names: dict[str, str]) -> None:  # noqa: N802
    """Show how it ended and why, and what one may ask next."""
    found = solara.use_memo(lambda: outcome(recording), [id(recording)])
    if found is None:
        words("No group was opened in this history.", class_="outcome")
        return
    closed = found.closed_week is not None
    with element("section", class_="card outcome", aria_label="How it went"):
        words(found.sentence, class_="large", aria_live="polite")
        with element("details"):
            words(
                "Why did the group close?" if found.closed_week is not None else "How did the group go on?", "summary"
            )
            for change in situation.changes:
                words(f"Your change: {in_words(change)}.", class_="quiet")
            moments(found.because, names)
            with element("details"):
                words("The whole story of the group", "summary")
                moments(found.whole, names)
        words("Ask the same history, with the same luck:", class_="quiet")
        with element("ul", class_="questions"):
            for question, path in questions(situation, closed):
                with element("li"):
                    PageLink(question, path)


@solara.component  # type: ignore[untyped-decorator]
def _Picture(  # noqa: N802
    recording: Recording, week: Any, person: str | None, choose: Any
) -> None:
    """Show the moving picture."""
    payload = solara.use_memo(lambda: [recording.payload()], [id(recording)])

    def heard(content: dict[str, Any]) -> None:
        if content["kind"] == "week":
            week.set(float(content["week"]))
        elif content["person"] != person:
            choose(content["person"])

    latest = solara.use_ref(heard)
    latest.current = heard
    ReplayWidget.element(
        recordings=payload,
        week=float(week.value),
        chosen={"which": 0, "person": person} if person else None,
        heard=lambda content: latest.current(content),
    )


@solara.component  # type: ignore[untyped-decorator]
def _Now(situation: Situation, week: Any, attempt: Attempt) -> None:  # noqa: N802
    """Show what can be changed from the week shown on, and what has been changed."""
    count, set_count = solara.use_state(1)
    now = float(week.value)

    def told(name: str, value: Value, final: bool) -> None:
        if final:
            attempt(lambda: changed(situation, name, value, now))

    when = f"week {int(now)}" if now >= 1 else "the opening"
    with element("section", class_="card", aria_label="From this week on"):
        Fields(
            now_fields(situation, now),
            told,
            legend=f"From {when} on",
            about="The past stays as it was; the future changes. Pause or scrub to choose the week.",
            look="plain",
        )
        with element("div", class_="side"):
            Button(
                "The busiest helper stops now" if count == 1 else f"The {count} busiest helpers stop now",
                lambda: attempt(lambda: lost(situation, count, now)),
            )
            Button(
                "one fewer", lambda: set_count(max(1, count - 1)), look="quiet", description="One helper fewer to lose"
            )
            Button(
                "one more", lambda: set_count(min(9, count + 1)), look="quiet", description="One helper more to lose"
            )
        with element("div", hidden=None if situation.changes else "hidden"):
            element("h3", "What you have changed")
            with element("ul", class_="changes"):
                for position, change in enumerate(situation.changes):
                    with element("li"):
                        words(in_words(change), "span")
                        Button(
                            "undo",
                            lambda position=position: attempt(lambda: situation.without_change(position)),
                            look="quiet",
                            description=f"Undo: {in_words(change)}",
                        )


@solara.component  # type: ignore[untyped-decorator]
def _Start(situation: Situation, attempt: Attempt) -> None:  # noqa: N802
    """Show what starts the history anew."""

    def told(name: str, value: Value, final: bool) -> None:
        if final:
            attempt(lambda: situation.with_value(name, value), anew=True)

    with element("details", class_="card"):
        words("Start anew with other beginnings", "summary")
        Fields(
            start_fields(situation),
            told,
            legend="From the beginning",
            about="These start the history again from its first week, under the same luck.",
            look="plain",
        )
        Button("All as in the form", lambda: attempt(lambda: Situation(situation.form), anew=True))


@solara.component  # type: ignore[untyped-decorator]
def _Carrying(address: Address, attempt: Attempt) -> None:  # noqa: N802
    """Show what can be taken away and brought in."""
    query = address.query()
    with element("details", class_="card"):
        words("Take it with you, bring your own", "summary")
        rows = (f'<li><a href="/get/{name}?{escape(query)}">{label}</a></li>' for label, name in DOCUMENTS)
        trusted("".join(rows), "ul")
        Upload(
            "Open a scenario file",
            lambda name, content: attempt(lambda: carried_in(name, content), anew=True),
            accept=".yaml,.yml",
        )
        words("The address of this page holds everything: form, settings, seed, week. Share it or keep it.")

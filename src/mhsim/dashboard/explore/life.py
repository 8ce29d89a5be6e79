"""One person of the history: their story, how hope and self-efficacy went, who helped them and whom they helped."""

from __future__ import annotations

from collections.abc import Callable

import solara

from mhsim.dashboard.elements import Button, element, moments, trusted, words
from mhsim.dashboard.figures.curves import ChartLine, curves
from mhsim.dashboard.replay.lives import course_of, met_by
from mhsim.dashboard.replay.recording import Recording
from mhsim.dashboard.widgets.browser import FocusWidget
from mhsim.stories import life_story

MOST_NAMED = 6
EVENTS = "Sudden rises in distress mostly come from stressful events outside the group."


@solara.component  # type: ignore[untyped-decorator]
def Life(  # noqa: N802
    recording: Recording, person: str, names: dict[str, str], choose: Callable[[str | None], None]
) -> None:
    """Show one person's life.

    Parameters
    ----------
    recording : Recording
        The history.
    person : str
        Who, as community-step-index.
    names : dict
        Invented names of everybody.
    choose : callable
        Called with another person, or None to close.
    """
    name = names.get(person, person)
    with element("section", class_="card life", aria_labelledby="life-heading"):
        with element("div", class_="side"):
            element("h2", f"The life of {name}", id="life-heading", tabindex="-1")
            Button("Close", lambda: choose(None), look="quiet", description=f"Close the life of {name}")
        FocusWidget.element(target="life-heading", why=person)
        with element("div", class_="beside"):
            moments(
                solara.use_memo(lambda: list(life_story(recording.chronicle, person)), [id(recording), person]), names
            )
            with element("div"):
                trusted(solara.use_memo(lambda: course_figure(recording, person, name), [id(recording), person]))
                words(EVENTS, class_="quiet small")
                _Met(recording, person, names, choose)
        words(f"{name} is an invented name; in tables this is person {person}.", class_="quiet small")


@solara.component  # type: ignore[untyped-decorator]
def _Met(  # noqa: N802
    recording: Recording, person: str, names: dict[str, str], choose: Callable[[str | None], None]
) -> None:
    """Show with whom help passed; each name opens that person's life."""
    met = met_by(recording, person)
    for heading, others in (("Was helped by", met.by), ("Helped", met.to)):
        element("h3", heading)
        if not others:
            words("Nobody.", class_="quiet")
            continue
        with element("ul", class_="people"):
            for other, times in others[:MOST_NAMED]:
                often = "once" if times == 1 else f"{times} times"
                with element("li"):
                    Button(
                        f"{names.get(other, other)}, {often}",
                        lambda other=other: choose(other),
                        look="quiet",
                        description=f"{names.get(other, other)}, {often}: open this life",
                    )
        if len(others) > MOST_NAMED:
            words(f"And {len(others) - MOST_NAMED} more.", class_="quiet small")


def course_figure(recording: Recording, person: str, name: str) -> str:
    """Return the figure of a person's hope, self-efficacy and distress over time."""
    course = course_of(recording, person)
    if not course.weeks:
        return ""
    marks = [(week, "joined") for week in [_first(course.weeks, course.member)] if week is not None]
    first, last = course.hope[0], course.hope[-1]
    return curves(
        [
            ChartLine("hope", course.weeks, course.hope, look=0),
            ChartLine("self-efficacy", course.weeks, course.self_efficacy, look=2),
            ChartLine("distress", course.weeks, course.distress, look=1),
        ],
        title=f"Hope, self-efficacy and distress of {name}",
        across="week",
        up="from 0 to 1",
        describe=f"Hope went from {first:.2f} in week {course.weeks[0]:g} to {last:.2f} in week {course.weeks[-1]:g}.",
        marks=marks,
        width=520,
    )


def _first(weeks: list[float], member: list[bool]) -> float | None:
    """Return the first week as a member, if it is not the first week at all."""
    found = [week for week, is_member in zip(weeks, member, strict=True) if is_member]
    return found[0] if found and found[0] > weeks[0] else None

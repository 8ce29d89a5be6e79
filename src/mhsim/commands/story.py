"""`mhsim story`: a recorded run told in plain sentences, one group or one person at a time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import expanded
from mhsim.commands.output import as_json, say

if TYPE_CHECKING:
    from mhsim.stories import Chronicle, Story


def story(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", help="Folder of a run that kept its event log.", show_default=False, callback=expanded
        ),
    ],
    person: Annotated[
        str | None, typer.Option(metavar="LABEL", help="Tell of one person, such as 0-4095-2.", show_default=False)
    ] = None,
    group: Annotated[
        int | None, typer.Option(metavar="N", help="Tell of this group, from 0.", show_default="0")
    ] = None,
    language: Annotated[str, typer.Option(help="The language to tell it in, such as en or de.")] = "en",
    json: Annotated[bool, typer.Option("--json", help="Print the moments as JSON.")] = False,
) -> None:
    """Tell the story of a group or a person.

    The run must have been made with --record story. Without --person it tells of a group and names three lives worth
    reading, chosen by rule: the first to become a helper there; the first to leave within 13 weeks of the first visit,
    whatever the reason; the first to leave having found what they came for.
    """
    from mhsim.errors import InputError

    if person is not None and group is not None:
        raise InputError("--person and --group: give one of them, not both")
    from mhsim.stories.loader import chronicle_in

    chronicle = chronicle_in(folder)
    if person is not None:
        from mhsim.stories import life_story

        told = life_story(chronicle, person, language)
        say(as_json(_data(told, folder)) if json else told.text())
        return
    _tell_group(chronicle, folder, group or 0, language, json)


def _tell_group(chronicle: Chronicle, folder: Path, group: int, language: str, json: bool) -> None:
    """Tell of a group, and name lives worth reading."""
    from mhsim.stories import group_story, worth_reading
    from mhsim.stories.catalogue import catalogue
    from mhsim.user_paths import command_text

    told = group_story(chronicle, group, language)
    lives = worth_reading(chronicle, group, language)
    if json:
        rows = [{"rule": life.rule, "person": life.person, "text": life.text} for life in lives]
        say(as_json({**_data(told, folder), "worth_reading": rows}))
        return
    title = catalogue(language).say("worth.title")
    again = f"{command_text('mhsim', 'story', folder)} --person LABEL"
    say("\n".join([told.text(), "", f"{title} ({again}):", *(life.text for life in lives)]))


def _data(told: Story, folder: Path) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "title": told.title,
        "who": told.who,
        "language": told.language,
        "moments": told.rows(),
    }

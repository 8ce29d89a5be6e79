"""Commands on results: `mhsim report`, `mhsim crate`, `mhsim tables`, `mhsim story` and `mhsim dashboard`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mhsim.commands.options import AsJson, Results, expanded
from mhsim.commands.output import note, say, say_json

if TYPE_CHECKING:
    from mhsim.stories import Story


def results_folder(folder: Path) -> Path:
    """Return a folder; raise InputError if it holds no results."""
    from mhsim.errors import InputError

    if not folder.is_dir():
        raise InputError("there is no such folder", str(folder))
    if not (folder / "manifest.json").is_file():
        raise InputError("this is not a folder of results: it holds no manifest.json", str(folder))
    return folder


def report(
    folder: Results,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it, instead of report.html in DIR.", callback=expanded)
    ] = None,
) -> None:
    """Make a page of a run or a study.

    The page is one HTML file in plain words.
    """
    results_folder(folder)
    from mhsim.report import write_report

    say(f"The report is {write_report(folder, out)}")


def crate(folder: Results) -> None:
    """Write ro-crate-metadata.json for a folder.

    Archives and other programs know by it what the folder is: an RO-Crate of the profile Process Run Crate. Studies end
    with one; this is for runs, and for studies of earlier versions.
    """
    from mhsim.studies.run_crate import write_crate

    say(f"The run crate is {write_crate(results_folder(folder))}")


def tables(
    folder: Results,
    table: Annotated[
        str, typer.Option(help="Which table: runs, series, lives, or one of the analysis, by name.")
    ] = "runs",
    format: Annotated[
        Literal["csv", "excel", "stata", "parquet"],
        typer.Option(help="csv; excel: CSV with semicolon and decimal comma; stata; parquet."),
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option(help="File to write.", show_default="DIR/tables/TABLE.csv", callback=expanded)
    ] = None,
) -> None:
    """Write a table for other programs.

    Runs have the values of their point beside them; series and lives of all runs become one table. Yes and no are 1
    and 0, what is missing is empty.
    """
    from mhsim.safe_files import whole_file
    from mhsim.studies.export import ENDINGS, frames, write_frames

    parts = frames(results_folder(folder), table)
    target = out if out is not None else folder / "tables" / f"{table}.{ENDINGS[format]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target, checksum=False) as file:
        rows = write_frames(parts, format, file)
    if table == "runs" and (folder / "runs").is_dir() and not (folder / "runs.parquet").is_file():
        note(f"The study is not finished; {rows:,} runs are written.")
    say(f"{rows:,} rows are in {target}")


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
        int | None, typer.Option(metavar="N", help="Tell of this group, from 0.", show_default="the focal group")
    ] = None,
    language: Annotated[str, typer.Option(help="The language to tell it in, such as en or de.")] = "en",
    json: AsJson = False,
) -> None:
    """Tell the story of a group or a person.

    The run must have been made with --record story. Without --person it tells of a group and names three lives worth
    reading, chosen by rule: the first to become a helper there; the first to leave within 13 weeks of the first visit,
    whatever the reason; the first to leave having found what they came for.
    """
    from mhsim.errors import InputError

    if person is not None and group is not None:
        raise InputError("--person and --group: give one of them, not both")
    from mhsim.stories import group_story, life_story, notable_lives
    from mhsim.stories.narrator import catalogue
    from mhsim.stories.records import chronicle_in
    from mhsim.user_paths import command_text

    chronicle = chronicle_in(folder)
    if person is not None:
        life = life_story(chronicle, person, language)
        say(life.text()) if not json else say_json(_data(life, folder))
        return
    about_group = group_story(chronicle, group, language)
    lives = notable_lives(chronicle, group, language)
    if json:
        rows = [{"rule": life.rule, "person": life.person, "text": life.text} for life in lives]
        say_json({**_data(about_group, folder), "worth_reading": rows})
        return
    title = catalogue(language).say("worth.title")
    again = f"{command_text('mhsim', 'story', folder)} --person LABEL"
    say("\n".join([about_group.text(), "", f"{title} ({again}):", *(life.text for life in lives)]))


def _data(story: Story, folder: Path) -> dict[str, Any]:
    about = {"folder": str(folder), "title": story.title, "who": story.who, "language": story.language}
    return {**about, "moments": story.rows()}


def dashboard(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO|DIR]...",
            help="A shipped scenario, a scenario file, or folders of runs and studies; the first is opened. Other "
            "folders than these can only be opened from below the working folder.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen at.", show_default="8765, or the next free one")
    ] = None,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Address to listen at; 0.0.0.0 for all of this machine.")
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name under which browsers reach it, such as a proxy's; repeatable."),
    ] = None,
    root_path: Annotated[
        str,
        typer.Option(metavar="PATH", help="Path at which a proxy shows it, as /user/ann/proxy/8765.", show_default=""),
    ] = "",
    proxy_prefix: Annotated[
        bool, typer.Option("--proxy-prefix", help="Take that path from the proxy's header X-Forwarded-Prefix.")
    ] = False,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
) -> None:
    """Open pages to explore, compare and learn in a browser.

    It listens on this machine alone unless --host says otherwise, no request leaves it, and it answers only whoever has
    the address that it prints.
    """
    from mhsim.dashboard.server import serve
    from mhsim.export.page import built_for_pages, served

    def files() -> dict[str, bytes]:
        built_for_pages(note)
        return served()

    serve(
        targets or [],
        port,
        host=host,
        allow_hosts=allow_host or [],
        root_path=root_path,
        proxy_prefix=proxy_prefix,
        open_browser=open_browser,
        files=files,
    )

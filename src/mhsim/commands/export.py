"""`mhsim export`: pages that need no server, as one file or as a folder for any web server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mhsim.commands.options import expanded, scenario_names
from mhsim.commands.output import note, say

LANGUAGES = ("en", "de")


def export(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SCENARIO...",
            help="Names of shipped scenarios or paths of files, the first to begin with.",
            show_default="all that are shipped",
            autocompletion=scenario_names,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="The file, or the folder with --folder.", show_default="mhsim.html", callback=expanded),
    ] = None,
    pages: Annotated[
        str | None,
        typer.Option(metavar="NAMES", help="Which pages, as explore,turnover,lessons.", show_default="all"),
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="NAME", help="en or de.", show_default="that of the reader's browser")
    ] = None,
    folder: Annotated[
        bool, typer.Option("--folder", help="A folder for a web server or a learning platform, not one file.")
    ] = False,
) -> None:
    """Write pages that need no server, as one file or a folder.

    It holds the engine, scenarios and pages, opens in any newer browser, from a disk, a mail or a web server,
    asks nobody for anything, and lives the very histories that mhsim run lives. Rules of a scenario's own are
    compiled in.
    """
    from mhsim.errors import InputError
    from mhsim.export.page import chosen, folder_of, one_file
    from mhsim.safe_files import whole_file

    if language is not None and language not in LANGUAGES:
        raise InputError(f"--language: given {language!r}; allowed: {', '.join(LANGUAGES)}")
    shown = chosen(pages)
    if not folder:
        target = out or Path("mhsim.html")
        if target.is_dir():
            raise InputError(f"--out: {target} is a folder; name a file, or add --folder")
        text = one_file(shown, scenarios or (), language, note)
        with whole_file(target, checksum=False) as file:
            file.write(text.encode())
        say(f"{target}: {len(text.encode()) / 1e6:.2f} MB. It opens in any newer browser, also from the disk.")
        return
    target = out or Path("mhsim-pages")
    if target.exists() and not target.is_dir():
        raise InputError(f"--out: {target} is a file; name a folder, or leave out --folder")
    files = folder_of(shown, scenarios or (), language, say=note)
    target.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with whole_file(target / name, checksum=False) as file:
            file.write(content)
    size = sum(map(len, files.values())) / 1e6
    say(f"{target}: {len(files)} files, {size:.2f} MB. Put them on a web server and open index.html there.")

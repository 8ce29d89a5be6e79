"""The command `mhsim reproduce`: a study or run done again, and every row, table, sentence and figure compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import isnan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mhsim.commands.options import AsJson, Jobs, LoadRules, Results, expanded, rule_code
from mhsim.commands.output import ProgressBar, note, say, say_json
from mhsim.commands.run import cores, simulated
from mhsim.commands.study import ended_by_signals
from mhsim.commands.views import results_folder

if TYPE_CHECKING:
    from mhsim.report.page_differences import SectionDifference
    from mhsim.studies.reproduce import Finished
    from mhsim.studies.table_differences import ColumnDifference, TableDifference

KEPT = " (report.html)"
"""Ends the names of sections of the report that lies in the folder."""
MOST_COLUMNS = 5
"""Columns of a table that are told with their differences."""


def reproduce(
    folder: Results,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the new runs.", show_default="beside it: DIR-again", callback=expanded),
    ] = None,
    rows: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only N rows of a study, picked evenly; nothing is written.")
    ] = None,
    jobs: Jobs = None,
    load_rules: LoadRules = False,
    json: AsJson = False,
) -> None:
    """Run a study or a run again and compare all of it.

    From what the folder holds, and nothing else: every row, every table of the analysis, every sentence, table and
    figure of the report. What has changed in the program since is said. Ends with exit code 0 if all is equal, bit for
    bit, and 1 if anything differs. Stopped, the same command goes on.
    """
    from mhsim.errors import InputError

    results_folder(folder)
    is_run = (folder / "summary.json").is_file()
    if rows is not None and (is_run or out is not None):
        given = "a run has one row" if is_run else "with --rows nothing is written, so --out is for nothing"
        raise InputError(f"--rows: {given}; leave {'--rows' if is_run else 'one of them'} away")
    with rule_code(load_rules):
        if is_run:
            said, tables, sections = _run_again(folder, out)
        else:
            said, tables, sections = _study_again(folder, out, rows, jobs or cores())
    same = all(table.same for table in tables) and all(section.same for section in sections)
    if json:
        _say_json(folder, said, tables, sections, same)
    else:
        _say(folder, said, tables, sections, same, sample=rows)
    if not same:
        raise typer.Exit(1)


Compared = tuple[list[str], "list[TableDifference]", "list[SectionDifference]"]
"""What has changed in the program, and how tables and sections of the page differ."""


def _run_again(folder: Path, out: Path | None) -> Compared:
    """Do one run again; keep it if a folder is named."""
    from mhsim.report.page_differences import page_differences
    from mhsim.report.run_page import run_page
    from mhsim.safe_files import read_yaml
    from mhsim.studies import reproduce as again
    from mhsim.studies.data import read_run
    from mhsim.studies.run_folder import check_folder, save_run

    data = read_run(folder)
    if not data.scenario or not isinstance(data.manifest.get("replicate"), int):
        from mhsim.errors import InputError

        raise InputError("its scenario or its replicate was not kept, so this run cannot be done again", str(folder))
    path = folder / "scenario.yaml"
    scenario = again.scenario_of(_rules_beside(read_yaml(path), folder), path)
    record, replicate = again.record_of(folder), data.manifest["replicate"]
    if out is not None:
        check_folder(out)
    run = simulated(scenario, replicate, record)
    tables = list(again.tables_of_run(folder, run))
    with TemporaryDirectory() as spare:
        place = out if out is not None else Path(spare) / "again"
        save_run(run, place, scenario, replicate, record=record, seconds=0.0)
        pages = run_page(data), run_page(replace(read_run(place), manifest=data.manifest, drawn=data.drawn))
    said = again.surroundings(data.manifest.get("versions") or {}, data.manifest.get("engine"))
    said += ["Its draws were not done again; the page is compared with those that were kept."] if data.drawn else []
    return said, tables, page_differences(*pages) + _kept_page(folder, pages[1])


def _rules_beside(content: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the scenario of a run with the files of its rules found in the folder, where they were copied."""
    rules = {
        name: {**use, "from": str(folder / use["from"])} if (folder / str(use.get("from"))).is_file() else use
        for name, use in (content.get("rules") or {}).items()
    }
    return {**content, "rules": rules} if rules else content


def _study_again(folder: Path, out: Path | None, rows: int | None, jobs: int) -> Compared:
    """Do a study again, or some of its rows."""
    from mhsim.studies import reproduce as again

    found = again.finished_in(folder)
    said = again.of_study(found)
    if rows is not None:
        return said, [again.rows_again(found, rows)], []
    place = out if out is not None else folder.absolute().with_name(f"{folder.absolute().name}-again")
    _rerun(found, place, jobs)
    tables = list(again.tables_of_study(folder, place))
    return [*said, f"The new runs are in {place}."], tables, _pages(found, place)


def _rerun(found: Finished, place: Path, jobs: int) -> None:
    """Run the study into a folder, or go on with that."""
    from mhsim.studies.registry import kind_named
    from mhsim.studies.run_study import run_study

    own = kind_named(found.study.kind).run is not None
    try:
        with ended_by_signals(), ProgressBar("runs") as progress:
            plan = None if own else found.plan
            run_study(found.study, place, jobs=jobs, resume=True, progress=progress.shows, notice=note, plan=plan)
    except KeyboardInterrupt:
        note(f"Stopped. What is done is kept in {place}; the same command goes on.")
        raise


def _pages(found: Finished, place: Path) -> list[SectionDifference]:
    """Return how the page of a study differs from that of the same study done again, and from report.html."""
    from mhsim.report import page_of_study
    from mhsim.report.page_differences import page_differences
    from mhsim.studies.data import read_study

    again = read_study(place)
    plans = {"plans": found.data.manifest["plans"]} if "plans" in found.data.manifest else {}
    page = page_of_study(replace(again, manifest={**again.manifest, **plans}))
    return page_differences(page_of_study(found.data), page) + _kept_page(found.data.folder, page)


def _kept_page(folder: Path, page: str) -> list[SectionDifference]:
    """Return how the numbers of the report that lies in a folder differ from those of a page made now.

    Sections that pages have got since, or in which that report says no number, are left out.
    """
    from mhsim.report.page_differences import numbers_in, page_differences

    path = folder / "report.html"
    if not path.is_file():
        return []
    found = page_differences(path.read_text(encoding="utf-8", errors="replace"), page, numbers_in)
    there = [section for section in found if section.texts or section.drawings]
    return [replace(section, name=f"{section.name}{KEPT}") for section in there]


def _say(
    folder: Path,
    said: list[str],
    tables: list[TableDifference],
    sections: list[SectionDifference],
    same: bool,
    sample: int | None,
) -> None:
    """Say what was compared and what differs."""
    for sentence in said:
        say(sentence)
    for table in tables:
        if not table.same or table.name == "runs.parquet" or len(tables) < MOST_COLUMNS:
            say(_told(table))
        for name in table.missing:
            say(f"  {name} stands in only one of both")
    alike = [table for table in tables if table.same]
    say(f"{len(alike)} of {len(tables)} tables are equal in every row.")
    if sections:
        texts, drawings = (sum(getattr(one, name) for one in sections) for name in ("texts", "drawings"))
        other = [one for one in sections if not one.same]
        for one in other:
            say(f"  page, {one.name}: {one.texts_differing} texts and {one.drawings_differing} figures differ")
        equal = f"{texts - sum(one.texts_differing for one in sections):,} of {texts:,} texts and numbers"
        drawn = f"{drawings - sum(one.drawings_differing for one in sections):,} of {drawings:,} figures"
        say(f"Of the report {equal} and {drawn} are equal.")
    part = f" in a sample of {tables[0].rows} rows" if sample is not None else ""
    results = all(one.same for one in tables) and all(one.same for one in sections if not one.name.endswith(KEPT))
    verdict = "reproduced, everything is equal" if same else "not reproduced, something differs"
    if results and not same:
        verdict = "reproduced but for report.html, which was made of other results or by another page"
    say(f"{folder}: {verdict}{part}.")


def _told(table: TableDifference) -> str:
    """Return in a line how many rows of a table are equal, and the columns that differ by how much."""
    lines = [f"{table.name}: {table.equal:,} of {table.rows:,} rows are equal"]
    if table.rows != table.rows_again:
        lines[0] += f"; there are {table.rows_again:,} now"
    lines += [_column(one, table.rows) for one in _worst(table.columns)]
    more = len(table.columns) - MOST_COLUMNS
    return "\n".join([*lines, f"  and {more} more columns"] if more > 0 else lines)


def _worst(columns: Iterable[ColumnDifference]) -> list[ColumnDifference]:
    return sorted(columns, key=lambda one: -one.cells)[:MOST_COLUMNS]


def _column(one: ColumnDifference, rows: int) -> str:
    by = "" if isnan(one.largest) else f", by {one.largest:.3g} at most ({100 * one.relative:.2g} %)"
    return f"  {one.name} differs in {one.cells:,} of {rows:,} rows{by}"


def _say_json(
    folder: Path, said: list[str], tables: list[TableDifference], sections: list[SectionDifference], same: bool
) -> None:
    from dataclasses import asdict

    found = {"tables": [asdict(one) | {"same": one.same} for one in tables]}
    found["sections"] = [asdict(one) | {"same": one.same} for one in sections]
    say_json({"folder": str(folder), "same": same, "since": said, **found})

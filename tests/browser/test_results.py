"""The page Results in a browser: every folder opens, every control does what it says, the address restores it all."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyarrow.parquet as pq
from playwright.sync_api import Locator, Page, expect

from browser.folders import AGAIN, TURNOVER
from browser.pages import WIDTHS, open_page, settled, shown, too_wide
from mhsim.cli import exit_code


def opened(page: Page, folder: str, more: str = "") -> Locator:
    """Open a folder by its address; return the page's main part when its tables are there."""
    main = open_page(page, f"/results?folder={folder}{more}")
    expect(main.get_by_role("heading", name="Tables")).to_be_visible()
    return main


def key(page: Page, name: str) -> str:
    """Return a key of the address."""
    return (parse_qs(urlparse(page.url).query).get(name) or [""])[0]


def expect_key(page: Page, name: str, value: str) -> None:
    """Wait until the address has a key."""
    page.wait_for_function(
        "([name, value]) => (new URLSearchParams(location.search).get(name) ?? '') === value", arg=[name, value]
    )


def test_a_folder_is_opened_from_the_list_and_by_its_name(
    page: Page, folders: Path, accessible: Callable[[Page], None]
) -> None:
    """What one has just made is one press away; a name is typed and confirmed with Enter, or with the button.

    A wrong name is one line and keeps the field, and Back returns to the list.
    """
    main = open_page(page, "/results")
    main.get_by_role("link", name="results/turnover").click()
    expect(main.get_by_role("heading", name="A <study>")).to_be_visible()
    expect(main.get_by_text("Does turnover close groups?")).to_be_visible()
    page.go_back()
    expect(main.get_by_role("heading", name="Folders found here")).to_be_visible()
    field = main.get_by_label("Folder", exact=True)
    field.fill("results/nowhere")
    field.press("Enter")
    expect(main.get_by_role("alert")).to_have_text("results/nowhere: there is no such folder")
    accessible(page)
    field.fill("results/turnover")
    main.get_by_role("button", name="Open", exact=True).click()
    expect(main.get_by_role("heading", name="A <study>")).to_be_visible()
    assert key(page, "folder") == "results/turnover"


def fits(page: Page) -> None:
    """Wide tables scroll by themselves; the page does not, on a phone or a projector."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        assert too_wide(page) == [], width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_maps_and_curves_follow_what_is_chosen(page: Page, folders: Path, accessible: Callable[[Page], None]) -> None:
    """Measure, axes and points are chosen with native lists, and the address keeps them.

    Who cannot see the curves reads where they end; another axis gives other curves.
    """
    main = opened(page, "results/turnover")
    accessible(page)
    fits(page)
    ends = "Again (serve) = 0: at the end still meeting: 0: 100 of 100"
    expect(main.get_by_role("figure").filter(has_text=ends)).to_be_visible()
    expect(main.get_by_role("img", name="Again (serve) = 1").first).to_be_visible()
    main.get_by_label("A curve for each value of", exact=True).select_option("again (serve)")
    expect_key(page, "axis", AGAIN)
    expect(main.get_by_role("figure").filter(has_text="those still meeting by again (serve)")).to_be_visible()
    chart = main.get_by_role("table", name="Alive at end, of 100 groups")
    expect(chart.get_by_role("rowheader")).to_have_count(2)
    expect(chart.get_by_role("cell")).to_have_count(9)
    main.get_by_label("Measure", exact=True).select_option("Members at end")
    expect(main.get_by_role("table", name="Members at end, people")).to_be_visible()
    expect_key(page, "measure", "members_at_end")
    main.get_by_label("Across", exact=True).select_option("again (serve)")
    expect(main.get_by_role("table", name="Members at end, people").get_by_role("rowheader")).to_have_count(4)
    main.get_by_label("Down", exact=True).select_option("nothing: lines")
    expect(main.get_by_role("img", name="Members at end by again (serve)").first).to_be_visible()
    main.get_by_label("Turnover per year (serve)", exact=True).select_option("0.2")
    expect_key(page, "point", f"{TURNOVER}=0.2")
    page.reload()
    expect(main.get_by_text("Only turnover per year (serve) = 0.2.").first).to_be_visible()
    expect(main.get_by_label("Measure", exact=True)).to_have_value("Members at end")


def saved(page: Page, name: str) -> tuple[str, Path]:
    """Return the name and the place of the file that a link gives."""
    with page.expect_download() as saving:
        page.get_by_role("link", name=name).first.click()
    return saving.value.suggested_filename, Path(saving.value.path())


def test_a_table_is_ordered_turned_taken_along_and_leads_to_explore(page: Page, folders: Path) -> None:
    """One press from the lowest, two from the highest, three as it was; the focus stays where it was pressed.

    Each link gives a file of its kind, with the numbers on the page; from a number one comes to a group whose life one
    can watch.
    """
    main = opened(page, "results/turnover", "&table=runs")
    table = main.get_by_role("table", name="Runs, one row each")
    expect(table.get_by_role("row")).to_have_count(51)
    expect(main.get_by_text("Rows 1 to 50 of 160")).to_be_visible()
    button = table.get_by_role("button", name="members at end")
    for order, sort in (("ascending", "members_at_end"), ("descending", "-members_at_end"), ("none", "")):
        button.press("Enter")
        expect(table.get_by_role("columnheader", name="members at end")).to_have_attribute("aria-sort", order)
        expect_key(page, "sort", sort)
        expect(button).to_be_focused()
    for name, rows in (("Next", "51 to 100"), ("Last", "151 to 160"), ("Previous", "101 to 150"), ("First", "1 to 50")):
        main.get_by_role("button", name=name).click()
        expect(main.get_by_text(f"Rows {rows} of 160")).to_be_visible()
    named, file = saved(page, "Download the table runs as CSV")
    assert named == "turnover-runs.csv"
    with file.open(newline="") as lines:
        assert len(list(csv.DictReader(lines))) == 160
    assert pq.read_table(saved(page, "Download the table runs as Parquet")[1]).num_rows == 160
    for kind, beginning in (("SVG", b"<?xml"), ("PNG", b"\x89PNG")):
        assert saved(page, f"Download this figure as {kind}")[1].read_bytes().startswith(beginning)
    main.get_by_label("Table", exact=True).select_option("Points, one row each")
    expect(main.get_by_role("table", name="Points, one row each").get_by_role("row")).to_have_count(9)
    main.get_by_label("Table", exact=True).select_option("Points, with the chosen measure")
    main.get_by_text("What the columns mean").click()
    expect(main.get_by_text("mean of alive_at_end over the runs of this point")).to_be_visible()
    main.get_by_role("table").last.get_by_role("link", name="Explore").last.click()
    page.wait_for_url("**/explore?*")
    assert (key(page, TURNOVER), key(page, AGAIN)) == ("4", "1")
    shown(page)


def test_failed_runs_are_in_the_open_and_half_a_study_says_how_much_is_there(
    page: Page, folders: Path, accessible: Callable[[Page], None]
) -> None:
    """Each with its error and the command that repeats it; what the error says is text, never markup.

    A study that still runs can be looked at.
    """
    main = opened(page, "results/failing")
    expect(main.get_by_text("Three of 160 runs failed")).to_be_visible()
    main.get_by_text("The failed runs").click()
    expect(main.get_by_text("replicate 0: ValueError: <broken> & bent")).to_be_visible()
    expect(main.get_by_text("mhsim run base --seed 7").first).to_be_visible()
    accessible(page)
    opened(page, "results/half")
    expect(main.get_by_text("70 of 160 runs are here, and only these are shown")).to_be_visible()
    expect(main.get_by_role("table", name="Alive at end, of 100 groups")).to_be_visible()


def test_a_run_shows_weeks_and_lives(page: Page, folders: Path, accessible: Callable[[Page], None]) -> None:
    """Series are chosen from a list; a life is told by name, from a rule or typed; a wrong name is one line."""
    main = opened(page, "runs/told")
    accessible(page)
    fits(page)
    main.get_by_label("Series", exact=True).select_option("Hope of members and others")
    expect_key(page, "watch", "hope")
    expect(main.get_by_role("img", name="Hope of members and others").first).to_be_visible()
    main.get_by_role("button", name="the first to leave").first.click()
    expect(main.get_by_role("heading", name="The story of")).to_be_visible()
    person = key(page, "life")
    expect(main.get_by_role("heading", name=f"The story of {person}")).to_be_visible()
    field = main.get_by_role("textbox", name="Name of the person")
    field.fill("nobody")
    field.press("Enter")
    expect(main.get_by_role("alert")).to_contain_text("nobody")
    page.reload()
    expect(main.get_by_role("alert")).to_contain_text("nobody")


def test_an_analysis_is_shown_as_its_report_shows_it_and_its_runs_without_it(
    page: Page, folders: Path, accessible: Callable[[Page], None]
) -> None:
    """Researchers read the short answer first, and take the figures along.

    Where the analysis is gone, a line says what is missing and how to go on; the rest is there.
    """
    place = folders / "compared"
    assert (
        exit_code(["compare", "base", "twelve_step", "--replicates=4", "--weeks=30", "--jobs=1", f"--out={place}"]) == 0
    )
    main = opened(page, "results/compared")
    expect(main.get_by_role("heading", name="The short answer")).to_be_visible()
    expect(main.get_by_role("heading", name="twelve_step against base")).to_be_visible()
    assert saved(page, "Download twelve_step against base as PNG")[1].read_bytes().startswith(b"\x89PNG")
    main.get_by_label("Table", exact=True).select_option("Analysis: comparison")
    expect(main.get_by_role("table", name="Analysis: comparison")).to_be_visible()
    accessible(page)
    shutil.rmtree(place / "analysis")
    opened(page, "results/compared")
    expect(main.get_by_role("alert")).to_contain_text("its analysis is missing")
    expect(main.get_by_role("table", name="Points, with the chosen measure")).to_be_visible()

"""The page Results in a browser: every folder opens, every control does what it says, the address restores it all."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from browser.folders import AGAIN, TURNOVER
from browser.pages import WIDTHS, open_page, too_wide
from browser.server import Server, surroundings


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


def test_a_folder_is_opened_from_the_list(page: Page, folders: Path) -> None:
    """What one has just made is one press away, and Back returns to the list."""
    main = open_page(page, "/results")
    main.get_by_role("link", name="results/turnover").click()
    expect(main.get_by_role("heading", name="A <study>")).to_be_visible()
    expect(main.get_by_text("Does turnover close groups?")).to_be_visible()
    page.go_back()
    expect(main.get_by_role("heading", name="Folders found here")).to_be_visible()


def test_a_folder_is_opened_by_its_name(page: Page, folders: Path) -> None:
    """Typed and confirmed with Enter, or with the button; a wrong name is one line and keeps the field."""
    main = open_page(page, "/results")
    field = main.get_by_label("Folder", exact=True)
    field.fill("results/nowhere")
    field.press("Enter")
    expect(main.get_by_role("alert")).to_have_text("results/nowhere: there is no such folder")
    field.fill("results/turnover")
    main.get_by_role("button", name="Open", exact=True).click()
    expect(main.get_by_role("heading", name="A <study>")).to_be_visible()
    assert key(page, "folder") == "results/turnover"


def test_without_results_the_page_says_how_to_make_some(
    tmp_path: Path, new_context: Callable[..., BrowserContext]
) -> None:
    """An empty page teaches nothing; a command line does."""
    with Server(tmp_path) as empty:
        context = new_context()
        empty.admits(context)
        page = context.new_page()
        page.goto(f"{empty.url}/results")
        expect(page.get_by_text("There are no results here yet")).to_be_visible()
        expect(page.get_by_text("mhsim run base --record story --out runs/first")).to_be_visible()
        context.close()


def test_the_map_follows_what_is_chosen(page: Page, folders: Path) -> None:
    """Measure, axes and points are chosen with native lists, and the address keeps them."""
    main = opened(page, "results/turnover")
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


def test_survival_curves_and_reasons_are_told_in_words_too(page: Page, folders: Path) -> None:
    """Who cannot see the curves reads where they end; another axis gives other curves."""
    main = opened(page, "results/turnover")
    ends = "Again (serve) = 0: at the end still meeting: 0: 100 of 100"
    expect(main.get_by_role("figure").filter(has_text=ends)).to_be_visible()
    expect(main.get_by_role("img", name="Again (serve) = 1").first).to_be_visible()
    main.get_by_label("A curve for each value of", exact=True).select_option("again (serve)")
    expect_key(page, "axis", AGAIN)
    expect(main.get_by_role("figure").filter(has_text="those still meeting by again (serve)")).to_be_visible()


def test_a_table_is_ordered_by_its_head_and_turned(page: Page, folders: Path) -> None:
    """One press from the lowest, two from the highest, three as it was; the focus stays where it was pressed."""
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
    main.get_by_role("button", name="Next").click()
    expect(main.get_by_text("Rows 51 to 100 of 160")).to_be_visible()
    expect_key(page, "page", "2")
    main.get_by_role("button", name="Last").click()
    expect(main.get_by_text("Rows 151 to 160 of 160")).to_be_visible()
    main.get_by_role("button", name="Previous").click()
    main.get_by_role("button", name="First").click()
    expect(main.get_by_text("Rows 1 to 50 of 160")).to_be_visible()
    main.get_by_label("Table", exact=True).select_option("Points, with the chosen measure")
    main.get_by_text("What the columns mean").click()
    expect(main.get_by_text("mean of alive_at_end over the runs of this point")).to_be_visible()
    main.get_by_label("Table", exact=True).select_option("Points, one row each")
    expect(main.get_by_role("table", name="Points, one row each").get_by_role("row")).to_have_count(9)


def test_what_is_downloaded_is_what_is_shown(page: Page, folders: Path) -> None:
    """Each link gives a file of its kind, with the numbers on the page."""
    main = opened(page, "results/turnover", "&table=runs")
    with page.expect_download() as saving:
        main.get_by_role("link", name="Download the table runs as CSV").click()
    assert saving.value.suggested_filename == "turnover-runs.csv"
    with Path(saving.value.path()).open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 160
    with page.expect_download() as saving:
        main.get_by_role("link", name="Download the table runs as Parquet").click()
    assert pq.read_table(saving.value.path()).num_rows == 160
    for kind, beginning in (("SVG", b"<?xml"), ("PNG", b"\x89PNG")):
        for link in main.get_by_role("link", name=f"Download this figure as {kind}").all():
            with page.expect_download() as saving:
                link.click()
            assert Path(saving.value.path()).read_bytes().startswith(beginning), saving.value.suggested_filename


def test_a_point_is_opened_in_explore(page: Page, folders: Path) -> None:
    """From a number in a study to a group whose life one can watch."""
    main = opened(page, "results/turnover", "&sort=-point")
    main.get_by_role("table").last.get_by_role("link", name="Explore").first.click()
    page.wait_for_url("**/explore?*")
    assert key(page, TURNOVER) == "4"
    assert key(page, AGAIN) == "1"
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_failed_runs_are_in_the_open(page: Page, folders: Path) -> None:
    """Each with its error and the command that repeats it; what the error says is text, never markup."""
    main = opened(page, "results/failing")
    expect(main.get_by_text("Three of 160 runs failed")).to_be_visible()
    main.get_by_text("The failed runs").click()
    expect(main.get_by_text("replicate 0: ValueError: <broken> & bent")).to_be_visible()
    expect(main.get_by_text("mhsim run base --seed 7").first).to_be_visible()


def test_half_a_study_says_how_much_is_there(page: Page, folders: Path) -> None:
    """A study that still runs can be looked at."""
    main = opened(page, "results/half")
    expect(main.get_by_text("70 of 160 runs are here, and only these are shown")).to_be_visible()
    expect(main.get_by_role("table", name="Alive at end, of 100 groups")).to_be_visible()


def test_a_run_shows_weeks_and_lives(page: Page, folders: Path) -> None:
    """Series are chosen from a list; a life is told by name, from a rule or typed; a wrong name is one line."""
    main = opened(page, "runs/told")
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


@pytest.mark.parametrize("folder", ["results/turnover", "results/failing", "runs/told", "results/nowhere"])
def test_results_can_be_used_by_all(page: Page, folders: Path, accessible: Callable[[Page], None], folder: str) -> None:
    """Tables, maps, figures and links have names and contrast, by day and by night."""
    main = open_page(page, f"/results?folder={folder}")
    expect(main.get_by_role("heading", name="Tables").or_(main.get_by_role("alert"))).to_be_visible()
    accessible(page)


@pytest.mark.parametrize("folder", ["results/turnover", "runs/told"])
def test_results_fit_a_phone_and_a_projector(page: Page, folders: Path, folder: str) -> None:
    """Wide tables scroll by themselves; the page does not."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        opened(page, folder)
        assert too_wide(page) == [], (folder, width)


@pytest.fixture(scope="session")
def compared(folders: Path) -> str:
    """Make a comparison of two scenarios by its command, and return the name of its folder."""
    command = [sys.executable, "-m", "mhsim", "compare", "base", "twelve_step", "--replicates", "10", "--weeks", "60"]
    done = subprocess.run(
        [*command, "--out", str(folders / "compared")], env=surroundings(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return "results/compared"


def test_an_analysis_is_shown_as_its_report_shows_it(
    page: Page, compared: str, accessible: Callable[[Page], None]
) -> None:
    """Researchers read the short answer first, and take the figures along."""
    main = opened(page, compared)
    expect(main.get_by_role("heading", name="The short answer")).to_be_visible()
    expect(main.get_by_role("heading", name="twelve_step against base")).to_be_visible()
    with page.expect_download() as saving:
        main.get_by_role("link", name="Download twelve_step against base as PNG").click()
    assert Path(saving.value.path()).read_bytes().startswith(b"\x89PNG")
    main.get_by_label("Table", exact=True).select_option("Analysis: comparison")
    expect(main.get_by_role("table", name="Analysis: comparison")).to_be_visible()
    accessible(page)


def test_a_study_without_its_analysis_still_shows_its_runs(page: Page, folders: Path, compared: str) -> None:
    """The line says what is missing and how to go on; the rest is there."""
    shutil.copytree(folders / "compared", folders / "bare")
    shutil.rmtree(folders / "bare" / "analysis")
    main = opened(page, "results/bare")
    expect(main.get_by_role("alert")).to_contain_text("its analysis is missing")
    expect(main.get_by_role("table", name="Points, with the chosen measure")).to_be_visible()

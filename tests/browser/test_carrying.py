"""What is carried out of the dashboard and into it: a scenario that repeats bit for bit, and files that are refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect
from pyarrow import csv, parquet

from browser.pages import open_page
from browser.server import surroundings
from browser.watching import Watch

ADDRESS = "/explore?form=base&seed=11&weeks=104&serve.turnover_per_year=1.5&change=30:prepare.successors=1"
FILE = "extends: twelve_step\nweeks: 60\nseed: 9\nprepare:\n  successors: 3\n"
REFUSED = {
    "wrong.yaml": b"extends: base\nserve:\n  turnover_per_yaer: 2\n",
    "beyond.yaml": b"extends: base\nserve:\n  again: 7\n",
    "odd.yaml": b"extends: base\nweeks: [1, 2\n",
    "huge.yaml": b"a" * 3_000_000,
    "binary.yaml": bytes(range(256)) * 8,
    "empty.yaml": b"",
}
"""Files that the command line refuses too."""


def mhsim(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as people do, in a folder of their own."""
    command = [sys.executable, "-m", "mhsim", *words]
    return subprocess.run(command, cwd=folder, env=surroundings(), capture_output=True, text=True, check=False)


def fetched(page: Page, label: str, folder: Path) -> Path:
    """Save what a link of the page gives."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=label).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def carrying(page: Page) -> None:
    """Open the part of the page where things are carried in and out."""
    page.get_by_text("Download or upload").click()


def test_a_scenario_taken_along_repeats_what_the_page_showed(page: Page, tmp_path: Path) -> None:
    """A student's find must be the same on a researcher's command line: every life, every week, bit for bit."""
    open_page(page, ADDRESS)
    carrying(page)
    scenario = fetched(page, "The scenario, to repeat with mhsim run", tmp_path)
    lives, series = fetched(page, "Lives (CSV)", tmp_path), fetched(page, "Weekly series (CSV)", tmp_path)
    done = mhsim(tmp_path, "run", scenario.name, "--record", "story", "--out", "run")
    assert done.returncode == 0, done.stderr
    for shown, file in ((lives, "lives"), (series, "series")):
        again = tmp_path / f"{file}.csv"
        csv.write_csv(parquet.read_table(tmp_path / "run" / f"{file}.parquet"), again)
        assert shown.read_bytes() == again.read_bytes(), file
        assert len(shown.read_text().splitlines()) > 50, "little was compared"


def test_a_scenario_carried_in_is_the_one_shown(
    page: Page, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """What was made at home or by a colleague opens here with all its settings, and its address can be passed on."""
    open_page(page, "/explore?week=12&seed=4")
    carrying(page)
    page.get_by_label("Open a scenario file").set_input_files(
        {"name": "town.yaml", "mimeType": "", "buffer": FILE.encode()}
    )
    page.wait_for_url("**form=twelve_step**")
    assert "seed=9" in page.url and "weeks=60" in page.url and "prepare.successors=3" in page.url
    assert "week=12" not in page.url, "another history begins at its beginning"
    expect(page.locator("input[data-name='prepare.successors']")).to_have_value("3")
    other = new_context().new_page()
    open_page(other, page.url)
    expect(other.get_by_role("spinbutton", name="Seed")).to_have_value("9")
    expect(other.locator("input[data-name='prepare.successors']")).to_have_value("3")
    carrying(other)
    (tmp_path / "mine.yaml").write_text(FILE)
    told = [
        mhsim(tmp_path, "show", name).stdout for name in (fetched(other, "The scenario", tmp_path).name, "mine.yaml")
    ]
    assert told[0] == told[1] != ""


def test_wrong_files_are_refused_in_the_words_of_the_command_line(page: Page, tmp_path: Path) -> None:
    """Who makes a mistake in a file reads what, where and what is allowed, and keeps what was on the page."""
    open_page(page, "/explore?seed=4&weeks=52")
    carrying(page)
    for name, content in REFUSED.items():
        (tmp_path / name).write_bytes(content)
        words = mhsim(tmp_path, "validate", name).stderr.strip()
        assert words.startswith(name), "the command line refuses it too"
        page.get_by_label("Open a scenario file").set_input_files(tmp_path / name)
        expect(page.get_by_role("alert")).to_have_text(words)
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("4")


def test_rules_are_programs_and_are_refused(page: Page, tmp_path: Path) -> None:
    """A scenario may name a program as its rule; a file from somewhere must never run one by being opened."""
    ran = tmp_path / "ran"
    (tmp_path / "sly.py").write_text(f"open({str(ran)!r}, 'w')\n")
    text = f"extends: base\nrules:\n  sly: {{from: {tmp_path / 'sly.py'}}}\n"
    open_page(page, "/explore?weeks=52")
    carrying(page)
    files = {"name": "sly.yaml", "mimeType": "", "buffer": text.encode()}
    page.get_by_label("Open a scenario file").set_input_files(files)
    expect(page.get_by_role("alert")).to_contain_text("rules of its own is not opened here, since rules are programs")
    assert not ran.exists()


def test_a_document_at_a_wrong_address_says_so(page: Page, watch: Watch) -> None:
    """A link to a document that was cut short gives one line and no traceback."""
    watch.expect(r"answer 400|status of 400")
    answer = page.goto("/get/scenario.yaml?serve.turnover_per_yaer=2")
    assert answer is not None and answer.status == 400
    assert answer.text() == "serve.turnover_per_yaer: no such key; did you mean serve.turnover_per_year?\n"

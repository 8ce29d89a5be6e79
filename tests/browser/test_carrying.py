"""What is carried out of the dashboard and into it: a scenario that repeats bit for bit, and files that are refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pyarrow import csv, parquet

from browser.pages import open_page
from browser.server import surroundings
from mhsim import simulate
from mhsim.errors import InputError
from mhsim.scenario_io.loader import read_scenario

ADDRESS = "/explore?form=base&seed=11&weeks=104&serve.turnover_per_year=1.5&change=30:prepare.successors=1"
FILE = "extends: twelve_step\nweeks: 60\nseed: 9\nprepare:\n  successors: 3\n"
REFUSED = {
    "wrong.yaml": b"extends: base\nserve:\n  turnover_per_yaer: 2\n",
    "odd.yaml": b"extends: base\nweeks: [1, 2\n",
    "huge.yaml": b"a" * 3_000_000,
    "binary.yaml": bytes(range(256)) * 8,
}
"""Files that the command line refuses too; more of them in `test_page_files.py`."""


def fetched(page: Page, role: Literal["button", "link"], label: str, folder: Path) -> Path:
    """Save what a control of the page gives."""
    with page.expect_download() as coming:
        page.get_by_role(role, name=label).click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def carrying(page: Page) -> Locator:
    """Open the part of the page where things are carried in and out; return where a file is brought in."""
    page.get_by_text("Download or upload").click()
    return page.get_by_label("Open a scenario file")


def test_a_scenario_taken_along_repeats_what_the_page_showed(page: Page, tmp_path: Path) -> None:
    """A student's find must be the same on a researcher's command line: every life, every week, bit for bit."""
    open_page(page, ADDRESS)
    page.get_by_role("button", name="Show how it went").click()
    told = page.get_by_label("How it went").locator("p").first.inner_text()
    carrying(page)
    scenario = fetched(page, "button", "The scenario, to repeat with mhsim run", tmp_path)
    lives, series = (fetched(page, "link", name, tmp_path) for name in ("Lives (CSV)", "Weekly series (CSV)"))
    command = [sys.executable, "-m", "mhsim", "run", scenario.name, "--record", "story", "--out", "run"]
    subprocess.run(command, cwd=tmp_path, env=surroundings(), check=True)
    for shown, file in ((lives, "lives"), (series, "series")):
        again = tmp_path / f"{file}.csv"
        csv.write_csv(parquet.read_table(tmp_path / "run" / f"{file}.parquet"), again)
        assert shown.read_bytes() == again.read_bytes(), file
        assert len(shown.read_text().splitlines()) > 50, "little was compared"
    assert ("closed" in told) == simulate(read_scenario(scenario)).summary["closed"]


def test_a_scenario_carried_in_is_the_one_shown(
    page: Page, new_context: Callable[..., BrowserContext], tmp_path: Path
) -> None:
    """What was made at home or by a colleague opens here with all its settings, and its address can be passed on."""
    open_page(page, "/explore?week=12&seed=4&weeks=52")
    carrying(page).set_input_files({"name": "town.yaml", "mimeType": "", "buffer": FILE.encode()})
    page.wait_for_url("**form=twelve_step**")
    assert "seed=9" in page.url and "weeks=60" in page.url and "prepare.successors=3" in page.url
    assert "week=12" not in page.url, "another history begins at its beginning"
    expect(page.locator("input[data-name='prepare.successors']").first).to_have_value("3")
    other = new_context().new_page()
    open_page(other, page.url)
    expect(other.get_by_role("spinbutton", name="Seed")).to_have_value("9")
    expect(other.locator("input[data-name='prepare.successors']").first).to_have_value("3")
    carrying(other)
    (tmp_path / "mine.yaml").write_text(FILE)
    assert read_scenario(fetched(other, "button", "The scenario", tmp_path)) == read_scenario(tmp_path / "mine.yaml")


def test_wrong_files_are_refused_in_the_words_of_the_command_line(page: Page, tmp_path: Path) -> None:
    """Who makes a mistake in a file reads what, where and what is allowed, and keeps what was on the page.

    A scenario may name a program as its rule; a file from somewhere must never run one by being opened.
    """
    open_page(page, "/explore?seed=4&weeks=52")
    bringing, told = carrying(page), page.locator("main details").get_by_role("alert")
    for name, content in REFUSED.items():
        file = tmp_path / name
        file.write_bytes(content)
        bringing.set_input_files(file)
        with pytest.raises(InputError) as refused:
            read_scenario(file)
        expect(told).to_have_text(str(refused.value).replace(str(file), name))
    text = f"extends: base\nrules:\n  sly: {{from: {tmp_path / 'sly.py'}}}\n"
    bringing.set_input_files({"name": "sly.yaml", "mimeType": "", "buffer": text.encode()})
    expect(told).to_contain_text("rules of its own is not opened here, since rules are programs")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("4")

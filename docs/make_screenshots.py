"""Take the pictures of the dashboard's pages for the README and the documentation.

Each page at the widths of a phone, a laptop and a projector, light and dark, at addresses that always show the same.
Pictures have few colours, so that each is a small file. It needs Chromium and what the tests need:

    make screenshots

Names of pictures behind the command take only those.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from browser.conftest import FLAGS
from browser.pages import settled
from browser.server import Server, surroundings

TARGET = Path(__file__).parent / "screenshots"
SIZES = {360: 740, 1280: 800, 1920: 1080}
MOST_BYTES = 60_000
COLOURS = (128, 64, 32)
"""Colours of a picture: fewer where it would be too large."""
STUDY = """kind: sweep
title: How often helpers step down
question: How many groups last ten years, by how often helpers step down and how many are replaced?
base: base
vary:
  serve.turnover_per_year: [0.2, 1.0, 2.0, 4.0]
  prepare.successors: [0, 1, 2]
replicates: 10
seed: 1
"""


@dataclass(frozen=True)
class Shot:
    """A picture: its name, the address, what must be on the page before it is taken, and what it begins with."""

    name: str
    address: str
    seen: tuple[str, ...]
    top: str = "header"


CLOSING = "form=base&seed=3&serve.turnover_per_year=1.5&serve.departures_per_year=0.2"
SHOTS = (
    Shot("explore", f"/explore?{CLOSING}&week=120", ("[data-week='120']", "canvas")),
    Shot("turnover", f"/turnover?{CLOSING}&b.prepare.successors=2", ("text=All 200 runs of each.",)),
    Shot("lessons", "/lessons?seed=1", ("main li.card",)),
    Shot("lesson", "/lessons?lesson=succession&seed=1&guess=both", (".reveal",)),
    Shot("results", "/results?folder=results/helpers", ("main table",), "text=A measure by what varies"),
)


def make_study(folder: Path) -> None:
    """Run a small study for the page Results to show."""
    (folder / "study.yaml").write_text(STUDY)
    command = [sys.executable, "-m", "mhsim", "sweep", "study.yaml", "--out", "results/helpers"]
    subprocess.run(command, cwd=folder, env=surroundings(), check=True, capture_output=True)


def take(page: Page, shot: Shot, width: int) -> bytes:
    """Open an address at a width, wait until all is there, and return the picture."""
    page.set_viewport_size({"width": width, "height": SIZES[width]})
    page.goto(shot.address)
    for selector in ("main h1", *shot.seen):
        expect(page.locator(selector).first).to_be_visible()
    settled(page)
    page.locator(shot.top).first.evaluate("each => each.scrollIntoView({behavior: 'instant'})")
    settled(page)
    return page.screenshot(animations="disabled")


def small(picture: bytes) -> bytes:
    """Return a picture with so few colours that it is a small file."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() < MOST_BYTES:
            break
    return out.getvalue()


def take_all(browser: Browser, server: Server, wanted: list[str]) -> None:
    """Take the pictures of these names in both themes."""
    for theme in ("light", "dark"):
        context = browser.new_context(base_url=server.url, color_scheme=theme, locale="en-GB", reduced_motion="reduce")
        server.admits(context)
        page = context.new_page()
        page.set_default_timeout(180_000)
        for shot in [one for one in SHOTS if one.name in wanted]:
            for width in SIZES:
                file = TARGET / f"{shot.name}-{width}-{theme}.png"
                file.write_bytes(small(take(page, shot, width)))
                print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB")
        context.close()


def main() -> None:
    """Take all pictures."""
    TARGET.mkdir(exist_ok=True)
    expect.set_options(timeout=180_000)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_study(folder)
        with Server(folder) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take_all(browser, server, sys.argv[1:] or [shot.name for shot in SHOTS])
            browser.close()


if __name__ == "__main__":
    main()

"""How fast the page that needs no server is: first paint, first history, sliders, many histories, longest stop.

    make page-bars

Measured in Chromium, with the processor as it is and slowed four times; nothing here fails, numbers depend on machines.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from mhsim.export.page import PAGES, one_file

TIMES = 3
DRAWN = """() => new Promise((done) => { const look = () => document.querySelector('.replay[data-week]')
    ? done(performance.now()) : requestAnimationFrame(look); look(); })"""
WATCHED = """() => { window.stops = []; new PerformanceObserver((list) => window.stops.push(
    ...list.getEntries().map((each) => each.duration))).observe({ type: "longtask" }); }"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
MANY = """([form, count]) => new Promise((done) => {
    const { app } = globalThis.mhsim, began = performance.now(); let first = null;
    const other = new app.address.first.constructor(app.facts, form).withValue("seed", Math.floor(1e6 * Math.random()));
    app.histories.outcomes(other.scenario(), count, ({ outcomes }) => {
        if (outcomes.length) first ??= performance.now() - began;
        if (outcomes.length === count) done([first, performance.now() - began]);
    });
})"""


def opened(browser: Browser, file: Path, slowed: float) -> Page:
    """Return the page, just opened, in a browser of its own."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    page.goto(file.as_uri())
    return page


def measured(browser: Browser, file: Path, slowed: float) -> dict[str, Any]:
    """Return what one visit takes, in milliseconds."""
    page = opened(browser, file, slowed)
    drawn = page.evaluate(DRAWN)
    found = {"first paint": page.evaluate(PAINTED), "first history drawn": drawn}
    page.wait_for_selector(".hundred-runs .dot[data-state=waiting]", state="detached", timeout=120_000)
    page.evaluate(WATCHED)
    for form, count in (("base", 200), ("twelve_step", 200)):
        first, whole = page.evaluate(MANY, [form, count])
        found |= {f"{form}: first answer": first, f"{form}: {count} histories": whole}
    found["longest stop while histories are lived"] = max(page.evaluate("() => window.stops"), default=0)
    page.evaluate("() => { window.stops.length = 0; }")
    slider = page.get_by_label("How often a helper steps down").first
    slider.focus()
    for _ in range(5):
        slider.press("ArrowRight")
    page.wait_for_timeout(3000)
    found["longest stop while a slider moves and its history is drawn"] = max(
        page.evaluate("() => window.stops"), default=0
    )
    page.context.close()
    return found


def main() -> None:
    """Measure and print a table."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        sys.exit("this needs Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        file = Path(folder) / "mhsim.html"
        file.write_text(one_file(PAGES, ()), encoding="utf-8")
        print(f"the file: {file.stat().st_size / 1e6:.2f} MB")
        browser = play.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for slowed in (1.0, 4.0):
            visits = [measured(browser, file, slowed) for _ in range(TIMES)]
            print(f"\nprocessor slowed {slowed:g} times, median of {TIMES} visits, milliseconds")
            middle = {name: round(median(visit[name] for visit in visits)) for name in visits[0]}
            print(json.dumps(middle, indent=1))


if __name__ == "__main__":
    main()

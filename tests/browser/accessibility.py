"""axe-core on a page, in light and in dark, with its findings as lines that can be read."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}

SETTLED = """() => Promise.all(document.getAnimations()
    .filter(each => each.effect && each.effect.getComputedTiming().endTime !== Infinity)
    .map(each => each.finished.catch(() => null)))"""

THEMED = """theme => {
    const before = document.documentElement.dataset.theme;
    if (theme === null) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    dispatchEvent(new Event("mhsim-theme"));
    return before === undefined ? null : before;
}"""


def barriers(page: Page) -> list[str]:
    """Return what axe finds serious or critical on a page in both themes, one line per place."""
    before = page.evaluate(THEMED, "light")
    found = [f"light: {line}" for line in _looked_at(page)]
    page.evaluate(THEMED, "dark")
    found += [f"dark: {line}" for line in _looked_at(page)]
    page.evaluate(THEMED, before)
    return found


def _looked_at(page: Page) -> list[str]:
    page.evaluate(SETTLED)
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [line for violation in violations if violation["impact"] in GRAVE for line in _lines(violation)]


def _lines(violation: dict[str, Any]) -> list[str]:
    """Return a violation as one line for each element, with what axe says of it."""
    name = f"{violation['id']} ({violation['impact']})"
    lines = []
    for node in violation["nodes"]:
        said = "; ".join(check["message"] for check in node["any"] + node["all"] + node["none"])
        lines.append(f"{name} at {' '.join(map(str, node['target']))}: {said or violation['help']}")
    return lines

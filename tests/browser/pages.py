"""What tests ask of any page: open it, measure it, read what it shows."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

PAGES = ("/explore", "/turnover", "/lessons", "/class", "/results")
WIDTHS = (360, 1280, 1920)

TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    const inside = each => { for (let up = each.parentElement; up; up = up.parentElement) {
        const style = getComputedStyle(up);
        if (style.overflowX !== 'visible' || style.position === 'fixed') return true; }
        return false; };
    const beyond = [...document.body.querySelectorAll('*')]
        .filter(each => each.getBoundingClientRect().right > width + 1 && !inside(each)
            && getComputedStyle(each).position !== 'fixed' && each.getClientRects().length)
        .slice(0, 8).map(each => `${each.tagName.toLowerCase()}.${each.getAttribute('class')} to `
            + Math.round(each.getBoundingClientRect().right));
    const scrolls = document.documentElement.scrollWidth;
    return scrolls > width + 1 ? [`scrolls to ${scrolls} of ${width}`, ...beyond] : [];
}"""


SHOWN = """() => JSON.stringify({
    inputs: [...document.querySelectorAll('main input, main select')].filter(one => one.type !== 'file')
        .map(one => [one.dataset.name || one.labels[0]?.textContent,
            one.type === 'checkbox' ? one.checked : one.value]),
    words: [...document.querySelectorAll('main h1, main h2, main h3, main p, main li')].map(one => one.textContent),
    week: document.querySelector('[data-week]')?.dataset.week ?? null })"""

BUSY = ".working, .working-note, [aria-busy=true], [data-state=waiting], .run progress"
"""What a page shows while it still works something out."""
QUIET = f"""() => globalThis.solara ? solara.debug.viewMounted() && solara.debug.kernel().status === 'idle'
    : Boolean(globalThis.mhsim) && !document.querySelector('{BUSY}')"""
DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""


def settled(page: Page) -> None:
    """Wait until a page has worked everything out, or the server has no more to say to it, and all of it is drawn."""
    page.wait_for_function(QUIET)
    page.evaluate(DRAWN)


def all_shown(page: Page) -> str:
    """Return all that a page shows, as far as people can see and hear it: texts, inputs, the week of the picture."""
    settled(page)
    found: str = page.evaluate(SHOWN)
    return found


def wait_for_all(page: Page, wanted: str) -> None:
    """Wait until a page shows just this; fail with the difference if it does not."""
    try:
        page.wait_for_function(f"wanted => ({SHOWN})() === wanted", arg=wanted)
    except TimeoutError:
        assert json.loads(all_shown(page)) == json.loads(wanted)


def open_page(page: Page, address: str) -> Locator:
    """Open an address and wait until its heading is there; return what stands in the page's main part."""
    page.goto(address)
    return shown(page)


def shown(page: Page) -> Locator:
    """Wait until the page has its heading, and is no longer what stands there while it loads; return its main part."""
    main = page.get_by_role("main")
    expect(page.get_by_role("contentinfo")).to_be_visible()
    expect(main.get_by_role("heading", level=1)).to_be_visible()
    return main


def too_wide(page: Page) -> list[str]:
    """Return what makes a page scroll sideways; nothing if it does not."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def focused(page: Page) -> dict[str, Any]:
    """Return what has the focus: its tag, its name, and whether one can see that it has."""
    found: dict[str, Any] = page.evaluate(
        """() => { const one = document.activeElement, style = getComputedStyle(one);
        return {tag: one.tagName, text: (one.getAttribute('aria-label') || one.innerText || one.id || '').trim(),
        seen: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none'}; }"""
    )
    return found

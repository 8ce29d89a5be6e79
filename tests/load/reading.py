"""One reader in a browser, with the processor slowed: how soon a page answers that lives its histories itself."""

from __future__ import annotations

import shutil
import time
from itertools import cycle

from playwright.async_api import Page, async_playwright

from browser.server import Server
from load.pressing import Answer

SLOWED = 4.0
SECONDS = 60.0
PAUSE = 2.0
"""Seconds between two presses."""
READ = "read: "
"""Begins the name of what is measured here."""
DRAWN = """() => new Promise((done) => { const look = () => document.querySelector('.replay[data-week]')
    ? done(performance.now()) : requestAnimationFrame(look); look(); })"""
FRAME = "requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)))"
ANOTHER = f"""() => new Promise((done) => {{ const began = performance.now(), {{ app }} = globalThis.mhsim;
    [...document.querySelectorAll('button')].find((one) => one.textContent === 'Try another run').click();
    app.histories.recording(app.address.first.scenario(), 0).then(() => {FRAME}); }})"""
SLIDER = f"""(value) => new Promise((done) => {{ const began = performance.now();
    const one = document.querySelector(".for-b input[data-name='serve.turnover_per_year']");
    const answer = document.querySelector('.turnover-answer'); let waited = false;
    const watch = new MutationObserver(() => {{
        waited ||= answer.classList.contains('stale');
        if (waited && !answer.classList.contains('stale')) {{ watch.disconnect(); {FRAME}; }} }});
    watch.observe(answer, {{ attributes: true }});
    one.value = value; one.dispatchEvent(new Event('input', {{ bubbles: true }})); }})"""
LESSON = """() => new Promise((done) => { const began = performance.now();
    document.querySelector('.predict input').click();
    document.querySelector('.predict button').click();
    const look = () => (document.querySelector('progress')?.value > 0 || document.querySelector('.reveal'))
        ? done(performance.now() - began) : requestAnimationFrame(look);
    look(); })"""


async def read(server: Server, seconds: float) -> list[Answer]:
    """Go through the pages until the time is up; return how soon each press was answered."""
    found: list[Answer] = []
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    until = time.monotonic() + seconds
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        for number, kind in enumerate(cycle(("another run", "a slider moves", "a lesson begins"))):
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            cookies = [{"name": name, "value": value, "url": server.url} for name, value in server.cookies.items()]
            await context.add_cookies(cookies)  # type: ignore[arg-type]
            page = await context.new_page()
            page.set_default_timeout(1000 * SECONDS)
            session = await context.new_cdp_session(page)
            await session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
            found += await pressed(page, server.url, kind, number)
            await context.close()
            if time.monotonic() > until and number >= 2:
                break
        await browser.close()
    return found


async def pressed(page: Page, url: str, kind: str, seed: int) -> list[Answer]:
    """Open a page and press one thing; how soon it was opened and answered."""
    at = time.monotonic()
    if kind == "another run":
        await page.goto(f"{url}/explore?seed={seed}")
        opened = await page.evaluate(DRAWN)
        took = [await page.evaluate(ANOTHER) for _ in range(3)]
    elif kind == "a slider moves":
        await page.goto(f"{url}/turnover?form=base&seed={seed}&b.serve.turnover_per_year=1")
        await page.wait_for_selector(".turnover-answer[aria-busy=false]")
        opened, took = None, []
        for value in (2, 3, 0.5):
            took.append(await page.evaluate(SLIDER, value))
            await page.wait_for_timeout(1000 * PAUSE)
    else:
        await page.goto(f"{url}/lessons?seed={seed}&lesson=succession")
        await page.wait_for_selector(".predict input")
        opened, took = None, [await page.evaluate(LESSON)]
    answers = [Answer(f"{READ}{kind}", at, milliseconds / 1000) for milliseconds in took]
    return [*([Answer(f"{READ}open a page", at, opened / 1000)] if opened else []), *answers]

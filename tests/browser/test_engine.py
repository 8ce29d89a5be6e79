"""Histories that a page lives in a browser: planned, lived and measured there, the same bits as on this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from engines import CASES, found_in, ready_built, scenario_of
from page_modules import asked_of, page_folder

PAGE = "http://localhost/"
"""Answered from a folder, by no server."""
LIVED = """async () => {
    const { lived } = await import("/engine/page_histories.js"), { readFacts } = await import("/engine/facts.js");
    const file = (name) => fetch(`/engine/${name}`), text = async (name) => (await file(name)).text();
    const wasm = await (await file("engine.wasm")).arrayBuffer(), layout = JSON.parse(await text("engine.json"));
    const facts = readFacts(await text("facts.json")), asked = JSON.parse(await text("asked.json"));
    return JSON.stringify(await lived(wasm, layout, facts, asked));
}"""


@pytest.fixture(scope="module")
def lived(browser: Browser) -> dict[str, Any]:
    """What Chromium finds in every case, in one page."""
    folder, built = page_folder(), ready_built().folder
    asked = json.dumps({name: asked_of(*scenario_of(name)) for name in CASES})

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix(PAGE)
        if not name:
            route.fulfill(body="<!doctype html>", content_type="text/html")
        elif name == "engine/asked.json":
            route.fulfill(body=asked)
        else:
            route.fulfill(path=built / Path(name).name if "/engine." in name else folder.parent / name)

    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(PAGE)
    found: dict[str, Any] = json.loads(page.evaluate(LIVED))
    context.close()
    return found


@pytest.mark.parametrize("name", CASES)
def test_every_array_and_measure_is_that_of_this_machine(lived: dict[str, Any], name: str) -> None:
    """Node compiles WebAssembly as Chromium does, but it is Chromium that a student sits at."""
    here = found_in(*scenario_of(name))
    assert lived[name]["tables"] == here["tables"]
    assert list(lived[name]["measures"].items()) == list(here["measures"].items())

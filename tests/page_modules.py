"""The page's own modules, asked in node: what they make of situations, plans and histories."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.scenario_state import differences, form_named
from mhsim.export.page_facts import facts_text
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import shipped

NODE = shutil.which("node")
BEFORE = """
import { readFileSync } from "node:fs";
const asked = JSON.parse(readFileSync(0, "utf8"));
"""
MODULES = BROWSER_FILES / "engine"
ASKING = Path(__file__).with_name("page_in_node.mjs")
HISTORIES = Path(__file__).with_name("page_histories.js")


@cache
def page_folder() -> Path:
    """Return a folder with the modules of a page and what they know of the model; one for all tests."""
    return page_folder_of(facts_text())


def page_folder_of(facts: str) -> Path:
    """Return a folder with the modules of a page that knows these facts."""
    folder = Path(mkdtemp(prefix="page-")) / MODULES.name
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    shutil.copytree(MODULES, folder)
    shutil.copy(HISTORIES, folder / HISTORIES.name)
    shutil.copytree(MODULES.parent / "pages", folder.parent / "pages")
    shutil.copy(MODULES.parent / "words.js", folder.parent / "words.js")
    (folder.parent / "package.json").write_text('{"type": "module"}')
    (folder / "facts.json").write_text(facts, encoding="utf-8")
    return folder


def asked_of(scenario: Scenario, replicate: int, record: str) -> dict[str, Any]:
    """Return a history as a page is asked for it: a form, what differs, and changes."""
    form = scenario.form if scenario.form in shipped() else "base"
    if [*form_named(form).forms] != [*scenario.forms]:
        form = next(name for name in shipped() if [*form_named(name).forms] == [*scenario.forms])
    changes = [change.model_dump() for change in scenario.changes]
    settings = dict(differences(form_named(form), scenario))
    return {"form": form, "settings": settings, "changes": changes, "replicate": replicate, "record": record}


def asked_in_node(what: str, questions: Any, files: Iterable[Path] = (), folder: Path | None = None) -> Any:
    """Return what the page's modules say to questions of a kind that `page_in_node.mjs` knows, in one process."""
    if NODE is None:
        pytest.skip("there is no node on this machine")
    folder = folder or page_folder()
    for file in files:
        shutil.copy(file, folder / file.name)
    (folder / "asked.json").write_text(json.dumps(questions), encoding="utf-8")
    command = [NODE, str(ASKING), str(folder), str(folder / "asked.json"), what]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def told_in_node(script: str, asked: Any = None) -> Any:
    """Return what a module says that is run in node: it knows `asked`, imports from ``@/`` and prints one JSON."""
    if NODE is None:
        pytest.skip("there is no node on this machine")
    program = BEFORE + script.replace('"@/', f'"{BROWSER_FILES.as_uri()}/')
    command = [NODE, "--input-type=module", "-e", program]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)

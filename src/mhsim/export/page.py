"""The page itself: what is packed into it, as one file that asks nobody for anything, or as a folder of a few."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from mhsim.core.built_code import built_code
from mhsim.core.kept_code import cache_folder
from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.lessons.lesson_file import lessons_for_pages
from mhsim.errors import InputError
from mhsim.export.bundle import bundle
from mhsim.export.page_facts import facts_of, rules_of
from mhsim.export.words import texts_of
from mhsim.palette import variables
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario, shipped

STYLES = ("style.css", "figures.css", "replay/replay.css", "turnover.css", "lessons.css", "pages/pages.css")
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:; worker-src blob:; "
    "style-src 'unsafe-inline'; img-src data: blob:; connect-src {connect}"
)
"""What the page may do, kept by the browser: in one file it can ask nobody for anything."""
SERVED = "app"
"""Where the dashboard serves the files of its pages."""
Say = Callable[[str], None]
"""What is told, while somebody waits, what is waited for."""
RESULTS = ("results", "Results", "studies and runs you have made")
"""The page that the dashboard has besides: its name in an address, its label and what it is about."""


class Page(NamedTuple):
    """One page of the exported ones: the module and function that show it, its name and what it is about."""

    name: str
    function: str
    label: str
    about: str
    module: str = ""

    @property
    def path(self) -> str:
        """The file of its module."""
        return f"pages/{self.module or self.name}.js"


PAGES = (
    Page("explore", "explore", "Explore", "why a group lives or dies"),
    Page("turnover", "turnover", "Turnover", "what helpers coming and going does"),
    Page("lessons", "lessons", "Lessons", "predict, run, see"),
    Page("class", "classroom", "Class", "predictions of a class, collected and counted"),
)


def quietly(line: str) -> None:
    """Say nothing."""


def chosen(names: str | None) -> tuple[Page, ...]:
    """Return pages by their names with commas between; all without any.

    Raises
    ------
    InputError
        If there is no such page.
    """
    by_name = {page.name: page for page in PAGES}
    wanted = [name.strip() for name in names.split(",")] if names else [*by_name]
    for name in wanted:
        if name not in by_name:
            raise InputError(f"--pages: given {name!r}; allowed: {', '.join(by_name)}")
    return tuple(by_name[name] for name in dict.fromkeys(wanted))


def scenarios_of(names: Sequence[str]) -> dict[str, Scenario] | None:
    """Return scenarios by the names pages have for them: of a shipped one its own, of a file that of the file.

    Raises
    ------
    InputError
        If one cannot be read.
    """
    if not names:
        return None
    found: dict[str, Scenario] = {}
    for name in names:
        found[name if name in shipped() else Path(name).stem] = read_scenario(name)
    return found


def script_of(pages: Sequence[Page], others: Sequence[tuple[str, str, str]] | None = None) -> str:
    """Return the script of the page, with what these pages need and no more.

    `others` are pages of a server beside them, as name, label and what it is about; addresses then stand in the path.
    """
    files = BROWSER_FILES.resolve()
    main, words = files / "pages" / "main.js", files / "words.js"
    text, names = bundle([main, words, *(files / page.path for page in pages)])
    shown = ", ".join(
        f'"{page.name}": {{ label: () => say("{page.label}"), about: () => say("{page.about}"), '
        f"show: {names[files / page.path]}.{page.function} }}"
        for page in pages
    )
    besides = (
        f'{{ name: "{name}", label: () => say("{label}"), about: () => say("{what}") }}'
        for name, label, what in others or ()
    )
    beside = "" if others is None else f", [{', '.join(besides)}]"
    say = f"const {{ say }} = {names[words]};\n"
    return f"(() => {{\n{text}{say}{names[main]}.start({{ {shown} }}{beside});\n}})();\n"


def packed(pages: Sequence[Page], forms: Sequence[str], say: Say = quietly) -> dict[str, bytes]:
    """Return what the page unpacks, by name: the engine, what is known of it, the facts, words, and the worker.

    `say` is told of what somebody waits for.
    """
    scenarios = scenarios_of(forms)
    engine, known = _engine_for((scenarios or {}).values(), say)
    worker, _ = bundle([BROWSER_FILES / "engine" / "worker.js"])
    layout = json.loads(known)
    layout.pop("parameters", None)  # the facts say it
    found: dict[str, bytes] = {
        "engine": engine,
        "worker": worker.encode(),
        "layout": _json(layout),
        "facts": _json(facts_of(scenarios)),
        "texts": _json(texts_of()),
    }
    if {page.name for page in pages} & {"lessons", "class"}:
        found["lessons"] = _json(lessons_for_pages(scenarios))
    return {name: gzip.compress(content, mtime=0) for name, content in found.items()}


def _engine_for(scenarios: Iterable[Scenario], say: Say) -> tuple[bytes, bytes]:
    """Return the engine and what is known of it, with the rules of their own that scenarios have."""
    own = rules_of(scenarios)
    if own:
        from mhsim.building.build import engine_with

        say(f"The engine is compiled together with {', '.join(own)}; that takes a minute.")
        made = engine_with(own)
        return made["engine.wasm"], made["engine.json"]
    built = built_for_pages(say)
    return (built / "engine.wasm").read_bytes(), (built / "engine.json").read_bytes()


def built_for_pages(say: Say = quietly) -> Path:
    """Return the folder with the engine as pages run it; it is built now where that was not done before.

    `say` is told so before it is built, since somebody waits.

    Raises
    ------
    InputError
        If there is nowhere to build it.
    """
    from mhsim.building.build import HERE, build_engine
    from mhsim.building.targets import WASM

    built = built_code()
    if built is not None and "engine.wasm" in built.about["files"]:
        return built.folder
    folder = cache_folder()
    if folder is None:
        raise InputError("the engine for pages is not built, and no folder for compiled code can be written to")
    say("The engine of the pages is built first, once for this version; that takes a minute or two.")
    build_engine([HERE, WASM], folder, fresh=False)
    return folder


def one_file(pages: Sequence[Page], forms: Sequence[str], language: str | None = None, say: Say = quietly) -> str:
    """Return the page as one file; without a language it speaks that of the reader's browser."""
    scripts = "".join(
        f'<script type="text/plain" id="mhsim-{name}">{b64encode(content).decode()}</script>\n'
        for name, content in packed(pages, forms, say).items()
    )
    body = f"{scripts}<script>{_inline(script_of(pages))}</script>"
    return _html(language, f"<style>{_style()}</style>", body, POLICY.format(connect="'none'"))


def folder_of(
    pages: Sequence[Page],
    forms: Sequence[str],
    language: str | None = None,
    *,
    below: str = "",
    others: Sequence[tuple[str, str, str]] | None = None,
    say: Say = quietly,
) -> dict[str, bytes]:
    """Return the files of a folder by name: `index.html`, and others whose names change with what is in them.

    `below` is where a page finds these; see `script_of` for `others`.
    """
    files: dict[str, bytes] = {}

    def put(name: str, ending: str, content: bytes) -> str:
        path = f"{name}-{hashlib.sha256(content).hexdigest()[:12]}{ending}"
        files[path] = content
        return below + path

    scripts = "".join(
        f'<script type="text/plain" id="mhsim-{name}" data-at="{put(name, ".gz.bin", content)}"></script>\n'
        for name, content in packed(pages, forms, say).items()
    )
    style = f'<link rel="stylesheet" href="{put("style", ".css", _style().encode())}">'
    body = f'{scripts}<script src="{put("page", ".js", script_of(pages, others).encode())}"></script>'
    policy = POLICY.replace("'unsafe-inline' 'wasm", "'self' 'unsafe-inline' 'wasm").replace(
        "style-src", "style-src 'self'"
    )
    files["index.html"] = _html(language, style, body, policy.format(connect="'self'")).encode()
    return files


def served() -> dict[str, bytes]:
    """Return what the dashboard serves of these pages: `index.html` for each of them, and the files in it by name."""
    return folder_of(PAGES, (), below=f"./{SERVED}/", others=(RESULTS,))


def _html(language: str | None, style: str, body: str, policy: str) -> str:
    theme = (BROWSER_FILES / "theme.js").read_text(encoding="utf-8")
    icon = b64encode((BROWSER_FILES / "icon.svg").read_bytes()).decode()
    wish = f' data-language="{language}"' if language else ""
    return (
        f'<!doctype html>\n<html lang="{language or "en"}"{wish}><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="description" content="A simulation of mutual help groups">'
        f'<title>mhsim</title><link rel="icon" href="data:image/svg+xml;base64,{icon}">{style}'
        f"<script>{_inline(theme)}</script></head>"
        '<body class="v-application"><div id="app"><div class="frame"><header class="top">'
        '<span class="name">mhsim</span></header><main><h1>Mutual help groups</h1>'
        '<p role="status">Working…</p></main></div></div>'
        "<noscript><p>This page needs JavaScript: it simulates mutual help groups in your browser.</p></noscript>\n"
        f"{body}</body></html>\n"
    )


def _style() -> str:
    colours = f':root{{{variables()}}}[data-theme="dark"]{{{variables(dark=True)}}}\n'
    return "".join((BROWSER_FILES / name).read_text(encoding="utf-8") for name in STYLES) + colours


def _inline(script: str) -> str:
    """Return a script as it may stand within a page."""
    return script.replace("</script", "<\\/script")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

"""Pages that need no server: modules become one script, every word has its German, the page is whole."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from mhsim.building import build
from mhsim.cli import exit_code
from mhsim.dashboard import BROWSER_FILES
from mhsim.errors import InputError
from mhsim.export import page
from mhsim.export.bundle import bundle
from mhsim.export.page import PAGES, RESULTS
from mhsim.export.words import WORDS, said_in, texts_of
from mhsim.scenario import parameter_rows
from mhsim.scenario_io.loader import read_scenario, shipped

OPEN = re.compile(r"\{\w+\}")
MODULES = sorted(path for path in BROWSER_FILES.rglob("*.js") if path.name not in ("first.js", "theme.js"))


def said() -> set[str]:
    """Every English text that a page looks up."""
    named = chain.from_iterable((page.label, page.about) for page in PAGES)
    return {*chain.from_iterable(said_in(path) for path in MODULES), *named, *RESULTS[1:]}


def of_the_model() -> set[str]:
    """What is said of forms and of those parameters that pages offer by name."""
    rows = [row for row in parameter_rows() if row["label"]]
    words = {str(row["label"]) for row in rows} | {str(row["meaning"]) for row in rows}
    words |= {said for row in rows for _, said in row["special"]} | {one for row in rows for one in row["choices"]}
    return words | {read_scenario(name).title for name in shipped()}


def test_every_text_has_its_german_with_the_same_open_places() -> None:
    """A German page with English sentences in it would look unfinished, and one with a wrong number would be wrong."""
    german = texts_of()["de"]
    for text in sorted(said() | of_the_model()):
        assert text in german, f"no German text: {text}"
        assert sorted(OPEN.findall(german[text])) == sorted(OPEN.findall(text)), text


def test_pages_say_only_texts_that_stand_there() -> None:
    """A text put together before it is looked up would be in no table: only what the facts say is handed on so."""
    unread = re.compile(r"(?<![.\w])(?:say|plural)\((?!\s*\")")
    found = {path.name for path in (BROWSER_FILES / "pages").glob("*.js") if unread.search(path.read_text())}
    assert found == {"describe.js"}


def test_no_german_text_is_left_over() -> None:
    """What nobody looks up any more is taken out, or the tables rot."""
    asked = said() | of_the_model()
    for path in WORDS.glob("*.toml"):
        assert [text for text in tomllib.loads(path.read_text(encoding="utf-8")) if text not in asked] == [], path.name


def test_modules_become_one_script_in_the_order_of_need(tmp_path: Path) -> None:
    """Each module is called once, after those it imports; names that only one of them knows do not meet."""
    (tmp_path / "a.js").write_text('import { two } from "./b.js";\nconst own = 1;\nexport const one = own + two;\n')
    more = "export const x = 3, y = 4;\n"
    (tmp_path / "b.js").write_text(f"const own = 2;\nexport function two() {{ return own; }}\n{more}")
    text, names = bundle([tmp_path / "a.js"])
    assert "return { two, x, y };" in text, "each of several names in one line is given"
    assert [path.name for path in names] == ["b.js", "a.js"]
    assert text.index("function two") < text.index("const one = own + two")
    assert "import" not in text and "export" not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('import "./c.js";\n', "there is no c.js"),
        ('import { one } from "./a.js";\n', "imports itself"),
        ("export default 1;\n", "not bundled"),
        ('import * as all from "./b.js";\n', "not bundled"),
    ],
)
def test_what_cannot_be_bundled_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A page that stops at a blank screen helps nobody: it is said when the page is made."""
    (tmp_path / "a.js").write_text(text)
    (tmp_path / "b.js").write_text("export const one = 1;\n")
    with pytest.raises(InputError, match=message):
        bundle([tmp_path / "a.js"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--pages", "explore,foo"], "--pages: given 'foo'; allowed: explore, turnover, lessons, class"),
        (["--language", "fr"], "--language: given 'fr'; allowed: en, de"),
        (["nowhere"], "no scenario is named 'nowhere'"),
        (["--out", "{folder}"], "is a folder; name a file, or add --folder"),
        (["--folder", "--out", "{file}"], "is a file; name a folder, or leave out --folder"),
    ],
)
def test_what_cannot_be_exported_is_told_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written, and the line says what is allowed."""
    (tmp_path / "file").write_text("")
    given = [one.format(folder=tmp_path, file=tmp_path / "file") for one in arguments]
    assert exit_code(["export", *given]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_holds_all_that_its_page_asks_for(tmp_path: Path) -> None:
    """What lies on a web server is whole; names change with what is in a file, so that caches never mix versions."""
    assert exit_code(["export", "twelve_step", "--folder", "--out", str(tmp_path / "pages"), "--language", "de"]) == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "pages").iterdir()}
    page = files["index.html"].decode()
    asked = re.findall(r'(?:data-at|href|src)="([^"]+)"', page)
    assert {name for name in asked if not name.startswith("data:")} == {*files} - {"index.html"}
    assert 'lang="de"' in page
    assert "connect-src 'self'" in page


def test_who_waits_for_the_engine_is_told_before_it_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Building takes a minute or two: a dashboard that said nothing would look as if it had stopped."""
    said: list[str] = []
    monkeypatch.setattr(page, "built_code", lambda: None)
    monkeypatch.setattr(page, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(
        build, "build_engine", lambda targets, folder, **_: said.append(f"builds {targets} in {folder}")
    )
    assert page.built_for_pages(said.append) == tmp_path
    assert "a minute or two" in said[0]
    assert said[1] == f"builds ['here', 'wasm32'] in {tmp_path}"
    monkeypatch.setattr(page, "cache_folder", lambda: None)
    with pytest.raises(InputError, match="no folder for compiled code can be written to"):
        page.built_for_pages()

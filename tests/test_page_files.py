"""Files of a page: it writes what `mhsim run` repeats, and reads what the command line reads, with the same words."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from mhsim.dashboard.url_state import read_address
from mhsim.errors import InputError
from mhsim.scenario_io.loader import shipped
from mhsim.scenario_io.writer import scenario_text
from mhsim.scenario_io.yaml_reader import parse_yaml, read_yaml
from page_cases import FILES, YAML, addresses, situation_from_file
from page_modules import asked_in_node, told_in_node

BYTES = (
    b"",
    b"\xef\xbb\xbfweeks: 52\n",
    "title: Märzen – 𝄞".encode(),
    b"a" * 1_000_001,
    "weeks: 52".encode("utf-16"),
    bytes(range(256)),
    b"weeks: 52\ntitle: \0",
    "weeks: 52\ntitle: Märzen".encode("latin-1"),
    "title: Märzen – 𝄞\n".encode() * 3 + b"# \xe2\x82",
    b"\xed\xa0\x80",
    b"# \x80",
    b"# \xf0\x9f\n",
)
"""What may be in a file: text with and without a mark at its beginning, too much, other encodings, no text."""
READS = """
import { textOf } from "@/engine/file_text.js";
const read = (bytes) => {
  try {
    return { text: textOf(Uint8Array.from(Buffer.from(bytes, "base64")), "mine.yaml") };
  } catch (error) {
    return { refused: error.message };
  }
};
console.log(JSON.stringify(asked.map(read)));
"""


def test_a_page_takes_for_text_what_the_command_line_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of another encoding, read as if it were this one, would give a scenario with other words in it."""
    monkeypatch.setattr("mhsim.scenario_io.yaml_reader.parse_yaml", lambda text, file: text)
    path = tmp_path / "mine.yaml"
    for content, found in zip(BYTES, told_in_node(READS, [b64encode(one).decode() for one in BYTES]), strict=True):
        path.write_bytes(content)
        try:
            expected = {"text": read_yaml(path)}
        except InputError as error:
            expected = {"refused": str(error).replace(str(path), path.name)}
        assert found == expected, content[:40]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """The files that Python writes of situations of chance."""
    return [scenario_text(read_address(query).first.scenario()) for query in addresses()]


@pytest.fixture(scope="module")
def answer(texts: list[str]) -> Any:
    """What a page writes of the same situations, and what it reads of these files and others."""
    files = [["mine.yaml", text] for text in (*texts, *FILES)]
    return asked_in_node("files", {"addresses": addresses(), "files": files})


def test_a_page_writes_the_file_that_mhsim_run_repeats(answer: Any, texts: list[str]) -> None:
    assert answer["written"] == texts


def test_a_page_reads_files_as_the_command_line_does(answer: Any, texts: list[str]) -> None:
    """A file that opens as another scenario is worse than one that is refused; the line of an error leads to it."""
    for text, found in zip((*texts, *FILES), answer["read"], strict=True):
        assert found == _said(text), text[-200:]


def _said(text: str) -> dict[str, Any]:
    try:
        found = situation_from_file("mine.yaml", text.encode())
    except InputError as error:
        return {"refused": str(error)}
    changes = [change.model_dump() for change in found.changes]
    return {"form": found.form, "settings": dict(found.settings), "changes": changes}


def test_a_page_reads_yaml_as_python_does() -> None:
    texts = [*(path.read_text(encoding="utf-8") for path in shipped().values()), *YAML]
    for text, found in zip(texts, asked_in_node("texts", texts), strict=True):
        try:
            document = parse_yaml(text, "file")
        except InputError as error:
            assert found == {"refused": str(error)}
            continue
        assert found["data"] == document.data, text
        lines = {json.dumps(keys): line for keys, line in found["lines"]}
        assert lines == {json.dumps(keys): place.line for keys, place in document.places.items()}, text

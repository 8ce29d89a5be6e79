"""A YAML text becomes plain data, with the file and line of every key.

Only plain data can be written: sections, lists, text, numbers, switches. Tags, anchors and aliases are refused, so no
text can make Python objects or grow while it is read. Of unquoted words numbers follow common sense and not YAML 1.1:
``1e-3`` is a number; ``010``, ``0x10`` and ``1:30`` are text, and so refused where a number is wanted. ``on``, ``yes``
and ``true`` are switches unless they are quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from mhsim.errors import InputError, shortened, shown
from mhsim.scenario_io.source_map import Document, Keys, Place, dotted
from mhsim.user_paths import user_path

LARGEST_FILE = 1_000_000
MOST_NODES = 50_000
DEEPEST = 20
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LONGEST_WHOLE = 18
"""Digits of a whole number; longer ones become a float and so lie beyond every range."""
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)")
FRACTION = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
UNBOUNDED = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}

PLAINER = {
    "mapping values are not allowed": "a colon stands where none can be; check the indentation, or quote the text",
    "could not find expected ':'": "a key without a colon; write key: value",
    "expected <block end>": "this line does not fit the ones above; check the indentation",
    "did not find expected key": "this line does not fit the ones above; check the indentation",
    "node content": "a value is missing, or a bracket is not closed",
    "',' or": "a comma or a closing bracket is missing",
    "unexpected end of stream": "a quotation mark is not closed",
    "cannot start any token": "a character that cannot stand here; quote the text",
}
"""What a YAML parser says, and what it means for a person."""


def read_yaml(path: Path | str) -> Document:
    """Read a YAML file of plain data; raise InputError, with the line, for all that is not one."""
    path = user_path(path)
    return parse_yaml(_text(path), str(path))


def parse_yaml(text: str, file: str) -> Document:
    """Turn a YAML text into data with places; `file` is the name used in messages."""
    bad = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if bad:
        line = text.count("\n", 0, bad.start()) + 1
        raise InputError(f"the character {bad.group()!a} cannot stand in a text file", file, line)
    try:
        return _Builder(yaml.parse(text, Loader=LOADER), file).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, file) from None
    except yaml.YAMLError as error:
        raise InputError(f"this is not YAML: {error}", file, 1) from None


def _text(path: Path) -> str:
    """Return the text of a file; raise InputError if it cannot be read or is no text."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = {"FileNotFoundError": "no such file", "IsADirectoryError": "this is a folder, not a file"}
        said = getattr(error, "strerror", None) or str(error)
        raise InputError(reason.get(type(error).__name__, f"cannot be read: {said}"), file) from None
    if len(content) > LARGEST_FILE:
        raise InputError(f"larger than {LARGEST_FILE:,} bytes, the most allowed", file)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("the text is UTF-16; save it as UTF-8", file, 1)
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise InputError("this is a binary file, not text", file, line)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        raise InputError(f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8", file, line) from None


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str) -> InputError:
    """Return the error for a text that is not YAML."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    lines = text.splitlines()
    around = lines[max(0, line - 2) : line]
    if any("\t" in row[: len(row) - len(row.lstrip())] for row in around):
        return InputError("a tab in the indentation; YAML wants spaces", file, line)
    problem = " ".join(part for part in (error.context, error.problem) if part)
    plain = next((words for sign, words in PLAINER.items() if sign in problem), problem)
    return InputError(f"this is not YAML: {plain}", file, min(line, max(1, len(lines))))


class _Builder:
    """Builds data from the events of a YAML parser, within limits of size and depth."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self.events = events
        self.file = file
        self.nodes = 0
        self.places: dict[Keys, Place] = {}

    def error(self, event: Any, message: str) -> InputError:
        return InputError(message, self.file, event.start_mark.line + 1)

    def document(self) -> Document:
        """Return the one document of the stream."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise InputError("the file holds no settings", self.file, 1)
        first = next(self.events)
        data = self.value(first, ())
        next(self.events)
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self.error(following, "a second document starts here; one file holds one")
        if data is None:
            raise InputError("the file holds no settings", self.file, 1)
        if not isinstance(data, dict):
            raise self.error(first, f"keys with values are expected, such as weeks: 520; given is {shown(data)}")
        return Document(self.file, data, self.places)

    def value(self, event: Any, keys: Keys) -> Any:
        """Return the value that starts with an event and note the places of all that is in it."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise self.error(event, f"more than {MOST_NODES:,} values, the most allowed in one file")
        if len(keys) > DEEPEST:
            raise self.error(event, f"nested deeper than {DEEPEST} levels")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.error(event, "anchors (&) and aliases (*) are not used; write the value out, or use extends")
        if event.tag is not None:
            tag = shortened(event.tag.replace("tag:yaml.org,2002:", "!!"))
            raise self.error(event, f"tags such as {tag} are not used here; only plain values are")
        if isinstance(event, yaml.MappingStartEvent):
            return self.section(keys)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.items(keys, event)
        return self.word(event)

    def word(self, event: Any) -> Any:
        """Return a number, a switch, nothing or a text."""
        try:
            event.value.encode("utf-8")
        except UnicodeEncodeError:
            raise self.error(event, "half a character: an escape such as \\ud800 stands alone") from None
        if not event.style and event.value.strip() != event.value:
            sign = next(sign for sign in event.value if sign.isspace())
            raise self.error(event, f"a space that is none for YAML, U+{ord(sign):04X}, stands here; use plain spaces")
        return scalar(event.value) if not event.style else event.value

    def section(self, keys: Keys) -> dict[str, Any]:
        """Return keys and their values; refuse a key that stands twice or is no name."""
        found: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            name = self.name(event)
            here = (*keys, name)
            if name in found:
                before = self.places[here].line
                raise self.error(event, f"{dotted(here)}: stands twice, first in line {before}")
            following = next(self.events)
            text = following.value if isinstance(following, yaml.ScalarEvent) else ""
            self.places[here] = Place(self.file, event.start_mark.line + 1, text)
            found[name] = self.value(following, here)
        return found

    def name(self, event: Any) -> str:
        """Return a key; it has to be a name."""
        name = self.value(event, ()) if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)) else [0]
        if not isinstance(name, str):
            given = "a list or a section" if isinstance(name, list) else shortened(event.value) or "nothing"
            raise self.error(event, f"a key has to be a name; given is {given}")
        return name

    def items(self, keys: Keys, start: Any) -> list[Any]:
        """Return the items of a list; refuse one that may hold decimal commas, such as ``[0,1, 2,5]``."""
        found: list[Any] = []
        gaps: set[bool] = set()
        before = None
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            here = (*keys, len(found))
            text = event.value if isinstance(event, yaml.ScalarEvent) else ""
            self.places[here] = Place(self.file, event.start_mark.line + 1, text)
            found.append(self.value(event, here))
            if before is not None and start.flow_style and all(type(value) in (int, float) for value in found[-2:]):
                gaps.add(event.start_mark.column - before.column > 1 or event.start_mark.line > before.line)
            before = event.end_mark
        if len(gaps) > 1:
            raise self.error(start, "some commas have a space behind them and some do not; write decimals with a point")
        return found


def scalar(text: str) -> Any:
    """Return what an unquoted word means: a number, a switch, nothing, or the text itself."""
    if WHOLE.fullmatch(text):
        plain = text.replace("_", "")
        return int(plain) if len(plain) <= LONGEST_WHOLE else float(plain)
    if FRACTION.fullmatch(text):
        return float(text)
    if UNBOUNDED.fullmatch(text):
        return float(text.replace(".", ""))
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in (text.lower(), text.upper(), text.title()):
        return SWITCHES.get(text.lower(), text)
    return text

"""What a file of settings says, with the file and line of every key, so that a message can point to the place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mhsim.errors import InputError, shortened, shown

Keys = tuple[str | int, ...]
"""A path into nested data: names of keys, and positions in lists counted from 0."""


@dataclass(frozen=True)
class Place:
    """Where a key or an item stands, and the text of its value if it is a plain one.

    What comes from the command line stands at its option, such as ``--draws``, and in no line.
    """

    file: str
    line: int
    text: str = ""

    def error(self, message: str) -> InputError:
        """Return the error for what stands here; an option names its key already, so the message need not."""
        key = self.file.removeprefix("--")
        return InputError(message if self.line else message.removeprefix(f"{key}: "), self.file, self.line)


@dataclass(frozen=True)
class Document:
    """What a YAML file says: the data, and the place of every key and item by its path."""

    file: str
    data: dict[str, Any]
    places: dict[Keys, Place] = field(default_factory=dict)

    def place(self, keys: Keys) -> Place:
        """Return the place of a path, or of the nearest section around it that has one."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return Place(self.file, 1)

    def value(self, keys: Keys) -> Any:
        """Return the value at a path; raise LookupError where there is none."""
        value: Any = self.data
        for key in keys:
            value = value[key]
        return value

    def error(self, keys: Keys, message: str) -> InputError:
        """Return the error for what stands at a path, with file, line and the path itself."""
        path = dotted(keys)
        named = not path or message.startswith((f"{path} ", f"{path}:", f"{path},"))
        return self.place(keys).error(message if named else f"{path}: {message}")

    def given(self, keys: Keys) -> str:
        """Return what stands at a path, in words."""
        place = self.places.get(keys)
        return shown(self.value(keys), place.text if place else "")


def dotted(keys: Keys) -> str:
    """Return a path as people write it: ``share.hope_gain``, ``changes[0].week``."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{shortened(key)}" for key in keys)
    return text.removeprefix(".")

"""The error for wrong input: one line that says where, what was given, what is allowed and what may be meant."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_SHOWN = 60
"""Characters shown of what a user wrote; the rest becomes an ellipsis."""


class InputError(ValueError):
    """What the user gave is wrong; the text is one line, for people.

    Parameters
    ----------
    message : str
        What is wrong, what was given and what is allowed.
    file : str, optional
        The file it stands in, as the user named it.
    line : int, optional
        The line in that file, counted from 1.
    """

    def __init__(self, message: str, file: str = "", line: int | None = None) -> None:
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(one_line(place + message))
        self.file = file
        self.line = line


def one_line(text: str) -> str:
    """Return the text with line breaks and every other unprintable character written as an escape."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def shortened(text: str, longest: int = LONGEST_SHOWN) -> str:
    """Return the text, cut to `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def nearest(name: str, names: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name most like the given one; None if none is like it."""
    from difflib import get_close_matches

    known = {known.lower(): known for known in names}
    found = get_close_matches(name[:LONGEST_SHOWN].lower(), known, n=1, cutoff=likeness)
    return known[found[0]] if found else None


def nearest_path(path: str, paths: Iterable[str], likeness: float) -> str | None:
    """Return the known path most like the given one: one of its very name in another section, if there is just one."""
    paths = list(paths)
    leaf = path.rpartition(".")[2] if "." in path else ""
    same = [known for known in paths if leaf and known.rpartition(".")[2] == leaf]
    return same[0] if len(same) == 1 else nearest(path, paths, likeness)


def suggestion(name: str, names: Iterable[str]) -> str:
    """Return "; did you mean …?" for the nearest known name; otherwise the known names, if they are few."""
    names = list(names)
    near = nearest(name, names)
    if near:
        return f"; did you mean '{near}'?"
    if not names:
        return ""
    return f"; known are {', '.join(names[:12])}" + (" …" if len(names) > 12 else "")


def shown(value: object, text: str = "") -> str:
    """Return what was given, in words fit for a message; `text` is how it was written, where that is known."""
    if isinstance(value, dict):
        return "a section of keys" if value else "an empty section"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, str):
        return f"the text '{shortened(value)}'"
    return shortened(text or str(value))

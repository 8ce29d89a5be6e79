"""The wording of pages: `wording.yaml` beside the modules of a kind, put together with the numbers of a study.

An entry is named by the section it stands in and has what that section shows: `title`; `text`, one paragraph or
several, at its beginning; `figure`, the caption below its figures; `head` and `caption` of its table, and `fold`, what
the table is folded under. Names in braces are put in as in `str.format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup

from mhsim.report import html


class Wording:
    """The wording of one kind of page, read when it is first needed."""

    def __init__(self, kind: str = "") -> None:
        """Name the kind, as its folder is called; without a name, the wording that all kinds share."""
        self.path = Path(__file__).parent / kind / "wording.yaml"

    @cached_property
    def entries(self) -> dict[str, Any]:
        """All entries, nested."""
        entries: dict[str, Any] = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        return entries

    def entry(self, key: str) -> Any:
        """Return what stands at a dotted key; raise KeyError if nothing does."""
        found: Any = self.entries
        for part in key.split("."):
            found = found[part]
        return found

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text at a dotted key with values in the place of their names."""
        return str(self.entry(key)).format(**values)

    def paragraphs(self, key: str, **values: Any) -> Markup:
        """Return the text at a key, one or several, as paragraphs; a text that comes out empty is left out."""
        texts = self.entry(key)
        listed = texts if isinstance(texts, list) else [texts]
        return html.paragraphs(*(str(text).format(**values) for text in listed))

    def section(self, key: str, *parts: str, **values: Any) -> Markup:
        """Return the section of an entry: its title, its text if it has one, and then the parts."""
        text = self.paragraphs(f"{key}.text", **values) if "text" in self.entry(key) else html.NOTHING
        return html.section(self(f"{key}.title", **values), text, *parts, key=key)

    def table(self, key: str, rows: Sequence[Sequence[str]], more: Sequence[str] = (), **values: Any) -> Markup:
        """Return the table of an entry; `more` are further heads, for columns that only the study knows."""
        head = [name.format(**values) for name in self.entry(key)["head"]]
        made = html.table([*head, *more], rows, self(f"{key}.caption", **values))
        return html.folded(self(f"{key}.fold", **values), made) if "fold" in self.entry(key) else made

    def figures(self, key: str, pictures: Iterable[str], **values: Any) -> Markup:
        """Return pictures with the caption of an entry; nothing without any."""
        return html.figures(pictures, self(f"{key}.figure", **values))

"""Two pages held against each other, section by section: sentences, cells of tables, and the numbers behind figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {"p", "li", "th", "td", "caption", "figcaption", "summary", "h1", "h2", "h3", "title", "desc"}
NOT_RESULTS = ("provenance", "checklist")
"""Sections about the program and the time, not about what was found."""
NUMBER = re.compile(r"[−+-]?\d[\d,]*(?:\.\d+)?")


@dataclass
class PageSection:
    """What one section of a page says: its sentences and cells in order, and its drawings."""

    texts: list[str] = field(default_factory=list)
    drawings: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> list[str]:
        """The numbers in its sentences and cells, in order."""
        return NUMBER.findall(" ".join(self.texts))


@dataclass(frozen=True)
class SectionDifference:
    """A section of two pages: how many texts and drawings it has, and how many differ."""

    name: str
    texts: int
    texts_differing: int
    drawings: int
    drawings_differing: int

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.texts_differing and not self.drawings_differing


class _Reader(HTMLParser):
    """Reads a page into its sections."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.sections: dict[str, PageSection] = {}
        self.now = "top"
        self.drawing: list[str] | None = None
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "section":
            self._end_text()
            self.now = given.get("aria-labelledby") or "top"
        if tag == "svg":
            self.drawing = []
        if self.drawing is not None:
            self.drawing.append(self.get_starttag_text() or "")
        elif tag in BLOCKS:
            self._end_text()

    def handle_endtag(self, tag: str) -> None:
        if tag == "svg" and self.drawing is not None:
            self.section.drawings.append("".join(self.drawing))
            self.drawing = None
        elif tag in BLOCKS or tag == "section":
            self._end_text()

    def handle_data(self, data: str) -> None:
        (self.text if self.drawing is None else self.drawing).append(data)

    @property
    def section(self) -> PageSection:
        return self.sections.setdefault(self.now, PageSection())

    def _end_text(self) -> None:
        said = " ".join("".join(self.text).split())
        self.text = []
        if said:
            self.section.texts.append(said)


def sections_of(page: str) -> dict[str, PageSection]:
    """Return the sections of a page by their keys; what stands outside any is "top"."""
    reader = _Reader()
    reader.feed(page[page.find("<body") :])
    reader.close()
    return {name: found for name, found in reader.sections.items() if name not in NOT_RESULTS}


def page_differences(
    one: str, other: str, said: Callable[[PageSection], list[str]] = lambda found: found.texts
) -> list[SectionDifference]:
    """Return each section of two pages with how much of it differs.

    Parameters
    ----------
    one, other : str
        The pages, as HTML.
    said : callable
        What is compared of a section besides its drawings: all texts unless given.
    """
    before, now = sections_of(one), sections_of(other)
    found = []
    for name in dict.fromkeys([*before, *now]):
        a, b = before.get(name, PageSection()), now.get(name, PageSection())
        texts, drawings = (said(a), said(b)), (a.drawings, b.drawings)
        found.append(SectionDifference(name, len(texts[0]), _apart(*texts), len(drawings[0]), _apart(*drawings)))
    return found


def numbers_in(found: PageSection) -> list[str]:
    """Return the numbers that a section says, for pages whose wording may have changed."""
    return found.numbers


def _apart(one: list[str], other: list[str]) -> int:
    """Return how many of two lists stand in only one of them, in any order; at least one where the order differs."""
    lost = sum((Counter(one) - Counter(other)).values())
    gained = sum((Counter(other) - Counter(one)).values())
    return max(lost, gained, int(one != other))

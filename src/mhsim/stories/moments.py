"""What a story is made of: moments, each with its week, its kind and its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Moment:
    """One thing that happened, or several of a kind told together.

    Attributes
    ----------
    week : float
        When, in weeks since the groups opened; negative before.
    kind : str
        What: a kind of `mhsim.engine.event_kinds.kind_names`, or one of those that follow from several events, such as
        "helper_again", "helped", "year", "now" and "ended".
    when : str
        The same time in words: "Week 12", "Weeks 14 to 40".
    text : str
        The sentence, without the time. In the story of one person the person goes without saying.
    who : str
        The person (community-step-index) or the group ("group 0") it is about; "" for several.
    other : str or None
        The other person, or the one met most often.
    until : float
        The last week, where several are told together; otherwise `week`.
    count : int
        How many are told together.
    group : int or None
        The group it belongs to, where there is one.
    reason : str or None
        A name of `mhsim.engine.events.EVENT_REASONS` or of `mhsim.schema.CLOSING`.
    """

    week: float
    kind: str
    when: str
    text: str
    who: str
    other: str | None = None
    until: float = 0.0
    count: int = 1
    group: int | None = None
    reason: str | None = None

    @property
    def line(self) -> str:
        """Time and sentence: "Week 12: came to the group for the first time, in impact."."""
        return f"{self.when}: {self.text}"


@dataclass(frozen=True)
class Story:
    """Moments in order, with a title; iterate over it to get them.

    Attributes
    ----------
    title : str
        Such as "The story of 0-4095-2".
    who : str
        The person or group it is about; "" for a feed.
    language : str
        The language it is told in, such as "en".
    moments : tuple of Moment
        In order of weeks, unless a feed was asked to put the most telling first.
    """

    title: str
    who: str
    language: str
    moments: tuple[Moment, ...]

    def __iter__(self) -> Iterator[Moment]:
        return iter(self.moments)

    def __len__(self) -> int:
        return len(self.moments)

    def text(self) -> str:
        """Return the title and one line for each moment."""
        return "\n".join([self.title, *(moment.line for moment in self.moments)])

    def rows(self) -> list[dict[str, Any]]:
        """Return one mapping for each moment, for tables and JSON."""
        return [asdict(moment) for moment in self.moments]

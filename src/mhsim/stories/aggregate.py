"""What repeats itself is told together: help and crises between two turning points become one sentence each.

Everything that is not help or a crisis is a turning point: a visit, a change of stage or role, leaving, coming back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mhsim.stories.life_history import Occurrence
from mhsim.stories.narrator import Narrator, most_often

REPEATED = ("helped_by", "helped", "crisis")


@dataclass
class Fold:
    """Occurrences of one kind that are told in one sentence, in order of weeks; at least one."""

    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def first(self) -> Occurrence:
        """The first of them."""
        return self.occurrences[0]

    @property
    def last_week(self) -> float:
        """The week of the last of them."""
        return self.occurrences[-1].week


def folded(occurrences: Iterable[Occurrence], fold: bool) -> Iterator[Fold]:
    """Yield the occurrences, those that repeat themselves together; with `fold` False each by itself."""
    open_folds: dict[str, Fold] = {}
    for occurrence in occurrences:
        if fold and occurrence.kind in REPEATED:
            open_folds.setdefault(occurrence.kind, Fold()).occurrences.append(occurrence)
            continue
        yield from open_folds.values()
        open_folds = {}
        yield Fold([occurrence])
    yield from open_folds.values()


def told_together(voice: Narrator, fold: Fold) -> str:
    """Return the sentence for help or crises told together."""
    number, kind = len(fold.occurrences), fold.first.kind
    if kind == "crisis":
        return voice.say("crisis.several", number=number) if number > 1 else voice.say("crisis.once")
    others = [str(occurrence.other) for occurrence in fold.occurrences]
    best, times, different = most_often(others)
    week = next(o.week for o in reversed(fold.occurrences) if o.other == best)
    other = voice.person(best, week) if kind == "helped_by" else best
    if number == 1:
        return voice.say(f"{kind}.once", other=other)
    if different == 1:
        return voice.say(f"{kind}.all", times=voice.times(number), other=other)
    persons = voice.say("words.by_persons", number=different)
    if times == 1:
        return voice.say(f"{kind}.each_once", times=voice.times(number), persons=persons)
    if 2 * times > number:
        return voice.say(f"{kind}.most", times=voice.times(number), other=other)
    return voice.say(f"{kind}.several", times=voice.times(number), other=other, persons=persons)

"""The address of a page: its query holds the situation and everything else that a page shows.

``?form=base&seed=7&serve.turnover_per_year=0.5&change=104:prepare.successors=2&week=120`` reads back as written. Keys
that are paths of a scenario are settings; ``change`` may come several times; a second situation has the same keys
after ``b.`` and says only in what it differs from the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError

from mhsim.dashboard.scenario_state import Situation, differences, form_named, form_paths, paths
from mhsim.errors import InputError, nearest_path, shortened
from mhsim.scenario import Change, Value
from mhsim.scenario_io.yaml_reader import scalar

FORM, CHANGE, NAMED, SECOND = "form", "change", "named", "b."
LONGEST = 20_000
"""Characters of a query, at most."""
ACTS = ("lose_busiest_helpers",)
OTHERS = (
    *("week", "person", "group", "playing", "speed", "lesson", "guess", "folder", "table", "measure", "axis", "across"),
    *("up", "point", "sort", "page", "year", "watch", "view", "life", "curves", "preset", "modelid"),
    *("answer", "done", "run"),
)
"""Keys that pages use besides those of a situation."""


@dataclass(frozen=True)
class Address:
    """What an address says.

    Attributes
    ----------
    first : Situation
        The situation, A where there are two.
    second : Situation
        B: the first, but for the keys after ``b.``.
    others : tuple of (str, str)
        All other keys, as written.
    """

    first: Situation
    second: Situation
    others: tuple[tuple[str, str], ...] = ()

    def other(self, key: str, default: str = "") -> str:
        """Return one of the other keys."""
        return dict(self.others).get(key, default)

    def with_others(self, **values: str | float | None) -> Address:
        """Return the address with other keys set, or left out where None."""
        kept = {key: text for key, text in self.others if key not in values}
        new = {key: written(value) for key, value in values.items() if value is not None}
        return replace(self, others=tuple({**kept, **new}.items()))

    def query(self) -> str:
        """Return the address's query, without the question mark; what is as in the form is left out."""
        pairs = pairs_of(self.first)
        pairs += _second_pairs(self.first, self.second)
        return urlencode([*pairs, *self.others], safe=":,;=/")


@lru_cache(maxsize=512)
def read_address(query: str) -> Address:
    """Return what a query says.

    Raises
    ------
    InputError
        If a key is unknown, or a value is not allowed; the message names it.
    """
    if len(query) > LONGEST:
        raise InputError(f"the address has {len(query):,} characters; at most {LONGEST:,} are read")
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    first = _situation([pair for pair in pairs if not pair[0].startswith(SECOND)], Situation())
    differing = [(key.removeprefix(SECOND), text) for key, text in pairs if key.startswith(SECOND)]
    second = _situation(differing, first)
    return Address(first, second, tuple(pair for pair in pairs if pair[0] in OTHERS))


def pairs_of(situation: Situation) -> list[tuple[str, str]]:
    """Return a situation as keys and values of a query."""
    pairs = [(FORM, situation.form)]
    pairs += [(NAMED if path == "form" else path, written(value)) for path, value in situation.settings]
    return pairs + [(CHANGE, change_text(change)) for change in situation.changes]


def written(value: Value) -> str:
    """Return a value as it stands in an address, so that it reads back the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else str(value)


def change_text(change: Change) -> str:
    """Return a change as ``WEEK:path=value;act=count``, and ``;leave=true`` where they leave the group too."""
    parts = [f"{path}={written(value)}" for path, value in change.set.items()]
    if change.act:
        parts += [f"{change.act}={change.count}", *(["leave=true"] if change.leave else [])]
    return f"{change.week}:{';'.join(parts)}"


def read_change(text: str) -> Change:
    """Return the change that a text such as ``104:prepare.successors=2`` says; raise InputError if it says none."""
    week, _, rest = text.partition(":")
    settings: dict[str, Value] = {}
    act: dict[str, object] = {}
    for part in filter(None, rest.split(";")):
        path, sign, value = part.partition("=")
        if path in ACTS:
            act |= {"act": path, "count": scalar(value)}
        elif path == "leave":
            act |= {"leave": scalar(value)}
        elif sign:
            settings[path] = scalar(value)
    try:
        return Change.model_validate({"week": scalar(week), "set": settings, **act})
    except ValidationError as error:
        words = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise InputError(
            f"change: given '{shortened(text)}', {words[:1].lower()}{words[1:]}; "
            "written as WEEK:PATH=VALUE or WEEK:lose_busiest_helpers=COUNT"
        ) from None


def _situation(pairs: list[tuple[str, str]], base: Situation) -> Situation:
    """Return a situation with what some keys say laid over it, checked."""
    given = dict(pairs)
    form = given.get(FORM, base.form)
    settings: dict[str, Value] = {}
    for key, text in pairs:
        if key in (FORM, CHANGE) or key in OTHERS:
            continue
        path = "form" if key == NAMED else key
        if (path not in paths() and path not in form_paths(form_named(form))) or key == "form":
            near = nearest_path(key, [NAMED if one == "form" else one for one in paths()], 0.7)
            raise InputError(f"{shortened(key)}: no such key{f'; did you mean {near}?' if near else ''}")
        settings[path] = text
    changes = base.changes
    if CHANGE in given:
        read = (read_change(text) for key, text in pairs if key == CHANGE and text)
        changes = tuple(sorted(read, key=lambda change: change.week))
    start = base if form == base.form else Situation(form)
    return start.with_values(settings, changes)


def _second_pairs(first: Situation, second: Situation) -> list[tuple[str, str]]:
    """Return in what a second situation differs from the first, as keys after ``b.``."""
    if second == first:
        return []
    if second.form != first.form:
        pairs = [(SECOND + key, text) for key, text in pairs_of(second)]
        return pairs if second.changes or not first.changes else [*pairs, (SECOND + CHANGE, "")]
    base, other = first.scenario(), second.scenario()
    found = differences(base, other)
    pairs = [(SECOND + (NAMED if path == "form" else path), written(value)) for path, value in found]
    if first.changes != second.changes:
        changes: Iterable[str] = [change_text(change) for change in second.changes] or [""]
        pairs += [(SECOND + CHANGE, text) for text in changes]
    return pairs


def address_of(
    first: Situation, second: Situation | None = None, others: Mapping[str, str | float | None] | None = None
) -> Address:
    """Return the address that shows one situation, or two."""
    return Address(first, first if second is None else second).with_others(**(others or {}))

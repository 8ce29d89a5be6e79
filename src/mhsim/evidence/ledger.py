"""The ledger of coverage: every element of the source documents, and where in the model it stands, read and checked.

`elements.yaml` in docs/coverage lists the elements; every other file there lists what is claimed of them, one file for
each section of the list (what the core covers) or for each optional mechanism. An entry of the ledger is

    element     its number, or a list of numbers that share what is said
    status      works: a rule carries it, and the paired difference named here shows it; partly: the same, with what
                lacks; context: no rule is sensible; not: not in the model
    where       places, each ``file: names`` (a name stands in the file) or the path of a parameter
    form, set, changes, weeks, runs
                the world: a form, other values at paths, what happens in mid-life; length, and number of pairs
    change      what differs between the two worlds: ``path: [from, to]``. The path may be ``form``, and ``changes``
                with two lists of what happens in mid-life
    measure     what is compared (see `mhsim.evidence.readings`), among and less whom
    direction   up, down or moves
    test        a test that shows it besides
    why         one line: what is seen, what lacks, or why not

Of several entries for an element those with the best status count: what a module covers takes the place of what the
core covers less well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mhsim.evidence.readings import reading
from mhsim.scenario import Scenario, parameter_rows, sections, with_values
from mhsim.scenario_io.loader import InputError, read_checked, read_scenario

Status = Literal["works", "partly", "context", "not"]
STATUSES: tuple[Status, ...] = ("works", "partly", "context", "not")
"""From best to worst."""
LIST = "elements.yaml"
ROOT = Path(__file__).resolve().parents[3]
"""The folder of the project: places are named from here."""
FOLDER = ROOT / "docs" / "coverage"
PATH = re.compile(r"[a-z_]+\.[a-z_0-9]+")


class Strict(BaseModel):
    """A part of the ledger: a key that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Element(Strict):
    """One element of the source documents."""

    number: int = Field(ge=1)
    section: str
    name: str = Field(min_length=3, max_length=100)
    kind: str


class ElementList(Strict):
    """The whole list."""

    about: str
    sections: dict[str, str]
    elements: tuple[Element, ...]


class LedgerEntry(Strict):
    """What is claimed of one or several elements; see the module."""

    element: int | tuple[int, ...]
    status: Status
    where: str | tuple[str, ...] = ()
    form: str = "base"
    set: dict[str, float | int | bool | str] = {}
    changes: tuple[dict[str, Any], ...] = ()
    weeks: int = Field(default=260, ge=1)
    runs: int = Field(default=40, ge=3, le=2000)
    change: dict[str, tuple[Any, Any]] = {}
    measure: str = ""
    among: dict[str, Any] = {}
    less: dict[str, Any] = {}
    direction: Literal["up", "down", "moves"] = "moves"
    test: str = ""
    why: str = Field(min_length=3, max_length=400)

    @model_validator(mode="after")
    def _says_what_its_status_asks_for(self) -> LedgerEntry:
        if bool(self.change) != bool(self.measure):
            raise ValueError("`change` and `measure` belong together")
        if self.status == "works" and not self.change:
            raise ValueError("what works names the `change` and the `measure` that show it")
        if self.status in ("context", "not") and self.change:
            raise ValueError(f"an entry that is {self.status!r} claims no difference")
        if self.status in ("works", "partly") and not self.where:
            raise ValueError("`where` is missing: the places in which it stands")
        return self

    @property
    def numbers(self) -> tuple[int, ...]:
        """The elements it is about."""
        return (self.element,) if isinstance(self.element, int) else self.element

    @property
    def places(self) -> tuple[str, ...]:
        """Where it stands."""
        return (self.where,) if isinstance(self.where, str) else self.where


class EntryFile(Strict):
    """One file of entries."""

    about: str
    entries: tuple[LedgerEntry, ...]


class Ledger(NamedTuple):
    """The elements by number, sections by letter, and the entries with the name of the file each stands in."""

    elements: dict[int, Element]
    sections: dict[str, str]
    entries: list[tuple[str, LedgerEntry]]

    def best(self, number: int) -> list[tuple[str, LedgerEntry]]:
        """Return the entries for an element that count: those with the best status."""
        found = [(file, entry) for file, entry in self.entries if number in entry.numbers]
        best = min((STATUSES.index(entry.status) for _, entry in found), default=0)
        return [(file, entry) for file, entry in found if STATUSES.index(entry.status) == best]

    def counting(self) -> list[LedgerEntry]:
        """Return the entries that count for some element, in the order of the elements, each once."""
        found = [entry for number in self.elements for _, entry in self.best(number)]
        return list({id(entry): entry for entry in found}.values())


def read_ledger(folder: Path = FOLDER) -> Ledger:
    """Read the whole ledger.

    Raises
    ------
    InputError
        If a file is not as it has to be: one line with the place.
    """
    listed = read_checked(folder / LIST, ElementList)
    entries = [
        (path.stem, entry)
        for path in sorted(folder.glob("*.yaml"))
        if path.name != LIST
        for entry in read_checked(path, EntryFile).entries
    ]
    return Ledger({one.number: one for one in listed.elements}, dict(listed.sections), entries)


@cache
def _form(name: str) -> Scenario:
    return read_scenario(name, beside=ROOT)


def worlds_of(entry: LedgerEntry) -> list[Scenario]:
    """Return the two worlds whose difference shows an entry.

    Raises
    ------
    KeyError, pydantic.ValidationError, InputError
        If there is no such path, value or form.
    """
    found = []
    for k in range(2):
        change = {path: values[k] for path, values in entry.change.items()}
        scenario = _form(str(change.pop("form", entry.form)))
        given = {"weeks": entry.weeks} | ({"changes": deepcopy(list(entry.changes))} if entry.changes else {})
        found.append(with_values(scenario, given | entry.set | change))
    return found


def shipped_end(entry: LedgerEntry) -> int | None:
    """Return which of the two worlds, 0 or 1, is a form just as it is shipped; None if neither is."""
    if "form" in entry.change:
        return None if entry.set or entry.changes or len(entry.change) > 1 else 1
    form = with_values(_form(entry.form), {"weeks": entry.weeks})
    return next((k for k, world in enumerate(worlds_of(entry)) if world == form), None)


def problems(ledger: Ledger) -> Iterator[str]:
    """Yield what is wrong with the ledger beyond its form: missing numbers, places and worlds that do not exist."""
    if list(ledger.elements) != list(range(1, len(ledger.elements) + 1)):
        yield f"{LIST}: elements are numbered from 1 on, without a gap"
    for element in ledger.elements.values():
        if element.section not in ledger.sections:
            yield f"{LIST}: element {element.number} is in no section that is named"
        if not ledger.best(element.number):
            yield f"element {element.number} ({element.name}) has no entry"
    for file, entry in ledger.entries:
        named = f"{file}.yaml, element {entry.element}"
        yield from (f"{named}: there is no element {n}" for n in entry.numbers if n not in ledger.elements)
        yield from (f"{named}: {wrong}" for place in entry.places if (wrong := wrong_place(place)))
        if entry.test and (wrong := wrong_place(entry.test.replace("::", ": "))):
            yield f"{named}: {wrong}"
        try:
            worlds_of(entry)
            if entry.measure:
                reading(entry.measure, entry.among, entry.less)
        except KeyError as error:
            yield f"{named}: no such path: {error.args[0]}"
        except ValidationError as error:
            yield f"{named}: {error.errors()[0]['msg']}"
        except (InputError, ValueError) as error:
            yield f"{named}: {error}"


def wrong_place(place: str) -> str:
    """Return what is wrong with a place, a file with names in it or the path of a parameter; empty if it exists."""
    file, _, names = place.partition(": ")
    if "/" not in file:
        return "" if _is_parameter(place) else f"there is no parameter {place}"
    if not (ROOT / file).is_file():
        return f"there is no file {file}"
    text = (ROOT / file).read_text(encoding="utf-8")
    for name in (part.strip() for part in names.split(",") if part.strip()):
        if PATH.fullmatch(name) and name.split(".")[0] in sections():
            if not _is_parameter(name):
                return f"there is no parameter {name}"
        elif not re.search(rf"\b{re.escape(name.split('.')[-1])}\b", text):
            return f"there is no {name} in {file}"
    return ""


def _is_parameter(path: str) -> bool:
    return any(row["path"] == path for row in parameter_rows())

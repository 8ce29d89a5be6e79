"""The catalogue of forms: what the head of each file in configs/ says of it, and the page docs/forms.md.

The head of a form's file is an entry of a catalogue, in paragraphs that begin with these words:

    Form: or World:   what it is
    Elements          those of the source documents that it is for
    Evidence:         the published facts it leans on, and how strong they are
    Tuned:            what was set until what came out, and what was not
    Not shown:        what nobody should look for in it
    Ten years,        what came of it, written by `make forms` and never by hand
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import fill
from typing import Any, NamedTuple

from mhsim.errors import InputError
from mhsim.evidence.checks import NONE, checks
from mhsim.evidence.facts import facts
from mhsim.evidence.form_figures import MEASURED, WEEKS, Figures, FiguresByForm
from mhsim.modules import optional
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario, read_yaml, shipped
from mhsim.stats import Estimate

KINDS = ("Form", "World")
LABELS = (*KINDS, "Elements", "Evidence", "Tuned", "Not shown", "Ten years")
BEGINS = re.compile(rf"# ({'|'.join(LABELS)})\b:? ?(.*)")
CODES = re.compile(r"\b([VN])(\d+)(?:(?:-| to )[VN]?(\d+))?")
LINE = 118
SMALL, LARGE = 2.0, 100.0


class FormEntry(NamedTuple):
    """The entry of one form: whether it is a form or a world, its paragraphs, what it is made from, and its facts."""

    name: str
    kind: str
    title: str
    words: dict[str, str]
    made_from: tuple[str, ...]
    modules: tuple[str, ...]
    facts: tuple[str, ...]


def read_entry(name: str) -> FormEntry:
    """Return the entry of a shipped form.

    Raises
    ------
    InputError
        If the head of its file lacks a paragraph, or has one twice.
    """
    path = shipped()[name]
    text = path.read_text(encoding="utf-8")
    words = _paragraphs(path, head_of(text))
    kinds = [kind for kind in KINDS if kind in words]
    missing = [label for label in LABELS if label not in (*words, *KINDS)]
    if len(kinds) != 1 or missing:
        wanted = missing or [f"{' or '.join(KINDS)}, one of them"]
        raise InputError(f"the head of this file lacks a paragraph: {', '.join(wanted)}", str(path))
    scenario = read_scenario(name)
    return FormEntry(name, kinds[0], scenario.title, words, _made_from(path), _modules(scenario), tuple(_facts(text)))


def head_of(text: str) -> list[str]:
    """Return the lines of comment with which a file begins."""
    lines = text.splitlines()
    end = next((k for k, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return lines[:end]


def _paragraphs(path: Path, head: Iterable[str]) -> dict[str, str]:
    words: dict[str, str] = {}
    label = ""
    for number, line in enumerate(head, 1):
        if begins := BEGINS.match(line):
            label = begins[1]
            if label in words:
                raise InputError(f"the head of this file has the paragraph {label} twice", str(path), number)
            words[label] = begins[2]
        elif label:
            words[label] += f" {line.lstrip('# ')}"
        else:
            raise InputError(f"the head of this file begins with {' or '.join(KINDS)}", str(path), number)
    return words


def _made_from(path: Path) -> tuple[str, ...]:
    data: dict[str, Any] = read_yaml(path).data
    forms = [one.get("from") for one in data.get("forms", {}).values()]
    return tuple(dict.fromkeys(name for name in (data.get("extends"), *forms) if name))


def _modules(scenario: Scenario) -> tuple[str, ...]:
    worlds = [scenario, *scenario.forms.values()]
    return tuple(name for name in optional() if any(getattr(one, name).enabled for one in worlds))


def _facts(text: str) -> list[str]:
    """Return the published facts that the comments of a file name, spans written out, in their order."""
    said = "\n".join(line.partition("#")[2] for line in text.splitlines())
    named = set()
    for letter, first, last in CODES.findall(said):
        named |= {f"{letter}{number:0{len(first)}}" for number in range(int(first), int(last or first) + 1)}
    return [code for code in facts() if code in named]


def figures_words(one: Figures) -> str:
    """Return what came of a form in ten years, as the head of its file says it."""
    said = {name: _number(one.found[name]) for name in MEASURED}
    groups = "1 group" if one.groups == 1 else f"{one.groups} groups"
    return (
        f"Ten years, {one.runs} runs of {groups}: {said['still_open']} of these open at the end, {said['open']} groups "
        f"a run with those begun since; in each {said['members']} members, {said['at_meeting']} at a meeting, "
        f"{said['helpers']} helpers."
    )


def with_figures(text: str, one: Figures) -> str:
    """Return the text of a form's file with its last paragraph, on ten years, as the figures are."""
    head = head_of(text)
    begins = [k for k, line in enumerate(head) if line.startswith("# Ten years")]
    kept = head[: begins[0]] if begins else head
    lines = [*kept, fill(figures_words(one), LINE, initial_indent="# ", subsequent_indent="# ")]
    return "\n".join([*lines, *text.splitlines()[len(head) :]]) + "\n"


def _number(one: Estimate) -> str:
    """Return an estimate with its interval."""
    return f"{_short(one.value)} ({_short(one.low)} to {_short(one.high)})"


def _short(value: float) -> str:
    """Return a number to two places where it is small, to one above, to none where it is large."""
    return f"{value:.{2 if abs(value) < SMALL else 1 if abs(value) < LARGE else 0}f}"


HEAD = """# The forms and worlds that ship

Made by `make docs` from the heads of the files in [configs](../configs) and from `docs/forms.csv`, in which
`make forms` writes what came of ten years of each. Of the groups of the opening those are counted that are open
{years} years later; beside them stand all that are open then, whenever they began, and what is in them: with 95 %
intervals, runs being independent. A group that closes is no failure of its form, and one that is open no success: for
that see [patterns](patterns.md) and [measures](measures.md). Facts are those of the [evidence](evidence.md) that the
file leans on; in bold, those held against this form on the page of [patterns](patterns.md). Most values of most forms
are assumed: the files say which are not.
"""
HEADS = (
    "form",
    "what it is",
    "made from",
    "[mechanisms](modules.md) on",
    "facts",
    "runs",
    "groups at the opening",
    "of these open",
    "open, all",
    "members",
    "at a meeting",
    "helpers",
    "what it does not show",
)


def forms_page(found: FiguresByForm) -> str:
    """Return the page in Markdown: a row for each form that ships."""
    entries = [read_entry(name) for name in shipped()]
    parts = [HEAD.format(years=WEEKS // 52)]
    for kind in KINDS:
        rows = [_row(one, found.get(one.name)) for one in entries if one.kind == kind]
        parts.append(f"## {kind}s\n\n" + "\n".join([_line(HEADS), "|---" * len(HEADS) + "|", *rows]) + "\n")
    return "\n".join(parts)


def _row(entry: FormEntry, one: Figures | None) -> str:
    numbers = ["not run yet", *[""] * (1 + len(MEASURED))]
    if one is not None:
        numbers = [str(one.runs), str(one.groups), *(_number(one.found[name]) for name in MEASURED)]
    made = ", ".join(f"`{name}`" for name in entry.made_from)
    file = f"[{entry.name}](../configs/{entry.name}.yaml)"
    cells = (file, entry.title, made, ", ".join(entry.modules), _marked(entry))
    return _line((*(cell or "-" for cell in cells), *numbers, entry.words["Not shown"]))


def _marked(entry: FormEntry) -> str:
    """Return the facts that an entry leans on, and those held against it, which stand in bold."""
    held = {one.fact for one in checks() if one.form == entry.name and one.observable != NONE}
    return " ".join(f"**{code}**" if code in held else code for code in facts() if code in {*entry.facts, *held})


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"

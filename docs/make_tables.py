"""Write the generated parts of the documentation from the code: `python docs/make_tables.py` (``--check`` to compare).

Tables stand between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; docs/parameters.md, docs/modules.md,
docs/forms.md and docs/identifiability.md are generated as a whole.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mhsim import ports, random_streams, schema
from mhsim.calibration.identifiability_page import identifiability_page
from mhsim.evidence.checks import checks
from mhsim.evidence.facts import facts
from mhsim.evidence.form_entries import forms_page
from mhsim.evidence.form_figures import read_figures
from mhsim.evidence.page import band_text
from mhsim.evidence.trace import trace_parts
from mhsim.mechanisms import WEEK
from mhsim.modules import optional
from mhsim.outcomes import measures
from mhsim.plugins import Rule, phases_of
from mhsim.report.robustness.many_studies import page_parts, read_rows
from mhsim.scenario import marked, parameter_rows

DOCS = Path(__file__).resolve().parent


def columns_table(columns: tuple[schema.Column, ...], tables: tuple[str, ...], starts: bool = False) -> str:
    """Return a Markdown table of columns of the schema: what they start with, and which mechanisms change them."""
    heads = ("field", "type", "unit", *(("starts at",) if starts else ()), "changed by", "meaning")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for c in columns:
        kind = c.kind + (f" x {c.shape[0]}" if c.shape else "")
        cells = (f"`{c.name}`", kind, c.unit, *((start_of(c),) if starts else ()), writers(c.name, tables), c.meaning)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def start_of(column: schema.Column) -> str:
    """Return what a column is for somebody new, or for a group that is new or established; empty for zero."""
    named = {schema.NEVER: "never", schema.NOWHERE: "none"}
    starts = column.start if isinstance(column.start, tuple) else (column.start,)
    return " or ".join(f"`{s}`" if isinstance(s, str) else str(named.get(s, s)) for s in starts) if any(starts) else ""


def writers(column: str, tables: tuple[str, ...]) -> str:
    """Return the mechanisms that declare that they change a column, in the order of the week; "engine" for none."""
    found = []
    for name in [phase.mechanism for phase in WEEK]:
        writes = importlib.import_module(f"mhsim.mechanisms.{name}").WRITES
        if any(column in writes.get(table, ()) for table in tables):
            found.append(name)
    return ", ".join(found) or "engine"


def modules_page() -> str:
    """Return the page of optional mechanisms: text, parameters, columns and draws of each."""
    head = [
        "# Optional mechanisms\n",
        "Generated from `src/mhsim/modules` by `python docs/make_tables.py`. Each is off unless a scenario switches it "
        "on (`NAME: {enabled: true}`), and whoever leaves it off has the same results as without it. How to add one: "
        "CONTRIBUTING.md.\n",
    ]
    parts = []
    for name, rule in optional().items():
        text = as_markdown(importlib.import_module(rule.__module__).__doc__ or "")
        kinds = {"people": rule.people, "groups": rule.groups, "communities": rule.places}
        columns = [
            f"`{c.name}` of {whom}{in_tables(name, c)}: {c.meaning}" for whom, found in kinds.items() for c in found
        ]
        draws = [f"{p.name} ({p.number}): {', '.join(word for word in p.words if word)}" for p in rule.purposes]
        own = [_bears_on(rule)]
        own += ["Columns: " + "; ".join(columns) + ".\n"] if columns else []
        own += ["Draws: " + "; ".join(draws) + ".\n"] if draws else []
        said = [f"`{name}_{m.name}`: {m.why} ({m.unit})" for m in rule.measures]
        told = [f"`{name}_{e.name}` of {e.of}: {e.words['en'][0]}" for e in rule.events]
        own += ["Measures of a run: " + "; ".join(said) + ".\n"] if said else []
        own += ["Events in the log: " + "; ".join(told) + ".\n"] if told else []
        table = parameters_table([row for row in parameter_rows() if row["path"].startswith(f"{name}.")])
        parts.append(f"## {name}\n\n{text}\n\n{rationale(name)}\n\n{_when(rule)}\n\n" + "\n".join([*own, table]) + "\n")
    return "\n".join([*head, *(parts or ["There is none in the package yet.\n"])])


def in_tables(name: str, column: schema.Column) -> str:
    """Return what tables call a column of an optional mechanism; empty for one that they do not show."""
    return f" (`{name}_{column.shown}` in tables)" if column.shown else ""


def _bears_on(rule: type[Rule]) -> str:
    """Return what an optional mechanism changes that is not its own: ports, and columns by table."""
    text = inspect.getsource(importlib.import_module(rule.__module__))
    used = [f"`{port.name}`" for port in ports.TABLE if f"ports.{port.name}[" in text]
    said = [f"ports {', '.join(used)}"] if used else []
    for table, fields in rule.writes.items():
        said += [f"{', '.join(f'`{field}`' for field in fields)} of {table}"] if fields and table != "ports" else []
    return f"Changes {'; '.join(said)}.\n" if said else ""


def _when(rule: type[Rule]) -> str:
    """Return when an optional mechanism acts."""
    after = [*([rule.after] if rule.in_group is not None else []), *phases_of(rule)]
    said = [f"in groups after {', '.join(f'`{phase}`' for phase in after)}"] if after else []
    outside = rule.outside_week is not None or rule.outside_after is not None
    said += ["among people outside"] if outside else []
    said += ["once for each community"] if rule.in_community is not None else []
    return f"Acts {'; '.join(said)}."


def ports_table() -> str:
    """Return the table of ports."""
    lines = ["| port | neutral | read by | what it does |", "|---|---|---|---|"]
    lines += [f"| {port.name} | {port.neutral:g} | {port.phase} | {port.meaning} |" for port in ports.TABLE]
    return "\n".join(lines)


def draws_table() -> str:
    """Return the table of draws."""
    lines = ["| purpose | number | drawn by | words 0 to 3 |", "|---|---|---|---|"]
    lines += [
        f"| {p.name} | {p.number} | {p.who} | {', '.join(w or '-' for w in p.words)} |" for p in random_streams.TABLE
    ]
    return "\n".join(lines)


def week_table() -> str:
    """Return the order of a step with reasons."""
    lines = ["| | mechanism | whom | why here |", "|---|---|---|---|"]
    lines += [f"| {k} | {p.mechanism} | {p.whom} | {p.why} |" for k, p in enumerate(WEEK, 1)]
    return "\n".join(lines)


def submodels() -> str:
    """Return the text of every mechanism as its file states it, and that of the traits."""
    parts = []
    for name in [phase.mechanism for phase in WEEK]:
        module = importlib.import_module(f"mhsim.mechanisms.{name}")
        parts.append(f"#### {name}\n\n{as_markdown(module.__doc__ or '')}\n\n{rationale(name)}")
    traits = importlib.import_module("mhsim.population")
    parts.append(f"#### traits and starters\n\n{as_markdown(traits.__doc__ or '')}\n\n{rationale('traits')}")
    return "\n\n".join(parts)


def rationale(name: str) -> str:
    """Return why a submodel is as it is and what else was tried, as docs/rationale.yaml says it."""
    said = rationales().get(name, {"why": "", "tried": ""})
    return f"*Why so.* {said['why']} *Tried.* {said['tried']}"


@cache
def rationales() -> dict[str, dict[str, str]]:
    """Return the rationale of each submodel, by its name."""
    found: dict[str, dict[str, str]] = yaml.safe_load((DOCS / "rationale.yaml").read_text(encoding="utf-8"))
    return found


def criteria_table() -> str:
    """Return the patterns that values may be tuned to: what is looked at, in which form, and the band."""
    lines = ["| fact | what was found | looked at in | band of the model |", "|---|---|---|---|"]
    found: dict[str, list[Any]] = {}
    for check in checks():
        if check.use == "calibrate":
            found.setdefault(check.fact, []).append(check)
    for code in sorted(found):
        forms = ", ".join(dict.fromkeys(check.form for check in found[code]))
        bands = "; ".join(dict.fromkeys(f"{check.check}: {band_text(check)}" for check in found[code]))
        lines.append(f"| {code} | {facts()[code].statement} | {forms} | {bands} |")
    return "\n".join(lines)


def as_markdown(text: str) -> str:
    """Return a docstring as Markdown: double back-quotes become single ones."""
    return re.sub(r"``(.+?)``", lambda m: f"`{' '.join(m[1].split())}`", text.strip(), flags=re.DOTALL)


def measures_table() -> str:
    """Return the table of measures."""
    lines = ["| measure | kind | unit | definition |", "|---|---|---|---|"]
    each = [*measures.MEASURES, *(measures.BY_NAME[name] for name in measures.names_of_forms(("name",)))]
    lines += [f"| `{m.name}` | {m.kind} | {m.unit} | {m.meaning} |" for m in each]
    for module, own in measures.OF_MODULES.items():
        lines += [f"| `{m.name}` | {m.kind} | {m.unit} | {m.meaning}; where `{module}` is on |" for m in own]
    return "\n".join(lines)


def benefits_table() -> str:
    """Return every path from group to outcome that carries a mark."""
    rows = {row["path"]: row for row in parameter_rows()}
    lines = ["| parameter | mark | meaning |", "|---|---|---|"]
    for mark in ("benefit", "harm"):
        lines += [f"| `{path}` | {mark} | {rows[path]['meaning']} |" for path in marked(mark)]
    return "\n".join(lines)


def parameters_page() -> str:
    """Return the whole page of parameters."""
    rows = [row for row in parameter_rows() if row["path"].split(".")[0] not in optional()]
    assumed = sum(row["source"].startswith("assumed") for row in rows)
    lines = [
        "# Parameters\n",
        "Generated from the code by `python docs/make_tables.py`; edit the declarations, not this page.\n",
        f"{len(rows)} parameters, {assumed} of them assumed (no published number). V: docs/evidence.md; E: element.\n",
    ]
    return "\n".join([*lines, parameters_table(rows)]) + "\n"


def parameters_table(rows: Sequence[dict[str, Any]]) -> str:
    """Return a Markdown table of parameters."""
    lines = ["| path | default | range | unit | meaning | source | mark |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        span = f"{row['low']:g} to {row['high']:g}" if row["low"] is not None else ", ".join(row["choices"]) or "-"
        mark = "benefit" if row["benefit"] else "harm" if row["harm"] else ""
        cells = (f"`{row['path']}`", row["default"], span, row["unit"], row["meaning"], row["source"], mark)
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def filled(text: str) -> str:
    """Return a page with its generated parts made again."""
    parts = {
        "week": week_table(),
        "people": columns_table(schema.PEOPLE_COLUMNS, ("people", "members"), starts=True),
        "ties": columns_table(schema.TIE_COLUMNS, ("ties",)),
        "groups": columns_table(schema.GROUP_COLUMNS, ("groups",), starts=True),
        "communities": columns_table(schema.COMMUNITY_COLUMNS, ("communities",)),
        "draws": draws_table(),
        "ports": ports_table(),
        "submodels": submodels(),
        "measures": measures_table(),
        "benefits": benefits_table(),
        "criteria": criteria_table(),
        **trace_parts(DOCS.parent),
        **{f"robustness {name}": part for name, part in page_parts(read_rows(DOCS / "robustness.csv")).items()},
    }
    for name, part in parts.items():
        pattern = re.compile(f"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text = pattern.sub(lambda m, part=part: f"{m[1]}{part}\n{m[2]}", text)
    return text


def pages() -> dict[Path, str]:
    """Return every generated page and what it should hold."""
    found = {
        DOCS / "parameters.md": parameters_page(),
        DOCS / "modules.md": modules_page(),
        DOCS / "forms.md": forms_page(read_figures()),
        DOCS / "identifiability.md": identifiability_page(),
    }
    for name in ("ODD.md", "TRACE.md", "design.md", "measures.md", "robustness.md"):
        path = DOCS / name
        if path.exists():
            found[path] = filled(path.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Write the pages, or with --check tell which are out of date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for path in stale:
            print(f"out of date: {path.name}")
        return 1 if stale else 0
    for path in stale:
        path.write_text(pages()[path], encoding="utf-8")
        print(f"written: {path.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Situations of chance as addresses, and texts of files, right and wrong, for the tests of a page's own modules."""

from __future__ import annotations

import json
import random
import tempfile
from functools import cache
from pathlib import Path

from extreme_worlds import extreme_value
from mhsim.dashboard.scenario_state import NO_RULES, Situation, form_paths, situation_of
from mhsim.dashboard.url_state import address_of
from mhsim.errors import InputError
from mhsim.plugins import without_rule_code
from mhsim.scenario import Change, parameter_rows
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.scenario_io.yaml_reader import read_yaml

RIGHT = 30
_TEXTS = json.loads((Path(__file__).parent / "fixtures" / "page_texts.json").read_text(encoding="utf-8"))
YAML, FILES = _TEXTS["yaml"], _TEXTS["files"]
"""Texts in most of the ways in which YAML can be written, right and wrong; files, most of them wrong in some way."""


def _situation(chance: random.Random) -> Situation:
    """Return a form with some other values, many at an end of their range, and some changes."""
    rows = [row for row in parameter_rows() if row["path"].split(".")[0] not in ("community", "start")]
    rows = [row for row in rows if row["path"] not in ("weeks", "weeks_per_step")]
    form = chance.choice(sorted(shipped()))
    values = {str(row["path"]): extreme_value(row, chance) for row in chance.sample(rows, chance.choice([0, 1, 3, 12]))}
    forms = form_paths(Situation(form).scenario())
    if forms:
        known = {str(row["path"]): row for row in rows}
        within = [path for path in forms if path.split(".", 2)[2] in known]
        values |= {p: extreme_value(known[p.split(".", 2)[2]], chance) for p in chance.sample(within, 2)}
    values |= {"title": "Märzen & Söhne; 50 %, (a+b)*'c'!~"} if chance.random() < 0.2 else {}
    changes = []
    for _ in range(chance.choice([0, 0, 1, 2])):
        week = chance.randrange(200)
        if chance.random() < 0.5:
            count, leave = chance.randrange(5), chance.random() < 0.5
            changes.append(Change(week=week, act="lose_busiest_helpers", count=count, leave=leave))
        else:
            changes.append(
                Change(week=week, set={r["path"]: extreme_value(r, chance) for r in chance.sample(rows[5:], 2)})
            )
    return Situation(form).with_values(values, sorted(changes, key=lambda change: change.week))


@cache
def addresses() -> tuple[str, ...]:
    """Return an address of each form, and of two situations of chance each, with other keys behind them."""
    chance, found = random.Random(11), [f"form={name}" for name in shipped()]
    while len(found) < len(shipped()) + RIGHT:
        try:
            first = _situation(chance)
            second = first if chance.random() < 0.3 else _situation(chance)
            if chance.random() < 0.4:
                second = first.with_values({"serve.again": chance.random()}, second.changes[:1])
        except InputError:
            continue
        found.append(address_of(first, second, {"week": 12.0, "person": "0-1-2"}).query())
    return tuple(found)


STUDY = "this is a study, not a scenario; run it with mhsim and open its folder under Results"


def situation_from_file(name: str, content: bytes) -> Situation:
    """Return what the command line reads of a file; what would run a program or read other files is refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(content)
        try:
            _harmless(path)
            with without_rule_code():
                return situation_of(read_scenario(path))
        except InputError as error:
            said = str(error).replace(str(path), name)
            raise InputError(said if error.file else f"{name}: {said}") from None


def _harmless(path: Path) -> None:
    """Raise InputError if reading the file further would run a program or read other files."""
    document = read_yaml(path)
    if "kind" in document.data and not isinstance(document.data["kind"], dict):
        raise document.error(("kind",), STUDY)
    if document.data.get("rules"):
        raise document.error(("rules",), NO_RULES)
    extends = document.data.get("extends")
    if extends is not None and extends not in shipped():
        raise document.error(
            ("extends",),
            f"given {document.given(('extends',))}; here only shipped forms can be extended: {', '.join(shipped())}",
        )

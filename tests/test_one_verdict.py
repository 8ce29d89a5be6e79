"""One study told by every page: thirty pairs of yes and no have one interval and one verdict wherever they are shown.

They once had not: the same thirty pairs were clear in one report and not in another.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

import mhsim
from mhsim import stats
from mhsim.outcomes.measures import MEASURES
from mhsim.report import write_report
from mhsim.scenario import Scenario
from mhsim.studies.analysis import tables
from mhsim.studies.compare import Compare
from mhsim.studies.design import Study
from mhsim.studies.knockout import Knockout
from mhsim.studies.run_study import run_study
from mhsim.studies.tipping import TippingPoint
from page_modules import told_in_node

TURNOVER = "serve.turnover_per_year"
WEEKS, PAIRS = 104, 30
LITTLE, MUCH = 0.2, 4.0
SURVIVES = {LITTLE: 21, MUCH: 15}
"""Of thirty groups, the first so many live to the end: in six pairs the two differ, always the same way."""
WATCH = ("alive_at_end", "closed", "weeks_to_closure")


def alive(turnover: float, replicate: int) -> bool:
    return replicate < SURVIVES[turnover]


def simulate(scenario: Scenario, replicate: int, **keys: Any) -> SimpleNamespace:
    summary: dict[str, Any] = {measure.name: None for measure in MEASURES}
    lives = alive(scenario.serve.turnover_per_year, replicate)
    summary |= {"alive_at_end": lives, "closed": not lives, "weeks_to_closure": float(WEEKS if lives else 40)}
    return SimpleNamespace(summary=summary, series=None, lives=None)


def outcomes(turnover: float) -> list[dict[str, Any]]:
    """Return the same histories as the page Turnover has them."""
    return [
        {"alive_at_end": alive(turnover, k), "weeks_to_closure": WEEKS if alive(turnover, k) else 40}
        for k in range(PAIRS)
    ]


PAGE = """
import { aliveAtEnd, aliveByTime, differenceInAlive } from "@/pages/outcomes.js";
import { verdictOf } from "@/engine/stats.js";
const [one, other] = asked.outcomes, change = differenceInAlive(one, other);
const curve = aliveByTime(one, asked.weeks), share = aliveAtEnd(one);
console.log(JSON.stringify({ change, verdict: verdictOf(change), share, curve }));
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return what runs a study of some kind on these histories and returns its folder."""
    monkeypatch.setattr(mhsim, "simulate", simulate)
    (tmp_path / "group.yaml").write_text(f"weeks: {WEEKS}\nserve: {{turnover_per_year: {LITTLE}}}\n")
    (tmp_path / "much.yaml").write_text(f"weeks: {WEEKS}\nserve: {{turnover_per_year: {MUCH}}}\n")

    def folder(kind: Any, name: str, base: str = "group", **keys: Any) -> Path:
        watch = keys.pop("watch", WATCH[:1])
        given = {"base": str(tmp_path / f"{base}.yaml"), "replicates": PAIRS, "watch": watch, **keys}
        run_study(kind.model_validate(given), tmp_path / name)
        return tmp_path / name

    return folder


WANTED = stats.paired_difference(
    np.array([float(alive(MUCH, k)) - float(alive(LITTLE, k)) for k in range(PAIRS)]), yes_no=True
)


def test_the_pairs_are_a_case_in_which_methods_contradict_one_another() -> None:
    """By hand: (0 - 6) / 32, give or take 1.96 times the root of (8 / 32 - (6 / 32)²) / 32."""
    reach = 1.959963984540054 * np.sqrt((8 / 32 - (6 / 32) ** 2) / 32)
    assert (WANTED.value, WANTED.low, WANTED.high) == pytest.approx((-0.2, -6 / 32 - reach, -6 / 32 + reach))
    assert WANTED.verdict == "clear"


def same(row: Any, name: str, sign: float = 1.0) -> None:
    """Check the number, interval and verdict of a row of an analysis."""
    low, high = sorted((sign * row["low"], sign * row["high"]))
    assert (sign * row[name], low, high) == pytest.approx((WANTED.value, WANTED.low, WANTED.high))
    assert row["p"] == pytest.approx(WANTED.p)


def told(folder: Path) -> str:
    """Return the text of a report without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", write_report(folder).read_text(encoding="utf-8")).split())


FALL = r"(?:−|)20(?:\.0)? (?:of 100 )?(?:groups )?\((?:−34\.8|−35|3|2\.7) to (?:−2\.7|−3|35|34\.8)\)"
"""The difference and its interval as pages write it, of a hundred groups; as a fall, a loss or a size."""


def test_compare(run: Callable[..., Path], tmp_path: Path) -> None:
    scenarios = {"little": str(tmp_path / "group.yaml"), "much": str(tmp_path / "much.yaml")}
    out = run(Compare, "compare", scenarios=scenarios, parting=[])
    (row,) = tables(out)["comparison"].to_dict("records")
    same(row, "difference")
    assert row["verdict"] == "clear"
    text = told(out)
    assert re.search(FALL + r"\D{0,20}clear", text)
    assert "not clear" not in text


def test_knockout(run: Callable[..., Path], tmp_path: Path) -> None:
    out = run(
        Knockout,
        "knockout",
        base="much",
        forms=[str(tmp_path / "much.yaml")],
        mechanisms=[],
        sets={"turnover": {TURNOVER: LITTLE}},
        outcome="alive_at_end",
    )
    (row,) = tables(out)["effects"].to_dict("records")
    same(row, "effect")
    assert row["verdict"] == "clear"
    assert re.search(r"20(?:\.0)? (?:more )?(?:of 100 )?(?:groups )?\(\+?(?:3|2\.7) to \+?(?:35|34\.8)\)", told(out))


def test_tipping_point(run: Callable[..., Path]) -> None:
    """At each value of another path the two starts are these thirty pairs."""
    starts = {"strong": {TURNOVER: LITTLE}, "weak": {TURNOVER: MUCH}}
    out = run(TippingPoint, "tipping", path="community.stigma", low=0.1, high=0.9, points=3, rounds=1, **starts)
    rows = tables(out)["starts"].to_dict("records")
    assert len(rows) >= 3
    for row in rows:
        same(row, "difference", -1.0)
        assert row["verdict"] == "differ"
    assert re.search(r"20(?:\.0)? \(\+?(?:3|2\.7) to \+?(?:35|34\.8)\)\D{0,20}the start decides", told(out))


def test_sweep_and_until(run: Callable[..., Path]) -> None:
    """The page of a sweep, of one parameter and of two, and the precision by which a study stops."""
    keys = {"vary": {TURNOVER: [LITTLE, MUCH]}, "until": {"alive_at_end": 0.01}, "most_replicates": PAIRS}
    out = run(Study, "sweep", **keys)
    rows = pq.read_table(out / "precision.parquet").to_pylist()
    for row, turnover in zip(rows, (LITTLE, MUCH), strict=True):
        assert row["half_width"] == pytest.approx(stats.proportion(SURVIVES[turnover], PAIRS).half_width)
    text = told(run(Study, "turnover", watch=WATCH, vary={TURNOVER: [LITTLE, MUCH]}))
    assert "70 (52 to 83)" in text
    general = told(run(Study, "general", vary={"community.stigma": [0.2, 0.6], TURNOVER: [LITTLE, MUCH]}))
    assert "alive at end" in general.lower()


def test_page() -> None:
    """The page Turnover: the difference, the share alive at the end, and the curve at its last week."""
    found = told_in_node(PAGE, {"outcomes": [outcomes(LITTLE), outcomes(MUCH)], "weeks": WEEKS})
    change, share, curve = found["change"], found["share"], found["curve"]
    assert (change["value"], change["low"], change["high"]) == pytest.approx((WANTED.value, WANTED.low, WANTED.high))
    assert found["verdict"] == WANTED.verdict
    wanted = stats.proportion(21, PAIRS)
    assert (share["low"], share["high"]) == pytest.approx((wanted.low, wanted.high))
    assert (curve["low"][-1], curve["high"][-1]) == pytest.approx((100 * wanted.low, 100 * wanted.high))
    last = stats.kaplan_meier(
        np.array([WEEKS if alive(LITTLE, k) else 40.0 for k in range(PAIRS)]),
        np.array([float(not alive(LITTLE, k)) for k in range(PAIRS)]),
    )
    assert last is not None
    assert (last.at(WEEKS).low, last.at(WEEKS).high) == pytest.approx((wanted.low, wanted.high))

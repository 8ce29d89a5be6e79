"""A page says of the same runs what Python says: the same intervals, and the same verdicts, to the last digit shown."""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

from mhsim import stats
from mhsim.core.rng import philox_words
from mhsim.stats.signs import BITS, FLIPS, PURPOSE, SEED, philox, signs

BROWSER = Path(stats.__file__).parents[1] / "dashboard" / "browser"
PROGRAM = Path(__file__).parent / "stats_in_node.mjs"
CLOSE = 1e-12


def counters(pairs: int) -> np.ndarray:
    """Return the counters whose words turn the signs of so many pairs, of the first hundred turns and blocks."""
    blocks = -(-pairs // BITS)
    return np.array([[k // blocks, k % blocks, pairs, 0] for k in range(100)], np.uint32)


def test_signs_are_the_package_s_own_draws() -> None:
    """Philox stands twice, since the statistics know no other room: both must be one."""
    counter = counters(200)
    known = philox_words(counter, np.tile(np.array([SEED, PURPOSE], np.uint32), (len(counter), 1)))
    assert np.array_equal(philox(counter, (SEED, PURPOSE)), known)
    turned = signs(200)
    assert turned.shape == (FLIPS, 200)
    assert abs(turned.mean()) < 0.01
    assert [int(value) for value in turned[0, :32]] == [-1 if (known[0, 0] >> bit) & 1 else 1 for bit in range(32)]


def tables() -> list[dict[str, Any]]:
    """Return rows of differences of every kind: few and many pairs, missing ones, yes and no, unlike units."""
    draws, found = np.random.default_rng(33), []
    for pairs in (1, 2, 9, 10, 30, 129, 200, 2001):
        for yes_no in (False, True):
            rows = draws.normal(draws.normal(0.0, 0.3, (5, 1)), 1.0, (5, pairs)) * 10.0 ** draws.integers(-3, 4, (5, 1))
            if yes_no:
                rows = draws.integers(0, 2, (5, pairs)) - (draws.random((5, pairs)) < draws.random((5, 1))) * 1.0
            rows[3] = 0.0
            rows[4][draws.random(pairs) < 0.3] = np.nan
            rows[2] = np.abs(rows[2])
            found.append({"rows": rows, "yes_no": [yes_no] * 5})
    found.append({"rows": np.full((2, 12), 0.25), "yes_no": [False, True]})
    found.append({"rows": np.full((2, 12), np.nan), "yes_no": [False, True]})
    return found


def alike(found: dict[str, Any], wanted: stats.Estimate, scale: float = 1.0) -> None:
    names = {"p_together": "pTogether"}
    values = asdict(wanted)
    assert values.pop("knowledge") is None, "a page has no draws of values"
    for name, value in values.items():
        given = found[names.get(name, name)]
        if isinstance(value, float) and np.isnan(value):
            assert given is None, name
        else:
            assert given == pytest.approx(value, rel=CLOSE, abs=CLOSE * scale), name
    assert found["verdict"] == wanted.verdict


def test_a_page_judges_as_python_does(tmp_path: Path) -> None:
    if which("node") is None:
        pytest.skip("node is not here")
    luck, given = np.random.default_rng(5), tables()
    closed = [luck.exponential(200, 40).round(), np.full(3, np.inf), np.array([0.0, 13.0, 26.0, np.inf])]
    cases = {
        "signs": [10, 128, 200, 1999],
        "students": [0, 1, 2, 3, 4, 9, 29, 199, 1999],
        "shares": [[0, 0], [0, 1], [7, 30], [30, 30], [512, 1000]],
        "rows": [{**one, "rows": _plain(one["rows"])} for one in given],
        "bands": [{"closed": _plain(row), "weeks": weeks} for row in closed for weeks in (520, 30.5, 13)],
    }
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    done = subprocess.run(["node", PROGRAM, BROWSER, path], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)

    for pairs, words in zip(cases["signs"], found["signs"], strict=True):
        assert words == philox(counters(pairs), (SEED, PURPOSE)).ravel().tolist()
    for degrees, reach in zip(cases["students"], found["students"], strict=True):
        assert reach == (None if degrees == 0 else pytest.approx(stats.student(degrees), rel=CLOSE))
    for (count, of), one in zip(cases["shares"], found["shares"], strict=True):
        wanted = stats.proportion(count, of)
        assert [one["value"], one["low"], one["high"]] == (
            [None] * 3 if of == 0 else pytest.approx([wanted.value, wanted.low, wanted.high], abs=CLOSE)
        )
    verdicts = set()
    for one, there in zip(given, found["rows"], strict=True):
        rows = one["rows"]
        scale = max(1.0, float(np.nanmax(np.abs(rows)))) if not np.isnan(rows).all() else 1.0
        wanted = stats.paired_differences(rows, yes_no=one["yes_no"])
        verdicts |= {each.verdict for each in wanted}
        for told, each in zip(there["differences"], wanted, strict=True):
            alike(told, each, scale)
        for told, row in zip(there["means"], rows, strict=True):
            alike(told, stats.mean(row), scale)
    assert verdicts == set(stats.WHY), "a verdict that no case has would be held by nobody"
    wanted_bands = [(row, weeks) for row in closed for weeks in (520, 30.5, 13)]
    for told, (row, weeks) in zip(found["bands"], wanted_bands, strict=True):
        assert told["weeks"] == [*np.arange(0.0, weeks, 13.0).tolist(), float(weeks)]
        shares = [stats.proportion(int((row > week).sum()), len(row)) for week in told["weeks"]]
        for name, edge in (("share", "value"), ("low", "low"), ("high", "high")):
            assert told[name] == pytest.approx([100 * getattr(one, edge) for one in shares], abs=1e-10), name


def _plain(rows: np.ndarray) -> Any:
    """Return numbers as JSON holds them: what is missing, or never came, as null."""
    return np.where(np.isfinite(rows), rows, None).tolist()

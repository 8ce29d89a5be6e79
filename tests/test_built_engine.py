"""The engine built beforehand: the same bits as from Numba, found by its sources alone, and no Numba in the process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import CASES, by_numba, found_in, ready_built, scenario_of
from mhsim.core import built_code
from mhsim.core.built_code import MANIFEST, Built, built_function, this_machine
from mhsim.core.rng import fill_philox
from mhsim.engine.interventions import lose_busiest
from mhsim.engine.loop import run
from mhsim.modules import optional


@pytest.fixture(scope="module")
def built() -> Built:
    """What is built for this machine; `make warm` has built it."""
    return ready_built()


@pytest.fixture
def copied(built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a copy of what is built, which is the only place that is looked at; nothing is known of it yet."""
    for name in (MANIFEST, built.object.name):
        (tmp_path / name).write_bytes((built.folder / name).read_bytes())
    monkeypatch.setattr(built_code, "IN_PACKAGE", tmp_path)
    monkeypatch.setattr(built_code, "cache_folder", lambda: None)
    built_code.built_code.cache_clear()
    yield tmp_path
    built_code.built_code.cache_clear()


@pytest.mark.parametrize("name", CASES)
def test_every_array_and_measure_is_that_of_numba(built: Built, name: str) -> None:
    """A built engine that differs in one bit would be another model, and nobody would know which one was run."""
    scenario, replicate, record = scenario_of(name)
    found = found_in(scenario, replicate, record)
    with by_numba():
        assert found_in(scenario, replicate, record) == found


def test_cases_have_every_module_on() -> None:
    """A module is code of its own: one that is never on here could differ in silence."""
    assert {f"{name} on" for name in optional()} <= set(CASES)


def test_everything_is_built(built: Built) -> None:
    """An entry or a module that is left out would be compiled by each process for itself."""
    assert {each.rpartition("_")[0] for each in built.about["rules"]} == set(optional())
    assert set(built.about["entries"]) == {each.symbol for each in (run, fill_philox, lose_busiest)}  # type: ignore[attr-defined]


def test_a_history_imports_no_numba(built: Built) -> None:
    """It takes a second to import, and more to set up: what is built is there so that nobody waits for it."""
    code = (
        "import sys, mhsim\nmhsim.simulate(mhsim.read_scenario('twelve_step', {'weeks': 10}))\n"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_what_was_built_of_other_sources_is_not_run(copied: Path) -> None:
    """Whoever edits a rule must not see what the old one did."""
    assert built_code.built_code() is not None
    about = json.loads((copied / MANIFEST).read_text())
    for key in ("engine", "builder"):
        (copied / MANIFEST).write_text(json.dumps(about | {key: "another"}))
        built_code.built_code.cache_clear()
        assert built_code.built_code() is None
    assert "Numba" in built_code.engine_in_use()


def test_what_another_python_built_is_run(copied: Path) -> None:
    """A wheel is built by one Python for all of them: nothing in an object calls Python."""
    about = json.loads((copied / MANIFEST).read_text())
    (copied / MANIFEST).write_text(json.dumps(about | {"python": "another"}))
    assert built_code.built_code() is not None


def test_a_damaged_object_is_not_run(copied: Path) -> None:
    """Code is taken as it was built or not at all."""
    file = copied / f"{this_machine()}.o"
    file.write_bytes(file.read_bytes()[:-1])
    assert built_code.built_code() is None
    file.unlink()
    assert built_code.built_code() is None


def test_arguments_of_another_kind_are_refused(built: Built) -> None:
    """Compiled code believes what it is told: an array of another kind would be read beyond its end."""
    function: Any = built_function(fill_philox.symbol)  # type: ignore[attr-defined]
    words, key = np.zeros((2, 4), np.uint32), np.zeros((2, 2), np.uint32)
    assert function(words, key, words) == 2
    for wrong in ((words, key), (words, key, words.astype(np.uint64)), (words, key, words[0]), (words.T, key, words)):
        with pytest.raises(TypeError, match="built for"):
            function(*wrong)


@pytest.mark.slow
def test_two_builds_are_the_same(tmp_path: Path) -> None:
    """Else nobody could tell from a digest what was built of what."""
    code = (
        "import sys, pathlib\n"
        "from mhsim.building.build import HERE, build_engine\nfrom mhsim.building.targets import WASM\n"
        "build_engine([HERE, WASM], pathlib.Path(sys.argv[1]), only=('fill_philox', 'trouble'))\n"
    )
    digests = []
    for seed in ("1", "2"):
        folder, settings = tmp_path / seed, {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", code, str(folder)]
        subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
        digests.append({file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()})
    assert digests[0] == digests[1]
    assert {f"{this_machine()}.o", "engine.wasm", MANIFEST} <= set(digests[0])

"""Shared settings of the tests: fixed seeds for Hypothesis, signals, long files first, results of plain Python."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "fixed", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fixed")


def pytest_configure() -> None:
    """Let signals reach the tests of them: who starts these in the background, or by nohup, has them ignored."""
    for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


LONGEST = (
    *("test_engine_extremes", "test_built_engine", "test_notebooks", "test_heart", "test_studies_kill"),
    *("test_stories_records", "test_studies_tipping_point", "test_twin", "test_twin_modules", "test_classroom"),
    *("test_bench", "test_forms", "test_studies_cluster", "test_write_contract"),
)
"""Files that take some twenty seconds or more, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long files first, so that of two processes none is left with one of them at the end."""
    place = {name: k for k, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return what every mechanism and a small world give when they run as plain Python, in another process."""
    script, target = Path(__file__).parent / "plain_python.py", tmp_path_factory.mktemp("plain") / "plain.npz"
    done = subprocess.run(
        [sys.executable, str(script), str(target)], env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with np.load(target) as arrays:
        return dict(arrays)

"""Shared settings of the tests: fixed seeds for Hypothesis, the mark for slow tests, results of plain Python."""

from __future__ import annotations

import os
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


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark for slow tests known; slow tests still run unless they are deselected."""
    config.addinivalue_line("markers", "slow: takes more than about 20 seconds; still run by default")


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

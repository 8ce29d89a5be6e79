"""One history as the report sees it: its summary, its weekly series and where it comes from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml
from numpy.typing import NDArray

from mhsim.errors import InputError
from mhsim.report.study_data import read_table

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class History:
    """A run folder: summary, scenario and manifest as plain data, weekly series as numbers by name."""

    summary: dict[str, Any]
    scenario: dict[str, Any]
    manifest: dict[str, Any]
    series: dict[str, Numbers]

    def number(self, name: str) -> float:
        """Return a measure as a number, NaN if there was no case."""
        value = self.summary.get(name)
        return float("nan") if value is None or isinstance(value, str) else float(value)


def read_history(folder: Path) -> History:
    """Read a run folder; raise InputError, one line, if it cannot be read."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        if not isinstance(summary, dict):
            raise ValueError("summary.json holds no summary")
        manifest = _optional(folder / "manifest.json")
        scenario = _optional(folder / "scenario.yaml")
        return History(summary, scenario, manifest, _series(folder / "series.parquet"))
    except (OSError, ValueError, yaml.YAMLError, pa.ArrowException) as problem:
        raise InputError(f"the run in this folder cannot be read: {problem}", str(folder)) from None


def _optional(path: Path) -> dict[str, Any]:
    """Return what a YAML or JSON file holds; nothing if there is no such file."""
    if not path.is_file():
        return {}
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content if isinstance(content, dict) else {}


def _series(path: Path) -> dict[str, Numbers]:
    if not path.is_file():
        return {}
    table = read_table(path)
    found = {}
    for name in table.column_names:
        if pa.types.is_floating(table[name].type) or pa.types.is_integer(table[name].type):
            cells = [np.nan if value is None else float(value) for value in table[name].to_pylist()]
            found[name] = np.array(cells, dtype=float)
    return found

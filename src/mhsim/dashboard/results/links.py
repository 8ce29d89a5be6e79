"""Links from results: to the scenario of a point in Explore, and to downloads."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.scenario_state import situation_of
from mhsim.dashboard.url_state import address_of
from mhsim.errors import InputError
from mhsim.safe_files import read_yaml
from mhsim.scenario import Scenario, Value, with_values

KEYS = ("folder", "table", "measure", "axis", "across", "up", "point", "view", "watch")
"""Keys of the address that say what a download holds."""
REFUSED = (InputError, ValidationError, KeyError, TypeError, ValueError)


def download(kind: str, keys: Mapping[str, str], **others: str) -> str:
    """Return the link to a download, such as ``table.csv``, of what an address shows."""
    kept = {key: keys[key] for key in KEYS if keys.get(key)}
    return f"/get/results/{kind}?{urlencode({**kept, **others}, safe=':,;=/')}"


def explore_link(opened: ResultsFolder, point: Mapping[str, Value]) -> str:
    """Return the link that shows a point's scenario in Explore; empty where it has rules or is too large."""
    scenario = _scenario(opened, str(point.get("scenario", "")))
    if scenario is None:
        return ""
    given = {path: value for path, value in point.items() if path != "scenario"}
    try:
        return f"/explore?{address_of(situation_of(with_values(scenario, given) if given else scenario)).query()}"
    except REFUSED:
        return ""


@lru_cache(maxsize=64)
def _scenario(opened: ResultsFolder, name: str) -> Scenario | None:
    """Return the scenario that points differ from, with what the study sets; None where it cannot be told."""
    try:
        content: dict[str, Any] = opened.base
        if name and (opened.folder / "others.yaml").is_file():
            content = read_yaml(opened.folder / "others.yaml")[name]
        scenario = Scenario.model_validate(content)
        if scenario.rules:
            return None
        fixed: dict[str, Any] = dict(opened.study.get("set") or {})
        fixed |= {key: opened.study[key] for key in ("weeks", "seed") if opened.study.get(key) is not None}
        if opened.is_run:
            fixed = {}
        return with_values(scenario, fixed) if fixed else scenario
    except REFUSED:
        return None

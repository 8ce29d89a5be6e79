"""The scoreboard: every fact held against the model, with what comes out, its interval, and a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mhsim.errors import InputError, suggestion
from mhsim.evidence import lifetimes, subgroups
from mhsim.evidence.checks import NONE, Check, checks
from mhsim.evidence.facts import facts
from mhsim.evidence.observables import OBSERVABLES
from mhsim.evidence.sample import ReplicateSample
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.user_paths import user_path

Verdict = Literal["inside", "outside", "cannot tell", "not observed", "failed"]
Board = list[tuple[str, Scenario, list[Check]]]
GROUPS, FEWEST_RUNS, MOST_RUNS, ARRIVALS = 360, 40, 360, 900.0
"""Groups at the opening of all runs of a form together, runs of a form at least and at most, and how many people come
into need in a week in all runs together, which is what large ones cost; unless told."""
REGISTERED = (lifetimes, subgroups)
"""Modules that register observables besides `observables` itself."""


@dataclass(frozen=True)
class CheckResult:
    """One check and what came of it.

    Attributes
    ----------
    fact, check, form, family, observable, unit, use, reason : str
        As in `mhsim.evidence.checks.Check`; `form` is the name or path that was run, with the values changed.
    low, high : float or None
        The band, None where open.
    value, value_low, value_high : float
        Simulated, with its 95 % interval; NaN where there is none.
    verdict : str
        inside or outside when the whole interval is; else "cannot tell"; "not observed"; "failed".
    must : bool
        Whether missing it fails the command.
    """

    fact: str
    check: str
    form: str
    family: str
    observable: str
    unit: str
    use: str
    low: float | None
    high: float | None
    value: float
    value_low: float
    value_high: float
    verdict: Verdict
    must: bool
    reason: str

    @property
    def estimate_inside(self) -> bool:
        """Whether the estimate itself lies in the band, whatever its interval."""
        return _within(self.value, self.low, self.high)

    @property
    def missed(self) -> bool:
        """Whether this is a must and the estimate lies outside the band."""
        return self.must and not self.estimate_inside

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain values."""
        return {**asdict(self), "estimate_inside": self.estimate_inside, "missed": self.missed}


def selected(forms: Sequence[str] = (), only: Iterable[str] = (), values: Mapping[str, Any] | None = None) -> Board:
    """Return what is to be run: forms with their scenarios and checks.

    Parameters
    ----------
    forms : sequence of str
        Shipped scenarios by name, scenario files, or folders of such; all shipped ones unless given. A file is held
        against the checks of the shipped scenario whose ``form`` it bears.
    only : iterable of str
        Codes of facts; all unless given.
    values : mapping, optional
        Paths and values changed in every scenario; those of a check come after.

    Raises
    ------
    InputError
        For an unknown fact or form, a fact without a check, a wrong value.
    """
    wanted, every = list(dict.fromkeys(only)), checks()
    known = list(dict.fromkeys(one.fact for one in every))
    for fact in wanted:
        if fact not in known:
            held = "is context or a trap and is not held against the model" if fact in facts() else "is not a fact"
            raise InputError(f"--only {fact}: {fact} {held}{suggestion(fact, known)}")
    board: Board = []
    for name in forms or [form for form in shipped() if any(one.form == form for one in every)]:
        for label in _files(name):
            scenario = read_scenario(label, dict(values or {}))
            form = label if label in shipped() else scenario.form
            mine = [one for one in every if one.form == form and (not wanted or one.fact in wanted)]
            if mine or not wanted:
                board.append((label, scenario, mine))
    if not any(mine for _, _, mine in board):
        raise InputError(f"{'none of these facts' if wanted else 'no fact'} is held against {', '.join(forms)}")
    return board


def _files(name: str) -> list[str]:
    """Return a form as it is, or the scenario files of a folder."""
    if name in shipped():
        return [name]
    path = user_path(name)
    if not path.is_dir():
        return [name]
    found = [str(file) for file in sorted(Path(path).glob("*.yaml"))]
    if not found:
        raise InputError("this folder holds no scenario (*.yaml)", name)
    return found


def scoreboard(
    board: Board,
    replicates: int | None = None,
    jobs: int = 2,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[CheckResult]:
    """Return a row for each check, in the order of the board; a sample is simulated once for all of its checks.

    Parameters
    ----------
    board : list
        What `selected` returns.
    replicates : int, optional
        Runs of each form, unless given by `default_replicates`, or more by the check; numbers 0, 1, ... so that two
        boards see the same chance events.
    jobs : int
        Runs side by side.
    progress : callable
        Called with the number of checks done and their total.
    """
    total, rows = sum(len(mine) for _, _, mine in board), []
    progress(0, total)
    for label, scenario, mine in board:
        usual = replicates or default_replicates(scenario)
        starts: dict[int, ReplicateSample] = {}
        for check in mine:
            runs = usual if replicates else max(usual, check.runs or 0)
            start = starts.setdefault(runs, ReplicateSample(scenario, runs, jobs))
            rows.append(judge(check, start.under(check.values) if check.values else start, label))
            progress(len(rows), total)
    return rows


def default_replicates(scenario: Scenario) -> int:
    """Return how many runs of a form make an interval narrow enough: the more, the fewer groups and people it has."""
    affordable = int(ARRIVALS / max(1.0, scenario.community.arrivals_per_week))
    return min(MOST_RUNS, max(FEWEST_RUNS, min(affordable, GROUPS // max(1, scenario.start.groups))))


def judge(check: Check, sample: ReplicateSample, form: str = "") -> CheckResult:
    """Return the row of one check on one sample; what cannot be worked out is a row that says so."""
    value, low, high, unit, reason = np.nan, np.nan, np.nan, "", check.reason
    verdict: Verdict = "not observed"
    if check.observable != NONE:
        observable = OBSERVABLES[check.observable]
        unit = observable.unit
        try:
            estimate = observable.of(sample, **check.arguments)
            value, low, high = float(estimate.value), float(estimate.low), float(estimate.high)
            verdict = verdict_of(value, low, high, check.low, check.high)
        except InputError:
            raise
        except Exception as error:
            verdict, reason = "failed", f"{type(error).__name__}: {error}"
    kept = (check.family, check.observable, unit, check.use, check.low, check.high)
    name = ", ".join([form or check.form, *(f"{path} {changed}" for path, changed in check.values.items())])
    return CheckResult(check.fact, check.check, name, *kept, value, low, high, verdict, check.must, reason)


def verdict_of(value: float, low: float, high: float, least: float | None, most: float | None) -> Verdict:
    """Return whether an interval lies in a band, outside of it, or across an edge.

    An edge belongs to the band, except that of a direction: no difference at all (0 to 0) has no sign.
    """
    if np.isnan([value, low, high]).any():
        return "cannot tell"
    if low == high == 0.0 and 0.0 in (least, most):
        return "cannot tell"
    if _within(low, least, most) and _within(high, least, most):
        return "inside"
    above = most is not None and low > most
    below = least is not None and high < least
    return "outside" if above or below else "cannot tell"


def _within(value: float, least: float | None, most: float | None) -> bool:
    return bool((least is None or value >= least) and (most is None or value <= most) and not np.isnan(value))


def facts_inside(rows: Iterable[CheckResult], use: str) -> dict[str, bool]:
    """Return, for each fact that is used so, whether all of its checks for this use are inside with whole intervals."""
    return _all_of(rows, use, lambda row: row.verdict == "inside")


def facts_with_estimates_inside(rows: Iterable[CheckResult], use: str) -> dict[str, bool]:
    """Return the same by the estimates alone, whatever their intervals."""
    return _all_of(rows, use, lambda row: row.estimate_inside)


def _all_of(rows: Iterable[CheckResult], use: str, met: Callable[[CheckResult], bool]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for row in rows:
        if row.use == use:
            found[row.fact] = found.get(row.fact, True) and met(row)
    return found

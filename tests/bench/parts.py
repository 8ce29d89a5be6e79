"""The parts of the bench, in the order in which they are measured and shown; a new part is one line in `PARTS`.

A part is a module with `FIGURES`, everything it can measure, and `measure(effort)`, which returns by name what it did
measure. The first line of its docstring heads its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import NamedTuple

from bench import by_mechanism, core_week, cost, histories, many_runs, own_rules, starting, whole_model
from bench.figures import Figure, Measured
from bench.timing import Effort

PARTS: dict[str, ModuleType] = {
    "whole_model": whole_model,
    "core_week": core_week,
    "cost": cost,
    "histories": histories,
    "many_runs": many_runs,
    "starting": starting,
    "by_mechanism": by_mechanism,
    "own_rules": own_rules,
}


class Line(NamedTuple):
    """One figure with what was measured (None where nothing was), its part and how to measure it again.

    `judged` is false where too little was measured to hold it against the bar.
    """

    part: str
    figure: Figure
    measured: Measured | None
    command: str
    judged: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the bar is kept; None where nothing is asked, measured or judged."""
        return self.figure.is_met(self.measured.value) if self.measured and self.judged else None


def title_of(part: str) -> str:
    """Return the heading of a part."""
    return (PARTS[part].__doc__ or part).splitlines()[0].rstrip(".")


def measure_parts(names: Iterable[str], effort: Effort) -> Iterator[Line]:
    """Yield a line for every figure of the named parts, part by part as each is measured.

    Raises
    ------
    KeyError
        If a part measures something that it does not name among its figures.
    """
    for name in names:
        found = PARTS[name].measure(effort)
        unknown = found.keys() - {figure.name for figure in PARTS[name].FIGURES}
        if unknown:
            raise KeyError(f"part {name} measured figures it does not name: {sorted(unknown)}")
        for figure in PARTS[name].FIGURES:
            command = f"make bench BENCH_ARGS='--only {name}'"
            yield Line(name, figure, found.get(figure.name), command, judged=effort.name != "tiny")

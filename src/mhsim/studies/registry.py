"""Kinds of study, each registered here once: its name, its module, and what its command says.

A kind is one line here, its module, and its page `mhsim.report.NAME.page` (with an underscore for a hyphen), which
reports find by that name. Runs are stored in the same way whatever the kind; `analyse` reads the finished runs from
the folder and writes its tables into it, so that it can be done again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mhsim.errors import InputError, suggestion

if TYPE_CHECKING:
    import pyarrow as pa

    from mhsim.studies.design import StudyBase
    from mhsim.studies.plan import Plan


@dataclass(frozen=True)
class Kind:
    """One kind of study; its module is imported when it is first used.

    Attributes
    ----------
    name : str
        The name in study files, and of the command.
    module : str
        Module that holds `STUDY` and `plan_of`; where runs are analysed, `analyse` and `SCHEMAS`, the columns of its
        tables; where points are not all known beforehand, `run`, called in the place of `run_study`.
    about : str
        The help of the command: one line, and a paragraph.
    along_axes : bool
        Whether its points lie along axes, so that measures can be shown by the values of a path.
    """

    name: str
    module: str
    about: str
    along_axes: bool = False

    def _part(self, name: str) -> Any:
        return getattr(import_module(self.module), name, None)

    @property
    def study(self) -> type[StudyBase]:
        """What a study file of this kind may say."""
        found: type[StudyBase] = self._part("STUDY")
        return found

    @property
    def plan_of(self) -> Callable[[Any], Plan]:
        """Function that turns a study into a plan."""
        found: Callable[[Any], Plan] = self._part("plan_of")
        return found

    @property
    def analyse(self) -> Callable[[Path], None] | None:
        """Function that writes the analysis of a folder; None if runs of this kind are not analysed."""
        found: Callable[[Path], None] | None = self._part("analyse")
        return found

    @property
    def run(self) -> Callable[..., Any] | None:
        """Function that runs a study in the place of `run_study`, if there is one."""
        found: Callable[..., Any] | None = self._part("run")
        return found

    @property
    def tables(self) -> Mapping[str, pa.Schema]:
        """Tables of the analysis and their columns; none if runs of this kind are not analysed."""
        return self._part("SCHEMAS") or {}


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "sweep",
            "mhsim.studies.plan",
            "Run a study; go on with one that was stopped.\n\n"
            "Every point and every replicate is kept on disk as it ends.",
            along_axes=True,
        ),
        Kind(
            "knockout",
            "mhsim.studies.knockout",
            "Switch off each mechanism in turn.\n\n"
            "Every form is run as it is and without one thing after the other, with the same random seeds.",
        ),
        Kind(
            "compare",
            "mhsim.studies.compare",
            "Compare scenarios with the same random seeds.\n\n"
            "One name is a study file; two or more are scenarios, such as mhsim compare base twelve_step.",
            along_axes=True,
        ),
        Kind(
            "tipping-point",
            "mhsim.studies.tipping",
            "Find the value at which an outcome crosses a level.\n\n"
            "Rounds of a few values close in on it; each is kept on disk when it is done.",
            along_axes=True,
        ),
        Kind(
            "sensitivity",
            "mhsim.studies.sensitivity",
            "Find which parameters move an outcome most.\n\n"
            "By Morris, Sobol' or PAWN, over the ranges of the parameters, with replicate noise and failed runs "
            "kept apart.",
        ),
        Kind(
            "trial",
            "mhsim.studies.trial",
            "Run a randomised trial: people are invited now, or wait.\n\n"
            "Beside it stand what an observer would have found and what only the model knows.",
        ),
        Kind(
            "robustness",
            "mhsim.studies.robustness",
            "Find which sentences of a study survive.\n\n"
            "STUDY is a file of another kind of study, or the folder of a finished one. Its question is asked again "
            "with another time step, size, start and other rules, with a third and three times of each assumed value, "
            "and without each rule, one at a time.",
        ),
    )
}


def kind_named(name: str) -> Kind:
    """Return a kind of study by its name; raise InputError if there is none."""
    if name not in KINDS:
        raise InputError(f"no kind of study is named {name!r}{suggestion(name, KINDS)}; there are {', '.join(KINDS)}")
    return KINDS[name]


def plan_for(study: StudyBase) -> Plan:
    """Turn a study of any kind into a plan, draws and all; raise InputError if what was meant is not in it."""
    from mhsim.studies.draws import with_draws

    kind = kind_named(study.kind)
    made = kind.plan_of(study)
    if study.plan is not None:
        from mhsim.studies.preregistration import check_plan

        check_plan(study.plan, study, made, kind.tables, known=kind.run is None)
    return with_draws(study, made)

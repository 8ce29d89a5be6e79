"""What is asked again of a study: the points that its sentences need, and the paths it asks about itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mhsim.errors import InputError
from mhsim.scenario import form_and_path
from mhsim.studies.coming_and_going import GONE_LOST, LEAVING, PLAN, STEPPING, is_about_helpers
from mhsim.studies.compare.design import Compare
from mhsim.studies.compare.design import plan_of as compared
from mhsim.studies.design import Study
from mhsim.studies.knockout.design import Knockout
from mhsim.studies.knockout.design import plan_of as knocked_out
from mhsim.studies.plan import SCENARIO, Plan
from mhsim.studies.plan import plan_of as swept
from mhsim.studies.tipping.design import TippingPoint
from mhsim.studies.tipping.rounds import sweep_of

Question = tuple[Plan, frozenset[str]]
MIDDLE_RATE = 1.0
"""The rate of stepping down that the page of the main job speaks of, 100 % a year."""


def question_of(study: Any) -> Question:
    """Return the plan of a study with no more points than its sentences need, and the paths that it asks about."""
    return OF_KINDS[study.kind](study)


def _of_sweep(study: Study) -> Question:
    parts = {name: {path: one.values for path, one in part.items()} for name, part in study.parts.items()}
    about_helpers = study.design == "parts" and is_about_helpers(parts)
    if about_helpers:
        study = study.model_copy(update={"parts": _of_helpers(study)})
    plan = swept(study)
    if not plan.paths:
        raise InputError("the study varies nothing, so there is no difference to try")
    return plan, _inner(plan.paths)


def _of_helpers(study: Study) -> Any:
    """Return the parts of the study of helpers that its sentences are made of, with one rate each besides none."""
    found: dict[str, Any] = {}
    for name, path in (("stepping_down", STEPPING), ("leaving", LEAVING)):
        part = study.parts[name]
        rates = [float(value) for value in part[path].values or ()]
        stepping = [float(value) for value in study.parts["stepping_down"][STEPPING].values or ()]
        place = min(range(len(stepping)), key=lambda k: abs(stepping[k] - MIDDLE_RATE))
        kept = (rates[0], *rates[max(1, min(place, len(rates) - 1) - 1) : min(place, len(rates) - 1) + 1])
        found[name] = {**part, path: part[path].model_copy(update={"values": tuple(dict.fromkeys(kept))})}
    if GONE_LOST in study.parts.get("loss_leaving", {}):
        part = study.parts["loss_leaving"]
        found["loss_leaving"] = {
            GONE_LOST: part[GONE_LOST].model_copy(update={"values": (0, 2)}),
            PLAN: part[PLAN].model_copy(update={"values": (0,)}),
        }
    return found


def _of_compare(study: Compare) -> Question:
    return compared(study), _inner(path for arm in study.scenarios.values() for path in arm.set)


def _of_knockout(study: Knockout) -> Question:
    plan = knocked_out(study)
    return plan, _inner(path for path in plan.paths if path != SCENARIO)


def _of_tipping_point(study: TippingPoint) -> Question:
    middle = (study.low * study.high) ** 0.5 if study.scale == "log" else (study.low + study.high) / 2.0
    plan = swept(sweep_of(study, [middle] if study.strong else [], [study.low, study.high]))
    return plan, _inner(plan.paths)


def _inner(paths: Iterable[str]) -> frozenset[str]:
    return frozenset(form_and_path(path)[1] for path in paths)


OF_KINDS: dict[str, Callable[[Any], Question]] = {
    "sweep": _of_sweep,
    "compare": _of_compare,
    "knockout": _of_knockout,
    "tipping-point": _of_tipping_point,
}
"""How each kind of study is asked again; a study of sensitivity and a trial are not."""

"""Several forms in one world: what the groups of one form live by, and what stays that of the whole world.

A form has all settings of its groups: the phases of the week in a group, how its groups start, split and close, and
what it does about barriers and room. Need, people outside, their traits and the community are the scenario's own, and
so is who founds a group. `NOT_OF_A_FORM` lists what the sections of a form leave out. What the shipped forms are set
to, such as ``twelve_step``, stands in the files of configs/, each with what differs from the one it extends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field, create_model

from mhsim.core.params import Parameters, par

FORM_NAME = r"[a-z][a-z0-9_]{0,39}"
MOST_FORMS = 20
NOT_OF_A_FORM: dict[str, tuple[str, ...]] = {
    "start": ("groups", "run_in_weeks"),
    "leave": ("propensity_sd",),
    "found": ("found_per_year", "founders", "fewest_founders", "enough_groups"),
}
"""Settings, by section, that belong to the whole world: how many groups, traits of people, who founds a group."""
OF_A_FORM: dict[str, tuple[str, ...]] = {"arrive": ("remote", "room")}
"""Sections of which a form has a few settings only: the others concern people outside."""
WORLD_ONLY = ("community", "traits")
"""Sections that are the whole world's."""


class FormBase(Parameters):
    """What a form says besides its settings."""

    groups: int = par(1, 0, 100, unit="groups", why="groups of this form at the start, per community", source="assumed")


def form_model(meetings: Any, sections: Mapping[str, type[Parameters]]) -> type[FormBase]:
    """Return the class of a form, from the field for meetings a week and the sections of a scenario."""
    fields: dict[str, Any] = {"meetings_per_week": (float, meetings)}
    for name, model in sections.items():
        if name not in WORLD_ONLY:
            part = _part(name, model)
            fields[name] = (part, Field(default_factory=part))
    about = "One form in a world of several: its number of groups and every setting of theirs, by section."
    return create_model("Form", __base__=FormBase, __module__=__name__, __doc__=about, **fields)


def _part(name: str, model: type[Parameters]) -> type[Parameters]:
    """Return the section of a scenario as a form has it: without what concerns the whole world."""
    kept = OF_A_FORM.get(name) or tuple(one for one in model.model_fields if one not in NOT_OF_A_FORM.get(name, ()))
    if len(kept) == len(model.model_fields):
        return model
    fields: dict[str, Any] = {one: (model.model_fields[one].annotation, model.model_fields[one]) for one in kept}
    made = create_model(f"{model.__name__}OfForm", __base__=Parameters, __module__=__name__, **fields)
    made.__doc__ = model.__doc__
    return made


def is_of_a_form(form: type[BaseModel], path: str) -> bool:
    """Whether a path of a scenario is that of a setting that every form has for itself."""
    section, _, leaf = path.partition(".")
    if section == "groups" or section not in form.model_fields:
        return False
    return not leaf or leaf in getattr(form.model_fields[section].annotation, "model_fields", ())


def own_part(form: type[BaseModel], values: BaseModel) -> dict[str, Any]:
    """Return what a scenario, or a form, says of the settings that a form has."""
    found: dict[str, Any] = {}
    for name, field in form.model_fields.items():
        if name == "groups":
            continue
        value = getattr(values, name)
        if isinstance(value, BaseModel):
            kept = getattr(field.annotation, "model_fields", {})
            value = {leaf: getattr(value, leaf) for leaf in kept}
        found[name] = value
    return found


def over(low: Mapping[str, Any], high: Any) -> Any:
    """Return what a form says, laid over what it says nothing else of."""
    if isinstance(high, BaseModel):
        high = {name: getattr(high, name) for name in type(high).model_fields}
    if not isinstance(high, Mapping):
        return high
    mixed = dict(low)
    for name, value in high.items():
        below = low.get(name)
        mixed[name] = over(below, value) if isinstance(below, Mapping) else value
    return mixed


def nested(values: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Any]]:
    """Yield what stands under ``set`` of a form: where in the form, by what keys it is written, and the value.

    Both ways to write it are taken: sections with their keys, and paths such as ``serve.turnover_per_year``.
    """
    for key, value in values.items():
        path = tuple(str(key).split("."))
        if isinstance(value, Mapping) and value:
            for inner, keys, leaf in nested(value):
                yield (*path, *inner), (str(key), *keys), leaf
        else:
            yield path, (str(key),), value


def sections_of(form: Any, scenario: BaseModel, names: Iterable[str]) -> Iterator[Parameters]:
    """Yield sections of a scenario as they hold for groups of a form: its own, with what is the whole world's."""
    for name in names:
        own = getattr(scenario, name)
        part = getattr(form, name, None)
        if part is None or type(part) is type(own):
            yield part or own
        else:
            values = {leaf: getattr(part, leaf) for leaf in type(part).model_fields}
            yield own.model_copy(update=values | ({"groups": form.groups} if name == "start" else {}))

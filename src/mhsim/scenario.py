"""What is assumed: one frozen, checked object that holds everything a run depends on.

A scenario is data. `mhsim.scenario_io.loader` makes one from YAML; here stand only its parts and their checks. The
parameters of the mechanisms are declared in the mechanisms' own files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    create_model,
    model_serializer,
    model_validator,
)

from mhsim.core.params import Parameters, facts, par, plain, rows
from mhsim.core.rng import LARGEST_STEP
from mhsim.errors import InputError, shown
from mhsim.forms import FORM_NAME, MOST_FORMS, FormBase, form_model, is_of_a_form, over, own_part
from mhsim.mechanisms.arrive import Arrive
from mhsim.mechanisms.attend import Attend
from mhsim.mechanisms.bequeath import Bequeath
from mhsim.mechanisms.bond import Bond
from mhsim.mechanisms.breach import Breach
from mhsim.mechanisms.close import Close
from mhsim.mechanisms.found import Found
from mhsim.mechanisms.govern import Govern
from mhsim.mechanisms.help import Help
from mhsim.mechanisms.leave import Leave
from mhsim.mechanisms.live import Live
from mhsim.mechanisms.prepare import Prepare
from mhsim.mechanisms.progress import Progress
from mhsim.mechanisms.quarrel import Quarrel
from mhsim.mechanisms.serve import Serve
from mhsim.mechanisms.share import Share
from mhsim.mechanisms.supervise import Supervise
from mhsim.mechanisms.work import Work
from mhsim.modules import optional
from mhsim.plugins import Rule, UnloadedRule, rule_for
from mhsim.population import Traits

Value = float | int | bool | str


MOST_GROUPS = 100
"""Groups of a community at the start, at most."""


class Start(Parameters):
    """Who is there in week 0."""

    kind: Literal["founding", "established"] = par(
        "established",
        unit="choice",
        why="a new group, whose members are all still in the thick of it but for the helpers; or one of some years",
        source="assumed",
        label="The group is",
    )
    groups: int = par(
        1,
        0,
        MOST_GROUPS,
        unit="groups",
        why="groups per community",
        source="assumed",
        label="Groups at the start",
        slider=(1, 6, 1),
    )
    members: int = par(
        16,
        0,
        5000,
        unit="people",
        why="members per group, helpers included",
        source="V21 V22",
        label="Members at the start, helpers included",
        slider=(0, 60, 1),
    )
    helpers: int = par(
        3,
        0,
        500,
        unit="people",
        why="helpers per group",
        source="assumed",
        label="Helpers at the start",
        slider=(0, 15, 1),
        special=((0, "none"),),
    )
    apprentices: int = par(
        0,
        0,
        500,
        unit="people",
        why="members per group who are learning to help, where that has to be learnt",
        source="assumed; E158",
        label="Members learning to help at the start",
        slider=(0, 6, 1),
        special=((0, "none"),),
    )
    tenure_weeks: float = par(
        120.0, 0, 2000, unit="weeks", why="mean tenure of members in an established group", source="V16"
    )
    longest_weeks: float = par(2000.0, 0, 10000, unit="weeks", why="longest tenure of a starter", source="assumed")
    helper_weeks: float = par(
        52.0, 0, 2000, unit="weeks", why="tenure of helpers when a founding group opens", source="assumed"
    )
    accommodated_weeks: float = par(
        120.0, 0.1, 10000, unit="weeks", why="tenure at which half the members are accommodated", source="assumed; V97"
    )
    impact_weeks: float = par(13.0, 0, 2000, unit="weeks", why="tenure below which one is in impact", source="assumed")
    founding_recoil: float = par(
        0.5, 0, 1, unit="chance", why="that a member of a founding group is in recoil", source="assumed"
    )
    helper_gain: float = par(0.6, 0, 1, unit="share", why="hope and the like gained by helpers", source="assumed")
    helper_know_how: float = par(
        0.8, 0, 1, unit="share", why="know-how of helpers at the start, in an established group", source="assumed; E109"
    )
    founder_know_how: float = par(0.3, 0, 1, unit="share", why="know-how of founding helpers", source="assumed; V48")
    apprentice_know_how: float = par(
        0.25,
        0,
        1,
        unit="share",
        why="know-how at the start of who is learning to help: at prepare.able_at enough",
        source="assumed; V45",
        label="What those learning to help know at the start",
        slider=(0, 0.5, 0.05),
        special=((0, "nothing yet"),),
    )
    stage_gain: float = par(
        0.25, 0, 0.5, unit="share", why="of hope and the like lacking, gained a stage by others", source="assumed"
    )
    commitment_grows: float = par(
        0.01, 0, 10, unit="weight", why="attachment grown by each week of tenure", source="assumed; V05"
    )
    belonging_new: float = par(0.2, 0, 1, unit="share", why="belonging and trust without attachment", source="assumed")
    belonging_grown: float = par(
        0.5, 0, 1, unit="share", why="belonging and trust from full attachment", source="assumed"
    )
    founding_belonging: float = par(
        0.3, 0, 1, unit="share", why="belonging, trust in a founding group", source="assumed"
    )
    identification: float = par(0.6, 0, 1, unit="share", why="least identification beyond impact", source="assumed")
    centre_sd: float = par(0.5, 0, 5, unit="s.d.", why="how groups differ in profile", source="assumed")
    quality: float = par(
        0.6, 0, 1, unit="share", why="cohesion, climate, norms, legacy of an established group", source="assumed"
    )
    formality: float = par(0.2, 0, 1, unit="share", why="formality of an established group", source="assumed; E106")
    funds: float = par(20.0, 0, 10000, unit="money", why="funds of an established group", source="assumed")
    turnout: float = par(0.6, 0, 1, unit="share", why="of the members, remembered as attending", source="V22")
    inflow: float = par(0.2, 0, 1000, unit="people a week", why="first visits, as groups remember", source="assumed")
    run_in_weeks: int = par(
        52, 0, 520, unit="weeks", why="weeks the community lives before its groups open", source="assumed"
    )


class Community(Parameters):
    """The place: how much need arises, how it looks at those in need."""

    count: int = par(1, 1, 4000, unit="communities", why="separate communities in one world", source="assumed")
    arrivals_per_week: float = par(
        0.5,
        0,
        5000,
        unit="people/week",
        why="new people needing help, in each community",
        source="assumed",
        label="New people needing help",
        slider=(0, 3, 0.05),
        special=((0, "nobody"),),
    )
    place_sd: float = par(0.5, 0, 2, unit="s.d.", why="how much inflow differs between places, in logs", source="V26")
    stigma: float = par(
        0.5,
        0,
        1,
        unit="share",
        why="how much such trouble is looked down on; it raises shame in those who come into need",
        source="E99",
        label="Stigma in the town",
        slider=(0, 1, 0.05),
        special=((0, "none"),),
    )
    bleakness: float = par(
        0.2, 0, 1, unit="share", why="how far surroundings look closed and pull hope down", source="E45"
    )


class Change(BaseModel):
    """Something that happens in mid-life: other values from a week on, or a single act."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    week: int = Field(ge=0, le=3600, description="the week at whose start it happens")
    set: dict[str, Value] = Field(default_factory=dict, description="paths and their new values")
    act: Literal["lose_busiest_helpers"] | None = Field(default=None, description="a single act")
    count: int = Field(default=1, ge=0, le=1000, description="how many helpers in every open group, for the act")
    leave: bool = Field(default=False, description="whether they leave the group too, for the act")

    @model_validator(mode="after")
    def _does_something(self) -> Change:
        if not self.set and self.act is None:
            raise ValueError("a change needs `set` or `act`")
        if self.leave and self.act is None:
            raise ValueError("`leave` says of those whom `act` takes whether they leave the group; there is no `act`")
        return self

    def __hash__(self) -> int:
        """Return a hash; the values set are told apart by path, whatever their order."""
        return hash((self.week, frozenset(self.set.items()), self.act, self.count, self.leave))


class RuleUse(BaseModel):
    """A rule from outside the package as a scenario uses it: where it comes from, and its parameters.

    Its code is run only if validation is told so by the context ``{"load_rules": True}``, as `read_scenario` does for
    a scenario that a user names; otherwise the parameters are those of an `UnloadedRule`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    origin: str = Field(description="a Python file or an importable module")
    digest: str = Field(default="", description="the digest of its code, where known")
    values: Rule = Field(description="its parameters")

    @model_validator(mode="before")
    @classmethod
    def _loaded(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, RuleUse):
            return data
        if not isinstance(data, dict) or not isinstance(data.get("from"), str):
            raise ValueError("a rule needs `from`, the Python file or module it comes from")
        given = {name: value for name, value in data.items() if name not in ("from", "digest")}
        digest = str(data.get("digest") or "")
        rule = rule_for(data["from"], digest, run_code=bool((info.context or {}).get("load_rules")))
        try:
            values = rule.model_validate(given, strict=True)
            return {"origin": data["from"], "digest": rule.source_digest or digest, "values": values}
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            name, words = str(detail["loc"][-1]), str(detail["msg"])
            if detail["type"] == "extra_forbidden":
                words = "no such parameter; there are " + ", ".join(rule.model_fields)
            raise ValueError(f"{name}: given {detail['input']}; {words[0].lower()}{words[1:]}") from None

    @model_serializer
    def _written(self) -> dict[str, Any]:
        known = {"digest": self.digest} if self.digest else {}
        return {"from": self.origin, **known, **self.values.model_dump()}

    def __reduce__(self) -> Any:
        return _rule_use, (self.model_dump(), not isinstance(self.values, UnloadedRule))


def _rule_use(data: dict[str, Any], loaded: bool) -> RuleUse:
    """Return what was pickled: a worker runs the code of a rule that was run where the scenario comes from."""
    return RuleUse.model_validate(data, context={"load_rules": loaded})


MEETINGS = par(
    1.0,
    0.1,
    14,
    unit="meetings/week",
    why="meetings of the group; members come to each, or not",
    source="V20",
)


class CoreScenario(Parameters):
    """Everything one run depends on but the replicate, the forms and the optional mechanisms."""

    title: str = Field(default="One open weekly peer-led group", max_length=200, description="one line for people")
    form: str = Field(default="base", max_length=60, description="name of the form")
    about: str = Field(default="", max_length=4000, description="what it rests on, in words")
    weeks: int = par(
        520,
        1,
        3600,
        unit="weeks",
        why="length of the run after the groups open",
        source="assumed",
        label="Length of the run",
        slider=(52, 1040, 52),
    )
    seed: int = par(
        1,
        0,
        2**53,
        unit="number",
        why="all chance events follow from it; the same seed gives the same run",
        source="assumed",
        label="Random seed",
    )
    weeks_per_step: Literal[1.0, 0.5] = par(  # type: ignore[valid-type]
        1.0, unit="choice", why="length of one step", source="assumed"
    )
    meetings_per_week: float = MEETINGS
    start: Start = Start()
    community: Community = Community()
    traits: Traits = Traits()
    arrive: Arrive = Arrive()
    work: Work = Work()
    attend: Attend = Attend()
    share: Share = Share()
    supervise: Supervise = Supervise()
    help: Help = Help()
    bond: Bond = Bond()
    live: Live = Live()
    progress: Progress = Progress()
    serve: Serve = Serve()
    prepare: Prepare = Prepare()
    leave: Leave = Leave()
    quarrel: Quarrel = Quarrel()
    breach: Breach = Breach()
    bequeath: Bequeath = Bequeath()
    govern: Govern = Govern()
    found: Found = Found()
    close: Close = Close()
    rules: dict[str, RuleUse] = Field(
        default_factory=dict, max_length=50, description="rules from outside the package, by name"
    )
    changes: tuple[Change, ...] = Field(default=(), max_length=1000, description="what happens in mid-life")
    focal: int | str = Field(
        default=0, description="the group that is looked at closely: its number, or a form, for the first group of it"
    )

    @model_validator(mode="wrap")
    @classmethod
    def _with_forms(cls, data: Any, handler: ModelWrapValidatorHandler[CoreScenario]) -> CoreScenario:
        """Let every form have the scenario's own settings, but for those in which it differs."""
        forms = data.get("forms") if isinstance(data, Mapping) else None
        if not isinstance(forms, Mapping) or not forms:
            return handler(data)
        own = handler({name: value for name, value in data.items() if name not in ("forms", "changes", "focal")})
        below = own_part(Form, own)
        filled = {name: over(below, one) if isinstance(one, Mapping) else one for name, one in forms.items()}
        start = own.start.model_copy(update={"groups": _groups_of(filled, own.start.groups)})
        return handler({**data, "start": start, "forms": filled})

    @model_validator(mode="after")
    def _fits_together(self) -> CoreScenario:
        _check_start("start", self.start)
        members = self.start.members * self.start.groups
        if isinstance(self, Scenario) and self.forms:
            members = _check_forms(self)
        if _focal_group(self) is None:
            here = f"a number from 0 to {self.start.groups - 1}, for there are {self.start.groups} groups at the start"
            raise ValueError(f"focal: given {shown(self.focal)}; allowed: {here}, or a form that has one")
        steps = (self.weeks + self.start.run_in_weeks) / self.weeks_per_step
        if steps > LARGEST_STEP:
            raise ValueError(f"weeks and start.run_in_weeks make {steps:.0f} steps; at most {LARGEST_STEP} are allowed")
        if members >= 2**20:
            raise ValueError("more than 1,048,575 starting members in one community; use community.count")
        later = [change.week for change in self.changes if change.week >= self.weeks]
        if later:
            raise ValueError(f"changes: week {later[0]} lies beyond the run of {self.weeks} weeks")
        for change in self.changes:
            check_change(self, change)  # type: ignore[arg-type]
        return self

    @model_serializer(mode="wrap")
    def _without_what_is_unused(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out optional mechanisms as they are by default, so that a new one changes no file and no digest.

        Forms and the focal group are left out likewise where there is one form, and the group is number 0.
        """
        data: dict[str, Any] = handler(self)
        unused = {name for name in optional() if data.get(name) == _unused(name)}
        for one in data.get("forms", {}).values():
            for name in unused & set(one):
                if one[name] == data[name]:
                    del one[name]
        unused |= {name for name, usual in (("forms", {}), ("focal", 0)) if data.get(name) == usual}
        return {name: value for name, value in data.items() if name not in unused}

    def __hash__(self) -> int:
        """Return a hash, so that a scenario can be the key of a dictionary or a cache."""
        named = frozenset(self.rules.items()), tuple(getattr(self, "forms", {}).items())
        return hash(
            (*named, *(getattr(self, name) for name in Scenario.model_fields if name not in ("rules", "forms")))
        )

    def settings_of(self, form: int) -> Any:
        """Return what holds the settings of the groups of a form, by its number: 0 is the scenario itself."""
        return (self, *getattr(self, "forms", {}).values())[form]

    @property
    def focal_group(self) -> int:
        """The number of the focal group."""
        return _focal_group(self) or 0


def _groups_of(forms: Mapping[str, Any], said: int) -> int:
    """Return how many groups the forms of a community have together, if what the scenario says agrees with it."""
    each = [one.get("groups", 1) if isinstance(one, Mapping) else getattr(one, "groups", 1) for one in forms.values()]
    if not all(isinstance(number, int) for number in each):
        return said
    if said not in (1, sum(each)):
        raise ValueError(
            f"start.groups is {said}, but the forms have {sum(each)} groups together; "
            "say forms.NAME.groups, and leave start.groups out"
        )
    return sum(each)


def _check_start(path: str, start: Any) -> None:
    if start.helpers > start.members:
        raise ValueError(
            f"{path}.helpers is {start.helpers}, more than {path}.members, {start.members}; helpers are members"
        )
    if start.helpers + start.apprentices > start.members:
        raise ValueError(
            f"{path}.helpers and {path}.apprentices make {start.helpers + start.apprentices}, more than "
            f"{path}.members, {start.members}; both are members"
        )


def _check_forms(scenario: Scenario) -> int:
    """Return how many members all groups of a community have at the start; raise ValueError for what does not fit."""
    if len(scenario.forms) > MOST_FORMS:
        raise ValueError(f"forms: there are {len(scenario.forms)}; at most {MOST_FORMS} are allowed")
    for name, form in scenario.forms.items():
        if not re.fullmatch(FORM_NAME, name):
            raise ValueError(f"forms: given {shown(name)}; a form is named with small letters, digits and _")
        _check_start(f"forms.{name}.start", form.start)
    if scenario.start.groups > MOST_GROUPS:
        raise ValueError(
            f"forms: they have {scenario.start.groups} groups together in one community; at most {MOST_GROUPS}"
        )
    return sum(form.start.members * form.groups for form in scenario.forms.values())


def _focal_group(scenario: CoreScenario) -> int | None:
    """Return the number of the focal group; None if there is no such group."""
    if isinstance(scenario.focal, int):
        return scenario.focal if 0 <= scenario.focal < max(1, scenario.start.groups) else None
    first = 0
    for name, form in getattr(scenario, "forms", {}).items():
        if name == scenario.focal:
            return first if form.groups else None
        first += form.groups
    return None


CHANGE_PATH = re.compile(r"changes\[(\d{1,4})\]\.(week|count)")
"""Paths of the week and the count of a change in mid-life; changes are counted from 0."""


@cache
def _unused(name: str) -> dict[str, Any]:
    return optional()[name]().model_dump()


if TYPE_CHECKING:

    class Scenario(CoreScenario):
        """Everything one run depends on but the replicate; optional mechanisms are sections by their names."""

        forms: dict[str, Form] = {}  # noqa: RUF012 - of types alone

    class Form(FormBase):
        """One form in a world of several: its number of groups and every setting of theirs, by section."""

        def __getattr__(self, name: str) -> Any: ...

else:
    OPTIONAL = {name: (rule, rule()) for name, rule in optional().items()}
    SECTIONS = {name: type(field.default) for name, field in CoreScenario.model_fields.items()}
    SECTIONS = {name: model for name, model in SECTIONS.items() if issubclass(model, Parameters)}
    Form = form_model(MEETINGS, {**SECTIONS, **optional()})
    Scenario = create_model(
        "Scenario",
        __base__=CoreScenario,
        __module__=__name__,
        __doc__="Everything one run depends on but the replicate; optional mechanisms are sections by their names.",
        **OPTIONAL,
        forms=(
            dict[str, Form],
            Field(default_factory=dict, description="the forms of groups in one world, by name; none: all are alike"),
        ),
    )


def given_scenario(given: object) -> Scenario:
    """Return what is given, if it is a scenario.

    Raises
    ------
    InputError
        If it is anything else, such as the name of one.
    """
    if not isinstance(given, Scenario):
        raise InputError(f"scenario: given {shown(given)}; allowed: a Scenario, as read_scenario gives it")
    return given


FIXED = ("weeks", "seed", "weeks_per_step", "title", "form", "about", "changes", "start", "community.count", "focal")
"""Paths that cannot change in mid-life."""


def check_change(scenario: Scenario, change: Change) -> None:
    """Raise ValueError if a change names a path that cannot change or a value that is not allowed."""
    for path in change.set:
        form, inner = form_and_path(path)
        if inner in FIXED or inner.split(".")[0] in FIXED or (form and inner == "groups"):
            raise ValueError(f"changes, week {change.week}: {path} cannot change in mid-life")
    try:
        with_values(scenario.model_copy(update={"changes": ()}), change.set)
    except KeyError as error:
        raise ValueError(f"changes, week {change.week}: {error.args[0]}: {no_such_form_or_rule(scenario)}") from None


def form_and_path(path: str) -> tuple[str, str]:
    """Return the form that a path names, and the rest: ("online", "serve.term_weeks"); the form is empty for none."""
    head, _, rest = path.partition(".")
    name, _, inner = rest.partition(".")
    return (name, inner) if head == "forms" and inner else ("", path)


def no_such_form_or_rule(scenario: Scenario) -> str:
    """Return the words for a path of a form or a rule that a scenario has not."""
    known = {"rules": [*scenario.rules], "forms": [*scenario.forms]}
    listed = "; ".join(f"{what}: {', '.join(names) or 'none'}" for what, names in known.items())
    return f"no such parameter of a rule or a form; this scenario has these {listed}"


def everywhere(scenario: Scenario, path: str) -> tuple[str, ...]:
    """Return a path, and the same setting of every form: who names no form means the groups of all of them."""
    if not scenario.forms or not is_of_a_form(Form, path):
        return (path,)
    return (path, *(f"forms.{name}.{path}" for name in scenario.forms))


def with_values(scenario: Scenario, values: dict[str, Any]) -> Scenario:
    """Return the scenario with other values at some paths, checked again.

    ``benefits`` and ``harms`` stand for all parameters so marked and are multiplied by the value; paths are applied
    in the order given. A path that names no form holds for the groups of all forms.

    Raises
    ------
    KeyError
        If a path does not exist; its argument is the path.
    pydantic.ValidationError
        If a value is not allowed.
    """
    data: dict[str, Any] = {name: getattr(scenario, name) for name in Scenario.model_fields}
    for path, value in values.items():
        if path in ("benefits", "harms"):
            for marked_path in [*marked(path.removesuffix("s")), *_marked_in_rules(scenario, path.removesuffix("s"))]:
                for one in everywhere(scenario, marked_path):
                    inner, leaf = _opened(data, one)
                    inner[leaf] *= float(value)
        else:
            for one in everywhere(scenario, path):
                inner, leaf = _opened(data, one, anything=is_unloaded(scenario, path))
                inner[leaf] = plain(value)
        if path.startswith("forms.") and path.endswith(".groups"):
            inner, leaf = _opened(data, "start.groups")
            inner[leaf] = 1  # as if not said: it is the sum over the forms
    return Scenario.model_validate(data)


def is_unloaded(scenario: Scenario, path: str) -> bool:
    """Whether a path is that of a parameter of a rule whose code was not run, so that nothing is known of it."""
    head, _, rest = path.partition(".")
    name, _, leaf = rest.partition(".")
    use = scenario.rules.get(name) if head == "rules" and leaf and "." not in leaf else None
    return use is not None and isinstance(use.values, UnloadedRule)


def _opened(data: dict[str, Any], path: str, anything: bool = False) -> tuple[dict[str, Any], str]:
    """Return the dictionary that holds a path, and the last name of the path; KeyError(path) if there is none.

    Sections on the way become dictionaries of their own in `data`; the others stay as they are, checked already. With
    `anything` the last name may be new.
    """
    change = CHANGE_PATH.fullmatch(path)
    if change:
        data["changes"] = [one if isinstance(one, dict) else one.model_dump() for one in data["changes"]]
        if int(change[1]) >= len(data["changes"]):
            raise KeyError(path)
        return data["changes"][int(change[1])], change[2]
    *names, leaf = path.split(".")
    inner = data
    for name in names:
        section = inner.get(name)
        if isinstance(section, BaseModel):
            section = section.model_dump()
        elif isinstance(section, dict):
            section = dict(section)
        else:
            raise KeyError(path)
        inner[name] = section
        inner = section
    if (leaf not in inner and not anything) or isinstance(inner.get(leaf), (dict, BaseModel)):
        raise KeyError(path)
    return inner, leaf


@cache
def sections() -> Mapping[str, type[Parameters]]:
    """Return the sections of a scenario by name: start, community and each mechanism."""
    found = {}
    for name, field in Scenario.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Parameters):
            found[name] = field.annotation
    return MappingProxyType(found)


@cache
def parameter_rows() -> tuple[dict[str, Any], ...]:
    """Return one row per parameter of the model, in the order of a scenario file; made once, to be read only."""
    top = [row for row in rows("", Scenario) if row["unit"]]
    below = [row for name, model in sections().items() for row in rows(name, model)]
    return (*top, *below)


@cache
def marked(mark: str) -> tuple[str, ...]:
    """Return the paths of all parameters marked ``benefit`` or ``harm``."""
    return tuple(f"{section}.{name}" for section, model in sections().items() for name in marks_of(model, mark))


def _marked_in_rules(scenario: Scenario, mark: str) -> list[str]:
    """Return the paths of the parameters so marked in a scenario's rules from outside the package."""
    return [f"rules.{name}.{leaf}" for name, use in scenario.rules.items() for leaf in marks_of(type(use.values), mark)]


def marks_of(model: type[Parameters], mark: str) -> list[str]:
    """Return the names of the parameters of one mechanism or rule marked ``benefit`` or ``harm``."""
    return [name for name, field in model.model_fields.items() if facts(field).get(mark)]

"""Rules of one's own: what a file outside the package needs to add a compiled mechanism to a scenario.

A rule is a class with parameters and one or two compiled functions. A scenario names its file or module:

.. code-block:: yaml

    rules:
      bring_a_friend:
        from: bring_a_friend.py
        invites_per_year: 0.5

Rules act at the start of every step, in the order of the scenario, on the world as the last step left it, or after the
phase of the week that they name: they may change state, and mark who comes (``going_to``) or leaves (``leaving``); the
marks are carried out at the end of the step. The compiled functions keep to the arithmetic of mechanisms
(`mhsim.core.maths`), so that results are the same on every machine. A rule may draw with purposes from `OWN_PURPOSES`
on; below are those of the package. Optional mechanisms of the package are rules, too; each is a file of
`mhsim.modules`, which finds them.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Literal, NamedTuple

from pydantic import ConfigDict

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, exp, happens, log, logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.core.rng import draw, draw_words, draws_for, uniform
from mhsim.errors import suggestion
from mhsim.event_log import tell, tell_group
from mhsim.mechanisms import AFTER
from mhsim.random_streams import Purpose
from mhsim.schema import Column

__all__ = [
    "OWN_PURPOSES",
    "Column",
    "Event",
    "OwnMeasure",
    "Parameters",
    "Purpose",
    "Rule",
    "UnloadedRule",
    "clip",
    "draw",
    "draw_words",
    "draws_for",
    "exp",
    "happens",
    "kernel",
    "load",
    "log",
    "logistic",
    "par",
    "rule_for",
    "rule_in",
    "switch",
    "tell",
    "tell_group",
    "uniform",
    "without_rule_code",
]

OWN_PURPOSES = 1000
"""The first number of a purpose that a rule of one's own may draw for; the last is 65,535."""


HOOKS = ("in_group", "in_community", "outside_week", "outside_after")
"""Functions of a rule that are called, besides those after phases."""


SUMMED = ("people", "groups", "communities")
"""Tables with columns of a rule's own that its measures may be made of."""
HEADS = ("members", "groups", "communities")
"""What a measure may be taken over, besides columns."""


class OwnMeasure(NamedTuple):
    """A measure of an optional mechanism, made of its own columns; it stands in the table of runs where that is on.

    Attributes
    ----------
    name : str
        Its name; the table of runs has the mechanism's before it, as ``sponsor_sponsored``.
    of : str
        The column that is added up, such as "people.contact", "groups.raised" or "communities.sent"; of people over
        members.
    over : str or tuple of str
        What the sum is divided by: "members", "groups" or "communities" (where the mechanism is on), or the sum of one
        or several columns.
    unit, why : str
        Unit and definition, as of every measure of a run.
    when : {"mean", "yearly", "end", "so_far"}
        "mean": over all steps since the opening. "yearly": the same, of what happens in a step what happens in a year.
        "end": in the last step. "so_far": of a column of groups that counts what has happened so far, over all groups
        ever, by year of a group; or over other columns of that kind.
    """

    name: str
    of: str
    over: str | tuple[str, ...]
    unit: str
    why: str
    when: Literal["mean", "yearly", "end", "so_far"] = "mean"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it is made of."""
        over = (self.over,) if isinstance(self.over, str) else self.over
        return (self.of, *(one for one in over if one not in HEADS))


class Event(NamedTuple):
    """An event that an optional mechanism writes into the log, by `tell` or `tell_group`, and its words.

    Attributes
    ----------
    number : int
        Its place among the rule's `events`, by which the compiled code names it.
    name : str
        Its name; in the log the mechanism's stands before it, as ``sponsor_taken``.
    of : {"people", "groups"}
        Whom it is about.
    words : dict
        For each language of stories three sentences without full stop: what happened, without its subject (``took
        {other} as a sponsor``; {other} is the other person, and {group} and {in_group} may stand in it as well); the
        same of one person or group, to count it ("one person took a sponsor"); and of several ("{count} people ...").
    """

    number: int
    name: str
    of: Literal["people", "groups"]
    words: dict[str, tuple[str, str, str]]


class Rule(Parameters):
    """A rule beside those of the week: parameters, and what happens in a group or among people outside.

    A subclass declares its parameters with `par` and gives at least one static function of those below. All are
    compiled and take what they need by name: `p`, the parameters, per step; `clock` with `step`, `dt` and `opening`;
    `outside`, everybody of the community who belongs to no group; `groups`, `communities`, `community`, `ties`,
    `handles`, `blocks`, `people` (everybody), `key`; the draws (`luck`) and ports (`ports`, see `mhsim.ports`) of those
    in hand, beside their rows, and where a group is in hand `ring`; `words`, to draw for all in hand at once, which is
    four times as fast as one by one (`draw_words(words, len(members), key, community, clock.step, PURPOSE, 0)`, then
    ``uniform(words[k, i])`` is word k of member i until somebody draws anew); and, with columns of one's own, `own`,
    `ours` and `place`.

    - ``in_group(members, groups, g, ...)`` is called for each open group `g`; `members` are its rows.
    - ``after_PHASE(members, groups, g, ...)``, PHASE being a phase of the week that groups go through, as well; a rule
      may have several of them, each called after its phase.
    - ``outside_week(outside, ...)`` is called for people outside, some rows at a time, before they decide whether to
      come; ``outside_after(outside, ...)`` after their week, before anybody of them leaves the community. They may add
      to columns of a community, but not read what others add in the same step.
    - What a step notes of members (`attended`, `visits`, `load`, `helped_by`) is empty from `work` on until the phase
      that notes it; at the start of a step it is still that of the last. Ports are neutral again in every step: one
      that a phase reads is set after an earlier phase of that step, or by ``outside_week``.
    - ``in_community(outside, communities, community, ...)`` is called once for each community, before its groups; with
      `after`, when all groups have gone through the step and nobody has moved yet.

    Attributes
    ----------
    after : str
        A phase of the week (`mhsim.mechanisms.AFTER`) after which `in_group` is called; "start" for the start of the
        step.
    people, groups : tuple of Column
        Columns of one's own: ``own.name[members.slot[i]]`` for people, kept while they live, and ``ours.name[g]``.
        What `Column` says of start, inheriting and tables holds for them.
    places : tuple of Column
        Columns of communities: ``place.name[community]``; of those shown the series has the mean over communities.
    purposes : tuple of Purpose
        Draws of one's own, numbered from `OWN_PURPOSES` on.
    measures : tuple of OwnMeasure
        What stands of it in the table of runs; of optional mechanisms alone.
    events : tuple of Event
        What it writes into the log, where that is kept: a function that asks for `events` passes them on to `tell` or
        `tell_group`. Of optional mechanisms alone.
    writes, neutral : dict
        What it may change, and the values at which it is on and does nothing; as of mechanisms, held by tests.
    """

    enabled: bool = switch("whether the rule acts")

    source_digest: ClassVar[str] = ""
    after: ClassVar[str] = "start"
    people: ClassVar[tuple[Column, ...]] = ()
    groups: ClassVar[tuple[Column, ...]] = ()
    places: ClassVar[tuple[Column, ...]] = ()
    purposes: ClassVar[tuple[Purpose, ...]] = ()
    measures: ClassVar[tuple[OwnMeasure, ...]] = ()
    events: ClassVar[tuple[Event, ...]] = ()
    writes: ClassVar[dict[str, tuple[str, ...]]] = {}
    neutral: ClassVar[dict[str, float]] = {}
    in_group: ClassVar[Any] = None
    in_community: ClassVar[Any] = None
    outside_week: ClassVar[Any] = None
    outside_after: ClassVar[Any] = None


def phases_of(rule: type[Rule]) -> tuple[str, ...]:
    """Return the phases of the week after which a rule has a function ``after_PHASE``, in their order."""
    return tuple(phase for phase in AFTER[1:] if getattr(rule, f"after_{phase}", None) is not None)


def summed_columns(rule: type[Rule]) -> list[tuple[str, str]]:
    """Return the columns that a rule's measures are made of and that are added up step by step: table and name."""
    named = dict.fromkeys(column for one in rule.measures if one.when != "so_far" for column in one.columns)
    return [(table, name) for table, _, name in (column.partition(".") for column in named)]


class UnloadedRule(Rule):
    """The parameters of a rule whose code was not run: as they stand in a file of results, or in somebody's scenario.

    It can be read, shown and written again, but not simulated: `mhsim.simulate` refuses it.
    """

    __pydantic_extra__: dict[str, float | int | bool | str]
    model_config = ConfigDict(extra="allow")


_LOADED: dict[tuple[str, str], type[Rule]] = {}
"""Rules whose code has been run in this process, by origin and digest: they may be used again wherever they are met."""
_CODE_FORBIDDEN = ContextVar("code of rules is not run", default=False)


@contextmanager
def without_rule_code() -> Iterator[None]:
    """Read what was written by others: within the block no scenario makes code of a rule run, whoever reads it.

    Rules that it names are `UnloadedRule` unless the very same code has been run in this process before.
    """
    before = _CODE_FORBIDDEN.set(True)
    try:
        yield
    finally:
        _CODE_FORBIDDEN.reset(before)


def rule_for(origin: str, digest: str, *, run_code: bool) -> type[Rule]:
    """Return the class of a rule that a scenario names.

    Parameters
    ----------
    origin : str
        The path of a ``.py`` file, or the dotted name of a module.
    digest : str
        The digest of the code that the scenario was written with; empty if it names none.
    run_code : bool
        Whether the code may be run: True only where a user named this scenario to run it. Never within
        `without_rule_code`; rules of the package itself are always run.

    Raises
    ------
    ValueError
        If the code cannot be loaded or is not that of the digest; one line.
    """
    allowed = (run_code and not _CODE_FORBIDDEN.get()) or origin.startswith("mhsim.")
    if not allowed:
        return _LOADED.get((origin, digest), UnloadedRule)
    rule = load(origin)
    if digest and digest != rule.source_digest:
        raise ValueError(f"the rule in '{origin}' is not the one this scenario was written with")
    _LOADED[origin, rule.source_digest] = rule
    return rule


def load(origin: str) -> type[Rule]:
    """Return the rule of a Python file or an importable module.

    Parameters
    ----------
    origin : str
        The path of a ``.py`` file, or the dotted name of a module. Its code is run.

    Raises
    ------
    ValueError
        If there is no such file or module, it fails, or it does not hold exactly one rule; one line.
    """
    if not origin.endswith(".py"):
        return _load(origin, "")
    path = Path(origin).resolve()
    if not path.is_file():
        raise ValueError(f"there is no file '{origin}' to take a rule from")
    return _load(str(path), hashlib.sha256(path.read_bytes()).hexdigest()[:16])


@lru_cache(maxsize=256)
def _load(origin: str, digest: str) -> type[Rule]:
    try:
        module = _from_file(Path(origin), digest) if digest else importlib.import_module(origin)
    except ImportError as error:
        raise ValueError(f"'{origin}' cannot be imported: {error}") from error
    except Exception as error:
        raise ValueError(f"'{origin}' fails when it is read: {type(error).__name__}: {error}") from error
    rule = rule_in(module, origin)
    if (rule.measures or rule.events) and not origin.startswith("mhsim.modules."):
        raise ValueError(f"'{origin}': measures and events of its own are for optional mechanisms of the package")
    file = getattr(module, "__file__", None)
    rule.source_digest = digest or hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16] if file else ""
    return rule


def rule_in(module: ModuleType, origin: str = "") -> type[Rule]:
    """Return the one rule that a module holds; raise ValueError if it holds none, several, or one that does nothing."""
    origin = origin or module.__name__
    rules = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Rule)
        and value is not Rule
        and value.__module__ == module.__name__
    ]
    if len(rules) != 1:
        raise ValueError(f"'{origin}' must hold exactly one class made from Rule; it holds {len(rules)}")
    rule = rules[0]
    hooks = [name for name in vars(rule) if name.startswith("after_")]
    unknown = [name for name in hooks if name.removeprefix("after_") not in AFTER[1:]]
    if unknown:
        raise ValueError(f"'{origin}': there is no phase for {unknown[0]}; allowed: {', '.join(AFTER[1:])}")
    if not hooks and all(getattr(rule, name) is None for name in HOOKS):
        raise ValueError(
            f"'{origin}': {rule.__name__} has neither in_group nor in_community nor another function that is called, "
            "so it would do nothing"
        )
    for column in (*rule.people, *rule.groups, *rule.places):
        starts = column.start if isinstance(column.start, tuple) else (column.start,)
        for start in starts:
            if isinstance(start, str) and start not in rule.model_fields:
                raise ValueError(
                    f"'{origin}': the column {column.name} starts at {start!r}, which is no parameter of "
                    f"{rule.__name__}{suggestion(start, rule.model_fields)}"
                )
    if rule.after not in AFTER:
        raise ValueError(f"'{origin}': after is {rule.after!r}; allowed: {', '.join(AFTER)}")
    _check_told(rule, origin)
    return rule


def _check_told(rule: type[Rule], origin: str) -> None:
    """Raise ValueError if a measure names no column, or events are not numbered in their order."""
    tables = {"people": rule.people, "groups": rule.groups, "communities": rule.places}
    columns = {f"{table}.{column.name}" for table, each in tables.items() for column in each}
    for measure in rule.measures:
        over = (measure.over,) if isinstance(measure.over, str) else measure.over
        unknown = [name for name in (measure.of, *over) if name not in columns and name not in HEADS]
        if unknown:
            raise ValueError(f"'{origin}': the measure {measure.name} names {unknown[0]}, which is no column")
    if [event.number for event in rule.events] != list(range(len(rule.events))):
        raise ValueError(f"'{origin}': events must be numbered 0, 1, 2 in their order")


def _from_file(path: Path, digest: str) -> ModuleType:
    name = f"mhsim_rule_{path.stem}_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module

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
from typing import Any, ClassVar

from pydantic import ConfigDict

from mhsim.core.jit import kernel
from mhsim.core.maths import clip, exp, happens, log, logistic
from mhsim.core.params import Parameters, par, switch
from mhsim.core.rng import draw, draw_words, draws_for, uniform
from mhsim.errors import suggestion
from mhsim.mechanisms import AFTER
from mhsim.random_streams import Purpose
from mhsim.schema import Column

__all__ = [
    "OWN_PURPOSES",
    "Column",
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
    "uniform",
    "without_rule_code",
]

OWN_PURPOSES = 1000
"""The first number of a purpose that a rule of one's own may draw for; the last is 65,535."""


HOOKS = ("in_group", "in_community", "outside_week", "outside_after")
"""Functions of a rule that are called, besides those after phases."""


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
    writes: ClassVar[dict[str, tuple[str, ...]]] = {}
    neutral: ClassVar[dict[str, float]] = {}
    in_group: ClassVar[Any] = None
    in_community: ClassVar[Any] = None
    outside_week: ClassVar[Any] = None
    outside_after: ClassVar[Any] = None


def phases_of(rule: type[Rule]) -> tuple[str, ...]:
    """Return the phases of the week after which a rule has a function ``after_PHASE``, in their order."""
    return tuple(phase for phase in AFTER[1:] if getattr(rule, f"after_{phase}", None) is not None)


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
    return rule


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

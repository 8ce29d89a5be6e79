"""Small builders for tests: random states of people, groups and ties; each mechanism as a function Python can call.

Kernels have no wrapper for Python, so each is wrapped once here in an `entry`; these are cached with the engine.
`tests/plain_python.py` runs the very same functions uncompiled.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from mhsim import simulate
from mhsim.core.jit import Kernel, entry
from mhsim.core.rng import draw, run_key
from mhsim.engine import run_world
from mhsim.engine.world import SCRATCH, Settings, World, settings_of
from mhsim.kernel_helpers import Clock, seat  # noqa: F401 - the rules made below name it
from mhsim.mechanisms import WEEK
from mhsim.mechanisms.arrive import OF_FORM, count_arrivals
from mhsim.mechanisms.found import choose_founders, may_found
from mhsim.outcomes.counts import living
from mhsim.outcomes.measures import OF_MODULES, names_of_modules
from mhsim.outcomes.results import Run
from mhsim.ports import neutral_ports
from mhsim.random_streams import LUCK
from mhsim.scenario import Scenario, with_values
from mhsim.schema import (
    COMMUNITIES,
    FORMER,
    GROUPS,
    HANDLES,
    HELPER,
    MEMBER,
    NEVER,
    NEWCOMER,
    NOBODY,
    NOWHERE,
    ORDINARY,
    OUTSIDE,
    PEOPLE,
    PEOPLE_COLUMNS,
    TIE_SLOTS,
    TIES,
)
from pinned import PINNED
from rules_of_the_week import MODULES, functions_of

SIGMAS = 4.0
"""Random numbers are held within four standard errors: a right rule fails once in 16,000 seeds; the seed is fixed."""

NOW = 300
TRAITS = (
    *("profile_x", "profile_y", "severity", "hope_baseline", "efficacy_baseline", "shame_baseline", "self_reliance"),
    *("willingness", "sharing_skill", "kin_support", "access_barrier", "belief_fit", "propensity", "motivation"),
    *("resilience", "community", "who", "starter"),
)
OUTCOMES = (
    *("stage", "hope", "self_efficacy", "distress", "crises", "last_crisis", "recoil_at", "accommodated_at"),
    *("snapshot_hope", "snapshot_efficacy", "snapshot_distress", "snapshot_stage", "snapshot_calm"),
)
"""What groups may change only by a marked benefit or harm."""


class State(NamedTuple):
    """One group and one community at random, with everything any mechanism is given."""

    people: np.ndarray
    groups: np.ndarray
    communities: np.ndarray
    ties: np.ndarray
    handles: np.ndarray
    luck: np.ndarray
    ring: np.ndarray
    scratch: np.ndarray
    ports: np.ndarray
    rooms: np.ndarray
    draws: np.ndarray
    key: tuple[np.uint32, np.uint32]
    clock: Clock


# --- each mechanism as a function that Python can call --------------------------------------------------------------


@entry
def call_count_arrivals(key, steps, mean):  # type: ignore[no-untyped-def]
    """Return the numbers of arrivals of many steps."""
    counts = np.zeros(steps, np.int64)
    for step in range(steps):
        counts[step] = count_arrivals(key, 0, step, mean)
    return counts


@entry
def call_found(communities, draws, founded, p):  # type: ignore[no-untyped-def]
    """Run `may_found` in many communities; `founded` tells in which a group is founded."""
    for c in range(len(communities)):
        founded[c] = 1 if may_found(communities, c, draws[c, 0], p) else 0


@entry
def call_choose_founders(people, chosen, count):  # type: ignore[no-untyped-def]
    """Run `choose_founders`."""
    return choose_founders(people, chosen, count)


@entry
def uniforms(key, who, community, step, purpose, block):  # type: ignore[no-untyped-def]
    """Return the four uniform draws for each identity."""
    found = np.empty((len(who), 4))
    for i in range(len(who)):
        a, b, c, d = draw(key, who[i], 0, community, step, purpose, block)
        found[i, 0], found[i, 1], found[i, 2], found[i, 3] = a, b, c, d
    return found


PHASES = {phase.mechanism: phase.function for phase in WEEK}
RULES: dict[str, Any] = {
    function if function != PHASES.get(name) else name: getattr(module, function)
    for name, module in MODULES.items()
    for function in functions_of(module)
    if function not in ("choose_founders", "present_circumstances", "may_found")
}
"""Each rule by name: that of its mechanism, or of the function where a mechanism has several."""
STATE_NAMES = (
    *(
        "people",
        "groups",
        "communities",
        "ties",
        "handles",
        "luck",
        "ring",
        "scratch",
        "ports",
        "rooms",
        "draws",
        "key",
    ),
)
ONE_FORM = np.zeros(1, OF_FORM)
PLAIN_ARGUMENTS = {"members": "people", "g": "0", "community": "0", "rooms_count": "len(rooms)", "row": "0"}
PLAIN_ARGUMENTS |= {"held": "draws[0, 0]", "departure": "draws[0, 1]"}
PLAIN_ARGUMENTS |= {"due": "groups.due[0]", "meetings_per_week": "1.0 * groups.due[0]"}
PLAIN_ARGUMENTS |= {"forms": "ONE_FORM"}
"""What stands for an argument of a rule that is no part of a state by that name."""
OF_OTHER_SECTIONS = {
    "breadth": ("share", "breadth"),
    "training": ("help", "training"),
    "untaught": ("bequeath", "untaught"),
    "record": ("bequeath", "record"),
    "conflict_hazard": ("quarrel", "conflict_hazard"),
    "strife_hazard": ("quarrel", "strife_hazard"),
    "sponsor_calls": ("bond", "sponsor_calls"),
    "sponsor_holds": ("bond", "sponsor_holds"),
    "bleakness": ("community", "bleakness"),
    "able_at": ("prepare", "able_at"),
    "roles": ("serve", ""),
}
"""Arguments that come from another section: one number of it, or the whole."""


def _call_of(name: str, rule: Any) -> Callable[[State, Any], None]:
    """Return a rule as a function of a state and settings: arguments by their names.

    A rule that draws for a group or knows of no members is called for each group.

    It is made of names of this module, so that `plain_python` can replace what is compiled.
    """
    names = tuple(inspect.signature(rule.py_func).parameters)
    drawn = [each for each in names if each.endswith("_draw")]
    of_each = drawn or ("g" in names and "members" not in names)
    given = {**PLAIN_ARGUMENTS, **{each: f"draws[g, {k}]" for k, each in enumerate(drawn)}}
    if of_each:
        given |= {"members": "people[g : g + 1]", "g": "g"}
    passed = f"_rule_{name}({', '.join(given.get(each, each) for each in names)})"
    lines = ["    for g in range(len(groups)):", f"        {passed}"] if of_each else [f"    {passed}"]
    if "ring" in names:
        lines.insert(0, "    seat(ring, people, luck)")
    arguments = ", ".join((*STATE_NAMES, "clock", *OF_OTHER_SECTIONS, "p"))
    made: dict[str, Any] = {}
    globals()[f"_rule_{name}"] = rule
    exec(compile("\n".join([f"def _call_{name}({arguments}):", *lines]), __file__, "exec"), globals(), made)
    globals()[f"_call_{name}"] = entry(made[f"_call_{name}"])
    section = rule.py_func.__module__.rsplit(".", 1)[-1]

    def call(s: State, p: Any) -> None:
        others = [
            float(getattr(p, other)[leaf]) if leaf else getattr(p, other) for other, leaf in OF_OTHER_SECTIONS.values()
        ]
        globals()[f"_call_{name}"](*(getattr(s, each) for each in STATE_NAMES), s.clock, *others, getattr(p, section))

    return call


CALLS: dict[str, Callable[[State, Any], None]] = {name: _call_of(name, rule) for name, rule in RULES.items()}
"""Each rule by name: a function of a state and the settings of a scenario; it changes the state in place."""

LIVELY = {
    "arrive.uptake": 0.857,
    "arrive.return_hazard": 0.2,
    "arrive.outreach": 0.5,
    "attend.leaderless_push": 1.0,
    "bond.sponsors": True,
    "prepare.able_at": 0.5,
    "prepare.successors": 2,
    "prepare.ask_per_week": 1.0,
    "progress.time_hazard": 1.0,
    "serve.turnover_per_year": 10.0,
    "serve.departures_per_year": 20.0,
    "serve.become_hazard": 2.0,
    "serve.organise_hazard": 1.0,
    "serve.burnout_per_year": 2.0,
    "leave.moves_per_year": 2.0,
    "leave.settle_per_year": 4.0,
    "leave.graduate_hazard": 0.1,
    "quarrel.conflict_per_year": 20.0,
    "breach.breach_per_year": 20.0,
    "found.split_hazard": 1.0,
    "close.low_per_year": 20.0,
}
"""Values with which much happens in one step."""


OF_GROUPS = ("quarrel", "breach", "bequeath", "govern", "found", "close")
"""Rules that are tried on as many groups as people."""


# --- states ---------------------------------------------------------------------------------------------------------


def random_state(seed: int, people: int = 40, groups: int = 40) -> State:
    """Return a random state in which all people are members of group 0 and every value is within its range."""
    rng = np.random.default_rng(seed)
    handles = np.zeros(people, HANDLES)
    handles["row"] = np.arange(people)
    handles["generation"] = rng.integers(0, 3, people)
    luck = np.zeros(people, LUCK)
    for name in LUCK.names or ():
        luck[name] = rng.random(people)
    return State(
        people=random_people(rng, people),
        groups=random_groups(rng, groups),
        communities=random_communities(rng),
        ties=random_ties(rng, handles),
        handles=handles,
        luck=luck,
        ring=np.zeros(people, np.int32),
        scratch=np.zeros(people, SCRATCH),
        ports=neutral_ports(people),
        rooms=np.arange(min(4, groups), dtype=np.int32),
        draws=rng.random((groups, 2)),
        key=run_key(seed, 0),
        clock=Clock(NOW, 1.0, 52),
    )


def random_people(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return members at random; nobody is marked to move, and some have never been to a meeting."""
    people = np.zeros(n, PEOPLE)
    for column in PEOPLE_COLUMNS:
        if column.unit == "0-1" and not column.shape:
            people[column.name] = rng.random(n)
    for name in ("profile_x", "profile_y", "severity", "motivation"):
        people[name] = rng.normal(size=n)
    people["sharing_skill"] = np.exp(0.7 * rng.normal(size=n))
    people["propensity"] = np.exp(0.8 * rng.normal(size=n))
    people["spare_time"] = people["able"] = 1.0
    people["descent"] = NOBODY
    arrived = rng.integers(100, NOW - 1, n)
    people["slot"] = np.arange(n)
    people["who"] = (arrived << 20) | np.arange(n)
    people["arrived"] = arrived
    new = rng.random(n) < 0.1
    people["joined"] = np.where(new, NEVER, rng.integers(arrived, NOW))
    people["meetings"] = np.where(new, 0, rng.integers(1, 40, n))
    people["first_contact"] = np.where(new | (rng.random(n) < 0.3), NEVER, people["joined"])
    people["stage"], people["resilience"] = rng.integers(0, 3, n), rng.integers(0, 3, n)
    people["membership"] = MEMBER
    people["role"] = np.where(new, 0, rng.integers(NEWCOMER, HELPER + 2, n))
    people["helper_since"] = np.where(people["role"] == HELPER, rng.integers(150, NOW, n), NEVER)
    people["first_helper"] = people["helper_since"]
    people["steps_helping"] = np.where(people["role"] == HELPER, rng.integers(0, 150, n), 0)
    people["attended"] = ~new & (rng.random(n) < 0.6)
    people["visits"] = people["attended"]
    people["met_alike"] = np.where(people["attended"] == 1, people["met_alike"], 0.0)
    people["in_crisis"] = rng.random(n) < 0.15
    people["resting"] = (people["role"] == ORDINARY) & (rng.random(n) < 0.2)
    for name in ("group", "last_group", "going_to", "helped_by"):
        people[name] = NOWHERE
    people["group"] = 0
    for name in ("recoil_at", "accommodated_at", "left_at", "last_crisis", "role_left", "apprentice_since"):
        people[name] = NEVER
    helped = (np.arange(n) + rng.integers(1, max(2, n), n)) % n
    people["helped_by"] = np.where((rng.random(n) < 0.3) & (helped != np.arange(n)), helped, NOWHERE)
    return people


def random_groups(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return open groups at random; the numbers of each are consistent with one another."""
    groups = np.zeros(n, GROUPS)
    for name in ("cohesion", "norms", "climate", "legacy", "formality"):
        groups[name] = rng.random(n)
    groups["roll"] = rng.integers(4, 60, n)
    groups["helpers"] = rng.integers(0, 3, n)
    groups["organisers"] = rng.integers(0, 2, n)
    groups["seekers"] = rng.integers(0, groups["roll"] - 3, n)
    groups["attended"] = rng.integers(0, groups["roll"], n)
    groups["visits"] = groups["attended"]
    groups["helpers_there"] = np.minimum(groups["helpers"], groups["attended"])
    groups["newcomers"] = rng.integers(0, 3, n)
    groups["vacancies"] = rng.integers(0, 3, n)
    groups["attendance"], groups["inflow"] = 12.0 * rng.random(n), 0.1 * rng.random(n)
    groups["due"], groups["held"], groups["greeting"], groups["free"] = 1, 1, 1.0, 1.0
    groups["relief"] = 1.0
    groups["sharers"] = np.maximum(1, groups["helpers"] + groups["organisers"])
    groups["leaderless"] = np.where(groups["helpers"] + groups["organisers"] == 0, 30.0 * rng.random(n), 0.0)
    groups["unvisited"] = np.where(groups["attended"] == 0, 3.0, 0.0)
    groups["funds"] = np.minimum(60.0, rng.normal(size=n) * 20.0)
    groups["conflict"] = rng.random(n) < 0.3
    groups["profile_x"], groups["profile_y"] = rng.normal(size=n), rng.normal(size=n)
    groups["who"], groups["closed"], groups["parent"], groups["next_group"] = np.arange(n), -1, NOWHERE, NOWHERE
    return groups


def random_communities(rng: np.random.Generator) -> np.ndarray:
    """Return one community in which there are people outside, members and helpers."""
    communities = np.zeros(1, COMMUNITIES)
    communities["people"], communities["open_groups"] = 120, 3
    communities["members"], communities["helpers"] = rng.integers(10, 60), rng.integers(1, 6)
    return communities


def random_ties(rng: np.random.Generator, handles: np.ndarray) -> np.ndarray:
    """Return ties at random, some of them lapsed; nobody is tied to himself or twice to another."""
    n = len(handles)
    others = rng.integers(0, n, (n, 2 * TIE_SLOTS))
    same = others[:, :, None] == others[:, None, :]
    new = ~np.tril(same, -1).any(axis=2) & (others != np.arange(n)[:, None])
    place = np.cumsum(new, axis=1) - 1
    bound = rng.integers(0, np.minimum(place[:, -1] + 1, TIE_SLOTS) + 1)
    rows, chosen = np.nonzero(new & (place < bound[:, None]))
    other, count = others[rows, chosen], len(rows)
    ties = np.zeros((n, TIE_SLOTS), TIES)
    made = np.zeros(count, TIES)
    lapsed = rng.random(count) < 0.15
    for name, values in zip(
        ("strength", "other", "generation", "given", "received", "kind"),
        (
            *(0.02 + 0.98 * rng.random(count), other, handles["generation"][other] + lapsed),
            *(rng.integers(0, 4, count), rng.integers(0, 5, count), rng.integers(1, 5, count)),
        ),
        strict=True,
    ):
        made[name] = values
    ties[rows, place[rows, chosen]] = made
    return ties


def tie(strength: float, other: int, generation: int, given: int, received: int, kind: int) -> tuple[Any, ...]:
    """Return a row of the table of ties; the bytes that fill its last word are 0."""
    return (strength, other, generation, given, received, kind, np.zeros(TIES["fill"].shape, np.uint8))


def make_outside(state: State) -> State:
    """Return the state with its people outside any group, a third of them former members."""
    people = state.people
    former = np.arange(len(people)) % 3 == 0
    people["membership"] = np.where(former, FORMER, OUTSIDE)
    people["group"], people["role"], people["attended"], people["helped_by"] = NOWHERE, 0, 0, NOWHERE
    people["joined"] = np.where(former, people["arrived"], NEVER)
    return state


def case(name: str, seed: int, people: int = 40) -> State:
    """Return the random state on which a rule is tried."""
    state = random_state(seed, people, max(people, 4) if name in OF_GROUPS else 40)
    outside = name in ("arrive", "bond_outside", "leave") or (name in ("live", "progress") and seed % 2)
    return make_outside(state) if outside else state


def copied(state: State) -> State:
    """Return a deep copy of a state."""
    arrays = {k: v.copy() for k, v in state._asdict().items() if isinstance(v, np.ndarray)}
    return state._replace(**arrays)


def after(name: str, state: State, values: dict[str, Any] | None = None) -> State:
    """Return a copy of the state after one rule has run with some values changed."""
    done = copied(state)
    CALLS[name](done, _settings(tuple((values or {}).items())))
    return done


@cache
def _settings(values: tuple[tuple[str, Any], ...]) -> Settings:
    return settings_of(scenario(dict(values)))


def neutral(section: str, module: Any) -> dict[str, Any]:
    """Return a mechanism's neutral setting as paths and values."""
    return {f"{section}.{name}": value for name, value in module.NEUTRAL.items()}


def differing(before: np.ndarray, now: np.ndarray, rows: Any = slice(None)) -> set[str]:
    """Return the names of all fields that differ in some of the rows, bit for bit."""
    return {
        name
        for name in before.dtype.names or ()
        if np.ascontiguousarray(before[name][rows]).tobytes() != np.ascontiguousarray(now[name][rows]).tobytes()
    }


def assert_equals_plain(plain: dict[str, np.ndarray], name: str) -> None:
    """Assert that a compiled rule gives the bits that plain Python gives, and that it did something at all."""
    for seed in PLAIN_SEEDS:
        start = case(name, seed)
        done = after(name, start, LIVELY)
        changed = set()
        for part in ("people", "groups", "communities", "ties"):
            assert not differing(getattr(done, part), plain[f"{name} {seed} {part}"]), (name, seed, part)
            changed |= differing(getattr(start, part), getattr(done, part))
        assert changed, name


PLAIN_SEEDS = (1, 2)


def uncompiled(module: ModuleType) -> SimpleNamespace:
    """Return a module's functions as plain Python that calls plain Python; for modules that call only themselves."""
    names = dict(vars(module))
    for name, value in vars(module).items():
        if isinstance(value, Kernel):
            names[name] = FunctionType(value.py_func.__code__, names, name)
    return SimpleNamespace(**names)


# --- chances --------------------------------------------------------------------------------------------------------


def chance(hazard: np.ndarray) -> np.ndarray:
    """Return the chance that an event of some hazard happens in a step."""
    return -np.expm1(-hazard)


def assert_count(happened: np.ndarray, chances: np.ndarray) -> None:
    """Assert that as many events happened as their chances say, within four standard errors (see `SIGMAS`)."""
    expected, error = chances.sum(), np.sqrt((chances * (1.0 - chances)).sum())
    assert error > 0, "nothing is left to chance"
    assert abs(happened.sum() - expected) <= SIGMAS * error, (int(happened.sum()), float(expected), float(error))


def assert_mean(values: np.ndarray, expected: float) -> None:
    """Assert that independent values have the mean expected, within four standard errors (see `SIGMAS`)."""
    error = values.std(ddof=1) / np.sqrt(len(values))
    assert error > 0, "nothing is left to chance"
    assert abs(values.mean() - expected) <= SIGMAS * error, (float(values.mean()), expected, float(error))


def assert_rises(low: np.ndarray, high: np.ndarray) -> None:
    """Assert that a paired mean rises by more than four standard errors of the difference (see `SIGMAS`)."""
    difference = np.asarray(high, float) - np.asarray(low, float)
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    assert difference.mean() > max(0.0, SIGMAS * error), (float(difference.mean()), float(error))


def logistic(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)) by NumPy."""
    return 1.0 / (1.0 + np.exp(-x))


# --- runs -----------------------------------------------------------------------------------------------------------


def scenario(values: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """Return a scenario of pinned values with others at some paths; `weeks`, `seed` and the like by keyword."""
    return with_values(_pinned(), {**more, **(values or {})})


@cache
def _pinned() -> Scenario:
    paths = {f"{section}.{name}": value for section, values in PINNED.items() for name, value in values.items()}
    return with_values(Scenario(), paths)


def runs(values: dict[str, Any], replicates: Iterable[int] = range(30), record: str = "runs", **more: Any) -> list[Run]:
    """Return the histories of some replicates, 104 weeks each unless said otherwise."""
    world = scenario(values, **{"weeks": 104, **more})
    return [simulate(world, replicate, record=record) for replicate in replicates]


def core_measures(run: Run) -> dict[str, Any]:
    """Return the measures of a run without those that optional mechanisms add where they are on."""
    return {name: value for name, value in run.summary.items() if name not in names_of_modules(OF_MODULES)}


def measure(found: list[Run], name: str) -> np.ndarray:
    """Return one measure of many runs."""
    return np.array([float(run.summary[name]) for run in found])  # type: ignore[arg-type]


def everybody(world: World) -> np.ndarray:
    """Return everybody who ever lived in a world, in order of community and arrival."""
    people = np.concatenate([world.lives[: world.meter["lives"][0]], living(world)])
    return people[np.lexsort((people["who"], people["community"]))]


@cache
def _lives(values: tuple[tuple[str, Any], ...], replicate: int) -> np.ndarray:
    return everybody(run_world(scenario(dict(values)), replicate, record="lives"))


def lives(values: dict[str, Any], replicate: int = 0, weeks: int = 104) -> np.ndarray:
    """Return everybody who ever lived in one history; do not change the array, it is kept."""
    return _lives(tuple({"weeks": weeks, **values}.items()), replicate)


def assert_same_luck(section: str, weeks: int = 60) -> None:
    """Assert that a mechanism switched off leaves everybody's traits and arrivals as they are."""
    on = lives({}, weeks=weeks)
    off = lives({f"{section}.enabled": False}, weeks=weeks)
    if section == "arrive":
        on = on[on["starter"] == 1]
    assert len(on)
    assert len(on) == len(off)
    for name in (*TRAITS, "arrived"):
        assert np.array_equal(on[name], off[name]), name

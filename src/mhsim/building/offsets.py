"""What whoever runs the engine outside Python must know of it, made from the types and declarations of the package.

Where the fields of every table lie, how functions are called, where each optional mechanism is called, what each
parameter is: nothing of it is written twice by hand.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np

from mhsim.building.from_numba import NONE, EngineCode
from mhsim.core.kept_code import engine_digest
from mhsim.core.params import Parameters, choices, facts, record_of
from mhsim.engine.loop import DONE, NEEDS_ROOM, STOPPED, TOO_MANY
from mhsim.engine.own_columns import LED, OwnColumns
from mhsim.engine.rule_code import HOOK, TABLES
from mhsim.engine.rule_lines import OUTSIDE_AFTER, places_of
from mhsim.engine.simulation import Simulation
from mhsim.engine.world import Settings
from mhsim.modules import optional
from mhsim.plugins import Rule
from mhsim.ports import neutral_ports
from mhsim.scenario import Scenario


def layout_of(code: EngineCode, own: Mapping[str, type[Rule]] = NONE) -> dict[str, Any]:
    """Return what stands in `engine.json`, beside `engine.wasm`; `own` are the rules of one's own in the code.

    Returns
    -------
    dict
        ``engine``, the digest of its sources; ``world``, its tables in their order; ``items``, the bytes of one row of
        each; ``tables``, for each field of each its type, offset and shape; ``entries``, the functions that are called,
        by their plain names: the symbol, and the kind of each argument; ``rules``, the optional mechanisms: symbol,
        places in the step, and the bytes of a row of each of its own tables; ``places``, how many places in the step
        there are; ``led``, which fields of the record that leads a mechanism to its tables say where they are and how
        long; ``outcomes``, what letting steps pass may give; ``neutral``, a row of ports on which nothing bears;
        ``settings``, the sections of parameters in their order, and ``parameters`` of each section.
    """
    world = Simulation(Scenario()).world._asdict()
    types = {name: array.dtype for name, array in world.items()} | {"hook": HOOK, "whereabouts": TABLES}
    entries = {symbol.rpartition("__")[2]: symbol for symbol in code.entries}
    symbols = {symbol.rpartition("_")[0]: symbol for symbol in code.rules}
    sections = {name: getattr(Scenario(), name) for name in Settings._fields if name in Scenario.model_fields}
    sections |= {name: rule() for name, rule in optional().items() if name in symbols}
    return {
        "engine": engine_digest(),
        "world": [*world],
        "items": {name: kind.itemsize for name, kind in types.items()},
        "tables": {name: _fields(kind) for name, kind in types.items()},
        "entries": {name: {"symbol": symbol, "kinds": code.entries[symbol]} for name, symbol in entries.items()},
        "rules": {name: _rule(name, {**optional(), **own}[name], symbol) for name, symbol in symbols.items()},
        "places": OUTSIDE_AFTER + 1,
        "led": [list(pair) for pair in LED],
        "outcomes": {"done": DONE, "needs_room": NEEDS_ROOM, "stopped": STOPPED, "too_many": TOO_MANY},
        "neutral": text_of_bytes(neutral_ports(1)),
        "settings": [*Settings._fields],
        "parameters": {n: _parameters(one) for n, one in sections.items() if isinstance(one, Parameters)},
    }


def text_of_bytes(array: np.ndarray) -> str:
    """Return the bytes of an array in letters, as a page reads them."""
    return b64encode(array.tobytes()).decode()


def _fields(kind: np.dtype[Any]) -> dict[str, Any]:
    places: Any = kind.fields or {}
    return {
        name: {"type": field.base.str, "offset": offset, "shape": list(field.shape)}
        for name, (field, offset, *_) in places.items()
    }


def _rule(name: str, rule: type[Rule], symbol: str) -> dict[str, Any]:
    kinds = OwnColumns(name, rule()).kinds
    return {"symbol": symbol, "places": places_of(rule), "items": {each: kind.itemsize for each, kind in kinds.items()}}


def _parameters(section: Parameters) -> list[dict[str, Any]]:
    fields, kind = type(section).model_fields, record_of(section, 1.0).dtype
    places = _fields(kind)
    return [
        {
            **{"name": name, "default": getattr(section, name), "choices": list(choices(field)), **facts(field)},
            **{"why": field.description, **places[name]},
        }
        for name, field in fields.items()
        if name in places
    ]

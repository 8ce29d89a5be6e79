"""Ports: where optional mechanisms bear on the week, a row for each person in hand, neutral at the start of every step.

The week reads each port at one place and knows nothing of who wrote it, so that mechanisms from outside compose, in any
order, without knowing one another: they multiply a factor or add to log-odds. Where nobody writes, factors are 1 and
log-odds 0, and every result has the bits it would have without ports.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mhsim.core.jit import kernel_of


class Port(NamedTuple):
    """One port: its name, what it is neutral at, whose step reads it, and what it does there."""

    name: str
    neutral: float
    phase: str
    meaning: str


TABLE = (
    Port("come", 1.0, "arrive", "factor on the hazard of coming, or coming back, to a group"),
    Port("attend", 0.0, "attend", "added to the log-odds of coming to a meeting"),
    Port("speak", 1.0, "share", "factor on the voice with which one may speak"),
    Port("hear", 1.0, "share", "factor on all that hearing others changes"),
    Port("ask", 1.0, "help", "factor on the hazard of asking"),
    Port("answer", 1.0, "help", "factor on the pull of one who may answer"),
    Port("comfort", 1.0, "help", "factor on the distress lifted where one is helped"),
    Port("learn", 1.0, "help", "factor on naming, teaching, encouraging and coaching where one is helped"),
    Port("crisis", 1.0, "live", "factor on the hazard of a crisis"),
    Port("shock", 1.0, "live", "factor on the size of a shock"),
    Port("service", 1.0, "live", "factor on the hazard of a contact with services"),
    Port("serve", 1.0, "serve", "factor on the hazard of taking the role of helper"),
    Port("drop", 1.0, "leave", "factor on the hazard of dropping out or drifting off"),
)
"""The table of ports; it is generated into docs/ODD.md."""

PORTS = np.dtype([(port.name, "f8") for port in TABLE])
"""One row per person of a block: the ports of this step, by name."""


def neutral_ports(rows: int) -> np.ndarray:
    """Return ports for so many people on whom nothing bears, shape (rows,)."""
    ports = np.zeros(rows, PORTS)
    for port in TABLE:
        ports[port.name] = port.neutral
    return ports


_LINES = ["for i in range(len(ports)):", *(f"    ports.{port.name}[i] = {port.neutral}" for port in TABLE)]
reset: Any = kernel_of("reset", "ports", _LINES, globals())
"""Make all ports of a block neutral."""

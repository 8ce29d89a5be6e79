"""Ports of the twin: what optional mechanisms put between a person and the week, by name (ODD section 7, ports)."""

from __future__ import annotations

FACTORS = ("come", "speak", "hear", "ask", "answer", "comfort", "learn", "crisis", "shock", "service", "serve", "drop")


def neutral_ports() -> dict[str, float]:
    """Return the ports of somebody on whom nothing bears."""
    return {"attend": 0.0} | dict.fromkeys(FACTORS, 1.0)

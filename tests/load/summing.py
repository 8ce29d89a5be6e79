"""What a class's visit comes to: how soon the dashboard answered, and what the server held."""

from __future__ import annotations

from typing import Any

from load.pressing import Answer
from load.reading import READ
from load.server import Look

BAR, OPENING = 2.0, 3.0
"""Seconds within which 95 of 100 first answers are to come, and a page is to be open."""

ALL = "all first answers"


def quantile(values: list[float], share: float) -> float:
    """Return the value that a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 100) * len(ordered) // 100) - 1))]


def by_action(answers: list[Answer]) -> list[dict[str, Any]]:
    """Return how soon each action was answered, and all together, in seconds."""
    rows = []
    for action in [*sorted({answer.action for answer in answers}), ALL]:
        mine = [answer for answer in answers if action in (answer.action, ALL)]
        came = [answer.first for answer in mine if answer.first is not None]
        row: dict[str, Any] = {"action": action, "presses": len(mine), "lost": len(mine) - len(came)}
        if came:
            row |= {"p50": quantile(came, 0.5), "p95": quantile(came, 0.95), "max": max(came)}
        rows.append({key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()})
    return rows


def is_met(row: dict[str, Any]) -> bool:
    """Whether a row keeps its bar."""
    return "p95" in row and row["p95"] < (OPENING if "open" in row["action"] else BAR)


def memory(looks: list[Look]) -> dict[str, float]:
    """Return the server's memory in MB before anybody came, halfway, at the end, and the most there was."""
    sizes = [look.megabytes for look in looks]
    return {"start": sizes[0], "middle": sizes[len(sizes) // 2], "end": sizes[-1], "most": max(sizes)}


def lines(found: dict[str, Any]) -> list[str]:
    """Return the findings as lines for people."""
    told = [f"{found['students']} students, {found['minutes']:g} minutes, {found['processors']} processors"]
    told.append(f"{'first answer, seconds':24}{'presses':>9}{'lost':>6}{'p50':>8}{'p95':>8}{'max':>8}")
    for row in found["answers"]:
        numbers = "".join(f"{row[name]:8.2f}" if name in row else f"{'-':>8}" for name in ("p50", "p95", "max"))
        told.append(f"{row['action']:24}{row['presses']:9}{row['lost']:6}{numbers}")
    kept, threads = found["memory"], found["threads"]
    told.append(f"memory of the server, MB: {', '.join(f'{name} {size:.0f}' for name, size in kept.items())}")
    told.append(f"threads: {threads['before']} before, {threads['most']} at most, {threads['after']} after they left")
    told.append(f"sessions left: {found['sessions_left']}; processor of the server: {found['processor_share']:.0%}")
    told += found["faults"][:10]
    told.append(
        f"what begins with “{READ.strip()}” is lived in one browser, its processor slowed; all else is the server's"
    )
    told.append(f"p95 under {BAR:g} s, opening under {OPENING:g} s: {'met' if found['met'] else 'missed'}")
    return told

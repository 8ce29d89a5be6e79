"""The class in short: three students for some seconds, so that the script itself and its promises are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from browser.server import Server
from load.__main__ import class_of, with_study
from load.pressing import Answer
from load.summing import ALL, by_action, lines


def test_no_answer_is_lost_and_nothing_is_left_when_they_go(tmp_path: Path) -> None:
    """A session or a thread that stays behind each student would fill the memory of a server within a term."""
    with Server(with_study(tmp_path), environment={"SOLARA_KERNEL_CULL_TIMEOUT": "2s"}) as server:
        found = asyncio.run(class_of(7, 0.2, server, settling=1.0, reading=False))
        assert "Traceback" not in server.said(), server.said()
    assert found["faults"] == []
    answers = {row["action"]: row for row in found["answers"]}
    assert answers[ALL]["presses"] >= 7
    assert [row for row in answers.values() if row["lost"]] == []
    assert found["sessions_left"] == 0
    assert found["threads"]["after"] <= found["threads"]["before"]


def test_a_lost_answer_is_told_and_misses_the_bar() -> None:
    """Quick answers must not hide one that never came."""
    answers = [Answer("press", 0.0, 0.1 * k) for k in range(1, 21)] + [Answer("press", 0.0, None)]
    row = by_action(answers)[-1]
    assert (row["presses"], row["lost"], row["p50"], row["p95"], row["max"]) == (21, 1, 1.0, 1.9, 2.0)
    found = {"students": 1, "minutes": 1.0, "processors": 2, "answers": by_action(answers), "met": False}
    found |= {"memory": {"start": 1.0}, "threads": {"before": 1, "most": 2, "after": 1}, "sessions_left": 0}
    told = "\n".join(lines({**found, "processor_share": 0.5, "faults": ["student 1: gone"]}))
    assert "student 1: gone" in told and "missed" in told

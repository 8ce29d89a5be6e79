"""What each parameter moves: which values stand against each other, what counts as moved, and the page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from mhsim.evidence import moved
from mhsim.modules import optional

HERE = {"differs": True, "runs": 4, "switched": False, "made": "m", "low": 0.0, "high": 2.0}


@pytest.mark.parametrize(
    ("path", "now", "expected"),
    [
        ("serve.become_hazard", 0.025, (0.0, 0.05)),
        ("serve.leaves_with_role", 0.7, (0.0, 1.0)),
        ("serve.leaves_with_role", 0.0, (0.0, 1.0)),
        ("work.hours", 2.0, (0.1, 4.0)),
        ("serve.term_weeks", 0, (0, 1)),
        ("arrive.room", 40, (1, 80)),
        ("serve.enabled", True, (False, True)),
        ("help.policy", "own_sponsor", ("own_sponsor", "random")),
    ],
)
def test_the_lowest_value_stands_against_the_double(path: str, now: object, expected: tuple[object, object]) -> None:
    """Within what is allowed, whole where whole, and never the same value twice."""
    assert moved.two_values(path, now) == expected  # type: ignore[arg-type]


def test_measures_are_ranked_by_size_and_chance_is_left_out() -> None:
    """One measure moves by two standard deviations, one by a half, one only by chance, one by nothing."""
    rng = np.random.default_rng(1)
    lower = np.full((200, len(moved.MEASURED)), np.nan)
    lower[:, :4] = rng.standard_normal((200, 4))
    higher = lower.copy()
    higher[:, 0] += 0.5
    higher[:, 1] -= 2.0
    higher[:, 2] = rng.standard_normal(200)
    found = moved.most_moved(lower, higher)
    assert [row["measure"] for row in found] == [moved.MEASURED[1], moved.MEASURED[0]]
    assert [row["change"] for row in found] == pytest.approx([-2.0, 0.5])
    assert 1.8 < found[0]["size"] < 2.2


def test_what_moves_and_what_does_not_is_found_resumed_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule's parameter moves something; that of a rule made to do nothing else stays the same to the bit."""
    monkeypatch.setattr(moved, "BESIDE", {})
    store = tmp_path / "moved.jsonl"
    paths = ("community.arrivals_per_week", "start.founding_recoil")
    rows = moved.try_all(store, ["base"], paths, runs=4)
    assert [row["path"] for row in rows] == list(paths)
    assert rows[0]["moved"][0]["change"] > 0 or rows[0]["moved"][0]["size"] > 0
    assert not rows[1]["differs"], "it is of groups that are new at the opening"
    before = store.read_text(encoding="utf-8")
    assert moved.try_all(store, ["base"], paths, runs=4) == rows
    assert store.read_text(encoding="utf-8") == before
    told = moved.page(rows)
    assert "| `community.arrivals_per_week` | base |" in told
    assert "same to the bit (1)\n\n- `start.founding_recoil`: no reason written yet" in told
    store.write_text(json.dumps(rows[0] | {"made": "another"}) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="another version"):
        moved.try_all(store, ["base"], paths)


def test_what_acts_only_beside_another_value_is_tried_beside_it(tmp_path: Path) -> None:
    """How founders begin moves something where the group is new, and the page says beside what."""
    told = moved.page(moved.try_all(tmp_path / "moved.jsonl", ["base"], ("start.founder_know_how",), runs=4))
    assert "| `start.founder_know_how` | base, beside start.kind founding |" in told


def test_the_page_shows_the_form_in_which_most_is_moved() -> None:
    """Of two forms the one with the larger size; what only chance moves, and what was refused, stands apart."""
    small, large = ({"measure": "helpers_made", "change": 1.0, "error": 0.1, "size": size} for size in (0.2, 3.0))
    column = small | {"measure": "lives:distress"}
    rows = [
        HERE | {"path": "serve.again", "form": "base", "moved": [small]},
        HERE | {"path": "serve.again", "form": "twelve_step", "moved": [large], "switched": True},
        HERE | {"path": "serve.asking", "form": "base", "moved": []},
        HERE | {"path": "serve.enough", "form": "base", "moved": [], "differs": False, "refused": "too low"},
        HERE | {"path": "serve.crowding", "form": "base", "moved": [], "columns": [column]},
        HERE | {"path": "serve.gone", "form": "base", "moved": [large]},
    ]
    told = moved.page(rows)
    assert "| `serve.again` | twelve_step, on | 0 | 2 | helpers_made +1 (0.1; 3) |" in told
    assert "more than chance (1)\n\n- `serve.asking`" in told
    assert "tried alone (1)\n\n- `serve.enough`: too low" in told
    assert "but no measure (1)" in told and "| `serve.crowding` | base | 0 | 2 | lives:distress +1 (0.1; 0.2) |" in told
    assert "serve.gone" not in told, "a parameter that is gone"


def test_every_parameter_of_the_core_moves_something_or_has_a_reason() -> None:
    """Of those of optional mechanisms the ledger of the elements tells; the page is made by docs/make_moved.py."""
    told = (Path(__file__).parents[1] / "docs" / "moved.md").read_text(encoding="utf-8")
    moves, _, rest = told.partition("\n## Moves nothing anywhere")
    rows = set(re.findall(r"^\| `([\w.]+)` \|", moves, flags=re.MULTILINE))
    listed = set(re.findall(r"^- `([\w.]+)`", rest, flags=re.MULTILINE))
    core = {path for path in moved.paths() if path.split(".")[0] not in optional()}
    assert not core - rows - listed, "not tried"
    assert listed == set(moved.REASONS), "moves nothing and says not why it stays, or the other way round"
    assert not (rows | listed) - core, "gone"
    for path, reason in moved.REASONS.items():
        assert f"- `{path}`: {reason}\n" in told

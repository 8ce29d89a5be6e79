"""The model as text: every rule says why it is so, every question of the protocols is answered, no count is by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from mhsim.evidence.checks import checks
from mhsim.evidence.trace import trace_parts
from mhsim.mechanisms import WEEK
from mhsim.modules import optional
from mhsim.scenario import parameter_rows

DOCS = Path(__file__).resolve().parents[1] / "docs"
ODD, TRACE, MODULES = ((DOCS / f"{name}.md").read_text(encoding="utf-8") for name in ("ODD", "TRACE", "modules"))
RULES = [*(phase.mechanism for phase in WEEK), "traits", *optional()]
QUESTIONS = {
    "I.i": "ab",
    "I.ii": "abcde",
    "I.iii": "a",
    "II.i": "abcde",
    "II.ii": "abcdefgh",
    "II.iii": "ab",
    "II.iv": "abcde",
    "II.v": "abc",
    "II.vi": "abcd",
    "II.vii": "ab",
    "II.viii": "ab",
    "II.ix": "a",
    "II.x": "ab",
    "III.i": "ab",
    "III.ii": "abc",
    "III.iii": "a",
    "III.iv": "abc",
}
"""Guiding questions of ODD+D by their numbers (Mueller et al. 2013, table 1)."""
ELEMENTS = (
    "Problem formulation",
    "Model description",
    "Data evaluation",
    "Conceptual model evaluation",
    "Implementation verification",
    "Model output verification",
    "Model analysis",
    "Model output corroboration",
)


def test_every_mechanism_and_module_says_why_and_what_else_was_tried() -> None:
    """A rule that is added brings its rationale; one that is gone leaves none behind. Both pages show the words."""
    said = yaml.safe_load((DOCS / "rationale.yaml").read_text(encoding="utf-8"))
    assert list(said) == sorted(RULES, key=list(said).index) and set(said) == set(RULES)
    for name, part in said.items():
        assert set(part) == {"why", "tried"} and len(part["why"]) > 60 and part["tried"].endswith((".", ")")), name
        page = MODULES if name in optional() else ODD
        assert f"*Why so.* {part['why']} *Tried.* {part['tried']}" in page, name
        for path in re.findall(r"`([a-z_]+\.[a-z_]+)`", f"{part['why']} {part['tried']}"):
            assert path in {row["path"] for row in parameter_rows()}, f"{name}: {path} is no parameter"


def test_every_question_of_odd_d_is_answered_once() -> None:
    """In the order of the protocol; "none" is an answer, nothing is not."""
    rows = re.findall(r"^\| (I+\.[ivx]+\.[a-h]) ([^|]+) \| ([^|]+) \|$", ODD, re.MULTILINE)
    assert [row[0] for row in rows] == [f"{part}.{letter}" for part, letters in QUESTIONS.items() for letter in letters]
    assert all(len(answer.strip()) > 3 for _, _, answer in rows)


def test_the_criteria_are_the_facts_that_values_may_be_tuned_to() -> None:
    """Neither more nor fewer than the checks say."""
    part = ODD.split("<!-- begin criteria -->")[1].split("<!-- end criteria -->")[0]
    assert set(re.findall(r"^\| (V\d+) ", part, re.MULTILINE)) == {c.fact for c in checks() if c.use == "calibrate"}


def test_trace_has_its_eight_elements_and_counts_add_up() -> None:
    """Each element has words of its own beside what is counted; all parameters are in the table once."""
    heads = re.findall(r"^## (\d)\. (.+)$", TRACE, re.MULTILINE)
    assert heads == [(str(k), name) for k, name in enumerate(ELEMENTS, 1)]
    for part in re.split(r"^## ", TRACE, flags=re.MULTILINE)[1:]:
        by_hand = re.sub(r"<!-- begin.*?<!-- end \w+ -->", "", part, flags=re.DOTALL)
        assert len(by_hand) > 150, part[:40]
    rows = [line.split(" | ") for line in trace_parts(DOCS.parent)["assumed"].splitlines()[2:]]
    counts = [[int(cell.strip(" |")) for cell in row[1:]] for row in rows]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert counts[-1][0] == len(parameter_rows())
    twins = trace_parts(DOCS.parent)["twins"]
    assert "| none |" not in twins, "a rule has no test or no second implementation"


@pytest.mark.parametrize("name", ["ODD.md", "TRACE.md", "studies/record.md"])
def test_no_link_leads_nowhere(name: str) -> None:
    """Pages, code and experiments that a reader is sent to are there."""
    links = re.findall(r"\]\(([^)#:]+)\)", (DOCS / name).read_text(encoding="utf-8"))
    assert links and not [link for link in links if not (DOCS / name).parent.joinpath(link).exists()]

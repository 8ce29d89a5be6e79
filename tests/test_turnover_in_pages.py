"""The page Turnover says without a server what it says with one: the same words of the same runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from shutil import which
from typing import Any

import numpy as np
import pytest

from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.histories import Failure, Outcome, statistics
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover import answers, ask, question, sliders, wording
from mhsim.dashboard.turnover.queries import Pair
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.errors import InputError
from mhsim.export.page_facts import facts_text

PROGRAM = f"""
import {{ readFileSync }} from "node:fs";
import {{ readFacts }} from "file://{BROWSER_FILES}/engine/facts.js";
import {{ readAddress, writeAddress }} from "file://{BROWSER_FILES}/engine/query.js";
import * as inputs from "file://{BROWSER_FILES}/pages/turnover_inputs.js";
import * as words from "file://{BROWSER_FILES}/pages/turnover_words.js";
import * as question from "file://{BROWSER_FILES}/pages/turnover_question.js";
import {{ peopleOf }} from "file://{BROWSER_FILES}/pages/outcomes.js";
const asked = JSON.parse(readFileSync(0)), facts = readFacts(asked.facts), read = (query) => readAddress(facts, query);
const tried = (act) => {{
  try {{ return act(); }} catch (error) {{
    return error.name === "InputError" ? `refused ${{error.message}}` : error.stack;
  }}
}};
const field = ({{ name, label, kind, value, low, high, step }}) => [name, label, kind, value, low, high, step];
console.log(JSON.stringify({{
  pairs: asked.pairs.map(({{ query, one, other }}) => {{
    const {{ first, second }} = read(query), pair = {{ first, second, one, other, asked: 200 }};
    const people = peopleOf(one, other, true);
    return {{
      text: words.answerText(pair), half: words.halfInWords(pair), people: words.onPeople(people),
      reasons: words.reasonRows(pair).map(({{ label, values }}) => [label, values]),
      cells: people.map((row) => [words.meanCell(row, 0), words.meanCell(row, 1), ...words.changeCell(row)]),
    }};
  }}),
  examples: asked.forms.map((form) => inputs.examples().map((one) => writeAddress(...one.situations(facts, form, 7)))),
  inputs: asked.inputs.map(([query, name, value]) => {{
    const {{ first, second }} = read(query);
    const there = () => writeAddress(...inputs.withInputInBoth(first, second, name, value));
    return [inputs.fieldsOf(first).map(field), tried(there)];
  }}),
  times: asked.times.map((text) => tried(() => question.readTime(text))),
  weeks: Array.from({{ length: 520 }}, (_, week) => question.timeInWords(week)),
  questions: asked.questions.map(({{ query, outcomes }}) => {{
    const situation = question.tenYears(read(query).first), arms = question.armsOf(situation);
    const rows = question.tableOf(outcomes);
    return {{
      asked: question.questionInWords(situation), later: question.notYet(situation),
      arms: arms.map(({{ name, about, situation: one }}) => [name, about, writeAddress(one)]),
      parts: question.partsOf(arms).map(({{ weeks, scenarios }}) => [weeks, scenarios.length]),
      said: question.sentences(arms, 52, rows), cells: rows.map((row) => row.map(question.valueText)),
    }};
  }}),
}}));
"""
LOSS = "form=base&weeks=520&start.helpers=4&change=4:lose_busiest_helpers=2;leave=true"
QUESTIONS = (
    LOSS,
    "form=base&weeks=520&start.helpers=0",
    "form=consumer_survivor&change=60:lose_busiest_helpers=1",
    "form=base&prepare.enabled=true&start.apprentices=2&prepare.successors=1&start.helpers=1"
    "&change=0:serve.turnover_per_year=1;lose_busiest_helpers=3",
)
INPUTS = (
    ("form=base", "serve.turnover_per_year", 2),
    ("form=base&b.serve.turnover_per_year=1", "serve.turnover_per_year", 2),
    (LOSS, "loss.week", 52),
    (LOSS, "loss.leave", False),
    (LOSS + "&b.change=8:lose_busiest_helpers=1", "loss.count", 0),
    ("form=base&change=104:serve.turnover_per_year=4", "serve.turnover_per_year", 1),
    ("form=base&change=10:serve.turnover_per_year=3;lose_busiest_helpers=2", "loss.count", 0),
    ("form=base&prepare.enabled=true", "prepare.successors", 3),
    ("form=base&start.members=3&start.helpers=2", "start.helpers", 9),
)
TIMES = (
    "4 weeks",
    "week 4",
    "4",
    "1 month",
    "month 2",
    "12 months",
    " 9  Years ",
    "519",
    "520",
    "ten",
    "2 weeks 3",
    "",
)


def random_outcomes(seed: int, number: int, alive: float, *, none: bool = False) -> tuple[Outcome | Failure, ...]:
    """Return outcomes as histories have them, some without a group, a case or an end."""
    luck = np.random.default_rng(seed)
    found: list[Outcome | Failure] = []
    for _ in range(number):
        lives, share = bool(luck.random() < alive), float(luck.random())
        group = None if none else lives
        reasons = ("low_attendance", "no_leader", "no_longer_needed", "conflict", "money")
        found.append(
            Outcome(
                *(group, None if none else 520.0 if lives else float(luck.integers(1, 520))),
                *(
                    None if lives or none else str(luck.choice(reasons)),
                    int(luck.integers(0, 30)),
                    int(luck.integers(0, 6)),
                ),
                *(20, 4, int(luck.integers(0, 40)), int(luck.integers(0, 3)), share, share / 2 + alive / 4),
                *(None if share < 0.1 else share, share, int(luck.integers(0, 3)), int(luck.integers(0, 9)), 1),
            )
        )
    if number > 50 and not none:
        found[7] = Failure(7, "it failed")
    return tuple(found)


PAIRS = (
    ("form=base&serve.turnover_per_year=2&b.prepare.successors=2", (1, 200, 0.4), (1, 200, 0.75)),
    ("form=base&weeks=1508", (2, 200, 0.5), (2, 200, 0.5)),
    ("form=base&weeks=104&b.supervise.supervision=1", (3, 200, 0.9), (4, 200, 0.89)),
    ("form=base&b.weeks=52", (5, 60, 0.9), (6, 60, 0.2)),
    ("form=base", (7, 200, 1.0), (8, 200, 1.0)),
)


def test_the_page_says_in_node_what_the_dashboard_says() -> None:
    if which("node") is None:
        pytest.skip("node is not here")
    pairs = [(query, random_outcomes(*one), random_outcomes(*other)) for query, one, other in PAIRS]
    pairs.append(("form=base", random_outcomes(1, 20, 0.5, none=True), random_outcomes(1, 20, 0.5)))
    forms = ("base", "twelve_step")
    tables = [[random_outcomes(arm, 200, 0.5 + arm / 12) for arm in range(len(arms_at(query)))] for query in QUESTIONS]
    asked = {
        "facts": facts_text(),
        "forms": forms,
        "inputs": INPUTS,
        "times": TIMES,
        "pairs": [{"query": query, "one": plain(one), "other": plain(other)} for query, one, other in pairs],
        "questions": [
            {"query": query, "outcomes": [plain(arm) for arm in arms]}
            for query, arms in zip(QUESTIONS, tables, strict=True)
        ],
    }
    command = ["node", "--input-type=module", "-e", PROGRAM]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    for (query, one, other), said in zip(pairs, found["pairs"], strict=True):
        the_same_is_said(query, one, other, said)
    for form, there in zip(forms, found["examples"], strict=True):
        assert there == [address_of(*example.situations(form, 7)).query() for example in sliders.EXAMPLES]
    for (query, name, value), (fields, address) in zip(INPUTS, found["inputs"], strict=True):
        read = read_address(query)
        assert fields == [
            [one.name, one.label, one.kind, one.value, one.low, one.high, one.step]
            for one in sliders.fields_of(read.first)
        ], query
        wanted = tried(lambda r=read, n=name, v=value: address_of(*sliders.with_input_in_both(r.first, r.second, n, v)))  # type: ignore[misc]
        assert address == (wanted if isinstance(wanted, str) else wanted.query())
    assert found["times"] == [tried(lambda text=text: question.read_time(text)) for text in TIMES]  # type: ignore[misc]
    assert found["weeks"] == [question.time_in_words(week) for week in range(520)]
    for query, outcomes, said in zip(QUESTIONS, tables, found["questions"], strict=True):
        situation, arms, rows = ask.ten_years(read_address(query).first), arms_at(query), question.table_of(outcomes)
        assert said["asked"] == answers.question_in_words(situation)
        assert said["later"] == answers.not_yet(situation)
        assert said["arms"] == [[arm.name, arm.about, address_of(arm.situation).query()] for arm in arms]
        assert said["parts"] == [[part.weeks, len(arms)] for part in question.parts_of(arms)]
        assert said["said"] == answers.sentences(arms, 52, rows)
        assert said["cells"] == [[answers.value_text(cell) for cell in row] for row in rows]


def the_same_is_said(query: str, one: Any, other: Any, said: dict[str, Any]) -> None:
    read = read_address(query)
    pair = Pair(read.first.scenario(), read.second.scenario(), one, other)
    text, people = wording.answer_text(pair), statistics.people(one, other)
    assert said["text"] == {
        "headline": text.headline, "difference": text.difference, "byPair": text.by_pair, "soFar": text.so_far.strip(),
    }  # fmt: skip
    assert said["half"] == wording.half_in_words(pair)
    assert said["people"] == wording.on_people(people)
    reasons = wording.reason_rows(pair)
    assert [label for label, _ in said["reasons"]] == [label for label, _ in reasons]
    for (_, values), (_, wanted) in zip(said["reasons"], reasons, strict=True):
        assert values == pytest.approx(list(wanted))
    cells = [[wording.mean_cell(row, 0), wording.mean_cell(row, 1), *wording.change_cell(row)] for row in people]
    assert said["cells"] == cells


def arms_at(query: str) -> tuple[question.AnswerRow, ...]:
    situation: Situation = ask.ten_years(read_address(query).first)
    return question.arms_of(situation)


def plain(outcomes: tuple[Outcome | Failure, ...]) -> list[dict[str, Any]]:
    """Return outcomes as the page gets them."""
    return [one._asdict() if isinstance(one, Outcome) else {"failed": one.words} for one in outcomes]


def tried(act: Callable[[], Any]) -> Any:
    """Return what an act gives, or the line with which it is refused."""
    try:
        return act()
    except InputError as error:
        return f"refused {error}"

"""The page Turnover: levers pull what they say, words are those that were agreed, numbers are those of the package.

What the page says of made-up runs stands in `fixtures/page_turnover.json`, to be read. Where words are meant to change:
``python tests/test_turnover_in_pages.py`` writes it anew, and what differs is looked at before it is kept.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mhsim import simulate, stats
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import address_of, read_address
from mhsim.export.page_facts import facts_text
from mhsim.scenario import Change
from mhsim.scenario_io.loader import shipped
from mhsim.studies.points import value_at
from page_modules import told_in_node
from support import assert_rises

SAID = Path(__file__).parent / "fixtures" / "page_turnover.json"
SCRIPT = """
import { readFacts } from "@/engine/facts.js";
import { readAddress, writeAddress } from "@/engine/query.js";
import * as inputs from "@/pages/turnover_inputs.js";
import * as words from "@/pages/turnover_words.js";
import * as question from "@/pages/turnover_question.js";
import * as counts from "@/pages/outcomes.js";
import { csvOf } from "@/pages/turnover_files.js";
const facts = readFacts(asked.facts), read = (query) => readAddress(facts, query);
const tried = (act) => {
  try { return act(); } catch (error) {
    return error.name === "InputError" ? `refused ${error.message}` : error.stack;
  }
};
const field = ({ name, label, kind, value, low, high, step }) => [name, label, kind, value, low, high, step];
const people = (one, other) => counts.peopleOf(one, other, true);
const pulled = (situation) => inputs.fieldsOf(situation).map((one) => {
  const there = inputs.withInput(situation, one.name, one.high ?? true);
  const same = inputs.withInput(there, one.name, one.value);
  return [one.name, one.high, inputs.fieldsOf(there).find(({ name }) => name === one.name)?.value, writeAddress(same)];
});
const inNumbers = ({ first, one, other }) => ({
  shares: [one, other].map(counts.aliveAtEnd), change: counts.differenceInAlive(one, other),
  pairs: counts.pairCounts(one, other), reasons: [one, other].map(counts.reasonsOf),
  half: [one, other].map(counts.halfClosed), curves: [one, other].map((runs) => counts.aliveByTime(runs, 520)),
  people: people(one, other).map(({ measure: { name }, means, difference }) => [name, ...means, difference]),
});
const pairs = asked.pairs.map(({ query, one, other }) => ({ ...read(query), one, other, asked: 200 }));
console.log(JSON.stringify({
  said: {
    pairs: pairs.map((pair) => ({
      text: words.answerText(pair), half: words.halfInWords(pair), people: words.onPeople(people(pair.one, pair.other)),
      reasons: words.reasonRows(pair).map(({ label }) => label),
      cells: people(pair.one, pair.other).map((row) =>
        [words.meanCell(row, 0), words.meanCell(row, 1), ...words.changeCell(row)]),
    })),
    inputs: asked.inputs.map(([query, name, value]) => {
      const { first, second } = read(query);
      const there = () => writeAddress(...inputs.withInputInBoth(first, second, name, value));
      return { query, fields: inputs.fieldsOf(first).map(field), set: [name, value], there: tried(there) };
    }),
    times: asked.times.map((text) => [text, tried(() => question.readTime(text))]),
    questions: asked.questions.map(({ query, outcomes }) => {
      const situation = question.tenYears(read(query).first), arms = question.armsOf(situation);
      const rows = question.tableOf(outcomes);
      return {
        asked: question.questionInWords(situation), later: question.notYet(situation),
        arms: arms.map(({ name, about, situation: one }) => [name, about, writeAddress(one)]),
        parts: question.partsOf(arms).map(({ weeks, scenarios }) => [weeks, scenarios.length]),
        said: question.sentences(arms, 52, rows), cells: rows.map((row) => row.map(question.valueText)),
      };
    }),
  },
  numbers: pairs.map(inNumbers),
  csv: csvOf(pairs[0]),
  weeks: Array.from({ length: 520 }, (_, week) => question.readTime(question.timeInWords(week))),
  pulled: [true, false].map((learnt) => pulled(read(`form=base&prepare.enabled=${learnt}`).first)),
  examples: asked.forms.map((form) => inputs.examples().map((one) => writeAddress(...one.situations(facts, form, 7)))),
}));
"""
LOSS = "form=base&weeks=520&start.helpers=4&change=4:lose_busiest_helpers=2;leave=true"
QUESTIONS = (
    LOSS,
    "form=base&weeks=520&start.helpers=0",
    "form=consumer_survivor&change=60:lose_busiest_helpers=1",
    "form=base&prepare.enabled=true&start.apprentices=2&prepare.successors=1&start.helpers=1"
    "&change=0:serve.turnover_per_year=1;lose_busiest_helpers=3",
)
ARMS = (6, 5, 6, 6)
"""How many answers the page offers to each."""
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
    *("4 weeks", "week 4", "4", "1 month", "month 2", "12 months", " 9  Years ", "519", "520", "ten", "2 weeks 3"),
    *("", "soon", "-3", "2 moons", "week 4 months", "10 years", "4.5 weeks", "99999"),
)
PAIRS = (
    ("form=base&serve.turnover_per_year=2&b.prepare.successors=2", (1, 200, 0.4), (1, 200, 0.75)),
    ("form=base&weeks=1508", (2, 200, 0.5), (2, 200, 0.5)),
    ("form=base&weeks=104&b.supervise.supervision=1", (3, 200, 0.9), (4, 200, 0.89)),
    ("form=base&b.weeks=52", (5, 60, 0.9), (6, 60, 0.2)),
    ("form=base", (7, 200, 1.0), (8, 200, 1.0)),
    ("form=base", (1, 20, 0.5, True), (1, 20, 0.5)),
)
"""An address and how A and B come out: seed, number of runs, share alive, whether no group ever was."""


def random_outcomes(seed: int, number: int, alive: float, none: bool = False) -> list[dict[str, Any]]:
    """Return outcomes as histories have them, some without a group, a case or an end."""
    luck = np.random.default_rng(seed)
    found: list[dict[str, Any]] = []
    for _ in range(number):
        lives, share = bool(luck.random() < alive), float(luck.random())
        reasons = ("low_attendance", "no_leader", "no_longer_needed", "conflict", "money")
        weeks = 520.0 if none or lives else float(luck.integers(1, 520))
        one = {
            "alive_at_end": None if none else lives,
            "weeks_to_closure": None if none else weeks,
            "closure_reasons": None if lives or none else str(luck.choice(reasons)),
            **{"members_at_end": int(luck.integers(0, 30)), "helpers_at_end": int(luck.integers(0, 6))},
            **{"arrivals": 20, "first_visits": 4, "seen_at_52": int(luck.integers(0, 40))},
            **{"seen_at_52_joiners": int(luck.integers(0, 3)), "accommodated_at_52": share},
            **{"hope_at_52": share / 2 + alive / 4, "distress_at_52": None if share < 0.1 else share},
            **{"requests_met": share, "helpers_made": int(luck.integers(0, 3)), "burnouts": int(luck.integers(0, 9))},
            "exits_burnt_out": 1,
        }
        found.append(one)
    if number > 50 and not none:
        found[7] = {"failed": "it failed"}
    return found


def asked() -> dict[str, Any]:
    """Return all that the page is asked here."""
    return {
        "facts": facts_text(),
        **{"forms": sorted(shipped()), "inputs": INPUTS, "times": TIMES},
        "pairs": [
            {"query": query, "one": random_outcomes(*one), "other": random_outcomes(*other)}
            for query, one, other in PAIRS
        ],
        "questions": [
            {"query": query, "outcomes": [random_outcomes(arm, 200, 0.5 + arm / 12) for arm in range(arms)]}
            for query, arms in zip(QUESTIONS, ARMS, strict=True)
        ],
    }


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """What the page says to it, in one process."""
    return dict(told_in_node(SCRIPT, asked()))


def test_the_page_says_what_was_agreed(told: dict[str, Any]) -> None:
    """Sentences, cells, inputs, addresses; no difference is called good or bad, and only a clear one is called so."""
    assert told["said"] == json.loads(SAID.read_text(encoding="utf-8"))
    for said, numbers in zip(told["said"]["pairs"], told["numbers"], strict=True):
        assert not re.search("better|worse|saved", json.dumps(said))
        clear = numbers["change"]["low"] is not None and numbers["change"]["low"] * numbers["change"]["high"] > 0
        assert ("rarely" in said["text"]["difference"]) == (clear and "All 200" in said["text"]["soFar"])


def values(runs: list[dict[str, Any]], name: str) -> np.ndarray:
    """Return a measure of every run, missing where there is no case."""

    def one(run: dict[str, Any]) -> float:
        if "failed" in run:
            return np.nan
        if name == "came":
            return run["seen_at_52_joiners"] / run["seen_at_52"] if run["seen_at_52"] else np.nan
        value = run[{"burnt_out_left": "exits_burnt_out", "unmet": "requests_met"}.get(name, name)]
        return np.nan if value is None else 1.0 - value if name == "unmet" else float(value)

    return np.array([one(run) for run in runs])


def alike(found: dict[str, Any], wanted: stats.Estimate) -> None:
    for name in ("value", "low", "high"):
        number = getattr(wanted, name)
        assert found[name] == (None if np.isnan(number) else pytest.approx(number, abs=1e-12)), name


def test_the_numbers_are_those_of_the_package(told: dict[str, Any]) -> None:
    """Shares, differences, curves and means are those of `mhsim.stats`; the curve is that of Kaplan and Meier."""
    for (_, *both), found in zip(PAIRS, told["numbers"], strict=True):
        sides = [random_outcomes(*one) for one in both]
        alive = [values(runs, "alive_at_end") for runs in sides]
        for share, lives in zip(found["shares"], alive, strict=True):
            lives = lives[~np.isnan(lives)]
            alike(share, stats.proportion(int(lives.sum()), len(lives)))
        both_known = ~np.isnan(alive[0]) & ~np.isnan(alive[1])
        pairs = (alive[1] - alive[0])[both_known]
        alike(found["change"], stats.paired_difference(pairs, yes_no=True) if len(pairs) else stats.UNKNOWN)
        one = alive[0][both_known].astype(bool)
        counted = {"both": one & (pairs == 0), "firstOnly": pairs < 0, "secondOnly": pairs > 0}
        assert {name: int(rows.sum()) for name, rows in counted.items()}.items() <= found["pairs"].items()
        assert found["pairs"]["cases"] == len(pairs)
        for runs, curve, half, lives in zip(sides, found["curves"], found["half"], alive, strict=True):
            known = ~np.isnan(lives)
            weeks = np.where(lives[known] == 1, 520.0, values(runs, "weeks_to_closure")[known])
            fitted = stats.kaplan_meier(weeks, lives[known] == 0)
            if fitted is not None and known.any():
                for week, share in zip(curve["weeks"], curve["share"], strict=True):
                    assert fitted.at(week).value * 100 == pytest.approx(share), week
                closed = np.sort(weeks[lives[known] == 0])
                middle = (known.sum() + 1) // 2
                assert half == (closed[middle - 1] if len(closed) >= middle else None)
        rows = {name: [values(runs, name) for runs in sides] for name, *_ in found["people"]}
        changes = stats.paired_differences(np.array([other - one for one, other in rows.values()]))
        for (name, *means, change), wanted in zip(found["people"], changes, strict=True):
            for told_mean, column in zip(means, rows[name], strict=True):
                alike(told_mean, stats.mean(column))
            alike(change, wanted)


def test_the_table_to_take_along_holds_what_the_page_counts(told: dict[str, Any]) -> None:
    """A row for each thing counted, with the words in which the page tells whether it is clear."""
    lines = told["csv"].splitlines()
    cells, numbers = told["said"]["pairs"][0]["cells"], told["numbers"][0]
    assert (
        lines[0]
        == "what,unit,a,a_low,a_high,b,b_low,b_high,b_less_a,b_less_a_low,b_less_a_high,pairs,clear,clear_in_words"
    )
    for line, (name, *_, change), row in zip(lines[2:], numbers["people"], cells, strict=False):
        assert line.endswith(f",{row[-1]}"), name
        scale = 1 if name in ("burnouts", "burnt_out_left", "helpers_made", "helpers_at_end", "members_at_end") else 100
        assert float(line.split(",")[-6]) == pytest.approx(scale * change["value"], rel=1e-5)


def test_every_slider_shows_the_value_it_stands_for_and_pulls_it(told: dict[str, Any]) -> None:
    """A slider in per cent that set a share to 40 instead of 0.4 would be refused, or worse, taken."""
    learnt, plain = told["pulled"]
    for name, high, shown, back in learnt + plain:
        assert name.startswith("loss.") or shown == pytest.approx(high), name
        assert name.startswith("loss.") or read_address(back).first.settings in ((), (("prepare.enabled", False),)), (
            name
        )
    assert "prepare.successors" in {name for name, *_ in learnt} - {name for name, *_ in plain}
    assert told["weeks"] == list(range(520)), "every week comes back from its words"


def test_examples_are_allowed_in_every_form(told: dict[str, Any]) -> None:
    for addresses in told["examples"]:
        for query in addresses:
            found = read_address(query)
            assert found.first.scenario() != found.second.scenario()
            assert found.query() == query


def arms_of(place: int, told: dict[str, Any], more: dict[str, Any]) -> list[Situation]:
    """Return the answers that the page offers to a question, as the model takes them."""
    addresses = [query for _, _, query in told["said"]["questions"][place]["arms"]]
    return [read_address(query).first.with_values(more) for query in addresses]


def test_each_answer_differs_from_doing_nothing_in_what_it_names_and_acts(told: dict[str, Any]) -> None:
    """A row that moved nothing in any run would be an empty promise."""
    nothing, *others = arms_of(0, told, {"start.run_in_weeks": 4, "weeks": 156, "prepare.enabled": True})
    for arm in others[:-1]:
        assert len({path for path, _ in set(arm.settings) ^ set(nothing.settings)}) == 1
        assert arm.changes == nothing.changes
    assert others[-1].settings == nothing.settings and others[-1].changes == ()
    before, *seen = ([simulate(arm.scenario(), k).summary for k in range(6)] for arm in (nothing, *others))
    assert all(one != before for one in seen)


def test_one_shorter_run_is_the_beginning_of_a_longer(told: dict[str, Any]) -> None:
    """The horizons are told as one history: after one year, three and ten of the same group."""
    nothing = arms_of(0, told, {"start.run_in_weeks": 4})[0]
    assert [weeks for weeks, _ in told["said"]["questions"][0]["parts"]] == [52, 156, 520]
    long = simulate(nothing.scenario(), 3, record="series").series
    short = simulate(nothing.with_values({"weeks": 156}).scenario(), 3, record="series").series
    assert short.num_rows and long.slice(0, short.num_rows).equals(short)


def test_who_learns_already_makes_good_a_part_of_what_is_lost() -> None:
    """Two of four helpers leave in a month: with one who learns already there are more helpers half a year later."""
    asked = read_address(LOSS).first.with_values({"prepare.enabled": True, "start.run_in_weeks": 0, "weeks": 40})
    there = [asked.with_values({"start.apprentices": n, "start.apprentice_know_how": 0.4}).scenario() for n in (0, 1)]
    none, one = ([simulate(world, k).summary["helpers_at_end"] for k in range(60)] for world in there)
    assert_rises(none, one)


def test_a_loss_is_one_change_that_comes_back_from_its_address() -> None:
    """What the page writes of people who stop is an act of the model, and who leaves the group too is said there."""
    found = read_address(LOSS).first
    assert found.changes == (Change(week=4, act="lose_busiest_helpers", count=2, leave=True),)
    assert value_at(found.scenario(), "start.helpers") == 4
    assert read_address(address_of(found).query()).first == found


if __name__ == "__main__":
    found = told_in_node(SCRIPT, asked())["said"]
    parts = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"
        for name, rows in found.items()
    )
    SAID.write_text(f"{{\n{parts}\n}}\n", encoding="utf-8")

"""A page without a server says of the same runs of a lesson what Python says, and counts the answers of a class."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import numpy as np
import pytest

from engines import ready_built
from mhsim.dashboard import BROWSER_FILES
from mhsim.dashboard.lessons.evaluate import answers, verdict
from mhsim.dashboard.lessons.lesson_file import (
    SHELF,
    lessons,
    lessons_for_pages,
    lessons_of,
    read_translation,
    situation_of_case,
)
from mhsim.dashboard.lessons.lesson_parts import Lesson, LessonPart, LessonTexts
from mhsim.dashboard.lessons.measures import OF_PEOPLE, LessonOutcome, measures_of, outcome_of
from mhsim.dashboard.lessons.runs import Runs
from mhsim.dashboard.scenario_state import parameters
from mhsim.dashboard.url_state import address_of
from mhsim.errors import InputError
from mhsim.export.page_facts import facts_text
from mhsim.scenario import Scenario, with_values
from page_modules import asked_in_node, asked_of

PROGRAM = Path(__file__).with_name("lessons_in_node.mjs")
SEED = 7
NAMES = ["  Ada  Lovelace ", "Änne", "A.D.A. <b>@x, 1", "", "x" * 99]


def runs_by_chance(lesson: Lesson, luck: np.random.Generator) -> Runs:
    """Runs as they may come out: some measures far apart, some alike, some rarely known, one history broken."""
    outcomes: dict[str, tuple[LessonOutcome | None, ...]] = {}
    pairs, shared = lesson.pairs, luck.normal(size=lesson.pairs)
    for case in lesson.cases:
        scenario = situation_of_case(lesson, case).scenario()
        columns = []
        for measure in measures_of(scenario):
            values = (
                0.5 + luck.choice([0.0, 0.01, 0.2]) + 0.1 * shared + luck.choice([0.0, 0.1]) * luck.normal(size=pairs)
            )
            if measure in ("alive_at_end", "closed"):
                values = (values > 0.6) * 1.0
            elif measure == "requests_met":
                values = np.resize([0.0, 0.25], pairs)  # a mean that lies between two numbers as they are written
            values[luck.random(pairs) < luck.choice([0.0, 0.3])] = np.nan
            columns.append(values)
        rows = np.array(columns).T
        outcomes[case.name] = tuple(LessonOutcome(tuple(map(float, row)), tuple(scenario.forms)) for row in rows)
    first = lesson.cases[0].name
    outcomes[first] = (None, *outcomes[first][1:])
    return outcomes


def plain(runs: Runs, lesson: Lesson) -> dict[str, list[dict[str, float | str | None]]]:
    """The same runs as a page has them."""
    wanted = {(side.case, side.measure) for ask in lesson.asks for side in (ask.first, ask.second)}

    def one(case: str, outcome: LessonOutcome | None) -> dict[str, float | str | None]:
        if outcome is None:
            return {"failed": "broken"}
        values = {measure: outcome.value(measure) for name, measure in wanted if name == case}
        return {measure: None if np.isnan(value) else value for measure, value in values.items()}

    return {case: [one(case, outcome) for outcome in outcomes] for case, outcomes in runs.items()}


@pytest.fixture(scope="module")
def lived() -> dict[str, Runs]:
    luck = np.random.default_rng(41)
    return {name: runs_by_chance(lesson, luck) for name, lesson in lessons().items()}


@pytest.fixture(scope="module")
def said(lived: dict[str, Runs], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page's modules say to all that is asked here, in one process."""
    if which("node") is None:
        pytest.skip("there is no node on this machine")
    good = "succession.both.7.mf.3fa9.x7k2.Ada."
    pasted = [
        "# a line that says nothing", "", "Dear teacher, here it is:", f"{good}0000", "succession.both.7.mf",
        *(_code(guess, ticket) for guess, ticket in (("both", "aaaa"), ("both", "bbbb"), ("none", "cccc"))),
        f"x {_code('both', 'aaaa')} y", _code("never", "dddd"),
    ]  # fmt: skip
    asked = {
        "facts": facts_text(),
        "lessons": lessons_for_pages(),
        "outcomes": {name: plain(lived[name], lesson) for name, lesson in lessons().items()},
        "seed": SEED,
        "answer": {
            **{"lesson": "burnout_spiral", "guess": "spiral", "seed": 12, "engine": "3fa9bb01"},
            **{"outcomes": ["more", "fewer", "same"], "name": "Änne O 2"},
        },
        "names": NAMES,
        "rare": {
            "usual": [{"burnouts": float(k == 59)} for k in range(60)],
            "usual_supervised": [{"burnouts": 0.0}] * 60,
        },
        "pasted": "\r\n".join(pasted),
    }
    path = tmp_path_factory.mktemp("lessons") / "asked.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(["node", PROGRAM, BROWSER_FILES, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def _code(guess: str, ticket: str) -> str:
    """A code worked out here, from what docs/lessons.md says of its check sum."""
    body = f"succession.{guess}.7.mf.3fa9.{ticket}.Ada"
    number = 0
    for sign in body.lower():
        number = (number * 37 + ord(sign)) % 1_048_573
    return f"{body}.{''.join('0123456789abcdefghjkmnpqrstvwxyz'[number >> shift & 31] for shift in (15, 10, 5, 0))}"


@pytest.mark.parametrize("name", lessons())
def test_a_page_says_of_a_lesson_what_python_says(said: dict[str, Any], lived: dict[str, Runs], name: str) -> None:
    """Words, numbers, intervals and verdicts: a student at home and the class in front of a server see one lesson."""
    lesson, told = lessons()[name], said["told"][name]
    found = answers(lesson, lived[name])
    assert told["outcomes"] == [one.outcome for one in found]
    assert told["words"] == [one.words for one in found]
    assert told["numbers"] == [one.numbers for one in found]
    assert told["uncertainty"] == [one.uncertainty for one in found]
    assert told["verdicts"] == [verdict(choice, found) for choice in lesson.choices]
    outcomes = {one.ask.name: one.outcome for one in found}
    holding = [why for why in lesson.why if all(outcomes[name] in held for name, held in why.when.items())]
    assert told["reasons"] == [why.mechanism for why in holding]
    assert len(told["bars"]) == len(found)
    for answer, picture in zip(found, told["bars"], strict=True):
        assert "<desc>" in picture and answer.names[0].split()[0] in picture
    situations = [situation_of_case(lesson, case, SEED) for case in lesson.cases]
    assert told["addresses"] == [address_of(one, None, {}).query() for one in situations]


@pytest.mark.parametrize("name", lessons())
def test_how_much_is_assumed_is_counted_from_the_model(said: dict[str, Any], name: str) -> None:
    """If somebody finds a source for a parameter, the lesson must not go on calling it assumed."""
    rows = [parameters()[path] for path in lessons()[name].rests_on]
    assumed, told = [row for row in rows if str(row["source"]).startswith("assumed")], said["told"][name]["assumptions"]
    assert [row["meaning"] for row in rows if f"“{row['meaning']}”" in told] == [row["meaning"] for row in assumed]
    if assumed:
        number = [*small_numbers(), *map(str, range(13, 99))][len(assumed)]
        assert f"; {number} of them {'is' if len(assumed) == 1 else 'are'} assumed" in told
    else:
        assert "published source, most of them weak" in told


def small_numbers() -> list[str]:
    return ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def test_next_to_nothing_is_not_drawn_as_a_long_bar(said: dict[str, Any]) -> None:
    """Bars scaled to the larger of two tiny numbers would show a great difference where there is none."""
    widths = [float(width) for width in re.findall(r'<rect[^>]* width="([\d.]+)"', said["rare"])]
    assert widths
    assert max(widths) < 20


def test_something_can_be_switched_off_in_every_lesson(said: dict[str, Any]) -> None:
    """What carries a result is found by taking it away; a lesson without anything to take away shows less."""
    for name, told in said["told"].items():
        assert told["switches"], name
        for switch in told["switches"]:
            assert switch["value"] in (False, 0)
            assert switch["path"].split(".")[0] in {path.split(".")[0] for path in lessons()[name].rests_on}


def test_a_typing_error_in_a_code_is_told(said: dict[str, Any]) -> None:
    """Codes are copied by hand from a telephone: a wrong, lost, added or exchanged sign must not count."""
    assert re.fullmatch(r"burnout_spiral\.spiral\.12\.mfs\.3fa9\.\w{4}\.Änne_O_2\.\w{4}", said["code"])
    assert said["tried"] > 300
    assert said["unnoticed"] == []
    assert said["linked"] == [said["code"]]
    back = said["back"]
    assert (back["lesson"], back["guess"], back["seed"]) == ("burnout_spiral", "spiral", 12)
    assert back["outcomes"] == ["more", "fewer", "same"]
    assert said["named"] == ["Ada_Lovelace", "Änne", "ADA_bx_1", "", "x" * 30]


def test_a_class_is_counted_and_bad_lines_are_named(said: dict[str, Any]) -> None:
    """A teacher must see which line was not counted and why, and nobody may count twice."""
    wrong = [(one["line"], one["why"]) for one in said["wrong"]]
    assert wrong == [
        (3, "there is no code in it"),
        (4, "the check sum does not fit: a letter or figure is wrong or missing"),
        (5, "the code is not whole; it has eight parts with points between"),
        (10, "the lesson succession has no choice never"),
    ]
    assert said["again"] == 1
    (counted,) = said["tally"]
    assert (counted["name"], counted["number"], counted["seeds"]) == ("succession", 3, [7])
    # Came out: more where they stay, fewer where they leave. "both" expects more and more, "none" the same twice.
    assert [one["said"] for one in counted["choices"]] == [2, 0, 0, 1]
    assert [one["part"] for one in counted["choices"]] == [2, 0, 0, 0]
    assert [one["other"] for one in counted["choices"]] == [0, 0, 0, 1]
    assert [(one["more"], one["fewer"], one["same"]) for one in counted["asks"]] == [(3, 0, 0), (0, 3, 0)]
    assert counted["twice"] == ["Ada"]
    assert said["reopened"] == [3, 0], "a table that was downloaded can be opened again"


def test_helpers_and_other_members_are_those_of_this_machine() -> None:
    """These two measures are counted for lessons alone; a page that took others for helpers would mislead."""
    scenario = with_values(Scenario(weeks=300, seed=3), {"serve.become_hazard": 0.5})
    built = ready_built().folder
    asked = {"lived": asked_of(scenario, 2, "lives")}
    found = asked_in_node("histories", asked, [built / "engine.wasm", built / "engine.json"])["lived"]["people"]
    outcome = outcome_of(scenario, 2)
    assert found == {name: outcome.value(name) for name in OF_PEOPLE}


# --- lessons in other languages ---


def texts_in(part: Any, kind: type[LessonPart] = LessonTexts) -> Any:
    """The texts of a lesson as its translation has them."""
    if isinstance(part, LessonPart):
        own = next(base for base in type(part).__mro__ if base.__name__.endswith("Texts") or base is type(part))
        texts = next((base for base in type(part).__mro__ if base.__name__.endswith("Texts")), own)
        return {name: texts_in(getattr(part, name)) for name in texts.model_fields}
    return [texts_in(one) for one in part] if isinstance(part, tuple) else part


def shape(texts: Any) -> Any:
    """Where something is said: keys, lengths of lists, and whether a text is there."""
    if isinstance(texts, dict):
        return {key: shape(value) for key, value in texts.items()}
    return [shape(one) for one in texts] if isinstance(texts, list) else bool(texts)


@pytest.mark.parametrize("name", sorted(lessons_of("de")))
def test_a_translated_lesson_says_all_of_it_and_the_same_numbers(name: str) -> None:
    """A text left out, or a code or number that got lost on the way, would make another lesson of it."""
    english, german = lessons()[name], lessons_of("de")[name]
    assert shape(texts_in(german)) == shape(texts_in(english))
    assert german.model_dump() != english.model_dump()
    for one, other in zip(_said(english), _said(german), strict=True):
        assert re.findall(r"\b[VEN]\d+\b|\w+\.\w+_\w+", other) == re.findall(r"\b[VEN]\d+\b|\w+\.\w+_\w+", one), other


def _said(lesson: Lesson) -> list[str]:
    return [" ".join(lesson.background), lesson.evidence, lesson.doubt]


@pytest.mark.parametrize(
    ("key", "change", "words"),
    [
        ("choices", lambda texts: texts["choices"].pop(), r"choices: given 3, the lesson has 4"),
        ("title", lambda texts: texts.pop("title"), r"title"),
        ("asks", lambda texts: texts["asks"][0].update(name="a"), r"asks.*name"),
        ("names", lambda texts: texts["asks"][0].update(names=["a", "b"]), r"asks, 1, names: given, unlike"),
    ],
)
def test_texts_that_are_not_those_of_the_lesson_are_refused(key: str, change: Any, words: str, tmp_path: Path) -> None:
    """Who changes a lesson must be told what its translation lacks, in one line."""
    del key
    path, texts = tmp_path / "succession.yaml", texts_in(lessons()["succession"])
    path.write_text(json.dumps(texts), encoding="utf-8")
    assert read_translation(path, lessons()["succession"]) == lessons()["succession"]
    change(texts)
    path.write_text(json.dumps(texts), encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        read_translation(path, lessons()["succession"])
    assert "\n" not in str(caught.value)
    assert SHELF.name not in str(caught.value)

"""Reading input. A wrong file must give one line that says where, what was given and what is allowed; nothing else."""

from __future__ import annotations

import math
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from mhsim.cli import exit_code
from mhsim.scenario import Scenario, sections, with_values
from mhsim.scenario_io import loader
from mhsim.scenario_io.loader import InputError, read_checked, read_scenario, read_yaml
from mhsim.scenario_io.writer import scenario_text
from mhsim.scenario_io.yaml_reader import LARGEST_FILE, parse_yaml, scalar

HUGE = "9" * 401

WRONG = {
    "dotted key": ("weeks: 9\nserve.turnover_per_year: 0.5", 2, ["keys are nested", "serve: {turnover_per_year: ...}"]),
    "point for thousands": ("start:\n  members: 1.000", 2, ["start.members: given 1.000", "without a point"]),
    "no-break spaces in the indentation": ("serve:\n\u00a0\u00a0term_weeks: 9", 2, ["U+00A0", "plain spaces"]),
    "a study": ("base: base\nvary: {weeks: [5]}", 1, ["this is a study", "mhsim sweep"]),
    "a study of another kind": ("kind: trial\nreplicates: 3", 1, ["this is a study", "mhsim trial"]),
    "key misspelt at the top": ("weeks: 9\nshaer: {}", 2, ["shaer", "did you mean 'share'"]),
    "key misspelt in a section": ("share:\n  hope_gan: 0.1", 2, ["share.hope_gan", "did you mean 'hope_gain'"]),
    "key misspelt in a change": ("changes:\n- week: 3\n  sett: {}", 3, ["changes[0].sett", "'set'"]),
    "key without its section": ("weeks: 9\nhope_gain: 0.1", 2, ["did you mean 'share.hope_gain'"]),
    "merge key": ("<<: 3", 1, ["no such key"]),
    "yes for a number": ("weeks: yes", 1, ["weeks: given yes", "whole number from 1 to 3600 (weeks)"]),
    "true for a number": ("share: {hope_gain: true}", 1, ["given true", "0 to 1 (share/meeting)"]),
    "number in quotes": ('weeks: "52"', 1, ["given the text '52'", "without quotes"]),
    "number in quotes, scientific": ('share: {hope_gain: "1e-3"}', 1, ["without quotes"]),
    "octal number": ("weeks: 010", 1, ["given the text '010'"]),
    "hexadecimal number": ("weeks: 0x10", 1, ["given the text '0x10'"]),
    "sexagesimal number": ("weeks: 1:30", 1, ["given the text '1:30'"]),
    "fraction for a whole number": ("weeks: 52.5", 1, ["given 52.5", "whole number"]),
    "word for a number": ("weeks: many", 1, ["given the text 'many'"]),
    "nothing for a number": ("weeks:", 1, ["given nothing"]),
    "list for a number": ("weeks: [1, 2]", 1, ["given a list"]),
    "section for a number": ("weeks: {a: 1}", 1, ["given a section"]),
    "number for a switch": ("share: {enabled: 1}", 1, ["given 1", "on or off"]),
    "word for a switch": ("share: {enabled: maybe}", 1, ["on or off"]),
    "switch in quotes": ('share: {enabled: "yes"}', 1, ["on or off", "without quotes"]),
    "number for text": ("title: 5", 1, ["given 5", "put it in quotes"]),
    "switch for text": ("title: no", 1, ["given no", "put it in quotes"]),
    "text too long": (f"title: {'x' * 300}", 1, ["at most 200 characters"]),
    "list for a section": ("share: [1]", 1, ["given a list", "a section with the keys"]),
    "number for a section": ("share: 3", 1, ["given 3", "a section with the keys"]),
    "nothing for a section": ("share:", 1, ["given nothing", "a section with the keys"]),
    "number for a list": ("changes: 3", 1, ["given 3", "a list"]),
    "wrong choice": ("start: {kind: old}", 1, ["given the text 'old'", "founding, established"]),
    "wrong number among choices": ("weeks_per_step: 2", 1, ["given 2", "1.0, 0.5"]),
    "too large": ("share:\n  hope_gain: 1.01", 2, ["given 1.01", "0 to 1 (share/meeting)"]),
    "negative": ("share: {hope_gain: -0.1}", 1, ["given -0.1"]),
    "negative whole number": ("weeks: -1", 1, ["given -1"]),
    "not a number": ("share: {hope_gain: .nan}", 1, ["given .nan"]),
    "infinite": ("share: {hope_gain: .inf}", 1, ["given .inf"]),
    "infinite, negative": ("weeks: -.inf", 1, ["given -.inf"]),
    "nan as a word": ("share: {hope_gain: nan}", 1, ["given the text 'nan'"]),
    "overflow": ("share: {hope_gain: 1e400}", 1, ["given 1e400"]),
    "overflow, whole number": ("weeks: 1e400", 1, ["given 1e400"]),
    "400 digits": (f"weeks: {HUGE}", 1, ["given 9999"]),
    "400 digits for a fraction": (f"share: {{hope_gain: {HUGE}}}", 1, ["given 9999"]),
    "10,000 digits": (f"seed: {'9' * 10_000}", 1, ["given 9999"]),
    "just above what is exact": ("seed: 9007199254740993", 1, ["9007199254740992"]),
    "more helpers than members": ("start:\n  members: 3\n  helpers: 5", 3, ["more than start.members"]),
    "empty file": ("", 1, ["no settings"]),
    "only spaces": ("  \n\n", 1, ["no settings"]),
    "only comments": ("# a\n# b\n", 1, ["no settings"]),
    "only a marker": ("---\n", 1, ["no settings"]),
    "list on top": ("- 1\n- 2", 1, ["keys with values", "given is a list"]),
    "text on top": ("weeks 52", 1, ["keys with values", "'weeks 52'"]),
    "key twice": ("weeks: 5\nseed: 1\nweeks: 6", 3, ["weeks: stands twice", "line 1"]),
    "key that stands in another section": ("help:\n  supervision: 1", 2, ["did you mean 'supervise.supervision'?"]),
    "key that stood in another section": ("leave:\n  sponsor_holds: 1", 2, ["did you mean 'bond.sponsor_holds'?"]),
    "key twice in a section": ("share:\n  breadth: 1\n  breadth: 1", 3, ["share.breadth: stands twice"]),
    "number as key": ("1: 2", 1, ["a key has to be a name", "given is 1"]),
    "switch as key": ("on: 2", 1, ["a key has to be a name", "given is on"]),
    "nothing as key": ("~: 2", 1, ["a key has to be a name"]),
    "list as key": ("? [a]\n: 3", 1, ["a key has to be a name"]),
    "Python tag": ("title: !!python/object/apply:os.system [ls]", 1, ["tags", "not used"]),
    "own tag": ("title: !x y", 1, ["tags", "not used"]),
    "standard tag": ("weeks: !!int 5", 1, ["tags", "not used"]),
    "anchor": ("share: &a {breadth: 1}\nhelp: *a", 1, ["anchors"]),
    "alias of nothing": ("share: *a", 1, ["anchors"]),
    "endless alias": ("a: &a [*a]", 1, ["anchors"]),
    "bomb": ("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]", 1, ["anchors"]),
    "two documents": ("weeks: 5\n---\nweeks: 6", 2, ["second document"]),
    "deep lists": ("a: " + "[" * 100_000, 1, ["deeper"]),
    "deep sections": ("{a: " * 1_000, 1, ["deeper"]),
    "too many values": ("a: [" + "1," * 60_000 + "]", 1, ["more than 50,000"]),
    "tab before a key": ("share:\n\tbreadth: 1", 2, ["tab"]),
    "colon in a value": ("title: a: b", 1, ["not YAML", "colon"]),
    "colon missing": ("weeks: 5\nseed 1\n", 2, ["not YAML", "colon"]),
    "indentation": ("share:\n   breadth: 1\n  enabled: on", 3, ["not YAML", "indentation"]),
    "bracket open": ("share: {breadth: 1", 1, ["not YAML", "bracket"]),
    "quotation mark open": ('title: "a', 1, ["not YAML", "quotation mark"]),
    "at sign": ("title: @a", 1, ["not YAML", "quote"]),
    "control character": ("weeks: 5\ntitle: a\x07", 2, ["\\x07"]),
    "half a character": ('title: "\\ud800"', 1, []),
    "change that does nothing": ("changes:\n- week: 3", 2, ["changes[0]", "`set` or `act`"]),
    "change without a week": ("changes:\n- set: {benefits: 0}", 2, ["week is missing"]),
    "change at a path that is none": (
        "changes:\n- week: 3\n  set:\n    share.hope_gan: 0",
        4,
        ["share.hope_gan: no such path", "did you mean 'share.hope_gain'"],
    ),
    "change of a section": ("changes: [{week: 3, set: {share: 0}}]", 1, ["this is a section"]),
    "change to a wrong value": (
        "changes:\n- {week: 3, set: {share.hope_gain: 7}}",
        2,
        ["given 7", "0 to 1 (share/meeting)"],
    ),
    "change to another kind of value": ("changes: [{week: 3, set: {share.enabled: 1}}]", 1, ["on or off"]),
    "change to a list": ("changes: [{week: 3, set: {share.enabled: [1]}}]", 1, ["given a list"]),
    "change of what is fixed": ("changes:\n- week: 3\n  set: {seed: 3}", 2, ["cannot change in mid-life"]),
    "change by too large a factor": ("changes:\n- week: 3\n  set: {benefits: 1000}", 3, ["would become"]),
    "change by a negative factor": ("changes: [{week: 3, set: {harms: -1}}]", 1, ["a factor of 0 or more"]),
    "change after the end": (
        "weeks: 9\nchanges:\n- {week: 3, set: {benefits: 0}}\n- {week: 40, set: {benefits: 0}}",
        4,
        ["week 40", "9 weeks"],
    ),
    "act that is none": ("changes: [{week: 3, act: lose_all}]", 1, ["lose_busiest_helpers"]),
    "parent that is none": ("weeks: 9\nextends: bse", 2, ["extends", "did you mean 'base'"]),
    "parent file that is none": ("extends: none.yaml", 1, ["extends", "no file"]),
    "parent that is a folder": ("extends: ./", 1, ["extends", "no file"]),
    "parent that is a number": ("extends: 5", 1, ["extends", "expected"]),
    "parent that is itself": ("weeks: 9\nextends: wrong.yaml", 2, ["circle"]),
}
"""What is wrong: the text of a file, the line that the message has to name, and words that it has to hold."""


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shipped scenarios with one in it, so that no test rests on what the real ones say."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "base.yaml").write_text("title: Base\nweeks: 100\nshare:\n  breadth: 2\n  best_gap: 0.5\n")
    monkeypatch.setattr(loader, "shipped", lambda: {"base": folder / "base.yaml"})
    return folder


def message(path: Path | str, **options: object) -> str:
    """Return the message for a wrong input."""
    with pytest.raises(InputError) as caught:
        read_scenario(path, **options)  # type: ignore[arg-type]
    return str(caught.value)


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG.keys())
def test_wrong_file_gives_one_line_with_its_place(
    text: str, line: int, words: list[str], tmp_path: Path, shipped: Path
) -> None:
    """Someone who does not program has to find the place and the cure in that one line, at once."""
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    begun = time.process_time()
    said = message(path)
    assert time.process_time() - begun < 5
    assert said.startswith(f"{path}:{line}: ")
    assert "\n" not in said and len(said) < 600
    for word in words:
        assert word in said
    assert not any(sign in said for sign in ("pydantic", "Traceback", "Input should", "validation error"))


def _folder(path: Path) -> None:
    path.mkdir()


UNREADABLE = {
    "missing": (lambda path: None, "no such file"),
    "folder": (_folder, "folder, not a file"),
    "binary": (lambda path: path.write_bytes(b"weeks: 5\n\x00\x01\xff"), ":2: this is a binary file"),
    "image": (lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00"), "binary file"),
    "latin-1": (lambda path: path.write_bytes("weeks: 5\ntitle: Café".encode("latin-1")), ":2: byte 0xe9"),
    "utf-16": (lambda path: path.write_text("weeks: 5", encoding="utf-16"), "UTF-16"),
    "too large": (lambda path: path.write_bytes(b"#" * (LARGEST_FILE + 1)), "1,000,000 bytes"),
}


@pytest.mark.parametrize(("make", "words"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_file_that_is_no_text(make: object, words: str, tmp_path: Path) -> None:
    """A file of another kind is a common slip; its bytes must not reach the parser or the terminal."""
    path = tmp_path / "wrong.yaml"
    make(path)  # type: ignore[operator]
    assert words in message(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file")
def test_file_without_permission(tmp_path: Path) -> None:
    """An unreadable file is the user's to put right, so it is wrong input like any other."""
    path = tmp_path / "wrong.yaml"
    path.write_text("weeks: 5")
    path.chmod(0)
    assert "cannot be read" in message(path)


def test_file_name_that_cannot_be() -> None:
    """A name with a null byte or of great length makes the system complain in its own ways."""
    assert "cannot be read" in message("a\0.yaml")
    assert "cannot be read" in message("a" * 5000 + ".yaml")
    assert "no scenario is named" in message("a\nb")


def test_shipped_name_misspelt(shipped: Path) -> None:
    """The name of a scenario is what people type most."""
    assert "did you mean 'base'" in message("bas")
    assert read_scenario("base").title == "Base"


def test_files_that_extend_each_other(tmp_path: Path) -> None:
    """A circle would read for ever."""
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.yaml").write_text(f"extends: {parent}.yaml")
    assert "circle: a.yaml -> b.yaml -> c.yaml -> a.yaml" in message(tmp_path / "a.yaml")


def test_difference_is_laid_over_its_parent(tmp_path: Path, shipped: Path) -> None:
    """A scenario says only in what it differs: sections merge, lists are replaced, the rest stands."""
    middle = tmp_path / "middle.yaml"
    middle.write_text("extends: base\nshare: {breadth: 3}\nchanges:\n- {week: 1, set: {benefits: 0}}")
    top = tmp_path / "top.yaml"
    top.write_text("extends: ./middle.yaml\nshare: {hope_gain: 1e-3}\nchanges:\n- {week: 2, set: {harms: 0}}")
    scenario = read_scenario(top)
    assert (scenario.title, scenario.weeks) == ("Base", 100)
    assert (scenario.share.breadth, scenario.share.best_gap, scenario.share.hope_gain) == (3.0, 0.5, 0.001)
    assert [change.week for change in scenario.changes] == [2]


def test_error_in_a_parent_names_the_parent(tmp_path: Path, shipped: Path) -> None:
    """The line must be that of the file in which the wrong value stands, also when another file extends it."""
    (shipped / "base.yaml").write_text("weeks: 5\nshare: {breadth: 99}")
    path = tmp_path / "top.yaml"
    path.write_text("extends: base\n\n\n\nseed: 3")
    assert message(path).startswith(f"{shipped / 'base.yaml'}:2: share.breadth: given 99")


def test_several_errors_are_counted(tmp_path: Path) -> None:
    """One line is shown; how many more there are tells the user what to expect."""
    path = tmp_path / "wrong.yaml"
    path.write_text("weeks: 5\nshaer: {}\nstrat: {}\nshare: {breadth: 99}")
    assert "(and 2 more to put right)" in message(path)


def test_empty_set_of_differences_stands_on_the_defaults(tmp_path: Path) -> None:
    """A file without `extends` differs from the defaults of the classes."""
    path = tmp_path / "own.yaml"
    path.write_text("seed: 7")
    assert read_scenario(path) == Scenario(seed=7)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E3", 1000.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("+3", 3),
        ("-0.0", -0.0),
        ("1_000", 1000),
        ("on", True),
        ("No", False),
        ("", None),
        ("~", None),
        ("2024-01-01", "2024-01-01"),
        ("12:30:00", "12:30:00"),
        ("0o7", "0o7"),
        ("1_", "1_"),
        ("y", "y"),
        ("oN", "oN"),
        ("inf", "inf"),
    ],
)
def test_plain_words(text: str, value: object) -> None:
    """YAML 1.1 reads 1e-3 as text, 010 as 8 and 12:30:00 as 45000; none of that may happen here."""
    assert scalar(text) == value and type(scalar(text)) is type(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives_writing(number: float) -> None:
    """A resolved scenario has to give the same bits when it is read again."""
    document = parse_yaml(f"number: {number!r}", "x.yaml")
    assert document.data["number"] == number and math.copysign(1, document.data["number"]) == math.copysign(1, number)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(max_size=40), seed=st.integers(0, 2**53), gain=st.floats(0, 1), about=st.text(max_size=40))
def test_resolved_scenario_reads_back_the_same(title: str, seed: int, gain: float, about: str, tmp_path: Path) -> None:
    """`mhsim show` prints what `mhsim run` takes again: the same object, whatever texts and numbers are in it."""
    made = Scenario.model_validate(
        {
            "title": title,
            "about": about,
            "seed": seed,
            "share": {"hope_gain": gain},
            "changes": [{"week": 3, "set": {"share.enabled": False, "share.guarded": gain}}],
        }
    )
    path = tmp_path / "again.yaml"
    path.write_text(scenario_text(made), encoding="utf-8")
    assert read_scenario(path) == made


@pytest.mark.parametrize("name", list(loader.shipped()))
def test_shipped_scenarios_read_back_the_same(name: str, tmp_path: Path) -> None:
    """Every shipped scenario has to be right, and to survive being resolved."""
    path = tmp_path / "again.yaml"
    path.write_text(scenario_text(read_scenario(name)), encoding="utf-8")
    assert read_scenario(path) == read_scenario(name)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
def test_random_bytes_never_crash(content: bytes, tmp_path: Path) -> None:
    """Whatever is in a file, it is a scenario or an InputError of one line."""
    path = tmp_path / "random.yaml"
    path.write_bytes(content)
    try:
        read_scenario(path)
    except InputError as error:
        assert str(error).isprintable()


PIECES = st.sampled_from(
    [
        *("weeks", "share", "changes", "set", "extends", "hope_gain", "title", "x", "share.hope_gain", "base", "week"),
        *(": ", ":", "\n", "\n  ", "\n- ", "- ", "[", "]", "{", "}", ",", '"', "'", "|", ">", "&a", "*a", "!!x", "#"),
        *("---", "...", "?", "%", "\t", "yes", "~", ".nan", "5", "-1", "1e999"),
    ]
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=25))
def test_random_yaml_never_crashes(pieces: list[str], tmp_path: Path) -> None:
    """Random bytes seldom get past the parser; random pieces of scenarios do."""
    path = tmp_path / "random.yaml"
    path.write_text("".join(pieces))
    try:
        read_scenario(path)
    except InputError as error:
        assert str(error).isprintable()


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(list(Scenario.model_fields)), value=NESTED)
def test_any_value_anywhere_never_crashes(key: str, value: object, tmp_path: Path) -> None:
    """Every value at every key is taken or refused in one line."""
    from mhsim.scenario_io.writer import as_yaml

    path = tmp_path / "random.yaml"
    path.write_text(as_yaml({key: value}), encoding="utf-8")
    try:
        read_scenario(path)
    except InputError as error:
        assert str(error).isprintable()


SET_WRONG = {
    "path misspelt": ({"share.hope_gan": "0.1"}, "no such path; did you mean 'share.hope_gain'"),
    "path of a section": ({"share": "1"}, "this is a section"),
    "path below a value": ({"share.hope_gain.x": "1"}, "no such path"),
    "path empty": ({"": "1"}, "no such key"),
    "factor misspelt": ({"benefit": "0"}, "did you mean 'benefits'"),
    "factor that is none": ({"benefits": "x"}, "a factor of 0 or more"),
    "factor not a number": ({"benefits": ".nan"}, "a factor of 0 or more"),
    "factor too large": ({"benefits": "1e6"}, "would become"),
    "list": ({"changes": "[]"}, "write them in a scenario file"),
    "too large": ({"share.hope_gain": "7"}, "given 7; allowed: a number from 0 to 1 (share/meeting)"),
    "overflow": ({"share.hope_gain": "1e400"}, "given 1e400"),
    "switch for a number": ({"weeks": "yes"}, "given yes"),
    "True for a number": ({"weeks": True}, "given True"),
    "nothing": ({"weeks": ""}, "given nothing"),
    "two that do not fit": ({"start.members": 2, "start.helpers": 3}, "more than start.members"),
    "line break": ({"a\nb": "1"}, "no such key"),
}


@pytest.mark.parametrize(("values", "words"), SET_WRONG.values(), ids=SET_WRONG.keys())
def test_wrong_setting(values: dict[str, object], words: str, tmp_path: Path) -> None:
    """What is given beside a file is checked as strictly as what stands in it."""
    path = tmp_path / "own.yaml"
    path.write_text("seed: 7")
    said = message(path, set_values=values)
    assert words in said and "\n" not in said


def test_settings_are_applied(tmp_path: Path) -> None:
    """Texts are read as in YAML, except where text is wanted; wholesale names reach every parameter so marked."""
    path = tmp_path / "own.yaml"
    path.write_text("seed: 7")
    made = read_scenario(path, {"share.hope_gain": "1e-2", "share.enabled": "off", "title": "5", "harms": 0})
    assert made.share.hope_gain == 0.01 and not made.share.enabled and made.title == "5" and made.share.despair == 0


class Pet(BaseModel):
    """A model that knows nothing of scenarios."""

    model_config = ConfigDict(extra="forbid")

    legs: int = Field(ge=0, le=8)
    names: dict[str, list[float]] = {}
    cage: float | None = None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("leg: 4", "leg: no such key; did you mean 'legs'? (and 1 more to put right)"),
        ("cage: 1", "legs is missing; it has to be a whole number from 0 to 8"),
        ("legs: 9", "legs: given 9; allowed: a whole number from 0 to 8"),
        ("legs: 4\nnames: {a: [1, yes]}", "names.a[1]: given yes; allowed: a number"),
        ("legs: 4\ncage: big", "cage: given the text 'big'; allowed: a number"),
    ],
)
def test_any_model_gets_the_same_care(text: str, said: str, tmp_path: Path) -> None:
    """Study files and whatever comes later are read by the same function."""
    path = tmp_path / "pet.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_checked(path, Pet)
    lines = text.count("\n") + 1
    assert str(caught.value) == f"{path}:{lines}: {said}"


def test_places_of_keys(tmp_path: Path) -> None:
    """Other readers of YAML in the package point to lines with these."""
    path = tmp_path / "own.yaml"
    path.write_text("a: 1\nb:\n- c: 2\n  d: 3\n")
    document = read_yaml(path)
    assert document.data == {"a": 1, "b": [{"c": 2, "d": 3}]}
    assert [document.place(keys).line for keys in [("a",), ("b", 0), ("b", 0, "d"), ("b", 0, "x")]] == [1, 3, 4, 3]


@pytest.mark.parametrize("section", list(sections()))
def test_every_parameter_refuses_what_lies_beyond_its_range(section: str, tmp_path: Path) -> None:
    """A parameter whose range is not enforced would let a slip of the finger through."""
    path = tmp_path / "wrong.yaml"
    for name, field in sections()[section].model_fields.items():
        known = dict(field.json_schema_extra or {})  # type: ignore[arg-type]
        for value in ("x y", *([] if "high" not in known else [f"{known['high'] + 1}", f"{known['low'] - 1}"])):
            path.write_text(f"{section}:\n  {name}: {value}\n")
            assert message(path).startswith(f"{path}:2: {section}.{name}: given ")


@pytest.mark.parametrize(
    ("path", "value", "meant"),
    [
        ("weeks", np.int64(52), 52),
        ("weeks", np.int32(52), 52),
        ("start.members", np.uint8(12), 12),
        ("share.hope_gain", np.float32(0.5), 0.5),
        ("share.hope_gain", np.int64(1), 1.0),
        ("share.enabled", np.bool_(False), False),
        ("start.kind", np.str_("founding"), "founding"),
    ],
)
def test_numbers_of_numpy_are_numbers(path: str, value: Any, meant: Any) -> None:
    """What comes from `np.arange` or a row of a table is as good as a number that is typed."""
    for made in (read_scenario("base", {path: value}), with_values(Scenario(), {path: value})):
        found = made.model_dump()
        for name in path.split("."):
            found = found[name]
        assert found == meant
        assert type(found) is type(meant)


@pytest.mark.parametrize("value", [np.float64(52.5), np.int64(0), np.bool_(True)])
def test_wrong_numbers_of_numpy_are_one_line(value: Any) -> None:
    """The same words as for other numbers."""
    with pytest.raises(InputError, match=r"^weeks=.*allowed: a whole number from 1 to 3600 \(weeks\)$"):
        read_scenario("base", {"weeks": value})


VARIED = {
    "nested keys under vary": ("vary:\n  serve:\n    term_weeks: [0, 9]", "with dots, as SECTION.term_weeks"),
    "nested keys under set": ("set:\n  serve:\n    term_weeks: 9", "write serve.term_weeks as one key"),
    "decimal commas": ("vary: {serve.term_weeks: [0,1, 2,5]}", "write decimals with a point"),
    "a section": ("vary: {serve: [1]}", "this is a section; name a key in it"),
    "a key of the study itself": ("vary: {sede: [1]}", "sede: no such path"),
    "a change that is not there": ("vary: {'changes[0].week': [26, 52]}", "has 0 changes in mid-life"),
    "one number for scenarios": ("vary: {scenario: {low: 0, high: 1, steps: 2}}", "give a list of scenarios"),
}


@pytest.mark.parametrize(("text", "said"), VARIED.values(), ids=VARIED)
def test_a_wrong_path_in_a_study_is_told_the_right_one(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paths have dots in a study and sections in a scenario; whoever mixes them up is told the other way."""
    path = tmp_path / "study.yaml"
    path.write_text(f"base: base\nreplicates: 2\n{text}\n")
    assert exit_code(["validate", str(path)]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "did you mean 'seed'" not in error
    assert error.count("\n") == 1


def test_lists_of_whole_numbers_need_no_spaces(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commas without spaces are no mistake where all are so; the values that were read are listed."""
    path = tmp_path / "study.yaml"
    path.write_text("base: base\nreplicates: 2\nvary: {serve.turnover_per_year: [0,1,2.5]}\n")
    assert exit_code(["validate", str(path)]) == 0
    assert "serve.turnover_per_year: 0, 1, 2.5" in capsys.readouterr().out

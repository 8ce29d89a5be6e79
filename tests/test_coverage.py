"""The ledger of coverage: no element is forgotten, no place is made up, and what is said to work makes a difference."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import mhsim
from mhsim.evidence import ledger as ledgers
from mhsim.evidence.coverage import (
    difference_of,
    fresh,
    is_stale,
    key_of,
    read_differences,
    shown,
    write_differences,
)
from mhsim.evidence.coverage_page import page
from mhsim.evidence.ledger import Ledger, LedgerEntry, problems, read_ledger, wrong_place
from mhsim.evidence.paired import Difference, difference, worlds_digest
from mhsim.evidence.readings import reading
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import InputError

LEDGER = read_ledger()
FOUND = read_differences()
SAMPLE = (3, 24, 33, 40, 45, 94, 147, 173, 188, 196, 205, 216)
"""Elements whose differences are simulated anew here: some of every section, the quick ones."""
WORKS = {
    "element": 1,
    "status": "works",
    "where": "share.hope_gain",
    "change": {"share.hope_gain": [0.0, 0.3]},
    "measure": "hope_at_52_joiners",
    "direction": "up",
    "why": "of a test",
}


def of(**others: object) -> LedgerEntry:
    """Return an entry that works, but for some keys."""
    return LedgerEntry.model_validate(WORKS | others)


def test_every_element_is_told_of_and_every_place_is_there() -> None:
    """A number that is missing, a file or parameter that was renamed, a world that cannot be built."""
    assert len(LEDGER.elements) == 227
    assert list(problems(LEDGER)) == []


def test_what_is_said_to_work_was_shown() -> None:
    """Every claim has a difference that was run, over chance and in the direction said: `make coverage` runs them."""
    missing = [
        (entry.element, entry.measure)
        for entry in LEDGER.counting()
        if entry.status == "works" and not shown(entry, FOUND.get(key_of(entry)))
    ]
    assert missing == []


def test_no_difference_is_older_than_the_worlds_it_is_of() -> None:
    """Found in a form as it was before its file changed, it shows nothing today: `make_coverage.py --missing`."""
    claims = [entry for entry in LEDGER.counting() if entry.change]
    assert [(entry.element, entry.measure) for entry in claims if is_stale(entry, FOUND.get(key_of(entry)))] == []


def test_a_form_that_changes_makes_what_was_found_in_it_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    """A value of the form that the entry does not name counts; what the form is called does not."""
    entry = of()
    found = {key_of(entry): Difference(1.0, 0.1, 40, worlds_digest(*ledgers.worlds_of(entry)))}
    assert fresh([entry], found) == found
    shipped = ledgers._form("base")
    for values, kept in (({"title": "Another name"}, True), ({"help.comfort": 0.2}, False)):
        monkeypatch.setattr(ledgers, "_form", lambda _, values=values: with_values(shipped, values))
        assert (fresh([entry], found) == found) is kept, values


def test_building_worlds_leaves_the_entry_as_it_was() -> None:
    """What stands for an entry must be the same before and after, or what was found is looked for under another key."""
    acts = [{"week": 9, "act": "lose_busiest_helpers", "count": 0}]
    entry = of(changes=acts, change={"changes[0].count": [0, 3]}, measure="requests_met")
    before = key_of(entry)
    assert [world.changes[0].count for world in ledgers.worlds_of(entry)] == [0, 3]
    assert key_of(entry) == before


def test_the_page_agrees_with_the_ledger() -> None:
    """The page is written by `make coverage`; a ledger changed since would not be what it says."""
    assert (ledgers.ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == page(LEDGER, FOUND)


@pytest.mark.parametrize("number", SAMPLE)
def test_a_sample_of_differences_is_there_today(number: int) -> None:
    """What was found once has to hold for the model as it is now."""
    for _, entry in LEDGER.best(number):
        assert shown(entry, difference_of(entry)), entry


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"measuer": 1}, "Extra inputs"),
        ({"change": {}, "measure": ""}, "what works names"),
        ({"change": {}}, "belong together"),
        ({"status": "context"}, "claims no difference"),
        ({"where": []}, "`where` is missing"),
        ({"why": ""}, "at least 3"),
        ({"direction": "sideways"}, "'up', 'down' or 'moves'"),
        ({"change": {"share.hope_gain": [1.0]}}, "change"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(change: dict[str, object], words: str) -> None:
    """A claim without what shows it must not come in."""
    with pytest.raises(ValueError, match=words):
        of(**change)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"element": 9999}, "no element 9999"),
        ({"where": "share.hope_gane"}, "no parameter share.hope_gane"),
        ({"where": "src/mhsim/mechanisms/shore.py: share.hope_gain"}, "no file src/mhsim/mechanisms/shore.py"),
        ({"where": "src/mhsim/mechanisms/share.py: no_such_name"}, "no no_such_name in"),
        ({"test": "tests/test_heart.py::test_that_is_none"}, "no test_that_is_none in"),
        ({"change": {"share.hope_gane": [0, 1]}}, "no such path: share.hope_gane"),
        ({"change": {"share.hope_gain": [0, 2]}}, "less than or equal to 1"),
        ({"set": {"share.breath": 1}}, "no such path"),
        ({"form": "none_such"}, "none_such"),
        ({"measure": "hope_at_53"}, "no measure hope_at_53"),
        ({"measure": "weekly:members"}, "no kind of measure weekly"),
    ],
)
def test_what_does_not_exist_is_found(change: dict[str, object], words: str) -> None:
    """A place, path, form, test or measure that is none."""
    wrong = " ".join(problems(LEDGER._replace(entries=[("a", of(**change))])))
    assert words in wrong


def test_a_place_may_be_a_file_a_name_in_it_or_a_parameter() -> None:
    """Three ways to say where something stands."""
    for place in ("configs/base.yaml", "src/mhsim/mechanisms/share.py: Share, share.hope_gain", "share.hope_gain"):
        assert wrong_place(place) == ""


def test_a_better_entry_takes_the_place_of_others() -> None:
    """What a module covers counts, and not that the core does not; equals count both."""
    core, module = of(status="not", change={}, measure="", where=[]), of()
    some = Ledger(LEDGER.elements, LEDGER.sections, [("A", core), ("mine", module), ("other", of(runs=9))])
    assert [file for file, _ in some.best(1)] == ["mine", "other"]
    assert some.best(2) == []
    assert len(some.counting()) == 2


def test_a_file_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    """Whoever writes an entry sees at once which line is wrong."""
    list_text = (ledgers.FOLDER / ledgers.LIST).read_text(encoding="utf-8")
    (tmp_path / ledgers.LIST).write_text(list_text, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text("about: mine\nentries:\n  - element: 3\n    stats: works\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.yaml:\d"):
        read_ledger(tmp_path)


@pytest.mark.parametrize(
    ("measure", "more"),
    [
        ("helpers_made", {}),
        ("series:members", {}),
        ("series_per_member:requests", {}),
        ("lives:hope_at_26", {"among": {"access_barrier": [0.0, 0.4]}}),
        ("lives_share:joined_week", {"less": {"resilience": "chronic"}}),
        ("groups:first_visits", {}),
        ("groups_sd:norms", {"set": {"start.groups": 3}}),
    ],
)
def test_measures_are_read_as_said(measure: str, more: dict[str, object]) -> None:
    """Each kind of measure, worked out another way from the tables of the same history."""
    entry = of(measure=measure, weeks=60, **more)
    record, value = reading(entry.measure, entry.among, entry.less)
    run = mhsim.simulate(ledgers.worlds_of(entry)[1], 0, record=record)
    found = value(run)
    kind, _, column = measure.rpartition(":")
    if not kind:
        assert found == run.summary[column]
        return
    table = {"series": run.series, "groups": run.groups}.get(kind.split("_")[0], run.lives).to_pandas()
    if kind == "series":
        assert found == pytest.approx(table[column].mean())
    elif kind == "series_per_member":
        assert found == pytest.approx(table[column].sum() / table["members"].sum())
    elif kind == "groups":
        assert found == pytest.approx(table[column].mean())
    elif kind == "groups_sd":
        assert found == pytest.approx(table[column].std())
    else:
        lives = table[(table["arrived_week"] >= 0) & ~table["starter"]]
        if kind == "lives":
            assert found == pytest.approx(lives[lives["access_barrier"] <= 0.4][column].mean())
        else:
            chronic = lives["resilience"] == "chronic"
            joined = lives[column].notna()
            assert found == pytest.approx(joined.mean() - joined[chronic].mean())


def test_a_difference_is_more_than_chance_or_it_is_not(tmp_path: Path) -> None:
    """Over 3.5 standard errors, or the same in every history and not 0; in the direction said."""
    low = np.zeros(10)
    assert difference(low, low + 1.0) == Difference(1.0, 0.0, 10)
    assert difference(low, low + 1.0).more_than_chance
    assert not difference(low, low).more_than_chance
    assert not difference(low[:2], low[:2] + 1.0).more_than_chance
    spread = np.array([3.0, -1.0] * 5)
    assert not difference(low, spread).more_than_chance
    gap = np.where(np.arange(10) < 4, np.nan, 1.0)
    assert difference(low, gap).pairs == 6
    up = Difference(1.0, 0.1, 10, "worlds")
    assert [shown(of(direction=way), up) for way in ("up", "down", "moves")] == [True, False, True]
    assert not shown(of(), None)
    write_differences({"k": up}, tmp_path / "d.csv")
    assert read_differences(tmp_path / "d.csv") == {"k": up}


def test_the_page_tells_what_is_not_shown() -> None:
    """A claim that fails is told openly, as is one that was never run."""
    entry = of()
    some = Ledger({1: LEDGER.elements[1]}, {"A": "What"}, [("A", entry)])
    assert "not run yet" in page(some, {})
    assert "NOT SHOWN" in page(some, {key_of(entry): Difference(-1.0, 0.1, 40)})
    told = page(some, {key_of(entry): Difference(0.5, 0.1, 40)})
    assert "elements 1 work (1 of them shown by a paired difference, 0 of these against a form" in told
    assert "`share.hope_gain` 0 to 0.3: `hope_at_52_joiners` **+0.5 (0.1)**, shown; base, 40 pairs of 260 weeks" in told
    as_shipped = of(change={"share.hope_gain": [0.0, 0.095]})
    told = page(some._replace(entries=[("A", as_shipped)]), {key_of(as_shipped): Difference(0.5, 0.1, 40)})
    assert "a paired difference, 1 of these against a form as shipped" in told
    assert "`share.hope_gain` 0 to 0.095 (shipped): " in told

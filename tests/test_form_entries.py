"""The catalogue of forms: what the heads of their files and docs/forms.md say was found, in the forms of today."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from mhsim import simulate
from mhsim.errors import InputError
from mhsim.evidence import form_entries, form_figures
from mhsim.evidence.facts import facts
from mhsim.evidence.form_entries import CODES, forms_page, head_of, read_entry, with_figures
from mhsim.evidence.form_figures import FOUND, figures_of, read_figures, stale, world_of, write_figures
from mhsim.scenario import with_values
from mhsim.scenario_io.loader import shipped

FIGURES = read_figures()


def test_every_form_was_run_as_it_is_today(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that is new, or whose file or what it is made from changed, is noticed: `make_forms.py --missing`."""
    assert stale(FIGURES) == []
    assert set(FIGURES) == set(shipped())
    changed = {"base": with_values(world_of("base"), {"help.comfort": 0.2})}
    monkeypatch.setattr(form_figures, "world_of", lambda form: changed.get(form) or world_of(form))
    assert stale({name: one for name, one in FIGURES.items() if name != "town"}) == ["base", "town"]


def test_page_and_heads_say_what_was_found() -> None:
    """Numbers in words are written by `make forms` and never by hand."""
    assert FOUND.with_suffix(".md").read_text(encoding="utf-8") == forms_page(FIGURES)
    for name, path in shipped().items():
        text = path.read_text(encoding="utf-8")
        assert with_figures(text, FIGURES[name]) == text, name


def test_entries_name_facts_and_elements_that_there_are() -> None:
    """A mistyped code would send a reader to another fact, or to none."""
    for name, path in shipped().items():
        head = " ".join(head_of(path.read_text(encoding="utf-8")))
        assert {f"{letter}{number}" for letter, number, _ in CODES.findall(head)} <= set(facts()), name
        elements = re.findall(r"\b\d+\b", re.sub(r"\([^)]*\)", "", read_entry(name).words["Elements"]))
        assert elements, name
        assert max(map(int, elements)) <= 227, name


def test_figures_are_shares_of_groups(tmp_path: Path) -> None:
    """Of one group a run, those open at the end are the share of runs in which it is; what is written can be read."""
    found = figures_of("base", runs=6, jobs=1)
    runs = [simulate(world_of("base"), k, record="lives") for k in range(6)]
    assert found.found["still_open"].value == pytest.approx(np.mean([run.summary["alive_at_end"] for run in runs]))
    members, groups = (
        sum(run.summary[name] for run in runs) for name in ("members_in_world_at_end", "open_groups_at_end")
    )
    assert found.found["members"].value == pytest.approx(members / groups)
    write_figures({"base": found}, tmp_path / "forms.csv")
    again = read_figures(tmp_path / "forms.csv")["base"]
    assert again.worlds == found.worlds
    assert again.found["members"].value == pytest.approx(members / groups, rel=1e-3)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("# A group.\n", "begins with Form or World"),
        ("# Form: a.\n# Elements 1.\n", "lacks a paragraph: Evidence, Tuned"),
        ("# Form: a.\n# Form: b.\n", "the paragraph Form twice"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str, words: str
) -> None:
    """A form without its evidence, or without what it does not show, does not come into the catalogue."""
    file = tmp_path / "mine.yaml"
    file.write_text(f"{head}extends: base\n", encoding="utf-8")
    monkeypatch.setattr(form_entries, "shipped", lambda: {"mine": file})
    with pytest.raises(InputError, match=words):
        read_entry("mine")

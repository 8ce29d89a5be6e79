"""No result changes unseen: histories and small studies are those of the baselines, and the changelog names those."""

from __future__ import annotations

import copy

import pytest

from baselines import CHANGELOG, SUBJECTS, differing, fault, line_of, name_of, state_of, stored, tables_of, with_line
from baselines.histories import HISTORIES
from baselines.studies import STUDIES
from mhsim.scenario_io.loader import shipped
from mhsim.studies.registry import KINDS

TOLD = """## [0.2.0]

### Added

- One thing.

## [0.1.0]

- Baselines `sweep 00000000`: first. **Results:** first.
"""


@pytest.mark.parametrize("subject", SUBJECTS)
def test_results_are_those_of_the_baselines(subject: str) -> None:
    """What "Results: unchanged" in the changelog rests on; if a change is meant, run `make baselines WHY="..."`."""
    before = stored(subject)
    assert before["cases"], "there is no baseline yet"
    found = tables_of(subject)
    assert not differing(before, state_of(found, before["columns"]))
    assert set(found) == set(before["cases"])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_changelog_tells_of_every_baseline(subject: str) -> None:
    """Baselines that change without a line that says why would be as good as none."""
    assert fault(subject, stored(subject), CHANGELOG.read_text(encoding="utf-8")) is None


def test_baselines_cover_every_form_record_and_kind_of_study() -> None:
    """A form or a kind of study that nobody holds could change in silence."""
    assert {form for form, _, _ in HISTORIES.values()} >= set(shipped())
    assert {record for _, _, record in HISTORIES.values()} == {"runs", "series", "lives", "story"}
    assert set(STUDIES) == set(KINDS)


def test_a_change_of_one_value_is_found_and_a_new_column_is_none() -> None:
    """A digest that misses a last digit, or that cries at every new column, would soon be run by habit."""
    found = {"a": {"table": {"x": [1.0, 2.0], "y": ["b", None]}}}
    before = state_of(found, {})
    more = {"a": {"table": {"x": [1.0, 2.0], "new": [0, 0], "y": ["b", None]}}}
    other = {"a": {"table": {"x": [1.0, 2.0000000000000004], "y": ["b", None]}}}
    fewer = {"a": {"table": {"x": [1.0, 2.0]}}}
    assert not differing(before, state_of(more, before["columns"]))
    for changed in (other, fewer, {}):
        assert differing(before, state_of(changed, before["columns"])) == ["a: table"]
    assert "**Results:** changed in a: table." in line_of("sweep", before, state_of(other, {}), other, "a test")
    assert "**Results:** unchanged, and" in line_of("sweep", before, state_of(more, {}), more, "a test")


def test_a_baseline_without_a_line_of_its_own_is_refused() -> None:
    """The line stands in the newest section that speaks of the subject; an older one's does not count."""
    state = state_of({"a": {"table": {"x": [1]}}}, {})
    assert fault("sweep", state, TOLD)
    assert fault("sweep", state, "# Changelog\n\n## [0.1.0]\n\n- Nothing of it.\n")
    line = line_of("sweep", {"columns": {}, "cases": {}}, state, {}, "why")
    told = with_line(TOLD, line)
    assert fault("sweep", state, told) is None
    assert fault("sweep", state, told.replace("**Results:**", "")) is not None
    later = copy.deepcopy(state)
    later["cases"]["a"]["table"] = "another"
    assert fault("sweep", later, told) is not None
    assert fault("sweep", state, with_line(told, line_of("sweep", state, later, {}, "why"))) is None, "both are told of"
    assert f"### Baselines\n\n{line}\n## [0.1.0]" in told
    assert name_of("sweep", later) not in told

"""A plan before the first run: it is noted with its digest, and what comes later cannot pass for planned."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mhsim.cli import exit_code
from mhsim.report import page_of
from mhsim.studies import manifest
from mhsim.studies.data import read_study
from mhsim.studies.decision_rules import judged
from mhsim.studies.design import Study
from mhsim.studies.preregistration import PlannedClaim, Preregistration
from mhsim.studies.run_study import run_study
from report_cases import falling, study_folder

PATH = "serve.turnover_per_year"
CLAIM = {"claim": "More turnover, fewer groups.", "measure": "alive_at_end", "at": {PATH: 4.0}, "against": {PATH: 0.0}}
PLAN = {"by": "the trainers", "measures": ["members_at_end"], "claims": [{**CLAIM, "rule": "falls by more than 0.1"}]}


def text_of(page: str, key: str = "planned") -> str:
    """Return the text of one section of a page."""
    found = re.search(rf'<section aria-labelledby="{key}">(.*?)</section>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def study(replicates: int = 2, **plan: Any) -> Study:
    """Return a study of eight short runs at most, with a plan."""
    return Study(
        vary={PATH: [0.0, 4.0]},
        replicates=replicates,
        weeks=4,
        watch=("alive_at_end", "members_at_end", "helpers_at_end"),
        plan=Preregistration.model_validate(plan) if plan else None,
    )


def test_what_is_added_after_the_first_run_never_counts_as_planned(tmp_path: Path) -> None:
    """The first digest stays, the later one stands beside it, and a claim that was dropped is judged all the same."""
    run_study(study(**PLAN), tmp_path)
    noted = manifest.read(tmp_path)["plans"]
    content = json.dumps(noted[0]["plan"], sort_keys=True, ensure_ascii=False).encode()
    assert noted[0]["runs"] == 0 and noted[0]["digest"] == hashlib.sha256(content).hexdigest()
    assert noted[0]["at"] <= manifest.read(tmp_path)["sessions"][0]["ended"]
    run_study(study(**PLAN), tmp_path, resume=True)
    assert manifest.read(tmp_path)["plans"] == noted, "the same plan is one version"

    other = {"claims": [{**CLAIM, "claim": "As many.", "rule": "stays within 0.5"}], "measures": ["helpers_at_end"]}
    run_study(study(3, **other), tmp_path, resume=True)
    first, later = manifest.read(tmp_path)["plans"]
    assert first == noted[0] and later["runs"] == 4
    said = text_of(page_of(tmp_path))
    assert first["digest"][:12] in said and later["digest"][:12] in said and "when four runs had been done" in said
    assert "planned, and dropped later" in said and re.search(r"As many\. .* added later", said)
    for name, standing in (("members_at_end", "as planned"), ("helpers_at_end", "added later")):
        assert f"{name} measure {standing}" in said


def test_a_plan_that_came_too_late_or_was_edited_is_called_so(tmp_path: Path) -> None:
    """A plan written when results were there is none; one edited in the manifest no longer fits its digest."""
    run_study(study(), tmp_path)
    assert "No plan was written" in text_of(page_of(tmp_path))
    run_study(study(**PLAN), tmp_path, resume=True)
    said = text_of(page_of(tmp_path))
    assert "nothing on this page counts as planned" in said and "as planned measure" not in said
    assert "members_at_end measure added later" in said
    path = tmp_path / "manifest.json"
    content = json.loads(path.read_text())
    content["plans"][0] |= {"runs": 0, "plan": {**content["plans"][0]["plan"], "measures": ["helpers_at_end"]}}
    path.write_text(json.dumps(content))
    (tmp_path / "checksums.sha256").unlink()
    assert "does not fit its digest" in text_of(page_of(tmp_path))


# The chance of a group falls by 0.95 from no turnover to 4 a year; 0 against 0.2 differs by 0.05: over 30 pairs hardly.
@pytest.mark.parametrize(
    ("rule", "at", "outcome"),
    [
        ("falls", 4.0, "holds"),
        ("falls by more than 0.5", 4.0, "holds"),
        ("falls by more than 0.94", 4.0, "open"),
        ("rises", 4.0, "fails"),
        ("differs by more than 0.5", 4.0, "holds"),
        ("stays within 0.3", 4.0, "fails"),
        ("stays within 0.3", 0.2, "holds"),
        ("differs by more than 0.3", 0.2, "fails"),
        ("rises by more than 0.3", 0.2, "fails"),
        ("differs", 0.2, "open"),
        ("stays within 0.05", 0.0, "open"),  # no pair differs, and yet thirty pairs cannot show so little
    ],
)
def test_a_rule_holds_or_fails_only_where_the_whole_interval_says_so(
    tmp_path: Path, rule: str, at: float, outcome: str
) -> None:
    """Thirty paired replicates whose chance is known; the luck is fixed, so no verdict varies."""
    folder = study_folder(tmp_path, falling, vary={PATH: (0.0, 0.2, 4.0)}, watch=("alive_at_end",))
    data = read_study(folder)
    made = PlannedClaim.model_validate({**CLAIM, "at": {PATH: at}, "rule": rule})
    (found,) = judged(data, [made])
    pairs = data.numbers("alive_at_end")[[0.0, 0.2, 4.0].index(at)] - data.numbers("alive_at_end")[0]
    assert found.estimate.value == pytest.approx(np.mean(pairs))
    assert found.outcome == outcome, found


def test_claims_about_levels_and_rules_in_words(tmp_path: Path) -> None:
    """A level is held against its limit; a rule in words is quoted, and the reader judges."""
    at = {"measure": "alive_at_end", "at": {PATH: 4.0}}
    claims = [
        {**at, "claim": "Few last.", "rule": "lies below 0.4"},
        {**at, "claim": "Most last.", "rule": "lies above 0.4"},
        {**at, "claim": "It is worth it.", "words": "the trainers find the difference worth the effort"},
    ]
    folder = study_folder(tmp_path, falling, vary={PATH: (0.0, 4.0)}, watch=("alive_at_end", "hope_at_52"))
    data = read_study(folder)
    read = Preregistration.model_validate({"claims": claims})
    assert [one.outcome for one in judged(data, read.claims)] == ["holds", "fails", "in words"]
    content = read.model_dump(mode="json")
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    told = json.loads((folder / "manifest.json").read_text())
    told["plans"] = [{"digest": digest, "at": "2026-01-01T00:00:00+00:00", "runs": 0, "plan": content}]
    (folder / "manifest.json").write_text(json.dumps(told))
    said = text_of(page_of(folder))
    assert "“the trainers find the difference worth the effort” judge by the rule as planned" in said
    assert "edited" not in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "goes down"}, "is no rule; there are rises, falls"),
        ({"rule": "stays within"}, "lacks its size"),
        ({"rule": "falls by more than"}, "lacks its size"),
        ({"rule": "lies above 0.5"}, "leave against away"),
        ({"rule": "falls", "words": "too"}, "either a rule or words"),
        ({"rule": "falls", "measure": "alive_at_ende"}, "did you mean"),
    ],
)
def test_a_claim_that_cannot_be_decided_is_refused_beforehand(change: dict[str, str], message: str) -> None:
    """What is wrong with a rule must come out before a day of runs, not after."""
    with pytest.raises(ValidationError, match=re.escape(message)):
        PlannedClaim.model_validate({**CLAIM, **change})


def test_new_study_with_a_plan_is_ready_to_run_and_points_that_are_not_there_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The template is a whole study; a claim about points that the study does not have is one line and exit code 2."""
    monkeypatch.chdir(tmp_path)
    assert exit_code(["new", "study", "ours", "--plan"]) == 0 and exit_code(["validate", "ours.yaml"]) == 0
    text = Path("ours.yaml").read_text()
    Path("ours.yaml").write_text(text.replace("at: {serve.turnover_per_year: 0.4}", "at: {serve.turnover_per_year: 3}"))
    assert exit_code(["sweep", "ours.yaml", "--dry-run"]) == 2
    assert "plan: no point of the study has serve.turnover_per_year=3" in capsys.readouterr().err

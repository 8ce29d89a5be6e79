"""Each experiment asks what can be asked, and its page predicts before it answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from mhsim.commands.study import planned
from mhsim.scenario_io.loader import read_yaml

EXPERIMENTS = Path(__file__).resolve().parents[1] / "experiments"
STUDIES = sorted(path.parent.name for path in EXPERIMENTS.glob("*/study.yaml"))
FILES = sorted(path for path in EXPERIMENTS.glob("*/*.yaml") if "replicates" in read_yaml(path).data)
"""Every file that is a study: a folder may hold more than one."""
SEVERAL_QUESTIONS = {"helper-turnover"}
"""The main job has a page of its own kind: what counts as an answer was settled before it was run."""
TENSIONS = [
    "anonymity-and-trust",
    "complement-and-discouraged-care",
    "graduation-starves",
    "over-helping",
    "parity-and-veterans",
    "unpaid-and-paid",
]


def page(name: str) -> str:
    """Return the page of an experiment."""
    return (EXPERIMENTS / name / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_it_can_be_asked(path: Path) -> None:
    """Every point of the study is a scenario within range."""
    _, plan = planned([str(path)], {}, str(read_yaml(path).data.get("kind", "sweep")), spot=True)
    assert len(plan.points) > 0


@pytest.mark.parametrize("name", [name for name in STUDIES if name not in SEVERAL_QUESTIONS])
def test_its_page_predicts_before_it_answers(name: str) -> None:
    """Question, prediction and answer stand in this order, and the page says how to run it."""
    text = page(name)
    places = [text.find(f"**{part}") for part in ("Question", "Prediction", "Answer")]
    assert -1 not in places
    assert places == sorted(places)
    assert f"experiments/{name}/study.yaml" in text


@pytest.mark.parametrize("name", TENSIONS)
def test_its_page_names_what_is_measured(name: str) -> None:
    """A page on a tension of the sources names every measure that its study watches."""
    watched = read_yaml(EXPERIMENTS / name / "study.yaml").data["watch"]
    assert [measure for measure in watched if f"`{measure}`" not in page(name)] == []

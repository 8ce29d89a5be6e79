"""The run crate of a folder of results, read by a library for crates; and what the package says of itself."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from rocrate.rocrate import ROCrate

from mhsim.cli import exit_code
from mhsim.core.kept_code import sources_digest
from mhsim.studies.run_crate import INPUTS, NAME
from test_preregistration import PLAN
from test_preregistration import study as small_study

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small study with a plan, with its page."""
    from mhsim.studies.run_study import run_study

    made = tmp_path_factory.mktemp("crate") / "study"
    run_study(small_study(**PLAN), made)
    assert exit_code(["report", str(made)]) == 0
    return made


def graph(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the entities of a crate by their identifiers, each of which stands there once."""
    entities = json.loads((folder / NAME).read_text())["@graph"]
    assert len({one["@id"] for one in entities}) == len(entities)
    return {one["@id"]: one for one in entities}


def references(value: Any) -> list[str]:
    """Return every identifier that a value refers to."""
    if isinstance(value, dict):
        return [value["@id"]] if set(value) == {"@id"} else [one for part in value.values() for one in references(part)]
    return [one for part in value for one in references(part)] if isinstance(value, list) else []


def test_a_library_for_crates_reads_what_went_in_and_what_came_out(folder: Path) -> None:
    """What it takes for data is there and whole; the action has the program, the files and the digests."""
    crate = ROCrate(folder)
    assert crate.root_dataset["conformsTo"].id == "https://w3id.org/ro/wfrun/process/0.5"
    files = {entity.id: entity for entity in crate.data_entities}
    for name, entity in files.items():
        assert (folder / name).exists()
        if "sha256" in entity.properties():
            content = (folder / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == entity["sha256"] and int(entity["contentSize"]) == len(
                content
            )
    assert {"runs.parquet", "study.yaml", "base.yaml", "report.html", "runs/", "manifest.json"} <= set(files)
    (action,) = [entity for entity in crate.contextual_entities if entity.type == "CreateAction"]
    assert action["instrument"].properties()["softwareVersion"]
    given = {one.id: one for one in action["object"]}
    assert {"study.yaml", "base.yaml", "#seed", "#plan-1"} <= set(given)
    assert given["#engine"]["value"] == sources_digest()
    noted = json.loads((folder / "manifest.json").read_text())
    assert given["#plan-1"]["value"] == noted["plans"][0]["digest"]
    assert (action["startTime"], action["endTime"]) == tuple(noted["sessions"][-1][key] for key in ("started", "ended"))
    came = {one.id for one in action["result"]}
    assert "runs.parquet" in came and not came & {*INPUTS}


def test_the_graph_is_closed_and_checksums_still_fit(folder: Path) -> None:
    """RO-Crate 1.1: flat, one descriptor, every reference leads to an entity; and `sha256sum -c` passes beside it."""
    entities = graph(folder)
    assert entities[NAME] == {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    root = entities["./"]
    assert {"name", "description", "datePublished", "license", "hasPart"} <= set(root)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\+00:00", root["datePublished"])
    outside = {"https://w3id.org/ro/crate/1.1"}
    for name, entity in entities.items():
        assert set(references({key: value for key, value in entity.items() if key != "@id"})) <= {
            *entities,
            *outside,
        }, name
    subprocess.run(["sha256sum", "--quiet", "-c", "checksums.sha256"], cwd=folder, check=True)


def test_a_run_gets_a_crate_when_asked_and_an_unfinished_study_none(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run says so by `mhsim crate`; a study that was stopped is refused in one line."""
    run = tmp_path / "run"
    assert exit_code(["run", "base", "--weeks", "4", "--out", str(run)]) == 0 and exit_code(["crate", str(run)]) == 0
    assert {"scenario.yaml", "lives.parquet"} <= {one.id for one in ROCrate(run).data_entities}
    stopped = tmp_path / "stopped"
    stopped.mkdir()
    told = json.loads((folder / "manifest.json").read_text()) | {"state": "unfinished"}
    (stopped / "manifest.json").write_text(json.dumps(told))
    assert exit_code(["crate", str(stopped)]) == 2
    assert "not finished" in capsys.readouterr().err and not (stopped / NAME).exists()


def test_what_the_package_says_of_itself_is_the_same_everywhere() -> None:
    """pyproject.toml, CITATION.cff and codemeta.json: one version, one licence, one list of authors, one name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    meta = json.loads((ROOT / "codemeta.json").read_text())
    assert project["version"] == citation["version"] == meta["version"]
    assert project["license"] == citation["license"] == meta["license"].rpartition("/")[2]
    names = [author["name"] for author in project["authors"]]
    assert names == [one["name"] for one in citation["authors"]] == [one["name"] for one in meta["author"]]
    assert project["name"] == meta["name"] and project["description"] == meta["description"]
    assert project["keywords"] == meta["keywords"] and set(citation["keywords"]) <= set(project["keywords"])
    assert project["requires-python"] in meta["runtimePlatform"]
    assert all((ROOT / meta[key]).is_file() for key in ("readme", "softwareHelp"))

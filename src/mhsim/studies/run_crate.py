"""The run crate of a folder of results: `ro-crate-metadata.json`, by which archives and other programs know what it is.

The file follows RO-Crate 1.1 and its profile Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5): what went
in, which program made of it what came out, and when. It is made of the manifest alone and says nothing that is not
there; it is written anew whenever a study ends, so it is never edited by hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from mhsim.errors import InputError
from mhsim.safe_files import checksum_of, checksums_in, contents_of, read_json, tidy_checksums, write_whole
from mhsim.studies import manifest
from mhsim.studies.registry import KINDS

NAME = "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = [f"{CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
INPUTS = ("study.yaml", "base.yaml", "others.yaml", "scenario.yaml", "rules")
"""What a study or a run was made from; all else in its folder came out of it."""
ABOUT = {
    "manifest.json": "What was run, by which versions, when",
    "study.yaml": "The study: what was varied, how often, what was watched",
    "base.yaml": "The scenario, every parameter written out",
    "others.yaml": "Scenarios that stand in the place of the base",
    "scenario.yaml": "The scenario, every parameter written out",
    "points.parquet": "One row for each point: what it varies",
    "runs.parquet": "One row for each run: point, replicate and every watched measure",
    "draws.parquet": "The values of every draw, by parameter",
    "precision.parquet": "How well each measure was known when the study ended",
    "summary.json": "Every measure of the run",
    "series.parquet": "Weekly series",
    "lives.parquet": "One row for each person",
    "groups.parquet": "One row for each group",
    "events.parquet": "What happened to whom, and when",
    "checksums.sha256": "SHA-256 of every other file",
    "report.html": "The page about it, in plain words",
    "runs": "Finished runs in chunks, as they ended",
    "series": "Weekly series of single runs",
    "lives": "Lives of single runs",
    "groups": "Groups of single runs",
    "people": "People of single runs",
    "rounds": "Rounds, each a study of its own",
    "analysis": "Tables of the analysis",
    "rules": "Programs of rules that the scenario names",
}
HOMES = {
    "python": "https://www.python.org/",
    "numpy": "https://numpy.org/",
    "numba": "https://numba.pydata.org/",
    "scipy": "https://scipy.org/",
    "pyarrow": "https://arrow.apache.org/",
}
TYPES = {".yaml": "application/yaml", ".parquet": "application/vnd.apache.parquet", ".sha256": "text/plain"}
Entity = dict[str, Any]


def write_crate(folder: Path) -> Path:
    """Write the run crate of a finished study or run, in the place of an earlier one.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If the folder holds neither, or an unfinished study; one line.
    mhsim.safe_files.StoreError
        If the disk refuses.
    """
    text = json.dumps(crate_of(folder), indent=2, ensure_ascii=False)
    write_whole(folder / NAME, f"{text}\n".encode())
    tidy_checksums(folder)
    return folder / NAME


def crate_of(folder: Path) -> dict[str, Any]:
    """Return the run crate of a finished study or run as JSON-LD."""
    told = read_json(folder / "manifest.json")
    if told.get("kind") not in (*KINDS, "run"):
        raise InputError("this folder holds neither a run nor a study", str(folder))
    if told["kind"] != "run" and told.get("state") != "complete":
        raise InputError("this study is not finished; --resume goes on with it, and ends with its crate", str(folder))
    parts = list(_parts(folder))
    graph = [_descriptor(), _root(told, parts), _profile(), _terms(), *_software(told), _action(told, parts)]
    return {"@context": CONTEXT, "@graph": [*graph, *_given(told), *parts]}


def _reference(entity: Entity) -> Entity:
    return {"@id": entity["@id"]}


def _descriptor() -> Entity:
    return {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": CRATE}, "about": {"@id": "./"}}


def _profile() -> Entity:
    return {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}


def _terms() -> Entity:
    words = (
        "The folder does not say under which licence it is shared; whoever shares it does. mhsim itself is under MIT."
    )
    return {"@id": "#terms", "@type": "CreativeWork", "name": "Licence not stated", "description": words}


def _root(told: dict[str, Any], parts: list[Entity]) -> Entity:
    """Return the folder itself."""
    title = " ".join(str(told.get("title") or "").split())
    kind = "run" if told["kind"] == "run" else f"study of kind {told['kind']}, {told.get('runs', 0):,} runs"
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": title or f"A {kind} of mhsim",
        "description": f"Results of an agent-based simulation of mutual help groups: a {kind}.",
        "datePublished": _times(told)[1],
        "license": {"@id": "#terms"},
        "conformsTo": {"@id": PROFILE},
        "hasPart": [_reference(part) for part in parts],
        "mentions": {"@id": "#simulation"},
    }


def _software(told: dict[str, Any]) -> list[Entity]:
    """Return the programs: mhsim, and what its results rest on."""
    session = _session(told)
    found = []
    for name, version in (session.get("versions") or {}).items():
        home = {"url": HOMES[name]} if name in HOMES else {}
        about = {"@type": "SoftwareApplication", "name": name, "softwareVersion": str(version), **home}
        found.append({"@id": HOMES.get(name, f"#{name}"), **about})
    listed = found or [{"@id": "#mhsim", "@type": "SoftwareApplication", "name": "mhsim", "softwareVersion": "unknown"}]
    listed.sort(key=lambda one: one["name"] != "mhsim")
    first, *others = listed
    commit = (session.get("git") or {}).get("commit")
    first |= {"identifier": commit} if commit else {}
    first |= {"softwareRequirements": [_reference(one) for one in others]} if others else {}
    return listed


def _action(told: dict[str, Any], parts: list[Entity]) -> Entity:
    """Return the act of simulating: what went in, what came out, when, by which program."""
    begun, ended = _times(told)
    inputs = [_reference(part) for part in parts if part["@id"].rstrip("/") in INPUTS]
    results = [_reference(part) for part in parts if part["@id"].rstrip("/") not in (*INPUTS, "report.html")]
    failed = told.get("failed", 0)
    about = f"{told.get('done', 1):,} runs ended well" + (f", {failed:,} failed" if failed else "")
    sessions = len(told.get("sessions") or [1])
    return {
        "@id": "#simulation",
        "@type": "CreateAction",
        "name": f"mhsim {told['kind']}",
        "description": f"{about}, in {sessions} session{'' if sessions == 1 else 's'} of work.",
        "instrument": {"@id": "#mhsim"},
        "object": inputs + [_reference(one) for one in _given(told)],
        "result": results,
        **({"startTime": begun} if begun else {}),
        "endTime": ended,
        "actionStatus": "http://schema.org/CompletedActionStatus",
    }


def _given(told: dict[str, Any]) -> list[Entity]:
    """Return what went in besides files: seed, digest of the engine, and each version of the plan."""
    identity = told.get("identity") or {}
    engine = identity.get("engine") or told.get("engine")
    values = [("seed", "random seed", told.get("seed")), ("engine", "digest of the engine's sources", engine)]
    for number, version in enumerate(told.get("plans") or [], 1):
        words = f"SHA-256 of the plan noted on {version.get('at')}, when {version.get('runs')} runs had been done"
        values.append((f"plan-{number}", words, version.get("digest") or "taken out"))
    return [
        {"@id": f"#{key}", "@type": "PropertyValue", "name": name, "value": str(value)}
        for key, name, value in values
        if value is not None
    ]


def _session(told: dict[str, Any]) -> dict[str, Any]:
    """Return what the manifest says of the last session; that of a run says it at its top."""
    found: dict[str, Any] = (told.get("sessions") or [told])[-1]
    return found


def _times(told: dict[str, Any]) -> tuple[str, str]:
    """Return when the first session began, empty where that is not known, and when the last ended."""
    ended = str(_session(told).get("ended") or manifest.now())
    first = str((told.get("sessions") or [{}])[0].get("started") or "")
    if not first and isinstance(told.get("seconds"), (int, float)):
        moment = datetime.fromisoformat(ended).timestamp() - float(told["seconds"])
        first = datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
    return first, ended


def _parts(folder: Path) -> Iterator[Entity]:
    """Yield the files and folders of a folder of results, but the crate itself and what other programs made of it."""
    kept = checksums_in(folder)
    rounds = {path.name for path in folder.glob("*/manifest.json")}
    for path in contents_of(folder):
        name = path.name
        if path.is_dir() and (name in ABOUT or (path / "manifest.json").is_file() or name in rounds):
            words = ABOUT.get(name, "A part of the study, with a folder of its own")
            yield {"@id": f"{name}/", "@type": "Dataset", "name": name, "description": words}
        elif path.is_file() and name != NAME and name in ABOUT:
            sums = {"sha256": (kept.get(name) or [checksum_of(path)])[-1]} if name != "checksums.sha256" else {}
            size = {} if name == "checksums.sha256" else {"contentSize": str(path.stat().st_size)}
            kind = TYPES.get(path.suffix) or guess_type(name)[0] or "application/octet-stream"
            about = {"name": name, "description": ABOUT[name], "encodingFormat": kind}
            yield {"@id": name, "@type": "File", **about, **size, **sums}

"""Parts of the pages of results: the head of a folder, choices, figures, and links to Explore and to downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from pydantic import ValidationError

from mhsim.dashboard.elements import element, link, trusted, words
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.selection import short
from mhsim.dashboard.scenario_state import situation_of
from mhsim.dashboard.url_state import address_of
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError
from mhsim.report.study_page import failures_part
from mhsim.scenario import Scenario, Value, with_values
from mhsim.studies.data import RunData, StudyData

Keys = dict[str, str]
"""Keys of the address."""
Go = Callable[..., None]
"""Goes to the address in which the keys given are others; None leaves one out."""
KINDS = {
    "run": "One history",
    "sweep": "A sweep: one scenario at many points",
    "compare": "A comparison: scenarios with the same random seeds",
    "knockout": "A knock-out: each mechanism taken away in turn",
    "tipping-point": "A search for a tipping point",
    "sensitivity": "A study of sensitivity: which parameters matter",
    "trial": "A simulated trial",
    "robustness": "A study of robustness: what holds otherwise",
}
MOST_AXES = 6
KEYS = ("folder", "table", "measure", "axis", "across", "up", "point", "view", "watch")
"""Keys of the address that say what a download holds."""
REFUSED = (InputError, ValidationError, KeyError, TypeError, ValueError)


def heading(opened: ResultsFolder, data: StudyData | RunData) -> None:
    """Show what a folder holds, what is known of it, and what of it is missing."""
    study, own, scenario = (data, data.study, data.base) if isinstance(data, StudyData) else (None, {}, data.scenario)
    title = own.get("title") or opened.manifest.get("title") or scenario.get("title") or opened.folder.name
    with element("header", class_="results-head"):
        words(KINDS.get(opened.kind, f"A study of the kind {opened.kind}"), class_="quiet kicker")
        words(" ".join(str(title or opened.name).split()), "h2")
        if study and study.question:
            words(study.question, class_="question")
        if study:
            _missing(opened, study)
        facts = [("Folder", opened.name), *(_runs_facts(study) if study else ()), *_manifest_facts(opened, own)]
        with element("dl", class_="facts"):
            for name, value in facts:
                if value:
                    with element("div"):
                        words(name, "dt")
                        words(value, "dd")
        with element("p", class_="row links"):
            if opened.finished:
                label = "The whole report, a page of its own"
                link(label, download("report.html", {"folder": opened.name}), target="_blank", rel="noopener")
            point = explore_link(data, {"scenario": study.base_name} if study and study.kind == "compare" else {})
            if point:
                link("Its scenario in Explore", point)


def _runs_facts(data: StudyData) -> list[tuple[str, str]]:
    there, failed, (points, replicates) = int(data.stored.sum()), len(data.failures), data.shape
    of = "" if there >= data.asked else f" of {data.asked:,}"
    beyond = len(data.axes) - MOST_AXES
    axes = ", ".join(short(path) for path in data.axes[:MOST_AXES]) + (f" and {beyond} more" if beyond > 0 else "")
    return [
        ("Runs", f"{there:,}{of}: {points:,} points, {replicates:,} each"),
        ("Failed runs", f"{failed:,}" if failed else "none"),
        ("Varies", axes),
    ]


def _manifest_facts(opened: ResultsFolder, study: Mapping[str, Any]) -> list[tuple[str, str]]:
    manifest = opened.manifest
    last = (manifest.get("sessions") or [manifest])[-1]
    version = (last.get("versions") or {}).get("mhsim")
    return [
        ("Seed", str(manifest.get("seed", study.get("seed", "")))),
        ("History", str(manifest.get("replicate", ""))),
        ("Version", f"mhsim {version}" if version else ""),
        ("Ended", str(last.get("ended") or "").replace("T", " ").replace("+00:00", " UTC")),
    ]


def _missing(opened: ResultsFolder, data: StudyData) -> None:
    """Show what is missing: runs not done yet, chunks that cannot be read, runs that failed."""
    if not opened.finished:
        runs = f"{int(data.stored.sum()):,} of {data.asked:,} runs"
        said = f"This study is not finished: {runs} are here, and only these are shown. "
        words(f"{said}Go on with: mhsim {opened.kind} STUDY --out {opened.name} --resume", class_="note")
    if data.damaged:
        said = f"Runs in these files cannot be read and are left out: {', '.join(data.damaged[:5])}. "
        words(f"{said}Resume the study, and they are done again.", class_="wrong")
    if data.failures:
        trusted(failures_part(data), class_="report failures")


def download(kind: str, keys: Mapping[str, str], **others: str) -> str:
    """Return the link to a download, such as ``table.csv``, of what an address shows."""
    kept = {key: keys[key] for key in KEYS if keys.get(key)}
    return f"/get/results/{kind}?{urlencode({**kept, **others}, safe=':,;=/')}"


def download_links(kind: str, formats: Iterable[str], keys: Mapping[str, str], what: str, **others: str) -> None:
    """Show the links to a download in each of its formats."""
    for name in formats:
        link(name, download(f"{kind}.{name.lower()}", keys, **others), aria_label=f"Download {what} as {name}")


def figure_links(keys: Mapping[str, str], view: str, what: str = "this figure") -> None:
    """Show the links to a figure for a paper."""
    with element("span", class_="downloads"):
        download_links("figure", ("SVG", "PNG"), keys, what, view=view)


def result_figure(markup: str, caption: str, keys: Mapping[str, str], view: str) -> None:
    """Show a figure made by us with its caption and its downloads."""
    with element("figure", class_="result"):
        trusted(f'<div class="pictures">{markup}</div>', class_="report")
        words(caption, "figcaption")
        figure_links(keys, view)


def choose(name: str, label: str, value: str, choices: Iterable[tuple[str, str]], go: Go, legend: str) -> None:
    """Show a choice of one key of the address; `go` is called with it."""
    field = InputField(name, label, "choice", value, choices=tuple(choices))
    Fields([field], lambda key, chosen, final: go(**{key: str(chosen)}), legend=legend, look="across")


def explore_link(data: StudyData | RunData, point: Mapping[str, Value]) -> str:
    """Return the link that shows a point's scenario in Explore; empty where it has rules or is too large."""
    scenario = _scenario(data, str(point.get("scenario", "")))
    if scenario is None:
        return ""
    given = {path: value for path, value in point.items() if path != "scenario"}
    try:
        return f"/explore?{address_of(situation_of(with_values(scenario, given) if given else scenario)).query()}"
    except REFUSED:
        return ""


@lru_cache(maxsize=64)
def _scenario(data: StudyData | RunData, name: str) -> Scenario | None:
    """Return the scenario that points differ from, with what the study sets; None where it cannot be shown."""
    try:
        if isinstance(data, RunData):
            content, fixed = data.scenario, dict[str, Any]()
        else:
            content, fixed = data.scenarios.get(name, data.base), dict(data.study.get("set") or {})
            fixed |= {key: data.study[key] for key in ("weeks", "seed") if data.study.get(key) is not None}
        scenario = Scenario.model_validate(content)
        return None if scenario.rules else with_values(scenario, fixed) if fixed else scenario
    except REFUSED:
        return None

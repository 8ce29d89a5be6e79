"""The head of a folder's page: what it is, how much of it is there, what failed, where it comes from."""

from __future__ import annotations

from typing import Any

import solara

from mhsim.dashboard.elements import element, link, words
from mhsim.dashboard.results.links import download, explore_link
from mhsim.dashboard.results.results_folder import ResultsFolder
from mhsim.dashboard.results.runs import Runs
from mhsim.dashboard.results.selection import short
from mhsim.report.formatting import value_text

KINDS = {
    "run": "One history",
    "sweep": "A sweep: one scenario at many points",
    "compare": "A comparison: scenarios under the same luck",
    "knockout": "A knock-out: each mechanism taken away in turn",
    "tipping-point": "A search for a tipping point",
    "sensitivity": "A study of sensitivity: which parameters matter",
    "trial": "A simulated trial",
}
MOST_FAILURES = 20


@solara.component  # type: ignore[untyped-decorator]
def Heading(opened: ResultsFolder, runs: Runs | None) -> None:  # noqa: N802
    """Show what a folder holds."""
    with element("header", class_="results-head"):
        words(KINDS.get(opened.kind, f"A study of the kind {opened.kind}"), class_="quiet kicker")
        words(opened.title, "h2")
        if opened.question:
            words(opened.question, class_="question")
        if runs is not None:
            _there(opened, runs)
        facts = facts_of(opened, runs)
        with element("dl", class_="facts"):
            for name, value in facts:
                with element("div"):
                    words(name, "dt")
                    words(value, "dd")
        with element("p", class_="row links"):
            if opened.finished:
                label = "The whole report, a page of its own"
                link(label, download("report.html", {"folder": opened.name}), target="_blank", rel="noopener")
            point = explore_link(opened, {"scenario": first_name(opened)} if opened.kind == "compare" else {})
            if point:
                link("Its scenario in Explore", point)


def first_name(opened: ResultsFolder) -> str:
    """Return the name of the first scenario of a comparison."""
    return str(next(iter(opened.study.get("scenarios") or {}), ""))


def facts_of(opened: ResultsFolder, runs: Runs | None) -> list[tuple[str, str]]:
    """Return what is known of a folder, as names and values."""
    manifest = opened.manifest
    sessions: list[dict[str, Any]] = manifest.get("sessions") or []
    last = sessions[-1] if sessions else manifest
    versions = last.get("versions") or {}
    facts = [("Folder", opened.name)]
    if runs is not None:
        each = runs.found.done.shape
        facts += [
            ("Runs", f"{_of(runs)}{each[0]:,} points, {each[1]:,} each"),
            ("Failed runs", f"{runs.failed:,}" if runs.failed else "none"),
        ]
        if runs.found.axes:
            facts.append(("Varies", ", ".join(short(path) for path in runs.found.axes[:6]) + more(runs.found.axes, 6)))
    facts += [
        ("Seed", str(manifest.get("seed", opened.study.get("seed", "")))),
        ("History", str(manifest.get("replicate", ""))),
        ("Version", f"mhsim {versions['mhsim']}" if versions.get("mhsim") else ""),
        ("Ended", str(last.get("ended") or "").replace("T", " ").replace("+00:00", " UTC")),
    ]
    return [(name, value) for name, value in facts if value]


def _of(runs: Runs) -> str:
    return f"{runs.there:,}: " if runs.there >= runs.found.asked else f"{runs.there:,} of {runs.found.asked:,}: "


def more(items: tuple[str, ...], shown: int) -> str:
    """Return how many items are left out, in words."""
    return f" and {len(items) - shown} more" if len(items) > shown else ""


def _there(opened: ResultsFolder, runs: Runs) -> None:
    """Show what is missing: runs not done yet, chunks that cannot be read, runs that failed."""
    if not opened.finished:
        there = f"{runs.there:,} of {runs.found.asked:,} runs"
        told = f"This study is not finished: {there} are here, and only these are shown. "
        words(f"{told}Go on with: mhsim {opened.kind} STUDY --out {opened.name} --resume", class_="note")
    if runs.found.damaged:
        told = f"Runs in these files cannot be read and are left out: {', '.join(runs.found.damaged[:5])}. "
        words(f"{told}Resume the study, and they are done again.", class_="wrong")
    if runs.failed:
        _failures(runs)


def _failures(runs: Runs) -> None:
    with element("details", class_="note failures"):
        told = f"{runs.failed:,} of {runs.there:,} runs failed; they are left out of every number here."
        words(f"{told} Which, and how to repeat them", "summary")
        with element("ul"):
            for one in runs.found.failures[:MOST_FAILURES]:
                values = "; ".join(
                    f"{path} = {value_text(value)}" for path, value in runs.found.points[one.point].items()
                )
                with element("li"):
                    words(f"{values or 'the only point'}, replicate {one.replicate}: {one.error} ", "span")
                    if one.command:
                        words(one.command, "code")
        rest = runs.failed - min(MOST_FAILURES, len(runs.found.failures))
        if rest > 0:
            words(f"And {rest:,} more; the table of runs lists them all.")

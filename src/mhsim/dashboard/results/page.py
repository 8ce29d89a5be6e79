"""The page Results: open the folder of a run or a study and look at everything in it."""

from __future__ import annotations

from pathlib import Path

import solara

from mhsim.dashboard.elements import Button, PageLink, element, words
from mhsim.dashboard.results.header import KINDS
from mhsim.dashboard.results.results_folder import ResultsFolder, nearby, open_folder
from mhsim.dashboard.results.run_view import OneRun
from mhsim.dashboard.results.study import Study
from mhsim.dashboard.visit import Visit, use_visit
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError

OF_A_FOLDER = ("table", "sort", "page", "view", "measure", "axis", "across", "up", "point", "watch", "life", "group")
"""Keys that another folder begins anew."""
EXAMPLES = (
    ("One history, with lives to read", "mhsim run base --record story --out runs/first"),
    ("Two situations under the same luck", "mhsim compare base twelve_step --replicates 50 --out results/two-forms"),
    ("A sweep of your own", "mhsim new study our-question, then mhsim sweep our-question.yaml --out results/ours"),
)


@solara.component  # type: ignore[untyped-decorator]
def Results() -> None:  # noqa: N802
    """Show the page."""
    visit = use_visit()
    keys = dict(visit.address.others)
    name = keys.get("folder", "")
    with element("div", class_="results"):
        words("Results", "h1")
        words("Open the folder of a run or a study: tables, curves, maps, and all of it to download.")
        if visit.wrong:
            words(visit.wrong, class_="wrong", role="alert")
        opened, problem = _opened(name)
        Chooser(visit, name)
        if problem:
            words(problem, class_="wrong", role="alert")
        if opened is None:
            Nearby(visit)
        else:
            Opening(opened, keys, visit)
            with element("details", class_="others"):
                words("Other folders found here", "summary")
                Nearby(visit)


def _opened(name: str) -> tuple[ResultsFolder | None, str]:
    if not name:
        return None, ""
    try:
        return open_folder(name), ""
    except InputError as error:
        return None, str(error)


@solara.component  # type: ignore[untyped-decorator]
def Opening(opened: ResultsFolder, keys: dict[str, str], visit: Visit) -> None:  # noqa: N802
    """Show an open folder."""

    def go(**others: str | float | None) -> None:
        visit.go(visit.address.with_others(**others))

    if opened.is_run:
        OneRun(opened, keys, go)
    else:
        Study(opened, keys, go)


@solara.component  # type: ignore[untyped-decorator]
def Chooser(visit: Visit, name: str) -> None:  # noqa: N802
    """Show the field for the name of a folder, and a button that opens it."""
    typed = solara.use_ref(name)

    def told(_: str, value: object, final: bool) -> None:
        typed.current = str(value)
        open_now()

    def open_now() -> None:
        folder = typed.current.strip()
        if folder and folder != name:
            visit.go(visit.address.with_others(folder=folder, **dict.fromkeys(OF_A_FOLDER)))

    field = InputField(
        "folder", "Folder", "text", name, help="As on the command line, from the folder mhsim was started in."
    )
    with element("div", class_="chooser"):
        Fields([field], told, legend="Open a folder")
        Button("Open", open_now, look="main")


@solara.component  # type: ignore[untyped-decorator]
def Nearby(visit: Visit) -> None:  # noqa: N802
    """Show the folders of results in the working directory, or how to make one."""
    found = solara.use_memo(lambda: nearby(Path.cwd()), [])
    if found:
        words("Folders found here", "h2")
        with element("ul", class_="found"):
            for one in found:
                with element("li", class_="card"):
                    to = visit.address.with_others(folder=one.name, **dict.fromkeys(OF_A_FOLDER))
                    PageLink(one.name, f"/results?{to.query()}")
                    words(one.title or "without a title", "span", class_="of-folder")
                    words(KINDS.get(one.kind, one.kind), "span", class_="quiet")
        return
    words("There are no results here yet", "h2")
    words("mhsim was started in a folder without results. These command lines make some:")
    with element("dl"):
        for about, line in EXAMPLES:
            words(about, "dt")
            with element("dd"):
                words(line, "code")

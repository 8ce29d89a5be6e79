"""The page Results: open the folder of a run or a study and look at everything in it."""

from __future__ import annotations

from pathlib import Path

import solara

from mhsim.dashboard.elements import Button, PageLink, element, words
from mhsim.dashboard.results.parts import KINDS
from mhsim.dashboard.results.results_folder import nearby, open_folder
from mhsim.dashboard.results.run_view import OneRun
from mhsim.dashboard.results.study import Study
from mhsim.dashboard.visit import Visit, use_visit
from mhsim.dashboard.widgets.fields import Fields, InputField
from mhsim.errors import InputError

OF_A_FOLDER = ("table", "sort", "page", "view", "measure", "axis", "across", "up", "point", "watch", "life", "group")
"""Keys that another folder begins again."""
EXAMPLES = (
    ("One history, with lives to read", "mhsim run base --record story --out runs/first"),
    (
        "Two situations, with the same random seeds",
        "mhsim compare base twelve_step --replicates 50 --out results/two-forms",
    ),
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
        opened, problem = None, ""
        if name:
            try:
                opened = open_folder(name)
            except InputError as error:
                problem = str(error)
        Chooser(visit, name)
        if problem:
            words(problem, class_="wrong", role="alert")
        if opened is None:
            Nearby(visit)
            return
        shown = OneRun if opened.is_run else Study
        shown(opened, keys, lambda **others: visit.go(visit.address.with_others(**others)))
        with element("details", class_="others"):
            words("Other folders found here", "summary")
            Nearby(visit)


@solara.component  # type: ignore[untyped-decorator]
def Chooser(visit: Visit, name: str) -> None:  # noqa: N802
    """Show the field for the name of a folder, and a button that opens it."""
    typed = solara.use_ref(name)

    def type_in(_: str, value: object, final: bool) -> None:
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
        Fields([field], type_in, legend="Open a folder")
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

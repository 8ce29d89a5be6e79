"""The generated parts of docs/TRACE.md: what there is to show that the model was built, tested and used with care.

TRACE (Grimm et al. 2014; Schmolke et al. 2010) asks for eight elements. Counts and lists are made here of the evidence,
the parameters, the tests and the pages that are there; what takes judgement is written by hand between them.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from mhsim.evidence.facts import facts
from mhsim.evidence.markdown import markdown_table
from mhsim.mechanisms import WEEK
from mhsim.modules import optional
from mhsim.scenario import parameter_rows

USES = ("calibrate", "direction", "check", "context", "trap")
ANALYSES = (
    ("docs/moved.md", "What each parameter moves: every number at 0 and at twice its value"),
    ("experiments/sensitivity/README.md", "Which numbers matter most for the main question: Morris screening"),
    ("docs/identifiability.md", "How values were fitted to the facts, and what can be learnt of each"),
    ("docs/fit.md", "How a group's own record is fitted, and how often such fits are right"),
    ("docs/robustness.md", "Which sentences survive other steps, sizes, starts, rules and assumed values"),
    ("docs/docking.md", "Other published models beside this one"),
    ("docs/coverage.md", "Each element of the sources, and the paired difference that shows it"),
    (
        "experiments/helper-turnover/README.md",
        "The main job: claims held against a third and three times of assumed values",
    ),
)
"""Pages of analysis by path, and what each is about; one that is not there is said to be missing."""
VERIFICATIONS = (
    ("tests/test_write_contract.py", "a mechanism changes only the columns that it declares"),
    ("tests/test_lint_numbers.py", "no number in a rule but parameters and named points of reference"),
    ("tests/test_lint_arithmetic.py", "only arithmetic that gives the same bits everywhere"),
    ("tests/test_modules_neutral.py", "a mechanism at its neutral values changes nothing"),
    ("tests/test_engine_extremes.py", "extreme worlds: nothing leaves its range, nothing is lost"),
    (
        "tests/test_baselines.py",
        "digests of histories and studies: any change of results is noticed and has to be told",
    ),
    ("tests/test_stats.py", "intervals against SciPy, lifelines and published tables"),
    ("tests/test_studies_kill.py", "studies killed at any moment end with the same tables"),
    ("tests/test_reproduce.py", "studies done again from their folders are equal to the bit"),
)
"""Tests of the program as a whole, by file, and what each asks."""
CORE_TWIN = "tests/verify/twin_model.py"
"""Where the second implementation of the core begins; its parts are the files `twin_*.py` beside it."""


def trace_parts(root: Path) -> dict[str, str]:
    """Return the generated parts of the page by name.

    Parameters
    ----------
    root : Path
        The repository: its tests, experiments and pages are looked at.
    """
    return {
        "facts": markdown_table(("use", "facts", "A", "B", "C", "D"), _fact_rows()),
        "assumed": markdown_table(("section", "parameters", "assumed"), _parameter_rows()),
        "verification": markdown_table(("what", "test"), _verification_rows(root)),
        "twins": markdown_table(("rule", "its tests", "second implementation"), _rule_rows(root)),
        "scoreboard": _scoreboard((root / "docs" / "patterns.md").read_text(encoding="utf-8")),
        "corroboration": _directions((root / "docs" / "patterns.md").read_text(encoding="utf-8")),
        "analyses": markdown_table(("page", "what it is about"), _analysis_rows(root)),
    }


def _fact_rows() -> list[list[str]]:
    """Return for each use how many facts there are, by their best reliability."""
    counts = Counter((_use(fact.use), fact.reliability.strip()[:1]) for fact in facts().values())
    rows = []
    for use in USES:
        each = [counts[use, mark] for mark in "ABCD"]
        rows.append([use, str(sum(each)), *map(str, each)])
    return rows


def _use(text: str) -> str:
    """Return the first use that a row of the evidence names."""
    return next((use for use in USES if text.startswith(use)), "context")


def _parameter_rows() -> list[list[str]]:
    """Return how many parameters each section of a scenario has, and how many of them are assumed."""
    every, assumed = Counter[str](), Counter[str]()
    for row in parameter_rows():
        section = row["path"].split(".")[0] if "." in row["path"] else "the scenario"
        every[section] += 1
        assumed[section] += row["source"].startswith("assumed")
    core = [name for name in every if name not in optional()]
    rows = [[f"`{name}`", str(every[name]), str(assumed[name])] for name in core]
    modules = [name for name in every if name in optional()]
    total = [sum(count[name] for name in modules) for count in (every, assumed)]
    rows.append([f"{len(modules)} optional mechanisms", *map(str, total)])
    return [*rows, ["all", str(every.total()), str(assumed.total())]]


def _verification_rows(root: Path) -> list[list[str]]:
    """Return what each test of the whole asks; those of tests/verify by their first sentence."""
    rows = [[words, f"`{path}`"] for path, words in VERIFICATIONS if (root / path).is_file()]
    for path in sorted((root / "tests" / "verify").glob("test_*.py")):
        said = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0].rstrip(".")
        rows.append([said[:1].lower() + said[1:], f"`{path.relative_to(root).as_posix()}`"])
    return rows


def _rule_rows(root: Path) -> list[list[str]]:
    """Return for each mechanism its file of tests, and where the second implementation of it stands."""
    core = [(phase.mechanism, f"tests/test_mechanism_{phase.mechanism}.py", CORE_TWIN) for phase in WEEK]
    own = [(name, f"tests/test_module_{name}.py", f"tests/verify/modules/{name}.py") for name in optional()]
    return [[name, _there(root, test), _there(root, twin)] for name, test, twin in (*core, *own)]


def _there(root: Path, path: str) -> str:
    return f"`{path}`" if (root / path).is_file() else "none"


def _scoreboard(page: str) -> str:
    """Return the sentences of docs/patterns.md about facts that values may be tuned to."""
    count = re.search(r"\*\*(\d+ of \d+ facts for calibration are inside.*?estimates)\.", page, re.DOTALL)
    missed = re.search(r"Not inside, of the facts for calibration: (.*?)\.", page)
    said = " ".join(count[1].split()) if count else "docs/patterns.md does not say how many facts are inside"
    return f"{said}. Not inside: {missed[1] if missed else 'none'}."


def _directions(page: str) -> str:
    """Return the sentence of docs/patterns.md about facts of which the sign alone is held against the model."""
    found = re.search(r"Of\s+(\d+ facts about directions \d+ come out clearly as found.*?model)\.", page, re.DOTALL)
    return (
        f"Of {' '.join(found[1].split())}." if found else "docs/patterns.md does not say how many directions come out."
    )


def _analysis_rows(root: Path) -> list[list[str]]:
    """Return each page of analysis with a link; one that is not there is said to be missing."""
    rows = []
    for path, words in ANALYSES:
        place = path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"
        rows.append([f"[{place.removeprefix('../')}]({place})" if (root / path).is_file() else "not there yet", words])
    return rows

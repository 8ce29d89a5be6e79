"""Where a reader finds what the STRESS guidelines for agent-based models ask of a report (Monks et al. 2019)."""

from __future__ import annotations

from markupsafe import Markup

from mhsim.report.formatting import durations
from mhsim.report.html import paragraphs, section, table
from mhsim.studies.data import StudyData

HEAD = ("Asked", "Answer, or where it stands")
ABOUT = (
    "The list follows the guidelines STRESS-ABS for reporting simulation studies with agents. File names are of the "
    "sources of mhsim, or of the folder of this page."
)


def checklist_section(data: StudyData) -> Markup:
    """Return the section: a checklist for whoever reports this study."""
    rows = [list(row) for row in (*objectives(data), *model(), *experiment(data), *doing(data))]
    return section("For a report on this study", paragraphs(ABOUT), table(HEAD, rows, "Checklist"), key="checklist")


def objectives(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Return the rows on purpose and outputs."""
    watched = data.measures
    return (
        ("1.1 Purpose of the model", "docs/ODD.md, “Purpose”; README.md says what it claims and what it does not"),
        (
            "1.2 Outputs",
            f"{len(watched)} measures, named in study.yaml, with denominators in docs/measures.md",
        ),
        ("1.3 Aim of the experiment", data.question or "no question was written into study.yaml"),
    )


def model() -> tuple[tuple[str, str], ...]:
    """Return the rows on logic and data, which are those of the model."""
    return (
        ("2.1 Base model", "docs/ODD.md: what exists, the order of a week, each mechanism with its formula"),
        ("2.2 Scenarios", "base.yaml, every number written out; points.parquet, what differs at each point"),
        ("2.3 Algorithms", "docs/ODD.md; src/mhsim/mechanisms, one file for each"),
        ("2.4 Agents, environment, ties", "src/mhsim/schema.py, each column with unit and meaning; docs/ODD.md"),
        ("2.5 Entry and exit", "docs/ODD.md: coming into need, arriving, leaving, settling, the end of groups"),
        ("3.1 Data sources", "docs/evidence.md, with how weak each source is; no data of single people or groups"),
        ("3.2 Input parameters", "docs/parameters.md: value, range, unit, meaning, source of each"),
        ("3.3 Assumptions", "parameters whose source is “assumed”; the section “What it does not say” above"),
    )


def experiment(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Return the rows on experimentation."""
    run_in = data.assumed("start.run_in_weeks")
    points, replicates = data.shape
    return (
        ("4.1 Initialisation", f"{run_in} weeks before groups open; `start` in base.yaml"),
        ("4.2 Run length", f"{durations(list(data.lengths))} from the opening of the groups"),
        ("4.3 Estimation", f"{replicates:,} replicates at each of {points:,} points, the same random seeds at all"),
    )


def doing(data: StudyData) -> tuple[tuple[str, str], ...]:
    """Return the rows on implementation and access."""
    sessions = data.manifest.get("sessions") or [{}]
    versions = sessions[-1].get("versions") or {}
    software = ", ".join(f"{name} {value}" for name, value in versions.items()) or "see manifest.json"
    seed = data.manifest.get("seed", data.study.get("seed", ""))
    return (
        ("5.1 Software", software),
        (
            "5.2 Random numbers",
            f"Philox 4x32-10, by seed ({seed}), replicate, person, time and purpose",
        ),
        ("5.3 Execution", "one step a week unless base.yaml says otherwise; order of the week in docs/ODD.md"),
        ("5.4 System", "the table above; results do not depend on the machine or on how many processors worked"),
        ("6.1 Access to the model", "MIT licence; cite it by CITATION.cff, with version, commit and study.yaml"),
    )

"""The tables of a knock-out as the page sees them, and what was taken away in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mhsim.outcomes.measures import BY_NAME
from mhsim.report.formatting import capital, scale_of, turned
from mhsim.stats import Estimate
from mhsim.studies.analysis import difference_in
from mhsim.studies.data import Row, StudyData

THINGS = {
    "arrive": "newcomers",
    "attend": "meetings",
    "share": "stories at meetings",
    "supervise": "looking after helpers",
    "help": "one-to-one help",
    "bond": "ties and belonging",
    "live": "life outside",
    "progress": "movement between stages",
    "serve": "changes of roles",
    "leave": "leaving",
    "quarrel": "open conflict",
    "breach": "breaches of confidence",
    "bequeath": "methods handed down",
    "govern": "the keeping of the house",
    "found": "new groups",
    "close": "closing",
}
"""What each mechanism is, in a few words; one that is not here goes by its name."""


def thing(name: str) -> str:
    """Return what was taken away, in a few words."""
    return THINGS.get(name, name.replace("_", " "))


def without(name: str) -> str:
    """Return "without" and what was taken away."""
    return f"without {thing(name)}"


class Tables:
    """A finished knock-out: the study, and each table as rows; one that was not asked for has none."""

    def __init__(self, data: StudyData) -> None:
        """Read the analysis; raise InputError if it is missing."""
        self.data = data
        labels = labels_of(tuple(data.study["forms"]))
        self.forms = tuple(labels.values())
        self.effects = self._rows("effects", labels)
        self.interactions, self.form_differences, self.shapley = (
            self._rows(name, labels) if data.has_table(name) else []
            for name in ("interactions", "form_differences", "shapley")
        )
        self.outcome = str(data.study["outcome"])
        self.scale = scale_of(self.outcome)

    def _rows(self, name: str, labels: dict[str, str]) -> list[Row]:
        rows = self.data.rows(name)
        for row in rows:
            row |= {key: labels.get(row[key], row[key]) for key in ("form", "other_form") if key in row}
        return rows

    @property
    def measures(self) -> tuple[str, ...]:
        """Every measure that was compared, the outcome first."""
        return tuple(dict.fromkeys([self.outcome, *(str(row["measure"]) for row in self.effects)]))

    def of(self, form: str, measure: str = "") -> list[Row]:
        """Return the effects in a form on a measure, the outcome unless named; the largest first."""
        wanted = measure or self.outcome
        return [row for row in self.effects if row["form"] == form and row["measure"] == wanted]

    def taken_away(self, name: str) -> dict[str, Any]:
        """Return the paths and values by which a thing was taken away."""
        sets: dict[str, dict[str, Any]] = self.data.study.get("sets") or {}
        return sets.get(name, {f"{name}.enabled": False})

    def known_differences(self) -> list[Row]:
        """Return how effects on the outcome differ between forms, clear ones only, the largest first."""
        rows = [row for row in self.form_differences if row["measure"] == self.outcome and row["clear"]]
        return sorted(rows, key=lambda row: -abs(row["difference"]))


def labels_of(forms: tuple[str, ...]) -> dict[str, str]:
    """Return what each form is called on the page: its name, without folders and ending if no two then agree."""
    short = {form: Path(form).stem for form in forms}
    return short if len(set(short.values())) == len(forms) else {form: form for form in forms}


def estimate(row: Row, name: str) -> Estimate:
    """Return a number of a row with its interval."""
    return difference_in(row, name)


def change(row: Row) -> Estimate:
    """Return what changes without a thing: its effect seen from the other side."""
    return turned(estimate(row, "effect"))


def meaning(measure: str) -> str:
    """Return what a measure counts, with its unit as shown."""
    return f"{BY_NAME[measure].meaning} ({BY_NAME[measure].shown_unit})"


def change_words(measure: str, name: str, found: Estimate) -> str:
    """Return a sentence about one thing taken away: "Without meetings, 12 fewer of 100 (8 to 15)."."""
    return capital(f"{without(name)}, {scale_of(measure).amount(found)}.")

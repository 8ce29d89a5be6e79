"""What A and B have in common, in words: the form, settings away from it, what changes in mid-life, how long."""

from __future__ import annotations

from mhsim.dashboard.scenario_state import differences, form_named
from mhsim.dashboard.turnover.sliders import BY_PATH, changes_in_words
from mhsim.dashboard.turnover.wording import lasting
from mhsim.scenario import Scenario

UNTOLD = ("title", "about", "form", "seed", "weeks")
"""Settings that are told elsewhere, or change no run."""


def shared(first: Scenario, second: Scenario) -> list[str]:
    """Return what both have: the form, then in what both are away from it, then what happens to both on the way."""
    form = form_named(first.form if first.form == second.form else "base")
    own = {path for path, _ in differences(first, second)}
    told = [form.title]
    for path, value in differences(form, first):
        if path in own or path in UNTOLD:
            continue
        lever = BY_PATH.get(path)
        told.append(lever.words(float(value)) if lever else f"{path} = {value}")
    if first.changes and first.changes == second.changes:
        told.append(changes_in_words(first))
    return told


def shared_in_words(first: Scenario, second: Scenario) -> str:
    """Return what both have as one sentence, the same on the page and the handout."""
    return f"The same in both: {'; '.join(shared(first, second))}; {lasting(first.weeks)}; the same luck."

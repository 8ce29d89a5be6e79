"""The page Explore."""

from __future__ import annotations

import solara

from mhsim.dashboard.address import address_of
from mhsim.dashboard.native import Button, element, link, words
from mhsim.dashboard.session import use_visit
from mhsim.dashboard.widgets.fields import Fields, field_of
from mhsim.scenario import Value


@solara.component  # type: ignore[untyped-decorator]
def Explore() -> None:  # noqa: N802
    """Show the page."""
    visit = use_visit()
    situation = visit.address.first

    def told(name: str, value: Value, final: bool) -> None:
        if final:
            visit.go(address_of(situation.with_value(name, value)))

    element("h1", "Why does a group live or die?")
    if visit.wrong:
        words(visit.wrong, class_="wrong", role="alert")
    Fields(
        [field_of("serve.turnover_per_year", situation, "Turnover of helpers a year", low=0, high=4)],
        told,
        legend="From this week on",
    )
    link("Scenario", f"/get/scenario.yaml?{visit.address.query()}")
    Button("New luck", lambda: None)

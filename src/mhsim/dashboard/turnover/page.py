"""The page Turnover."""

from __future__ import annotations

import solara

from mhsim.dashboard.native import element


@solara.component  # type: ignore[untyped-decorator]
def Turnover() -> None:  # noqa: N802
    """Show the page."""
    element("h1", "Turnover")

"""The page Lessons."""

from __future__ import annotations

import solara

from mhsim.dashboard.native import element


@solara.component  # type: ignore[untyped-decorator]
def Lessons() -> None:  # noqa: N802
    """Show the page."""
    element("h1", "Lessons")

"""The page Results."""

from __future__ import annotations

import solara

from mhsim.dashboard.native import element


@solara.component  # type: ignore[untyped-decorator]
def Results() -> None:  # noqa: N802
    """Show the page."""
    element("h1", "Results")

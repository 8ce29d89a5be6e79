"""The pages by their paths, as Solara wants them: `routes`, and the layout around all of them."""

from __future__ import annotations

import solara

from mhsim.dashboard.layout import Layout
from mhsim.dashboard.results.page import Results

routes = [
    solara.Route(path="/", component=Results, label="mhsim", layout=Layout),
    solara.Route(path="results", component=Results, label="Results – mhsim"),
]

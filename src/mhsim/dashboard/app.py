"""The pages by their paths, as Solara wants them: `routes`, and the layout around all of them."""

from __future__ import annotations

import solara

from mhsim.dashboard.explore.page import Explore
from mhsim.dashboard.layout import Layout
from mhsim.dashboard.lessons.page import Lessons
from mhsim.dashboard.results.page import Results
from mhsim.dashboard.turnover.page import Turnover

routes = [
    solara.Route(path="/", component=Explore, label="mhsim", layout=Layout),
    solara.Route(path="explore", component=Explore, label="Explore – mhsim"),
    solara.Route(path="turnover", component=Turnover, label="Turnover – mhsim"),
    solara.Route(path="lessons", component=Lessons, label="Lessons – mhsim"),
    solara.Route(path="results", component=Results, label="Results – mhsim"),
]

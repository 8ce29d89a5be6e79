"""Several forms in one town are seen as such: groups and members of each, with their numbers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mhsim import simulate
from mhsim.dashboard.results.run_view import series_choices, series_figure, series_of
from mhsim.outcomes.measures import names_of_forms
from mhsim.report.figures import kept_specs
from mhsim.report.groups_by_form import run_section, study_section
from mhsim.scenario import Scenario
from mhsim.scenario_io.loader import read_scenario
from mhsim.studies.data import RunData, read_run, read_study
from report_cases import study_folder

TURNOVER = {"serve.turnover_per_year": (0.2, 1.0)}
TOWN = read_scenario("two_forms_compete", {"weeks": 110, "seed": 3})


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> RunData:
    """Return the results of a town of two forms, read from its folder."""
    folder = tmp_path_factory.mktemp("town") / "run"
    simulate(TOWN, 0, record="series").save(folder)
    return read_run(folder)


def cells(markup: str) -> list[list[str]]:
    """Return the cells of the rows of a page's table, without its head."""
    rows = re.findall(r"<tr>(.*?)</tr>", str(markup).replace("\N{NO-BREAK SPACE}", " "), re.S)[1:]
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_the_page_of_a_run_shows_each_form_along_the_years(town: RunData) -> None:
    """The table must hold the numbers of the series, and the upper edge of the picture all groups of the town."""
    shown, series = run_section(town), town.series
    for place, (when, circle, online) in zip((0, 52, 104, 109), cells(shown), strict=True):
        assert when == f"week {place}"
        for form, said in (("circle", circle), ("online", online)):
            groups, members = (int(series[f"{name}_of_{form}"][place]) for name in ("open_groups", "members"))
            assert said == (f"{groups} with {members}" if groups else "none")
    assert shown.count("<svg") == 2
    assert (series["open_groups_of_circle"] + series["open_groups_of_online"] == series["open_groups"]).all()


def test_a_world_of_one_form_has_nothing_of_it(tmp_path: Path) -> None:
    """One form beside itself would be a picture of what is shown already."""
    simulate(Scenario(weeks=10), 0, record="series").save(tmp_path / "run")
    alone = read_run(tmp_path / "run")
    assert run_section(alone) == ""
    assert not [name for _, name in series_choices(alone) if "by form" in name]


def test_weekly_series_can_be_chosen_for_all_forms_together(town: RunData) -> None:
    """Who looks at a folder must find the same picture, with forms by their names and the first at the bottom."""
    assert {"open_groups_by_form", "members_by_form"} <= dict(series_choices(town)).keys()
    chosen = series_of(town, "open_groups_by_form")
    assert chosen is not None and chosen.unit == "groups"
    with kept_specs() as specs:
        drawn = series_figure(chosen)
    assert specs[0].title == "Open groups, by form"
    assert drawn.index("online: ") < drawn.index("circle: ")


def test_the_page_of_a_study_shows_each_form_at_the_end_of_each_of_its_worlds(tmp_path: Path) -> None:
    """A study of a town must tell what becomes of each form, with its interval, and one of a single form nothing."""
    names = names_of_forms(("circle", "online"))
    values = {name: float(place) for place, name in enumerate(names)}
    folder = study_folder(
        tmp_path / "town",
        lambda given: 0.5,
        vary=TURNOVER,
        measures=lambda found: found | values,
        watch=("alive_at_end", *names),
        replicates=4,
    )
    shown = study_section(read_study(folder))
    rows = cells(shown)
    assert [row[1] for row in rows] == ["circle", "online"] * (len(rows) // 2)
    groups, members = (int(values[f"{name}_of_online"]) for name in ("open_groups", "members"))
    assert rows[1][2:] == [f"{groups} ({groups} to {groups})", f"{members} ({members} to {members})"]
    assert rows[1][0] == "serve.turnover_per_year = 0.2"
    alone = study_folder(tmp_path / "one", lambda given: 0.5, vary=TURNOVER, watch=("alive_at_end",), replicates=4)
    assert study_section(read_study(alone)) == ""

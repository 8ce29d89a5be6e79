"""The page Results without a browser: what a folder is, its numbers, its tables, and what may be downloaded."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from mhsim import simulate
from mhsim.dashboard.results import results_folder
from mhsim.dashboard.results.downloads import figure_file, report_page, routes, table_file
from mhsim.dashboard.results.heat import heat, shade_of
from mhsim.dashboard.results.measure_view import figure, measure_view
from mhsim.dashboard.results.measure_view import figure_spec as measure_spec
from mhsim.dashboard.results.paging import ROWS, summary_page, table_page_in
from mhsim.dashboard.results.parts import explore_link
from mhsim.dashboard.results.results_folder import nearby, numeric_measures, open_folder, run_in, study_in
from mhsim.dashboard.results.run_view import series_choices, series_of, stories_of
from mhsim.dashboard.results.selection import Selection, at_levels, axis_label, chosen, points_kept, short, thirds
from mhsim.dashboard.results.survival import curves_figures, curves_views
from mhsim.dashboard.results.tables import name_of
from mhsim.dashboard.server import start_address
from mhsim.dashboard.url_state import read_address
from mhsim.errors import InputError
from mhsim.report.formatting import scale_of
from mhsim.report.sweep.axes import estimate
from mhsim.scenario import Scenario, with_values
from mhsim.scenario_io.loader import read_scenario
from mhsim.scenario_io.writer import scenario_text
from mhsim.studies.data import StudyData, read_study
from report_cases import falling, study_folder

TURNOVER, AGAIN, LEAVES = "serve.turnover_per_year", "serve.again", "serve.leaves_with_role"
WATCHED = ("alive_at_end", "weeks_to_closure", "closed", "closure_reasons", "members_at_end", "hope_at_52")


def few(folder: Path, **more: Any) -> Path:
    """Write a small study of turnover and of taking the role again."""
    vary = {TURNOVER: (0.0, 0.2, 1.0, 4.0), AGAIN: (0.0, 1.0)}
    return study_folder(folder, falling, **{"vary": vary, "replicates": 20, "watch": WATCHED, **more})


@pytest.fixture(autouse=True)
def _allowed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the folders of the tests be opened, as if they lay below the one that was named on the command line."""
    monkeypatch.setattr(results_folder, "_ALLOWED", [tmp_path_factory.getbasetemp().resolve()])


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a finished study."""
    return few(tmp_path_factory.mktemp("study") / "turnover")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a recorded run."""
    folder = tmp_path_factory.mktemp("run") / "told"
    scenario = with_values(read_scenario("base"), {"weeks": 60, "seed": 7})
    made = simulate(scenario, record="story")
    made.save(folder, manifest={"kind": "run", "seed": 7, "replicate": 0}, scenario_yaml=scenario_text(scenario))
    return folder


def unfinished(study: Path, folder: Path) -> Path:
    """Copy a study as a killed session leaves it: chunks of 40 runs instead of one table."""
    shutil.copytree(study, folder)
    rows = pq.read_table(folder / "runs.parquet")
    (folder / "runs.parquet").unlink()
    (folder / "runs").mkdir(exist_ok=True)
    for start in (0, 40, 80):
        pq.write_table(rows.slice(start, 40), folder / "runs" / f"chunk-{start:09d}.parquet")
    return folder


@pytest.mark.parametrize("name", ["", "nowhere", "a\0b", "file.txt", "empty", "broken", "list", "kindless"])
def test_a_folder_without_results_is_told_in_one_line(tmp_path: Path, name: str) -> None:
    """Whoever mistypes a folder should read what is wrong, not how the program is built."""
    for folder in ("empty", "broken", "list", "kindless"):
        (tmp_path / folder).mkdir()
    (tmp_path / "file.txt").write_text("words")
    (tmp_path / "broken" / "manifest.json").write_text("{ not")
    (tmp_path / "list" / "manifest.json").write_text("[1]")
    (tmp_path / "kindless" / "manifest.json").write_text("{}")
    with pytest.raises(InputError) as told:
        open_folder(f"{tmp_path}/{name}" if name else name)
    assert "\n" not in str(told.value)
    assert len(str(told.value)) < 400


def test_results_are_found_where_commands_leave_them(
    tmp_path: Path, study: Path, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list to choose from saves typing paths; the newest is what one has just made."""
    monkeypatch.setattr(results_folder, "_ALLOWED", [])
    shutil.copytree(study, tmp_path / "results" / "one")
    shutil.copytree(run, tmp_path / "runs" / "two")
    (tmp_path / "results" / "notes").mkdir()
    assert {(one.name, one.kind) for one in nearby(tmp_path)} == {("results/one", "sweep"), ("runs/two", "run")}


def test_runs_read_by_the_column_are_those_of_the_report(study: Path) -> None:
    """Two readers of one file must not disagree; this one exists to be quick."""
    found, known = study_in(open_folder(str(study))), read_study(study)
    assert (found.points, found.axes, found.failures) == (known.points, known.axes, known.failures)
    assert np.array_equal(found.done, known.done)
    for name in WATCHED:
        if name == "closure_reasons":
            assert np.array_equal(found.texts(name), known.texts(name))
        else:
            assert np.array_equal(found.numbers(name), known.numbers(name), equal_nan=True), name
    assert set(numeric_measures(found)) == set(WATCHED) - {"closure_reasons"}


def test_failed_runs_are_told_and_left_out(tmp_path: Path) -> None:
    """A failed run counts neither as a closed group nor as a living one."""
    folder = few(tmp_path / "failing", failing=lambda point, replicate: point == 3 and replicate in (1, 4))
    found = study_in(open_folder(str(folder)))
    assert (found.stored.sum(), len(found.failures)) == (160, 2)
    assert [(one.point, one.replicate) for one in found.failures] == [(3, 1), (3, 4)]
    assert all(one.error and one.command for one in found.failures)
    assert np.isnan(found.numbers("alive_at_end")[3, [1, 4]]).all()
    assert estimate(found, "alive_at_end", [3]).cases == 18


def test_an_unfinished_study_shows_the_runs_it_has(tmp_path: Path, study: Path) -> None:
    """Looking at a long study while it runs is when one most wants to look."""
    folder = unfinished(study, tmp_path / "half")
    opened = open_folder(str(folder))
    found = study_in(opened)
    assert not opened.finished
    assert (found.asked, found.stored.sum(), found.damaged) == (160, 120, ())
    whole = study_in(open_folder(str(study))).numbers("alive_at_end")
    assert np.array_equal(found.numbers("alive_at_end")[:6], whole[:6])
    assert np.isnan(found.numbers("alive_at_end")[6:]).all()


def test_a_damaged_chunk_is_named_and_the_rest_is_shown(tmp_path: Path, study: Path) -> None:
    """One bad file must not hide a day's work."""
    folder = unfinished(study, tmp_path / "half")
    (folder / "runs" / "chunk-000000040.parquet").write_bytes(b"PAR1 and no more")
    found = study_in(open_folder(str(folder)))
    assert (found.stored.sum(), found.damaged) == (80, ("chunk-000000040.parquet",))


@pytest.mark.parametrize("name", ["runs", "points"])
def test_a_damaged_table_is_one_line(tmp_path: Path, study: Path, name: str) -> None:
    """A broken file is the reader's trouble to mend; the line says which."""
    folder = tmp_path / "damaged"
    shutil.copytree(study, folder)
    (folder / f"{name}.parquet").write_bytes(b"not a table")
    with pytest.raises(InputError, match="cannot be read") as told:
        study_in(open_folder(str(folder)))
    assert "\n" not in str(told.value)


def test_a_study_without_runs_says_so(tmp_path: Path, study: Path) -> None:
    """A study that was only begun is no fault."""
    folder = tmp_path / "begun"
    shutil.copytree(study, folder)
    (folder / "runs.parquet").unlink()
    with pytest.raises(InputError, match="no run of this study is stored yet"):
        study_in(open_folder(str(folder)))


def test_a_folder_written_anew_is_read_anew(tmp_path: Path, study: Path) -> None:
    """What is kept from the last look must not outlive the file."""
    folder = tmp_path / "again"
    shutil.copytree(study, folder)
    before = study_in(open_folder(str(folder)))
    shutil.rmtree(folder)
    few(folder, replicates=5)
    after = study_in(open_folder(str(folder)))
    assert (before.done.shape, after.done.shape) == ((8, 20), (8, 5))


def test_a_map_takes_points_together_and_keeps_what_is_chosen(study: Path) -> None:
    """A cell that silently mixed other points would be read as an effect."""
    found = study_in(open_folder(str(study)))
    choice = chosen({"measure": "alive_at_end"}, found, WATCHED)
    assert choice == Selection("alive_at_end", TURNOVER, AGAIN)
    view = measure_view(found, choice)
    assert (view.columns, view.rows) == (("0", "0.2", "1", "4"), ("0", "1"))
    for i, again in enumerate((0.0, 1.0)):
        for j, rate in enumerate((0.0, 0.2, 1.0, 4.0)):
            point = found.points.index({TURNOVER: rate, AGAIN: again})
            expected = estimate(found, "alive_at_end", [point])
            assert repr(view.cells[0][i][j]) == repr(expected)  # from Python 3.13 on NaN makes a record unlike itself
    kept = chosen({"point": f"{AGAIN}=1"}, found, WATCHED)
    assert (kept.across, kept.down, kept.kept) == (TURNOVER, "", ((AGAIN, "1"),))
    assert [found.points[number][AGAIN] for number in points_kept(found, kept.kept)] == [1.0] * 4


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> StudyData:
    """Return a study of four axes, in which a group that is handed on and loses its helpers never lasts."""
    vary = {TURNOVER: (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 6.0), AGAIN: (0.0, 1.0), LEAVES: (0.0, 1.0)}
    vary["close.no_leader_per_year"] = (0.5, 0.0)

    def chance(values: dict[str, Any]) -> float:
        return 0.0 if values[AGAIN] and values[LEAVES] else 1.0 if values[LEAVES] else falling(values)

    folder = study_folder(tmp_path_factory.mktemp("wide") / "wide", chance, vary=vary, replicates=12, watch=WATCHED)
    return read_study(folder)


@pytest.mark.parametrize("up", ["", "none"])
def test_nothing_is_averaged_over_what_else_varies(wide: StudyData, up: str) -> None:
    """Conditions with 100 and with 0 of 100 groups would read as 50, which no condition has: each stands by itself."""
    view = measure_view(wide, chosen({"up": up} if up else {}, wide, WATCHED))
    every = [number for panel in view.panels.panels for number in panel.points]
    assert sorted(every) == list(range(len(wide.points)))
    assert len(view.cells) == (8 if up else 4)
    for panel, cells in zip(view.panels.panels, view.cells, strict=True):
        for row in cells:
            assert len(row) == 7
            assert all(one.cases == 12 for one in row), "one point, twelve runs"
        assert short(LEAVES) in panel.name
    assert "averag" not in view.caption
    shown = figure(view)
    assert all(f"{panel.name}" in shown or "legend" in shown for panel in view.panels.panels)


def test_every_value_is_drawn_and_no_two_conditions_are_pooled(wide: StudyData) -> None:
    """Seven values are seven curves; more combinations than there is room for are looked at one at a time, and said."""
    made = curves_views(wide, chosen({}, wide, WATCHED), TURNOVER)
    assert [len(curves) for curves in made["survival"].curves] == [7] * 4
    assert all(curve.clusters == curve.cases == 12 for curves in made["survival"].curves for _, curve in curves)
    assert "Only no leader per year (close) = " in made["survival"].caption
    for _, curve in made["reasons"].curves[0]:
        assert (curve.cases, curve.clusters) == (84, 12), "runs that share a seed are not independent"
    assert "All values of turnover per year (serve) together" in made["reasons"].caption
    drawn = curves_figures(made["survival"])
    assert all(f">{name}</text>" in drawn for name, _ in made["survival"].curves[0])


def test_many_values_are_taken_together_and_none_is_left_out() -> None:
    """A hundred curves cannot be told apart; thirds of the values can, and hold every point."""
    levels = [(str(k), [k]) for k in range(20)]
    grouped = thirds(levels, 12)
    assert [name for name, _ in grouped] == ["0 to 6", "7 to 12", "13 to 19"]
    assert [point for _, points in grouped for point in points] == list(range(20))
    assert thirds(levels, 20) == levels


def test_points_that_are_no_grid_are_shown_each_by_itself(tmp_path: Path, study: Path) -> None:
    """In a random design an axis has as many values as there are points: no map, no panels, nothing is joined."""
    table = pq.read_table(study / "points.parquet")
    values = [0.1 * k * k for k in range(8)]
    folder = tmp_path / "random"
    shutil.copytree(study, folder)
    place = table.column_names.index(AGAIN)
    table = table.set_column(place, table.schema.field(place), pa.array(values))
    place = table.column_names.index(TURNOVER)
    table = table.set_column(place, table.schema.field(place), pa.array([values[-k] for k in range(8)]))
    pq.write_table(table, folder / "points.parquet")
    found = read_study(folder)
    view = measure_view(found, chosen({}, found, WATCHED))
    assert (view.down, view.panels.grid, len(view.columns), len(view.cells)) == ("", False, 8, 1)
    assert "again (serve) vary too" in view.caption
    assert measure_spec(view) is not None


def test_axes_are_named_in_words_with_their_unit() -> None:
    """A reader of a figure does not know the paths of the model."""
    assert axis_label(TURNOVER) == "turnover per year (serve), times a year"
    assert axis_label("scenario") == "scenario"


def test_an_address_of_another_study_still_opens(study: Path) -> None:
    """Links are changed by hand; what does not fit falls back instead of failing."""
    found = study_in(open_folder(str(study)))
    keys = {"measure": "nothing", "across": "no.path", "up": "no.path", "point": "no.path=3;;=;serve.again=9"}
    assert chosen(keys, found, WATCHED[:1]) == Selection("alive_at_end", TURNOVER, AGAIN)
    assert chosen({"up": "none"}, found, WATCHED).down == ""
    assert chosen({}, found, ()).measure == ""


def test_curves_end_where_the_counts_say(study: Path) -> None:
    """With all groups followed to the end, the share still open is a plain count."""
    found = study_in(open_folder(str(study)))
    choice = Selection("alive_at_end", TURNOVER, "", ((AGAIN, "1"),))
    made = curves_views(found, choice, TURNOVER)
    rows = points_kept(found, choice.kept)
    alive, levels = found.numbers("alive_at_end"), at_levels(found, TURNOVER, rows)
    for (name, curve), (level, points) in zip(made["survival"].curves[0], levels, strict=True):
        assert name == level
        assert curve.value[-1] == pytest.approx(alive[points].mean())
        assert (curve.low <= curve.value + 1e-12).all()
        assert (curve.value <= curve.high + 1e-12).all()
        shown = estimate(found, "alive_at_end", points)
        assert (curve.low[-1], curve.high[-1]) == pytest.approx((shown.low, shown.high)), "one interval on one page"
    assert sum(curve.value[-1] for _, curve in made["reasons"].curves[0]) == pytest.approx(1 - alive[rows].mean())


def test_a_heat_map_can_be_read_without_colours() -> None:
    """Every cell holds its number; words of a study are text, whatever stands in them."""
    made = heat(
        ["<b>", "1"],
        ["x", "y"],
        [[(1.0, "00", "1 to 2"), (2.0, "01", "–")], [(float("nan"), "10", "–"), (3.0, "11", "1 to 2")]],
        title="T & t",
        down="d",
        across="a",
        ends=(1.0, 3.0),
        written=lambda value: f"{value:g}",
    )
    assert re.findall(r'<td class="(heat-\w+)">(\d+)', made) == [
        ("heat-0", "00"),
        ("heat-4", "01"),
        ("heat-none", "10"),
        ("heat-8", "11"),
    ]
    assert made.count("<small>1 to 2</small>") == made.count("<small>") == 2
    assert "<b>" not in made
    assert made.count('scope="row"') == 2
    assert "T &amp; t" in made
    assert [shade_of(value, 0.0, 9.0) for value in (0.0, 4.5, 9.0)] == [0, 4, 8]
    assert shade_of(3.0, 3.0, 3.0) == 0


def test_a_table_is_ordered_and_turned_without_losing_a_row(study: Path) -> None:
    """Every row is on exactly one page, in the order asked for, those without a value last."""
    path = study / "runs.parquet"
    values = pq.read_table(path)["members_at_end"].to_pylist()
    seen: list[int] = []
    for page in range(1, 5):
        table_page = table_page_in(path, {"sort": "-members_at_end", "page": str(page)})
        seen += table_page.places.tolist()
        assert (table_page.total, table_page.pages, table_page.page) == (160, 4, page)
        assert len(table_page.rows) == (ROWS if page < 4 else 10)
    assert sorted(seen) == list(range(160))
    assert [values[place] for place in seen] == sorted(values, reverse=True)
    for wrong in ({"page": "99"}, {"page": "-1"}, {"page": "x"}, {"sort": "no such column"}):
        assert table_page_in(path, wrong).rows


def test_the_table_of_points_says_what_the_map_says(study: Path) -> None:
    """Two views of one study on one page must agree."""
    found = study_in(open_folder(str(study)))
    table_page = summary_page(found, "alive_at_end", range(8), {"sort": "-value"})
    by_point = {int(str(row[0])): row for row in table_page.rows}
    for number in range(8):
        value, ends = by_point[number][-3], by_point[number][-2]
        assert f"{value} ({ends})" == scale_of("alive_at_end").estimate(estimate(found, "alive_at_end", [number]))
    values = [float(str(row[-3])) for row in table_page.rows]
    assert values == sorted(values)[::-1]


def keys_of(folder: Path, **more: str) -> dict[str, str]:
    """Return the keys of a download."""
    return {"folder": str(folder), **more}


def test_a_table_comes_as_csv_and_as_parquet(study: Path) -> None:
    """Both files hold what the study holds, to the last digit."""
    known = pq.read_table(study / "runs.parquet")
    rows = list(csv.DictReader(io.StringIO(bytes(table_file(keys_of(study, table="runs"), "csv").body).decode())))
    assert [int(row["members_at_end"]) for row in rows] == known["members_at_end"].to_pylist()
    assert [float(row["hope_at_52"]) for row in rows] == known["hope_at_52"].to_pylist()
    again = pq.read_table(io.BytesIO(bytes(table_file(keys_of(study, table="runs"), "parquet").body)))
    assert again.equals(known)


def test_the_table_of_points_comes_with_its_intervals(study: Path) -> None:
    """A file goes into other programs: numbers as they are, not of a hundred and not as words."""
    response = table_file(keys_of(study, table="summary", measure="alive_at_end", point=f"{AGAIN}=0"), "csv")
    rows = list(csv.DictReader(io.StringIO(bytes(response.body).decode())))
    found = study_in(open_folder(str(study)))
    assert [row[AGAIN] for row in rows] == ["0"] * 4
    for row in rows:
        known = estimate(found, "alive_at_end", [int(row["point"])])
        read = [float(row[name]) for name in ("alive_at_end", "low", "high")]
        assert read == pytest.approx([known.value, known.low, known.high])


@pytest.mark.parametrize("view", ["measure", "survival", "reasons"])
def test_figures_come_for_papers(study: Path, view: str) -> None:
    """Words stay words, so that a journal can set them; the size is in print; the same figure is the same file."""
    drawn = bytes(figure_file(keys_of(study, view=view), "svg").body)
    assert drawn == bytes(figure_file(keys_of(study, view=view), "svg").body)
    text = drawn.decode()
    assert "<text" in text
    assert "#010203" not in text, "ink that stands for the page's own colour is not for paper"
    wide = re.search(r'width="([\d.]+)pt"', text)
    assert wide
    assert 110 < float(wide.group(1)) / 72 * 25.4 < 200
    assert bytes(figure_file(keys_of(study, view=view), "png").body).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "table", ["../points", "/etc/passwd", "analysis/../../runs", "manifest", "report", "", "analysis/secret"]
)
def test_only_known_tables_leave_the_folder(tmp_path: Path, study: Path, table: str) -> None:
    """A link must not fetch other files of this machine, neither by dots nor by a link in the folder."""
    folder = tmp_path / "inside"
    shutil.copytree(study, folder)
    pq.write_table(pa.table({"secret": [1]}), tmp_path / "points.parquet")
    (folder / "analysis").mkdir()
    (folder / "analysis" / "secret.parquet").symlink_to(tmp_path / "points.parquet")
    with pytest.raises(InputError, match="there is none named"):
        table_file(keys_of(folder, table=table), "csv")


@pytest.mark.parametrize("ending", ["yaml", "exe", "PNG", ""])
def test_other_formats_are_refused_in_words(study: Path, ending: str) -> None:
    """The line says which formats there are."""
    with pytest.raises(InputError, match="there is no format"):
        table_file(keys_of(study, table="runs"), ending)
    with pytest.raises(InputError, match="there is no format"):
        figure_file(keys_of(study, view="measure"), ending)
    with pytest.raises(InputError, match="there is no figure"):
        figure_file(keys_of(study, view="nothing"), "svg")


def asked(path: str, query: str, **headers: str) -> Response:
    """Return what the server answers to a request."""
    route = next(one for one in routes() if Starlette(routes=[one]) and one.path_regex.match(path))
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "path_params": {"ending": path.rpartition(".")[2]},
    }
    answer = route.endpoint(Request(scope))
    assert isinstance(answer, Response)
    return answer


DAMAGE = {
    "cut": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "replaced": lambda content: b"[1, 2",
    "flipped": lambda content: content[: len(content) // 3] + b"\x7f" + content[len(content) // 3 + 1 :],
    "deep": lambda content: b"[" * 20_000,
}


LINKS = ("table.csv?table=summary", "table.csv?table=lives", "figure.svg?view=measure", "figure.svg?view=series")
LINKS += ("figure.svg?view=survival", "report.html?")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_answered_in_one_line(tmp_path: Path, study: Path, run: Path, damage: str) -> None:
    """Disks and copies fail; a link to such a folder says what is wrong with it, and never how the program is built."""
    for source in (study, run):
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            folder = tmp_path / f"{source.name}-{file.name}"
            shutil.copytree(source, folder)
            (folder / file.relative_to(source)).write_bytes(DAMAGE[damage](file.read_bytes()))
            for link in LINKS:
                path, _, query = link.partition("?")
                answer = asked(f"/get/results/{path}", f"folder={folder}&{query}")
                assert answer.status_code in (200, 400, 422)
                said = bytes(answer.body).decode()
                assert answer.status_code == 200 or said.count("\n") == 1, said


def test_a_wrong_address_is_answered_in_one_line() -> None:
    """Links are cut by mail programs."""
    wrong = asked("/get/results/table.csv", "folder=/nowhere&table=runs")
    assert wrong.status_code == 400
    assert bytes(wrong.body).count(b"\n") == 1


def test_the_report_is_a_link_away(study: Path) -> None:
    """The page that `mhsim report` writes, without writing it."""
    text = bytes(report_page(keys_of(study), "html").body).decode()
    assert "The short answer" in text
    assert not (study / "report.html").exists()


def test_a_point_opens_in_explore_with_its_values(tmp_path: Path) -> None:
    """The link shows the very scenario of the point: what the study sets, what varies, its length and its seed."""
    folder = few(tmp_path / "linked", seed=11, set={"start.members": 9})
    whole = read_scenario("base")
    (folder / "base.yaml").write_text(scenario_text(whole))
    found = study_in(open_folder(str(folder)))
    link = explore_link(found, found.points[5])
    shown = read_address(link.partition("?")[2]).first.scenario()
    assert shown == with_values(whole, {**found.points[5], "seed": 11, "weeks": 520, "start.members": 9})


def test_a_scenario_with_rules_has_no_link(tmp_path: Path) -> None:
    """A rule is code in a file; an address cannot carry it, and a link without it would show another model."""
    folder = few(tmp_path / "ruled")
    content = Scenario().model_dump(mode="json")
    content["rules"] = {"mine": {"from": "somewhere.py"}}
    (folder / "base.yaml").write_text(json.dumps(content))
    assert explore_link(study_in(open_folder(str(folder))), {TURNOVER: 0.2}) == ""


def test_a_run_shows_its_weeks_and_its_lives(run: Path) -> None:
    """A recorded history is told by name, and every series of the file can be chosen."""
    opened = open_folder(str(run))
    history = run_in(opened)
    keys = [key for key, _ in series_choices(history)]
    assert set(pq.read_schema(run / "series.parquet").names) - {"week"} <= set(keys)
    series = series_of(history, "helpers")
    assert series is not None
    assert series.values["helpers"].tolist() == pq.read_table(run / "series.parquet")["helpers"].to_pylist()
    person = pq.read_table(run / "lives.parquet")["person"][0].as_py()
    _, story = stories_of(opened, person, 0)
    assert person in story.title
    assert len(story)
    with pytest.raises(InputError):
        stories_of(opened, "nobody", 0)


def test_a_run_without_events_says_how_to_get_them(tmp_path: Path, run: Path) -> None:
    """Stories need the log of events, which is kept only when asked for."""
    folder = tmp_path / "silent"
    shutil.copytree(run, folder)
    (folder / "events.parquet").unlink()
    with pytest.raises(InputError, match="--record story"):
        stories_of(open_folder(str(folder)), "", 0)


def test_a_study_of_two_starts_begins_with_the_usual_one(tmp_path: Path) -> None:
    """Strong and weak starts averaged would be a group that nobody asked about; they can be chosen."""
    vary = {TURNOVER: (0.0, 0.2, 1.0, 4.0), "start.members": (8, 16, 24)}
    asked = {"kind": "tipping-point", "path": TURNOVER, "low": 0.0, "high": 4.0}
    starts = {"strong": {"start.members": 24}, "weak": {"start.members": 8}}
    folder = few(tmp_path / "starts", vary=vary)
    (folder / "study.yaml").write_text(yaml.safe_dump({**asked, **starts, "weeks": 520}))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "kind": "tipping-point"}))
    (folder / "base.yaml").write_text("start: {members: 16}")
    found = study_in(open_folder(str(folder)))
    assert chosen({}, found, WATCHED).kept == (("start.members", "16"),)
    assert chosen({"point": "all"}, found, WATCHED).kept == ()
    assert chosen({"point": "start.members=8"}, found, WATCHED).kept == (("start.members", "8"),)


def test_tables_of_single_runs_are_listed(tmp_path: Path, study: Path) -> None:
    """A study that kept series has a file for each run; other files beside them are none of its tables."""
    folder = tmp_path / "kept"
    shutil.copytree(study, folder)
    (folder / "series").mkdir()
    for name in ("point-000000-replicate-000003", "notes"):
        pq.write_table(pa.table({"week": [0, 1]}), folder / "series" / f"{name}.parquet")
    opened = open_folder(str(folder))
    assert [name for name in opened.tables if name.startswith("series")] == ["series/point-000000-replicate-000003"]
    assert name_of("series/point-000000-replicate-000003") == "Series of point 0, replicate 3"
    assert name_of("analysis/by_world") == "Analysis: by world"


def test_a_folder_on_the_command_line_opens_this_page(study: Path) -> None:
    """`mhsim dashboard DIR` is how one comes here from a study that has just ended."""
    path, _, query = start_address([str(study)]).partition("?")
    assert path == "/results"
    assert study_in(open_folder(read_address(query).other("folder"))).title == "A <study>"


@pytest.mark.parametrize("left", [0, 1])
@pytest.mark.parametrize("up", ["none", AGAIN])
def test_a_study_of_which_little_is_left_is_shown_as_it_is(tmp_path: Path, left: int, up: str) -> None:
    """With every run failed, or all but one at each point, there is little to see, and nothing breaks."""
    folder = few(tmp_path / "lost", failing=lambda point, replicate: replicate >= left)
    found = study_in(open_folder(str(folder)))
    choice = chosen({"up": up}, found, WATCHED)
    view = measure_view(found, choice)
    assert figure(view)
    assert all(one.known == bool(left) for panel in view.cells for row in panel for one in row)
    made = curves_views(found, choice, TURNOVER)
    assert sum(map(len, made["survival"].curves)) == 8 * left
    assert curves_figures(made["reasons"]) == "" or left
    assert len(summary_page(found, "alive_at_end", range(8), {"sort": "value"}).rows) == 8
    for view in ("measure", "survival", "reasons"):
        assert figure_file(keys_of(folder, view=view, up=up), "svg").status_code == 200

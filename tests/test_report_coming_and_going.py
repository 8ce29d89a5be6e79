"""The page of the coming and going of helpers: what it claims follows from the runs, and nothing that turns."""

import html
import re
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from mhsim.report import page_of
from mhsim.report.coming_and_going.claims import Claim, OtherValue, Standing, standings
from mhsim.report.coming_and_going.losses_at_once import open_later
from mhsim.report.coming_and_going.needed import bend
from mhsim.report.coming_and_going.people_helped import WITHOUT, best, done
from mhsim.report.coming_and_going.rates import persons, price
from mhsim.report.coming_and_going.warning_signs import SIGNS, Looks, looks_at, value_at, warned
from mhsim.report.formatting import GROUPS
from mhsim.scenario_io.loader import read_scenario
from mhsim.stats import Estimate
from mhsim.studies.coming_and_going import GONE_LOST, PLAN, WAYS, Parts
from mhsim.studies.data import read_study
from mhsim.studies.plan import plan_of
from report_cases import BASE, parts_folder

STEP, GO = "serve.turnover_per_year", "serve.departures_per_year"
HOURS = "work.hours"
USUAL = {
    **{STEP: 0.2, GO: 0.0, PLAN: 0, "changes[0].count": 0, GONE_LOST: 0, "start.members": 16, "start.helpers": 3},
    **{"benefits": 1.0, "harms": 1.0, HOURS: 2.0},
}
PARTS: dict[str, dict[str, list[Any]]] = {
    "stepping_down": {STEP: [0.0, 0.5, 1.0, 2.0], GO: [0.0], PLAN: [0, 2]},
    "leaving": {STEP: [0.0], GO: [0.0, 1.5, 3.0, 6.0], PLAN: [0, 2]},
    "loss_stepping_down": {"changes[0].count": [0, 1, 2], PLAN: [0, 2]},
    "loss_leaving": {GONE_LOST: [0, 1, 2], PLAN: [0, 2]},
    "size_8": {"start.members": [8], "start.helpers": [0, 1, 2, 3, 4, 5]},
    "without_group": {"benefits": [0.0], "harms": [0.0]},
    "robust_hours": {HOURS: [0.667, 6.0], STEP: [0.0, 1.0], GO: [0.0], PLAN: [0, 2]},
    "robust_hours_leaving": {HOURS: [0.667, 6.0], STEP: [0.0], GO: [1.5, 3.0], PLAN: [0, 2]},
    "robust_hours_loss": {HOURS: [0.667, 6.0], GONE_LOST: [0, 2]},
}
WITH_CHANGES = {**BASE, "changes": [{"week": 104}, {"week": 104}]}
ARRIVALS = {"seen_at_52": 200, "seen_at_52_joiners": 40}


def chance(values: dict[str, Any]) -> float:
    """Return a chance to survive: it falls with going, rises with places up to two; a plan keeps half of the fall."""
    if values["start.members"] == 8:
        return 0.1 + 0.3 * min(2, values["start.helpers"])
    fall = 0.35 * min(1.0, values[STEP]) + 0.2 * values[GO] / 1.5 + 0.15 * values[GONE_LOST]
    return 0.9 - min(0.85, fall) * (0.5 if values[PLAN] else 1.0)


def turned(values: dict[str, Any]) -> float:
    """Return the same, but that with many hours those who step down are no loss at all."""
    if values[HOURS] == 6.0 and values[STEP] == 1.0:
        return 0.95
    return chance(values)


def folder_of(tmp_path: Path, chance_of: Any = chance, **more: Any) -> Path:
    """Write a study of all parts."""
    given = {"base": WITH_CHANGES, "replicates": 200, **more}
    return parts_folder(tmp_path / "study", chance_of, given.pop("parts", PARTS), USUAL, **given)


def parts_of(tmp_path: Path, chance_of: Any = chance, **more: Any) -> Parts:
    """Return the parts of such a study."""
    return Parts(read_study(folder_of(tmp_path, chance_of, **more)))


def text_of(page: str) -> str:
    """Return the words of a page."""
    plain = re.sub(r"<svg.*?</svg>|<style.*?</style>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", plain)))


def test_the_page_has_every_part_and_says_what_the_runs_show(tmp_path: Path) -> None:
    """All sections stand on it, and the answer is about the sizes that were put in."""
    page = text_of(page_of(folder_of(tmp_path)))
    for title in (
        "How often helpers go",
        "What preparing others changes",
        "When those who do most stop at once",
        "How many helpers a group of 8 needs",
        "What becomes of people",
        "Do the answers hold where other things are assumed?",
    ):
        assert title in page
    assert "Stepping down at 100 % a year, against none, lets fewer groups survive: 40 of 100 groups" in page
    assert "One value that no source gives were set" not in page
    assert "A direction is given here only if it is the same in all of these rows" in page
    assert "Traceback" not in page
    assert "nan" not in page.split("How sure")[0]


def test_what_turns_in_the_table_is_not_claimed(tmp_path: Path) -> None:
    """A direction that another assumed value turns is told as depending on it, wherever it is told."""
    found = standings(parts_of(tmp_path, turned))["stepping_down"]
    assert not found.holds
    assert [(row.path, row.value) for row in found.turned] == [(HOURS, 6.0)]
    page = text_of(page_of(tmp_path / "study"))
    assert "Stepping down at 100 % a year, against none, lets fewer groups survive:" not in page
    assert "depends on what is only assumed" in page
    assert "but not with three times work.hours" in page
    assert "The largest step" not in page.split("Leaving the group, nobody prepared: of 100")[0]


def test_a_direction_holds_only_where_it_is_clear_as_assumed(tmp_path: Path) -> None:
    """No difference is told as none, with how large it may be, even where every row has the same sign."""
    found = standings(parts_of(tmp_path, lambda values: 0.6))["stepping_down"]
    assert not found.holds
    assert "makes little difference to survival" in found.words()


def test_preparing_is_compared_at_the_same_number_of_persons(tmp_path: Path) -> None:
    """Where only the persons who go matter, a plan that lets more go harms at the same rate, not at the same number."""

    def by_persons(values: dict[str, Any]) -> float:
        went = values[GO] * (1.0 if values[PLAN] else 0.5)
        return 0.95 - 0.15 * went

    def counted(values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        went = values[GO] * (1.0 if values[PLAN] else 0.5)
        return found | {"exits_left_with_role": round(100 * went), "weeks_to_closure": 5200.0}

    parts = parts_of(tmp_path, by_persons, measures_at=counted)
    way = WAYS[1]
    assert persons(parts, way, 2) == pytest.approx([0.0, 1.5, 3.0, 6.0])
    assert persons(parts, way, 0) == pytest.approx([0.0, 0.75, 1.5, 3.0])
    found = standings(parts)
    assert found["preparing_leaving"].usual.falls
    assert not found["preparing_leaving_persons"].usual.clear
    assert found["preparing_leaving_persons"].usual.value == pytest.approx(0.0, abs=0.03)


def test_groups_closed_before_a_loss_say_nothing_of_it(tmp_path: Path) -> None:
    """Only groups that were open when helpers were lost are counted, and only up to the week that is asked for."""
    parts = parts_of(tmp_path)
    where = {GONE_LOST: 2, PLAN: 0}
    weeks, closed = parts.values("weeks_to_closure", where), parts.values("closed", where)
    found = open_later(parts, where, 52)
    assert np.isnan(found).sum() == ((closed == 1) & (weeks <= 104)).sum() > 0
    assert np.nansum(found == 0) == ((closed == 1) & (weeks > 104) & (weeks <= 156)).sum() > 0


def test_the_place_where_places_for_helpers_suffice_is_found(tmp_path: Path) -> None:
    """Survival that rises up to two places bends there."""
    found, rise = bend(parts_of(tmp_path), "size_8")
    assert rise.rises
    assert found.inside
    assert found.place.low <= 2.0 <= found.place.high
    assert found.place.value == pytest.approx(2.0, abs=0.3)


def test_what_the_group_does_is_told_beside_all_in_need_and_beside_joiners(tmp_path: Path) -> None:
    """Two of a hundred in need are ten of a hundred who join where a fifth joins; half of it may be lost."""

    def gains(values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        gain = 0.0 if values["benefits"] == 0.0 else 0.01 if values[STEP] == 2.0 else 0.02
        luck = found["hope_at_52"]
        return found | ARRIVALS | {"accommodated_at_52": 0.3 + 0.01 * luck + gain * (0.5 + luck)}

    parts = parts_of(tmp_path, measures_at=gains)
    assert parts.at(WITHOUT) is not None
    whole, half = done(parts, best(parts)), done(parts, WAYS[0].where(2.0, 0))
    assert whole.in_need.value == pytest.approx(0.02, abs=0.002)
    assert whole.per_joiner.value == pytest.approx(5 * whole.in_need.value)
    assert half.lost.value == pytest.approx(0.5)
    assert whole.lost.value == 0.0
    page = text_of(page_of(tmp_path / "study"))
    assert "% of all that the group does for them is lost." in page


def test_what_spreads_and_what_preparing_costs_is_told_with_its_size(tmp_path: Path) -> None:
    """Half a helper more than expected follows a loss, and a plan calls for a quarter of an hour: both as put in."""

    def counted(values: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
        luck = found["hope_at_52"] - 0.5
        hours = 2.5 + luck + (0.25 if values[PLAN] else 0.0)
        return found | {"losses_after_first_beyond_expected": 0.5 + luck, "hours_needed": hours}

    parts = parts_of(tmp_path, measures_at=counted)
    found = standings(parts)["cascade"]
    assert found.usual.value == pytest.approx(0.5, abs=0.1)
    assert "is followed within a year by more losses of helpers than expected: 0." in found.words()
    assert "calls for 0.25 hours a week (0.25 to 0.25) more where others are prepared" in price(parts)
    page = text_of(page_of(tmp_path / "study"))
    assert "How far a loss spreads, and how long until it is made good" in page
    assert "What of a group’s work is done" in page


def test_rows_that_may_be_chance_are_named_or_counted() -> None:
    """Up to three rows are named; of more a sentence says how many of how many."""
    claim = Claim("any", "It", "It", lambda parts, other: Estimate(0, 0, 0, 0))
    usual, weak = Estimate(0.3, 0.2, 0.4, 60, 0.001, 0.001), Estimate(0.05, -0.1, 0.2, 60, 0.5, 0.5)
    rows = [OtherValue(f"rule.value_{k}", 3.0, 3.0, weak) for k in range(4)]
    assert Standing(claim, usual, tuple(rows[:1])).words().endswith("It may be chance with three times rule.value_0.")
    assert Standing(claim, usual, tuple(rows)).words().endswith("It may be chance in four of four rows of the table.")
    against = OtherValue("rule.value", 1.0, 1 / 3, Estimate(-0.01, -0.1, 0.1, 60, 0.8, 0.8))
    assert "but not with a third of rule.value" in Standing(claim, usual, (against,)).words()


def test_a_part_that_is_missing_is_left_out(tmp_path: Path) -> None:
    """A study of the two rates alone has a page without the other sections, and says that nothing else was tried."""
    few = {name: PARTS[name] for name in ("stepping_down", "leaving")}
    page = text_of(page_of(folder_of(tmp_path, parts=few)))
    assert "When those who do most stop at once" not in page
    assert "What becomes of people" not in page
    assert "No assumed value was varied in this study" in page


def looks(values: list[float], closes: list[int]) -> Looks:
    """Return looks in as many replicates, one each."""
    number = len(values)
    return Looks(np.arange(number), np.array(closes, float), {"attendance": np.array(values)}, number)


def test_a_sign_sees_and_deceives_as_counted_by_hand() -> None:
    """Of four closings three had few people before them; of five alarms two deceived."""
    seen = looks([3, 3, 3, 9, 3, 3, 9, 9, 9, 9], [1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    found = warned(seen, SIGNS[0], 6.0)
    assert (found.seen.value, found.deceived.value, found.alarms) == (0.75, 0.4, 5)
    assert found.seen.low < 0.75 <= found.seen.high
    assert not warned(seen, SIGNS[0], 1.0).deceived.known


def test_signs_are_read_from_the_quarter_before_a_look_and_the_half_year_after(tmp_path: Path) -> None:
    """A group whose attendance falls a year before it closes is seen at both looks of that year, others at none."""
    parts = {**PARTS, "signs": {STEP: [1.0], GO: [0.0], PLAN: [0]}}
    folder = folder_of(tmp_path, parts=parts, series_of=["signs"], replicates=40)
    data = read_study(folder)
    point = Parts(data).at({STEP: 1.0, GO: 0.0, PLAN: 0})
    (folder / "series").mkdir()
    for number in range(40):
        ends = data.numbers("weeks_to_closure")[point, number] if data.numbers("closed")[point, number] else 520.0
        weeks = np.arange(520.0)
        attended = np.where(weeks < ends - 52, 10, 2) if ends < 520 else np.full(520, 10)
        held = np.ones(520, int)
        table = pa.table({"focal_attended": attended, "focal_hours_done": held, "focal_hours_open": 2 * held})
        pq.write_table(table, folder / "series" / f"point-{point:06d}-replicate-{number:06d}.parquet")
    found = looks_at(Parts(data))
    assert found is not None
    assert set(found.values) == {"attendance", "hours"}
    assert set(found.values["hours"]) == {0.5}
    ends = data.numbers("weeks_to_closure")[point][data.numbers("closed")[point] == 1]
    assert found.closings == sum(26 < end <= 520 - 26 + 26 for end in ends)
    alarm = warned(found, SIGNS[0], 6.0)
    assert alarm.seen.value > 0.9
    assert 0.3 < alarm.deceived.value < 0.6
    assert "What can be seen half a year before a group closes" in text_of(page_of(folder))


def test_a_sign_of_two_series_is_their_ratio() -> None:
    """Hours covered are the ratio of two sums, and none where nothing was called for."""
    hours = next(sign for sign in SIGNS if sign.name == "hours")
    columns = {"focal_hours_done": np.array([0.0, 1.0, 1.0, 0.0] * 13), "focal_hours_open": np.ones(52)}
    assert value_at(hours, columns, 52) == pytest.approx(6 / 13)
    assert np.isnan(value_at(hours, {name: 0 * each for name, each in columns.items()}, 52))


def test_the_shipped_study_tries_a_third_and_three_times_of_what_the_scenario_assumes() -> None:
    """The table of robustness moves with the defaults: a value that no longer is a third or three times fails here."""
    from mhsim.studies.design import Study

    path = Path(__file__).parents[1] / "experiments" / "helper-turnover" / "study.yaml"
    study = Study.model_validate(yaml.safe_load(path.read_text()), context={"beside": str(path.parent)})
    plan = plan_of(study)
    usual = dict(zip(plan.paths, plan.points[0], strict=True))
    robust = {name: part for name, part in study.parts.items() if name.startswith("robust_")}
    assert len({next(iter(part)) for part in robust.values()}) >= 6
    for name, part in robust.items():
        first, variation = next(iter(part.items()))
        assert [value / usual[first] for value in variation.values] == pytest.approx([1 / 3, 3], rel=0.01), name
    base = read_scenario("base", {})
    assert usual["start.members"] == base.start.members


def test_sizes_are_written_with_their_intervals() -> None:
    """A claim stands with the size of its difference, as the rest of the page has it."""
    assert GROUPS.size(Estimate(-0.42, -0.53, -0.27, 60)) == "42 of 100 groups (27 to 53)"

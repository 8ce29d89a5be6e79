"""What a study file may say, and which points it stands for."""

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from mhsim.errors import InputError
from mhsim.outcomes.measures import MEASURES
from mhsim.studies.design import Study
from mhsim.studies.plan import SPOT_CHECKED, Plan, plan_of, point_checks, spot_checked

TURNOVER = "serve.turnover_per_year"


@pytest.fixture
def base(tmp_path: Path) -> str:
    """Return the path of a small scenario."""
    path = tmp_path / "small.yaml"
    path.write_text("weeks: 30\nstart:\n  members: 8\n  helpers: 2\n")
    return str(path)


def points(base: str, **keys: object) -> list[tuple[object, ...]]:
    """Return the points of a study."""
    return list(plan_of(Study.model_validate({"base": base, **keys})).points)


def test_grid_is_every_combination_in_the_order_of_the_file(base: str) -> None:
    """A reader of points.parquet finds the last path varying fastest, as in a nested loop."""
    found = points(base, vary={"start.members": [8, 9], TURNOVER: [0, 0.5]})
    assert found == [(8, 0.0), (8, 0.5), (9, 0.0), (9, 0.5)]


def test_list_puts_columns_side_by_side(base: str) -> None:
    """Scenarios that belong together, such as two treatments, need their values paired and not crossed."""
    assert points(base, design="list", vary={"start.members": [8, 9], TURNOVER: [0, 0.5]}) == [(8, 0.0), (9, 0.5)]


def test_range_holds_both_ends_and_plain_decimals(base: str) -> None:
    """People look up 0.3 in the results, so it must not be 0.30000000000000004."""
    found = points(base, vary={TURNOVER: {"low": 0.1, "high": 0.5, "steps": 5}})
    assert found == [(0.1,), (0.2,), (0.3,), (0.4,), (0.5,)]
    logs = points(base, vary={TURNOVER: {"low": 0.01, "high": 1, "scale": "log", "steps": 3}})
    assert logs == [(0.01,), (0.1,), (1.0,)]


def test_range_of_a_whole_number_takes_each_number_once(base: str) -> None:
    """Rounding may not make the same point twice, which would count its runs double."""
    assert points(base, vary={"start.members": {"low": 8, "high": 10, "steps": 9}}) == [(8,), (9,), (10,)]


def test_latin_hypercube_is_the_same_for_the_same_seed_only(base: str) -> None:
    """A study must mean the same points on every machine and day, and another seed must mean others."""
    keys = {"design": "lhs", "samples": 10, "vary": {TURNOVER: {"low": 0, "high": 1}, "start.members": [8, 9]}}
    assert points(base, **keys, seed=3) == points(base, **keys, seed=3)
    assert points(base, **keys, seed=3) != points(base, **keys, seed=4)


def test_latin_hypercube_has_one_point_in_every_slice(base: str) -> None:
    """The promise of the design, whatever the seed; on a log scale the slices are equal in logs."""
    ranges = {TURNOVER: {"low": 0.01, "high": 1, "scale": "log"}, "community.stigma": {"low": 0, "high": 1}}
    found = points(base, design="lhs", samples=20, vary=ranges)
    assert sorted(int(20 * stigma) for _, stigma in found) == list(range(20))
    edges = [0.01 * 100 ** (place / 20) for place in range(21)]
    assert sorted(sum(turnover >= edge for edge in edges) for turnover, _ in found) == list(range(1, 21))


def test_latin_hypercube_of_whole_numbers_favours_none(base: str) -> None:
    """The ends of a range of whole numbers must come as often as those between."""
    found = points(base, design="lhs", samples=40, vary={"start.members": {"low": 5, "high": 8}})
    assert [found.count((members,)) for members in (5, 6, 7, 8)] == [10, 10, 10, 10]


def test_watch_is_all_measures_unless_some_are_named() -> None:
    """Nobody should lose a measure for not having named it."""
    assert Study().watch == tuple(measure.name for measure in MEASURES)


def test_study_survives_being_written_and_read() -> None:
    """The study.yaml in a results folder must be the study that made it."""
    study = Study(vary={TURNOVER: {"low": 0, "high": 1, "steps": 3}, "start.members": [8, 9]}, set={"harms": 0})
    assert Study.model_validate(study.model_dump(mode="json")) == study


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"vary": {TURNOVER: 0.3}}, "a list of values or a range"),
        ({"vary": {TURNOVER: {"low": 1, "high": 0, "steps": 3}}}, "not below high"),
        ({"vary": {TURNOVER: {"low": 0, "high": 1, "steps": 3, "scale": "log"}}}, "above 0"),
        ({"vary": {TURNOVER: {"low": 0, "high": 1}}}, "needs steps"),
        ({"vary": {TURNOVER: []}}, "at least one value"),
        ({"vary": {TURNOVER: [0.1, 0.1]}}, "given twice"),
        ({"vary": {TURNOVER: {"low": 0, "high": 1}}, "design": "lhs"}, "needs samples"),
        ({"samples": 5}, "belongs to design lhs"),
        ({"design": "list"}, "at least one path"),
        ({"vary": {"seed": [1, 2]}}, "share their random seeds"),
        ({"set": {"weeks": 5}}, "key of the study"),
        ({"vary": {"weeks": [5, 6]}, "weeks": 5}, "given twice"),
        ({"vary": {TURNOVER: [0.1]}, "set": {TURNOVER: 0.2}}, "given twice"),
        ({"watch": ["members_at_the_end"]}, "members_at_end"),
        ({"watch": ["members_at_end", "members_at_end"]}, "given twice"),
        ({"replicates": 0}, "greater than or equal to 1"),
        ({"kind": "swep"}, "sweep"),
        ({"replicate": 3}, "not permitted"),
        ({"seed": True}, "seed is True; give a whole number"),
        ({"seed": 2**64}, "less than or equal to"),
        ({"vary": {"scenario": {"low": 0, "high": 1, "steps": 2}}}, "give a list of scenarios"),
        ({"vary": {"serve": {"turnover_per_year": [0.5]}}}, "with dots, as SECTION.turnover_per_year"),
    ],
)
def test_wrong_study_is_refused_with_the_reason(keys: dict[str, object], words: str) -> None:
    """A study that contradicts itself must not run for hours and answer something else."""
    with pytest.raises(ValidationError, match=words):
        Study.model_validate(keys)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"vary": {"serve.turnover": [0.1]}}, "serve.turnover_per_year"),
        ({"vary": {"start": [1]}}, "start: this is a section; name a key in it, such as start.kind"),
        ({"vary": {"changes[0].week": [1]}}, r"0 changes in mid-life; a path is changes\[0\].week"),
        ({"vary": {"scenario": ["base", "twelve"]}}, "vary.scenario: .*twelve"),
        ({"set": {"scenario": "base"}}, "scenario: no such path"),
        ({"vary": {"start.members": list(range(9, 1009))}, "replicates": 1_000_000}, "1,000,000,000 runs; at most"),
        ({"set": {"serve.enabled": "maybe"}}, "serve.enabled=maybe"),
        ({"vary": {TURNOVER: [0.1, True]}}, "turnover_per_year=true"),
        ({"vary": {TURNOVER: [0.1, 99]}}, r"point 1 \(serve.turnover_per_year=99\): .*5"),
        ({"vary": {"start.helpers": [2, 9]}}, r"point 1 \(start.helpers=9\): .*more than start.members"),
        ({"vary": {"start.members": {"low": 0.2, "high": 0.4, "steps": 2}}}, "no whole number"),
        ({"vary": {"start.kind": {"low": 0, "high": 1, "steps": 2}}}, "a range is for numbers"),
        ({"vary": {TURNOVER: [0, 1], "start.members": [8]}, "design": "list"}, "equal length"),
        (
            {"vary": {f"{name}": {"low": 0, "high": 1, "steps": 2000} for name in ("community.stigma", TURNOVER)}},
            "most",
        ),
    ],
)
def test_every_point_is_checked_before_anything_runs(base: str, keys: dict[str, object], words: str) -> None:
    """A mistake in the last point must show at once, in one line, not after the other points have run."""
    with pytest.raises(InputError, match=words) as caught:
        plan_of(Study.model_validate({"base": base, **keys}))
    assert "\n" not in str(caught.value)


def test_values_of_set_and_of_a_point_are_judged_together(base: str) -> None:
    """Helpers beyond the base's members are fine at points that have more members."""
    assert points(base, set={"start.helpers": 10}, vary={"start.members": [12, 20]}) == [(12,), (20,)]


def test_point_differs_from_the_base_in_nothing_else(base: str) -> None:
    """Seed, weeks, fixed values and the point's own values, and no other change."""
    plan: Plan = plan_of(
        Study(base=base, seed=5, weeks=20, set={"start.helpers": 3}, vary={TURNOVER: [0.1, 0.2], "harms": [0, 1]})
    )
    made = plan.scenario_at(3)
    assert (made.seed, made.weeks, made.start.helpers, made.serve.turnover_per_year) == (5, 20, 3, 0.2)
    back = made.model_copy(
        update={
            "seed": plan.scenario.seed,
            "weeks": 30,
            "start": plan.scenario.start,
            "serve": made.serve.model_copy(update={"turnover_per_year": plan.scenario.serve.turnover_per_year}),
        }
    )
    assert back == plan.scenario


def test_command_of_a_run_repeats_all_that_was_given(base: str) -> None:
    """Whoever finds a failed run must be able to repeat it alone by copying one line."""
    plan = plan_of(Study(base=base, seed=5, weeks=20, set={"serve.enabled": False}, vary={TURNOVER: [0.1]}))
    assert plan.command(0, 7) == (
        f"mhsim run {base} --seed 5 --replicate 7 --set serve.enabled=false --set {TURNOVER}=0.1 --weeks 20"
    )


def test_numbers_of_numpy_are_numbers(base: str) -> None:
    """Studies are written in loops over arrays; their numbers are what they look like."""
    study = Study(base=base, seed=np.int64(3), replicates=np.int32(2), set={"share.enabled": np.bool_(False)})
    assert study == Study(base=base, seed=3, replicates=2, set={"share.enabled": False})
    vary = {"start.members": np.arange(8, 10), TURNOVER: list(np.array([0.5, 1], np.float32))}
    assert points(base, vary=vary) == [(8, 0.5), (8, 1.0), (9, 0.5), (9, 1.0)]


def test_the_week_of_a_change_can_vary(tmp_path: Path) -> None:
    """When something happens is a question of its own."""
    path = tmp_path / "change.yaml"
    path.write_text("weeks: 30\nchanges:\n  - {week: 3, act: lose_busiest_helpers, count: 2}\n")
    plan = plan_of(Study.model_validate({"base": str(path), "vary": {"changes[0].week": [5, 20]}, "set": {}}))
    assert [plan.scenario_at(point).changes[0].week for point in range(2)] == [5, 20]
    assert all(plan.scenario_at(point).changes[0].count == 2 for point in range(2))
    assert "--set 'changes[0].week=20'" in plan.command(1, 0)
    with pytest.raises(InputError, match=r"point 1 \(changes\[0\].week=40\): changes: week 40 lies beyond"):
        plan_of(Study.model_validate({"base": str(path), "vary": {"changes[0].week": [5, 40]}}))


def test_scenarios_can_be_crossed_with_values(base: str, tmp_path: Path) -> None:
    """Whole scenarios and numbers, every combination; each point is run from its own scenario."""
    other = tmp_path / "other.yaml"
    other.write_text("weeks: 40\nstart:\n  members: 12\n  helpers: 4\n")
    plan = plan_of(Study.model_validate({"vary": {"scenario": [base, str(other)], TURNOVER: [0.1, 0.2]}}))
    assert plan.points == ((base, 0.1), (base, 0.2), (str(other), 0.1), (str(other), 0.2))
    assert [plan.scenario_at(point).start.helpers for point in range(4)] == [2, 2, 4, 4]
    assert plan.scenario_at(3).serve.turnover_per_year == 0.2
    assert plan.command(3, 1).startswith(f"mhsim run {other} --seed 1 --replicate 1")


def test_spot_check_looks_at_some_of_very_many_points(base: str) -> None:
    """What is not run need not be checked to the last point; the first ones and some of all others are."""
    seen: list[int] = []
    study = Study(base=base, vary={TURNOVER: {"low": 0, "high": 1}}, design="lhs", samples=SPOT_CHECKED + 500)
    with point_checks(seen.append, spot=True):
        spot = plan_of(study)
    assert seen == list(range(1, SPOT_CHECKED + 501))
    assert spot.points == plan_of(study).points
    assert spot_checked(len(spot.points)) == SPOT_CHECKED + 5
    assert spot_checked(100) == 100

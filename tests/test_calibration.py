"""Calibration: facts with a width, emulators, posterior and coverage, each against what is known otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from mhsim.calibration import runs
from mhsim.calibration.calibration_file import Calibration, Sought, forms, read_calibration
from mhsim.calibration.emulator import Emulator, fitted
from mhsim.calibration.fact_targets import FactTarget, targets_of
from mhsim.calibration.identifiability_page import identifiability_page
from mhsim.calibration.inference import errors_together, likelihood_of, out_of_reach, sample
from mhsim.calibration.interval_coverage import coverage_of
from mhsim.calibration.learning import foretold, twins
from mhsim.calibration.posterior import Learnt, Posterior, fitted_forms, posterior_of, write_posterior
from mhsim.cli import exit_code
from mhsim.errors import InputError
from mhsim.evidence.checks import Check
from mhsim.scenario import parameter_rows

POINTS, NOISE = 120, 0.05


def target(
    band: tuple[float | None, float | None], observable: str = "effect_on_joiners", name: str = "hope"
) -> FactTarget:
    """Return a made-up fact; effects are taken as they are."""
    arguments = {"outcome": name, "week": 52}
    check = Check(
        fact="V77", check=name, form="base", observable=observable, arguments=arguments, band=band, use="check"
    )
    return targets_of([check])[0]


def planes(parameters: int = 2, points: int = POINTS, noise: float = NOISE) -> tuple[runs.Rows, list[FactTarget]]:
    """Return runs of a model that is known: the first number is the first parameter, the second their difference."""
    places = runs.design(parameters, points)
    chance = np.random.default_rng(3)
    truth = np.column_stack([places[:, 0], places[:, 0] - places[:, 1]])
    found = truth + chance.normal(0.0, noise, truth.shape)
    targets = [target((0.5 - 0.1, 0.5 + 0.1), name="hope"), target((-0.2, 0.2), name="coping")]
    return runs.Rows(places, found, np.full(found.shape, noise), tuple(one.key for one in targets), {}), targets


@pytest.fixture(scope="module")
def linear() -> tuple[runs.Rows, list[Emulator]]:
    rows, targets = planes()
    made = [fitted(one, rows.places, rows.found[:, k], rows.spread[:, k]) for k, one in enumerate(targets)]
    return rows, [one for one in made if one is not None]


def test_half_a_band_is_two_standard_deviations() -> None:
    """Held against SciPy: the density at the centre over that at an edge is that of a normal distribution."""
    one = target((0.1, 0.3))
    at = np.array([0.2, 0.3])
    found = one.log_likelihood(at, np.zeros(2))
    assert np.diff(found)[0] == pytest.approx(np.diff(stats.norm(0.2, 0.05).logpdf(at))[0])
    assert one.distance(at, np.zeros(2)) == pytest.approx([0.0, 2.0])


def test_an_open_band_is_a_fact_of_yes_or_no() -> None:
    """What lies far on the good side is neither more likely nor implausible; yes and no add up to one."""
    one = target((0.3, None))
    at = np.array([0.3, 5.0])
    yes, no = (one.log_likelihood(at, np.zeros(2), found) for found in (1.0, 0.0))
    assert np.exp(yes) == pytest.approx([0.5, 1.0])
    assert np.exp(yes) + np.exp(no) == pytest.approx([1.0, 1.0])
    assert one.distance(at, np.zeros(2)) == pytest.approx([0.0, 0.0])


def test_two_facts_on_one_number_count_once() -> None:
    """V01 and V02 share months of one curve: as two facts they would make it look surer than it is."""
    found = targets_of(read_calibration("twelve_step").checks)
    shared = [one for one in found if one.facts == ("V01", "V02")]
    assert len(shared) == 3
    assert len({one.key for one in found}) == len(found)


def test_an_emulator_foretells_what_it_has_not_seen(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """The model is known: errors at new places are of the size the emulator says, and it finds the noise."""
    _, made = linear
    places = np.random.default_rng(5).uniform(size=(400, 2))
    mean, variance = made[1].at(places)
    error = (mean - (places[:, 0] - places[:, 1])) / np.sqrt(variance)
    assert np.mean(np.abs(error) < 1.96) > 0.9
    assert np.sqrt(made[1].noise_at(places)).mean() == pytest.approx(NOISE, rel=0.2)


def test_leaving_a_point_out_is_what_the_formula_says(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """Held against the emulator that is made without the point."""
    _, (one, _) = linear
    error, sd = one.left_out()
    without = one.without(np.array([7]))
    mean, variance = without.at(one.places[7:8])
    assert (mean[0] - one.middle) / one.size == pytest.approx(one.found[7] - error[7], abs=1e-6)
    assert variance[0] / one.size**2 + one.noise[7] == pytest.approx(sd[7] ** 2, rel=1e-4)


def test_the_posterior_of_a_linear_model_is_the_known_one(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """Closed form: the first parameter is normal about 0.5 with the fact's error, the second adds that of the other."""
    _, made = linear
    found = sample(likelihood_of(made, errors_together(made)), 2)
    mean, covariance = found.moments()
    assert mean == pytest.approx([0.5, 0.5], abs=0.02)
    assert np.sqrt(np.diag(covariance)) == pytest.approx([0.05, np.hypot(0.05, 0.1)], rel=0.15)
    assert found.effective > 1000
    assert twins(found, ["a", "b"]) == [("b",), ("a",)]
    draws = found.draws(2000)
    assert draws.mean(axis=0) == pytest.approx(mean, abs=0.01)


def test_a_fact_that_nothing_comes_near_is_out_of_reach(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """It would drag all values to where it is a little less wrong."""
    rows, made = linear
    far = fitted(target((3.0, 3.2)), rows.places, rows.found[:, 0], rows.spread[:, 0])
    assert far is not None
    assert out_of_reach([*made, far], rows.places) == [False, False, True]


def test_intervals_hold_the_truth_as_often_as_they_say(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """120 truths: 95 % lies in the interval of what was seen in all but 1 of 1000 such tests, by the binomial."""
    rows, made = linear
    found = coverage_of(made, rows, POINTS, rounds=1, each=400)
    for k in range(2):
        inside = round(found.covered()[k] * POINTS)
        assert stats.binomtest(inside, POINTS, 0.95).pvalue > 0.0005, found.covered()
    assert found.evenness().min() > 0.0005


def test_intervals_that_are_too_narrow_are_found_out(linear: tuple[runs.Rows, list[Emulator]]) -> None:
    """The test above can fail: where what is found lies two standard deviations off, it does."""
    rows, made = linear
    wrong = runs.Rows(rows.places, rows.found + 0.2, rows.spread, rows.keys, {})
    found = coverage_of(made, wrong, 40, rounds=1, each=300)
    assert stats.binomtest(round(found.covered()[0] * 40), 40, 0.95).pvalue < 1e-4


def test_what_patterns_tell_is_told_apart() -> None:
    """One parameter stands in the pattern, the other does not."""
    places = runs.design(2, 128)
    told = foretold(places[:, :1] * 2.0 + np.random.default_rng(1).normal(0, 0.05, (128, 1)), places)
    assert told[0] > 0.9
    assert told[1] < 0.1


# --- runs and files --------------------------------------------------------------------------------------------------


@pytest.fixture
def small() -> Calibration:
    ranges = {"leave.drop_hazard": Sought(low=0.05, high=0.2, log=True, why="a test")}
    sizes = {"points": 32, "replicates": 2, "replicates_elsewhere": 2, "pool": 8}
    return Calibration(form="base", about="a test", parameters=ranges, facts=["V22"], **sizes)


def test_what_is_there_is_not_run_again(small: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A calibration that was broken off in the middle of a line goes on and gives the same rows."""
    targets, places = targets_of(small.checks), runs.design(1, 4)
    whole = runs.run_points(small, targets, places, tmp_path / "whole")
    runs.run_points(small, targets, places[:2], tmp_path / "broken")
    with (tmp_path / "broken" / runs.ROWS).open("a") as file:
        file.write('{"point": 2, "val')
    asked: list[int] = []
    one = runs.measure_point
    monkeypatch.setattr(runs, "measure_point", lambda task, *a, **k: asked.append(task.point) or one(task, *a, **k))
    again = runs.run_points(small, targets, places, tmp_path / "broken")
    assert sorted(asked) == [2, 3]
    assert np.array_equal(again.found, whole.found)


def test_a_point_that_fails_is_a_row(small: Calibration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on, and the row says why."""

    def broken(scenario: object, replicate: int, **how: object) -> None:
        raise ArithmeticError(f"replicate {replicate}")

    targets, places = targets_of(small.checks), runs.design(1, 2)
    runs.run_points(small, targets, places[:1], tmp_path)
    monkeypatch.setattr("mhsim.simulate", broken)
    rows = runs.run_points(small, targets, places, tmp_path)
    assert list(rows.failed) == [1]
    assert rows.failed[1].startswith("ArithmeticError: replicate")
    assert len(rows.places) == 1


def test_runs_of_another_plan_are_refused(small: Calibration, tmp_path: Path) -> None:
    """Rows of other ranges would be taken for points of these."""
    targets, places = targets_of(small.checks), runs.design(1, 1)
    runs.run_points(small, targets, places, tmp_path)
    other = small.model_copy(update={"replicates": 3})
    with pytest.raises(InputError, match="another plan"):
        runs.run_points(other, targets, places, tmp_path)


def test_a_posterior_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Draws, what was learnt, and how it was made."""
    learnt = Learnt(0.05, 0.2, 0.1, 0.11, 0.08, 0.15, 0.7, ("a.b",), 0.5, ("V22 people at a meeting",), 0.95)
    written = Posterior("base", {"leave.drop_hazard": learnt}, [{"leave.drop_hazard": 0.1}], {"about": "a test"})
    paths = write_posterior(written, tmp_path)
    assert posterior_of("base", tmp_path) == written
    paths[0].write_text("leave.drop_hazard\n0.1\nmany\n")
    with pytest.raises(InputError, match=r"base\.csv:3"):
        posterior_of("base", tmp_path)
    with pytest.raises(InputError, match="'bas' has no posterior; did you mean 'base'"):
        posterior_of("bas", tmp_path)


@pytest.mark.parametrize("form", fitted_forms())
def test_shipped_posteriors_fit_their_ranges(form: str) -> None:
    """200 draws, each within the range of its parameter, of a form that has a calibration file."""
    found, ranges = posterior_of(form), read_calibration(form).parameters
    assert len(found.draws) == 200
    assert set(found.parameters) == set(ranges)
    for name, sought in ranges.items():
        values = np.array([draw[name] for draw in found.draws])
        assert ((values >= sought.low * 0.9999) & (values <= sought.high * 1.0001)).all(), name
    for one in found.parameters.values():
        assert one.low <= one.middle <= one.high


@pytest.mark.parametrize("form", forms())
def test_calibration_files_are_right(form: str) -> None:
    """Every range lies within the parameter's own and holds the shipped value, so that the search begins with it."""
    plan = read_calibration(form)
    assert set(plan.names) <= {row["path"] for row in parameter_rows()}
    for name, value in plan.shipped_values().items():
        assert 0.0 <= plan.parameters[name].place(value) <= 1.0, name


def test_the_page_says_what_the_facts_cannot_fix() -> None:
    """Every weak value is marked as such."""
    page = identifiability_page()
    weak = sum(len(posterior_of(form).weak) for form in fitted_forms())
    assert page.count(", not fixed |") == weak


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "no calibration file for 'nothing'"),
        (["base", "--check-coverage", "5000"], "each point is a truth once"),
    ],
)
def test_wrong_input_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["calibrate", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_dry_run_says_what_would_be_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert exit_code(["calibrate", "base", "--dry-run", "--out", str(tmp_path / "new")]) == 0
    assert "12 parameters" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


def test_a_range_beyond_the_parameters_own_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.yaml"
    ranges = {"leave.propensity_sd": {"low": 0, "high": 5, "why": "a test"}}
    path.write_text(json.dumps({"form": "base", "about": "x", "facts": ["V22"], "parameters": ranges}))
    with pytest.raises(InputError, match="not within its own range"):
        read_calibration(str(path))

"""Parameters: written once with value, range, unit, meaning and source; turned into a step's value in one place."""

from __future__ import annotations

import ast
import inspect
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mhsim.core import params
from mhsim.core.params import UNITS, Parameters, par, per_step, power, record_of, switch
from mhsim.scenario import Scenario, marked, parameter_rows, sections, with_values

ROWS = parameter_rows()
SHARES = ("share/week", "share/meeting")
HAZARDS = ("1/week", "1/year", "people/week", "money/week")


@pytest.mark.parametrize("words", [{"unit": "per fortnight", "source": "assumed"}, {"unit": "1/week", "source": ""}])
def test_par_refuses_what_cannot_be_documented(words: dict[str, str]) -> None:
    """An unknown unit would be turned into a step's value wrongly, and a number without a source is a rumour."""
    with pytest.raises(ValueError, match=r"unit|source"):
        par(1.0, 0, 2, why="a test", **words)


@pytest.mark.parametrize(
    "words",
    [
        {"slider": (0, 1, 0.1)},
        {"slider": (0, 3, 0.1), "label": "Too wide"},
        {"slider": (1, 1, 0.1), "label": "Empty"},
    ],
)
def test_a_slider_has_a_label_and_stays_within_the_range(words: dict[str, object]) -> None:
    """Pages take it as it is: a slider without a name, or one that offers what is refused, would reach a student."""
    with pytest.raises(ValueError, match="slider"):
        par(1.0, 0, 2, unit="weight", why="a test", source="assumed", **words)  # type: ignore[arg-type]


def test_labels_tell_parameters_apart() -> None:
    """Two sliders of one name on a page could not be told apart, and every default is shown by its own slider."""
    labels = [row["label"] for row in ROWS if row["label"]]
    assert len(labels) == len(set(labels)) > 10
    for row in ROWS:
        if row["slider"]:
            low, high, step = row["slider"]
            assert low <= row["default"] <= high, row["path"]
            assert step > 0


@pytest.mark.parametrize("row", ROWS, ids=[row["path"] for row in ROWS])
def test_every_parameter_says_what_it_is(row: dict[str, object]) -> None:
    """Tables, sliders and sensitivity bounds are made of these: unit, meaning, source, a range around the default."""
    assert row["unit"] in UNITS
    assert len(str(row["meaning"])) > 10
    assert row["source"]
    if row["unit"] in ("switch", "choice"):
        assert row["low"] is None
        assert row["high"] is None
    else:
        assert row["low"] <= row["default"] <= row["high"]  # type: ignore[operator]
        assert row["low"] < row["high"]  # type: ignore[operator]


@pytest.mark.parametrize("row", [row for row in ROWS if row["low"] is not None], ids=lambda row: str(row["path"]))
def test_every_range_is_enforced_at_both_ends(row: dict[str, object]) -> None:
    """A value just outside its range is refused and the ends themselves are allowed, as the table says."""
    name, model = str(row["path"]), Scenario
    if "." in name:
        section, name = name.split(".")
        model = sections()[section]  # type: ignore[assignment]
    low, high = float(row["low"]), float(row["high"])  # type: ignore[arg-type]
    whole = isinstance(row["default"], int)
    for value in (low, high):
        if row["path"] not in ("weeks", "start.helpers"):
            model.model_validate({name: int(value) if whole else value})
    for value in (low - (1 if whole else 1e-6), high * (1 + 1e-6) + (1 if whole else 1e-6), float("nan")):
        with pytest.raises(ValidationError):
            model.model_validate({name: value})


def test_a_parameter_marked_benefit_or_harm_may_be_zero_and_is_a_number() -> None:
    """`benefits=0` must mean "not at all" for each of them, so zero is the low end of each range."""
    by_path = {row["path"]: row for row in ROWS}
    for path in marked("benefit") + marked("harm"):
        assert by_path[path]["low"] == 0
        assert isinstance(by_path[path]["default"], float)
    zero = with_values(Scenario(), {"benefits": 0, "harms": 0}).model_dump()
    for path in marked("benefit") + marked("harm"):
        section, name = path.split(".")
        assert zero[section][name] == 0.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 50.0))
def test_two_half_weeks_make_a_week(share: float, hazard: float) -> None:
    """Results may not hang on the length of a step: two halves of a share, or of a hazard, do what the whole does."""
    for unit in SHARES:
        half, whole = (per_step(share, unit, dt) for dt in (0.5, 1.0))
        assert 1.0 - (1.0 - half) * (1.0 - half) == pytest.approx(whole, abs=1e-12)
        assert 0.0 <= half <= whole <= 1.0
    for unit in HAZARDS:
        half, whole = (per_step(hazard, unit, dt) for dt in (0.5, 1.0))
        assert 2.0 * half == pytest.approx(whole, rel=1e-12, abs=1e-300)


@given(st.floats(0.0, 1.0))
def test_units_mean_what_they_say(value: float) -> None:
    """The kinds by hand: a year has 52 weeks, shares pass into the length of a step, others pass unchanged."""
    assert per_step(value, "1/week", 1.0) == value
    assert per_step(52.0 * value, "1/year", 1.0) == pytest.approx(value, rel=1e-15)
    assert per_step(value, "share/week", 1.0) == pytest.approx(value, abs=1e-15)
    for unit in SHARES:
        assert per_step(value, unit, 0.5) == pytest.approx(1.0 - (1.0 - value) ** 0.5, abs=1e-15)
    for unit in set(UNITS) - set(SHARES) - set(HAZARDS):
        assert per_step(value, unit, 0.5) == value


@given(st.floats(0.0, 1.0), st.floats(0.0, 14.0))
def test_power_is_the_power_function(base: float, exponent: float) -> None:
    """Shares are dosed by it: within 1e-14 of `pow` everywhere, and exact where pow is."""
    assert power(base, exponent) == pytest.approx(base**exponent, rel=1e-14, abs=1e-300)
    assert power(0.0, exponent) == (1.0 if exponent == 0.0 else 0.0)
    assert power(1.0, exponent) == power(base, 0.0) == 1.0
    assert power(base, 1.0) == base


def test_a_step_is_made_of_exactly_rounded_operations_alone() -> None:
    """The C library's pow differs between platforms, and with it whole histories in half weeks.

    The values are those of correctly rounded multiplication and square roots, worked out with whole-number arithmetic.
    """
    with localcontext() as context:
        context.prec = 60

        def rounded(exact: Decimal) -> Decimal:
            return Decimal(float(exact))

        for share in (0.09, 0.1, 0.2, 0.004, 0.97):
            kept = Decimal(1.0 - share)
            three = rounded(rounded(kept * kept) * kept)
            assert per_step(share, "share/meeting", 3.0) == 1.0 - float(three)
            assert per_step(share, "share/meeting", 1.5) == 1.0 - float(rounded(kept * rounded(kept.sqrt())))
    tree = ast.parse(inspect.getsource(params))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Pow) or getattr(node, "id", "") == "pow"]


def test_zero_stays_exactly_zero() -> None:
    """A mechanism in its neutral setting does exactly nothing only if zero per week is exactly zero per step."""
    for unit in UNITS:
        for dt in (0.5, 1.0):
            assert per_step(0.0, unit, dt) == 0.0


@pytest.mark.parametrize("section", sections())
def test_record_of_holds_every_parameter_by_name(section: str) -> None:
    """Compiled code reads parameters by name from a record: each must arrive, per step, in the right kind."""
    parameters = getattr(Scenario(), section)
    record = record_of(parameters, 0.5)
    units = {row["path"]: row["unit"] for row in ROWS}
    assert record.dtype.names == tuple(type(parameters).model_fields)
    for name in record.dtype.names:
        value, packed = getattr(parameters, name), record[name]
        if isinstance(value, bool):
            assert packed.dtype == bool
            assert packed == value
        elif isinstance(value, str):
            names = next(row["choices"] for row in ROWS if row["path"] == f"{section}.{name}")
            assert names[packed] == value
        else:
            assert packed == per_step(float(value), units[f"{section}.{name}"], 0.5)


def test_parameters_are_frozen_and_know_their_names() -> None:
    """A misspelt name must not be taken in silence, and nobody may change a scenario behind a run's back."""

    class Few(Parameters):
        on: bool = switch("a switch of a test")
        rate: float = par(0.5, 0, 1, unit="1/week", why="a rate of a test", source="assumed")

    with pytest.raises(ValidationError):
        Few.model_validate({"rote": 0.1})
    with pytest.raises(ValidationError):
        Few().rate = 0.2
    assert np.isclose(record_of(Few(), 0.5)["rate"], 0.25)


def test_the_table_of_parameters_is_made_once() -> None:
    """A page asks for it a score of times for every slider that is let go."""
    assert parameter_rows() is parameter_rows()
    assert sections() is sections()


def test_a_scenario_is_the_key_of_a_cache() -> None:
    """Scenarios with changes, which hold a dictionary, can be hashed; equal ones have one hash, whatever the order."""
    one = {"week": 5, "set": {"serve.turnover_per_year": 0.5, "share.enabled": False}}
    other = {"week": 5, "set": {"share.enabled": False, "serve.turnover_per_year": 0.5}}
    first, second = (Scenario.model_validate({"changes": [change]}) for change in (one, other))
    assert first == second
    assert hash(first) == hash(second)
    assert {first: 1}[second] == 1
    assert first != Scenario()


def test_other_values_leave_the_scenario_they_start_from_as_it_was() -> None:
    """Sections that are not touched are shared, those that are touched become new."""
    base = Scenario()
    changed = with_values(base, {"serve.turnover_per_year": 0.75, "harms": 0.5, "weeks": 30})
    assert base == Scenario()
    assert changed.serve.turnover_per_year == 0.75
    assert changed.arrive is base.arrive
    assert changed == Scenario.model_validate(changed.model_dump())

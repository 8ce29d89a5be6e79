"""The arithmetic: close to the mathematical functions, and the same bits compiled and in plain Python."""

from __future__ import annotations

import inspect
import itertools
import math
import threading
from collections.abc import Callable

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import ndtri

from mhsim.core import maths
from mhsim.core.jit import Kernel, entry
from support import assert_count, uncompiled


@entry
def exps(x):  # type: ignore[no-untyped-def]
    """Return `exp` of each number."""
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = maths.exp(x[i])
    return out


@entry
def logs(x):  # type: ignore[no-untyped-def]
    """Return `log` of each number."""
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = maths.log(x[i])
    return out


@entry
def normals(x):  # type: ignore[no-untyped-def]
    """Return `normal_quantile` of each number."""
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = maths.normal_quantile(x[i])
    return out


@entry
def logistics(x):  # type: ignore[no-untyped-def]
    """Return `logistic` of each number."""
    out = np.empty(len(x))
    for i in range(len(x)):
        out[i] = maths.logistic(x[i])
    return out


@entry
def happenings(u, hazard):  # type: ignore[no-untyped-def]
    """Return `happens` for each draw and hazard."""
    out = np.empty(len(u), np.bool_)
    for i in range(len(u)):
        out[i] = maths.happens(u[i], hazard[i])
    return out


@entry
def poissons(u, mean):  # type: ignore[no-untyped-def]
    """Return `poisson` for each draw and mean."""
    out = np.empty(len(u), np.int64)
    for i in range(len(u)):
        out[i] = maths.poisson(u[i], mean[i])
    return out


PLAIN = uncompiled(maths)
RNG = np.random.default_rng(20)
ANY_POWER = np.concatenate([RNG.uniform(-700, 700, 20000), RNG.uniform(-2, 2, 20000), [0.0, -0.0, 1.0, 700.0, -700.0]])
ANY_SIZE = np.concatenate([np.exp(RNG.uniform(-700, 700, 20000)), RNG.uniform(0.4, 3.0, 20000), [1.0, 5e-324, 1e308]])
ANY_SHARE = np.concatenate(
    [RNG.random(20000), 10.0 ** RNG.uniform(-12, -1, 5000), 1 - 10.0 ** RNG.uniform(-12, -1, 5000)]
)
SMALLEST, LARGEST_DRAW = 0.5 / 2.0**32, 1.0 - 0.5 / 2.0**32


def test_exp_is_the_exponential() -> None:
    """A rule's hazard is only the formula of its text if exp is: relative error under 4e-16."""
    exact = np.array([math.exp(x) for x in ANY_POWER])
    assert np.max(np.abs(exps(ANY_POWER) / exact - 1.0)) < 4e-16


def test_exp_is_held_at_the_ends() -> None:
    """Beyond 700 the value is that at 700: never infinite, so a wild parameter makes no NaN."""
    assert exps(np.array([1e9, 701.0]))[0] == exps(np.array([700.0]))[0] < math.inf
    assert exps(np.array([-1e9]))[0] == exps(np.array([-700.0]))[0] > 0.0


def test_log_is_the_logarithm() -> None:
    """Relative error under 1e-15 away from 1; near 1, where the logarithm is near 0, absolute error under 3e-16."""
    exact = np.array([math.log(x) for x in ANY_SIZE])
    error = np.abs(logs(ANY_SIZE) - exact)
    assert np.max(error / np.maximum(np.abs(exact), 0.3)) < 1e-15
    assert logs(np.array([1.0]))[0] == 0.0


def test_normal_quantile_is_that_of_the_normal_distribution() -> None:
    """Traits come by inversion, so every draw in (0, 1) must give the right quantile, to 2e-15 of its size or of 1."""
    draws = np.concatenate([ANY_SHARE, [SMALLEST, LARGEST_DRAW, 0.5]])
    exact = ndtri(draws)
    assert np.max(np.abs(normals(draws) - exact) / np.maximum(1.0, np.abs(exact))) < 2e-15


def test_normal_quantile_is_odd() -> None:
    """Nobody is favoured by the sign of a draw: u and 1 - u mirror each other exactly where 1 - u is exact."""
    halves = np.arange(1, 4096) / 8192.0
    assert np.array_equal(normals(halves), -normals(1.0 - halves))


def test_logistic_is_the_logistic_function() -> None:
    """Chances of attending and much else are logistic: within 4e-16, and between 0 and 1 at both ends."""
    x = RNG.uniform(-40, 40, 20000)
    assert np.max(np.abs(logistics(x) - 1.0 / (1.0 + np.exp(-x)))) < 4e-16
    ends = logistics(np.array([-1e5, 1e5]))
    assert 0.0 <= ends[0] < 1e-300
    assert ends[1] == 1.0


@pytest.mark.parametrize("compiled", [exps, logs, normals, logistics])
def test_compiled_equals_plain_python_on_many_numbers(compiled: Callable[[np.ndarray], np.ndarray]) -> None:
    """Results may not depend on whether code was compiled: the same bits for tens of thousands of numbers."""
    numbers = {exps: ANY_POWER, logs: ANY_SIZE, normals: ANY_SHARE, logistics: ANY_POWER}[compiled]
    function = {exps: PLAIN.exp, logs: PLAIN.log, normals: PLAIN.normal_quantile, logistics: PLAIN.logistic}[compiled]
    some = numbers[::7]
    assert np.array_equal(compiled(some), np.array([function(float(x)) for x in some]))


@given(st.floats(-1e6, 1e6), st.floats(1e-300, 1e300), st.floats(SMALLEST, LARGEST_DRAW))
def test_compiled_equals_plain_python_anywhere(power: float, size: float, share: float) -> None:
    """The same for numbers that nobody thought of, such as those at the edges of a branch."""
    assert exps(np.array([power]))[0] == PLAIN.exp(power)
    assert logs(np.array([size]))[0] == PLAIN.log(size)
    assert normals(np.array([share]))[0] == PLAIN.normal_quantile(share)


@given(st.floats(0.0, 1.0), st.floats(-1e3, 1e3))
def test_clip_holds_within_0_and_1(inside: float, anywhere: float) -> None:
    """States live between 0 and 1: what is inside stays exactly as it is, the rest goes to the nearer end."""
    clip = PLAIN.clip
    assert clip(inside) == inside
    assert clip(anywhere) == (anywhere if 0.0 <= anywhere <= 1.0 else 0.0 if anywhere < 0.0 else 1.0)


def test_happens_is_one_minus_exp_of_minus_the_hazard() -> None:
    """A hazard becomes a chance in one place; its short cuts may not change a single decision."""
    hazard = np.concatenate([10.0 ** RNG.uniform(-8, 2, 40000), [0.0, 0.0, 1.0, 2.0]])
    limit = -np.expm1(-hazard)
    for u in (RNG.random(len(hazard)), limit * (1.0 - 1e-12), limit * (1.0 + 1e-12)):
        far = np.abs(u - limit) > 4e-16
        assert np.array_equal(happenings(u, hazard)[far], (u < limit)[far])
    assert not happenings(np.array([SMALLEST]), np.array([0.0]))[0], "nothing happens at zero rate"


def test_happens_as_often_as_it_should() -> None:
    """The frequency over 40,000 draws is the formula (within four standard errors)."""
    hazard = RNG.uniform(0.0, 3.0, 40000)
    assert_count(happenings(RNG.random(40000), hazard), -np.expm1(-hazard))


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(SMALLEST, LARGEST_DRAW))
def test_a_higher_hazard_never_undoes_an_event(first: float, second: float, u: float) -> None:
    """Paired luck rests on this: who is struck at a hazard is struck at any higher one."""
    low, high = sorted((first, second))
    decided = happenings(np.array([u, u]), np.array([low, high]))
    assert decided[1] >= decided[0]


def test_poisson_is_the_quantile_of_scipy() -> None:
    """Arrivals come by inversion of one uniform: the same number as scipy's for means up to 16."""
    mean = np.concatenate([RNG.uniform(0.0, 16.0, 20000), np.full(50, 16.0), np.full(50, 1e-6)])
    u = np.concatenate([RNG.random(20000), np.linspace(SMALLEST, LARGEST_DRAW, 100)])
    numbers = poissons(u, mean)
    below, here = stats.poisson.cdf(numbers - 1, mean), stats.poisson.cdf(numbers, mean)
    clear = (np.abs(u - below) > 1e-12) & (np.abs(u - here) > 1e-12)
    assert clear.mean() > 0.99
    assert np.array_equal(numbers[clear], stats.poisson.ppf(u, mean)[clear].astype(int))
    assert not poissons(np.array([LARGEST_DRAW]), np.array([0.0])).any(), "nobody arrives at a mean of 0"


# --- every function, fed with what nobody expects ---------------------------------------------------------------------

FUNCTIONS = {name: f for name, f in vars(maths).items() if isinstance(f, Kernel)}
EXTREME = (
    *(0.0, 5e-324, 2.2e-308, 1e-300, 2.0**-32, 1e-9, 0.3, 0.5, 1.0 - 2.0**-53, 1.0, 1.5, 16.0, 17.0, 200.0, 700.0),
    *(750.0, 1e5, 2.0**63, 1e150, 1e200, 1.7e308, math.inf),
)
NUMBERS = [sign * x for x in EXTREME for sign in (1.0, -1.0)] + [math.nan]


def held(x: float) -> float:
    """Return x held within -700 to 700, as `exp` documents."""
    return min(700.0, max(-700.0, x))


def log_of(x: float) -> float:
    """Return the documented logarithm."""
    return math.log(x) if x > 0.0 else -math.inf if x == 0.0 else math.nan


def happens_at(u: float, hazard: float) -> float | None:
    """Return whether a draw lies under the documented chance; no draw is below 0."""
    if u < 0.0:
        return None
    return float(u < -math.expm1(-max(0.0, hazard))) if u == u and hazard == hazard else 0.0


def poisson_at(u: float, mean: float) -> float | None:
    """Return the documented Poisson quantile; none is said at 1, where a cumulated chance is not exact enough."""
    if not mean > 0.0 or not u > 0.0:
        return 0.0
    return float(stats.poisson.ppf(u, min(16.0, mean))) if u < 1.0 - 1e-12 else None


DOCUMENTED: dict[str, Callable[..., float | None]] = {
    "exp": lambda x: math.exp(held(x)) if x == x else math.nan,
    "log": log_of,
    "logistic": lambda x: 1.0 / (1.0 + math.exp(-held(x))) if x == x else math.nan,
    "clip": lambda x: min(1.0, max(0.0, x)) if x == x else math.nan,
    "happens": happens_at,
    "poisson": poisson_at,
    "normal_quantile": lambda u: float(ndtri(u)),
}
"""What each function is to give for any float64: by `math` and SciPy where they are defined, else as documented."""


def answers(name: str) -> list[tuple[tuple[float, ...], float, float]]:
    """Return what a function gives compiled and in plain Python, for all extreme numbers or pairs of them.

    It runs in a thread of its own, so that a loop without an end is a failed test and not one that never ends.
    """
    function = FUNCTIONS[name]
    number = len(inspect.signature(function.py_func).parameters)
    compiled = {1: lambda x: function(x), 2: lambda x, y: function(x, y)}[number]
    fast = numba.njit(nogil=True, error_model="numpy")(compiled)
    found: list[tuple[tuple[float, ...], float, float]] = []

    def ask() -> None:
        for numbers in itertools.product(NUMBERS, repeat=number):
            found.append((numbers, float(fast(*numbers)), float(getattr(PLAIN, name)(*numbers))))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(60.0)
    assert len(found) == len(NUMBERS) ** number, f"{name} does not answer for what comes after {found[-1:]}"
    return found


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_answers_for_every_number(name: str) -> None:
    """A logarithm of 0 that never returns hangs a study: all answer, alike compiled and plain, with the value said."""
    for numbers, fast, plain in answers(name):
        expected = DOCUMENTED[name](*numbers)
        assert np.float64(fast).tobytes() == np.float64(plain).tobytes() or (fast != fast and plain != plain), numbers
        if expected is None:
            assert 0.0 <= fast <= 200.0, numbers
        elif not math.isfinite(expected):
            assert fast == expected or (fast != fast and expected != expected), (numbers, fast, expected)
        else:
            assert fast == pytest.approx(expected, rel=4e-15, abs=1e-300), numbers

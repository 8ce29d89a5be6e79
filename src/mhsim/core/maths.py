"""Arithmetic that gives the same bits on every machine, compiled or in plain Python.

Only ``+ - * /``, comparison and ``sqrt`` are used (each is exactly rounded everywhere); libraries for exp and log are
not, since they differ in the last bit between machines. Constants of `exp` are those of Cephes, those of
`normal_quantile` of Wichura's algorithm AS 241 (Applied Statistics 37, 1988).

Every function answers for every float64, and answers alike compiled and in plain Python: NaN gives NaN (in `happens`
False, in `poisson` 0), and what lies outside a function's domain gives what its docstring says.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from mhsim.core.jit import kernel

POWERS_OF_TWO = np.ldexp(1.0, np.arange(-1022, 1024))
LOG_OF_TWO_HIGH = 6.93145751953125e-1
LOG_OF_TWO_LOW = 1.42860682030941723212e-6
LARGEST = 700.0
INFINITY = float("inf")
NAN = float("nan")
MOST_ARRIVALS = 200  # the chance of more, at a mean of 16, is below 1e-140


@kernel
def exp(x: float) -> float:
    """Return e to the power x, for x held within -700 to 700; relative error below 3e-16."""
    if x != x:
        return NAN
    x = min(LARGEST, max(-LARGEST, x))
    whole = int(x * 1.4426950408889634 + 0.5) if x >= 0.0 else int(x * 1.4426950408889634 - 0.5)
    x = x - whole * LOG_OF_TWO_HIGH - whole * LOG_OF_TWO_LOW
    square = x * x
    top = x * ((1.26177193074810590878e-4 * square + 3.02994407707441961300e-2) * square + 9.99999999999999999910e-1)
    bottom = (3.00198505138664455042e-6 * square + 2.52448340349684104192e-3) * square
    bottom = (bottom + 2.27265548208155028766e-1) * square + 2.00000000000000000005
    return (1.0 + 2.0 * (top / (bottom - top))) * POWERS_OF_TWO[whole + 1022]


@kernel
def log(x: float) -> float:
    """Return the natural logarithm; relative error below 1e-15 away from 1. 0 gives -infinity, less than 0 NaN."""
    if x <= 0.0:
        return -INFINITY if x == 0.0 else NAN
    if x == INFINITY:
        return INFINITY
    whole = 0
    while x < 2.3283064365386963e-10:
        x = x * 4294967296.0
        whole -= 32
    while x < 0.70710678118654752:
        x = x * 2.0
        whole -= 1
    while x > 4294967296.0:
        x = x * 2.3283064365386963e-10
        whole += 32
    while x > 1.4142135623730951:
        x = x * 0.5
        whole += 1
    ratio = (x - 1.0) / (x + 1.0)
    square = ratio * ratio
    total = 0.0
    for odd in range(23, 0, -2):
        total = total * square + 1.0 / odd
    return whole * LOG_OF_TWO_HIGH + (2.0 * ratio * total + whole * LOG_OF_TWO_LOW)


@kernel
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x)), for x held within -700 to 700."""
    return 1.0 / (1.0 + exp(-x))


@kernel
def clip(x: float) -> float:
    """Return x held within 0 to 1."""
    if x <= 0.0:
        return 0.0
    return 1.0 if x >= 1.0 else x


@kernel
def happens(u: float, hazard: float) -> bool:
    """Tell whether an event of this hazard over the step happens, given a uniform draw.

    The chance is ``1 - exp(-hazard)``, none for a hazard below 0. The bounds ``h - h*h/2 <= 1 - exp(-h) <= h``
    settle nearly every draw without an exponential.
    """
    if u >= hazard:
        return False
    if u < hazard - 0.5 * hazard * hazard:
        return True
    return u < 1.0 - exp(-hazard)


@kernel
def poisson(u: float, mean: float) -> int:
    """Return a Poisson number by inversion of one uniform draw: 0 to 200, for a mean held within 0 to 16."""
    if not mean > 0.0:
        return 0
    mean = min(16.0, mean)
    chance = exp(-mean)
    total = chance
    number = 0
    while u > total and number < MOST_ARRIVALS:
        number += 1
        chance = chance * mean / number
        total += chance
    return number


@kernel
def normal_quantile(u: float) -> float:
    """Return the standard normal value below which a share u lies (AS 241, PPND16).

    0 gives -infinity, 1 gives infinity, what lies beyond them NaN.
    """
    if u <= 0.0 or u >= 1.0:
        return -INFINITY if u == 0.0 else INFINITY if u == 1.0 else NAN
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
        top = ((top + 45921.953931549871457) * r + 13731.693765509461125) * r
        top = ((top + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608
        low = ((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
        low = ((low + 21213.794301586595867) * r + 5394.1960214247511077) * r
        low = ((low + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = sqrt(-log(u if q < 0.0 else 1.0 - u))
    if r <= 5.0:
        r = r - 1.6
        top = ((7.7454501427834140764e-4 * r + 2.27238449892691845833e-2) * r + 2.41780725177450611770e-1) * r
        top = ((top + 1.27045825245236838258) * r + 3.64784832476320460504) * r
        top = ((top + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734
        low = ((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 1.51986665636164571966e-2) * r
        low = ((low + 1.4810397642748007459e-1) * r + 6.8976733498510000455e-1) * r
        low = ((low + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    else:
        r = r - 5.0
        top = ((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 1.2426609473880784386e-3) * r
        top = ((top + 2.6532189526576123093e-2) * r + 2.9656057182850489123e-1) * r
        top = ((top + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772
        low = ((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
        low = ((low + 7.868691311456132591e-4) * r + 1.48753612908506148525e-2) * r
        low = ((low + 1.3692988092273580531e-1) * r + 5.9983220655588793769e-1) * r + 1.0
    return -top / low if q < 0.0 else top / low

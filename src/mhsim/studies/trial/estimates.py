"""The statistics of a trial: least squares in one world with a robust error, and over worlds with the jackknife.

Every number a trial gives is a coefficient of least squares, or the ratio of two. In one world the error is that of
MacKinnon and White (1985, "HC2"), which for two groups is Welch's. Over worlds the people of all worlds are put
together and each world is left out in turn (Tukey 1958): people of one world share its groups and are not independent.
Intervals are 95 %, with Student's t for people less coefficients, or worlds less one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np

from mhsim.stats import Numbers, student

SINGULAR = 1e-10
FEWEST = 10
"""People in each of two groups without whom no difference is given."""


class Coefficient(NamedTuple):
    """A number, its standard error and its 95 % interval; NaN where it is not known."""

    value: float
    error: float
    low: float
    high: float


UNKNOWN = Coefficient(np.nan, np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Sample:
    """The people of one world whom a comparison is about.

    Attributes
    ----------
    design : array, shape (people, coefficients)
        The columns of least squares, a column of ones first.
    outcome : array, shape (people,)
        What is compared; no value is missing.
    came : array, shape (people,), optional
        Whether each came to a group. Where given, the estimate is a ratio: the coefficient for the outcome divided
        by that for coming (Wald 1940).
    """

    design: Numbers
    outcome: Numbers
    came: Numbers | None = None

    @property
    def people(self) -> int:
        """The number of people."""
        return int(self.outcome.size)


def with_interval(value: float, error: float, degrees: int) -> Coefficient:
    """Return an estimate with its interval by Student's t."""
    reach = student(degrees) * error
    return Coefficient(value, error, value - reach, value + reach)


def in_one_world(sample: Sample) -> Coefficient:
    """Return the second coefficient, or the only one, from the people of one world.

    A ratio is given only if coming clearly differs between the arms: else anything might be divided by nothing.
    """
    if few_in(product_of(sample)):
        return UNKNOWN
    if sample.came is None:
        return least_squares(sample.design, sample.outcome)
    coming = least_squares(sample.design, sample.came)
    if not (coming.low > 0.0 or coming.high < 0.0):
        return UNKNOWN
    value = least_squares(sample.design, sample.outcome).value / coming.value
    rest = least_squares(sample.design, sample.outcome - value * sample.came)
    return with_interval(value, rest.error / abs(coming.value), sample.people - int(sample.design.shape[1]))


def least_squares(design: Numbers, outcome: Numbers) -> Coefficient:
    """Return the second coefficient of least squares (the only one of a single column) with its robust error."""
    people, columns = design.shape
    if people <= columns or np.linalg.matrix_rank(design) < columns:
        return UNKNOWN
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ (design.T @ outcome)
    leverage = ((design @ inverse) * design).sum(axis=1)
    if (leverage > 1.0 - SINGULAR).any():
        return UNKNOWN
    square = (outcome - design @ beta) ** 2 / (1.0 - leverage)
    k = min(1, columns - 1)
    pull = design @ inverse[:, k]
    return with_interval(float(beta[k]), sqrt(float((pull**2 * square).sum())), people - columns)


def over_worlds(samples: Sequence[Sample]) -> Coefficient:
    """Return the coefficient, or the ratio, of the people of all worlds together, with the jackknife over worlds.

    Worlds in which nobody belongs to the comparison are left out. One world alone gives no interval.
    """
    samples = [sample for sample in samples if sample.people]
    if not samples:
        return UNKNOWN
    value, without = leaving_out(samples)
    worlds = len(samples)
    if np.isnan(value) or np.isnan(without).any():
        return UNKNOWN._replace(value=value)
    error = sqrt((worlds - 1) / worlds * float(((without - without.mean()) ** 2).sum()))
    return with_interval(value, error, worlds - 1)


def leaving_out(samples: Sequence[Sample]) -> tuple[float, Numbers]:
    """Return the coefficient of all worlds together, and without each of them in turn; NaN where it is not known."""
    columns, worlds = samples[0].design.shape[1], len(samples)
    products = np.array([product_of(sample) for sample in samples])
    total = products.sum(axis=0)
    value = np.nan if few_in(total) else solved(total, columns)
    without = np.array([solved(total - product, columns) for product in products] if worlds > 1 else [np.nan])
    return value, without


def pseudo_values(samples: Mapping[int, Sample], replicates: int) -> Numbers:
    """Return what each world adds to the coefficient, shape (replicates,); their mean is nearly the coefficient.

    NaN for worlds in which nobody belongs to the comparison, and for all where it is not known (Tukey 1958).
    """
    found = np.full(replicates, np.nan)
    there = {replicate: sample for replicate, sample in samples.items() if sample.people}
    if len(there) > 1:
        value, without = leaving_out(list(there.values()))
        found[list(there)] = len(there) * value - (len(there) - 1) * without
    return found


def product_of(sample: Sample) -> Numbers:
    """Return all products of columns, summed over people: of the design, the outcome and, for a ratio, of coming."""
    beside = [sample.outcome] if sample.came is None else [sample.outcome, sample.came]
    table = np.column_stack([sample.design, *beside])
    product: Numbers = table.T @ table
    return product


def few_in(product: Numbers) -> bool:
    """Return whether a comparison of two groups has too few people in one; a single column has no groups."""
    everybody, ones = product[0, 0], product[0, 1]
    groups = product.shape[0] > 2
    return bool(groups and min(ones, everybody - ones) < FEWEST)


def solved(product: Numbers, columns: int) -> float:
    """Return the coefficient, or the ratio of two, from summed products; NaN where it is not known."""
    left = product[:columns, :columns]
    scale = np.sqrt(np.diag(left))
    if (scale == 0.0).any() or np.linalg.cond(left / np.outer(scale, scale)) > 1.0 / SINGULAR:
        return np.nan
    found = np.linalg.solve(left, product[:columns, columns:])[min(1, columns - 1)]
    if len(found) == 1:
        return float(found[0])
    return float(found[0] / found[1]) if abs(found[1]) > SINGULAR else np.nan

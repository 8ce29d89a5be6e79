"""From emulators to a posterior: history matching first, then draws by adaptive importance sampling.

The prior is even over the ranges. History matching asks which places any fact rules out: those where some fact lies
more than `CUT` standard deviations from what the emulator gives, all its doubts counted. Then places are weighed by
how likely they make all facts, and new ones are drawn around the likely ones until the weights are even enough
(population Monte Carlo, Cappé et al. 2004; all rounds count, each by the mixture of all, Cornuet et al. 2012).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp, ndtr, ndtri
from scipy.stats import multivariate_t, qmc

from mhsim.calibration.calibration_file import Numbers
from mhsim.calibration.emulator import Emulator
from mhsim.calibration.fact_targets import FactTarget

CUT = 3.0
"""Standard deviations beyond which a place is ruled out (Pukelsheim 1994: 95 % of any single-peaked distribution)."""
REACHED = 0.001
"""Share of places that have to come near a fact for it to be within reach."""
SEED = 20_141_130
DEGREES, WIDER, BY_PRIOR = 6.0, 1.3, 0.1
"""Of the distribution new places are drawn from: degrees of freedom, how much wider than the weighed places, and the
share that is drawn from the prior all the same."""
LogLikelihood = Callable[[Numbers], Numbers]


@dataclass(frozen=True)
class Weighed:
    """Places with weights that stand for a posterior.

    Attributes
    ----------
    places : array, shape (places, parameters)
        In the unit cube.
    weights : array, shape (places,)
        Of sum 1.
    """

    places: Numbers
    weights: Numbers

    @property
    def effective(self) -> float:
        """How many equal weights are worth as much."""
        return float(1.0 / np.sum(self.weights**2))

    def draws(self, number: int, seed: int = SEED) -> Numbers:
        """Return equally weighted places, shape (number, parameters), by systematic resampling."""
        chance = np.random.default_rng(seed)
        steps = (chance.uniform() + np.arange(number)) / number
        chosen = np.searchsorted(np.cumsum(self.weights), steps)
        return self.places[np.minimum(chosen, len(self.places) - 1)]

    def quantile(self, share: float) -> Numbers:
        """Return the place below which a share of each parameter's weight lies, shape (parameters,)."""
        found = []
        for column in self.places.T:
            order = np.argsort(column)
            reached = np.cumsum(self.weights[order])
            found.append(column[order][min(np.searchsorted(reached, share), len(order) - 1)])
        return np.array(found)

    def below(self, truth: Numbers) -> Numbers:
        """Return the weight of places below a truth, for each parameter, shape (parameters,)."""
        return np.asarray(self.weights @ (self.places < truth))

    def moments(self) -> tuple[Numbers, Numbers]:
        """Return mean, shape (parameters,), and covariance, shape (parameters, parameters)."""
        mean = self.weights @ self.places
        away = self.places - mean
        return mean, (away * self.weights[:, None]).T @ away


def even_places(parameters: int, number: int, seed: int = SEED) -> Numbers:
    """Return places that fill the unit cube, shape (number, parameters)."""
    powers = int(np.ceil(np.log2(number)))
    found: Numbers = qmc.Sobol(parameters, rng=seed).random_base2(powers)[:number]
    return np.clip(found, 1e-6, 1 - 1e-6)


def implausibility(made: Sequence[Emulator], places: Numbers) -> Numbers:
    """Return how far each fact is from what is foretold, in standard deviations, shape (places, facts)."""
    return np.column_stack([one.target.distance(*one.at(places)) for one in made])


def out_of_reach(made: Sequence[Emulator], places: Numbers) -> list[bool]:
    """Return which facts no place comes near: what the model cannot do within the ranges, whatever its values.

    Such a fact says nothing of the values; taken along, it would drag all others to where it is a little less wrong.
    """
    ruled_out = implausibility(made, places) > CUT
    return [bool(one) for one in ruled_out.mean(axis=0) > 1.0 - REACHED]


def errors_together(made: Sequence[Emulator]) -> Numbers:
    """Return how the errors of emulators go together, shape (facts, facts): correlations, each point left out in turn.

    Numbers of one point come from the same runs: a town that chance let grow is out in all of them.
    """
    size = 1 + max(int(one.rows.max()) for one in made)
    errors = np.full((size, len(made)), np.nan)
    for k, one in enumerate(made):
        error, sd = one.left_out()
        errors[one.rows, k] = np.clip(error / sd, -4.0, 4.0)
    found = pd.DataFrame(errors).corr().fillna(0.0).to_numpy().copy()
    np.fill_diagonal(found, 1.0)
    values, vectors = np.linalg.eigh(found)
    whole = (vectors * np.maximum(values, 1e-3)) @ vectors.T
    sizes = np.sqrt(np.diag(whole))
    return np.asarray(whole / np.outer(sizes, sizes))


def log_likelihood(
    facts: Sequence[FactTarget], mean: Numbers, variance: Numbers, together: Numbers, findings: Sequence[float | None]
) -> Numbers:
    """Return the log-likelihood of what was found, shape (places,).

    Parameters
    ----------
    facts : sequence of FactTarget
    mean, variance : array, shape (places, facts)
        Of what is foretold, on the scales.
    together : array, shape (facts, facts)
        Correlations of the errors of what is foretold; those of facts are independent.
    findings : sequence
        What was found of each, on its scale; None for the fact itself.
    """
    closed = [k for k, one in enumerate(facts) if not one.one_sided]
    total = np.zeros(len(mean))
    for k, one in enumerate(facts):
        if one.one_sided:
            total += one.log_likelihood(mean[:, k], variance[:, k], findings[k])
    if not closed:
        return total
    at = np.array([facts[k].centre if findings[k] is None else findings[k] for k in closed], float)
    sizes = np.sqrt(variance[:, closed])
    spread = together[np.ix_(closed, closed)] * sizes[:, :, None] * sizes[:, None, :]
    spread += np.diag([facts[k].sd ** 2 for k in closed])
    root = np.linalg.cholesky(spread)
    away = np.linalg.solve(root, (mean[:, closed] - at)[:, :, None])[:, :, 0]
    logs = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(total - 0.5 * np.sum(away**2, axis=1) - logs)


def likelihood_of(
    made: Sequence[Emulator],
    together: Numbers,
    findings: Sequence[float | None] | None = None,
    share_of_noise: float = 0.0,
) -> LogLikelihood:
    """Return the log-likelihood of places: of the facts, or of other findings.

    Parameters
    ----------
    made : sequence of Emulator
    together : array, shape (facts, facts)
        What `errors_together` returns.
    findings : sequence of float, optional
        What was found, on the scale of each target; the facts unless given.
    share_of_noise : float
        How much of the chance of a point of the design is in what was found: 1 for findings from such a point.
    """
    facts = [one.target for one in made]
    found: Sequence[float | None] = [None] * len(facts) if findings is None else findings

    def of(places: Numbers) -> Numbers:
        both = [one.at(places) for one in made]
        noise = [share_of_noise * one.noise_at(places) for one in made]
        variance = np.column_stack([one[1] + more for one, more in zip(both, noise, strict=True)])
        return log_likelihood(facts, np.column_stack([one[0] for one in both]), variance, together, found)

    return of


def sample(
    of: LogLikelihood, parameters: int, *, first: int = 4096, rounds: int = 5, each: int = 3000, seed: int = SEED
) -> Weighed:
    """Return the posterior of an even prior under a log-likelihood, as weighed places."""
    start = even_places(parameters, first, seed)
    return improved(of, start, of(start), rounds=rounds, each=each, seed=seed)


def improved(
    of: LogLikelihood, places: Numbers, likely: Numbers, *, rounds: int, each: int, seed: int = SEED
) -> Weighed:
    """Return the posterior from places of the prior with their log-likelihoods, and rounds of new ones.

    Work is done in normal coordinates, in which the even prior is a standard normal distribution.
    """
    chance = np.random.default_rng(seed)
    at, likely = ndtri(places), np.array(likely)
    parts: list[tuple[Numbers, Numbers]] = []
    counts = [len(at)]
    for _ in range(rounds):
        weights = _weights(at, likely, parts, counts)
        mean, spread = _shape(at, weights, likely)
        parts.append((mean, spread))
        new = _drawn(mean, spread, each, chance)
        at, likely = np.vstack([at, new]), np.concatenate([likely, of(ndtr(new))])
        counts.append(each)
    return Weighed(np.asarray(ndtr(at)), _weights(at, likely, parts, counts))


def _weights(at: Numbers, likely: Numbers, parts: list[tuple[Numbers, Numbers]], counts: list[int]) -> Numbers:
    """Return the weights of all places by the mixture that all rounds together drew from."""
    prior = -0.5 * np.sum(at**2, axis=1) - 0.5 * at.shape[1] * np.log(2.0 * np.pi)
    rounds = [prior] + [
        np.logaddexp(np.log1p(-BY_PRIOR) + multivariate_t.logpdf(at, mean, spread, DEGREES), np.log(BY_PRIOR) + prior)
        for mean, spread in parts
    ]
    shares = np.log(np.array(counts, float) / sum(counts))
    mixed = logsumexp(np.array(rounds) + shares[:, None], axis=0)
    found = likely + prior - mixed
    return np.asarray(np.exp(found - logsumexp(found)))


def _shape(at: Numbers, weights: Numbers, likely: Numbers) -> tuple[Numbers, Numbers]:
    """Return where new places are drawn from: middle and spread of the weighed ones, evened out if few count."""
    power, enough = 1.0, min(20.0 * at.shape[1], 0.2 * len(at))
    logs = np.log(np.maximum(weights, 1e-300))
    tempered = weights
    while 1.0 / np.sum(tempered**2) < enough and power > 0.02:
        power *= 0.8
        flatter = logs + (power - 1.0) * (likely - likely.max())
        tempered = np.exp(flatter - logsumexp(flatter))
    mean = tempered @ at
    away = at - mean
    spread = (away * tempered[:, None]).T @ away
    return mean, WIDER * spread * (DEGREES - 2.0) / DEGREES + 1e-4 * np.eye(at.shape[1])


def _drawn(mean: Numbers, spread: Numbers, number: int, chance: np.random.Generator) -> Numbers:
    """Return new places in normal coordinates, a tenth of them from the prior, within eight standard deviations."""
    new = np.atleast_2d(multivariate_t.rvs(mean, spread, DEGREES, size=number, random_state=chance))
    new = new.reshape(number, len(mean))
    by_prior = chance.uniform(size=number) < BY_PRIOR
    new[by_prior] = chance.standard_normal((int(by_prior.sum()), len(mean)))
    return np.asarray(np.clip(new, -5.5, 5.5))

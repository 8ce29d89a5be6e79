"""A calibration in plain words: what was learnt, what not, what was ruled out, what the facts cannot fix."""

from __future__ import annotations

from mhsim.calibration.emulator import Emulator
from mhsim.calibration.form_fit import Fit, Predicted
from mhsim.calibration.interval_coverage import Coverage
from mhsim.calibration.posterior import Learnt

MUCH = 0.6
"""Share of the prior's variance that has to be gone for a value to count as well known."""
BARELY = 0.8
"""Share of draws inside of a band from which a fact counts as met."""


def summary(fit: Fit) -> list[str]:
    """Return the findings, a sentence or a line each."""
    found = fit.posterior
    lines = [
        f"{fit.plan.form}: {len(found.parameters)} parameters sought, {len(fit.targets)} numbers held against facts, "
        f"{fit.histories:,} histories at {len(fit.rows.places):,} points and {fit.plan.checked} draws; "
        f"{len(fit.rows.failed)} points failed.",
        f"The facts rule out {_percent(fit.ruled_out)} of the ranges: some fact is more than three standard deviations "
        "away.",
    ]
    lines += [f"Out of reach, and set aside: {one.label}. No values in the ranges come near it." for one in fit.far]
    well = [name for name, one in found.parameters.items() if one.learnt >= MUCH]
    some = [name for name, one in found.parameters.items() if not one.is_weak and one.learnt < MUCH]
    lines.append(f"Well known by these facts: {', '.join(well) or 'none'}.")
    lines.append(f"Known in part: {', '.join(some) or 'none'}.")
    lines.append(f"These facts cannot fix: {', '.join(found.weak) or 'none'}.")
    pairs = sorted({(min(name, twin), max(name, twin)) for name, one in found.parameters.items() for twin in one.twins})
    lines += [
        f"Cannot be told apart: {one} and {other}; more of one is made up for by the other." for one, other in pairs
    ]
    missed = [one for one in fit.predicted if one.inside < BARELY and one.target not in fit.far]
    lines += [f"Met by {_percent(one.inside)} of the draws only: {one.target.label}, {_range(one)}." for one in missed]
    return lines + ([] if fit.coverage is None else coverage_words(fit.coverage, list(found.parameters)))


def coverage_words(coverage: Coverage, names: list[str]) -> list[str]:
    """Return whether intervals hold, in sentences."""
    truths = len(coverage.below)
    whole = float(coverage.covered().mean())
    lines = [f"On {truths} synthetic truths the 95 % intervals hold the truth in {100 * whole:.1f} % of cases."]
    for k, name in enumerate(names):
        share = coverage.interval(k)
        if share.high < 0.95 or share.low > 0.95:
            lines.append(
                f"{name}: {100 * share.value:.1f} % ({100 * share.low:.1f} to {100 * share.high:.1f}), not 95 %."
            )
    uneven = [name for name, p in zip(names, coverage.evenness(), strict=True) if p < 0.05 / len(names)]
    if uneven:
        lines.append(f"Ranks are less even than chance makes them: {', '.join(uneven)}.")
    return lines


def parameter_rows(parameters: dict[str, Learnt]) -> list[tuple[str, ...]]:
    """Return a table of parameters: address, shipped, posterior, learnt, foretold, covered, twins."""
    rows: list[tuple[str, ...]] = []
    for name, one in parameters.items():
        interval = f"{one.middle:.3g} ({one.low:.3g} to {one.high:.3g})"
        covered = "-" if one.covered != one.covered else f"{100 * one.covered:.0f} %"
        shares = (_percent(one.learnt), _percent(one.predicted), covered)
        before = f"{one.low_before:g} to {one.high_before:g}"
        rows.append((name, before, f"{one.shipped:g}", interval, *shares, ", ".join(one.twins) or "-"))
    return rows


PARAMETER_HEADS = ("parameter", "sought in", "shipped", "posterior (95 %)", "learnt", "foretold", "covered", "twins")


def fact_rows(predicted: list[Predicted]) -> list[tuple[str, ...]]:
    """Return a table of facts under the posterior: fact, what, band, range over draws, share inside."""
    return [
        ("/".join(one.target.facts), one.target.check.check, _band(one), _range(one), _percent(one.inside))
        for one in predicted
    ]


FACT_HEADS = ("fact", "what", "band", "under the posterior (95 % of draws)", "draws inside")


def emulator_rows(made: list[Emulator]) -> list[tuple[str, ...]]:
    """Return a table of emulators: what is foretold, how much of it, and how often intervals hold."""
    return [(one.target.label, _percent(one.explained), _percent(one.within)) for one in made]


EMULATOR_HEADS = ("number", "explained, each point left out", "inside its 95 % interval")


def _percent(share: float) -> str:
    return (
        "-" if share != share else f"{100 * share:.0f} %" if share < 0.995 or share == 1.0 else f"{100 * share:.1f} %"
    )


def _range(one: Predicted) -> str:
    return f"{one.middle:.3g} ({one.low:.3g} to {one.high:.3g})"


def _band(one: Predicted) -> str:
    low, high = one.target.low, one.target.high
    return f"over {low:g}" if high is None else f"under {high:g}" if low is None else f"{low:g} to {high:g}"

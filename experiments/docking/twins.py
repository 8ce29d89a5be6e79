"""What came of the three twins, as findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import contact
import enthusiasm
import numpy as np
import overload
from findings import Finding, exactly, found, printed
from scipy.optimize import isotonic_regression

from mhsim import stats
from mhsim.stats import Estimate, Numbers

TEAMS = 200
READ_OFF = (
    (4.10, 48),
    (5.76, 47),
    (7.14, 46),
    (8.45, 45),
    (10.17, 44),
    (12.34, 43),
    (14.80, 42),
    (16.81, 41),
    (19.78, 40),
)
"""Spreads at which the lines of the authors' picture of entropy meet its right edge (step 1000), and which of the 49
equal parts of the largest mean entropy each line stands for; read off to about a pixel and a half, 0.1."""
READING = 0.1
MOVES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SCENARIOS = ((1.0, 2.0, 1.0), (0.1, 18.0, 52.0 / 12.0))
"""Of limited enthusiasm in Wales, as its author tells them: g, C and D in weeks."""


def of_overload(outcomes: Sequence[overload.Outcome], runs: int = TEAMS) -> list[Finding]:
    """Return the twin's findings; an outcome for each of `overload.SIGMAS`."""
    model, team = "overload", overload.Team()
    lived = np.array([one.lived for one in outcomes])
    spread = float(np.sqrt(lived.var(axis=1, ddof=1).mean() / len(lived)))
    mean, half = float(lived.mean()), stats.NORMAL * spread / np.sqrt(lived.shape[1])
    their = stats.NORMAL * spread / np.sqrt(500)
    rows = [
        found(
            model,
            "steps lived, mean over spreads of 0 to 22",
            Estimate(mean, mean - half, mean + half, lived.size),
            **printed(
                f"{overload.PUBLISHED_STEPS:.1f} ({overload.PUBLISHED_STEPS - their:.1f} to "
                f"{overload.PUBLISHED_STEPS + their:.1f})",
                overload.PUBLISHED_STEPS - their,
                overload.PUBLISHED_STEPS + their,
            ),
        )
    ]
    for steps, number in enumerate(overload.PRINTED_ENTROPY, 1):
        each = overload.live(replace(team, sigma=0.0, steps=steps), runs, 90 + steps).entropy
        words = f"entropy after step {steps}, a run of equal members"
        rows.append(found(model, words, _range(each), **printed(f"{number:.3f}", number)))
    last = outcomes[-1]
    like_it = last.entropy[(last.failed > 0) & (last.failed < 1.5 / team.members)]
    words = "entropy at the end, a run at spread 22 that lost one of 30"
    rows.append(found(model, words, _range(like_it), **printed(f"{overload.PRINTED_END:.3f}", overload.PRINTED_END)))
    rows += _contours(outcomes)
    for sigma, one in zip(overload.SIGMAS, outcomes, strict=True):
        for what, there in (
            ("all drop out", one.failed > 0.99),
            ("some drop out", (one.failed > 0.2) & (one.failed < 0.8)),
        ):
            rows.append(found("overload curve", what, stats.share(there.astype(float)), float(sigma)))
        rows.append(found("overload curve", "members dropped out", stats.mean(one.failed), float(sigma)))
    return rows


def _range(each: Numbers) -> Estimate:
    """Return the mean of single runs with the range of 95 of 100 of them: beside it stands one published run."""
    low, high = np.quantile(each, [0.025, 0.975])
    return Estimate(float(each.mean()), float(low), float(high), len(each))


def _contours(outcomes: Sequence[overload.Outcome]) -> list[Finding]:
    """Return the spreads at which mean entropy of teams alive at the end meets the lines of the published picture.

    Means along the spreads are first made to fall (isotonic regression), since a curve that trembles meets a line too
    soon. Their picture is of 500 teams a point: it is as uncertain by chance as ours, but for that, and by reading.
    """
    alive = np.array([np.where(one.failed < 1, one.entropy, np.nan) for one in outcomes])
    drawn = np.array([isotonic_regression(curve, increasing=False).x for curve in stats.resampled_means(alive)])
    rows = []
    for sigma, part in READ_OFF:
        level = drawn[:, 0].mean() * part / 49
        places = np.array([np.interp(-level, -curve, overload.SIGMAS) for curve in drawn])
        low, high = stats.percentiles(places[1:])
        theirs = np.hypot(READING, (high - low) / 2 * np.sqrt(alive.shape[1] / 500))
        numbers = printed(f"{sigma:.1f} +- {theirs:.1f}", sigma - theirs, sigma + theirs)
        words = f"spread at which entropy falls to {level:.2f}"
        rows.append(found("overload", words, Estimate(float(places[0]), low, high, alive.size), **numbers))
    return rows


def of_enthusiasm(runs: int = 2000) -> list[Finding]:
    """Return the findings of the twin of limited enthusiasm."""
    model = "enthusiasm"
    potential = enthusiasm.implied(enthusiasm.BEFORE, enthusiasm.AFTER)
    outside, end = 1 - enthusiasm.BEFORE, 1 - enthusiasm.AFTER
    rows = [
        exactly(
            model, "reproduction potential, few enthusiasts at first", potential, **printed("just over 2", 2.0, 2.1)
        ),
        exactly(
            model,
            "threshold 1 / U; a potential of 1.915 is called too low",
            1 / outside,
            **printed("over 1.915", 1.915, 99),
        ),
    ]
    for active, brought, weeks in SCENARIOS:
        first = enthusiasm.first_enthusiasts(enthusiasm.BEFORE, enthusiasm.AFTER, brought, active)
        movement = enthusiasm.Movement(brought, active, weeks, enthusiasts=first)
        share = enthusiasm.course(movement, np.array([0.0, 52.0]))[0]
        words = f"of 100 recruits {100 * active:.0f} enthusiastic, C = {brought:.0f}, for {weeks:.1f} weeks"
        done = (share[0] - share[1]) / (outside - end)
        rows.append(
            exactly(model, f"{words}: share of the growth done in 12 months", done, **printed("the bulk", 0.5, 1.0))
        )
        rows.append(exactly(model, f"{words}: enthusiasts at first, of 1,000 people", 1000 * first))
        rows.append(exactly(model, f"{words}: R U at first", movement.reproduction * outside))
        if active == 1.0:
            real = (outside - end) / (outside - end + first)
            rows.append(exactly(model, f"{words}: people really brought in by each", real, **printed("1", 0.95, 1.05)))
    small = enthusiasm.Movement(3.0, outside=0.9, enthusiasts=2 / 3000)
    brought = enthusiasm.lots(small, 3000, 2, runs, 1)
    died = brought < 150
    closed = enthusiasm.dies_out(small, 2), small.outside - enthusiasm.left_outside(small)
    rows.append(
        found(
            model,
            "by lot, 2 enthusiasts, R U = 2.7: dies out",
            stats.share(died.astype(float)),
            **printed(f"{closed[0]:.3f}, closed form", closed[0]),
        )
    )
    rows.append(
        found(
            model,
            "by lot, the others: share brought in",
            stats.mean(brought[~died] / 3000),
            **printed(f"{closed[1]:.3f}, closed form", closed[1] - 0.002, closed[1] + 0.002),
        )
    )
    for potential in np.linspace(1.0, 4.0, 61):
        movement = enthusiasm.Movement(potential, outside=outside, enthusiasts=1e-6)
        rows.append(
            exactly(
                "enthusiasm curve",
                "share of those outside brought in",
                1 - enthusiasm.left_outside(movement) / outside,
                potential,
            )
        )
    return rows


def of_contact(runs: int = 100) -> list[Finding]:
    """Return the findings of the twin of recovery by contact."""
    model, line = "contact", contact.Line()
    each = np.array([1 / contact.half_time(contact.live(replace(line, moves=moves), 200, runs, 1)) for moves in MOVES])
    rows = [
        found("contact curve", "speed of beginning", stats.mean(row), moves)
        for moves, row in zip(MOVES, each, strict=True)
    ]
    for low, high, words, bounds in ((0.05, 0.3, "faster", (1.0, 99.0)), (0.7, 0.9, "saturated", (0.97, 1.03))):
        ratio = stats.mean(each[MOVES.index(high)] / each[MOVES.index(low)])
        what = f"speed of beginning where the chance to move is {high}, as a multiple of that at {low}"
        rows.append(found(model, what, ratio, **printed(words, *bounds)))
    bend = stats.bend_of(MOVES, each).place
    rows.append(found(model, "critical speed: chance to move at which a broken line bends", bend))
    everywhere = contact.half_time(contact.live(replace(line, everywhere=True), 60, runs, 2))
    closed = float(contact.half_time(contact.mean_field(line, 60)[None])[0])
    rows.append(
        found(
            model,
            "steps until half have begun, all meeting all",
            stats.mean(everywhere),
            **printed(f"{closed:.2f}, mean field", closed - 0.05, closed + 0.05),
        )
    )
    for moves in (0.05, 0.8):
        mixed = contact.Line(moves=moves, drinking=0.5, stopped=0.5, stops=0.06, relapses=0.03)
        rest = contact.live(mixed, 600, runs // 2, 3)[:, 150:].mean(axis=1)
        ratio = stats.mean(rest[:, contact.STOPPED] / rest[:, contact.DRINKS])
        rows.append(
            found(
                model,
                f"stopped for each who drinks, at rest, chance to move {moves}",
                ratio,
                **printed("2, closed form", 1.98, 2.02),
            )
        )
    return rows

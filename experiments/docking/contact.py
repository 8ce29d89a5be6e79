"""Recovery by contact: whoever drinks draws others in, and whoever has stopped draws drinkers out.

A twin of Gorman, Mezic, Mezic and Gruenewald (2006), Agent-based modeling of drinking behavior, American Journal of
Public Health 96(11), 2055-2060, written from the rules of its figure 1 and its abstract. People stand on a line of
sites; with s, d and r people at a site who never drank, who drink and who have stopped, of t = s + d + r, each in one
step, for all at once,

    never drank    begins with chance      d / t
    drinks         stops with chance       r / t + stops
    has stopped    begins again, chance    d / t + relapses

and then goes one site to the left or to the right with chance `moves`, half of it each way (the line is closed to a
ring here, so that nobody stands at an end).

Where everybody can meet everybody (each stands at a site drawn anew in each step), the mean field is

    s' = s (1 - c d)        d' = d + c s d - d (c r + stops) + r (c d + relapses)        r' = 1 - s' - d'

where ``c = 1 - (1 - exp(-m)) / m``, with m people a site, is what is left of contact as one counts among them oneself.
Meeting those who stopped draws out of drinking exactly as many, c r d, as meeting drinkers draws back in. So at rest,
whatever the first numbers, ``r / d = stops / relapses``: contact has no say in it. Without `stops` and `relapses` r
stays as it is, and in small steps s follows a logistic curve, with k = s_0 + d_0:

    s(t) = k s_0 / (s_0 + d_0 exp(c k t))
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
NEVER, DRINKS, STOPPED = 0, 1, 2


@dataclass(frozen=True)
class Line:
    """What is assumed of a line of people; no value is the paper's, whose values are not told in what can be read.

    Attributes
    ----------
    moves : float
        Chance to go to a neighbouring site in a step; `everywhere` puts everybody anywhere instead.
    drinking, stopped : float
        First shares of the people.
    """

    sites: int = 100
    people: int = 1000
    moves: float = 0.5
    everywhere: bool = False
    drinking: float = 0.02
    stopped: float = 0.0
    stops: float = 0.0
    relapses: float = 0.0


def live(line: Line, steps: int, runs: int, seed: int) -> Numbers:
    """Return the shares who never drank, drink and have stopped, shape (runs, steps + 1, 3)."""
    luck = np.random.default_rng(seed)
    size = (runs, line.people)
    place = luck.integers(line.sites, size=size)
    state = np.full(size, NEVER)
    drinking, stopped = round(line.drinking * line.people), round(line.stopped * line.people)
    state[:, :drinking] = DRINKS
    state[:, drinking : drinking + stopped] = STOPPED
    found = np.empty((runs, steps + 1, 3))
    found[:, 0] = _shares(state)
    for step in range(1, steps + 1):
        _meet(line, luck, place, state)
        found[:, step] = _shares(state)
        if line.everywhere:
            place = luck.integers(line.sites, size=size)
        else:
            goes = luck.random(size)
            place = (place + np.where(goes < line.moves / 2, -1, np.where(goes < line.moves, 1, 0))) % line.sites
    return found


def _meet(line: Line, luck: np.random.Generator, place: NDArray[np.intp], state: NDArray[np.intp]) -> None:
    """Let people at each site draw one another in and out of drinking, all at once."""
    runs = len(state)
    at = place + line.sites * np.arange(runs)[:, None]
    length = runs * line.sites
    here = np.bincount(at.ravel(), minlength=length)
    drink = (np.bincount(at.ravel(), weights=(state == DRINKS).ravel(), minlength=length) / np.maximum(here, 1))[at]
    stopped = (np.bincount(at.ravel(), weights=(state == STOPPED).ravel(), minlength=length) / np.maximum(here, 1))[at]
    chance = np.choose(state, [drink, stopped + line.stops, drink + line.relapses])
    turns = luck.random(state.shape) < chance
    state[:] = np.where(turns, np.choose(state, [DRINKS, STOPPED, DRINKS]), state)


def _shares(state: NDArray[np.intp]) -> Numbers:
    return np.stack([(state == kind).mean(axis=1) for kind in (NEVER, DRINKS, STOPPED)], axis=1)


def contact(line: Line) -> float:
    """Return the share of a site's people, on average, who are not oneself, where people stand by chance."""
    crowd = line.people / line.sites
    return float(1.0 - (1.0 - np.exp(-crowd)) / crowd)


def mean_field(line: Line, steps: int) -> Numbers:
    """Return the three shares where everybody meets everybody, shape (steps + 1, 3)."""
    never, drinking, stopped = 1.0 - line.drinking - line.stopped, line.drinking, line.stopped
    found = [(never, drinking, stopped)]
    meets = contact(line)
    for _ in range(steps):
        begin = meets * never * drinking
        stop = drinking * (meets * stopped + line.stops)
        again = stopped * (meets * drinking + line.relapses)
        never, drinking, stopped = never - begin, drinking + begin - stop + again, stopped + stop - again
        found.append((never, drinking, stopped))
    return np.array(found)


def half_time(shares: Numbers) -> Numbers:
    """Return the step at which half of those who never drank have begun, run by run; NaN where they have not."""
    never = shares[..., NEVER]
    below = never <= never[..., :1] / 2
    first = below.argmax(axis=-1).astype(float)
    before = np.maximum(first - 1, 0).astype(int)
    high = np.take_along_axis(never, before[..., None], -1)[..., 0]
    low = np.take_along_axis(never, first[..., None].astype(int), -1)[..., 0]
    part = np.divide(high - never[..., 0] / 2, high - low, out=np.zeros_like(high), where=high > low)
    return np.where(below.any(axis=-1), before + part, np.nan)


def logistic(line: Line, steps: Numbers) -> Numbers:
    """Return the closed form of the share who never drank, in small steps and without `stops` and `relapses`."""
    never = 1.0 - line.drinking - line.stopped
    both = never + line.drinking
    return both * never / (never + line.drinking * np.exp(contact(line) * both * steps))

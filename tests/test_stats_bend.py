"""Where a rise levels off: places that are known, places that cannot be told, and none."""

import numpy as np
import pytest

from mhsim.stats import bend_of

PLACES = (0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


def rows(chances: list[float], replicates: int = 400) -> np.ndarray:
    """Return yes and no by chances, the same luck in all rows."""
    luck = np.random.default_rng(8).random(replicates)
    return (luck < np.array(chances)[:, None]).astype(float)


@pytest.mark.parametrize("place", [1.0, 2.0, 2.5, 4.0])
def test_a_place_that_is_known_is_found(place: float) -> None:
    """Chances that rise in a line up to a place and are flat beyond have their bend there."""
    found = bend_of(PLACES, rows([0.1 + 0.2 * min(k, place) for k in PLACES]))
    assert found.place.value == pytest.approx(place, abs=0.15)
    assert found.place.low <= place <= found.place.high
    assert found.inside
    assert found.level == pytest.approx(0.1 + 0.2 * place, abs=0.05)


def test_a_rise_that_does_not_end_has_no_place_inside() -> None:
    """Where survival rises to the last number tried, the page may not say that it levels off."""
    found = bend_of(PLACES, rows([0.05 + 0.14 * k for k in PLACES]))
    assert not found.inside
    assert found.place.high == pytest.approx(6.0)


def test_fewer_runs_tell_less_of_the_place() -> None:
    """The interval is that of the runs: a tenth of them leaves it wider."""
    chances = [0.2 + 0.1 * min(k, 3.0) for k in PLACES]
    many, few = (bend_of(PLACES, rows(chances, n)).place for n in (1000, 40))
    assert few.high - few.low > many.high - many.low


def test_nothing_is_said_without_runs_or_with_two_places() -> None:
    """Two places have no bend between them, and no runs have none at all."""
    assert not bend_of(PLACES, np.full((7, 5), np.nan)).place.known
    assert not bend_of(PLACES[:2], rows([0.2, 0.8])).place.known

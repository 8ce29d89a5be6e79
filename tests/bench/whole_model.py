"""The whole model, engine against the plain-Mesa twin, at about 1,000 and 20,000 people.

The twin runs on the standard library's random numbers and keeps no log. It is given one thing besides: where the twin
of `tests/verify`, which is written to be read, looks through everybody's ties when a person goes, this one looks
through that person's. Person-weeks of each are counted, since the luck is not the same.
"""

from __future__ import annotations

from collections.abc import Callable

from twin_draws import PlainDraws
from twin_model import TwinModel
from twin_people import TwinPerson

from bench.figures import Figure, Measured, least_of, median_of
from bench.peers.mesa_week import let_go
from bench.timing import Effort, cpu_seconds
from bench.worlds import still_town
from mhsim.engine import run_world
from mhsim.scenario import Scenario

SIZES = (1_000, 20_000)
STEPS_TOGETHER = 13


def against(size: int) -> str:
    """Return the name of the figure of one size."""
    return f"whole model, engine against plain Mesa, about {size:,} people"


def speed(size: int) -> str:
    """Return the name of the figure of the engine's own speed at one size."""
    return f"whole model, engine, about {size:,} people"


FIGURES = (
    *(Figure(against(size), "times", at_least=30.0) for size in SIZES),
    *(Figure(speed(size), "ns a person-week") for size in SIZES),
)


class QuickTwin(TwinModel):
    """The twin with a quicker end of ties, and a count of person-weeks."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario, PlainDraws(1), keep_events=False)
        self.person_weeks = 0

    def step(self) -> None:
        """Run one step and count who lived it."""
        super().step()
        self.person_weeks += sum(community.people for community in self.communities)

    def bury(self, person: TwinPerson) -> None:
        """Take somebody out of the world; ties of those tied to him lapse."""
        for tie in person.ties.values():
            others = tie.other.ties
            for place in [place for place, back in others.items() if back.other is person]:
                del others[place]
        person.community.everybody.remove(person)
        self.gone.append(person)
        person.remove()


def measure(effort: Effort) -> dict[str, Measured]:
    """Return the figures of both sizes, of the small one alone where less than everything is asked for."""
    weeks = 1 if effort.name == "tiny" else 13
    found = race(SIZES[0], still_town(SIZES[0], weeks), effort.rounds)
    return found | race(SIZES[1], still_town(SIZES[1], weeks), 1) if effort.long else found


def race(size: int, scenario: Scenario, rounds: int) -> dict[str, Measured]:
    """Return the ratio at one size and the engine's nanoseconds.

    The twin goes some steps at a time and the engine runs its whole history between, so that both see the machine in
    the same moods; the twin's time is summed in units of the engine's.
    """
    ratios, own = [], []
    steps = float(run_world(scenario, 1).tally["person_steps"][0])
    for _ in range(rounds):
        twin = QuickTwin(scenario)
        units: list[float] = []
        while twin.now < twin.end:
            until = min(twin.end, twin.now + STEPS_TOGETHER)
            slow = cpu_seconds(advance(twin, until))
            fast = min(cpu_seconds(lambda: run_world(scenario, 1)) for _ in range(2))
            units.append(slow / fast)
            own.append(1e9 * fast / steps)
        ratios.append(sum(units) * steps / twin.person_weeks)
        let_go(twin)
    return {against(size): median_of(ratios), speed(size): least_of(own)}


def advance(twin: QuickTwin, until: int) -> Callable[[], None]:
    """Return a call that takes the twin to a step."""

    def go() -> None:
        while twin.now < until:
            twin.step()

    return go

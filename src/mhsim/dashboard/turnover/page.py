"""The page Turnover: two situations side by side with the same chance events, answered while a slider moves."""

from __future__ import annotations

from collections.abc import Callable
from secrets import randbelow

import solara

from mhsim.dashboard.describe import differing, in_common
from mhsim.dashboard.elements import Button, PageLink, element, link, trusted, words
from mhsim.dashboard.scenario_state import Situation, form_named
from mhsim.dashboard.turnover import question
from mhsim.dashboard.turnover.answer import Answering, differing_list
from mhsim.dashboard.turnover.ask import VIEW, Ask
from mhsim.dashboard.turnover.sliders import (
    EXAMPLES,
    fields_of,
    loss_of,
    opening,
    same_seed,
    with_input,
    with_input_in_both,
    with_loss,
)
from mhsim.dashboard.turnover.stories import OneRun, Stories
from mhsim.dashboard.turnover.wording import TITLES
from mhsim.dashboard.url_state import address_of
from mhsim.dashboard.visit import Visit, use_visit
from mhsim.dashboard.widgets.fields import Fields, InputField, field_of
from mhsim.errors import InputError
from mhsim.scenario import Value
from mhsim.scenario_io.loader import shipped

Two = tuple[Situation, Situation]
LEAD = (
    "A is the group today; B is your what-if. Both face the same random events: the same people need help in the same "
    "weeks. Move a slider of B and see what follows in 200 runs."
)

CHOSEN = (
    "This is the first of the 200 pairs, with a random seed chosen so that A and B end differently. With another seed "
    "they may not. Press Try another run and see."
)


def two_of(visit: Visit, named: bool) -> Two:
    """Return the two situations of an address, with one seed; the page's own example if it names no type."""
    if not named and visit.address.first == visit.address.second == Situation() and not visit.wrong:
        return opening()
    return same_seed(visit.address.first, visit.address.second)


@solara.component  # type: ignore[untyped-decorator]
def Turnover() -> None:  # noqa: N802
    """Show the page."""
    visit = use_visit()
    element("h1", "What does the coming and going of helpers do to a group?")
    words(visit.wrong, class_="wrong if-any", role="alert")
    named = "form=" in (solara.use_router().search or "")
    two = two_of(visit, named)
    view = visit.address.other("view") or None
    if view == VIEW:
        asked = asked_about(visit, named)
        Views(asked, True)
        Ask(visit, asked)
        return
    Views(two[0], False)
    Compare(visit, two, view)


def asked_about(visit: Visit, named: bool) -> Situation:
    """Return the situation of a question; the page's own where the address names no type of group."""
    if not named and visit.address.first == Situation() and not visit.wrong:
        return question.opening()
    return visit.address.first


@solara.component  # type: ignore[untyped-decorator]
def Views(first: Situation, asking: bool) -> None:  # noqa: N802
    """Show the way between the two parts of the page."""
    lost = loss_of(first)[0] > 0
    compare, ask = "/turnover", f"/turnover?view={VIEW}"
    if lost:
        ask = f"/turnover?{address_of(first, None, {'view': VIEW}).query()}"
        compare = f"/turnover?{address_of(with_loss(first, 0, 0), first).query()}"
    with element("p", class_="turnover-views"):
        PageLink("Compare two situations", compare, look="turnover-view", current=not asking)
        PageLink("Some helpers stop soon: what can be done?", ask, look="turnover-view", current=asking)


@solara.component  # type: ignore[untyped-decorator]
def Compare(visit: Visit, two: Two, view: str | None) -> None:  # noqa: N802
    """Show two situations side by side."""

    def go(first: Situation, second: Situation) -> None:
        visit.go(address_of(first, second, {"view": view}))

    def life(which: int, person: str) -> None:
        visit.go(address_of(two[which], None, {"person": person}), "/explore")

    week = solara.use_memo(visit.address.week, [])
    words(LEAD)
    if view == "story":
        OneRun(two[0].scenario(), two[1].scenario())
    Examples(two, go)
    Bench(two, go)
    Stories(two[0].scenario(), two[1].scenario(), CHOSEN if two == opening() else "", week, life)
    Documents(two)


@solara.component  # type: ignore[untyped-decorator]
def Examples(two: Two, go: Callable[[Situation, Situation], None]) -> None:  # noqa: N802
    """Show ready-made pairs, as buttons."""
    form, seed = two[0].form, int(two[0].value("seed"))
    ready = solara.use_memo(lambda: [example.situations(form, seed) for example in EXAMPLES], [form, seed])
    with element("div", class_="turnover-examples", role="group", aria_label="Examples"):
        words("Examples:", "span", class_="quiet")
        for example, there in zip(EXAMPLES, ready, strict=True):
            Button(example.label, lambda there=there: go(*there), look="quiet", pressed=there == two)


@solara.component  # type: ignore[untyped-decorator]
def Bench(two: Two, go: Callable[[Situation, Situation], None]) -> None:  # noqa: N802
    """Show the controls beside the answer; a slider that moves changes the answer, let go it changes the address."""
    passing, set_passing = solara.use_state(None, key="passing")
    wrong, set_wrong = solara.use_state("", key="wrong")
    first, second = two

    def attempt(final: bool, make: Callable[[], Two]) -> None:
        try:
            there = make()
        except InputError as error:
            set_wrong(str(error))
            return
        set_wrong("")
        set_passing((two, there))
        if final:
            go(*there)

    def for_b(name: str, shown: Value, final: bool) -> None:
        attempt(final, lambda: (first, with_input(second, name, shown)))

    def for_a(name: str, shown: Value, final: bool) -> None:
        attempt(final, lambda: with_input_in_both(first, second, name, shown))

    def for_both(name: str, shown: Value, final: bool) -> None:
        if final:
            attempt(final, lambda: for_both_of(two, name, shown))

    for_each = solara.use_memo(lambda: [fields_of(situation) for situation in two], [two])
    shown = passing[1] if passing is not None and passing[0] == two else two
    with element("div", class_="turnover-bench"):
        with element("div", class_="turnover-controls"):
            words(wrong, class_="wrong if-any", role="alert")
            Fields(for_each[1], for_b, legend=TITLES[1], look="for-b")
            with element("details", class_="card turnover-a"):
                words(TITLES[0], "summary")
                Fields(for_each[0], for_a, legend=TITLES[0], look="for-a",
                       about="Where B is the same as A, it follows.")  # fmt: skip
            Fields(common_fields(first), for_both, legend="The same in both")
            Button("Try another run", lambda: for_both("seed", randbelow(1_000_000), True))
        with element("div", class_="turnover-answers"):
            Differing(shown)
            words(in_common(shown[0].scenario(), shown[1].scenario()), class_="quiet turnover-shared")
            Answering(shown[0].scenario(), shown[1].scenario())


@solara.component  # type: ignore[untyped-decorator]
def Differing(two: Two) -> None:  # noqa: N802
    """Show in what the two situations differ."""
    rows = differing(two[0].scenario(), two[1].scenario())
    if not rows:
        words("A and B are the same. Move a slider of B, or choose an example.", class_="note")
        return
    trusted(differing_list(rows))


@solara.component  # type: ignore[untyped-decorator]
def Documents(two: Two) -> None:  # noqa: N802
    """Show the ways out: the handout, the table, the scenarios, the page Explore."""
    query = address_of(*two).query()
    words("Download", "h2")
    with element("p", class_="turnover-documents"):
        link("Handout, one page to print", f"/handout?{query}", target="_blank", rel="noopener", class_="button-like")
        link("Table (CSV)", f"/get/turnover.csv?{query}")
        link("Scenario of A (YAML)", f"/get/scenario.yaml?{query}")
        link("Scenario of B (YAML)", f"/get/scenario.yaml?{query}&view=b")
        link("Open A in Explore", f"/explore?{address_of(two[0]).query()}")
        link("Open B in Explore", f"/explore?{address_of(two[1]).query()}")


def common_fields(situation: Situation) -> list[InputField]:
    """Return the inputs that A and B have in common: the type of group and the random seed."""
    forms = tuple((name, form_named(name).title) for name in shipped())
    return [InputField("form", "Type of group", "choice", situation.form, choices=forms), field_of("seed", situation)]


def for_both_of(two: Two, name: str, shown: Value) -> Two:
    """Return both situations after an input that they have in common was set; another form keeps what B differs in."""
    first, second = two
    if name == "seed":
        return first.with_value("seed", int(shown)), second.with_value("seed", int(shown))
    other = Situation(str(shown)).with_value("seed", first.value("seed"))
    own = {path: value for path, value in second.settings if first.value(path) != value}
    return other, Situation(str(shown), (), second.changes).with_values({"seed": first.value("seed"), **own})

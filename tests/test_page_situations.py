"""Situations and addresses in a page: it assumes what `mhsim run` assumes, and refuses with the same words."""

from __future__ import annotations

from typing import Any

import pytest

from mhsim.dashboard.scenario_state import form_paths, paths
from mhsim.dashboard.url_state import read_address
from mhsim.errors import InputError
from mhsim.scenario import Change, Scenario
from mhsim.studies.points import value_at
from page_cases import addresses
from page_modules import asked_in_node

WRONG = (
    *("form=bass", "sed=3", "serve.turnover_per_year=often", "serve.turnover_per_year=99", "weeks=0", "weeks=1.000"),
    *("change=3", "change=3:serve.nothing=1", "change=3:start.members=5", "change=9999:serve.again=1", "form=bass&x=1"),
    *("change=3:lose_busiest_helpers=-1", "change=x:serve.again=1", "change=2.5:serve.again=1", "change=3:leave=true"),
    *("start.members=2", "community.arrivals_per_week=5000", "b.serve.again=2", "x" * 30_000, "rules.mine=1"),
    *("weeks_per_step=2", "weeks_per_step=x", "start.kind=new", "start.kind=3", "bond.sponsors=2", "seed=1.5"),
    *("seed=9007199254740993", "seed=1e400", "serve.again=.nan", "title=" + "x" * 201, "serve=3", "serve.agein=1"),
    *("weeks=3600&weeks_per_step=0.5", "start.apprentices=14", "start.helpers=6&start.apprentices=11", "focal=3"),
    *("form=town&focal=nobody", "form=two_forms_compete&start.groups=3", "form=two_forms_compete&forms.x.groups=1"),
    *("form=two_forms_compete&forms.online.start.helpers=30", "form=two_forms_compete&forms.online.groups=98"),
    *("form=two_forms_compete&change=3:forms.online.groups=2", "change=600:serve.again=1", "change=3:forms.a.b=1"),
    *("change=3:harms=x", "change=4:start=1", "change=4:forms=1", "change=4:rules.a=1", "change=4:changes=1"),
    *("change=3:turnover_per_year=1", "change=3:serve.turnover=1", "change=3:serve=", "b.form=bass", "seed=%ff&a=%"),
    *("community.arrivals_per_week=31&weeks=3600", "change=5:serve.again=on", "change=7:forms.online.serve.again=0.5"),
    *("form=two_forms_compete&change=7:forms.online.leave.propensity_sd=0.5", "change=7:community.stigma=2"),
    *("help.supervision=0.5", "b.govern.breach_cost=0", "change=3:leave.conflict_hazard=1", "prepare.record=1"),
    *("leave.sponsor_holds=1", "change=3:help.sponsor_calls=1", "change=3:leave.turnover_per_year=1"),
)


def _plain(change: Change) -> dict[str, Any]:
    return change.model_dump()


def _values(scenario: Scenario) -> dict[str, Any]:
    return {path: value_at(scenario, path) for path in (*paths(), *form_paths(scenario))}


def _said(query: str) -> dict[str, Any]:
    """Return what Python makes of an address, as a page's modules would say it."""
    try:
        address = read_address(query)
        sides = (address.first, address.second)
        values = [_values(one.scenario()) for one in sides]
    except InputError as error:
        return {"refused": str(error)}
    first, second = (
        {"form": one.form, "settings": dict(one.settings), "changes": [*map(_plain, one.changes)]} for one in sides
    )
    query = address.with_others().query()
    return {"query": query, "first": first, "second": second, "values": values}


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What a page makes of every address."""
    asked = [*WRONG, *addresses()]
    return dict(zip(asked, asked_in_node("addresses", asked), strict=True))


def test_a_page_reads_and_writes_addresses_as_python_does(answers: dict[str, Any]) -> None:
    """A link must show the same history wherever it is opened, or two readers speak of different worlds."""
    right = [query for query in answers if query not in WRONG]
    assert {query: answers[query] for query in right} == {query: _said(query) for query in right}
    assert all("refused" not in answers[query] for query in right)


@pytest.mark.parametrize("query", WRONG)
def test_a_page_refuses_with_the_line_that_python_gives(answers: dict[str, Any], query: str) -> None:
    assert answers[query] == _said(query)

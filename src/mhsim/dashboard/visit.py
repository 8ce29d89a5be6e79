"""What the page Results knows of its visitor: the address, and how to go to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import solara

from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import Address, address_of, read_address
from mhsim.errors import InputError

NOT_USED = "Nothing of this address was used."


@dataclass(frozen=True)
class Visit:
    """The address a visitor is at.

    Attributes
    ----------
    address : Address
        What the query says; the plain form where the query is wrong.
    wrong : str
        What is wrong with the query, in one line; empty if nothing is.
    go : callable
        Goes to another address of the page; the browser's Back comes back from it.
    """

    address: Address
    wrong: str
    go: Callable[[Address], None]


def use_visit() -> Visit:
    """Return where the visitor is; the component is drawn again when that changes."""
    router = solara.use_router()
    wrong = ""
    try:
        address = read_address(router.search or "")
    except InputError as error:
        wrong, address = f"{error}. {NOT_USED}", address_of(Situation())
    return Visit(address, wrong, lambda to: router.push(f"/{router.path.strip('/')}?{to.query()}"))

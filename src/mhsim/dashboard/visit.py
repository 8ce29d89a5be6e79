"""What a page knows of its visitor: the address, how to go to another, and the way back from other threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import solara
from solara.server import kernel_context

from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.url_state import Address, address_of, read_address
from mhsim.errors import InputError

Result = TypeVar("Result")


def to_visitor(take: Callable[[Result], None]) -> Callable[[Result], None]:
    """Return a function that any thread may call, and that acts for the visitor whose page is drawn now.

    Once the visitor has gone it does nothing.
    """
    if not kernel_context.has_current_context():
        return take
    context = kernel_context.get_current_context()

    def hand_over(result: Result) -> None:
        if not context.closed_event.is_set():
            with context:
                take(result)

    return hand_over


NOT_USED = "Nothing of this address was used; shown is the plain form."


@dataclass(frozen=True)
class Visit:
    """The address a visitor is at.

    Attributes
    ----------
    path : str
        The page, such as "/explore".
    address : Address
        What the query says; the plain form where the query is wrong.
    wrong : str
        What is wrong with the query, in one line; empty if nothing is.
    go : callable
        Goes to an address, on the same page unless another is named; the browser's Back comes back from it.
    """

    path: str
    address: Address
    wrong: str
    go: Callable[..., None]

    def to(self, page: str, **others: str | float | None) -> str:
        """Return the link to another page with the same situations."""
        kept = address_of(self.address.first, self.address.second, others)
        return f"{page}?{kept.query()}"


def use_visit() -> Visit:
    """Return where the visitor is; the component is drawn again when that changes."""
    router = solara.use_router()
    path = "/" + router.path.strip("/")
    wrong = ""
    try:
        address = read_address(router.search or "")
    except InputError as error:
        wrong, address = f"{error}. {NOT_USED}", address_of(Situation())

    def go(to: Address, page: str | None = None) -> None:
        router.push(f"{page or path}?{to.query()}")

    return Visit(path, address, wrong, go)

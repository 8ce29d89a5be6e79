"""Documents that an address describes: they are plain links, made when asked for and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mhsim.dashboard.address import Address, read_address
from mhsim.errors import InputError
from mhsim.writing import scenario_text

Maker = Callable[[Address], Response]


def documents() -> list[Route]:
    """Return the routes of all documents."""
    from mhsim.dashboard.turnover.papers import papers

    return [Route("/get/scenario.yaml", endpoint=made(scenario_file)), *papers()]


def made(maker: Maker) -> Callable[[Request], Response]:
    """Return the endpoint that reads the address and makes a document of it; wrong input gives one line and 400."""

    def endpoint(request: Request) -> Response:
        try:
            return maker(read_address(request.url.query))
        except InputError as error:
            return PlainTextResponse(f"{error}\n", status_code=400)

    return endpoint


def attachment(content: str | bytes, name: str, kind: str) -> Response:
    """Return a file that the browser saves under a name."""
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def scenario_file(address: Address) -> Response:
    """Return the scenario as YAML that `mhsim run` repeats bit for bit; ``view=b`` asks for the second one."""
    second = address.other("view") == "b"
    scenario = (address.second if second else address.first).scenario()
    name = f"{scenario.form}-seed-{scenario.seed}{'-b' if second else ''}.yaml"
    return attachment(scenario_text(scenario), name, "application/yaml; charset=utf-8")

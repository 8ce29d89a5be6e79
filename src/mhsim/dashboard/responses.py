"""Documents as responses: made of the address when asked for, refused in one line where that is wrong."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mhsim.dashboard.url_state import Address, read_address
from mhsim.errors import InputError

Maker = Callable[[Address], Response]


def endpoint_of(maker: Maker) -> Callable[[Request], Response]:
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

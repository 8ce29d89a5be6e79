"""Documents as responses: made of the address when asked for, refused in one line where that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from mhsim.dashboard.url_state import Address, read_address
from mhsim.errors import InputError, one_line
from mhsim.safe_files import UNREADABLE

Maker = Callable[[Address], Response]


def endpoint_of(maker: Maker) -> Callable[[Request], Response]:
    """Return the endpoint that reads the address and makes a document of it; see `refused_in_words`."""
    return refused_in_words(lambda request: maker(read_address(request.url.query)))


def refused_in_words(endpoint: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Return an endpoint that answers wrong input with one line and 400, and files that cannot be read with 422."""

    def guarded(request: Request) -> Response:
        try:
            return endpoint(request)
        except InputError as error:
            return PlainTextResponse(f"{error}\n", status_code=400)
        except (*UNREADABLE, AttributeError, StopIteration, pa.ArrowException) as problem:
            said = one_line(f"what is asked for cannot be made of these files: {type(problem).__name__}: {problem}")
            return PlainTextResponse(f"{said}\n", status_code=422)

    return guarded


def attachment(content: str | bytes, name: str, kind: str) -> Response:
    """Return a file that the browser saves under a name; signs that a name cannot have everywhere become hyphens."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "mhsim"
    headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)

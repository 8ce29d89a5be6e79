"""Documents that an address describes: they are plain links, made when asked for and kept nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from mhsim.dashboard.results.downloads import routes as of_results
from mhsim.dashboard.url_state import Address, read_address
from mhsim.errors import InputError
from mhsim.scenario import parameter_rows
from mhsim.scenario_io.writer import scenario_text

Maker = Callable[[Address], Response]
TABLES = ("series", "lives", "groups", "events")
KINDS = ("csv", "parquet")
COLUMNS = ("default", "low", "high", "unit", "meaning", "source")


def documents() -> list[Route]:
    """Return the routes of all documents."""
    from mhsim.dashboard.turnover.exports import papers

    tables = [Route(f"/get/{name}.{kind}", endpoint=made(table_of(name, kind))) for name in TABLES for kind in KINDS]
    return [
        Route("/get/scenario.yaml", endpoint=made(scenario_file)),
        Route("/get/parameters.html", endpoint=made(lambda _address: parameters_page())),
        *tables,
        *papers(),
        *of_results(),
    ]


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


def table_of(name: str, kind: str) -> Maker:
    """Return the maker of one table of the history shown: CSV, or Parquet."""

    def maker(address: Address) -> Response:
        from mhsim.dashboard.replay.cache import recording_of

        situation = address.second if address.other("view") == "b" else address.first
        scenario = situation.scenario()
        table = getattr(recording_of(scenario).run, name)
        content = io.BytesIO()
        if kind == "csv":
            from pyarrow import csv

            csv.write_csv(table, content)
        else:
            from pyarrow import parquet

            parquet.write_table(table, content)
        media = "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.apache.parquet"
        return attachment(content.getvalue(), f"{scenario.form}-seed-{scenario.seed}-{name}.{kind}", media)

    return maker


def parameters_page() -> Response:
    """Return every parameter with its value, range, meaning and source, as a page."""
    found = parameter_rows()
    assumed = sum("assumed" in str(row["source"]) for row in found)
    body = "".join(
        "<tr>"
        + f'<th scope="row"><code>{escape(str(row["path"]))}</code></th>'
        + "".join(
            f"<td>{escape(_shown(row[key]))}</td>" for key in ("default", "low", "high", "unit", "meaning", "source")
        )
        + "</tr>"
        for row in found
    )
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Parameter", "Value in base", "From", "To", "Unit", "Meaning", "Source")
    )
    return HTMLResponse(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Every parameter – mhsim</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" type="image/svg+xml" href="/mhsim/icon.svg">'
        '<link rel="stylesheet" href="/mhsim/style.css"><script src="/mhsim/theme.js"></script></head>'
        '<body class="v-application"><main class="frame"><h1>Every parameter with its source</h1>'
        f"<p>{len(found)} parameters; {assumed} of them are assumed, wholly or in part, and say so. Codes such as V51 "
        "and E57 are those of the evidence and of the elements of theory in the documentation.</p>"
        f'<div class="scroll" tabindex="0"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
        "</main></body></html>"
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)

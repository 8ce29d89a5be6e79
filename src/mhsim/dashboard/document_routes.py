"""Documents that an address describes: they are plain links, made when asked for and not saved anywhere."""

from __future__ import annotations

import io
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from mhsim.dashboard.access import ROOT
from mhsim.dashboard.elements import document
from mhsim.dashboard.evidence_page import evidence_html
from mhsim.dashboard.responses import Maker, attachment, endpoint_of
from mhsim.dashboard.results.downloads import routes as of_results
from mhsim.dashboard.url_state import Address
from mhsim.outcomes.simulate import simulate
from mhsim.scenario import parameter_rows
from mhsim.scenario_io.writer import scenario_text

TABLES = ("series", "lives", "groups", "events")
KINDS = ("csv", "parquet")
MOVED = ("/handout", "/get/turnover.csv")
"""Documents that the page Turnover makes itself; their old addresses lead there."""
COLUMNS = ("default", "low", "high", "unit", "meaning", "source")


def documents() -> list[Route]:
    """Return the routes of all documents."""
    tables = [
        Route(f"/get/{name}.{kind}", endpoint=endpoint_of(table_of(name, kind))) for name in TABLES for kind in KINDS
    ]
    return [
        Route("/get/scenario.yaml", endpoint=endpoint_of(scenario_file)),
        Route("/get/parameters.html", endpoint=endpoint_of(lambda _address: parameters_page())),
        Route("/get/evidence.html", endpoint=endpoint_of(lambda _address: HTMLResponse(evidence_html()))),
        *tables,
        *(Route(path, endpoint=lives_in_the_page) for path in MOVED),
        *of_results(),
    ]


def lives_in_the_page(request: Request) -> Response:
    """Lead to the page Turnover of the same address, where handout and table are now."""
    return RedirectResponse(f"{request.scope[ROOT]}/turnover?{request.url.query}".rstrip("?"))


def scenario_file(address: Address) -> Response:
    """Return the scenario as YAML that `mhsim run` repeats bit for bit; ``view=b`` asks for the second one."""
    second = address.other("view") == "b"
    scenario = (address.second if second else address.first).scenario()
    name = f"{scenario.form}-seed-{scenario.seed}{'-b' if second else ''}.yaml"
    return attachment(scenario_text(scenario), name, "application/yaml; charset=utf-8")


def table_of(name: str, kind: str) -> Maker:
    """Return the maker of one table of the history shown, replicate 0, simulated now: CSV, or Parquet."""

    def maker(address: Address) -> Response:
        situation = address.second if address.other("view") == "b" else address.first
        scenario = situation.scenario()
        table = getattr(simulate(scenario, 0, record="story"), name)
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
        f'<tr id="{escape(str(row["path"]))}">'
        + f'<th scope="row"><code>{escape(str(row["path"]))}</code></th>'
        + "".join(f"<td>{escape(_shown(row[key]))}</td>" for key in COLUMNS)
        + "</tr>"
        for row in found
    )
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("Parameter", "Value in base", "From", "To", "Unit", "Meaning", "Source")
    )
    return HTMLResponse(
        document(
            "Every parameter with its source",
            f"<p>{len(found)} parameters; {assumed} of them are assumed, wholly or in part, and say so. Codes "
            'such as V51 and E57 are explained in the <a href="evidence.html">evidence</a>.</p><div class="scroll">'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>",
        )
    )


def _shown(value: object) -> str:
    return "" if value is None else str(value)

"""What the page offers for download: the table as CSV, and the handout."""

from __future__ import annotations

import csv
from io import StringIO
from math import isnan

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mhsim.dashboard.histories import statistics
from mhsim.dashboard.responses import attachment, endpoint_of
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.handout import handout
from mhsim.dashboard.turnover.queries import Pair, answered
from mhsim.dashboard.turnover.sliders import same_seed
from mhsim.dashboard.turnover.wording import meaning, reason_rows
from mhsim.dashboard.url_state import Address, address_of
from mhsim.stats import Estimate

LONGEST = 60.0
"""Seconds that a document waits for runs; after that it is made of those there are, and says how many."""


def routes() -> list[Route]:
    """Return the routes of the documents of this page."""
    return [Route("/get/turnover.csv", endpoint=endpoint_of(table)), Route("/handout", endpoint=endpoint_of(page))]


def page(address: Address) -> Response:
    """Return the handout of an address."""
    first, second = _two(address)
    pair = answered(first.scenario(), second.scenario(), LONGEST)
    return HTMLResponse(handout(pair, address_of(first, second).query()))


def table(address: Address) -> Response:
    """Return everything the page counts, one row each: what, unit, A, B and the difference, with their intervals."""
    first, second = _two(address)
    pair = answered(first.scenario(), second.scenario(), LONGEST)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    edges = ("", "_low", "_high")
    head = [f"{who}{edge}" for who in ("a", "b", "b_less_a") for edge in edges]
    writer.writerow(["what", "unit", *head, "pairs", "clear", "clear_in_words"])
    writer.writerows(_rows(pair))
    return attachment(text.getvalue(), f"turnover-seed-{pair.first.seed}.csv", "text/csv; charset=utf-8")


def _two(address: Address) -> tuple[Situation, Situation]:
    return same_seed(address.first, address.second)


def _rows(pair: Pair) -> list[list[str]]:
    first, second = (statistics.alive_at_end(outcomes) for outcomes in (pair.one, pair.other))
    change = statistics.difference_in_alive(pair.one, pair.other)
    rows = [_row("still meeting at the end", "of 100 groups", (first, second, change), 100.0)]
    rows += [
        _row(one.measure.words, one.measure.unit, (*one.means, one.difference), one.measure.scale)
        for one in statistics.people(pair.one, pair.other)
    ]
    for label, shares in reason_rows(pair)[1:]:
        cells = [part for share in shares for part in (f"{share:.6g}", "", "")]
        rows.append([label, "of 100 groups", *cells, "", "", "", str(len(pair.one)), "", ""])
    curves = [statistics.alive_by_time(outcomes, pair.first.weeks) for outcomes in (pair.one, pair.other)]
    for k, week in enumerate(curves[0].weeks):
        cells = [f"{number:.6g}" for line in curves for number in (line.share[k], line.low[k], line.high[k])]
        rows.append(
            [f"still meeting after week {week:g}", "of 100 groups", *cells, "", "", "", str(len(pair.one)), "", ""]
        )
    return rows


def _row(what: str, unit: str, estimates: tuple[Estimate, ...], scale: float) -> list[str]:
    parts = [part for one in estimates for part in (one.value, one.low, one.high)]
    cells = ["" if isnan(part) else f"{scale * part:.6g}" for part in parts]
    change = estimates[-1]
    return [what, unit, *cells, str(change.cases), "yes" if change.clear else "no", meaning(change, scale)]

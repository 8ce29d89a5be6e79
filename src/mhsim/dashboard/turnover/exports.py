"""Documents of the page Turnover: the handout, one page of A4 to print, and the table as CSV."""

from __future__ import annotations

import csv
from html import escape
from importlib.metadata import version
from io import StringIO
from math import isnan
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mhsim.dashboard.describe import differing, in_common
from mhsim.dashboard.histories import statistics
from mhsim.dashboard.layout import NOT
from mhsim.dashboard.responses import attachment, endpoint_of
from mhsim.dashboard.scenario_state import Situation
from mhsim.dashboard.turnover.answer import alive_picture, people_table, reasons_picture
from mhsim.dashboard.turnover.queries import Pair, answered
from mhsim.dashboard.turnover.sliders import same_seed
from mhsim.dashboard.turnover.wording import JUDGED, TITLES, answer_text, meaning, on_people, reason_rows
from mhsim.dashboard.url_state import Address, address_of
from mhsim.report.formatting import capital
from mhsim.stats import Estimate

HERE = Path(__file__).parent.parent / "browser"
SHOWN = ("came", "accommodated_at_52", "hope_at_52", "unmet", "burnouts", "helpers_at_end")
"""Measures of people on one page; the table of the dashboard has more."""
MOST_ROWS = 5
"""Differences between A and B in words; more are counted."""


def handout(pair: Pair, query: str) -> str:
    """Return the handout of a pair as HTML; `query` is the address that restores the page."""
    text = answer_text(pair)
    people = statistics.people(pair.one, pair.other)
    body = [
        f"<header>mhsim {escape(version('mhsim'))} · a model of mutual help groups · Turnover</header>",
        f"<h1>{escape(question(pair))}</h1>",
        _situations(pair),
        f'<p class="large">{escape(text.headline)}</p>',
        f"<p>{escape(' '.join((text.difference, text.by_pair, text.so_far)))}</p>",
        '<div class="beside">',
        _figure(alive_picture(pair, 480), "Groups still meeting, with the range that chance leaves open"),
        _figure(reasons_picture(pair, 400), "What became of the groups"),
        "</div>",
        people_table([one for one in people if one.measure.name in SHOWN], judged=pair.done),
        f"<p>{escape(on_people(people))} <small>{escape(JUDGED)}</small></p>",
        f"<h2>What this is not</h2><p>{escape(NOT)}</p>",
        _repeat(pair, query),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>mhsim: handout</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_style()}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def question(pair: Pair) -> str:
    """Return the question that the two situations ask."""
    rows = differing(pair.first, pair.second)
    if not rows:
        return "What if nothing changes?"
    if len(rows) == 1:
        what = rows[0][2]
        return f"What if {what[:1].lower()}{what[1:]}?"
    return f"What if {len(rows)} things are different?"


def _situations(pair: Pair) -> str:
    rows = differing(pair.first, pair.second)
    shown = "".join(
        f'<tr><th scope="row">{escape(what)}</th><td>{escape(capital(one))}</td><td>{escape(capital(other))}</td></tr>'
        for what, one, other in rows[:MOST_ROWS]
    )
    if len(rows) > MOST_ROWS:
        shown += f'<tr><td colspan="3">and {len(rows) - MOST_ROWS} more, which the address below holds</td></tr>'
    head = f'<tr><th scope="col">What differs</th><th scope="col">{TITLES[0]}</th><th scope="col">{TITLES[1]}</th></tr>'
    table = f"<table>{head}{shown}</table>" if rows else "<p>A and B are the same.</p>"
    return f"{table}<p>{escape(in_common(pair.first, pair.second))}</p>"


def _figure(drawn: str, caption: str) -> str:
    return f"<figure>{drawn}<figcaption>{escape(caption)}</figcaption></figure>"


def _repeat(pair: Pair, query: str) -> str:
    seed = pair.first.seed
    return (
        "<h2>How to repeat it</h2><p>Save the scenarios of A and B, links on the page Turnover:</p>"
        f"<pre>mhsim compare a.yaml b.yaml --replicates {pair.asked} --seed {seed} --out results/turnover</pre>"
        f"<p>or open the page again: <code>mhsim dashboard</code>, then <code>/turnover?{escape(query)}</code></p>"
    )


def _style() -> str:
    """Return the style of the handout: black on white, whatever the page looks like."""
    colours = ":root{--look-0:#005a8f;--look-1:#b04300;--ink:#000;--quiet:#333;--line:#ccc}"
    return (
        colours
        + (HERE / "figures.css").read_text(encoding="utf-8")
        + (HERE / "handout.css").read_text(encoding="utf-8")
    )


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

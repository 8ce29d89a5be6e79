"""Parts of a page as HTML: text is escaped unless it is Markup; tables, figures, boxes and the page around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from markupsafe import Markup

from mhsim.palette import variables

NOTHING = Markup("")


@cache
def style() -> Markup:
    """Return how a page looks: on a phone, on a wide screen, by day and by night, and on paper."""
    text = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return Markup(text.replace("@LIGHT", variables()).replace("@DARK", variables(dark=True)))


def together(parts: Iterable[str]) -> Markup:
    """Return parts one after the other; empty ones are left out."""
    return Markup("\n").join(part for part in parts if part)


def element(name: str, content: str = "", **attributes: str) -> Markup:
    """Return an element; a trailing underscore of an attribute's name is dropped, others become hyphens."""
    written = NOTHING.join(
        Markup(' {}="{}"').format(Markup(key.rstrip("_").replace("_", "-")), value) for key, value in attributes.items()
    )
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, content)


def paragraphs(*texts: str) -> Markup:
    """Return each text as a paragraph; empty ones are left out."""
    return together(element("p", text) for text in texts if text)


def items(texts: Iterable[str]) -> Markup:
    """Return a list of the texts that are not empty; nothing if none is left."""
    listed = together(element("li", text) for text in texts if text)
    return element("ul", listed) if listed else NOTHING


def note(*texts: str) -> Markup:
    """Return a box with something to keep in mind."""
    return element("div", paragraphs(*texts), class_="note", role="note")


def folded(title: str, *parts: str) -> Markup:
    """Return parts that a reader opens; printed they are open."""
    return element("details", together([element("summary", title), *parts]))


def section(title: str, *parts: str, key: str) -> Markup:
    """Return a section with its heading."""
    return element("section", together([element("h2", title, id=key), *parts]), aria_labelledby=key)


def answer_box(*parts: str, title: str = "The short answer") -> Markup:
    """Return the box at the top of a page."""
    inside = together([element("h2", title, id="answer"), *parts])
    return element("section", inside, class_="answer", aria_labelledby="answer")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Markup:
    """Return a table whose first column names the rows; it scrolls sideways where the screen is narrow."""
    first = element("tr", NOTHING.join(element("th", cell, scope="col") for cell in head))
    body = [
        element("tr", NOTHING.join([element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])]))
        for row in rows
    ]
    parts = [element("caption", caption), element("thead", first), element("tbody", together(body))]
    inside = element("table", together(parts))
    return element("div", inside, class_="scroll", tabindex="0", role="region", aria_label=caption)


def figures(pictures: Iterable[str], caption: str) -> Markup:
    """Return pictures side by side, below each other where the screen is narrow, with one caption."""
    drawn = together(pictures)
    if not drawn:
        return NOTHING
    inside = element("div", drawn, class_="pictures")
    return element("figure", together([inside, element("figcaption", caption)]))


def page(title: str, kicker: str, parts: Iterable[str]) -> str:
    """Return a whole page."""
    head = Markup(
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<title>{}</title>\n<style>{}</style>\n</head>\n'
    ).format(title, style())
    top = element("header", together([element("p", kicker, class_="kicker"), element("h1", title)]))
    return f"{head}<body>\n{top}\n<main>\n{together(parts)}\n</main>\n</body>\n</html>\n"

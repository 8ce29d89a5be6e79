"""HTML made by hand: text is escaped unless it is `Markup`; tables, figures, boxes and the page around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from mhsim.report.stylesheet import STYLE


class Markup(str):
    """Text that is HTML already."""


def safe(content: str) -> Markup:
    """Return text as HTML; what is `Markup` already stays as it is."""
    return content if isinstance(content, Markup) else Markup(escape(content, quote=True))


def together(parts: Iterable[str]) -> Markup:
    """Return parts one after the other."""
    return Markup("\n".join(safe(part) for part in parts if part))


def element(name: str, content: str = "", **attributes: str) -> Markup:
    """Return an element; a trailing underscore of an attribute's name is dropped, others become hyphens."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value, quote=True)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{safe(content)}</{name}>")


def paragraphs(*texts: str) -> Markup:
    """Return each text as a paragraph; empty ones are left out."""
    return together(element("p", text) for text in texts if text)


def items(texts: Sequence[str]) -> Markup:
    """Return a list; nothing for an empty one."""
    return element("ul", together(element("li", text) for text in texts)) if texts else Markup("")


def note(*texts: str) -> Markup:
    """Return a box with something to keep in mind."""
    return element("div", paragraphs(*texts), class_="note", role="note")


def folded(title: str, *parts: str) -> Markup:
    """Return parts that a reader opens; printed they are open."""
    return element("details", together([element("summary", title), *parts]))


def section(title: str, *parts: str, key: str) -> Markup:
    """Return a section with its heading."""
    return element("section", together([element("h2", title, id=key), *parts]), aria_labelledby=key)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], caption: str) -> Markup:
    """Return a table whose first column names the rows; it scrolls sideways where the screen is narrow."""
    first = element("tr", Markup("".join(element("th", cell, scope="col") for cell in head)))
    body = []
    for row in rows:
        cells = [element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:])]
        body.append(element("tr", Markup("".join(cells))))
    parts = [element("caption", caption), element("thead", first), element("tbody", together(body))]
    inside = element("table", together(parts))
    return element("div", inside, class_="scroll", tabindex="0", role="region", aria_label=caption)


def figures(pictures: Sequence[str], caption: str) -> Markup:
    """Return pictures side by side, below each other where the screen is narrow, with one caption."""
    if not pictures:
        return Markup("")
    inside = element("div", together(pictures), class_="pictures")
    return element("figure", together([inside, element("figcaption", caption)]))


def page(title: str, kicker: str, parts: Sequence[str]) -> str:
    """Return a whole page."""
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{safe(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
    )
    top = element("header", together([element("p", kicker, class_="kicker"), element("h1", title)]))
    return f"{head}<body>\n{top}\n<main>\n{together(parts)}\n</main>\n</body>\n</html>\n"

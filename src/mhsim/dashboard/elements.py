"""Native elements of HTML as Solara elements: what a browser knows how to name, focus and press by itself."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import solara
from solara.alias import rv


def element(tag: str, *children: Any, **attributes: Any) -> Any:
    """Return an element with children (text or elements); ``class_`` and ``for_`` lose their underscore.

    An underscore within a name becomes a hyphen: ``aria_label`` is ``aria-label``. None leaves an attribute out.
    """
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not None}
    style_class = named.pop("class", "")
    return rv.Html(tag=tag, children=list(children), attributes=named, class_=style_class)


@solara.component  # type: ignore[untyped-decorator]
def Button(  # noqa: N802
    label: str,
    on_click: Callable[[], None],
    *,
    look: str = "",
    pressed: bool | None = None,
) -> None:
    """Show a native button.

    Parameters
    ----------
    label : str
        Its visible name.
    on_click : callable
        Called when it is pressed.
    look : str
        Further classes: "main" for the one most wanted, "quiet" for small ones.
    pressed : bool, optional
        Whether it is pressed in, for a button that stays so.
    """
    button = element(
        "button",
        label,
        class_=f"button {look}".strip(),
        type="button",
        aria_pressed=None if pressed is None else str(pressed).lower(),
    )
    rv.use_event(button, "click", lambda *_: on_click())


def relative(path: str) -> str:
    """Return the address of a path of ours as the pages link to it: it holds under any path prefix of a proxy.

    Every page lies directly below the prefix, as ``/explore`` does.
    """
    return f".{path}" if path.startswith("/") else path


def link(label: str, href: str, **attributes: Any) -> Any:
    """Return a plain link, such as to a document; pages of the dashboard are reached with `PageLink`."""
    return element("a", label, href=relative(href), **attributes)


@solara.component  # type: ignore[untyped-decorator]
def PageLink(label: str, path: str) -> None:  # noqa: N802
    """Show a link to a page of the dashboard, which is opened without loading everything again."""
    router = solara.use_router()
    anchor = element("a", label, href=relative(path))
    rv.use_event(anchor, "click.exact.prevent", lambda *_: router.push(path))


def words(text: str, tag: str = "p", **attributes: Any) -> Any:
    """Return a paragraph, or another element that holds one text."""
    return element(tag, text, **attributes)


def document(title: str, body: str) -> str:
    """Return a plain page of ours, such as one a link opens beside the dashboard; `body` is markup."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} – mhsim</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" type="image/svg+xml" href="../mhsim/icon.svg">'
        '<link rel="stylesheet" href="../mhsim/style.css"><script src="../mhsim/theme.js"></script></head>'
        f'<body class="v-application"><main class="frame"><h1>{escape(title)}</h1>{body}</main></body></html>'
    )


def trusted(markup: str, tag: str = "div", **attributes: Any) -> Any:
    """Return an element that holds markup made by us, such as a figure; never text that came from outside."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    style_class = named.pop("class", "")
    return solara.HTML(tag=tag, unsafe_innerHTML=markup, classes=[style_class] if style_class else [], attributes=named)

"""How a widget finds its JavaScript: a file of `browser/`, served as it stands."""

from __future__ import annotations


def module(path: str) -> str:
    """Return the stub of a widget whose code is the ES module at a path below `browser/`, with `render` as export.

    The browser loads and keeps each module once, however many widgets use it.
    """
    return (
        "async function render(context) {\n"
        f'  const module = await import(globalThis.mhsimHome + "{path}");\n'
        "  return module.render(context);\n"
        "}\n"
        "export default { render };\n"
    )

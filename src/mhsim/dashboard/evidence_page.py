"""The evidence as a page: what each code such as V51, N25 or E57 stands for, from docs/evidence.md."""

from __future__ import annotations

from html import escape

from mhsim.dashboard.elements import document
from mhsim.evidence.facts import codes


def evidence_html() -> str:
    """Return the page: every code with what it stands for and its source."""
    rows = "".join(
        f'<tr id="{code}"><th scope="row">{code}</th><td>{escape(" · ".join(cells))}</td></tr>'
        for code, cells in codes().items()
    )
    return document(
        "Evidence",
        "<p>V- and N-codes are published numbers, E-codes are ideas from the five source documents. Most numbers were "
        "seen in an abstract or a short excerpt only; quote the original, not this page.</p>"
        '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Code</th>'
        f'<th scope="col">What it is</th></tr></thead><tbody>{rows}</tbody></table></div>',
    )

"""What an unquoted word in a YAML text means.

Numbers follow common sense and not YAML 1.1: ``1e-3`` is a number; ``010``, ``0x10`` and ``1:30`` are text, and so
refused where a number is wanted. ``on``, ``yes`` and ``true`` are switches unless they are quoted.
"""

from __future__ import annotations

import re
from typing import Any

LONGEST_WHOLE = 18
"""Digits of a whole number; longer ones become a float and so lie beyond every range."""
WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*)")
FRACTION = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?")
UNBOUNDED = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
SWITCHES = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def scalar(text: str) -> Any:
    """Return what an unquoted word means: a number, a switch, nothing, or the text itself."""
    if WHOLE.fullmatch(text):
        plain = text.replace("_", "")
        return int(plain) if len(plain) <= LONGEST_WHOLE else float(plain)
    if FRACTION.fullmatch(text):
        return float(text)
    if UNBOUNDED.fullmatch(text):
        return float(text.replace(".", ""))
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in (text.lower(), text.upper(), text.title()):
        return SWITCHES.get(text.lower(), text)
    return text

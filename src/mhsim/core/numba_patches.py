"""Patches to Numba: two methods of its own classes are replaced, so that it remembers what it looks up again and again.

What it compiles stays the same. Since the replaced methods are private to Numba, pyproject.toml holds its version.

Half of the time Numba takes for many small functions goes into finding, for the same operator on the same types, the
same signature. The answers do not change within a process, so they are kept.
"""

from __future__ import annotations

import builtins
import operator
from functools import cache
from typing import Any

from numba.core.base import BaseContext
from numba.core.types.functions import BaseFunction

KNOWN = {value for module in (operator, builtins) for value in vars(module).values() if callable(value)}


@cache
def take_shortcuts() -> None:
    """Let Numba remember signatures of operators and builtins, and sizes of types; once in a process."""
    look_up: Any = BaseFunction.get_call_type
    measure: Any = BaseContext.get_abi_sizeof
    signatures: dict[Any, Any] = {}
    sizes: dict[str, int] = {}

    def get_call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
        if kws or self.typing_key not in KNOWN:
            return look_up(self, context, args, kws)
        found = signatures.get((self.typing_key, args, len(self.templates)))
        if found is None:
            signature = look_up(self, context, args, kws)
            found = signatures[self.typing_key, args, len(self.templates)] = signature, self.get_impl_key(signature)
        self._impl_keys[found[0].args] = found[1]
        return found[0]

    def get_abi_sizeof(self: Any, kind: Any) -> int:
        name = str(kind)
        if name not in sizes:
            sizes[name] = int(measure(self, kind))
        return sizes[name]

    replaced: tuple[tuple[Any, Any], ...] = ((BaseFunction, get_call_type), (BaseContext, get_abi_sizeof))
    for owner, function in replaced:
        setattr(owner, function.__name__, function)

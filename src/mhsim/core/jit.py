"""How functions are compiled: when compiled code first needs them, and not at all where they were built beforehand.

A built object whose digest of sources fits comes first (`mhsim.core.built_code`), then what Numba has kept
(`mhsim.core.kept_code`), then Numba itself (`mhsim.core.with_numba`), which is imported only then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, update_wrapper
from importlib import import_module
from threading import Lock
from typing import Any, TypeVar, cast

from mhsim.core.built_code import built_function
from mhsim.core.kept_code import use_cache

Function = TypeVar("Function", bound=Callable[..., Any])


class Kernel:
    """A function that is compiled when compiled code first calls it; in Python it is there as `py_func`.

    Numba, which takes a second to import, is asked only then.
    """

    def __init__(
        self, function: Callable[..., Any], compiled: Callable[[Any], Any], *, as_written: bool = False
    ) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._compiled = compiled
        self._lock = Lock()
        self.targetoptions = {"inline": "always"} if as_written else {}
        """What Numba asks of a function whose lines stand in for each call."""

    @cached_property
    def dispatcher(self) -> Any:
        """What Numba calls the compiled function by."""
        with self._lock:
            if "dispatcher" not in self.__dict__:  # another thread may have been first
                self.__dict__["dispatcher"] = self._compiled(self.py_func)
        return self.__dict__["dispatcher"]

    @property
    def _numba_type_(self) -> Any:
        return self.dispatcher._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        """Call the function as compiled."""
        return self.dispatcher(*arguments)


class EntryPoint(Kernel):
    """A compiled function that Python calls: from the object built of these sources, else from Numba."""

    @cached_property
    def built(self) -> Callable[..., Any] | None:
        """What was built beforehand of this function; None if nothing was."""
        return built_function(self.symbol)

    @property
    def symbol(self) -> str:
        """The name under which it stands in what is built."""
        return f"{self.py_func.__module__.replace('.', '_')}__{self.py_func.__name__}"

    def __call__(self, *arguments: Any) -> Any:
        """Call the function as built, else as compiled."""
        built = self.built
        return self.dispatcher(*arguments) if built is None else built(*arguments)


class WrittenInLlvm:
    """A function written in LLVM's own words, found by its module and name when something that calls it is compiled."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    @property
    def _numba_type_(self) -> Any:
        from mhsim.core.with_numba import type_of

        return type_of(getattr(import_module(self._module), self._name))


def kernel(function: Function) -> Function:
    """Compile an inner function: called from compiled code only, so it needs no Python wrapper.

    Whole numbers are passed as int64, whatever their width and whether or not they are constants, so that a function
    called from many places is compiled once.
    """

    def compiled(function: Any) -> Any:
        from mhsim.core.with_numba import inner

        return inner(function)

    return cast(Function, Kernel(function, compiled))


def kernel_of(
    name: str, arguments: str, lines: Sequence[str], scope: dict[str, Any], *, as_written: bool = False
) -> Any:
    """Compile an inner function from its lines, which a table of columns or of draws gives.

    Parameters
    ----------
    name, arguments : str
        What stands in its ``def``.
    lines : sequence of str
        Its body.
    scope : dict
        The ``globals()`` of the module, where the lines find what else they name.
    as_written : bool
        Whether the lines stand in for each call before it is compiled: what is returned may then be records.
    """
    made: dict[str, Any] = {}
    exec("\n    ".join([f"def {name}({arguments}):", *(lines or ["pass"])]), scope, made)

    def compiled(function: Any) -> Any:
        from mhsim.core.with_numba import as_given

        return as_given(function, inline="always")

    return Kernel(made[name], compiled, as_written=True) if as_written else kernel(made[name])


def raw_kernel(function: Function) -> Function:
    """Compile an inner function whose whole numbers keep their width, always in line so that loops run in lanes."""

    def compiled(function: Any) -> Any:
        from mhsim.core.with_numba import as_given

        return as_given(function, forceinline=True)

    return cast(Function, Kernel(function, compiled))


def entry(function: Function) -> Function:
    """Compile a function that Python calls: cached on disk, free of the interpreter's lock while it runs."""

    def compiled(function: Any) -> Any:
        from mhsim.core.with_numba import outer

        return outer(function, cache=use_cache())

    return cast(Function, EntryPoint(function, compiled))

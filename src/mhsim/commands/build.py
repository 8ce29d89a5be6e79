"""`mhsim build`, which builds the engine beforehand; and `mhsim warm`, which compiles what is not built."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mhsim.commands.options import expanded
from mhsim.commands.output import say


def build(
    target: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="A kind of machine, such as x86_64-linux, aarch64-macos or wasm32; repeatable; all for every one.",
            show_default="this machine's",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for it.", show_default="where compiled code is kept", callback=expanded),
    ] = None,
) -> None:
    """Build the engine and all its modules beforehand.

    What is built is used at once by everything that runs here, until a source of the engine is edited; nothing is
    compiled any more then, and Numba not needed. It takes a minute or two.
    """
    from mhsim.building.build import HERE, build_engine
    from mhsim.building.targets import TARGETS
    from mhsim.core.kept_code import cache_folder
    from mhsim.errors import InputError

    folder = out or cache_folder()
    if folder is None:
        raise InputError("no folder for compiled code can be written to; name one with --out")
    wanted = target or [HERE]
    build_engine(list(TARGETS) if wanted == ["all"] else wanted, folder, say)
    say(f"It is in {folder}")


def warm(
    build: Annotated[
        bool, typer.Option("--build", help="Build it for this machine and for pages as well, see mhsim build.")
    ] = False,
) -> None:
    """Compile now, not at the first run."""
    from mhsim.core.built_code import engine_in_use
    from mhsim.core.kept_code import cache_folder
    from mhsim.outcomes.simulate import warm as compile_all

    compile_all()
    folder = cache_folder()
    if build and folder is not None:
        from mhsim.building.build import HERE, build_engine
        from mhsim.building.targets import WASM

        build_engine([HERE, WASM], folder, say, fresh=False)  # what compiling has worked out is worked out once
    say(f"Ready: {engine_in_use()}.")

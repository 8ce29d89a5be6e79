"""Kinds of machines for which objects are emitted, and how: LLVM optimises and emits, nothing is linked."""

from __future__ import annotations

import re
from typing import NamedTuple

import llvmlite.binding as llvm


class Target(NamedTuple):
    """A kind of machine: what LLVM calls it, its processor and features, and how addresses in it are made."""

    triple: str
    processor: str = "generic"
    features: str = ""
    relocation: str = "pic"


WASM = "wasm32"
TARGETS = {
    "x86_64-linux": Target("x86_64-unknown-linux-gnu", "x86-64"),
    "aarch64-linux": Target("aarch64-unknown-linux-gnu"),
    "x86_64-macos": Target("x86_64-apple-macosx11.0.0", "x86-64"),
    "aarch64-macos": Target("arm64-apple-macosx11.0.0"),
    # As Numba does: an object in the format that LLVM can load in a process of Windows.
    "x86_64-windows": Target("x86_64-pc-windows-msvc-elf", "x86-64"),
    "aarch64-windows": Target("aarch64-pc-windows-msvc-elf"),
    WASM: Target(
        "wasm32-unknown-unknown",
        features="+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals,+multivalue",
        relocation="default",
    ),
}
"""Every kind of machine that is built for, by the name that `mhsim.core.built_code.this_machine` gives it."""
OF_THE_MACHINE = {"memcpy", "memset", "memmove", "__chkstk"}
"""What an object may leave to the machine it runs on."""


def emitted(code: str, name: str) -> bytes:
    """Return an object for a kind of machine.

    Parameters
    ----------
    code : str
        A module of LLVM (`mhsim.building.from_numba`).
    name : str
        A key of `TARGETS`.

    Raises
    ------
    ValueError
        If the code would call what is not the same on every machine.
    """
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = TARGETS[name]
    machine = llvm.Target.from_triple(target.triple).create_target_machine(
        cpu=target.processor, features=target.features, opt=3, reloc=target.relocation, codemodel="default"
    )
    module = llvm.parse_assembly(_for_machine(code, target.triple, str(machine.target_data)))
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = tuning.slp_vectorization = True
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    named = (*module.functions, *module.global_variables)
    left = [each.name for each in named if each.is_declaration and not each.name.startswith("llvm.")]
    if set(left) - OF_THE_MACHINE:
        raise ValueError(f"{name}: the engine would call {', '.join(left)}, which is not the same on every machine")
    return bytes(machine.emit_object(module))


def _for_machine(code: str, triple: str, layout: str) -> str:
    code = re.sub(r"^target datalayout = .*$", f'target datalayout = "{layout}"', code, count=1, flags=re.MULTILINE)
    return re.sub(r"^target triple = .*$", f'target triple = "{triple}"', code, count=1, flags=re.MULTILINE)

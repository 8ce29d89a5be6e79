"""The engine as WebAssembly, with what the browser does around it, in node: the same bits as on this machine."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import mhsim
from engines import CASES, digest_of, ready_built, scenario_of
from mhsim.building.page_plan import plan_of
from mhsim.errors import InputError
from mhsim.scenario_io.loader import read_scenario

NODE = shutil.which("node")
MODULES = Path(mhsim.__file__).parent / "dashboard" / "browser" / "engine"
RULE = Path(__file__).parents[1] / "experiments" / "bring-a-friend" / "scenario.yaml"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What node finds in every case."""
    if NODE is None:
        pytest.skip("there is no node on this machine")
    folder, built = tmp_path_factory.mktemp("pages"), ready_built().folder
    for file in (built / "engine.wasm", built / "engine.json", *MODULES.glob("*.js")):
        shutil.copy(file, folder / file.name)
    (folder / "package.json").write_text('{"type": "module"}')
    plans = {name: plan_of(*scenario_of(name)) for name in CASES}
    (folder / "plans.json").write_text(json.dumps(plans))
    command = [NODE, str(Path(__file__).with_name("engine_in_node.mjs")), str(folder), str(folder / "plans.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", CASES)
def test_every_array_is_that_of_this_machine(lived: dict[str, Any], name: str) -> None:
    """What a student sees in a page must be what `mhsim run` gives, to the last bit, or nobody can check it."""
    assert lived[name]["tables"] == digest_of(*scenario_of(name))


def test_a_rule_from_outside_is_refused() -> None:
    """A page without it would show another model under the scenario's name."""
    with pytest.raises(InputError, match=r"not in the engine that is built for pages"):
        plan_of(read_scenario(str(RULE)))

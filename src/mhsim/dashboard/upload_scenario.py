"""Upload of scenario files: a file becomes a situation, with the same checks as on the command line.

Nothing of the file is run: rules are refused before they would be loaded, and only shipped forms can be extended.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mhsim.dashboard.scenario_state import NO_RULES, Situation, situation_of
from mhsim.errors import InputError, shortened
from mhsim.plugins import without_rule_code
from mhsim.scenario_io.loader import read_scenario, shipped
from mhsim.scenario_io.yaml_reader import read_yaml

STUDY = "this is a study, not a scenario; run it with mhsim and open its folder under Results"


def situation_from_file(name: str, content: bytes) -> Situation:
    """Return the situation that the content of a scenario file describes.

    Raises
    ------
    InputError
        If it is no scenario, or not one that can be shown here; the line is that of `mhsim validate`.
    """
    shown = shortened(Path(name.replace("\\", "/")).name or "file")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(content)
        try:
            _harmless(path)
            with without_rule_code():
                return situation_of(read_scenario(path))
        except InputError as error:
            said = str(error).replace(str(path), shown)
            raise InputError(said if error.file else f"{shown}: {said}") from None


def _harmless(path: Path) -> None:
    """Raise InputError if reading the file further would run a program or read other files."""
    document = read_yaml(path)
    if "kind" in document.data and not isinstance(document.data["kind"], dict):
        raise document.error(("kind",), STUDY)
    if document.data.get("rules"):
        raise document.error(("rules",), NO_RULES)
    extends = document.data.get("extends")
    if extends is not None and extends not in shipped():
        raise document.error(
            ("extends",),
            f"given {document.given(('extends',))}; here only shipped forms can be extended: {', '.join(shipped())}",
        )

"""YAML becomes a checked object: a scenario, or any other model such as a study.

A scenario file says only in what it differs from the one it names under ``extends``; without that key it differs from
the defaults of the model. Whatever is wrong is raised as `InputError`: one line with file, line and path of the key.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from mhsim.errors import InputError, shortened, shown, suggestion
from mhsim.forms import nested, own_part
from mhsim.scenario import Form, Scenario
from mhsim.scenario_io.error_messages import explain, named_in, wrong_value
from mhsim.scenario_io.overrides import check_changes, with_settings
from mhsim.scenario_io.source_map import Document, Keys
from mhsim.scenario_io.value_types import AMBIGUOUS, ambiguous, find, mixed_up
from mhsim.scenario_io.yaml_reader import read_yaml
from mhsim.user_paths import command_text, user_path

__all__ = ["InputError", "check", "find_scenario", "located", "read_checked", "read_scenario", "read_yaml", "shipped"]

Model = TypeVar("Model", bound=BaseModel)
ENDINGS = (".yaml", ".yml")
STUDY_KEYS = {"kind", "replicates", "vary", "watch", "scenarios"}
"""Keys that study files have and scenarios have not; a list of forms is one more."""


def read_scenario(
    name_or_path: str | Path, set_values: Mapping[str, Any] | None = None, beside: Path | None = None
) -> Scenario:
    """Read a scenario, apply other values to it, and check all of it.

    Parameters
    ----------
    name_or_path : str or Path
        The name of a shipped scenario (``twelve_step``) or the path of a file.
    set_values : mapping, optional
        Paths and their values, applied in order; a text is read as YAML would read it (``"0.2"`` is a number).
        ``benefits`` and ``harms`` multiply every parameter so marked.
    beside : Path, optional
        The folder that a relative path starts from; the working folder unless given.

    Raises
    ------
    InputError
        If anything is wrong with the name, the file, one of those it extends, or a value.

    Notes
    -----
    The code of rules that the scenario names is run. Whoever reads a scenario that others wrote, such as that of a
    folder of results, does so within `mhsim.plugins.without_rule_code`.
    """
    document = read_extended(find_scenario(name_or_path, beside))
    if not STUDY_KEYS.isdisjoint(document.data) or isinstance(document.data.get("forms"), list):
        kind = str(document.data.get("kind", "sweep"))
        raise document.error(
            (), f"this is a study, not a scenario; run it with: {command_text('mhsim', kind, document.file)}"
        )
    check_changes(document)
    return with_settings(check(document, Scenario, load_rules=True), set_values or {})


def read_checked(path: str | Path, model: type[Model]) -> Model:
    """Read a YAML file as a pydantic model; raise InputError, one line with the place, if it is not one."""
    return check(read_yaml(path), model)


def check(document: Document, model: type[Model], *, load_rules: bool = False) -> Model:
    """Return the model that a document describes; numbers, switches and text are never taken for each other.

    `load_rules` allows the code of rules that a scenario names to be run. The model is told the folder of the
    document, ``beside``, by the context of its validation.
    """
    for keys in mixed_up(document.data, model):
        raise wrong_value(document, keys, model)
    for keys, place in document.places.items():
        if ambiguous(place.text, find(model, keys)[1]):
            raise document.error(keys, AMBIGUOUS.format(place.text))
    try:
        context = {"load_rules": load_rules, "beside": Path(document.file).parent}
        return model.model_validate(document.data, context=context)
    except ValidationError as error:
        raise explain(error, model, document) from None


def located(error: InputError, document: Document) -> InputError:
    """Return an error found later, such as in a point of a study, with the file and line that its words speak of."""
    if error.file:
        return error
    return document.place(named_in(str(error), document)).error(str(error))


def read_extended(path: Path, above: tuple[Path, ...] = ()) -> Document:
    """Read a scenario file over the one it extends, and that over the one it extends, and so on.

    `above` are files with forms that are taken from this one.
    """
    chain: list[Document] = []
    seen: list[Path] = []
    following: Path | None = path
    while following is not None:
        document = read_yaml(following)
        _place_rules(document, following.parent)
        document = _with_forms(document, (*above, following.resolve()))
        seen.append(following.resolve())
        chain.append(document)
        following = _parent(document, following.parent)
        if following is not None and following.resolve() in seen:
            names = " -> ".join(link.name for link in [*seen, following.resolve()])
            raise document.error(("extends",), f"the files extend each other in a circle: {names}")
    whole = chain.pop()
    while chain:
        whole = laid_over(whole, chain.pop())
    return whole


def laid_over(base: Document, top: Document) -> Document:
    """Return what the base says, with the values of the top in their place: sections are merged, lists replaced."""
    gone: set[Keys] = set()
    data = _mixed(base.data, top.data, (), gone)
    kept = {
        keys: place
        for keys, place in base.places.items()
        if not any(keys[:length] in gone for length in range(1, len(keys) + 1))
    }
    return Document(top.file, data, {**kept, **top.places})


def find_scenario(name_or_path: str | Path, beside: Path | None = None) -> Path:
    """Return the file of a scenario: of a shipped one by its name, of any other by its path.

    Raises
    ------
    InputError
        If a name is not that of a shipped scenario; whether a path exists shows when it is read.
    """
    name = str(name_or_path)
    path = (beside or Path()) / user_path(name)
    if isinstance(name_or_path, Path) or "/" in name or name.endswith(ENDINGS) or "\\" in name:
        return path
    known = shipped()
    if name in known:
        return known[name]
    try:
        if name and path.exists():
            return path
    except (OSError, ValueError):
        pass
    raise InputError(f"no scenario is named '{shortened(name)}'{suggestion(name, known)} (a file is named by its path)")


def path_or_name(name: str, beside: Path) -> str:
    """Return a scenario as a command would name it: a shipped one by its name, another by its path from here."""
    path = find_scenario(name, beside)
    return name if shipped().get(name) == path else str(path)


def shipped() -> dict[str, Path]:
    """Return the shipped scenarios: name and file, in the order of the names."""
    folder = Path(str(importlib.resources.files("mhsim"))) / "configs"
    if not folder.is_dir():
        folder = Path(__file__).resolve().parents[3] / "configs"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _parent(document: Document, folder: Path) -> Path | None:
    """Return the file that a document extends and take the key out of its data; None if it extends none."""
    if "extends" not in document.data:
        return None
    name = document.data.pop("extends")
    if not isinstance(name, str):
        raise document.error(("extends",), "the name of a scenario or the path of a file is expected")
    try:
        parent = find_scenario(name, folder)
    except InputError as error:
        raise document.error(("extends",), str(error)) from None
    if not parent.is_file():
        raise document.error(("extends",), f"there is no file '{shortened(str(parent))}'")
    return parent


def _place_rules(document: Document, folder: Path) -> None:
    """Let the files of rules start from the folder of the scenario that names them."""
    rules = document.data.get("rules")
    for use in (rules if isinstance(rules, dict) else {}).values():
        origin = use.get("from") if isinstance(use, dict) else None
        if isinstance(origin, str) and origin.endswith(".py"):
            use["from"] = str((folder / user_path(origin)).resolve())


def _with_forms(document: Document, above: tuple[Path, ...]) -> Document:
    """Return the document with what each form takes ``from`` another scenario, and what it says under ``set``."""
    forms = document.data.get("forms")
    forms = forms if isinstance(forms, dict) else {}
    for name, form in forms.items():
        if not isinstance(form, dict):
            continue
        keys: Keys = ("forms", name)
        data: dict[str, Any] = {}
        places = {key: place for key, place in document.places.items() if key[:2] == keys}
        own = {key: value for key, value in form.items() if key not in ("from", "set")}
        values = form.get("set", {})
        if not isinstance(values, dict):
            raise document.error((*keys, "set"), f"given {document.given((*keys, 'set'))}; allowed: what differs")
        for inner, written, value in nested(values):
            _put(own, inner, value)
            places[(*keys, *inner)] = document.place((*keys, "set", *written))
        top = Document(document.file, {"forms": {name: own}}, places)
        if "from" in form:
            data = _form_of(document, keys, form["from"], above)
        base = Document(document.file, {"forms": {name: data}}, {})
        mixed = laid_over(base, top)
        document.places.update(mixed.places)
        forms[name] = mixed.data["forms"][name]
    return document


def _form_of(document: Document, keys: Keys, name: Any, above: tuple[Path, ...]) -> dict[str, Any]:
    """Return the settings that groups have in the scenario which a form is taken from, all of them."""
    here = (*keys, "from")
    if not isinstance(name, str):
        raise document.error(here, "the name of a scenario or the path of a file is expected")
    try:
        file = find_scenario(name, above[-1].parent)
    except InputError as error:
        raise document.error(here, str(error)) from None
    if not file.is_file():
        raise document.error(here, f"there is no file '{shortened(str(file))}'")
    if file.resolve() in above:
        raise document.error(here, "a form cannot be taken from the file in which it stands")
    scenario = check(read_extended(file, above), Scenario)
    if scenario.forms:
        raise document.error(here, f"{shown(name)} has several forms itself; name a scenario of one form")
    found: dict[str, Any] = own_part(Form, scenario)
    return {one: dict(value) if isinstance(value, dict) else value for one, value in found.items()}


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Write a value at a path of nested data; sections on the way that are none yet are made."""
    for name in path[:-1]:
        inner = data.get(name)
        data[name] = dict(inner) if isinstance(inner, dict) else {}
        data = data[name]
    data[path[-1]] = value


def _mixed(low: dict[str, Any], high: dict[str, Any], keys: Keys, gone: set[Keys]) -> dict[str, Any]:
    """Return nested data laid over other nested data; note in `gone` the paths of what is replaced."""
    mixed = dict(low)
    for key, value in high.items():
        here = (*keys, key)
        if isinstance(value, dict) and isinstance(low.get(key), dict):
            mixed[key] = _mixed(low[key], value, here, gone)
        else:
            gone.add(here)
            mixed[key] = value
    return mixed

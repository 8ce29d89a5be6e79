"""The errors of pydantic become one line: where, what was given, what is allowed, and the nearest right name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from mhsim.errors import InputError, nearest, shown, suggestion
from mhsim.scenario import parameter_rows
from mhsim.scenario_io.source_map import Document, Keys, dotted
from mhsim.scenario_io.value_types import allowed, find, kind_of, kinds, options
from mhsim.scenario_io.yaml_reader import scalar

Detail = Any
"""One entry of ``ValidationError.errors()``."""
LENGTHS = ("string_too_long", "string_too_short", "too_long", "too_short")


def explain(error: ValidationError, model: type[BaseModel], document: Document) -> InputError:
    """Return the error for people: the first thing that is wrong, and how many more there are."""
    details = error.errors(include_url=False)
    first = max(_of_same_value(details, document), key=lambda detail: len(_keys(detail, document)))
    others = len({_keys(detail, document)[:2] for detail in details} - {_keys(first, document)[:2]})
    more = f" (and {others} more to put right)" if others else ""
    keys, message = _explained(first, model, document)
    return document.error(keys, message + more)


def wrong_value(document: Document, keys: Keys, model: type[BaseModel]) -> InputError:
    """Return the error for a value of another kind than the model asks for at its path."""
    field, annotation = find(model, keys)
    hint = quoting(document.value(keys), kinds(annotation))
    return document.error(keys, f"given {document.given(keys)}; allowed: {allowed(field, annotation)}{hint}")


def quoting(value: Any, wanted: set[str]) -> str:
    """Return advice on quotation marks where they are what is wrong; otherwise nothing."""
    if wanted == {"text"} and not isinstance(value, (dict, list)):
        return "; put it in quotes"
    if isinstance(value, str) and kind_of(scalar(value)) in wanted and "text" not in wanted:
        return "; write it without quotes"
    return ""


def no_such_key(name: str, model: type[BaseModel], keys: Keys = ()) -> str:
    """Return the words for an unknown key below a path of a model, with the nearest right one."""
    leaves = dict(_leaves(model))
    if name in leaves.values() and "." in name:
        section, leaf = name.rsplit(".", 1)
        return f"no such key; keys are nested here: write {section}: {{{leaf}: ...}}"
    if keys[:1] == ("forms",) and len(keys) > 2 and find(model, (*keys[2:], name))[0] is not None:
        return f"this is a setting of the whole world, not of one form; write {dotted((*keys[2:], name))} there"
    path = dotted_in((*keys, name))
    if path:
        return f"no such key; paths are written with dots here: write {path} as one key"
    annotation = find(model, keys)[1] if keys else model
    here = [known for option in options(annotation) for known in getattr(option, "model_fields", ())]
    near = None if name in leaves else nearest(name, here)  # what stands elsewhere by this very name is meant
    elsewhere = {} if near else leaves
    known = elsewhere.get(name) or elsewhere.get(nearest(name, elsewhere, 0.8) or "")
    if known:
        return f"no such key; did you mean '{known}'?"
    return "no such key" + suggestion(name, here)


def dotted_in(keys: Keys) -> str:
    """Return the path of a parameter that nested keys spell, such as ``serve.term_weeks``; empty if there is none."""
    known = {row["path"] for row in parameter_rows()}
    spelt = (".".join(str(key) for key in keys[start:]) for start in range(1, len(keys) - 1))
    return next((path for path in spelt if path in known), "")


def named_in(text: str, document: Document) -> Keys:
    """Return the path of a document that a message speaks of, judged by its words; empty if there is none."""
    words = {word.rstrip(".") for word in re.findall(r"[\w.]+", text)}
    subject = re.split(r"\W", text, maxsplit=1)[0]
    best: tuple[int, Keys] = (0, ())
    for keys, place in document.places.items():
        path, leaf = ".".join(str(key) for key in keys), str(keys[-1])
        if path in words or leaf in words:
            told = 4 * (place.text in words) + 2 * (leaf in words) + (path in words) + text.startswith(path)
            best = max(best, (told + 10 * (keys[0] == subject), keys), key=lambda pair: pair[0])
    return best[1]


def _of_same_value(details: list[Detail], document: Document) -> list[Detail]:
    """Return the entries that speak of the same value as the first: a union gives one for each alternative."""
    start = _keys(details[0], document)
    return [detail for detail in details if _keys(detail, document)[: len(start)] == start]


def _keys(detail: Detail, document: Document) -> Keys:
    """Return the path in the document of what pydantic speaks of; its own names for alternatives are left out."""
    found: list[str | int] = []
    value: Any = document.data
    for part in detail["loc"]:
        inner = isinstance(value, dict) and part in value
        if inner or (isinstance(value, list) and isinstance(part, int) and part < len(value)):
            found.append(part)
            value = value[part]
    return tuple(found)


def _explained(detail: Detail, model: type[BaseModel], document: Document) -> tuple[Keys, str]:
    """Return the path and the words for one entry of pydantic's list."""
    keys = _keys(detail, document)
    if detail["type"] == "extra_forbidden":
        return keys, no_such_key(str(keys[-1]), model, keys[:-1])
    if detail["type"] == "missing":
        name = str(detail["loc"][-1])
        return keys, f"{name} is missing; it has to be {allowed(*find(model, (*keys, name)))}"
    if detail["type"] in ("value_error", "assertion_error"):
        words = str(detail["msg"]).partition(", ")[2]
        return keys or named_in(words, document), words
    if not keys and find(model, detail["loc"])[1] is not None:
        return _of_change(detail, model, document)
    given = f"given {document.given(keys)}"
    field, annotation = find(model, keys)
    if annotation is None or detail["type"] in LENGTHS:
        return keys, f"{given}; {_plain(detail['msg'])}"
    value = document.value(keys)
    path = next(filter(None, (dotted_in((*keys, name)) for name in value)), "") if isinstance(value, dict) else ""
    hint = f"; paths are written with dots here: write {path} as one key" if path else ""
    return keys, f"{given}; allowed: {allowed(field, annotation)}{hint}"


def _of_change(detail: Detail, model: type[BaseModel], document: Document) -> tuple[Keys, str]:
    """Return path and words where a value is wrong that the document does not hold but brings about by a change."""
    path = dotted(detail["loc"])
    causes = [keys for keys in document.places if keys[-1] in (path, "benefits", "harms")]
    words = f"{path} would become {shown(detail['input'])}; allowed: {allowed(*find(model, detail['loc']))}"
    return (causes[0] if causes else ()), words


def _leaves(model: type[BaseModel], start: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the path of every field, sections before what is in them."""
    for name in model.model_fields:
        yield name, f"{start}{name}"
    for name, field in model.model_fields.items():
        for option in options(field.annotation):
            if isinstance(option, type) and issubclass(option, BaseModel):
                yield from _leaves(option, f"{start}{name}.")


def _plain(message: str) -> str:
    """Return pydantic's words as the end of a sentence, without its names for types."""
    words = re.sub(r"^(String|List|Tuple|Dictionary|Set)\b", "it", message).replace(" after validation", "")
    return words[:1].lower() + words[1:]

"""The sentences of one language: looked up by name, with the right plural, and with numbers as that language writes."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from mhsim.errors import InputError, shown

FOLDER = Path(__file__).parent / "languages"
PLURALS: dict[str, Callable[[int], str]] = {
    "one_other": lambda count: "one" if count == 1 else "other",
    "one_below_two": lambda count: "one" if count < 2 else "other",
    "other": lambda count: "other",
}
"""Ways to choose a plural form; a language file names one under `plural`."""


class Catalogue:
    """The sentences of one language.

    Parameters
    ----------
    language : str
        Its name, such as "en".
    data : dict
        What its file holds: settings, and sentences in sections.
    """

    def __init__(self, language: str, data: dict[str, Any]) -> None:
        self.language = language
        self.data = data
        self.plural = PLURALS[data["plural"]]

    def say(self, key: str, number: int | None = None, **values: Any) -> str:
        """Return a sentence with its values filled in.

        Parameters
        ----------
        key : str
            Section and name, such as "life.crisis".
        number : int, optional
            What decides between plural forms; the sentence may show it as {count}.
        **values
            Text, or numbers that are written as the language does.
        """
        template = self.template(key)
        if isinstance(template, dict):
            form = str(number) if str(number) in template else self.plural(number or 0)
            template = template[form]
        if number is not None:
            values["count"] = self.counted(number)
        filled = {name: value if isinstance(value, str) else self.number(value) for name, value in values.items()}
        return str(template.format_map(filled))

    def template(self, key: str) -> Any:
        """Return what stands under a name, not yet filled in: text, or a mapping of plural forms."""
        found: Any = self.data
        for part in key.split("."):
            found = found[part]
        return found

    def counted(self, number: int) -> str:
        """Return a small number as a word, a larger one in digits."""
        words: list[str] = self.data["number_words"]
        return words[number] if 0 <= number < len(words) else self.number(number)

    def number(self, value: float) -> str:
        """Return a number in digits, with at most one decimal, as this language writes it."""
        text = f"{value:,.1f}".removesuffix(".0")
        signs = {",": self.data["thousands"], ".": self.data["decimal"], "-": "−"}
        return "".join(signs.get(sign, sign) for sign in text)

    def with_subject(self, subject: str, clause: str) -> str:
        """Return a whole sentence from who it is about and what happened."""
        return self.say("words.sentence", subject=subject, clause=clause)

    def listed(self, parts: list[str]) -> str:
        """Return parts as one list: "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("words.last_of_list", rest=", ".join(parts[:-1]), last=parts[-1])


@cache
def languages() -> tuple[str, ...]:
    """Return the names of the languages there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def catalogue(language: str) -> Catalogue:
    """Return the sentences of a language.

    Raises
    ------
    InputError
        If there is no such language; the message names those there are.
    """
    if language not in languages():
        raise InputError(f"language: there is none like {shown(language)}; allowed are {', '.join(languages())}")
    with (FOLDER / f"{language}.toml").open("rb") as stream:
        return Catalogue(language, tomllib.load(stream))

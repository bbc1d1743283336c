"""The texts of maps and reports, one TOML file for each language."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from optimizer.errors import InputError

LANGUAGES = ("en", "zh")


class Section(dict[str, str]):
    """The texts of one section; asking for one that does not exist says where it belongs."""

    def __init__(self, origin: str, entries: dict[str, str]) -> None:
        super().__init__(entries)
        self.origin = origin

    def __missing__(self, key: str) -> str:
        raise KeyError(
            f"{self.origin} has no text {key!r}: add it there and to every other language"
        )


class Texts(dict[str, Section]):
    """All sections of one language, as in `texts("en")["map"]["roads"]`."""

    def __init__(self, language: str, sections: dict[str, dict[str, str]]) -> None:
        origin = f"publishing/locale/{language}.toml"
        super().__init__(
            {name: Section(f"[{name}] of {origin}", entries) for name, entries in sections.items()}
        )
        self.language = language
        self.origin = origin

    def __missing__(self, key: str) -> Section:
        raise KeyError(
            f"{self.origin} has no section [{key}]: add it there and to every other language"
        )


def texts(language: str) -> Texts:
    """Read the texts of a language.

    Raises
    ------
    InputError
        If there is no such language.
    """
    if language not in LANGUAGES:
        raise InputError(
            f"language = {language!r} is not available for maps and reports: use one of "
            + ", ".join(repr(known) for known in LANGUAGES)
        )
    source = files("optimizer.publishing") / "locale" / f"{language}.toml"
    return Texts(language, tomllib.loads(source.read_text(encoding="utf-8")))

"""Both languages say the same things, and a text that is missing is noticed at once."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from optimizer.errors import InputError
from optimizer.publishing.locale import LANGUAGES, texts
from optimizer.publishing.offline import CITY, DRILL

STATES = ("waiting", "moving", "setting", "closed", "open")
ASSETS = files("optimizer.publishing") / "assets"


def scripts(names: tuple[str, ...]) -> str:
    return "".join((ASSETS / name).read_text(encoding="utf-8") for name in names)


def test_every_language_has_the_same_sections_keys_and_blanks() -> None:
    def shape(language: str) -> dict[tuple[str, str], list[str]]:
        return {
            (section, key): sorted(re.findall(r"\{\w*\}", text))
            for section, entries in texts(language).items()
            for key, text in entries.items()
        }

    shapes = [shape(language) for language in LANGUAGES]
    assert shapes[0] == shapes[1]
    assert all(
        text.strip()
        for language in LANGUAGES
        for s in texts(language).values()
        for text in s.values()
    )


def test_every_text_that_the_map_asks_for_exists() -> None:
    asked = set(re.findall(r"words\('(\w+)'", scripts(CITY)))
    layers = set(re.findall(r"key: '(\w+)'", scripts(CITY)))
    assert len(asked) > 30
    assert len(layers) == 19
    assert asked | layers <= texts("en")["map"].keys()


def test_no_text_of_the_map_is_left_unused() -> None:
    """Besides the scripts' own: names of tiers, shifts, crews, vehicles, and the page's note."""
    named_by_studies = {
        "key", "central", "urban", "country", "night", "day", "evening", "shifts", "no_script",
        "command_vehicles", "response_cars", "motorcycles", "officers", "auxiliaries",
        "command_vehicle", "response_car", "motorcycle",
    }  # fmt: skip
    composed = {"demand_note", "uncovered_note", "at_junction", "at_road", "at_water"}
    literals = set(re.findall(r"'(\w+)'", scripts(CITY)))
    assert texts("en")["map"].keys() - literals - named_by_studies - composed == set()


def test_every_text_that_the_drill_asks_for_exists_and_none_is_left_unused() -> None:
    own = [name for name in DRILL if name.startswith("drill")]
    known = texts("en")
    states = {f"{kind}_{state}" for kind in ("now", "key") for state in STATES}
    composed = {*states, "no_script", "title_drill", "title_net"}
    literals = set(re.findall(r"'(\w+)'", scripts(tuple(own))))
    asked = set(re.findall(r"words\('(\w+)'", scripts(tuple(own))))
    assert len(asked) > 20
    assert asked <= {*known["map"], *known["drill"]}
    assert known["drill"].keys() - literals - composed == set()


def test_a_missing_text_names_the_file_that_lacks_it() -> None:
    with pytest.raises(KeyError, match=r"\[map\] of publishing/locale/zh.toml has no text 'sea'"):
        texts("zh")["map"]["sea"]
    with pytest.raises(KeyError, match=r"publishing/locale/en.toml has no section \[sea\]"):
        texts("en")["sea"]


def test_an_unknown_language_is_the_users_fault() -> None:
    with pytest.raises(InputError, match=r"language = 'fr' is not available .* 'en', 'zh'"):
        texts("fr")

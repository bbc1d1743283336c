"""The page as text: the same every time, closed to the network, and deaf to hostile words."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from optimizer.errors import InputError
from optimizer.publishing import MapContent, render_map


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.code: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and self.found[-1][0] in ("script", "style") and data.strip():
            tag, attributes = self.found[-1]
            if "type" not in attributes:
                self.code.append((tag, data))


def data_block(page: str) -> dict[str, object]:
    found = re.search(
        r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL
    )
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


def test_two_renders_are_the_same_bytes(town: MapContent) -> None:
    assert render_map(town) == render_map(replace(town))


def test_nothing_is_linked_and_leaflet_comes_with_its_licence(town: MapContent) -> None:
    page = render_map(town)
    elements = Elements(page)
    addressed = [
        (tag, attributes)
        for tag, attributes in elements.found
        if {"src", "href", "srcset", "data"} & attributes.keys()
    ]
    assert addressed == []
    styles = " ".join(text for tag, text in elements.code if tag == "style")
    assert not re.search(r"url\(|@import", styles)
    assert "sourceMappingURL" not in page
    assert not re.search(r"bootstrap|jquery|fontawesome|awesome-markers", page, re.IGNORECASE)
    assert "Redistributions of source code must retain the above copyright notice" in page


def test_the_policy_allows_exactly_the_code_in_the_page(town: MapContent) -> None:
    elements = Elements(render_map(town))
    (policy,) = (
        str(attributes["content"])
        for tag, attributes in elements.found
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        digests = [
            hashlib.sha256(text.encode()).digest() for name, text in elements.code if name == tag
        ]
        assert rules[rule].split() == [f"'sha256-{base64.b64encode(d).decode()}'" for d in digests]


def test_the_policy_comes_before_all_code(town: MapContent) -> None:
    page = render_map(town)
    assert page.index("Content-Security-Policy") < min(page.index("<script"), page.index("<style"))


def test_hostile_words_change_the_data_and_nothing_else(
    circled: MapContent, renamed: Callable[[str], MapContent], hostile: str
) -> None:
    """The page around the data block and the title must not differ by a single byte."""

    def around(page: str) -> str:
        page = re.sub(r"<title>.*?</title>", "", page, flags=re.DOTALL)
        return re.sub(r'(id="map-data">).*?</script>', r"\1", page, flags=re.DOTALL)

    page = render_map(renamed(hostile))
    assert around(page) == around(render_map(circled))
    data = data_block(page)
    assert data["title"] == data["attribution"] == hostile
    assert data["subtitle"] == [hostile, hostile]


def test_a_crafted_name_runs_no_command(
    renamed: Callable[[str], MapContent], tmp_path: Path
) -> None:
    """folium compiles popups and names as templates; this one would write a file."""
    proof = tmp_path / "proof"
    attack = "{{ cycler.__init__.__globals__.os.system('touch " + str(proof) + "') }}"
    render_map(renamed(attack))
    assert not proof.exists()


def test_the_page_says_its_language(town: MapContent) -> None:
    assert '<html lang="en">' in render_map(town)
    assert '<html lang="zh-CN">' in render_map(replace(town, language="zh"))


def test_an_unknown_language_is_refused(town: MapContent) -> None:
    with pytest.raises(InputError, match="language = 'fr'"):
        render_map(replace(town, language="fr"))


def test_half_a_character_in_the_title_can_still_be_written(town: MapContent) -> None:
    page = render_map(replace(town, title="half \ud83d"))
    assert "<title>half ?</title>" in page
    assert page.encode("utf-8")

"""The map of a plan: one HTML file that opens from a disk with no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimizer.publishing.map_content import MapContent
from optimizer.publishing.map_payload import map_payload
from optimizer.publishing.offline import CITY, OfflineMap, offline_page
from optimizer.publishing.safe_json import script_json

_HTML_LANGUAGE = {"en": "en", "zh": "zh-CN"}


def render_map(content: MapContent) -> str:
    """Draw a plan.

    The same content gives the same text, byte for byte.

    Returns
    -------
    The page as HTML text, to be written as UTF-8.

    Raises
    ------
    InputError
        If the map is empty or its language is not available.
    """
    return draw_page(map_payload(content), CITY)


def draw_page(payload: Mapping[str, Any], scripts: tuple[str, ...]) -> str:
    """Draw a page around its data.

    Parameters
    ----------
    payload
        What the page's scripts read; `bounds`, `title`, `language` and the text `no_script` of it
        are also needed outside them.
    scripts
        Names of the scripts, each after those it calls.
    """
    (south, west), (north, east) = payload["bounds"]
    city_map = OfflineMap(
        location=[(south + north) / 2, (west + east) / 2],
        tiles=None,
        zoom_start=12,
        zoom_control=False,
        attribution_control=False,
        prefer_canvas=True,
        minZoom=8,
        maxZoom=18,
        zoomSnap=0.25,
        fadeAnimation=False,
    )
    return offline_page(
        city_map,
        scripts,
        title=payload["title"].encode("utf-8", "replace").decode("utf-8"),
        language=_HTML_LANGUAGE[payload["language"]],
        data=script_json(payload),
        no_script=payload["texts"]["no_script"],
    )

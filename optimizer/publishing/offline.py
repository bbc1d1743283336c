"""A folium map in one file: it asks nothing of the network, and only its own scripts run."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping
from importlib.resources import files

import folium
from folium.template import Template

_ASSETS = files("optimizer.publishing") / "assets"
_STYLES = ("leaflet.css", "map.css", "checkpoints.css", "deployment.css")
CITY = (
    "map-words.js",
    "map-layers.js",
    "map-grids.js",
    "map-patrols.js",
    "map-checkpoints.js",
    "map-popups.js",
    "map-panels.js",
    "map-search.js",
    "map-frame.js",
    "map.js",
)
"""The scripts of a plan's map."""
DRILL = (
    "map-words.js",
    "map-layers.js",
    "map-popups.js",
    "map-panels.js",
    "map-frame.js",
    "drill-clock.js",
    "drill-layers.js",
    "drill-panels.js",
    "drill.js",
)
"""The scripts of a drill's page."""
_MARK = re.compile(r"<!--slot:(\w+)-->")


class OfflineMap(folium.Map):  # type: ignore[misc]
    """A folium map that links to nothing and whose element id is the same in every run.

    The page has two slots, `head` and `data`, that `offline_page` fills after folium has rendered:
    folium and branca compile whatever they are given as a template, so they are never given data.
    """

    default_js = ()
    default_css = ()

    _template = Template(
        """
        {% macro header(this, kwargs) %}<!--slot:head-->{% endmacro %}
        {% macro html(this, kwargs) %}
            <div class="folium-map" id={{ this.get_name()|tojson }}></div>
            <!--slot:data-->
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
                center: {{ this.location|tojson }},
                ...{{ this.options|tojavascript }}
            });
            drawOptimizerMap({{ this.get_name() }});
        {% endmacro %}
        """
    )

    @classmethod
    def _generate_id(cls) -> str:
        return "city"


def offline_page(
    city_map: OfflineMap,
    scripts: tuple[str, ...],
    *,
    title: str,
    language: str,
    data: str,
    no_script: str,
) -> str:
    """Return the page of a map as one self-contained HTML text.

    Parameters
    ----------
    scripts
        Names of our own scripts in their order, `CITY` or `DRILL`.
    data
        JSON for the page's scripts, as written by `script_json`.
    no_script
        What a reader sees whose browser runs no scripts.
    """
    head = f"{_styles()}\n<script>{_leaflet()}</script>\n<script>{_drawing(scripts)}</script>"
    shell = _fill(
        city_map.get_root().render(),
        {"head": f"<!--slot:policy-->{head}", "data": "<!--slot:data-->"},
    )
    shell = shell.replace("<html>", f'<html lang="{html.escape(language)}">', 1)
    return _fill(
        shell,
        {
            "policy": f"{_policy(shell)}\n<title>{html.escape(title)}</title>\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            "data": f'<script type="application/json" id="map-data">{data}</script>'
            f"<noscript>{html.escape(no_script)}</noscript>",
        },
    )


def _fill(page: str, content: Mapping[str, str]) -> str:
    """Put content into the slots in one pass, so that content like a slot stays text."""
    return _MARK.sub(lambda slot: content[slot[1]], page)


def _policy(shell: str) -> str:
    """Allow exactly the scripts and styles that are in the page before any data is."""

    def hashes(element: str) -> str:
        found = re.findall(rf"<{element}>(.*?)</{element}>", shell, flags=re.DOTALL)
        digests = (hashlib.sha256(text.encode()).digest() for text in found)
        return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

    rules = (
        "default-src 'none'",
        f"script-src {hashes('script')}",
        f"style-src {hashes('style')}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'


def _styles() -> str:
    """Return our style sheets; the pictures that Leaflet's names are not used, so not shipped."""
    sheets = (re.sub(r"url\([^)]*\)", "none", _asset(name)) for name in _STYLES)
    return "\n".join(f"<style>{sheet}</style>" for sheet in sheets)


def _leaflet() -> str:
    """Return Leaflet under its licence, without the link to its source map."""
    script = re.sub(r"//# sourceMappingURL=.*", "", _asset("leaflet.js"))
    return f"/*\n{_asset('leaflet-LICENSE.txt')}*/\n{script}"


def _drawing(scripts: tuple[str, ...]) -> str:
    """Return our own scripts as one closed scope that leaves a single name outside."""
    return "(function () {\n'use strict';\n" + "\n".join(map(_asset, scripts)) + "\n}());"


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")

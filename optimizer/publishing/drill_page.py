"""drill.html: who moves where, minute by minute, in one file that opens from a disk."""

from __future__ import annotations

from typing import Any

from optimizer.publishing.drill_content import DrillContent, DrillMove
from optimizer.publishing.locale import texts
from optimizer.publishing.maps import draw_page
from optimizer.publishing.offline import DRILL
from optimizer.publishing.page_values import at, line, number, roads_by_class, shape
from optimizer.publishing.polyline import encode

REACH_STEPS_A_MINUTE = 4


def render_drill(first: DrillContent, *others: DrillContent) -> str:
    """Draw drills with their clock, their posts and the order of arrival.

    The same content gives the same text, byte for byte.

    Parameters
    ----------
    first, others
        Drills of one city, of which the page shows one at a time. Its title, language and roads
        are those of the first.

    Returns
    -------
    The page as HTML text, to be written as UTF-8.

    Raises
    ------
    InputError
        If there is nothing to draw or the language is not available.
    """
    return draw_page(drill_payload(first, *others), DRILL)


def drill_payload(first: DrillContent, *others: DrillContent) -> dict[str, Any]:
    """Return what the page's scripts read, ready to be written as JSON."""
    words = texts(first.language)
    return {
        "language": first.language,
        "texts": {**words["map"], **words["drill"]},
        "title": first.title,
        "attribution": first.attribution,
        "bounds": _bounds(first),
        "roads": roads_by_class(first.roads),
        "drills": [_drill(content) for content in (first, *others)],
    }


def _bounds(content: DrillContent) -> list[list[float]]:
    west, south, east, north = content.bounds()
    return [[south, west], [north, east]]


def _drill(content: DrillContent) -> dict[str, Any]:
    return {
        "name": content.name,
        "subtitle": list(content.subtitle),
        "bounds": _bounds(content),
        "moves": [_move(move) for move in content.in_order()],
        "rings": [
            {"name": ring.name, "inner": shape(ring.inner), "outer": shape(ring.outer)}
            for ring in content.rings
        ],
        "incidents": [
            {"name": incident.name, "at": at(incident.lon, incident.lat)}
            for incident in content.incidents
        ],
        "reach": _reach(content),
        "leak": line(content.leak),
        "leakMinutes": number(content.leak_minutes, 2),
    }


def _move(move: DrillMove) -> dict[str, Any]:
    return {
        "post": move.post,
        "at": at(move.lon, move.lat),
        "street": move.street,
        "unit": move.unit,
        "start": move.start,
        "depart": number(move.depart_minutes, 3),
        "arrive": number(move.arrive_minutes, 3),
        "closed": number(move.closed_minutes, 3),
        "route": line(move.route),
        "times": [round(float(minutes), 3) for minutes in move.route_minutes],
        "evader": number(move.evader_minutes, 3),
    }


def _reach(content: DrillContent) -> list[dict[str, Any]]:
    """Gather lines by quarter minutes, so that the page draws one path for each."""
    steps: dict[int, list[Any]] = {}
    for vertices, minutes in zip(content.reach.lines, content.reach.minutes, strict=True):
        steps.setdefault(int(minutes * REACH_STEPS_A_MINUTE), []).append(vertices)
    return [
        {"from": step / REACH_STEPS_A_MINUTE, "lines": encode(steps[step])}
        for step in sorted(steps)
    ]

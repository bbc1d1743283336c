"""Roads of OpenStreetMap as it comes: .osm.pbf and .osm files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.errors import InputError
from optimizer.places import WGS84
from optimizer.roads.rows import RoadRows, Role
from optimizer.roads.settings import RoadsSettings

if TYPE_CHECKING:
    import osmium

TAGS: dict[Role, str] = {
    "name": "name", "road_class": "highway", "oneway": "oneway", "speed": "maxspeed",
}  # fmt: skip

ROUNDABOUTS = ("roundabout", "circular")


def read_osm(path: Path, settings: RoadsSettings) -> RoadRows:
    """Read every way that is a highway; ways meet where they share a node.

    Roundabouts and motorways are one-way unless they say otherwise, as OpenStreetMap has it.

    Raises
    ------
    InputError
        The file cannot be read or has no roads.
    """
    import osmium

    tags = {role: getattr(settings, role) or tag for role, tag in TAGS.items()}
    values: dict[Role, list[str]] = {role: [] for role in tags}
    vertices: list[int] = []
    places: list[tuple[float, float]] = []
    offsets = [0]
    outside = 0
    ways = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    ways = ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    try:
        for way in ways.with_filter(osmium.filter.KeyFilter(tags["road_class"])):
            known = [node for node in way.nodes if node.location.valid()]
            if len(known) < 2 or way.tags.get("area") == "yes":
                outside += len(known) < 2
                continue
            vertices += [node.ref for node in known]
            places += [(node.lon, node.lat) for node in known]
            offsets.append(len(vertices))
            for role, tag in tags.items():
                values[role].append(way.tags.get(tag, ""))
            values["oneway"][-1] = values["oneway"][-1] or _implied_oneway(way.tags)
    except RuntimeError as error:
        raise InputError(f"{path.name} cannot be read as OpenStreetMap data: {error}.") from error
    lines = shapely.from_ragged_array(
        shapely.GeometryType.LINESTRING, np.array(places).reshape(-1, 2), (np.array(offsets),)
    )
    return RoadRows(
        source=path.name,
        crs=WGS84,
        lines=np.asarray(lines, dtype=object),
        values={role: np.array(texts, dtype=object) for role, texts in values.items()},
        columns=tags,
        vertices=_as_ids(vertices),
        dropped={"outside the extract": outside} if outside else {},
    )


def _as_ids(vertices: list[int]) -> NDArray[np.int64]:
    return np.array(vertices, dtype=np.int64)


def _implied_oneway(tags: osmium.osm.TagList) -> str:
    implied = tags.get("junction") in ROUNDABOUTS or tags.get("highway") == "motorway"
    return "yes" if implied else ""

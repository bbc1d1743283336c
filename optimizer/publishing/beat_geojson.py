"""patrols.geojson: one line for each beat, with its times, for any navigation device."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import shapely
from pyproj import CRS

from optimizer.deployment import Beat
from optimizer.publishing.basemap import to_degrees
from optimizer.publishing.deployment_layers import beat_row
from optimizer.publishing.table_rows import clock

SIMPLIFY_PATH_M = 1.0


def beat_geojson(beats: Sequence[Beat], crs: CRS) -> str:
    """Write a collection in WGS-84 degrees, a beat on each line of text; always the same bytes."""
    paths = to_degrees([beat.path for beat in beats], crs, SIMPLIFY_PATH_M)
    features = [
        json.dumps(_feature(beat, path), ensure_ascii=False, allow_nan=False)
        for beat, path in zip(beats, paths, strict=True)
    ]
    body = ",\n".join(features)
    return f'{{"type": "FeatureCollection", "features": [\n{body}\n]}}\n'


def _feature(beat: Beat, path: shapely.LineString) -> dict[str, Any]:
    """Lay out a beat; the geometry is the way of one round."""
    vertices = shapely.get_coordinates(path).round(6).tolist()
    stops = [
        {
            "kind": stop.kind,
            "target_id": stop.target_id,
            "name": stop.name,
            "lon": round(stop.lon, 6),
            "lat": round(stop.lat, 6),
            "arrive": clock(stop.arrive_s),
            "leave": clock(stop.leave_s),
        }
        for stop in beat.stops
    ]
    return {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": vertices} if vertices else None,
        "properties": {**beat_row(beat), "stops": stops},
    }

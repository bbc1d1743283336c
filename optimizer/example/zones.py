"""Districts and tiers of the invented prefecture: who reports, and how fast help has to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.example.city import City
from optimizer.example.fabric import Floats
from optimizer.example.layout import Layout, Quarter
from optimizer.example.terrain import inside

DISTRICTS = ("old_city", "riverside", "west_hills", "new_zone", "county_a", "county_b")
PLATFORMS = (4, 2, 3, 1, 3, 3)  # ten in the city proper, three in each county
COUNTIES = (4, 5)
TIERS = ("central", "urban", "country")

SLIVER_M2 = 50.0
BEHIND_M = 12.0  # borders run behind the houses of a street, so that no junction lies on one


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A part of one district in which one standard holds.

    Parameters
    ----------
    district, tier
        Indices into `DISTRICTS` and `TIERS`.
    polygon
        In planar coordinates, metres.
    """

    district: int
    tier: int
    polygon: shapely.Geometry


def draw_zones(city: City) -> tuple[Zone, ...]:
    """Cut the prefecture into districts and each district into tiers, without gap or overlap."""
    terrain = city.terrain
    outer = _bent(city, city.layout.city)
    central = _bent(city, _behind(city.layout.centre))
    urban = shapely.union_all(
        [outer.buffer(150), *(town.buffer(120) for town in city.towns)]
    ).difference(central)
    country = city.land.difference(shapely.union_all([central, urban]))
    zones = []
    for district, ground in enumerate(_districts(city, outer)):
        for tier, area in enumerate((central, urban, country)):
            piece = _solid(ground.intersection(area))
            if not piece.is_empty:
                zones.append(Zone(district, tier, _turned(piece, terrain.turned)))
    return tuple(zones)


def district_of(zones: tuple[Zone, ...], x_m: Floats, y_m: Floats) -> NDArray[np.int64]:
    """Tell the district of each point; -1 outside all."""
    district = np.full(np.shape(x_m), -1, dtype=np.int64)
    for zone in zones:
        district[inside(zone.polygon, x_m, y_m)] = zone.district
    return district


def water(city: City) -> list[tuple[str, shapely.Geometry]]:
    """Draw the river inside the prefecture and the lakes, in planar coordinates."""
    flat = [("river", city.terrain.water().intersection(city.land))]
    flat += [("lake", _bent(city, city.layout.lake(block))) for block in city.layout.lakes]
    return [(kind, _turned(shape, city.terrain.turned)) for kind, shape in flat]


def quarter_polygon(city: City, quarter: Quarter) -> shapely.Polygon:
    """Bend a quarter of the flat plan into planar coordinates."""
    return _turned(_bent(city, quarter), city.terrain.turned)


def _districts(city: City, outer: shapely.Polygon) -> list[shapely.Geometry]:
    layout: Layout = city.layout
    limit = outer.buffer(0.4 * layout.half_m).intersection(city.land)
    far = 6 * layout.half_m
    west = _bent(city, Quarter(-far, -far, 0.0, far))
    new_zone, old_town, centre = map(_behind, (layout.new_zone, layout.old_town, layout.centre))
    new = _bent(city, Quarter(new_zone.u0, -far, far, new_zone.v1)).difference(west)
    old = _bent(city, Quarter(0.0, old_town.v0, centre.u1, far))
    old = old.difference(shapely.union_all([west, new]))
    taken = shapely.union_all([west, new, old])
    in_city = [limit.intersection(part) for part in (old, limit.difference(taken), west, new)]
    country = city.land.difference(limit)
    side_a = _side_of_first_town(city, far)
    return [*in_city, country.intersection(side_a), country.difference(side_a)]


def _side_of_first_town(city: City, far_m: float) -> shapely.Polygon:
    """Draw the half of the plane nearer to the first county town, with an uneven border."""
    first, second = (np.array(town.centroid.coords[0]) for town in city.towns)
    ahead = (first - second) / np.hypot(*(first - second))
    aside = np.array([-ahead[1], ahead[0]])
    along = np.linspace(-far_m, far_m, 200)
    sway = 0.12 * city.layout.half_m * np.sin(along / far_m * 19) + 0.2 * city.layout.half_m
    border = along[:, None] * aside + sway[:, None] * ahead
    back = np.array([far_m * (ahead + aside), far_m * (ahead - aside)])
    return shapely.Polygon(np.concatenate([border, back]))


def _behind(quarter: Quarter) -> Quarter:
    u0, v0, u1, v1 = quarter.u0, quarter.v0, quarter.u1, quarter.v1
    return Quarter(u0 - BEHIND_M, v0 - BEHIND_M, u1 + BEHIND_M, v1 + BEHIND_M)


def _bent(city: City, quarter: Quarter) -> shapely.Polygon:
    return shapely.Polygon(np.column_stack(city.terrain.bent(*quarter.outline()))).buffer(0)


def _solid(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the polygons that are large enough to matter."""
    pieces = shapely.get_parts(shape)
    return shapely.union_all(pieces[shapely.area(pieces) > SLIVER_M2])


def _turned(
    shape: shapely.Geometry, turn: Callable[[Floats, Floats], tuple[Floats, Floats]]
) -> shapely.Geometry:
    return shapely.transform(
        shape, lambda points: np.column_stack(turn(points[:, 0], points[:, 1]))
    )

"""From a plan in planar metres to the content of its map in degrees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.evaluation import Platform
from optimizer.places import unproject
from optimizer.plan import CityPlan
from optimizer.publishing.locale import texts
from optimizer.publishing.map_content import (
    ARTERIAL,
    COLLECTOR,
    LOCAL,
    Coordinates,
    MapCells,
    MapContent,
    MapDistrict,
    MapGround,
    MapHotspot,
    MapKeySite,
    MapPlace,
    MapPlatform,
    MapRoads,
    MapTier,
)
from optimizer.publishing.map_shapes import count_cells, polygons_of

CELL_M = 250.0
SIMPLIFY_ROADS_M, SIMPLIFY_AREAS_M = 2.0, 8.0
ARTERIAL_KPH, COLLECTOR_KPH = 55.0, 50.0
ARTERIAL_CLASSES = ("motorway", "trunk", "primary")
COLLECTOR_CLASSES = ("secondary", "tertiary")


def city_map(plan: CityPlan) -> MapContent:
    """Turn a plan into what its map shows."""
    head = plan.study.settings.study
    start, end = plan.window or (plan.as_of, plan.as_of)
    last_day = max(start, end - dt.timedelta(days=1))
    demand, uncovered = _cells(plan)
    proof = texts(head.language)["report"]["proof_short"]
    return MapContent(
        title=head.title or head.name,
        attribution=head.attribution,
        subtitle=(proof.format(gap=f"{100 * plan.solution.gap:.2f}"),),
        language=head.language,
        as_of=plan.as_of,
        window_start=start,
        window_end=last_day,
        covered_share=plan.coverage.covered_share(),
        tiers=tuple(
            MapTier(name, tier.minutes, tier.covered_share, tier.calls)
            for name, tier in plan.coverage.by_tier().items()
        ),
        roads=_roads(plan),
        platforms=tuple(_platform(plan, platform) for platform in plan.platforms),
        hotspots=_hotspots(plan),
        ground=_ground(plan),
        demand=demand,
        uncovered=uncovered,
        existing=_existing(plan),
        key_sites=_key_sites(plan),
        districts=_districts(plan),
    )


def _degrees(
    plan: CityPlan, shapes: Iterable[shapely.Geometry], tolerance_m: float
) -> NDArray[np.object_]:
    """Simplify planar shapes and give them in WGS-84 degrees."""
    simple = shapely.simplify(np.array(list(shapes), dtype=object), tolerance_m)

    def to_degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(unproject(xy[:, 0], xy[:, 1], plan.network.crs))

    result: NDArray[np.object_] = shapely.transform(simple, to_degrees)
    return result


def _roads(plan: CityPlan) -> MapRoads:
    lines: tuple[Coordinates, ...] = tuple(
        shapely.get_coordinates(line)
        for line in _degrees(plan, plan.network.lines, SIMPLIFY_ROADS_M)
    )
    classes = tuple(
        _road_class(str(name), float(speed_kph))
        for name, speed_kph in zip(
            plan.network.line_class, plan.network.line_speed_kph, strict=True
        )
    )
    return MapRoads(lines, classes)


def _road_class(name: str, speed_kph: float) -> int:
    """Rank a road by its OSM word where it has one, else by its speed."""
    if name.startswith(ARTERIAL_CLASSES):
        return ARTERIAL
    if name.startswith(COLLECTOR_CLASSES):
        return COLLECTOR
    if name in ("residential", "unclassified", "living_street", "service"):
        return LOCAL
    return (
        ARTERIAL
        if speed_kph >= ARTERIAL_KPH
        else COLLECTOR
        if speed_kph >= COLLECTOR_KPH
        else LOCAL
    )


def _platform(plan: CityPlan, platform: Platform) -> MapPlatform:
    return MapPlatform(
        platform_id=platform.platform_id,
        name=platform.name,
        lon=platform.lon,
        lat=platform.lat,
        district=platform.district,
        status=platform.status,
        nearest_street=platform.nearest_street,
        calls_per_year=platform.duty.calls_per_year,
        covered_share=platform.duty.covered_share,
        tier_shares=platform.duty.within,
        workload_hours_per_day=platform.duty.workload_hours_per_day,
        crew=plan.study.settings.crew.model_dump(
            include={"command_vehicles", "response_cars", "motorcycles", "officers", "auxiliaries"}
        ),
    )


def _hotspots(plan: CityPlan) -> tuple[MapHotspot, ...]:
    if plan.hotspots is None:
        return ()
    table = plan.hotspots.table
    shapes = _degrees(plan, table.geometry, SIMPLIFY_AREAS_M)
    shifts = [column for column in table.columns if column.startswith("share_")]
    return tuple(
        MapHotspot(
            rank=int(row["rank"]),
            polygons=polygons_of(shape),
            calls=int(row["calls"]),
            shift_shares={shift.removeprefix("share_"): float(row[shift]) for shift in shifts},
            trend_per_year=float(row["trend_per_year"]),
            area_km2=float(row["area_km2"]),
        )
        for row, shape in zip(table.to_dict("records"), shapes, strict=True)
    )


def _ground(plan: CityPlan) -> tuple[MapGround, ...]:
    shapes = _degrees(plan, plan.ground.geometry, SIMPLIFY_AREAS_M)
    return tuple(
        MapGround(minutes=standard_s / 60, polygons=polygons_of(shape))
        for standard_s, shape in zip(plan.ground["standard_s"], shapes, strict=True)
    )


def _cells(plan: CityPlan) -> tuple[MapCells, MapCells]:
    """Count calls, and calls not reached in time, in cells; small counts stay out."""
    demand, least = plan.demand, plan.study.settings.output.suppress_below
    lon, lat = unproject(demand.x_m, demand.y_m, plan.network.crs)
    late = np.where(plan.coverage.within, 0, demand.calls)
    return count_cells(lon, lat, demand.calls, late, cell_m=CELL_M, suppress_below=least)


def _existing(plan: CityPlan) -> tuple[MapPlace, ...]:
    lon, lat = _lon_lat(plan, plan.existing)
    return tuple(map(MapPlace, plan.existing["name"], lon, lat))


def _key_sites(plan: CityPlan) -> tuple[MapKeySite, ...]:
    lon, lat = _lon_lat(plan, plan.key_sites)
    minutes = plan.key_sites["response_s"] / 60
    within = plan.key_sites["within"]
    return tuple(map(MapKeySite, plan.key_sites["name"], lon, lat, within, minutes))


def _lon_lat(plan: CityPlan, places: gpd.GeoDataFrame) -> tuple[list[float], list[float]]:
    lon, lat = unproject(
        places.geometry.x.to_numpy(), places.geometry.y.to_numpy(), plan.network.crs
    )
    return lon.tolist(), lat.tolist()


def _districts(plan: CityPlan) -> tuple[MapDistrict, ...]:
    """Outline the districts, the worst first, those without demand last."""
    shares = plan.coverage.by_district()
    outlines = plan.zones.outlines()
    shapes = dict(
        zip(outlines["district"], _degrees(plan, outlines.geometry, SIMPLIFY_AREAS_M), strict=True)
    )
    ranked = [*(name for name in shares if name in shapes), *(n for n in shapes if n not in shares)]
    return tuple(
        MapDistrict(name, polygons_of(shapes[name]), shares.get(name, float("nan")))
        for name in ranked
    )

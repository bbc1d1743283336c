"""From a plan in planar metres to the content of its map in degrees."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np

from optimizer.deployment.crews import crew_of
from optimizer.evaluation import Platform
from optimizer.places import unproject
from optimizer.plan import CityPlan
from optimizer.publishing.basemap import map_roads, to_degrees
from optimizer.publishing.checkpoint_map import map_checkpoints
from optimizer.publishing.deployment_map import map_deployment
from optimizer.publishing.locale import texts
from optimizer.publishing.map_content import (
    MapCells,
    MapContent,
    MapDistrict,
    MapGround,
    MapHotspot,
    MapKeySite,
    MapPlace,
    MapPlatform,
    MapTier,
)
from optimizer.publishing.map_shapes import count_cells, polygons_of
from optimizer.publishing.plan_tables import threshold_of, told_platforms

CELL_M = 250.0
SIMPLIFY_AREAS_M = 8.0


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
        roads=map_roads(plan.network, None if plan.checkpoints is None else plan.checkpoints.ways),
        platforms=tuple(_platform(plan, platform) for platform in told_platforms(plan)),
        hotspots=_hotspots(plan),
        ground=_ground(plan),
        demand=demand,
        uncovered=uncovered,
        existing=_existing(plan),
        key_sites=_key_sites(plan),
        districts=_districts(plan),
        checkpoints=map_checkpoints(plan.checkpoints, plan.network.crs),
        deployment=map_deployment(plan.grids, plan.duty, threshold_of(plan), plan.network.crs),
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
        crew=crew_of(plan.study.settings.crew, platform.district).numbers(),
    )


def _hotspots(plan: CityPlan) -> tuple[MapHotspot, ...]:
    if plan.hotspots is None:
        return ()
    table = plan.hotspots.table
    shapes = to_degrees(table.geometry, plan.network.crs, SIMPLIFY_AREAS_M)
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
    shapes = to_degrees(plan.ground.geometry, plan.network.crs, SIMPLIFY_AREAS_M)
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
        zip(
            outlines["district"],
            to_degrees(outlines.geometry, plan.network.crs, SIMPLIFY_AREAS_M),
            strict=True,
        )
    )
    ranked = [*(name for name in shares if name in shapes), *(n for n in shapes if n not in shares)]
    return tuple(
        MapDistrict(name, polygons_of(shapes[name]), shares.get(name, float("nan")))
        for name in ranked
    )

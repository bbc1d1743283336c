"""From the grids and the duty of a plan, in planar metres, to what its map shows in degrees."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from pyproj import CRS

from optimizer.deployment import (
    Beat,
    DutyPlan,
    PatrolPlan,
    PatrolStop,
    QuickResponsePlan,
    VillagePlan,
    ZonePlan,
)
from optimizer.districts import GridPlan, GridVariant
from optimizer.places import unproject
from optimizer.publishing.basemap import to_degrees
from optimizer.publishing.degrees import Coordinates
from optimizer.publishing.deployment_content import (
    MapBeat,
    MapDeployment,
    MapDivision,
    MapGrid,
    MapLeftOut,
    MapPatrolZone,
    MapResponsePoint,
    MapStop,
    MapVillages,
)
from optimizer.publishing.grid_colours import area_colours
from optimizer.publishing.grid_tables import told_grids, told_variant
from optimizer.publishing.map_shapes import polygons_of
from optimizer.publishing.suppression import Threshold
from optimizer.publishing.table_rows import Place, clock

SIMPLIFY_GRIDS_M, SIMPLIFY_ZONES_M, SIMPLIFY_PATHS_M = 4.0, 2.0, 4.0


def map_deployment(
    grids: GridPlan, duty: DutyPlan, threshold: Threshold, crs: CRS
) -> MapDeployment:
    """Turn grids and duty into what the map shows.

    Parameters
    ----------
    crs
        Of the plan's shapes.
    """
    patrols, zones, points = duty.patrols, duty.zones, duty.quick_response
    return MapDeployment(
        tuple(_divisions(grids, threshold, crs)),
        beats=() if patrols is None else tuple(_beats(patrols.beats, crs)),
        left_out=() if patrols is None else tuple(_left_out(patrols, crs)),
        zones=() if zones is None else tuple(_zones(zones, crs)),
        points=() if points is None else tuple(_points(points, threshold, crs)),
        villages=MapVillages() if duty.villages is None else _villages(duty.villages, crs),
    )


def _degrees(places: Sequence[Place], crs: CRS) -> Coordinates:
    """Give longitude and latitude of places, shape (k, 2), also of those nowhere on Earth."""
    metres = np.array([(place.x_m, place.y_m) for place in places]).reshape(-1, 2)
    return np.column_stack(unproject(metres[:, 0], metres[:, 1], crs))


def _divisions(plan: GridPlan, threshold: Threshold, crs: CRS) -> Iterator[MapDivision]:
    """Give the plan's variant with all that is known of each grid, then the other one."""
    colours = area_colours([row.polygon for row in plan.rows], plan.outlines)
    chosen, other = (told_variant(variant, threshold) for variant in plan.variants)
    grids = tuple(_chosen_grids(plan, colours, threshold, crs))
    yield MapDivision(chosen.name, grids, chosen.spread, chosen.travel_s / 60)
    grids = tuple(_other_grids(plan, other.hours.tolist(), colours, crs))
    yield MapDivision(other.name, grids, other.spread, other.travel_s / 60)


def _chosen_grids(
    plan: GridPlan, colours: Sequence[str], threshold: Threshold, crs: CRS
) -> Iterator[MapGrid]:
    shapes = to_degrees([row.polygon for row in plan.rows], crs, SIMPLIFY_GRIDS_M)
    for row, colour, shape in zip(told_grids(plan, threshold), colours, shapes, strict=True):
        yield MapGrid(
            grid_id=row.grid_id,
            name=row.name,
            platform_id=row.platform_id,
            colour=colour,
            polygons=polygons_of(shape),
            hours_per_day=row.hours_per_day,
            load_share=row.load_share,
            calls_per_year=row.calls_per_year,
            hours_by_shift=row.hours_by_shift,
            travel_minutes=row.travel_s / 60,
            covered_share=row.covered_share,
            backup_platform=row.backup_platform,
            backup_share=row.backup_covered_share,
            safety_index=row.safety_index,
        )


def _other_grids(
    plan: GridPlan, told_hours: Sequence[float], colours: Sequence[str], crs: CRS
) -> Iterator[MapGrid]:
    """Give the other variant's grids; hours that are not told are NaN."""
    shapes = to_degrees(plan.outlines, crs, SIMPLIFY_GRIDS_M)
    load_shares = _load_shares(plan.variants[1])
    for row, colour, shape, hours, load_share in zip(
        plan.rows, colours, shapes, told_hours, load_shares, strict=True
    ):
        yield MapGrid(
            grid_id=row.grid_id,
            name=row.name,
            platform_id=row.platform_id,
            colour=colour,
            polygons=polygons_of(shape),
            hours_per_day=hours,
            load_share=load_share if math.isfinite(hours) else math.nan,
        )


def _load_shares(variant: GridVariant) -> list[float]:
    """Give the hours of each grid over the mean of its group; NaN where a group has no work."""
    group, hours = variant.group, variant.hours
    mean = np.bincount(group, hours) / np.maximum(np.bincount(group), 1)
    return [
        float(own / of_group) if of_group else math.nan
        for own, of_group in zip(hours, mean[group], strict=True)
    ]


def _beats(beats: Sequence[Beat], crs: CRS) -> Iterator[MapBeat]:
    paths = to_degrees([beat.path for beat in beats], crs, SIMPLIFY_PATHS_M)
    for beat, path in zip(beats, paths, strict=True):
        number = re.search(r"\d+$", beat.unit)
        yield MapBeat(
            beat_id=beat.beat_id,
            grid_id=beat.grid_id,
            shift=beat.shift,
            vehicle=beat.vehicle,
            number=int(number[0]) if number else 1,
            path=shapely.get_coordinates(path),
            stops=tuple(_first_round(beat, crs)),
            rounds=beat.rounds,
            driven_km=beat.driven_km,
            patrol_share=beat.patrol_share,
        )


def _first_round(beat: Beat, crs: CRS) -> Iterator[MapStop]:
    """Give each point and line when it is met first."""
    first: dict[str, PatrolStop] = {}
    for stop in beat.stops:
        if stop.kind in ("point", "line"):
            first.setdefault(stop.target_id, stop)
    stops = list(first.values())
    for stop, (lon, lat) in zip(stops, _degrees(stops, crs).tolist(), strict=True):
        yield MapStop(
            target_id=stop.target_id,
            name=stop.name or stop.street,
            lon=lon,
            lat=lat,
            arrive=clock(stop.arrive_s)[:5],
            leave=clock(stop.leave_s)[:5],
        )


def _left_out(plan: PatrolPlan, crs: CRS) -> Iterator[MapLeftOut]:
    places = _degrees(plan.left_out, crs).tolist()
    for row, (lon, lat) in zip(plan.left_out, places, strict=True):
        yield MapLeftOut(row.name or row.target_id, row.grid_id, row.shift, row.reason, lon, lat)


def _zones(plan: ZonePlan, crs: CRS) -> Iterator[MapPatrolZone]:
    shapes = to_degrees([zone.outline for zone in plan.zones], crs, SIMPLIFY_ZONES_M)
    places = _degrees(plan.zones, crs).tolist()
    for zone, shape, (lon, lat) in zip(plan.zones, shapes, places, strict=True):
        yield MapPatrolZone(
            zone_id=zone.zone_id,
            lon=lon,
            lat=lat,
            polygons=polygons_of(shape),
            hotspots=zone.hotspots,
            preventable_per_year=zone.preventable_per_year,
            patrol_hours_per_day=zone.patrol_hours_per_day,
            platform=zone.reaction_platform,
            reaction_minutes=zone.reaction_s / 60,
        )


def _points(plan: QuickResponsePlan, threshold: Threshold, crs: CRS) -> Iterator[MapResponsePoint]:
    for row, (lon, lat) in zip(plan.points, _degrees(plan.points, crs).tolist(), strict=True):
        calls = row.closes_calls_per_year
        yield MapResponsePoint(
            point_id=row.point_id,
            lon=lon,
            lat=lat,
            street=row.street,
            vehicle=plan.vehicle,
            closes=calls if threshold.tells(calls) else math.nan,
            platform=row.parent_platform,
        )


def _villages(plan: VillagePlan, crs: CRS) -> MapVillages:
    return MapVillages(
        name=tuple(post.name or post.village_id for post in plan.posts),
        at=_degrees(plan.posts, crs),
        platform=tuple(post.backup_platform for post in plan.posts),
        minutes=tuple(post.backup_s / 60 for post in plan.posts),
        late=tuple(post.late for post in plan.posts),
    )

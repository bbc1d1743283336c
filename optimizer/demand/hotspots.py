"""Hotspots: compact ground where calls crowd, ranked, with what they foresaw."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.stats import poisson

from optimizer.calls import Calls
from optimizer.demand.call_field import CallField, lay_on_grid
from optimizer.demand.clusters import core_weight, gather_clusters
from optimizer.demand.counts import CountedPlaces
from optimizer.demand.density import Grid
from optimizer.demand.density_cut import DensityRule, choose_rule
from optimizer.demand.foresight import Foresight, match_later_calls, rate_all, rate_each
from optimizer.demand.members import polygon_of_places
from optimizer.demand.outlines import outline
from optimizer.demand.settings import HotspotSettings
from optimizer.demand.shifts import NO_SHIFT, Shifts
from optimizer.demand.trend import periods_before, trend_per_year
from optimizer.places import unproject

Floats = NDArray[np.float64]
Labels = NDArray[np.int32]
Polygons = NDArray[np.object_]
Window = tuple[dt.date, dt.date]

CHANCE = 0.05
"""Chance that a map of calls strewn evenly over the ground would show a hotspot anywhere."""

QUARTER_DAYS = 91


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Hotspots:
    """The hotspots of a study, heaviest first.

    Parameters
    ----------
    table
        A row per hotspot: ``hotspot_id, rank, calls, weight, area_km2, share_<shift> ...,
        trend_per_year, pai, pei, lon, lat`` and the planar polygon ``geometry``. NaN where calls
        have no clock times (shares), no dates (trend), or nothing came later (PAI, PEI).
    rule
        Search radius and density cut that made them; None where there was no demand.
    ground_km2
        Size of the study ground.
    foresight
        How they did on later calls; None where there are none.
    """

    table: gpd.GeoDataFrame
    rule: DensityRule | None
    ground_km2: float
    foresight: Foresight | None

    def __len__(self) -> int:
        return len(self.table)

    def figures(self) -> dict[str, Any]:
        """Tell the headline numbers, ready for JSON."""
        figures: dict[str, Any] = {
            "count": len(self),
            "radius_m": None if self.rule is None else self.rule.radius_m,
            "times_mean": None if self.rule is None else round(self.rule.times_mean, 4),
            "area_km2": round(float(self.table["area_km2"].sum()), 4),
            "ground_km2": round(self.ground_km2, 4),
        }
        return figures if self.foresight is None else figures | self.foresight.to_json()


def find_hotspots(  # noqa: PLR0913
    places: Calls | CountedPlaces,
    weights: Floats,
    *,
    settings: HotspotSettings,
    shifts: Shifts,
    crs: pyproj.CRS,
    window: Window | None = None,
    later: Calls | None = None,
    ground_km2: float | None = None,
    suppress_below: int = 0,
) -> Hotspots:
    """Find where calls crowd.

    Calls are merged into square cells; a density cut, chosen by how well earlier calls foresee
    later ones inside the planning window, keeps the dense cells; DBSCAN gathers them; outlines are
    drawn around what it gathered. Every figure is counted inside the outlines themselves.

    All calls count, those too far from a road for a platform to serve included: a crowd in a park
    or on a campus is a hotspot as well.

    Parameters
    ----------
    places
        Calls of the planning window, or counts per place, which have no dates.
    weights
        Weight of each, shape (n,).
    settings
        The section [hotspots].
    shifts
        Shifts of the day.
    crs
        Planar CRS of the study, metres.
    window
        First day of the planning window and the day after its last; None: no dates are used.
    later
        Calls after the window, to be foreseen.
    ground_km2
        Size of the study ground where it is known, such as the area of all zones; None: the
        squares of five cells that hold a call.
    suppress_below
        Fewest calls that may be published: a hotspot of fewer is not listed, whatever the settings
        say.

    Raises
    ------
    InputError
        The calls lie too far apart for cells of this size.
    """
    if len(places) == 0 or weights.sum() <= 0:
        nothing = _Listed(np.empty(0, object), np.empty(0, np.int32), np.zeros(0), np.zeros(0))
        table = _table(nothing, crs).assign(**_shift_shares(places, nothing.member, 0, shifts))
        return Hotspots(_ordered(table), None, ground_km2 or 0.0, None)
    field = lay_on_grid(places, weights, settings.cell_m, ground_km2)
    grid = field.grid(weights)
    early, late = _early_and_late(places, field, grid, window)
    rule = choose_rule(early, late, field.frame, field.ground_cells, settings)
    clusters = gather_clusters(grid, field.frame, rule, field.ground_cells)
    shapes = [outline(field.frame.centres(cells), settings.cell_m) for cells in clusters]
    core = core_weight(grid, field.frame, rule, field.ground_cells)
    listed = _heaviest(field, _joined(shapes), core, settings, suppress_below)
    table = _table(listed, crs)
    table = table.assign(**_shift_shares(places, listed.member, len(table), shifts))
    table["trend_per_year"] = _trends(places, listed.member, len(table), window)
    foresight = None
    if later is not None and len(later) and len(table):
        area = table["area_km2"].to_numpy()
        matched = match_later_calls(later, field, listed.polygons)
        table["pai"], table["pei"] = rate_each(matched, area, field)
        foresight = rate_all(matched, listed.calls, float(area.sum()), field, rule.radius_m)
    return Hotspots(_ordered(table), rule, field.ground_km2, foresight)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Listed:
    """Outlines of h hotspots, heaviest first, the hotspot of every place, and what each holds."""

    polygons: Polygons
    member: Labels
    calls: Floats
    weight: Floats


def _early_and_late(
    places: Calls | CountedPlaces, field: CallField, grid: Grid, window: Window | None
) -> tuple[Grid, Grid | None]:
    """Split the weight before and in the last quarter of the window; undated: all, and None."""
    if window is None or not isinstance(places, Calls):
        return grid, None
    start, end = (np.datetime64(day, "D") for day in window)
    days = min(QUARTER_DAYS, int((end - start).astype(np.int64)) // 4)
    is_late = places.time >= end - days
    if is_late.all():
        return grid, None
    return field.grid(np.where(is_late, 0, field.weight)), field.grid(
        np.where(is_late, field.weight, 0)
    )


def _joined(shapes: list[Polygons]) -> Polygons:
    return np.concatenate(shapes) if shapes else np.empty(0, object)


def _heaviest(
    field: CallField,
    polygons: Polygons,
    core: float,
    settings: HotspotSettings,
    suppress_below: int,
) -> _Listed:
    """Keep the heaviest polygons that deserve the name, and tell the polygon of every place.

    A polygon must weigh as much as a core, so that no splinter is listed, and chance must not
    explain it: strewn evenly, calls would fill ground of its size anywhere to its count with a
    probability below `CHANCE` (Poisson, times the number of such places).
    """
    member = polygon_of_places(field.cells, field.x_m, field.y_m, polygons)
    count = len(polygons)
    calls, weight = field.calls_in(member, count), field.weight_in(member, count)
    if settings.min_calls is None:
        part = shapely.area(polygons) / 1e6 / field.ground_km2
        expected = part * (len(field.x_m) if field.calls is None else field.calls.sum())
        listed = (weight >= core) & (poisson.sf(np.ceil(calls) - 1, expected) < CHANCE * part)
    else:
        listed = calls >= max(settings.min_calls, 1e-9)
    listed &= calls >= suppress_below
    rank = np.lexsort([np.arange(count), -calls, -weight])
    rank = rank[listed[rank]][: settings.max_hotspots]
    renumbered = np.full(count + 1, -1, np.int32)
    renumbered[rank] = np.arange(len(rank))
    return _Listed(polygons[rank], renumbered[member], calls[rank], weight[rank])


def _table(listed: _Listed, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    rank = np.arange(1, len(listed.polygons) + 1)
    inside = shapely.point_on_surface(listed.polygons)
    lon, lat = unproject(shapely.get_x(inside), shapely.get_y(inside), crs)
    columns = {
        "hotspot_id": [f"H{number:02d}" for number in rank],
        "rank": rank,
        "calls": np.rint(listed.calls).astype(np.int64),
        "weight": listed.weight,
        "area_km2": shapely.area(listed.polygons) / 1e6,
        "trend_per_year": np.nan,
        "pai": np.nan,
        "pei": np.nan,
        "lon": lon,
        "lat": lat,
    }
    return gpd.GeoDataFrame(columns, geometry=listed.polygons, crs=crs)


def _ordered(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shares = [column for column in table.columns if column.startswith("share_")]
    others = [column for column in table.columns if column not in shares]
    after = others.index("area_km2") + 1
    return table[[*others[:after], *shares, *others[after:]]]


def _shift_shares(
    places: Calls | CountedPlaces, member: Labels, count: int, shifts: Shifts
) -> dict[str, Floats]:
    """Share of the calls with a clock time by shift; NaN where there are none."""
    width = len(shifts.names)
    sums = np.zeros((count, width))
    if isinstance(places, Calls):
        inside = np.flatnonzero(member >= 0)
        shift = shifts.of_times(places.time[inside], places.has_time[inside])
        known = shift != NO_SHIFT
        pair = member[inside[known]] * width + shift[known]
        sums = np.bincount(pair, minlength=count * width).reshape(count, width).astype(float)
    total = sums.sum(axis=1, keepdims=True)
    shares = np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0)
    return {f"share_{name}": shares[:, code] for code, name in enumerate(shifts.names)}


def _trends(
    places: Calls | CountedPlaces, member: Labels, count: int, window: Window | None
) -> Floats:
    if window is None or not isinstance(places, Calls):
        return np.full(count, np.nan)
    inside = np.flatnonzero(member >= 0)
    start, end = (np.datetime64(day, "D") for day in window)
    period, periods = periods_before(places.time[inside], start, end)
    pair = (member[inside] * periods + period)[period >= 0]
    counts = np.bincount(pair, minlength=count * periods).reshape(count, periods)
    return trend_per_year(counts.astype(float))

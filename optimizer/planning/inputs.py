"""Everything a study names, read and brought onto one road network."""

from __future__ import annotations

import dataclasses
import logging
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from optimizer.calls import RawCalls, read_calls
from optimizer.demand import (
    CountedPlaces,
    DemandPoints,
    KeySites,
    Layer,
    Shifts,
    Zones,
    counted_points,
    demand_points,
    read_layer,
    read_zones,
)
from optimizer.districts import Cells
from optimizer.errors import InputError
from optimizer.places import parse_crs, project, read_places, read_polygons
from optimizer.planning.checkpoint_inputs.inputs import CheckpointInputs, read_checkpoints
from optimizer.planning.checkpoint_inputs.streets import Streets, read_streets
from optimizer.planning.duty_inputs.crew import check_crew
from optimizer.planning.duty_inputs.inputs import DutyInputs, read_duty_inputs
from optimizer.planning.faults import Faults, present
from optimizer.planning.grids.cell_file import read_cells
from optimizer.planning.names import area_faults, district_faults, keep_faults
from optimizer.planning.source import Source, read_source
from optimizer.roads import RoadNetwork, snap_places
from optimizer.study import PlacePoint, Study

LOG = logging.getLogger(__name__)

Listed = tuple[str, gpd.GeoDataFrame]
"""A file, or the study itself, and the places that it lists."""

MOST_NAMED = 5
"""Places that one warning names."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CityInputs:
    """What a study's files say, on the plane and the road network of the study.

    Parameters
    ----------
    streets, zones, shifts
        The roads, the ground divided into tiers and districts, the shifts of a day.
    key_sites, existing
        Planar points with ``place_id, name, weight`` and the index of their ``node``; may be empty.
    source, demand
        Calls or counts, and the demand points made of them.
    checkpoints
        What [checkpoints] names; None where the study has no such section.
    duty
        What the sections on duty name.
    cells
        The finer grid that no main grid may split; None where the study names none.
    warnings
        Sentences of the readers that a planner should know.
    """

    streets: Streets
    zones: Zones
    shifts: Shifts
    key_sites: gpd.GeoDataFrame
    existing: gpd.GeoDataFrame
    source: Source
    demand: DemandPoints
    checkpoints: CheckpointInputs | None
    duty: DutyInputs
    cells: Cells | None
    warnings: tuple[str, ...]

    @property
    def network(self) -> RoadNetwork:
        """The roads on which every junction reaches every other one."""
        return self.streets.main


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class _Files:
    """What is read before the roads need to be known; None where reading failed."""

    streets: Streets | None
    zones: Zones | None
    key_sites: list[Listed] | None
    existing: Listed | None
    raw_calls: RawCalls | None
    warnings: tuple[str, ...] = ()


def read_inputs(study: Study) -> CityInputs:
    """Read everything a study names.

    Raises
    ------
    InputError
        Anything is missing or wrong; the faults of all files are gathered first.
    """
    faults = Faults()
    files = _read_files(study, faults)
    faults.raise_any()
    streets, zones = present(files.streets), present(files.zones)
    network = streets.main
    settings, limit_m = study.settings, study.settings.roads.max_snap_m
    shifts = Shifts.from_settings(settings.demand)
    sites_on_roads = faults.of(
        lambda: _on_roads(present(files.key_sites), network, "Key sites", limit_m)
    )
    existing_on_roads = faults.of(
        lambda: _on_roads([present(files.existing)], network, "Existing stations", limit_m)
    )
    layers = [
        faults.of(partial(read_layer, layer, study.root, network, max_snap_m=limit_m))
        for layer in settings.demand.layers
    ]
    source = faults.of(lambda: read_source(study, network, shifts, files.raw_calls))
    checkpoints = faults.of(lambda: read_checkpoints(study, streets))
    faults.of(lambda: check_crew(study, zones, source))
    duty = faults.of(lambda: read_duty_inputs(study, network, source))
    cells = faults.of(lambda: read_cells(study, network))
    faults.raise_any()
    source = present(source)
    key_sites, far_sites = present(sites_on_roads)
    existing, far_stations = present(existing_on_roads)
    demand = _demand(
        source, shifts, network, zones, key_sites=key_demand(key_sites),
        layers=[present(layer) for layer in layers], max_snap_m=limit_m,
    )  # fmt: skip
    if source.quality is not None:
        quality = source.quality.with_dropped("too_far_from_road", demand.snap.too_far)
        source = dataclasses.replace(source, quality=quality)
    return CityInputs(
        streets, zones, shifts, key_sites, existing, source, demand, checkpoints, present(duty),
        cells,
        warnings=(*network.report.warnings, *files.warnings, *far_sites, *far_stations,
                  *(sentence for layer in layers for sentence in present(layer).warnings),
                  *demand.warnings, *(source.quality.warnings if source.quality else ()),
                  *(checkpoints.warnings if checkpoints is not None else ()),
                  *(cells.warnings if cells is not None else ())),
    )  # fmt: skip


def _read_files(study: Study, faults: Faults) -> _Files:
    settings, root = study.settings, study.root
    calls = settings.calls
    streets = faults.of(lambda: read_streets(study))
    network = None if streets is None else streets.main
    LOG.info("Reading calls, zones and places")
    raw_calls = None if calls is None else faults.of(lambda: read_calls(calls, root))
    crs = network.crs if network is not None else faults.of(lambda: _named_crs(study))
    if crs is None:
        return _Files(streets, None, None, None, raw_calls)
    zones = faults.of(lambda: read_zones(settings.zones, settings.standards, root, crs,
                                         has_key_sites=bool(settings.key_sites)))  # fmt: skip
    existing = faults.of(lambda: _existing(study, crs))
    faults.of(lambda: _check_names(study, zones, existing, network))
    forbidden = faults.of(lambda: _forbidden_ground(study, crs))
    return _Files(
        streets,
        zones,
        faults.of(lambda: _key_sites(study, crs)),
        existing,
        raw_calls,
        warnings=(*(zones.warnings if zones is not None else ()),
                  *(forbidden.attrs["warnings"] if forbidden is not None else ())),
    )  # fmt: skip


def _check_names(
    study: Study,
    zones: Zones | None,
    existing: Listed | None,
    network: RoadNetwork | None,
) -> None:
    """Raise the faults of names in the study, as far as the layers that hold them are read."""
    settings = study.settings.platforms
    found: list[str] = []
    if settings is not None and zones is not None:
        found += district_faults(settings, zones.district_names)
    if zones is not None:
        found += area_faults(study.settings.grids, zones.district_names)
    at_junctions = settings is not None and settings.candidates == "junctions"
    if settings is not None and at_junctions and existing is not None and network is not None:
        found += keep_faults(settings, existing[1]["place_id"], network.node_ids)
    if found:
        raise InputError(found)


def _demand(
    source: Source,
    shifts: Shifts,
    network: RoadNetwork,
    zones: Zones,
    *,
    key_sites: KeySites,
    layers: list[Layer],
    max_snap_m: float,
) -> DemandPoints:
    if isinstance(source.places, CountedPlaces):
        return counted_points(
            source.places, shifts, network, zones,
            key_sites=key_sites, layers=layers, max_snap_m=max_snap_m,
        )  # fmt: skip
    return demand_points(
        source.places, present(source.weights), network, zones,
        key_sites=key_sites, layers=layers, max_snap_m=max_snap_m,
    )  # fmt: skip


def _named_crs(study: Study) -> pyproj.CRS | None:
    """Take the CRS that the study names, for checking what can be checked without its roads."""
    spec = study.settings.study.crs
    return None if spec is None else parse_crs(spec, "[study] crs")


def _key_sites(study: Study, crs: pyproj.CRS) -> list[Listed]:
    """Read the files of key sites and the points written into the study, one row each."""
    faults, listed = Faults(), [(study.path.name, _no_places(crs))]
    points = [site for site in study.settings.key_sites if isinstance(site, PlacePoint)]
    for site in study.settings.key_sites:
        if not isinstance(site, PlacePoint):
            frame = faults.of(partial(read_places, site, crs, study.root))
            if frame is not None and site.weight is None:
                frame = frame.assign(weight=0.0)
            listed += [] if frame is None else [(Path(site.path).name, frame)]
    faults.raise_any()
    listed += [(study.path.name, _place_points(points, crs))] if points else []
    return listed


def _place_points(points: list[PlacePoint], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    rows = []
    for number, point in enumerate(points, start=1):
        x_m, y_m = point.x, point.y
        if point.lon is not None and point.lat is not None:
            east, north = project([point.lon], [point.lat], crs)
            x_m, y_m = float(east[0]), float(north[0])
        rows.append({
            "place_id": f"study-{number}",
            "name": point.name or f"Key site {number}",
            "weight": point.weight,
            "node": point.node,
            "geometry": None if x_m is None else shapely.Point(x_m, y_m),
        })  # fmt: skip
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=crs)


def _existing(study: Study, crs: pyproj.CRS) -> Listed:
    platforms = study.settings.platforms
    if platforms is None or platforms.existing is None:
        return study.path.name, _no_places(crs)
    file = Path(platforms.existing.path).name
    return file, read_places(platforms.existing, crs, study.root)


def _forbidden_ground(study: Study, crs: pyproj.CRS) -> gpd.GeoDataFrame | None:
    """Read the ground without platforms, to check it here; the candidate sites read it again."""
    platforms = study.settings.platforms
    if platforms is None or platforms.forbid is None:
        return None
    return read_polygons(study.root / platforms.forbid, crs)


def _no_places(crs: pyproj.CRS) -> gpd.GeoDataFrame:
    columns: dict[str, list[str]] = {"place_id": [], "name": [], "weight": [], "node": []}
    return gpd.GeoDataFrame(columns, geometry=[], crs=crs)


def _on_roads(
    listed: list[Listed], network: RoadNetwork, what: str, limit_m: float
) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
    """Put the places of all files on road nodes: ``node`` is an index, and every place a point.

    Returns
    -------
    The places, and a warning if some lie further than ``limit_m`` from the node they stand for.
    """
    faults = Faults()
    snapped = [faults.of(partial(snap_places, network, frame, file)) for file, frame in listed]
    faults.raise_any()
    places = pd.concat([frame for _, frame in listed], ignore_index=True)
    if len(places) == 0:
        return places.assign(node=np.empty(0, np.int32)), ()
    node = np.concatenate([present(one).node for one in snapped])
    way_m = np.concatenate([present(one).distance_m for one in snapped])
    at_node = gpd.GeoSeries(shapely.points(network.x_m[node], network.y_m[node]), crs=network.crs)
    geometry = places.geometry.where(places["node"].isna().to_numpy(), at_node)
    placed = places.assign(node=node).set_geometry(geometry)
    far = np.argsort(-way_m, kind="stable")[: (way_m > limit_m).sum()]
    if len(far) == 0:
        return placed, ()
    named = ", ".join(
        f"{places['name'].iloc[place]} ({way_m[place]:,.0f} m)" for place in far[:MOST_NAMED]
    )
    more = f" and {len(far) - MOST_NAMED} more" if len(far) > MOST_NAMED else ""
    warning = (
        f"{what} further than {limit_m:g} m from the road node that stands for them: "
        f"{named}{more}; check their coordinates and CRS, or name their node."
    )
    return placed, (warning,)


def key_demand(key_sites: gpd.GeoDataFrame) -> KeySites:
    """Give the key sites as demand: at which nodes, and how much of their own."""
    return KeySites(
        key_sites["node"].to_numpy(np.int32),
        tuple(key_sites["name"]),
        key_sites["weight"].to_numpy(float),
    )

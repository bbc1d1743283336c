"""The waterways of a study, and the quays at which they meet its roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import Waters, WaterSettings, subdivided
from optimizer.errors import InputError
from optimizer.places import is_local, read_places
from optimizer.roads import RoadNetwork, RoadsSettings, read_whole_network, snap
from optimizer.siting.wording import counted

Floats = NDArray[np.float64]

LONGEST_REACH_M = 250.0
"""Longest stretch of water between two nodes."""
MOST_NAMED = 5
"""Quays that one fault names."""


def read_waters(settings: WaterSettings, roads: RoadNetwork, root: Path, limit_m: float) -> Waters:
    """Read waterways and quays onto the plane of the roads.

    Parameters
    ----------
    roads
        The roads on which one can land: every junction of them reaches every other.
    limit_m
        How far a quay may lie from the junction and from the water that it joins.

    Raises
    ------
    InputError
        A file is missing or wrong, a quay lies too far from a road or from the water, or the roads
        lie nowhere on Earth: all faults.
    """
    if is_local(roads.crs):
        raise InputError(
            "[checkpoints.water]: the roads lie nowhere on Earth, so waterways cannot be put "
            "beside them; name the CRS of the roads: [roads] crs"
        )
    whole = read_whole_network(
        RoadsSettings(
            path=settings.path, layer=settings.layer, name=settings.name, oneway=settings.oneway,
            speed="", class_speeds={}, road_class="", drop_classes=(),
            default_speed_kph=settings.speed_kph,
        ),
        root,
        roads.crs.to_wkt(),
    )  # fmt: skip
    network = subdivided(whole, LONGEST_REACH_M)
    places = read_places(settings.quays, roads.crs, root)
    if places["node"].notna().any():
        raise InputError(
            f"{settings.quays.path}: quays are given by lon and lat, or x and y, because each "
            "joins a road and a water"
        )
    x_m, y_m = places.geometry.x.to_numpy(), places.geometry.y.to_numpy()
    ashore, afloat = snap(roads, x_m, y_m), snap(network, x_m, y_m)
    faults = [
        *_far_quays(settings, places["place_id"].tolist(), ashore.distance_m, limit_m, "junction"),
        *_far_quays(settings, places["place_id"].tolist(), afloat.distance_m, limit_m,
                    "node of the waterways"),
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    police_kph = settings.police_speed_kph or settings.speed_kph
    return Waters(
        network=network,
        quays=np.column_stack([ashore.node, afloat.node]),
        quay_names=places["name"].tolist(),
        landing_s=60 * settings.landing_minutes,
        police_factor=police_kph / settings.speed_kph,
    )


def _far_quays(
    settings: WaterSettings, ids: list[str], way_m: Floats, limit_m: float, what: str
) -> list[str]:
    far = np.flatnonzero(way_m > limit_m)
    if len(far) == 0:
        return []
    listed = ", ".join(f"{ids[at]} ({way_m[at]:,.0f} m)" for at in far[:MOST_NAMED])
    fault = (
        f"{settings.quays.path}: {counted(len(far), 'quay')} {'lies' if len(far) == 1 else 'lie'} "
        f"more than max_snap_m = {limit_m:g} m from the nearest {what}: {listed}; move them, or "
        "draw the waters to them"
    )
    return [fault]

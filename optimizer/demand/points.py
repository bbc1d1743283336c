"""Demand points: where on the roads help is needed, how much, and how soon."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.calls import Calls
from optimizer.demand.counts import CountedPlaces
from optimizer.demand.layers import Layer
from optimizer.demand.shifts import Shifts
from optimizer.demand.weights import CallWeights
from optimizer.demand.zones import Zones
from optimizer.errors import InputError
from optimizer.roads import RoadNetwork, snap

Floats = NDArray[np.float64]
Nodes = NDArray[np.int32]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class KeySites:
    """Places that must be reached first: schools, hospitals, squares.

    Parameters
    ----------
    node
        Road node of each, shape (k,).
    name
        Name of each.
    weight
        Demand that each adds, in calls, shape (k,).
    """

    node: Nodes
    name: tuple[str, ...]
    weight: Floats


NO_KEY_SITES = KeySites(np.empty(0, np.int32), (), np.empty(0))


@dataclasses.dataclass(frozen=True, slots=True)
class SnapReport:
    """The straight way from calls to their road nodes, which is reported and not timed.

    Parameters
    ----------
    median_m, p95_m
        Over the calls that are used, metres; 0 where there are none.
    too_far
        Calls further than ``limit_m`` from every node, which are not used.
    limit_m
        The limit, metres.
    """

    median_m: float
    p95_m: float
    too_far: int
    limit_m: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class DemandPoints:
    """The n demand points of a study; every array is read-only.

    Parameters
    ----------
    point_id
        Road node ids, or the ids that counted places came with, shape (n,).
    node
        Road node of each, ascending, shape (n,).
    x_m, y_m
        Place of each in the study's CRS, metres, shape (n,).
    weight
        Weight of each, above 0, shape (n,).
    calls
        Calls at each, shape (n,); 0 where only a layer or a key site puts demand.
    shift_weight
        The weight by shift, shape (n, s), with the s shifts in ``shift_names``.
    tier, standard_s
        Code of the tier, and seconds until help must be there, shape (n,).
    district
        Code of the district, shape (n,).
    snap
        How far calls lie from their nodes.
    warnings
        Sentences that a planner should read.
    """

    point_id: NDArray[np.object_]
    node: Nodes
    x_m: Floats
    y_m: Floats
    weight: Floats
    calls: NDArray[np.int64]
    shift_weight: Floats
    shift_names: tuple[str, ...]
    tier: NDArray[np.int32]
    tier_names: tuple[str, ...]
    standard_s: Floats
    district: NDArray[np.int32]
    district_names: tuple[str, ...]
    snap: SnapReport
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                frozen = value.copy()
                frozen.flags.writeable = False
                object.__setattr__(self, field.name, frozen)

    def __len__(self) -> int:
        return len(self.node)


def demand_points(
    calls: Calls,
    weights: CallWeights,
    network: RoadNetwork,
    zones: Zones,
    *,
    key_sites: KeySites = NO_KEY_SITES,
    layers: Sequence[Layer] = (),
    max_snap_m: float = 500,
) -> DemandPoints:
    """Gather calls, layers and key sites at road nodes.

    Parameters
    ----------
    calls
        Calls of the planning window, in the CRS of the network.
    weights
        What each counts.
    network
        Roads of the study; the place of a node decides its tier and district.
    zones
        Tiers, standards and districts.
    key_sites
        Demand at their nodes always has the key tier.
    layers
        Demand to blend in; the calls have what the layers' shares leave.
    max_snap_m
        A call further from every node is not used, and counted.

    Raises
    ------
    InputError
        No call with a weight lies near a road.
    """
    nodes = len(network.x_m)
    first, place = merged_places(calls.x_m, calls.y_m)
    snapped = snap(network, calls.x_m[first], calls.y_m[first])
    near = snapped.distance_m <= max_snap_m
    node = np.where(near, snapped.node, -1).astype(np.int64)[place]
    by_shift = weights.by_shift(node, nodes)
    extra = _extra_weight(by_shift.sum(), nodes, key_sites, layers)
    return _points(
        network.node_ids,
        np.arange(nodes, dtype=np.int32),
        (network.x_m, network.y_m),
        np.bincount(node[node >= 0], minlength=nodes),
        by_shift + np.outer(extra, weights.unknown_shift_parts),
        shift_names=weights.shift_names,
        zones=zones,
        key_sites=key_sites,
        snap_report=_snap_report(snapped.distance_m, np.bincount(place), max_snap_m),
    )


def counted_points(
    counts: CountedPlaces,
    shifts: Shifts,
    network: RoadNetwork,
    zones: Zones,
    *,
    key_sites: KeySites = NO_KEY_SITES,
    layers: Sequence[Layer] = (),
    max_snap_m: float = 500,
) -> DemandPoints:
    """Make demand points of counts per place, as `demand_points` does of calls.

    Places with ids of their own stay apart, and their own place decides their tier and district;
    others are gathered at road nodes. Counts fall evenly into the hours of the day.

    Raises
    ------
    InputError
        No place with a weight lies near a road.
    """
    nodes = len(network.x_m)
    near = counts.distance_m <= max_snap_m
    node, weight = counts.node[near], counts.weight[near]
    parts, _ = shifts.spread(np.empty(0, np.int8))
    extra = _extra_weight(weight.sum(), nodes, key_sites, layers)
    ids, at, x_m, y_m = network.node_ids, np.arange(nodes, dtype=np.int32), network.x_m, network.y_m
    if counts.place_id is None:
        calls = np.bincount(node, weight, minlength=nodes)
        total = calls + extra
    else:  # places first, then the nodes where a layer or a key site puts demand
        ids = np.concatenate([counts.place_id[near], [f"node:{node_id}" for node_id in ids]])
        at, calls = np.concatenate([node, at]), np.concatenate([weight, np.zeros(nodes)])
        x_m, y_m = np.concatenate([counts.x_m[near], x_m]), np.concatenate([counts.y_m[near], y_m])
        total = np.concatenate([weight, extra])
    return _points(
        ids,
        at,
        (x_m, y_m),
        np.rint(calls),
        np.outer(total, parts),
        shift_names=shifts.names,
        zones=zones,
        key_sites=key_sites,
        snap_report=_snap_report(counts.distance_m, counts.weight, max_snap_m),
    )


def merged_places(x_m: Floats, y_m: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Merge identical places.

    Returns
    -------
    Index of the first call at each of m distinct places, shape (m,), and the place of every call,
    shape (n,).
    """
    column, _ = pd.factorize(x_m)
    row, rows = pd.factorize(y_m)
    place, places = pd.factorize(column * np.int64(max(len(rows), 1)) + row)
    first = np.full(len(places), len(place))
    np.minimum.at(first, place, np.arange(len(place)))
    return first, place


def _extra_weight(
    calls_weight: float, nodes: int, key_sites: KeySites, layers: Sequence[Layer]
) -> Floats:
    """Weight that layers and key sites put at every node, in the unit of the calls."""
    whole = calls_weight / (1 - sum(layer.share for layer in layers))
    extra = np.zeros(nodes)
    for layer in layers:
        extra += whole * layer.share * layer.node_weight / layer.node_weight.sum()
    np.add.at(extra, key_sites.node, key_sites.weight)
    return extra


def _points(  # noqa: PLR0913
    point_id: NDArray[np.object_],
    node: Nodes,
    place: tuple[Floats, Floats],
    calls: NDArray[np.int64] | Floats,
    shift_weight: Floats,
    *,
    shift_names: tuple[str, ...],
    zones: Zones,
    key_sites: KeySites,
    snap_report: SnapReport,
) -> DemandPoints:
    weight = shift_weight.sum(axis=1)
    kept = np.flatnonzero(weight > 0)
    kept = kept[np.argsort(node[kept], kind="stable")]
    if len(kept) == 0:
        raise InputError(
            f"No demand is left: {snap_report.too_far} calls lie more than "
            f"{snap_report.limit_m:g} m from every road node and the others weigh nothing; check "
            "the coordinates, their CRS and datum, and the weights."
        )
    x_m, y_m = place[0][kept], place[1][kept]
    zone = zones.assign(x_m, y_m)
    tier = np.where(np.isin(node[kept], key_sites.node), zones.key_tier, zone.tier)
    return DemandPoints(
        point_id=point_id[kept],
        node=node[kept],
        x_m=x_m,
        y_m=y_m,
        weight=weight[kept],
        calls=calls[kept].astype(np.int64),
        shift_weight=shift_weight[kept],
        shift_names=shift_names,
        tier=tier.astype(np.int32),
        tier_names=zones.tier_names,
        standard_s=zones.standard_s[tier],
        district=zone.district,
        district_names=zones.district_names,
        snap=snap_report,
        warnings=tuple(
            f"Key site {name} has no calls and no weight of its own, so it draws no platform; "
            "give it a weight, in calls, to have it count."
            for name, at in zip(key_sites.name, key_sites.node, strict=True)
            if at not in node[kept]
        ),
    )


def _snap_report(
    distance_m: Floats, calls: NDArray[np.int64] | Floats, limit_m: float
) -> SnapReport:
    near = distance_m <= limit_m
    order = np.argsort(distance_m[near], kind="stable")
    ways, held = distance_m[near][order], np.cumsum(calls[near][order])
    if len(ways) == 0:
        return SnapReport(0.0, 0.0, int(calls.sum()), limit_m)
    median, p95 = ways[np.searchsorted(held, np.array([0.5, 0.95]) * held[-1])]
    too_far = int(np.rint(calls[~near].sum()))
    return SnapReport(float(median), float(p95), too_far, limit_m)

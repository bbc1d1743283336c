"""Where and when is help needed? Weights, zones, demand points and hotspots."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.demand.counts import CountedPlaces, read_counts
    from optimizer.demand.density_cut import DensityRule
    from optimizer.demand.foresight import Foresight
    from optimizer.demand.hotspots import Hotspots, find_hotspots
    from optimizer.demand.layers import Layer, read_layer
    from optimizer.demand.points import (
        DemandPoints,
        KeySites,
        SnapReport,
        counted_points,
        demand_points,
    )
    from optimizer.demand.settings import (
        DemandSettings,
        HotspotSettings,
        LayerSettings,
        StandardsSettings,
        ZonesSettings,
    )
    from optimizer.demand.shifts import Shifts
    from optimizer.demand.weights import CallWeights, call_weights
    from optimizer.demand.zones import OUTSIDE, Zones, district_advice, read_zones
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "OUTSIDE",
    "CallWeights",
    "CountedPlaces",
    "DemandPoints",
    "DemandSettings",
    "DensityRule",
    "Foresight",
    "HotspotSettings",
    "Hotspots",
    "KeySites",
    "Layer",
    "LayerSettings",
    "Shifts",
    "SnapReport",
    "StandardsSettings",
    "Zones",
    "ZonesSettings",
    "call_weights",
    "counted_points",
    "demand_points",
    "district_advice",
    "find_hotspots",
    "read_counts",
    "read_layer",
    "read_zones",
]

"""How long does it take to get there? Road networks, snapping, candidate sites, travel times."""

from optimizer.roads.network import NetworkReport, RoadNetwork
from optimizer.roads.read import read_network
from optimizer.roads.settings import CandidateSettings, OnewayValues, RoadsSettings
from optimizer.roads.snap import Snapped, snap, snap_places
from optimizer.roads.travel_times import NearestSource, TravelTimes, nearest_source, travel_times

__all__ = [
    "CandidateSettings",
    "NearestSource",
    "NetworkReport",
    "OnewayValues",
    "RoadNetwork",
    "RoadsSettings",
    "Snapped",
    "TravelTimes",
    "nearest_source",
    "read_network",
    "snap",
    "snap_places",
    "travel_times",
]

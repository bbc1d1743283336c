"""How long does it take to get there? Road networks, snapping, candidate sites, travel times."""

from optimizer.roads.candidates import CandidateSites, candidate_sites, in_forbidden_ground
from optimizer.roads.main_part import main_part
from optimizer.roads.network import NetworkReport, RoadNetwork, WholeNetwork
from optimizer.roads.read import read_network, read_whole_network
from optimizer.roads.service_areas import service_areas
from optimizer.roads.settings import CandidateSettings, OnewayValues, RoadsSettings
from optimizer.roads.snap import Snapped, snap, snap_places
from optimizer.roads.travel_times import NearestSource, TravelTimes, nearest_source, travel_times

__all__ = [
    "CandidateSettings",
    "CandidateSites",
    "NearestSource",
    "NetworkReport",
    "OnewayValues",
    "RoadNetwork",
    "RoadsSettings",
    "Snapped",
    "TravelTimes",
    "WholeNetwork",
    "candidate_sites",
    "in_forbidden_ground",
    "main_part",
    "nearest_source",
    "read_network",
    "read_whole_network",
    "service_areas",
    "snap",
    "snap_places",
    "travel_times",
]

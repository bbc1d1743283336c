"""Which roads close, and when? Rings of posts, sealing, containment, interception."""

from optimizer.checkpoints.drill import DRILL_COLUMNS, Drill, DrillPost, Move, plan_drill
from optimizer.checkpoints.exits import DataGround, data_ground, edge_nodes, road_ends
from optimizer.checkpoints.posts import Posts, PostSites, anywhere
from optimizer.checkpoints.sealing import Assignment, assign_units
from optimizer.checkpoints.settings import (
    At,
    CheckpointSettings,
    PostKind,
    PostSource,
    RingPolygons,
    WaterSettings,
)
from optimizer.checkpoints.shortest_routes import OPEN, ShortestRoutes, reached, shortest_routes
from optimizer.checkpoints.sites import (
    PLAIN,
    RULES,
    ListedSite,
    Rule,
    nearest_roads,
    post_sites,
    road_middle,
)
from optimizer.checkpoints.street_graph import StreetGraph, graph_of_arcs, street_graph
from optimizer.checkpoints.units import Mode, Units, arrivals
from optimizer.checkpoints.waterways import QUAY, WATER, Waters, Ways, lay_ways

__all__ = [
    "DRILL_COLUMNS",
    "OPEN",
    "PLAIN",
    "QUAY",
    "RULES",
    "WATER",
    "Assignment",
    "At",
    "CheckpointSettings",
    "DataGround",
    "Drill",
    "DrillPost",
    "ListedSite",
    "Mode",
    "Move",
    "PostKind",
    "PostSites",
    "PostSource",
    "Posts",
    "RingPolygons",
    "Rule",
    "ShortestRoutes",
    "StreetGraph",
    "Units",
    "WaterSettings",
    "Waters",
    "Ways",
    "anywhere",
    "arrivals",
    "assign_units",
    "data_ground",
    "edge_nodes",
    "graph_of_arcs",
    "lay_ways",
    "nearest_roads",
    "plan_drill",
    "post_sites",
    "reached",
    "road_ends",
    "road_middle",
    "shortest_routes",
    "street_graph",
]

"""Which roads close, and when? Rings of posts, sealing, containment, interception."""

from optimizer.checkpoints.posts import Posts, PostSites, anywhere
from optimizer.checkpoints.settings import (
    CheckpointSettings,
    PostKind,
    PostSource,
    RingPolygons,
    WaterSettings,
)
from optimizer.checkpoints.shortest_routes import OPEN, ShortestRoutes, reached, shortest_routes
from optimizer.checkpoints.street_graph import StreetGraph, graph_of_arcs, street_graph

__all__ = [
    "OPEN",
    "CheckpointSettings",
    "PostKind",
    "PostSites",
    "PostSource",
    "Posts",
    "RingPolygons",
    "ShortestRoutes",
    "StreetGraph",
    "WaterSettings",
    "anywhere",
    "graph_of_arcs",
    "reached",
    "shortest_routes",
    "street_graph",
]

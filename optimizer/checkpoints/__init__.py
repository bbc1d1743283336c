"""Which roads close, and when? Rings of posts, sealing, containment, interception."""

from typing import TYPE_CHECKING

from optimizer.exports import on_first_use

if TYPE_CHECKING:
    from optimizer.checkpoints.checkpoint_plan import (
        BestPosts,
        CheckpointPlan,
        ContainmentPlan,
        GatePlan,
        GateRow,
        HotspotNet,
        NetPost,
        PostRow,
        RingPlan,
        StandingRow,
        StandingUnits,
    )
    from optimizer.checkpoints.containment.evader import Evader
    from optimizer.checkpoints.containment.method import Containment, Net, contain, contain_each
    from optimizer.checkpoints.containment.standing import Standby, StandingPlan, place_standing
    from optimizer.checkpoints.interception.electronic_gates import GateCover, gate_cover
    from optimizer.checkpoints.interception.escapes import TOLERANCES, Escapes
    from optimizer.checkpoints.interception.method import Interception, intercept
    from optimizer.checkpoints.interception.scoring import PostScore, score_posts
    from optimizer.checkpoints.rings.method import RingSeal, seal_ring
    from optimizer.checkpoints.rings.ring import Ring
    from optimizer.checkpoints.sealing.assignment import Assignment, assign_units
    from optimizer.checkpoints.sealing.drill import (
        DRILL_COLUMNS,
        Drill,
        DrillPost,
        Move,
        plan_drill,
    )
    from optimizer.checkpoints.settings import (
        At,
        CheckpointSettings,
        Direction,
        PostKind,
        PostSource,
        RingPolygons,
        WaterSettings,
    )
    from optimizer.checkpoints.sites import (
        PLAIN,
        RULES,
        ListedSite,
        Rule,
        nearest_roads,
        post_sites,
        ring_sites,
        road_middle,
    )
    from optimizer.checkpoints.streets.exits import DataGround, data_ground, edge_nodes, road_ends
    from optimizer.checkpoints.streets.posts import Posts, PostSites, anywhere
    from optimizer.checkpoints.streets.shortest_routes import (
        OPEN,
        ShortestRoutes,
        reached,
        shortest_routes,
    )
    from optimizer.checkpoints.streets.shortest_times import shortest_times
    from optimizer.checkpoints.streets.split_roads import split_roads
    from optimizer.checkpoints.streets.street_graph import StreetGraph, graph_of_arcs, street_graph
    from optimizer.checkpoints.streets.units import Mode, Units, arrivals
    from optimizer.checkpoints.streets.waterways import (
        QUAY,
        WATER,
        Waters,
        Ways,
        lay_ways,
        subdivided,
    )
else:
    __getattr__, __dir__ = on_first_use(__name__)

__all__ = [
    "DRILL_COLUMNS",
    "OPEN",
    "PLAIN",
    "QUAY",
    "RULES",
    "TOLERANCES",
    "WATER",
    "Assignment",
    "At",
    "BestPosts",
    "CheckpointPlan",
    "CheckpointSettings",
    "Containment",
    "ContainmentPlan",
    "DataGround",
    "Direction",
    "Drill",
    "DrillPost",
    "Escapes",
    "Evader",
    "GateCover",
    "GatePlan",
    "GateRow",
    "HotspotNet",
    "Interception",
    "ListedSite",
    "Mode",
    "Move",
    "Net",
    "NetPost",
    "PostKind",
    "PostRow",
    "PostScore",
    "PostSites",
    "PostSource",
    "Posts",
    "Ring",
    "RingPlan",
    "RingPolygons",
    "RingSeal",
    "Rule",
    "ShortestRoutes",
    "Standby",
    "StandingPlan",
    "StandingRow",
    "StandingUnits",
    "StreetGraph",
    "Units",
    "WaterSettings",
    "Waters",
    "Ways",
    "anywhere",
    "arrivals",
    "assign_units",
    "contain",
    "contain_each",
    "data_ground",
    "edge_nodes",
    "gate_cover",
    "graph_of_arcs",
    "intercept",
    "lay_ways",
    "nearest_roads",
    "place_standing",
    "plan_drill",
    "post_sites",
    "reached",
    "ring_sites",
    "road_ends",
    "road_middle",
    "score_posts",
    "seal_ring",
    "shortest_routes",
    "shortest_times",
    "split_roads",
    "street_graph",
    "subdivided",
]

"""What the checkpoints of a city come to: rings, nets, gates and standing units, to be published.

Shapes are planar, in the study's CRS; times are seconds; indices are of the joined street graph.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import shapely

from optimizer.checkpoints.sealing.drill import Drill
from optimizer.checkpoints.settings import At
from optimizer.checkpoints.streets.waterways import Ways

if TYPE_CHECKING:
    from optimizer.checkpoints.rings.method import RingSeal


@dataclasses.dataclass(frozen=True, slots=True)
class PostRow:
    """One post of a ring, ready to be printed.

    Parameters
    ----------
    post_id
        Such as "core-07": clockwise from the north; "core-b07" of the posts for a short force,
        "core-n07" of those that an open ring lacks.
    ring, kind
        Names of the ring and of the kind of post.
    at, site
        Whether it stands at a junction or on a road, and the index of that node or road.
    node
        The junction; of a road, the end that a fugitive comes from.
    lon, lat, x_m, y_m
        WGS-84 degrees, and metres in the study's CRS.
    street
        Streets that meet there, or the road's own name; "" where unknown.
    cost
        What it costs.
    must
        The study wants it whether or not the ring needs it.
    """

    post_id: str
    ring: str
    kind: str
    at: At
    site: int
    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    cost: float
    must: bool


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class BestPosts:
    """The posts of a ring for a force too small to seal it.

    Parameters
    ----------
    posts
        At most as many as the study allows.
    tolerance
        Detour tolerance that they were chosen for: a fugitive takes up to 1 + this of the quickest.
    intercepted_share, bound_share, gap, status
        Share of the hotspots' weight that meets a post on every such route, what no choice of as
        many posts can exceed, the relative gap between the two, and what was proved.
    shares
        Tolerance -> share, of these posts.
    """

    posts: tuple[PostRow, ...]
    tolerance: float
    intercepted_share: float
    bound_share: float
    gap: float
    status: str
    shares: dict[float, float]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class RingPlan:
    """One ring of posts with its certificate.

    Parameters
    ----------
    name
        Of the ring.
    inner, outer
        Polygons: the ring is what lies inside the outer and outside of the inner one.
    seal
        The posts, the certificate and what was proved.
    posts
        The posts of the seal.
    routes
        The certificate: lines of routes through the ring that share no site.
    leak
        Line of the quickest way through past every allowed site; None where the ring is sealed.
    needed
        Posts beyond the allowed sites that would close the ring; empty where it is sealed.
    beyond_data_share
        Share of the outer polygon's circumference that lies where there are no roads at all.
    open_road_ends
        Roads that end at the edge of the data, inside the outer polygon and past no post.
    best
        The posts for a short force; None where the study sets no limit.
    drill
        Who goes where and when it is closed; None where nobody can be sent.
    """

    name: str
    inner: shapely.Geometry
    outer: shapely.Geometry
    seal: RingSeal
    posts: tuple[PostRow, ...]
    routes: tuple[shapely.LineString, ...]
    leak: shapely.LineString | None
    needed: tuple[PostRow, ...]
    beyond_data_share: float
    open_road_ends: int
    best: BestPosts | None
    drill: Drill | None

    @property
    def sealed(self) -> bool:
        """Whether no route leads through."""
        return self.seal.status != "open"


@dataclasses.dataclass(frozen=True, slots=True)
class NetPost:
    """One post of a closing net.

    Parameters
    ----------
    node, lon, lat, x_m, y_m, street
        The junction.
    unit
        Who stands there.
    unit_s, evader_s
        When the unit stands there, and the soonest that the fugitive can be there, seconds after
        the incident.
    """

    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str
    unit: str
    unit_s: float
    evader_s: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class HotspotNet:
    """The net that closes around one hotspot.

    Parameters
    ----------
    hotspot_id, rank, weight, name
        Of the hotspot; its name is the streets at its junction.
    node, lon, lat
        The junction that the flight starts from.
    contained, latest_s, bound_s, status
        Whether a net closes, when the last post of the quickest one stands (inf: no net), what no
        net can beat, and what was proved.
    net
        Its posts, in the order in which they close.
    leak
        The quickest way out, where no net closes.
    """

    hotspot_id: str
    rank: int
    weight: float
    name: str
    node: int
    lon: float
    lat: float
    contained: bool
    latest_s: float
    bound_s: float
    status: str
    net: tuple[NetPost, ...]
    leak: shapely.LineString | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ContainmentPlan:
    """How soon flights from the hotspots are contained.

    Parameters
    ----------
    nets
        Of each hotspot inside the outermost ring, in their rank.
    shares
        Minutes after the incident -> share of those hotspots' weight that is contained by then.
    outside
        Hotspots that lie outside of the outermost ring, and are in no share.
    units
        Units that can be sent.
    exits
        Junctions at which a fugitive is away.
    road_ends
        Roads that leave the data within the outermost ring and were not counted as ways out.
    shares_with_road_ends
        The shares if they were; empty where there are none.
    """

    nets: tuple[HotspotNet, ...]
    shares: dict[float, float]
    outside: int
    units: int
    exits: int
    road_ends: int = 0
    shares_with_road_ends: dict[float, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StandingRow:
    """A place where one more unit would stand by."""

    node: int
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class StandingUnits:
    """Where more units would raise the share that is contained in time most.

    Parameters
    ----------
    rows
        The places, the one that helps most first.
    minutes
        Within how long.
    share_before, share_after, bound_share
        Of the hotspots' weight: without them, with them, and what as many cannot exceed anywhere.
    """

    rows: tuple[StandingRow, ...]
    minutes: float
    share_before: float
    share_after: float
    bound_share: float


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GateRow:
    """An electronic gate, or a place worth one."""

    gate_id: str
    name: str
    status: str
    lon: float
    lat: float
    x_m: float
    y_m: float
    street: str


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GatePlan:
    """What electronic gates see of flights from the hotspots.

    Parameters
    ----------
    rows
        The gates (``status`` "present"), then the next places worth one, together ("next").
    seen_shares
        Detour tolerance -> share of the hotspots' weight that is seen on every such route.
    quickest_share
        Share whose quickest route is seen.
    next_shares
        The same as ``seen_shares``, with the next gates.
    blind
        Quickest route out that no gate sees; None where every route is seen.
    """

    rows: tuple[GateRow, ...]
    seen_shares: dict[float, float]
    quickest_share: float
    next_shares: dict[float, float]
    blind: shapely.LineString | None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class CheckpointPlan:
    """Everything that is published of the checkpoints of a city; None where it was not asked for.

    Parameters
    ----------
    rings
        In the order of the study.
    containment, standing, gates
        Of the hotspots.
    ways
        Roads and waters that nodes and roads of all these are of.
    """

    rings: tuple[RingPlan, ...]
    containment: ContainmentPlan | None
    standing: StandingUnits | None
    gates: GatePlan | None
    ways: Ways

"""How soon flights from the hotspots are contained if only certain posts may be manned."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import Containment, Posts, Units, contain_each, split_roads
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.planning.checkpoints.force import closing_arrivals, evader_of
from optimizer.planning.checkpoints.hotspot_nets import share_within
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins
from optimizer.planning.faults import present
from optimizer.study import Study

Ints = NDArray[np.int32]

LOG = logging.getLogger(__name__)

SHOWN = 12
"""Hotspots that one line lists."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class PostNets:
    """The nets that close at given posts.

    Parameters
    ----------
    origins
        Hotspots from which a fugitive has not yet got away, in their rank.
    found
        The net around each.
    shares
        Minutes after the incident -> share of their weight that is contained by then.
    outside
        Number of the other hotspots.
    units, posts, exits
        How many may be sent, how many posts they may man, and at how many junctions one is away.
    """

    origins: HotspotOrigins
    found: tuple[Containment, ...]
    shares: Mapping[float, float]
    outside: int
    units: int
    posts: int
    exits: int

    @property
    def contained(self) -> int:
        """Number of hotspots around which a net closes."""
        return sum(one.contained for one in self.found)

    def to_json(self) -> dict[str, Any]:
        """Give the figures of ``optimizer score --checkpoints --json``."""
        return {
            "containment": {f"{limit:g}": share for limit, share in self.shares.items()},
            "nets": {
                "hotspots": len(self.found),
                "hotspots_outside": self.outside,
                "contained": self.contained,
                "contained_share": share_within(self.found, self.origins, np.inf),
                "not_proved": sum(one.status != "optimal" for one in self.found),
                "units": self.units,
                "posts": self.posts,
                "exits": self.exits,
            },
            "hotspots": [
                {
                    "hotspot_id": str(hotspot_id),
                    "rank": int(rank),
                    "weight": float(weight),
                    "contained": one.contained,
                    "minutes": _minutes(one.latest_s),
                    "bound_minutes": _minutes(one.bound_s),
                    "status": one.status,
                    "posts": None if one.net is None else len(one.net),
                }
                for hotspot_id, rank, weight, one in zip(
                    self.origins.hotspot_id, self.origins.rank, self.origins.weight, self.found,
                    strict=True,
                )
            ],
        }  # fmt: skip

    def to_text(self) -> str:
        """Lay the figures out for a person."""
        shares = ", ".join(f"{limit:g} min {100 * share:.1f} %"
                           for limit, share in self.shares.items())  # fmt: skip
        each = [
            f"{name} {one.latest_s / 60:.1f} min" if one.contained else
            f"{name} {'never' if one.status == 'optimal' else 'not known'}"
            for name, one in zip(self.origins.hotspot_id, self.found, strict=True)
        ]  # fmt: skip
        more = len(each) - SHOWN
        return "\n".join([
            (
                f"Flights from {len(self.found)} hotspots, if {self.units} units may man these "
                f"posts and no others: {self.contained} are contained."
            ),
            f"  Contained, by hotspots, within: {shares}",
            f"  {', '.join(each[:SHOWN])}" + (f" and {more} more" if more > 0 else ""),
        ])  # fmt: skip


def contain_at_posts(
    study: Study,
    streets: Streets,
    exits: Ints,
    units: Units,
    origins: HotspotOrigins,
    posts: Posts,
    outside: int = 0,
) -> PostNets:
    """Contain a flight from every hotspot, each by itself, with units at some posts only.

    A post on a road stands in its middle.

    Parameters
    ----------
    exits
        Nodes at which a fugitive is away.
    origins
        Hotspots from which a fugitive has not yet got away; at least one.
    outside
        Number of the others.
    """
    settings = present(study.settings.checkpoints)
    ends = streets.ways.road_ends()[posts.roads]
    graphs = {mode: split_roads(graph, ends) for mode, graph in streets.graphs.items()}
    arrival_s = closing_arrivals(study, units, graphs)
    elsewhere = np.ones(streets.graph.node_count, dtype=bool)
    elsewhere[posts.nodes] = False
    arrival_s[:, np.flatnonzero(elsewhere)] = np.inf
    found = contain_each(
        split_roads(streets.graph, ends), origins.node, exits, arrival_s, units.capacity,
        evader_of(settings), progress=LOG.info,
    )  # fmt: skip
    shares = {minutes: share_within(found, origins, 60 * minutes)
              for minutes in sorted(set(settings.contain_minutes))}  # fmt: skip
    return PostNets(origins, found, shares, outside, units.count, len(posts), len(exits))


def _minutes(seconds: float) -> float | None:
    return seconds / 60 if math.isfinite(seconds) else None

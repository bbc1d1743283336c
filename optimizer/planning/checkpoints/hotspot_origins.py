"""The hotspots of a study as the places where flights start."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from optimizer.planning.checkpoint_inputs.rings import Rings
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.roads import snap

if TYPE_CHECKING:
    from optimizer.demand import Hotspots

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class HotspotOrigins:
    """Junctions in the middle of hotspots, in their rank; every array has shape (h,).

    Parameters
    ----------
    hotspot_id, rank, weight
        Of each hotspot.
    node
        The junction nearest to its middle, in the part of the roads where all are connected.
    """

    hotspot_id: NDArray[np.object_]
    rank: NDArray[np.int64]
    weight: Floats
    node: Ints

    def __len__(self) -> int:
        return len(self.node)

    def take(self, which: Mask) -> HotspotOrigins:
        """Return some of them."""
        return HotspotOrigins(
            self.hotspot_id[which], self.rank[which], self.weight[which], self.node[which]
        )

    def within(self, rings: Rings) -> HotspotOrigins:
        """Return those from which a fugitive has not yet got away: in the outermost ring."""
        outermost = rings.outermost
        return self if outermost is None else self.take(~outermost.ring.outside[self.node])


def hotspot_origins(hotspots: Hotspots, streets: Streets) -> HotspotOrigins:
    """Put every hotspot on the junction nearest to its middle."""
    table = hotspots.table
    middles = shapely.point_on_surface(table.geometry.to_numpy())
    node = (
        snap(streets.main, shapely.get_x(middles), shapely.get_y(middles)).node
        if len(table)
        else np.empty(0, np.int32)
    )
    return HotspotOrigins(
        table["hotspot_id"].to_numpy(object),
        table["rank"].to_numpy(np.int64),
        table["weight"].to_numpy(np.float64),
        node,
    )

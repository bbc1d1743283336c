"""The streets, and the waters if there are any: sealing and containing read no call."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import Mode, StreetGraph, Waters, Ways, lay_ways
from optimizer.places import PlaceSource, read_places
from optimizer.planning.checkpoint_inputs.waters import read_waters
from optimizer.roads import RoadNetwork, WholeNetwork, main_part, read_whole_network, snap_places
from optimizer.siting.wording import counted
from optimizer.study import Study

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]

LOG = logging.getLogger(__name__)

MOST_NAMED = 5
"""Places that one warning names."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """All roads of a study; the junctions of the main part have the same numbers everywhere.

    Parameters
    ----------
    whole
        Every road of the file, one-way roads out of it and separate parts included.
    main
        The part in which every junction reaches every other one.
    waters
        Waterways beside the roads; None where the study has none.
    ways
        Roads and waters laid out as graphs: junctions, then nodes of the waters.
    max_snap_m
        How far a place may lie from its road node without a warning.
    """

    whole: WholeNetwork
    main: RoadNetwork
    waters: Waters | None
    ways: Ways
    max_snap_m: float

    @property
    def graph(self) -> StreetGraph:
        """What a fugitive moves on."""
        return self.ways.graph

    @property
    def graphs(self) -> Mapping[Mode, StreetGraph]:
        """What each mode of the police moves on."""
        return self.ways.graphs

    def read_points(
        self, source: PlaceSource, root: Path = Path(), *, afloat: Mask | None = None
    ) -> tuple[gpd.GeoDataFrame, tuple[str, ...]]:
        """Read places and put each on a node: ``node`` becomes an index.

        A place that names a node stands there. Any other stands at the nearest junction of the main
        part (in a separate part nobody would reach it), or on the nearest water.

        Parameters
        ----------
        source
            The table; its path is relative to ``root``.
        afloat
            Rows that lie on the water, shape (k,); None: all lie on roads.

        Returns
        -------
        The places, and a warning if some lie too far from their nodes.

        Raises
        ------
        InputError
            The file is missing or wrong, or a node does not exist.
        """
        places = read_places(source, self.whole.crs, root)
        named = places["node"].notna().to_numpy()
        wet = np.zeros(len(places), dtype=bool) if afloat is None else afloat
        node = np.empty(len(places), np.int32)
        way_m = np.zeros(len(places))
        file = Path(source.path).name
        node[named] = self._named(places[named], file)
        for rows, network, first in self._grounds(wet, named):
            snapped = snap_places(network, places[rows], file)
            node[rows], way_m[rows] = snapped.node + first, snapped.distance_m
        far = np.argsort(-way_m, kind="stable")[: (way_m > self.max_snap_m).sum()].tolist()
        if not far:
            return places.assign(node=node), ()
        named = ", ".join(
            f"{places['place_id'].iloc[row]} ({way_m[row]:,.0f} m)" for row in far[:MOST_NAMED]
        )
        more = f" and {len(far) - MOST_NAMED} more" if len(far) > MOST_NAMED else ""
        warning = (
            f"{file}: {counted(len(far), 'place')} "
            f"{'lies' if len(far) == 1 else 'lie'} more than {self.max_snap_m:g} m from the "
            f"nearest node, which is taken instead: {named}{more}; check coordinates, CRS and "
            "datum, or name the node"
        )
        return places.assign(node=node), (warning,)

    def _named(self, places: gpd.GeoDataFrame, file: str) -> Ints:
        """Find the nodes that places name, on roads or, as the ids there begin, on waters."""
        junctions = self.ways.junctions
        waters = {
            node_id: node
            for node, node_id in enumerate(self.ways.node_ids[junctions:].tolist(), junctions)
        }
        node = np.array([waters.get(name, -1) for name in places["node"]], np.int32)
        node[node < 0] = snap_places(self.whole, places[node < 0], file).node
        return node

    def _grounds(self, wet: Mask, named: Mask) -> Iterator[tuple[Mask, RoadNetwork, int]]:
        """List which places without a node snap to what, and where its nodes begin."""
        yield ~wet & ~named, self.main, 0
        if self.waters is not None:
            yield wet & ~named, self.waters.network, self.ways.junctions


def read_streets(study: Study) -> Streets:
    """Read the roads of a study, and its waterways if it has any, and nothing else.

    Raises
    ------
    InputError
        A file is missing or wrong.
    """
    LOG.info("Reading roads")
    settings, checkpoints = study.settings.roads, study.settings.checkpoints
    whole = read_whole_network(settings, study.root, study.settings.study.crs)
    main, waters = main_part(whole), None
    if checkpoints is not None and checkpoints.water is not None:
        waters = read_waters(checkpoints.water, main, study.root, settings.max_snap_m)
    return Streets(whole, main, waters, lay_ways(whole, waters), settings.max_snap_m)

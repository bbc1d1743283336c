"""Somebody's own checkpoints, read from a table and put on the streets."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from optimizer.checkpoints import Posts
from optimizer.errors import InputError
from optimizer.places import PlaceSource, SourceTable, read_places, read_source, texts
from optimizer.planning.checkpoint_inputs.post_sites import sites_at
from optimizer.planning.checkpoint_inputs.streets import Streets
from optimizer.roads import snap_places

Ints = NDArray[np.int32]
Mask = NDArray[np.bool_]
Objects = NDArray[np.object_]

AT = ("junction", "road")


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class GivenPosts:
    """The checkpoints of a table; every array has shape (k,).

    Parameters
    ----------
    ids
        As the table names them.
    at, site
        "junction" or "road", and the index of that node or road.
    ring
        The ring that each is said to stand on; "": any.
    """

    ids: Objects
    at: Objects
    site: Ints
    ring: Objects

    def of_ring(self, name: str | None) -> GivenPosts:
        """Leave out those of other rings; None: leave out none."""
        keep = np.ones(len(self.ids), bool) if name is None else np.isin(self.ring, ["", name])
        return GivenPosts(self.ids[keep], self.at[keep], self.site[keep], self.ring[keep])

    def posts(self) -> Posts:
        """Make posts of them; two at one site are one."""
        on_road = self.at == "road"
        return Posts(self.site[~on_road], self.site[on_road])

    def named(self, posts: Posts) -> list[str]:
        """List the ids of some of them."""
        wanted = {("junction", site) for site in posts.nodes.tolist()}
        wanted |= {("road", site) for site in posts.roads.tolist()}
        sites = zip(self.ids, self.at, self.site.tolist(), strict=True)
        return [str(name) for name, at, site in sites if (at, site) in wanted]


def read_given_posts(path: Path, streets: Streets) -> GivenPosts:
    """Read a table of checkpoints: a place each, and perhaps ``at``, ``ring`` and ``role``.

    Without ``at`` a checkpoint stands at the nearest junction, or node of the waters. Of the
    ``checkpoints.csv`` of a plan, which says by ``role`` what a row is for, the posts that seal are
    taken.

    Raises
    ------
    InputError
        The file is missing or wrong, or a place lies too far from the roads.
    """
    table = read_source(path)
    columns = {name.strip().casefold(): name for name in table.table.column_names}
    places = read_places(PlaceSource(path=str(path), id=columns.get("post_id")), streets.whole.crs)
    at = _words(table, columns.get("at"))
    at[at == ""] = "junction"
    wrong = np.flatnonzero(~np.isin(at, AT))
    if len(wrong):
        raise InputError(
            f'{path.name}: data row {wrong[0] + 1} has at = "{at[wrong[0]]}"; write junction or '
            "road, or leave it empty"
        )
    ring = _words(table, columns.get("ring"))
    role = _words(table, columns.get("role"))
    kept = np.isin(role, ["", "seal"])
    if not kept.any():
        raise InputError(
            f'{path.name}: no row has the role "seal"; give the checkpoints to score, one in a row'
        )
    places, at = places[kept], at[kept]
    afloat = _afloat(places, streets, path.name) & (at == "junction")
    site = np.empty(len(places), np.int32)
    site[~afloat] = sites_at(places[~afloat], at[~afloat], path.name, streets)
    if streets.waters is not None and afloat.any():
        snapped = snap_places(streets.waters.network, places[afloat], path.name)
        site[afloat] = streets.ways.junctions + snapped.node
    return GivenPosts(places["place_id"].to_numpy(object), at, site, ring[kept])


def _afloat(places: gpd.GeoDataFrame, streets: Streets, file: str) -> Mask:
    """Mark the places nearer to a node of the waters than to any junction, shape (k,)."""
    afloat = np.zeros(len(places), dtype=bool)
    free = places["node"].isna().to_numpy()
    if streets.waters is not None and free.any():
        on_road, on_water = (
            snap_places(network, places[free], file).distance_m
            for network in (streets.whole, streets.waters.network)
        )
        afloat[free] = (on_water < on_road) & (on_water <= streets.max_snap_m)
    return afloat


def _words(table: SourceTable, column: str | None) -> Objects:
    if column is None:
        return np.full(table.table.num_rows, "", dtype=object)
    return np.array([(word or "").strip() for word in texts(table.table[column])], dtype=object)

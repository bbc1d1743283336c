"""The streets of Minneapolis, read from the file with geopandas alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import shapely

PLANE = "EPSG:26915"
Name = tuple[float, float]
Streets = tuple[nx.DiGraph, dict[Name, Name]]


def read_streets(shared: Path) -> Streets:
    """Give all streets, ``s`` seconds and ``line`` of each, and where their nodes lie."""
    streets = gpd.read_file(shared / "data" / "minneapolis" / "street_centerline.gpkg")
    graph: nx.DiGraph = nx.DiGraph()
    for names, line, mph, oneway in pieces_of(streets):
        seconds = line.length / (mph * 1.609344 / 3.6)
        for (tail, head), open_to in ((names, "BF"), (names[::-1], "BT")):
            known = graph.get_edge_data(tail, head, {"s": np.inf})["s"]
            if oneway in open_to and tail != head and seconds < known:
                graph.add_edge(tail, head, s=seconds, line=line)
    return graph, vertex_places(streets)


def pieces_of(
    streets: gpd.GeoDataFrame,
) -> Iterator[tuple[tuple[Name, Name], shapely.LineString, float, str]]:
    """Lines meet where vertices agree to a millionth of a degree, a hand's breadth. They end at
    junctions already, but for some dead ends that touch another line on its way: cut it there.
    """
    planar = streets.geometry.to_crs(PLANE)
    vertices = [[tuple(np.round(xy[:2], 6)) for xy in line.coords] for line in streets.geometry]
    ends = Counter(name for line in vertices for name in (line[0], line[-1]))
    dead = {name for name, lines in ends.items() if lines == 1}
    for line, flat, mph, oneway in zip(
        vertices, planar, streets["SPEED_LIM"], streets["ONEWAY"], strict=True
    ):
        last = len(line) - 1
        stops = [i for i, name in enumerate(line) if i in (0, last) or name in dead]
        for i, j in pairwise(stops):
            yield (line[i], line[j]), shapely.LineString(flat.coords[i : j + 1]), mph, oneway


def vertex_places(streets: gpd.GeoDataFrame) -> dict[Name, Name]:
    """Where each vertex lies on the plane: as the first line that has it says."""
    places: dict[Name, Name] = {}
    for line, flat in zip(streets.geometry, streets.geometry.to_crs(PLANE), strict=True):
        for xy, place in zip(line.coords, flat.coords, strict=True):
            places.setdefault(tuple(np.round(xy[:2], 6)), place)
    return places

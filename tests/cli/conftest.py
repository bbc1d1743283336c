"""A planar city given as tables: the kind of study that a mathematical contest hands out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay

JUNCTIONS, ROADS, EXITS, STATIONS = 582, 928, 17, 80
SIDE_M, SPEED_KPH = 24_000, 60

STUDY = """
[study]
name = "planar"
[demand]
path = "counts.csv"
id = "id"
weight = "calls"
[roads]
nodes = "nodes.csv"
edges = "edges.csv"
default_speed_kph = 60
[standards]
urban = 3
[checkpoints]
report_delay_minutes = 3
"""


@dataclasses.dataclass(frozen=True)
class PlanarCity:
    """A study of nodes, edges and counts, and what a solution of it is checked against.

    Parameters
    ----------
    study, exits, units, sites
        Its files.
    calls
        At each junction, shape (n,).
    travel_s
        Quickest ways between all junctions by SciPy, seconds, shape (n, n).
    exit_nodes, unit_nodes
        Junctions, numbered from 0; their ids are one more.
    """

    study: Path
    exits: Path
    units: Path
    calls: np.ndarray
    travel_s: np.ndarray
    exit_nodes: np.ndarray
    unit_nodes: np.ndarray


@pytest.fixture(scope="session")
def planar_city(tmp_path_factory: pytest.TempPathFactory) -> PlanarCity:
    """As large as the contest of 2011: 582 junctions, 928 roads, 80 stations, 17 exits.

    The junctions are drawn at random; the roads are a shortest tree through them and the shortest
    other sides of their triangles; the exits are the junctions furthest out in 17 directions.
    """
    rng = np.random.default_rng(2011)
    places = np.round(rng.uniform(0, SIDE_M, (JUNCTIONS, 2)), 1)
    roads = _roads(places)
    metres = np.hypot(*(places[roads[:, 0]] - places[roads[:, 1]]).T)
    links = coo_array((metres * 3.6 / SPEED_KPH, roads.T), shape=(JUNCTIONS, JUNCTIONS)).tocsr()
    exits = _outermost(places)
    units = np.sort(rng.choice(JUNCTIONS, STATIONS, replace=False))
    root = tmp_path_factory.mktemp("planar")
    (root / "study.toml").write_text(STUDY, encoding="utf-8")
    calls = rng.integers(1, 20, JUNCTIONS)
    _write(root / "nodes.csv", "id,x,y", (f"{i + 1},{x},{y}" for i, (x, y) in enumerate(places)))
    _write(root / "edges.csv", "from,to", (f"{a + 1},{b + 1}" for a, b in roads))
    _write(root / "counts.csv", "id,x,y,calls",
           (f"{i + 1},{x},{y},{calls[i]}" for i, (x, y) in enumerate(places)))  # fmt: skip
    _write(root / "exits.csv", "id,node", (f"E{node + 1},{node + 1}" for node in exits))
    _write(root / "units.csv", "id,x,y",
           (f"A{i + 1},{x},{y}" for i, (x, y) in enumerate(places[units])))  # fmt: skip
    return PlanarCity(
        root / "study.toml", root / "exits.csv", root / "units.csv", calls,
        dijkstra(links, directed=False), exits, units,
    )  # fmt: skip


def _write(path: Path, head: str, rows: object) -> None:
    path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")  # type: ignore[misc]


def _roads(places: np.ndarray) -> np.ndarray:
    triangles = Delaunay(places).simplices
    sides = np.unique(np.sort(triangles[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    metres = np.hypot(*(places[sides[:, 0]] - places[sides[:, 1]]).T)
    tree = minimum_spanning_tree(coo_array((metres, sides.T), shape=(len(places),) * 2).tocsr())
    kept = {tuple(sorted(pair)) for pair in np.argwhere(tree.toarray() > 0).tolist()}
    for side in sides[np.argsort(metres)].tolist():
        if len(kept) == ROADS:
            break
        kept.add(tuple(side))
    return np.array(sorted(kept))


def _outermost(places: np.ndarray) -> np.ndarray:
    angle = np.linspace(0, 2 * np.pi, EXITS, endpoint=False)
    outwards = places @ np.array([np.cos(angle), np.sin(angle)])
    exits: list[int] = []
    for direction in outwards.T:
        exits.append(next(i for i in np.argsort(-direction).tolist() if i not in exits))
    return np.array(exits)

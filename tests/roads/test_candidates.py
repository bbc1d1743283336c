"""Candidate sites: legs, classes, spacing, forbidden ground, files, kept platforms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.errors import InputError
from optimizer.roads import CandidateSettings, CandidateSites, RoadNetwork, candidate_sites

KREUZ = np.array([500_000.0, 3_400_000.0])


@pytest.fixture
def grid_town(read_streets: Any) -> RoadNetwork:
    """A 4 x 4 grid, 100 m a block; Main Street (y = 100) is primary; a stub leaves (300, 300)."""
    streets, highway, name = [], [], []
    for a in range(4):
        for b in range(3):
            streets += [[(100 * b, 100 * a), (100 * b + 100, 100 * a)],
                        [(100 * a, 100 * b), (100 * a, 100 * b + 100)]]  # fmt: skip
            highway += ["primary" if a == 1 else "residential", "residential"]
            name += [f"{a} Street", f"{a} Avenue"]
    streets.append([(300, 300), (350, 350)])
    network: RoadNetwork = read_streets(
        streets, highway=[*highway, "residential"], name=[*name, "Stub"]
    )
    return network


def sites(
    network: RoadNetwork, root: Path = Path(), always: Any = (), **keys: Any
) -> CandidateSites:
    return candidate_sites(network, CandidateSettings(**keys), network.crs, root, always=always)


def spots(network: RoadNetwork, found: CandidateSites) -> set[tuple[int, int]]:
    x, y = network.x_m[found.node] - KREUZ[0], network.y_m[found.node] - KREUZ[1]
    return set(zip(np.rint(x).astype(int).tolist(), np.rint(y).astype(int).tolist(), strict=True))


def test_junctions_have_three_legs(grid_town: RoadNetwork) -> None:
    """The four inner junctions have four, the sides three, and the corner with the stub too."""
    found = sites(grid_town)
    corners = {(0, 0), (300, 0), (0, 300)}
    everywhere = {(100 * a, 100 * b) for a in range(4) for b in range(4)}
    assert spots(grid_town, found) == everywhere - corners
    assert found.site_id.tolist() == grid_town.node_ids[found.node].tolist()
    assert len(sites(grid_town, min_legs=4).node) == 4
    at = spots(grid_town, sites(grid_town, min_legs=1))
    assert (350, 350) in at


def test_sites_are_named_by_their_streets(grid_town: RoadNetwork) -> None:
    found = sites(grid_town, min_legs=4)
    assert "1 Avenue / 1 Street" in found.name.tolist()


def test_classes(grid_town: RoadNetwork) -> None:
    found = sites(grid_town, classes=("primary",))
    assert spots(grid_town, found) == {(0, 100), (100, 100), (200, 100), (300, 100)}
    with pytest.raises(InputError, match='no road has the class "primry"; did you mean "primary"'):
        sites(grid_town, classes=("primry",))


def test_spacing_prefers_legs_then_fast_roads(grid_town: RoadNetwork) -> None:
    """150 m apart: (100, 100) and its kind come first, on the primary road before off it."""
    found = sites(grid_town, spacing_m=150)
    at = spots(grid_town, found)
    assert at & {(100, 100), (200, 100)}, "four legs on the primary road are the best access"
    assert (100, 200) not in at or (200, 100) in at


@given(st.integers(0, 2**32 - 1), st.floats(10, 600))
@settings(max_examples=30, deadline=None)
def test_spacing_holds_and_leaves_no_gap(network_of: Any, seed: int, spacing_m: float) -> None:
    """Chosen sites are apart; every candidate that was not chosen is near a chosen one."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 1000, (2, 40))
    arcs = [(i, j, 1) for i in range(40) for j in ((i + 1) % 40, (i + 7) % 40)]
    network = network_of(40, arcs, x_m=x, y_m=y)
    chosen = sites(network, spacing_m=spacing_m).node
    apart = np.hypot(x[:, None] - x[chosen], y[:, None] - y[chosen])
    assert (apart.min(axis=1) < spacing_m).all()
    between = apart[chosen] + np.where(np.eye(len(chosen)) > 0, np.inf, 0)
    assert (between >= spacing_m).all()


def forbid(folder: Path, network: RoadNetwork, *boxes: tuple[float, float, float, float]) -> str:
    shapes = [shapely.affinity.translate(shapely.box(*box), *KREUZ) for box in boxes]
    gpd.GeoDataFrame(geometry=shapes, crs=network.crs).to_file(folder / "park.gpkg")
    return "park.gpkg"


def test_forbidden_ground_but_not_for_kept_platforms(
    grid_town: RoadNetwork, tmp_path: Path
) -> None:
    """The west half is a park; a kept platform inside it stays a site, at the end of the list."""
    park = forbid(tmp_path, grid_town, (-50, -50, 150, 400))
    found = sites(grid_town, tmp_path, forbid=park)
    assert min(x for x, _ in spots(grid_town, found)) == 200
    inside = int(np.flatnonzero(grid_town.x_m < KREUZ[0] + 50)[0])
    kept = sites(grid_town, tmp_path, forbid=park, always=[inside, found.node[0]])
    assert kept.node.tolist() == [*found.node.tolist(), inside]
    assert kept.site_id[-1] == grid_town.node_ids[inside]


def test_nothing_left_says_why(grid_town: RoadNetwork, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no junction has 5 legs or more; lower min_legs"):
        sites(grid_town, min_legs=5)
    park = forbid(tmp_path, grid_town, (-500, -500, 900, 900))
    with pytest.raises(InputError, match="outside the forbidden ground"):
        sites(grid_town, tmp_path, forbid=park)


def test_a_file_of_candidates(grid_town: RoadNetwork, tmp_path: Path) -> None:
    """Places by their own ids and names, at the nearest nodes, in the file's order."""
    rows = "".join(f"{i},{name},{KREUZ[0] + x},{KREUZ[1] + y}\n" for i, name, x, y in (
        ("S-2", "North", 12, 290), ("S-1", "South", 290, 12)))  # fmt: skip
    (tmp_path / "sites.csv").write_text("id,name,x,y\n" + rows, encoding="utf-8")
    found = sites(grid_town, tmp_path, candidates="sites.csv")
    assert found.site_id.tolist() == ["S-2", "S-1"]
    assert found.name.tolist() == ["North", "South"]
    assert spots(grid_town, found) == {(0, 300), (300, 0)}
    park = forbid(tmp_path, grid_town, (200, -50, 400, 50))
    allowed = sites(grid_town, tmp_path, candidates="sites.csv", forbid=park)
    assert allowed.site_id.tolist() == ["S-2"]


def test_places_of_a_file_at_one_node_are_one_site(grid_town: RoadNetwork, tmp_path: Path) -> None:
    """Three places around (300, 0) and one at (0, 300): the first of the three stands for them."""
    rows = "".join(f"{i},{KREUZ[0] + x},{KREUZ[1] + y}\n" for i, x, y in (
        ("c", 290, 12), ("d", 8, 300), ("a", 300, 0), ("b", 310, 5)))  # fmt: skip
    (tmp_path / "sites.csv").write_text("id,x,y\n" + rows, encoding="utf-8")
    found = sites(grid_town, tmp_path, candidates="sites.csv")
    assert found.site_id.tolist() == ["c", "d"]
    assert len(set(found.node.tolist())) == 2


def test_arrays_of_sites_are_read_only(grid_town: RoadNetwork) -> None:
    found = sites(grid_town)
    for array in (found.node, found.site_id, found.name):
        assert not array.flags.writeable


def test_numbers_are_texts_where_texts_are_meant() -> None:
    """`classes = [7]` and `classes = ["7"]` in a study mean the same."""
    assert CandidateSettings(classes=[7]).classes == ("7",)  # type: ignore[list-item]


def test_an_id_of_the_file_that_is_also_a_kept_node(grid_town: RoadNetwork, tmp_path: Path) -> None:
    taken = grid_town.node_ids[3]
    row = f"{taken},{KREUZ[0]},{KREUZ[1]}\n"
    (tmp_path / "sites.csv").write_text("id,x,y\n" + row, encoding="utf-8")
    node = int(np.argmax(grid_town.x_m))
    node_id = grid_town.node_ids[node]
    (tmp_path / "sites.csv").write_text(
        f"id,x,y\n{node_id},{KREUZ[0]},{KREUZ[1]}\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match="give the places of the file other ids"):
        sites(grid_town, tmp_path, candidates="sites.csv", always=[node])

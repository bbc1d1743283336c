"""Grids of Minneapolis around ten fire stations, read over by networkx and Shapely."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import shapely

from optimizer.districts import GridPlan, GridVariant
from optimizer.planning import CityInputs, deploy_platforms, plan_grids, read_inputs
from optimizer.study import read_study

pytestmark = [pytest.mark.realdata, pytest.mark.xdist_group("minneapolis-grids")]


@pytest.fixture(scope="module")
def city(shared: Path) -> tuple[CityInputs, GridPlan]:
    study = read_study(shared / "data" / "minneapolis" / "study.toml")
    inputs = read_inputs(study)
    nodes = np.unique(inputs.existing["node"].to_numpy(np.int32))[:10]
    deployed = deploy_platforms(study, inputs, nodes, resited=False)
    return inputs, plan_grids(study, inputs, deployed.platforms, deployed.coverage)


@pytest.fixture(scope="module", params=[0, 1], ids=["plan", "other"])
def drawn(
    city: tuple[CityInputs, GridPlan], request: pytest.FixtureRequest
) -> tuple[CityInputs, GridVariant, np.ndarray]:
    inputs, found = city
    polygons = [row.polygon for row in found.rows] if request.param == 0 else found.outlines
    return inputs, found.variants[request.param], np.array(polygons, dtype=object)


def test_every_grid_is_connected_and_has_its_platform(
    city: tuple[CityInputs, GridPlan], drawn: tuple[CityInputs, GridVariant, np.ndarray]
) -> None:
    inputs, variant, _ = drawn
    network = inputs.network
    roads = nx.Graph(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert len(variant.grid_of_node) == network.node_count
    for grid in range(10):
        ground = np.flatnonzero(variant.grid_of_node == grid).tolist()
        assert ground
        assert nx.is_connected(roads.subgraph(ground))


def test_polygons_tile_the_served_area(drawn: tuple[CityInputs, GridVariant, np.ndarray]) -> None:
    inputs, _, polygons = drawn
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    whole = shapely.coverage_union_all(polygons)
    assert (whole.geom_type, len(whole.interiors)) == ("Polygon", 0)
    assert shapely.area(polygons).sum() == pytest.approx(whole.area)
    assert shapely.contains(whole, inputs.network.lines).all()


def test_demand_lies_in_the_polygon_of_its_grid(
    drawn: tuple[CityInputs, GridVariant, np.ndarray],
) -> None:
    """Not one exception; a second piece, as beyond a motorway, has demand that roads join to it.

    Of equal loads there is none.
    """
    inputs, variant, polygons = drawn
    node, network = np.unique(inputs.demand.node), inputs.network
    places = shapely.points(network.x_m[node], network.y_m[node])
    assert shapely.contains(polygons[variant.grid_of_node[node]], places).all()
    extra = 0
    for grid, polygon in enumerate(polygons):
        parts = shapely.get_parts(polygon)
        held = [shapely.contains(part, places[variant.grid_of_node[node] == grid]).any()
                for part in parts]  # fmt: skip
        assert all(held)
        extra += len(parts) - 1
    assert extra <= (0 if variant.name == "balanced" else 20)


def test_balance_evens_the_loads_and_costs_travel(city: tuple[CityInputs, GridPlan]) -> None:
    _, found = city
    balanced, nearest = found.variants
    assert balanced.spread <= balanced.tolerance + 1e-9 < nearest.spread
    assert nearest.bound_s <= balanced.bound_s <= balanced.travel_s
    loads = [row.load_share for row in found.rows]
    assert max(abs(load - 1) for load in loads) == pytest.approx(balanced.spread)
    assert sum(row.hours_per_day for row in found.rows) == pytest.approx(balanced.hours.sum())
    assert all(0 <= row.safety_index <= 100 for row in found.rows)

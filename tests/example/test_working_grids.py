"""Working grids hold every junction of the city exactly once, each in one district."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from optimizer.example import synthetic_city
from optimizer.example.city import PARTS
from optimizer.example.working_grids import working_grid_features
from optimizer.example.zones import district_of, draw_zones


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_every_junction_of_the_city_lies_in_one_cell_of_its_district(seed: int) -> None:
    city = synthetic_city(seed, 0.4)
    zones = draw_zones(city)
    features = working_grid_features(city, zones)
    cells = np.array([cell for cell, _ in features])
    streets = (city.part == PARTS.index("city")) & ~city.bridge
    nodes = np.unique(np.concatenate([city.tail[streets], city.head[streets]]))
    points = shapely.points(city.x_m[nodes], city.y_m[nodes])
    point, cell = shapely.STRtree(cells).query(points, predicate="within")
    assert np.array_equal(np.unique(point), np.arange(nodes.size))
    assert point.size == nodes.size
    district = district_of(zones, city.x_m[nodes[point]], city.y_m[nodes[point]])
    first = np.full(cells.size, -1)
    first[cell] = district
    assert np.array_equal(first[cell], district)
    assert (first >= 0).all()


def test_cells_are_polygons_that_do_not_overlap() -> None:
    city = synthetic_city(0, 1.0)
    features = working_grid_features(city, draw_zones(city))
    cells = [cell for cell, _ in features]
    assert 200 < len(cells) < 400
    assert all(cell.is_valid and cell.geom_type == "Polygon" for cell in cells)
    joined = shapely.union_all(cells)
    assert sum(cell.area for cell in cells) == pytest.approx(joined.area, rel=1e-4)
    assert len({facts["cell_id"] for _, facts in features}) == len(cells)

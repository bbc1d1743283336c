"""Grids of a small town, worked out by hand."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from optimizer.districts import GridPlan, GridSettings
from optimizer.errors import InfeasibleError, InputError
from optimizer.evaluation import DAYS_PER_YEAR
from optimizer.planning import describe_inputs, plan_grids, read_inputs, site_rules
from optimizer.planning.grids.cell_file import read_cells
from optimizer.planning.grids.safety import safety_index, street_km_of_nodes
from optimizer.planning.names import area_faults
from optimizer.study import read_study

from ..duty.conftest import Town

TURNOUT_S, HANDLING_S = 30, 30 * 60


def plan(town: Town, platforms: str, **grids: object) -> GridPlan:
    town = town.with_sections(grids=grids) if grids else town
    force, coverage = town.force(platforms)
    return plan_grids(town.study, town.inputs, force, coverage)


def test_work_is_turnout_way_and_handling(town: Town) -> None:
    """One platform at a0: junction number i holds i calls a year, a minute or two per block."""
    found = plan(town, "a0")
    calls = np.arange(1, 13)
    way_s = np.array([60 * c for c in range(6)] + [60 * c + 120 for c in range(6)])
    hours = (calls * (TURNOUT_S + way_s + HANDLING_S)).sum() / 3600 / DAYS_PER_YEAR
    row = found.rows[0]
    assert row.hours_per_day == pytest.approx(hours)
    assert sum(row.hours_by_shift.values()) == pytest.approx(hours)
    assert row.calls_per_year == pytest.approx(calls.sum())
    assert row.travel_s == pytest.approx((calls * way_s).sum() / calls.sum())
    assert (row.grid_id, row.platform_id) == ("G-P01", "P01")
    assert (row.load_share, row.backup_platform, row.backup_covered_share) == (1.0, "", 0.0)
    assert row.nodes == 12


def test_the_nearest_platform_owns_each_junction(town: Town) -> None:
    """Platforms at a0 and a5: three columns each; the load of the east, busier, comes first."""
    found = plan(town, "a0 a5", plan="nearest")
    variant, network = found.variant, town.inputs.network
    assert variant.name == found.chosen == "nearest"
    west = network.x_m < 1500
    seat = variant.grid_of_node[town.nodes("a0")[0]]
    assert np.array_equal(variant.grid_of_node == seat, west)
    assert variant.status == "optimal"
    assert variant.travel_s == pytest.approx(variant.bound_s)


def test_loads_add_up_to_the_rows(town: Town) -> None:
    found = plan(town, "a0 a5")
    for row in found.rows:
        of_grid = [load for load in found.loads if load.grid_id == row.grid_id]
        assert sum(load.hours_per_day for load in of_grid) == pytest.approx(row.hours_per_day)
        assert sum(load.calls_per_year for load in of_grid) == pytest.approx(row.calls_per_year)
    balanced, nearest = found.variants
    assert balanced.spread <= balanced.tolerance < nearest.tolerance
    assert balanced.bound_s <= balanced.travel_s + 1e-9
    assert nearest.travel_s <= balanced.travel_s


def test_the_others_answer_while_a_platform_is_busy(town: Town) -> None:
    """a1 and a3 with a5 busy: two minutes less half of one reach one block along the row.

    Of the ground of a5 (columns 4 and 5) a3 then reaches a4 alone: 5 of 5 + 6 + 11 + 12 calls.
    """
    found = plan(town, "a1 a3 a5", plan="nearest")
    at = {row.platform_id: row for row in found.rows}
    force, _ = town.force("a1 a3 a5")
    of_node = {platform.node: platform.platform_id for platform in force}
    east, middle = (of_node[int(town.nodes(name)[0])] for name in ("a5", "a3"))
    ground = found.variant.grid_of_node == [r.platform_id for r in found.rows].index(east)
    assert at[east].backup_platform == middle
    calls = town.inputs.demand.weight
    a4 = np.isin(np.arange(12), town.nodes("a4"))
    expected = calls[ground & a4].sum() / calls[ground].sum()
    assert at[east].backup_covered_share == pytest.approx(expected)
    assert at[east].covered_share > at[east].backup_covered_share


def test_polygons_follow_the_rows(town: Town) -> None:
    found = plan(town, "a0 a5")
    polygons = np.array([row.polygon for row in found.rows], dtype=object)
    assert shapely.coverage_is_valid(polygons)
    assert [row.area_km2 for row in found.rows] == pytest.approx(shapely.area(polygons) / 1e6)
    assert len(found.outlines) == 2
    network = town.inputs.network
    places = shapely.points(network.x_m, network.y_m)
    assert shapely.contains(polygons[found.variant.grid_of_node], places).all()


def test_districts_that_are_kept_have_grids_of_their_own(town: Town) -> None:
    """East begins at 2,100 m; its platform at a5 owns columns 4 and 5, a0 all of the west.

    The third district, b3 alone, has no platform and goes with that of the nearest one, a5.
    """
    parts = [shapely.box(-500, -500, 2100, 1100), shapely.box(2100, -500, 3500, 1100)]
    b3 = shapely.box(1790, 590, 1810, 610)
    zones = dataclasses.replace(
        town.inputs.zones, district_names=("none", "west", "east", "outside"),
        polygons=np.array([b3, *parts], dtype=object), polygon_tier=np.zeros(3, np.int32),
        polygon_district=np.arange(3, dtype=np.int32),
    )  # fmt: skip
    town = dataclasses.replace(town, inputs=dataclasses.replace(town.inputs, zones=zones))
    found = plan(town, "a0 a5", keep="districts")
    east = found.variant.grid_of_node == found.variant.grid_of_node[town.nodes("a5")[0]]
    owned = town.nodes("a4 a5 b4 b5 b3")
    assert sorted(np.flatnonzero(east)) == sorted(owned)
    assert sorted(found.variant.group) == [0, 1]
    assert found.variant.spread == 0  # one platform in each group is its own mean
    assert found.split_nodes == 0


def test_a_tolerance_that_is_written_must_be_met(town: Town) -> None:
    """Twelve junctions of 1 to 12 calls cannot be shared that evenly; the sentence says how."""
    with pytest.raises(InfeasibleError, match=r"tolerance = 0\.0001: .* Write tolerance = 0\.\d+"):
        plan(town, "a0 a5", tolerance=0.0001)
    assert plan(town, "a0 a5", tolerance=0.0001, plan="nearest").chosen == "nearest"


@pytest.fixture(scope="module")
def cell_town(write_town: Callable[[str], Path]) -> Callable[..., Town]:
    """The town in a national grid, with a file of cells beside it."""

    def write(polygons: list[shapely.Polygon], ids: list[str | None]) -> Town:
        path = write_town('[grids]\ncells = "cells.gpkg"\ncell_id = "code"\n')
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("[study]", '[study]\ncrs = "EPSG:27700"'), encoding="utf-8")
        frame = gpd.GeoDataFrame({"code": ids}, geometry=polygons, crs="EPSG:27700")
        frame.to_file(path.parent / "cells.gpkg")
        study = read_study(path)
        inputs = read_inputs(study)
        return Town(study, inputs, site_rules(study, inputs))

    return write


WEST, MIDDLE = shapely.box(-100, -100, 900, 700), shapely.box(900, -100, 2100, 700)


def test_cells_are_never_split(cell_town: Callable[..., Town]) -> None:
    """Two cells hold columns 0 and 1, and 2 and 3; columns 4 and 5 are free."""
    town = cell_town([WEST, MIDDLE], ["W", "M"])
    found = plan(town, "a0 a5")
    grid = found.variant.grid_of_node
    assert len({grid[node] for node in town.nodes("a0 a1 b0 b1")}) == 1
    assert len({grid[node] for node in town.nodes("a2 a3 b2 b3")}) == 1
    west, middle = found.crosswalk
    assert (west.cell_id, middle.cell_id) == ("W", "M")
    assert (west.nodes, middle.nodes) == (4, 4)
    assert west.calls_per_year == pytest.approx(1 + 2 + 7 + 8)
    assert west.grid_id == found.rows[grid[town.nodes("a0")[0]]].grid_id
    assert middle.grid_id == found.rows[grid[town.nodes("a3")[0]]].grid_id
    owner = next(row for row in found.rows if row.grid_id == middle.grid_id)
    assert shapely.difference(MIDDLE, owner.polygon).area < 1


def test_cells_that_cross_themselves_are_mended_and_said_so(cell_town: Callable[..., Town]) -> None:
    bow = shapely.Polygon([(-100, -100), (900, 700), (900, -100), (-100, 700)])
    town = cell_town([bow, MIDDLE], ["W", "M"])
    assert any("cross themselves: 1" in sentence for sentence in town.inputs.warnings)
    said = describe_inputs(town.study, town.inputs, None)
    assert "Cells: 2, none of which is split between grids." in said


def test_cells_that_overlap_are_refused(cell_town: Callable[..., Town]) -> None:
    """The ground of both would be in two grids; a sliver of drawing along the border is not."""
    wide = shapely.box(800, -100, 2100, 700)
    with pytest.raises(InputError) as error:
        cell_town([WEST, wide, MIDDLE], ["W", "X", "M"])
    (fault,) = error.value.faults
    assert fault == (
        'cells.gpkg: cells overlap: "W" with "X", "X" with "M"; ground in both would belong to '
        "two, so draw cells that only touch"
    )
    sliver = shapely.box(899.5, -100, 2100, 700)
    assert not cell_town([WEST, sliver], ["W", "M"]).inputs.warnings


def test_a_cell_with_two_platforms_is_refused(cell_town: Callable[..., Town]) -> None:
    with pytest.raises(InfeasibleError, match=r'more than one platform: "W" \(P01, P02\)'):
        plan(cell_town([WEST, MIDDLE], ["W", "M"]), "a0 a1")


@pytest.mark.parametrize(
    ("ids", "fault"),
    [(["W", None], '"code" is empty in 1 cell, the first is number 2'),
     (["W", "W"], "has 1 id more than once, such as 'W'")],
)  # fmt: skip
def test_cells_need_ids_of_their_own(
    cell_town: Callable[..., Town], ids: list[str | None], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        plan(cell_town([WEST, MIDDLE], ids), "a0 a5")


def test_cells_beside_the_roads_are_refused(cell_town: Callable[..., Town]) -> None:
    with pytest.raises(InputError, match="no road node lies in its 1 cell;"):
        plan(cell_town([shapely.box(9000, 9000, 9900, 9900)], ["far"]), "a0 a5")


def test_an_id_column_needs_a_file(town: Town) -> None:
    with pytest.raises(InputError, match="cell_id = 'code' names a column, but no file"):
        read_cells(town.with_sections(grids={"cell_id": "code"}).study, town.inputs.network)


def test_the_usual_grid_has_seventy_five() -> None:
    """Half for calls as everywhere, and half for all of them reached; nothing happens: 100."""
    index = safety_index(np.array([4.0, 4.0, 0.0]), np.array([2.0, 2.0, 0.0]), np.ones(3))
    assert index == pytest.approx([75, 75, 100])
    assert safety_index(np.zeros(2), np.ones(2), np.array([1.0, 0.5])).tolist() == [100, 75]


def test_more_calls_are_less_safe_and_more_cover_is_safer() -> None:
    km = np.array([1.0, 1.0, 1.0])
    rate = safety_index(np.array([1.0, 2.0, 4.0]), km, np.full(3, 0.9))
    assert (np.diff(rate) < 0).all()
    cover = safety_index(np.full(3, 2.0), km, np.array([0.2, 0.5, 0.9]))
    assert (np.diff(cover) > 0).all()
    assert ((rate >= 0) & (rate <= 100)).all()


def test_each_street_counts_once(town: Town) -> None:
    """Ten streets along and six across, 600 m each, half at either end."""
    km = street_km_of_nodes(town.inputs.network)
    assert km.sum() == pytest.approx(16 * 0.6)
    assert km[town.nodes("a0")[0]] == pytest.approx(0.6)


def halves(town: Town) -> Town:
    """The town with a district for the columns 0 and 1, 2 and 3, and 4 and 5 each."""
    edges = (-500, 900, 2100, 3500)
    parts = [shapely.box(west, -500, east, 1100) for west, east in itertools.pairwise(edges)]
    zones = dataclasses.replace(
        town.inputs.zones, district_names=("west", "middle", "east", "outside"),
        polygons=np.array(parts, dtype=object), polygon_tier=np.zeros(3, np.int32),
        polygon_district=np.arange(3, dtype=np.int32),
    )  # fmt: skip
    return dataclasses.replace(town, inputs=dataclasses.replace(town.inputs, zones=zones))


def test_districts_of_an_area_share_their_platforms(town: Town) -> None:
    """West and middle are one area for a0 and a3; a5 has the east to itself."""
    areas = {"proper": ["west", "middle"]}
    found = plan(halves(town), "a0 a3 a5", keep="districts", areas=areas)
    assert {row.platform_id: row.group for row in found.rows}.keys() == {"P01", "P02", "P03"}
    assert sorted(row.group for row in found.rows) == ["east", "proper", "proper"]
    east = next(i for i, row in enumerate(found.rows) if row.group == "east")
    assert sorted(np.flatnonzero(found.variant.grid_of_node == east)) == sorted(
        town.nodes("a4 a5 b4 b5")
    )


def test_groups_that_cannot_meet_a_tolerance_are_named(town: Town) -> None:
    areas = {"proper": ["west", "middle"]}
    with pytest.raises(InfeasibleError) as caught:
        plan(halves(town), "a0 a3 a5", keep="districts", areas=areas, tolerance=0.0001)
    assert "proper keeps 0." in str(caught.value)
    assert "east keeps" not in str(caught.value)
    loose = plan(halves(town), "a0 a3 a5", keep="districts", areas=areas)
    for name, met, least in loose.loosened:
        assert (name, met > 0.1) == ("proper", True)
        assert 0 <= least <= met


def test_nobody_is_nearer_than_the_nearest(town: Town) -> None:
    """The ground of a0 and a1 is the west: a5 could not help it, but a3 would be nearer to a2."""
    found = plan(halves(town), "a0 a3 a5", keep="districts", areas={"all": ["west", "middle"]})
    assert all(row.nearest_travel_s <= row.travel_s + 1e-9 for row in found.rows)
    alone = plan(halves(town), "a0 a5", keep="districts", areas={"all": ["middle", "east"]})
    west = next(row for row in alone.rows if row.group == "west")
    assert west.nearest_travel_s == pytest.approx(west.travel_s)


def test_the_drawing_tells_what_it_could_not_do(town: Town) -> None:
    found = plan(town, "a0 a5")
    assert (found.extra_pieces, found.holes, found.astray) == (0, 0, 0)


def test_areas_name_districts_once_and_rightly() -> None:
    with pytest.raises(ValueError, match=r"take out west \(one, two\)"):
        GridSettings(keep="districts", areas={"one": ("west",), "two": ("west", "east")})
    with pytest.raises(ValueError, match='write keep = "districts" or take areas out'):
        GridSettings(areas={"one": ("west",)})
    settings = GridSettings(keep="districts", areas={"east": ("west", "midle")})
    unknown, same = area_faults(settings, ["west", "middle", "east"])
    assert unknown == '[grids] areas.east: there is no district "midle"; did you mean "middle"?'
    assert "has the same name" in same
    assert list(area_faults(GridSettings(), ["west"])) == []
    (none, *_) = area_faults(settings, ["all"])
    assert none.endswith("the study has no districts; name their column as [zones] district, or "
                         "take it out")  # fmt: skip

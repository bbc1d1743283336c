"""Every format of road file ends in the same network; unreadable ones end in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from optimizer.errors import InputError
from optimizer.places import project
from optimizer.roads import RoadsSettings, read_network, travel_times

TOWN = [[(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 100), (0, 0)], [(0, 0), (0, 60)]]
COLUMNS = {"highway": ["primary"] * 3 + ["residential"], "oneway": ["yes", "no", "no", "no"],
           "name": ["Elm", "Oak", "Ash", "Elm"]}  # fmt: skip


@pytest.mark.parametrize(
    ("file", "crs"),
    [
        ("roads.gpkg", "EPSG:32650"), ("roads.gpkg", "EPSG:4326"), ("roads.shp", "EPSG:32650"),
        ("roads.geojson", "EPSG:4326"), ("roads.parquet", "EPSG:32650"),
        ("roads.parquet", "EPSG:4326"),
        ("ROADS.GPKG", "+proj=utm +zone=50 +datum=WGS84 +units=us-ft"),
    ],
)  # fmt: skip
def test_line_files_agree(
    write_streets: Any, read_streets: Any, ways: Any, file: str, crs: str
) -> None:
    """Whatever the format and the CRS, in degrees or feet: the same arcs and the same times."""
    expected = read_streets(TOWN, **COLUMNS)
    path = write_streets(TOWN, file, crs, **COLUMNS)
    network = read_network(RoadsSettings(path=path.name), path.parent, "EPSG:32650")
    assert ways(network) == ways(expected)
    assert sorted(network.line_name) == ["Ash", "Elm", "Elm", "Oak"]
    np.testing.assert_allclose(network.travel_ms, expected.travel_ms, atol=2)


def test_the_plane_is_the_utm_zone_when_the_study_names_none(write_streets: Any) -> None:
    path = write_streets(TOWN, "roads.geojson", "EPSG:4326")
    assert read_network(RoadsSettings(path=path.name), path.parent, None).crs.to_epsg() == 32650


def test_coordinates_of_a_shifted_datum_are_put_back(write_streets: Any) -> None:
    """The same file read as GCJ-02 lies hundreds of metres away."""
    path = write_streets(TOWN, "roads.geojson", "EPSG:4326")
    plain, shifted = (
        read_network(RoadsSettings(path=path.name, datum=datum), path.parent, "EPSG:32650")
        for datum in ("wgs84", "gcj02")
    )
    assert 300 < np.hypot(shifted.x_m - plain.x_m, shifted.y_m - plain.y_m).min() < 1000


def bare_parquet(path: Path, streets: list[Any], **columns: Any) -> None:
    wkb = shapely.to_wkb([shapely.LineString(street) for street in streets])
    pq.write_table(pa.table({**columns, "geometry": pa.array(list(wkb), pa.binary())}), path)


def test_wkb_without_metadata_takes_the_named_crs(tmp_path: Path) -> None:
    streets = (np.array(TOWN[:3]) + np.array([500_000, 3_400_000])).tolist()
    bare_parquet(tmp_path / "bare.parquet", streets, u=[7, 8, 9], v=[8, 9, 7])
    own = read_network(RoadsSettings(path="bare.parquet", crs="EPSG:32650"), tmp_path, None)
    of_study = read_network(RoadsSettings(path="bare.parquet"), tmp_path, "EPSG:32650")
    assert own.crs == of_study.crs
    assert sorted(own.node_ids) == ["7", "8", "9"]
    with pytest.raises(InputError, match='does not say its CRS; write it as crs = "EPSG'):
        read_network(RoadsSettings(path="bare.parquet"), tmp_path, None)


def test_node_ids_may_be_whole_numbers_of_two_kinds(tmp_path: Path) -> None:
    """Joined as numbers they would be floats: "7.0", and no longer all digits of large ones."""
    streets = (np.array(TOWN[:3]) + np.array([500_000, 3_400_000])).tolist()
    large = 2**53 + 1
    ends = {"u": pa.array([7, 8, large], pa.uint64()), "v": pa.array([8, large, 7], pa.int64())}
    bare_parquet(tmp_path / "bare.parquet", streets, **ends)
    network = read_network(RoadsSettings(path="bare.parquet"), tmp_path, "EPSG:32650")
    assert sorted(network.node_ids) == ["7", "8", str(large)]


def test_the_plane_of_the_study_in_other_words_moves_nothing(tmp_path: Path) -> None:
    """As some programs write UTM zone 50N: spelt out, of a datum without its ensemble's name."""
    spelt = "+proj=utm +zone=50 +datum=WGS84 +units=m +no_defs"
    streets = [shapely.LineString([(500000.123, 3300000.456), (500100.789, 3300000.321)])]
    streets += shapely.reverse(streets).tolist()
    bare_parquet(tmp_path / "bare.parquet", streets, u=[1, 2], v=[2, 1])
    settings = RoadsSettings(path="bare.parquet", crs=spelt)
    network = read_network(settings, tmp_path, "EPSG:32650")
    assert network.x_m.tolist() == [500000.123, 500100.789]
    assert network.y_m.tolist() == [3300000.456, 3300000.321]


def test_multi_part_lines_points_and_gaps_in_a_file(tmp_path: Path) -> None:
    """Multi-part lines are taken apart; what is no line is left out and counted."""
    geometry = [shapely.MultiLineString([TOWN[0], TOWN[1]]), shapely.LineString(TOWN[2]),
                shapely.Point(0, 0), None, shapely.LineString()]  # fmt: skip
    wkb = pa.array([None if g is None else shapely.to_wkb(g) for g in geometry], pa.binary())
    pq.write_table(pa.table({"name": list("abcde"), "geometry": wkb}), tmp_path / "mixed.parquet")
    settings = RoadsSettings(path="mixed.parquet", crs="EPSG:32650")
    network = read_network(settings, tmp_path, None)
    assert network.report.lines_dropped == {"without geometry": 2, "not a line": 1}
    assert sorted(network.line_name) == ["a", "a", "b"]


OSM = """<osm version="0.6">
 <node id="11" lon="114.300" lat="30.600"/><node id="12" lon="114.301" lat="30.600"/>
 <node id="13" lon="114.302" lat="30.600"/><node id="14" lon="114.301" lat="30.601"/>
 <node id="15" lon="114.303" lat="30.601"/>
 <way id="1"><nd ref="11"/><nd ref="12"/><nd ref="13"/>
  <tag k="highway" v="primary"/><tag k="maxspeed" v="36"/><tag k="name" v="解放路"/></way>
 <way id="2"><nd ref="12"/><nd ref="14"/><nd ref="13"/>
  <tag k="highway" v="residential"/><tag k="oneway" v="-1"/></way>
 <way id="3"><nd ref="13"/><nd ref="15"/><nd ref="13"/>
  <tag k="highway" v="tertiary"/><tag k="junction" v="roundabout"/></way>
 <way id="4"><nd ref="11"/><nd ref="14"/><tag k="highway" v="footway"/></way>
 <way id="5"><nd ref="11"/><nd ref="15"/><tag k="building" v="yes"/></way>
</osm>"""


def osm_file(folder: Path, name: str) -> None:
    (folder / "town.osm").write_text(OSM, encoding="utf-8")
    if name != "town.osm":
        with osmium.SimpleWriter(str(folder / name)) as writer:
            for thing in osmium.FileProcessor(str(folder / "town.osm")):
                writer.add(thing)


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_openstreetmap(tmp_path: Path, name: str) -> None:
    """Ways are cut at shared nodes; way 2 runs 13 -> 14 -> 12; walk and building are out."""
    osm_file(tmp_path, name)
    network = read_network(RoadsSettings(path=name), tmp_path, None)
    ids = network.node_ids
    arcs = {(ids[t], ids[h]) for t, h in zip(network.tail, network.head, strict=True)}
    assert arcs == {("11", "12"), ("12", "11"), ("12", "13"), ("13", "12"), ("13", "12")}
    assert network.report.lines_dropped == {"footway": 1}
    assert network.report.lines_split == 1
    first = (network.tail == list(ids).index("11")).argmax()
    assert network.streets_at([list(ids).index("11")]) == ["解放路"]
    x, y = project([114.300, 114.301], [30.600, 30.600], network.crs)
    assert network.travel_ms[first] == pytest.approx(np.hypot(*np.diff([x, y])[:, 0]) * 100)


GRAPHML = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="graph" attr.name="crs" attr.type="string"/>
<key id="d1" for="node" attr.name="y" attr.type="string"/>
<key id="d2" for="node" attr.name="x" attr.type="string"/>
<key id="d3" for="edge" attr.name="length" attr.type="string"/>
<key id="d4" for="edge" attr.name="highway" attr.type="string"/>
<key id="d5" for="edge" attr.name="maxspeed" attr.type="string"/>
<key id="d6" for="edge" attr.name="oneway" attr.type="string"/>
<key id="d7" for="edge" attr.name="geometry" attr.type="string"/>
<graph edgedefault="directed"><data key="d0">epsg:4326</data>
<node id="5"><data key="d1">30.600</data><data key="d2">114.300</data></node>
<node id="6"><data key="d1">30.600</data><data key="d2">114.301</data></node>
<node id="7"><data key="d1">30.601</data><data key="d2">114.301</data></node>
<edge source="5" target="6" id="0"><data key="d3">100.0</data><data key="d5">36</data></edge>
<edge source="6" target="5" id="0"><data key="d3">100.0</data><data key="d5">36</data></edge>
<edge source="6" target="7" id="0"><data key="d3">200</data>
 <data key="d4">['primary', 'residential']</data><data key="d5">['36', '72']</data>
 <data key="d6">True</data><data key="d7">LINESTRING (114.301 30.6, 114.302 30.6, 114.301 30.601)
 </data></edge>
<edge source="7" target="5" id="0"><data key="d3">300</data><data key="d5">36 mph</data>
 <data key="d6">True</data></edge>
</graph></graphml>"""


def test_osmnx_graphml(tmp_path: Path) -> None:
    """A directed graph: every edge is one arc; lists of merged edges give their slowest speed."""
    (tmp_path / "town.graphml").write_text(GRAPHML, encoding="utf-8")
    network = read_network(RoadsSettings(path="town.graphml"), tmp_path, None)
    ids = network.node_ids
    times = {(ids[t], ids[h]): ms for t, h, ms in zip(
        network.tail, network.head, network.travel_ms, strict=True)}  # fmt: skip
    assert times == pytest.approx({
        ("5", "6"): 10_000, ("6", "5"): 10_000, ("6", "7"): 20_000,
        ("7", "5"): 300 / (36 * 1.609344 / 3.6) * 1000,
    })  # fmt: skip
    assert max(len(line.coords) for line in network.lines) == 3, "the drawn geometry is kept"
    assert "primary" in set(network.line_class)


def test_graphml_with_an_unknown_node(tmp_path: Path) -> None:
    (tmp_path / "town.graphml").write_text(
        GRAPHML.replace('target="7"', 'target="99"'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"1 node ids are used by roads.*99"):
        read_network(RoadsSettings(path="town.graphml"), tmp_path, None)


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("roads.txt", b"x", "roads are read from .gpkg"),
        ("roads.gpkg", b"x", "roads.gpkg cannot be read as a road file"),
        ("roads.parquet", b"x", "roads.parquet cannot be read as a Parquet file"),
        ("roads.graphml", b"<graphml>", "roads.graphml cannot be read as GraphML"),
        ("roads.graphml", b"<graphml></graphml>", "no nodes or no edges"),
        ("roads.osm.pbf", b"not a pbf at all", "cannot be read as OpenStreetMap data"),
        ("roads.osm", b"<osm version='0.6'></osm>", "no roads for cars"),
    ],
)
def test_broken_files_end_in_a_sentence(
    tmp_path: Path, file: str, content: bytes, says: str
) -> None:
    (tmp_path / file).write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_network(RoadsSettings(path=file), tmp_path, None)
    assert says in str(raised.value)


def test_missing_file_and_columns(tmp_path: Path, write_streets: Any) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_network(RoadsSettings(path="nowhere.gpkg"), tmp_path, None)
    path = write_streets(TOWN, **COLUMNS)
    wrong = RoadsSettings(path=path.name, oneway="onway", speed="velocity")
    with pytest.raises(InputError) as raised:
        read_network(wrong, path.parent, None)
    assert len(raised.value.faults) == 2
    assert 'did you mean "oneway"' in raised.value.faults[0]


def test_faults_of_several_columns_come_together(read_streets: Any) -> None:
    with pytest.raises(InputError) as raised:
        read_streets(TOWN, {"length": "len"}, oneway=["?"] * 4, len=[1.0, -1.0, 2.0, 3.0])
    assert len(raised.value.faults) == 2


def test_only_walks_is_an_error(read_streets: Any) -> None:
    with pytest.raises(InputError, match=r"no roads for cars; left out: {'steps': 4}"):
        read_streets(TOWN, highway=["steps"] * 4)


@pytest.mark.realdata
def test_minneapolis(shared: Path) -> None:
    """The pins of the data's own description: nodes, arcs (loops included) and main share."""
    folder = shared / "data" / "minneapolis"
    settings = RoadsSettings(
        path="street_centerline.gpkg", oneway="ONEWAY", speed="SPEED_LIM", speed_unit="mph",
        split="never",
    )  # fmt: skip
    plain = read_network(settings, folder, "EPSG:26915").report
    assert (plain.lines_read, plain.nodes_found, plain.arcs_found) == (13_729, 8_228, 25_096)
    assert round(plain.main_share, 3) == 0.992
    network = read_network(settings.model_copy(update={"split": "auto"}), folder, "EPSG:26915")
    assert network.report.lines_split == 29, "dangling ends joined; bridges are not cut"
    assert network.report.nodes_found == 8_228
    assert network.report.main_share > plain.main_share
    graph = coo_array((network.travel_ms, (network.head, network.tail)), dtype=np.float64).tocsr()
    graph.data += 1e-6  # scipy forgets arcs without length
    nodes = np.arange(0, network.node_count, 40)
    expected = dijkstra(graph, indices=nodes, limit=180_000.5).T / 1000
    times = travel_times(network, np.arange(network.node_count), nodes, 180)
    source = np.repeat(np.arange(network.node_count), np.diff(times.indptr))
    assert len(times.target) == np.isfinite(expected).sum()
    np.testing.assert_allclose(times.travel_s, expected[source, times.target], atol=5e-4)


@pytest.mark.realdata
def test_wuhan(shared: Path) -> None:
    """Node ids, class speeds, no one-ways; pedestrian streets are left out."""
    settings = RoadsSettings(path="roads.parquet")
    network = read_network(settings, shared / "data" / "wuhan", None)
    report = network.report
    assert network.crs.to_epsg() == 32650
    assert report.lines_read == 92_667
    assert report.lines_dropped == {"pedestrian": 639}
    assert report.speeds_from == {"column": 0, "class": 92_028, "default": 0}
    assert report.main_share > 0.999
    both = set(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    assert all((head, tail) in both for tail, head in both)

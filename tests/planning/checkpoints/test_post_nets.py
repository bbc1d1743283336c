"""Nets at given posts alone: six junctions in a row by hand, and the embedded study."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from optimizer.checkpoints import Posts
from optimizer.demand import find_hotspots
from optimizer.errors import InputError
from optimizer.places import PlaceSource
from optimizer.planning import CityInputs, read_inputs, read_streets, read_units, score_checkpoints
from optimizer.planning.checkpoint_inputs.given_posts import read_given_posts
from optimizer.planning.checkpoint_inputs.stand_by import stand_by_units
from optimizer.planning.checkpoints.force import given_force
from optimizer.planning.checkpoints.hotspot_nets import contain_hotspots
from optimizer.planning.checkpoints.hotspot_origins import HotspotOrigins, hotspot_origins
from optimizer.planning.checkpoints.post_nets import PostNets, contain_at_posts
from optimizer.study import Study, read_study

NOWHERE = np.empty(0, np.int32)


def nets_in_a_row(study_file: Path, *at: str) -> PostNets:
    """Flights from a (weight 3) and d (1) to f; a unit at e; posts at junctions or "d-e" on roads.

    Junctions are a minute apart. Half a minute of turnout, two of set-up, no delay.
    """
    with study_file.open("a", encoding="utf-8") as file:
        file.write("report_delay_minutes = 0\n")
    units = study_file.parent / "units.csv"
    units.write_text("id,node\nC,e\n", encoding="utf-8")
    study = read_study(study_file)
    streets = read_streets(study)
    number = {str(name): node for node, name in enumerate(streets.ways.node_ids)}
    ends = [sorted(number[name] for name in road.split("-")) for road in at if "-" in road]
    roads = [
        road for road, pair in enumerate(streets.ways.road_ends().tolist()) if sorted(pair) in ends
    ]
    posts = Posts(
        np.array([number[name] for name in at if "-" not in name], int), np.array(roads, int)
    )
    origins = HotspotOrigins(
        np.array(["H1", "H2"], object), np.array([1, 2]), np.array([3.0, 1.0]),
        np.array([number["a"], number["d"]], np.int32),
    )  # fmt: skip
    force, _ = read_units(PlaceSource(path=str(units)), streets)
    exits = np.array([number["f"]], np.int32)
    return contain_at_posts(study, streets, exits, force, origins, posts)


@pytest.mark.parametrize(
    ("at", "minutes"),
    [
        (["e"], 2.5),  # the unit stands there; the fugitive comes after 4 minutes
        (["d"], None),  # the unit is there after 3.5 minutes, the fugitive after 3
        (["d-e"], 3.0),  # in the middle of the road after 3 minutes, and he after 3.5
        (["d", "d-e", "e"], 2.5),
        (["b"], None),
        ([], None),
    ],
)
def test_only_the_posts_that_are_given_are_manned(
    row_study: Path, at: list[str], minutes: float | None
) -> None:
    """From d he is at e in a minute: too soon for anybody."""
    nets = nets_in_a_row(row_study, *at)
    figures = json.loads(json.dumps(nets.to_json(), allow_nan=False))
    first, second = figures["hotspots"]
    assert (first["minutes"], second["minutes"]) == (minutes, None)
    assert first["posts"] == (None if minutes is None else 1)
    assert figures["containment"] == dict.fromkeys(("5", "10", "30"), 0.75 if minutes else 0.0)
    assert figures["nets"]["contained"] == (minutes is not None)
    assert (figures["nets"]["posts"], figures["nets"]["not_proved"]) == (len(at), 0)
    said = nets.to_text()
    assert "if 1 units may man these posts and no others" in said
    assert f"H1 {minutes:.1f} min, H2 never" in said if minutes else "H1 never, H2 never" in said


@pytest.fixture(scope="module")
def town(small_study: Path) -> tuple[Study, CityInputs]:
    """The embedded study with a report at once and slow fugitives, so that some nets close."""
    study = read_study(small_study)
    settings = study.settings
    assert settings.checkpoints is not None
    easy = settings.checkpoints.model_copy(
        update={"report_delay_minutes": 0, "evader_speed_factor": 0.3, "units_per_platform": 18}
    )
    study = dataclasses.replace(study, settings=settings.model_copy(update={"checkpoints": easy}))
    return study, read_inputs(study)


@pytest.mark.xdist_group("small-study")
def test_with_all_junctions_given_the_nets_are_those_of_the_run(
    town: tuple[Study, CityInputs], tmp_path: Path
) -> None:
    study, inputs = town
    read, streets = inputs.checkpoints, inputs.streets
    assert read is not None
    hotspots = find_hotspots(
        inputs.source.places, inputs.source.total, settings=study.settings.hotspots,
        shifts=inputs.shifts, crs=inputs.network.crs, window=inputs.source.window,
    )  # fmt: skip
    outermost = read.rings.outermost
    assert outermost is not None
    origins = hotspot_origins(hotspots, streets)
    origins = origins.take(~outermost.ring.outside[origins.node])
    force, _ = given_force(study, streets, read.units, None)
    run = contain_hotspots(study, streets, read.way_out, force, origins, 0)
    everywhere = Posts(np.arange(streets.graph.node_count), NOWHERE)
    all_given = contain_at_posts(study, streets, read.way_out.nodes, force, origins, everywhere)
    assert dict(all_given.shares) == run.shares
    assert [one.latest_s for one in all_given.found] == [net.latest_s for net in run.nets]
    assert all_given.contained > 0

    posts = tmp_path / "posts.csv"
    ids = streets.ways.node_ids[: streets.ways.junctions : 2]
    posts.write_text("id,node\n" + "".join(f"{one},{one}\n" for one in ids), encoding="utf-8")
    half = score_checkpoints(study, inputs, hotspots, posts, None).nets
    assert isinstance(half, PostNets)
    assert half.units == force.count
    for few, many in zip(half.found, all_given.found, strict=True):
        assert few.latest_s >= many.bound_s
    assert half.shares[30] <= run.shares[30]


def test_posts_on_the_water_are_put_back_there(
    town: tuple[Study, CityInputs], tmp_path: Path
) -> None:
    """A node of the waters, given by its place as in a plan's own table, is no road junction."""
    _, inputs = town
    ways = inputs.streets.ways
    nodes = np.arange(ways.junctions, ways.graph.node_count)[::3]
    file = tmp_path / "water_posts.csv"
    rows = (f"W{node},{ways.x_m[node]:.2f},{ways.y_m[node]:.2f}\n" for node in nodes)
    file.write_text("post_id,x,y\n" + "".join(rows), encoding="utf-8")
    given = read_given_posts(file, inputs.streets)
    assert given.posts().nodes.tolist() == nodes.tolist()


def test_boats_of_the_study_are_sent_with_those_who_stand_by(
    town: tuple[Study, CityInputs], tmp_path: Path
) -> None:
    study, inputs = town
    read, streets = inputs.checkpoints, inputs.streets
    assert read is not None
    standing, _ = stand_by_units(study, streets)
    file = tmp_path / "units.csv"
    file.write_text(f"id,node\nCar,{streets.ways.node_ids[0]}\n", encoding="utf-8")
    alone, _ = given_force(study, streets, read.units, file)
    together, _ = given_force(study, streets, alone, None)
    assert (alone.ids, together.ids) == (("Car",), (*standing.ids, "Car"))
    with pytest.raises(InputError, match="an id of its own"):
        given_force(study, streets, standing, None)

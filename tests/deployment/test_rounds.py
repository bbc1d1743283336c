"""Rounds of a grid: what fits, what keeps the cover, what is left out and why."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.deployment.replay import Replayer
from optimizer.deployment.rounds import track_of

from .patrol_towns import beats_of, demand_at, drive, graph_of, ground, left, shift_of, stand, town

ROW = town(9, 1)  # junctions 0 to 8 in a row, a minute apart; the platform is at 4
ROUND = 96 * 60  # four fifths of two hours


def test_hand_solved_round_of_a_single_unit() -> None:
    place = ground(ROW, 4, [stand("near", 5), stand("far", 7)])
    walk = place.plan(1, ROUND).rounds[0]
    assert walk.duration_s == 60 * (3 + 12 + 12 + 3)
    assert walk.nodes() in ((4, 5, 6, 7, 6, 5, 4),)
    assert left(place, 1, ROUND) == {}


def test_nobody_manned() -> None:
    place = ground(ROW, 4, [stand("a", 5), stand("b", 7)])
    assert left(place, 0, ROUND) == {"a": "no_unit", "b": "no_unit"}
    assert place.plan(0, ROUND).least_cover == 1.0


def test_all_units_in_reserve() -> None:
    place = ground(ROW, 4, [stand("a", 5)], reserve=2)
    assert left(place, 2, ROUND) == {"a": "no_unit"}
    assert left(place, 3, ROUND) == {}


def test_the_round_is_full_and_the_lighter_target_stays_out() -> None:
    place = ground(ROW, 4, [stand("light", 3, worth=2), stand("heavy", 5, worth=3)])
    assert left(place, 1, 60 * 20) == {"light": "no_time"}
    assert left(place, 2, 60 * 20) == {}


def test_too_far_even_alone() -> None:
    place = ground(ROW, 4, [stand("here", 4), stand("there", 8)])
    assert left(place, 2, 60 * 19) == {"there": "far"}
    assert left(place, 2, 60 * 20) == {}


def test_a_single_unit_does_not_leave_the_cover_behind() -> None:
    """Demand at 3, 4 and 5 within a minute: from 6 only that at 5 is reached, a third."""
    demand = demand_at([3, 4, 5], 1)
    targets = [stand("here", 4), stand("there", 6)]
    assert left(ground(ROW, 4, targets, demand), 1, ROUND) == {"there": "cover"}
    kept = ground(ROW, 4, targets, demand, cover_floor=0.0).plan(1, ROUND)
    assert kept.left_out == {}
    assert kept.least_cover == 0.0  # just behind 5, on the way to 6, nothing is within a minute


def test_the_way_counts_as_well_as_the_stop() -> None:
    """At 6 all demand is in time, on the way between junctions nobody can turn around."""
    demand = demand_at([4, 6], 2)
    place = ground(ROW, 4, [stand("there", 6)], demand, cover_floor=0.9)
    plan = place.plan(1, ROUND)
    assert plan.left_out == {0: "cover"}
    loose = ground(ROW, 4, [stand("there", 6)], demand, cover_floor=0.5)
    assert loose.plan(1, ROUND).least_cover == 0.5


def test_the_unit_at_the_platform_keeps_the_cover() -> None:
    demand = demand_at([3, 4, 5], 1)
    targets = [stand("west", 2), stand("east", 6)]
    assert left(ground(ROW, 4, targets, demand), 1, ROUND) == {"west": "cover", "east": "cover"}
    two = ground(ROW, 4, targets, demand).plan(2, ROUND)
    assert two.left_out == {}
    assert len(two.rounds) == 1
    assert two.least_cover == 1.0


def test_the_reserve_keeps_the_cover() -> None:
    demand = demand_at([3, 4, 5], 1)
    place = ground(ROW, 4, [stand("west", 2), stand("east", 6)], demand, reserve=1)
    plan = place.plan(3, ROUND)
    assert (len(plan.rounds), plan.left_out, plan.least_cover) == (2, {}, 1.0)


def test_what_only_a_unit_that_has_to_stay_could_have_served_is_left_out_for_the_cover() -> None:
    demand = demand_at([3, 4, 5], 1)
    place = ground(ROW, 4, [stand("west", 2, 5), stand("east", 6, 4)], demand)
    assert left(place, 2, 60 * 16) == {"east": "cover"}


def test_a_line_is_driven_in_one_direction_and_left_at_its_end() -> None:
    line = drive("row", 1, ((5, 6, 7), 120), ((7, 6, 5), 120))
    place = ground(ROW, 4, [line, stand("end", 8)])
    walk = place.plan(1, ROUND).rounds[0]
    assert walk.duration_s == 60 * (4 + 12 + 4)
    assert walk.nodes() == (4, 5, 6, 7, 8, 7, 6, 5, 4)


def test_a_one_way_line_is_driven_the_way_it_runs() -> None:
    ring = town(2, 2, [(0, 1, 30), (1, 3, 30), (3, 2, 30), (2, 0, 30)])
    walk = ground(ring, 0, [drive("back", 1, ((3, 2), 30))]).plan(1, ROUND).rounds[0]
    assert walk.nodes() == (0, 1, 3, 2, 0)
    assert walk.duration_s == 120


def test_a_grid_without_demand_in_time_has_no_cover_to_keep() -> None:
    place = ground(ROW, 4, [stand("a", 8)], demand_at([0], 1))
    assert place.plan(1, ROUND).least_cover == 1.0
    assert left(place, 1, ROUND) == {}


@st.composite
def small_patrols(draw: st.DrawFn):
    """A town of 4 x 4 with uneven streets, some targets, demand and settings."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    plain = town(4, 4)
    arcs = [(int(a), int(b), float(rng.integers(20_000, 200_000)) / 1000)
            for a, b in zip(plain.tail, plain.head, strict=True)]  # fmt: skip
    network = town(4, 4, arcs)
    platform, *nodes = rng.permutation(16).tolist()
    targets = [stand(f"t{node}", node, int(rng.integers(1, 50)))
               for node in nodes[: draw(st.integers(1, 5))]]  # fmt: skip
    spots = nodes[6:12]
    demand = demand_at(sorted(spots), draw(st.sampled_from([1.0, 3.0, 5.0])),
                       rng.integers(1, 9, len(spots)).tolist())  # fmt: skip
    chosen = {
        "every_minutes": draw(st.sampled_from([45.0, 70.5, 120.0])),
        "cover_floor": draw(st.sampled_from([0.0, 0.5, 0.8, 1.0])),
        "reserve": draw(st.integers(0, 1)),
    }
    hours = draw(st.sampled_from([8.0, 5.0, 7.51]))
    return ground(network, platform, targets, demand, **chosen), draw(st.integers(1, 3)), hours


@settings(max_examples=40)
@given(small_patrols())
def test_every_plan_passes_its_replay_and_times_of_networkx(given_patrols) -> None:
    place, units, hours = given_patrols
    shift = shift_of(place.platform_node, units, hours)
    plan, beats = beats_of(place, shift)
    network, cover = place.ways.network, place.cover
    replayed = Replayer(network, place.settings).replay(
        beats, (shift.start_s, shift.end_s), cover.demand, units
    )
    assert replayed.faults == ()
    assert replayed.least_cover >= plan.least_cover - 1e-9
    served = {stop.target_id for beat in beats for stop in beat.stops} - {""}
    out = {place.targets[index].target_id for index in plan.left_out}
    assert served | out == {target.target_id for target in place.targets}
    assert not served & out
    graph = graph_of(network)
    for beat in beats:
        for before, stop in zip(beat.stops, beat.stops[1:], strict=False):
            real = nx.dijkstra_path_length(graph, before.end_node, stop.node)
            assert real - 0.001 <= stop.travel_s < real + 1.001
            assert stop.arrive_s == before.leave_s + stop.travel_s
        assert beat.stops[-1].leave_s == shift.end_s


def test_many_targets_are_searched_and_hold_as_well() -> None:
    """Fifteen points and a street are more than what is tried out: OR-Tools draws the rounds."""
    rng = np.random.default_rng(5)
    network = town(6, 6)
    targets = [stand(f"t{node}", node, int(rng.integers(1, 50))) for node in range(1, 30, 2)]
    targets.append(drive("street", 900, ((30, 31, 32, 33), 180), ((33, 32, 31, 30), 180)))
    place = ground(network, 14, targets, demand_at(range(36), 3), steps=50)
    shift = shift_of(14, 3)
    plan, beats = beats_of(place, shift)
    replayed = Replayer(network, place.settings).replay(
        beats, (shift.start_s, shift.end_s), place.cover.demand, 3
    )
    assert replayed.faults == ()
    assert any(stop.kind == "line" for beat in beats for stop in beat.stops)
    served = {stop.target_id for beat in beats for stop in beat.stops} - {""}
    assert len(served) + len(plan.left_out) == len(targets)
    assert len(served) >= 10
    again = ground(network, 14, targets, demand_at(range(36), 3), steps=50)
    assert beats_of(again, shift)[1][0].stops == beats[0].stops


@settings(max_examples=25)
@given(small_patrols(), st.integers(0, 3000), st.integers(0, 1500))
def test_more_time_never_leaves_more_out_of_a_single_unit(given_patrols, limit_s, more) -> None:
    place = given_patrols[0]
    free = ground(place.ways.network, place.platform_node, place.targets)
    worth = [
        sum(t.worth for i, t in enumerate(place.targets) if i not in free.plan(1, limit).left_out)
        for limit in (limit_s, limit_s + more)
    ]
    assert worth[1] >= worth[0]


@settings(max_examples=25)
@given(small_patrols())
def test_the_least_cover_is_that_of_every_second_by_networkx(given_patrols) -> None:
    """Where each unit is at every second, and what it then reaches, found by networkx alone."""
    place, units, _ = given_patrols
    plan = place.plan(units, 3000)
    tracks = [track_of(walk, place.ways) for walk in plan.rounds]
    if not tracks or len(tracks) < units:
        assert plan.least_cover == 1.0
        return
    graph, demand = graph_of(place.ways.network), place.cover.demand
    reach = dict(nx.all_pairs_dijkstra_path_length(graph))
    kept = []
    whole = sum(w for n, w, s in zip(demand.node, demand.weight, demand.drive_s, strict=True)
                if reach[place.platform_node][n] <= s + 1e-6)  # fmt: skip
    for second in range(max(walk.duration_s for walk in plan.rounds)):
        ahead = [track.ahead(second) for track in tracks]
        kept.append(sum(
            w for n, w, s in zip(demand.node, demand.weight, demand.drive_s, strict=True)
            if any(reach[node][n] + wait <= s + 5e-4 for node, wait in ahead)
        ))  # fmt: skip
    if whole:
        assert min(kept) / whole >= plan.least_cover - 1e-9
        assert plan.least_cover >= place.settings.cover_floor - 1e-9


@pytest.mark.parametrize("hours", [8.0, 7.51, 1.0, 0.2])
def test_rounds_fill_the_shift_and_come_often_enough(hours: float) -> None:
    shift = shift_of(0, 1, hours)
    settings_of = ground(ROW, 0, [], every_minutes=50.3).settings
    starts = [*shift.round_starts(settings_of), shift.end_s]
    gaps = np.diff(starts)
    assert starts[0] == shift.start_s
    assert gaps.max() <= 60 * 50.3
    assert shift.limit_s(settings_of) <= settings_of.patrol_share * gaps.min()

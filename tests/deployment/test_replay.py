"""Driving beats again: good ones pass, and each thing that may be wrong is found."""

from __future__ import annotations

import dataclasses

import pytest

from optimizer.deployment import Beat, PatrolSettings, PatrolStop
from optimizer.deployment.replay import Replay, Replayer

from .patrol_towns import beats_of, demand_at, drive, ground, shift_of, stand, town

ROW = town(9, 1)
SHIFT = shift_of(4, 1)
DEMAND = demand_at([4, 5, 6], 4)
PLACE = ground(
    ROW, 4, [stand("a", 6), drive("street", 1, ((2, 3), 60), ((3, 2), 60))], DEMAND,
    cover_floor=0.6,
)  # fmt: skip


@pytest.fixture
def beat() -> Beat:
    """From 4 to stand at 6, and to drive from 2 to 3 or back, four rounds in eight hours."""
    _, beats = beats_of(PLACE, SHIFT)
    return beats[0]


def replayed(*beats: Beat, units: int = 1, **changes: object) -> Replay:
    settings = PatrolSettings(**(PLACE.settings.model_dump() | changes))
    return Replayer(ROW, settings).replay(beats, (SHIFT.start_s, SHIFT.end_s), DEMAND, units)


def with_stop(beat: Beat, kind: str, **changes: object) -> Beat:
    """Change the first stop of a kind."""
    at = next(index for index, stop in enumerate(beat.stops) if stop.kind == kind)
    stops = list(beat.stops)
    stops[at] = dataclasses.replace(stops[at], **changes)
    return dataclasses.replace(beat, stops=tuple(stops))


def first(beat: Beat, kind: str) -> PatrolStop:
    return next(stop for stop in beat.stops if stop.kind == kind)


def test_a_beat_of_ours_holds(beat: Beat) -> None:
    assert replayed(beat).faults == ()
    assert beat.rounds == 4
    assert [stop.kind for stop in beat.stops].count("standby") == 3
    assert beat.driven_km == pytest.approx(4 * 0.8)
    assert beat.patrol_share == pytest.approx((8 + 12) / 120)
    assert beat.path.length == pytest.approx(800)


def test_hand_counted_cover(beat: Beat) -> None:
    """From the platform all three are within four minutes, on the way to 2 only 4 and 5."""
    assert replayed(beat).least_cover == pytest.approx(2 / 3)
    assert replayed(beat, units=2).least_cover == 1.0  # the other unit stands at the platform


def test_a_floor_that_is_not_kept(beat: Beat) -> None:
    (fault,) = replayed(beat, cover_floor=0.7).faults
    assert fault == "G-P01 day: the cover falls to 0.6667, below 0.7"


def test_a_way_that_takes_longer(beat: Beat) -> None:
    stop = first(beat, "point")
    hurried = with_stop(beat, "point", travel_s=stop.travel_s - 30, arrive_s=stop.arrive_s - 30)
    assert any("the way takes" in fault for fault in replayed(hurried).faults)


def test_times_that_do_not_add_up(beat: Beat) -> None:
    stop = first(beat, "point")
    late = with_stop(beat, "point", arrive_s=stop.arrive_s + 60)
    assert any("do not add up" in fault for fault in replayed(late).faults)


def test_a_way_that_jumps(beat: Beat) -> None:
    stop = first(beat, "point")
    jump = with_stop(beat, "point", way=(stop.way[0], stop.way[-1]))
    assert any("not a quickest one" in fault for fault in replayed(jump).faults)


def test_a_stop_that_is_too_short(beat: Beat) -> None:
    stop = first(beat, "point")
    short = with_stop(beat, "point", leave_s=stop.leave_s - 60)
    assert any("720 s are needed" in fault for fault in replayed(short).faults)


def test_a_line_that_is_driven_too_fast(beat: Beat) -> None:
    stop = first(beat, "line")
    fast = with_stop(beat, "line", leave_s=stop.arrive_s + 20)
    assert any("60 s are needed" in fault for fault in replayed(fast).faults)


def test_a_beat_outside_its_shift(beat: Beat) -> None:
    early = with_stop(beat, "start", arrive_s=SHIFT.start_s - 60.0)
    assert any("begin with its shift" in fault for fault in replayed(early).faults)
    longer = with_stop(beat, "end", leave_s=SHIFT.end_s + 60.0)
    assert any("end at its platform with its shift" in fault for fault in replayed(longer).faults)


def test_a_target_that_is_left_alone_for_too_long(beat: Beat) -> None:
    assert any("is not passed for" in fault for fault in replayed(beat, every_minutes=90).faults)


def test_a_round_without_time_for_calls(beat: Beat) -> None:
    assert any("a round takes" in fault for fault in replayed(beat, patrol_share=0.1).faults)


def test_more_beats_than_units(beat: Beat) -> None:
    other = dataclasses.replace(beat, unit="P01-car2")
    assert replayed(beat, other).faults == ("2 beats for 1 units",)
    assert replayed(beat, beat, units=2).faults == ("2 beats for 2 units",)


def test_nothing_to_drive() -> None:
    assert replayed().faults == ()
